"""The one window: it shows a page, remembers where it stood, and takes files that are dropped on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QMainWindow

from qisp_desktop.base import i18n
from qisp_desktop.gui import assets, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent

    from qisp_desktop.gui.page import Page
    from qisp_desktop.gui.settings import Settings

SMALLEST = (960, 600)
FIRST = (1240, 780)
GEOMETRY = "window"
NAME_POINTS = 20
NAMES = {"en": "QISP evaluation workbench", "zh_CN": "质量基础设施服务平台评审工作台"}


class MainWindow(QMainWindow):
    """Shows one page at a time; ``painted`` is sent once, after the window was first on the screen, without a page."""

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
        self._page: Page | None = None
        self._ending = False
        self.setWindowTitle(self.name)

    @property
    def name(self) -> str:
        """The program's name in the language that holds now; not from the catalogue, which is loaded later."""
        return NAMES[i18n.language()]

    def show_page(self, page: Page) -> None:
        """Put ``page`` in place of the one before, which is gone then."""
        before = self.page
        if before is not None:
            self.takeCentralWidget()
            before.hide()
            before.deleteLater()
        wanted = page.focusWidget()  # asked before the page has this parent, which makes it forget
        self._page = page
        self.setCentralWidget(page)
        page.show()  # now, not with the next round of events: what is typed next belongs to this page
        self.setWindowTitle(f"{page.title} – {self.name}" if page.title else self.name)
        if wanted is not None:
            wanted.setFocus()

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        return self._page

    def come_forward(self) -> None:
        """Show the window above others, or ask for attention where the system does not allow that."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()
        QApplication.alert(self)

    def end(self) -> None:
        """Close, whatever the page holds: the program ends."""
        self._ending = True
        self.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        """While there is no page yet, show the program's name; the first paint is told once it is on the screen."""
        super().paintEvent(event)
        if self.page is None:
            self._paint_name()
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self._after_first_paint)

    def _paint_name(self) -> None:
        painter = QPainter(self)
        painter.setFont(theme.current().font(NAME_POINTS))
        width = painter.fontMetrics().horizontalAdvance(self.name)
        painter.drawText((self.width() - width) // 2, self.height() // 2, self.name)
        painter.end()

    def _after_first_paint(self) -> None:
        self.painted.emit()
        self.setWindowIcon(assets.program_icon())

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
        """Remember where the window stood; a page that has something to lose is asked first."""
        if self._page is not None and not self._ending and self._page.holds(self.close):
            event.ignore()
            return
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
