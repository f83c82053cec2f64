"""The one window: it shows a page, remembers where it stood, and takes files that are dropped on it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import assets
from qisp_desktop.gui.page import Page
from qisp_desktop.gui.settings import Settings

SMALLEST = (960, 600)
FIRST = (1240, 780)
GEOMETRY = "window"


class MainWindow(QMainWindow):
    """Shows one page at a time; ``painted`` is sent once, after the first was on the screen."""

    painted = Signal()
    dropped = Signal(list)
    """Paths of the files that were dropped on the window."""
    closing = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.setWindowIcon(assets.program_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
        if not self.restoreGeometry(settings.bytes_of(GEOMETRY)):
            self._place_first_time()
        self._first: QWidget | None = None

    def show_page(self, page: Page) -> None:
        """Put ``page`` in place of the one before, which is gone then."""
        before = self.page
        if before is not None:
            self.takeCentralWidget()
            before.hide()
            before.deleteLater()
        elif self._first is None:
            self._first = page
            page.installEventFilter(self)
        self.setCentralWidget(page)
        name = _("QISP evaluation workbench")
        self.setWindowTitle(f"{page.title} – {name}" if page.title else name)
        wanted = page.focusWidget()
        if wanted is not None:
            wanted.setFocus()

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        widget = self.centralWidget()
        return widget if isinstance(widget, Page) else None

    def come_forward(self) -> None:
        """Show the window above others, or ask for attention where the system does not allow that."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        QApplication.alert(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice the first paint; the signal comes when all of the window is painted."""
        if event.type() == QEvent.Type.Paint and watched is self._first:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.painted.emit)
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, nothing else."""
        if _files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the files on."""
        paths = _files(event)
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember where the window stood."""
        self._settings.keep_bytes(GEOMETRY, self.saveGeometry())
        self.closing.emit()
        super().closeEvent(event)

    def _place_first_time(self) -> None:
        screen = self.screen().availableGeometry()
        self.resize(min(FIRST[0], screen.width()), min(FIRST[1], screen.height()))
        frame = self.frameGeometry()
        frame.moveCenter(screen.center())
        self.move(frame.topLeft())


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
