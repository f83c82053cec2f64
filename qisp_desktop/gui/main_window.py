"""The one window: it shows a page, remembers where it stood, and takes files that are dropped on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QMainWindow

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import assets
from qisp_desktop.gui.page import Page
from qisp_desktop.gui.settings import Settings

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent

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
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
        if not self.restoreGeometry(settings.bytes_of(GEOMETRY)):
            self._place_first_time()
        self._was_painted = False

    def show_page(self, page: Page) -> None:
        """Put ``page`` in place of the one before, which is gone then."""
        before = self.page
        if before is not None:
            self.takeCentralWidget()
            before.hide()
            before.deleteLater()
        self.setCentralWidget(page)
        page.show()  # now, not with the next round of events: what is typed next belongs to this page
        name = _("QISP evaluation workbench")
        self.setWindowTitle(f"{page.title} – {name}" if page.title else name)
        wanted = page.focusWidget()
        if wanted is not None:
            wanted.setFocus()
        if self._was_painted:
            page.fill()

    @property
    def was_painted(self) -> bool:
        """Whether the window has been on the screen."""
        return self._was_painted

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        widget = self.centralWidget()
        return widget if isinstance(widget, Page) else None

    def come_forward(self) -> None:
        """Show the window above others, or ask for attention where the system does not allow that."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()
        QApplication.alert(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Notice the first paint; the page is filled and the signal sent when all of the window is on the screen."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self._after_first_paint)

    def _after_first_paint(self) -> None:
        self.painted.emit()
        self.setWindowIcon(assets.program_icon())
        if self.page is not None:
            self.page.fill()

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
