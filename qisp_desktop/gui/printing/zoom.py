"""How large the paper in the preview is shown: fitted to the width, to the whole page, or in percent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QScrollBar, QToolButton, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.panel.materials.find_bar import tool
from qisp_desktop.gui.settings import FIT_PAGE, FIT_WIDTH, PREVIEW_PERCENTS
from qisp_desktop.gui.widgets.card import label
from qisp_desktop.gui.widgets.flow_layout import FlowLayout

_POINTS_PER_INCH = 72
_NEARLY = 1.01


class ZoomBar(QWidget):
    """The tools that choose how large the pages in ``view`` are; Ctrl with the wheel does it too."""

    zoomed = Signal(str)
    """What the person chose: ``width``, ``page`` or percent."""

    def __init__(self, view: QPdfView) -> None:
        super().__init__()
        self._view = view
        self._zoom = FIT_WIDTH
        self.smaller = tool("zoom-out", _("Smaller"), hint="Ctrl+-")
        self.percent = label("", "second")
        self.percent.setAccessibleName(_("Zoom"))
        self.percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.percent.setMinimumWidth(theme.current().px(48))
        self.larger = tool("zoom-in", _("Larger"), hint="Ctrl++")
        self.fit_width = tool("fit-width", _("Fit the width"), hint="Ctrl+0", checkable=True)
        self.fit_page = tool("fit-page", _("Fit the whole page"), hint="Ctrl+9", checkable=True)
        self.row = FlowLayout(self, gap=2)  # beside the list there may be room for two lines only
        self.row.setContentsMargins(0, 0, 0, 0)
        acts: tuple[tuple[QToolButton, Callable[[], None]], ...] = (
            (self.smaller, self.zoom_out),
            (self.larger, self.zoom_in),
            (self.fit_width, lambda: self._choose(FIT_WIDTH)),
            (self.fit_page, lambda: self._choose(FIT_PAGE)),
        )
        for one, act in acts:
            one.clicked.connect(act)
        for part in (self.smaller, self.percent, self.larger, self.fit_width, self.fit_page):
            self.row.addWidget(part)
        view.viewport().installEventFilter(self)
        self.show_zoom(FIT_WIDTH)

    @property
    def zoom(self) -> str:
        """How large the pages are: ``width``, ``page`` or percent."""
        return self._zoom

    def show_zoom(self, zoom: str) -> None:
        """Show the pages so, keeping the place."""
        self._zoom = zoom
        place = _place(self._view.verticalScrollBar())
        fits = {FIT_WIDTH: QPdfView.ZoomMode.FitToWidth, FIT_PAGE: QPdfView.ZoomMode.FitInView}
        if zoom in fits:
            self._view.setZoomMode(fits[zoom])
        else:
            self._view.setZoomMode(QPdfView.ZoomMode.Custom)
            self._view.setZoomFactor(int(zoom) / 100)
        _go_to(self._view.verticalScrollBar(), place)
        self.fit_width.setChecked(zoom == FIT_WIDTH)
        self.fit_page.setChecked(zoom == FIT_PAGE)
        self._say()

    def zoom_in(self) -> None:
        """The next larger of the percents."""
        now = self.shown_percent
        self._choose(str(next((step for step in PREVIEW_PERCENTS if step > now * _NEARLY), PREVIEW_PERCENTS[-1])))

    def zoom_out(self) -> None:
        """The next smaller of the percents."""
        now = self.shown_percent
        smaller = (step for step in reversed(PREVIEW_PERCENTS) if step < now / _NEARLY)
        self._choose(str(next(smaller, PREVIEW_PERCENTS[0])))

    @property
    def shown_percent(self) -> float:
        """How large the first page is, whatever chose it; 100 where there is none."""
        view, document = self._view, self._view.document()
        if self._zoom not in (FIT_WIDTH, FIT_PAGE):
            return float(self._zoom)
        if document.pageCount() < 1:
            return 100.0
        # As QPdfView fits pages: by the resolution of the primary screen, between the margins.
        pixels = document.pagePointSize(0) * (QGuiApplication.primaryScreen().logicalDotsPerInch() / _POINTS_PER_INCH)
        margins, room = view.documentMargins(), view.viewport().size()
        across = (room.width() - margins.left() - margins.right()) / pixels.width()
        down = (room.height() - view.pageSpacing()) / pixels.height()
        return max(1.0, 100 * (across if self._zoom == FIT_WIDTH else min(across, down)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl with the wheel zooms; a pane of another size may show another percent."""
        if event.type() == QEvent.Type.Resize:
            self._say()
        if isinstance(event, QWheelEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turned = event.angleDelta().y()
            if turned:
                (self.zoom_in if turned > 0 else self.zoom_out)()
            return True
        return super().eventFilter(watched, event)

    def _choose(self, zoom: str) -> None:
        self.show_zoom(zoom)
        self.zoomed.emit(zoom)

    def _say(self) -> None:
        self.percent.setText(f"{self.shown_percent:.0f} %")


def _place(bar: QScrollBar) -> float:
    """How far down it is, from 0 to 1."""
    return bar.value() / bar.maximum() if bar.maximum() else 0.0


def _go_to(bar: QScrollBar, place: float) -> None:
    bar.setValue(round(place * bar.maximum()))
