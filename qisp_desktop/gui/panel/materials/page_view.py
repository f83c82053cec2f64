"""Pages below each other, to be scrolled, enlarged, turned; text on them is selected with the mouse.

Qt's own QPdfView can neither turn pages nor select text, and draws in this process, where a hostile page would stop
the desk.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.panel.materials.drawing import (
    FIT_WIDTH,
    FIXED,
    MARGIN,
    FirstLook,
    Tile,
    fitted_zoom,
    tiles_of,
)
from qisp_desktop.gui.panel.materials.page_layout import PageLayout
from qisp_desktop.gui.panel.materials.paged_document import LARGE, Boxes, Hit, PagedDocument, Selection

ZOOM_STEPS = (0.1, 0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0)
HAND_SHAKES = 3
"""Points that the mouse moves before it selects."""
LINE = 40
"""Pixels that an arrow key scrolls."""


class PageView(QAbstractScrollArea):
    """The view of a PagedDocument. Pages count from 0 here; ``place`` is a page and how far down it the top edge is."""

    moved = Signal()
    """The place, the zoom or the rotation is another one."""
    selection_changed = Signal()

    def __init__(self, document: PagedDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.rotation = 0
        self.fit = FIT_WIDTH
        self.selection: Selection | None = None
        self.current_hit: Hit | None = None
        self._sought: Hit | None = None
        self._zoom = 1.0
        self._layout = PageLayout([], 1.0, 0, 1)
        self._press: tuple[int, QPointF] | None = None
        self.painted_pages: set[int] = set()  # those of which all that is in sight was painted sharp
        self._settling = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        # Always there: a bar that comes with the second page would change the width that was just fitted.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(self._scrolled)
        self.verticalScrollBar().setSingleStep(LINE)
        self.horizontalScrollBar().setSingleStep(LINE)
        document.drawn.connect(lambda _group: self.viewport().update())
        document.sizes_changed.connect(lambda: self._arrange(self.place))
        document.found.connect(self.viewport().update)
        document.marked.connect(self._scroll_to_hit)
        theme.current().changed.connect(self.viewport().update)

    # Where it stands ------------------------------------------------------------------------------------------------

    def start(self, place: tuple[int, float] = (0, 0.0)) -> None:
        """Show the document, which has just been opened, from ``place`` on."""
        self.painted_pages.clear()
        self.selection = self.current_hit = self._sought = None
        self._arrange(place)

    def first_look(self, page: int) -> FirstLook:
        """How ``page`` of the next document will be looked at."""
        size = self.viewport().size()
        zoom = self._zoom if self.fit == FIXED else 1.0  # where it is fitted, the one before does not matter
        return FirstLook(page, size.width(), size.height(), self.fit, zoom, self.devicePixelRatioF())

    def clear(self) -> None:
        """Show nothing."""
        self.rotation = 0
        self.start()

    @property
    def place(self) -> tuple[int, float]:
        """The page at the upper edge, and how far down it (0 to 1) the edge is."""
        return self._layout.place_at(self.verticalScrollBar().value())

    @property
    def page(self) -> int:
        """The page that is read: the one that stands a third down the window."""
        return self._layout.page_at(self.verticalScrollBar().value() + self.viewport().height() / 3)

    def go_to(self, page: int, fraction: float = 0.0) -> None:
        """Bring the place ``fraction`` down ``page`` to the upper edge."""
        if len(self._layout):
            page = min(max(0, page), len(self._layout) - 1)
            top = self._layout.y_of(page, fraction)
            self.verticalScrollBar().setValue(top - (MARGIN if fraction == 0 else 0))

    def show_hit(self, hit: Hit) -> None:
        """Bring ``hit`` into sight and mark it."""
        self.current_hit = self._sought = hit
        self._scroll_to_hit(hit.page)

    def _scroll_to_hit(self, page: int) -> None:
        self.viewport().update()
        hit = self._sought
        if hit is None or hit.page != page:
            return
        boxes = self.document.marks(page).get(hit)
        if boxes is None:
            return  # where it stands is asked for now
        self._sought = None
        if not boxes:
            self.go_to(page)
            return
        box, sight = self._layout.to_view(page, boxes[0]), QRectF(self._offset(), self.viewport().size())
        if not sight.contains(box):
            self.verticalScrollBar().setValue(round(box.center().y() - sight.height() / 3))
            self.horizontalScrollBar().setValue(round(box.center().x() - sight.width() / 2))

    # Zoom and rotation ----------------------------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """1 is 100 %: a point of the page is 1/72 of 96 pixels."""
        return self._zoom

    def set_zoom(self, zoom: float) -> None:
        """Show pages at ``zoom``, kept between the first and the last of ZOOM_STEPS."""
        self.fit = FIXED
        self._zoom = min(max(ZOOM_STEPS[0], zoom), ZOOM_STEPS[-1])
        self._arrange(self.place)

    def set_fit(self, fit: str) -> None:
        """Follow the window: FIT_WIDTH or FIT_PAGE."""
        self.fit = fit
        self._arrange(self.place if fit == FIT_WIDTH else (self.page, 0.0))

    def zoom_in(self) -> None:
        """The next larger step."""
        self.set_zoom(next((step for step in ZOOM_STEPS if step > self._zoom * 1.01), ZOOM_STEPS[-1]))

    def zoom_out(self) -> None:
        """The next smaller step."""
        self.set_zoom(next((step for step in reversed(ZOOM_STEPS) if step < self._zoom / 1.01), ZOOM_STEPS[0]))

    def rotate(self) -> None:
        """Turn all pages a quarter clockwise, for the eye only."""
        page = self.page
        self.rotation = (self.rotation + 90) % 360
        self._arrange((page, 0.0))

    def _arrange(self, place: tuple[int, float]) -> None:
        size = self.viewport().size()
        self._settling = True
        if self.document.sizes:
            self._fit(min(place[0], self.document.count - 1), size)
        self._layout = PageLayout(self.document.sizes, self._zoom, self.rotation, size.width())
        for bar, whole, seen in (
            (self.verticalScrollBar(), self._layout.height, size.height()),
            (self.horizontalScrollBar(), self._layout.width, size.width()),
        ):
            bar.setRange(0, max(0, whole - seen))
            bar.setPageStep(max(1, seen - LINE))
            bar.setEnabled(whole > seen)
        if self.horizontalScrollBar().maximum():
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().maximum() // 2)
        self.go_to(*place)
        self._settling = False
        self._ask()
        self.viewport().update()
        self.moved.emit()

    def _fit(self, page: int, size: QSize) -> None:
        paper = self.document.sizes[page]
        if self.rotation % 180:
            paper = paper.transposed()
        if self.fit != FIXED:
            window = size.width(), size.height()
            self._zoom = fitted_zoom(self.fit, (paper.width(), paper.height()), window)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the place, and the fit."""
        super().resizeEvent(event)
        self._arrange(self.place)

    def _scrolled(self) -> None:
        self._ask()
        self.viewport().update()
        if not self._settling:
            self.moved.emit()

    def _offset(self) -> QPointF:
        return QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    # Painting -------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what has come; what has not has been asked for."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.current().colour("window"))
        offset = self._offset()
        sight = QRectF(offset, self.viewport().size())
        painter.translate(-offset)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for page in self._layout.pages_between(sight.top(), sight.bottom()):
            if self._paint_page(painter, page, sight):
                self.painted_pages.add(page)
        if self.hasFocus():
            self._paint_focus(painter, sight)
        painter.end()

    def page_size(self, page: int) -> QSize:
        """How large ``page`` is on the screen, in pixels."""
        return self._layout.rectangle(page).size().toSize()

    def _ask(self) -> None:
        """Ask for what is in sight, and for what is likely to be read next."""
        if self._settling:
            return
        sight = QRectF(self._offset(), self.viewport().size())
        pages = self._layout.pages_between(sight.top(), sight.bottom())
        wanted = [tile for page in pages for tile, _box in self._tiles_in(page, sight)]
        self.document.want(wanted + self._ahead(pages), LARGE)

    def _tiles_in(self, page: int, sight: QRectF) -> list[tuple[Tile, QRectF]]:
        paper = self._layout.rectangle(page)
        boxes = ((tile, self._box(tile, paper)) for tile in self._tiles(page))
        return [(tile, box) for tile, box in boxes if box.intersects(sight)]

    def _paint_page(self, painter: QPainter, page: int, sight: QRectF) -> bool:
        """Paint what there is of ``page``; whether that is all that is in sight."""
        paper = self._layout.rectangle(page)
        painter.fillRect(paper, QColor(Qt.GlobalColor.white))
        if page in self.document.unreadable:
            painter.setPen(QColor(Qt.GlobalColor.black))
            painter.drawText(paper, Qt.AlignmentFlag.AlignCenter, _("This page cannot be shown."))
            return True
        seen = self._tiles_in(page, sight)
        missing = any(self.document.picture(tile) is None for tile, _box in seen)
        if missing and (picture := self.document.stand_in(page, self.rotation)) is not None:
            painter.drawImage(paper, picture)
        for tile, box in seen:
            picture = self.document.picture(tile)
            if picture is not None:
                painter.drawImage(box, picture)
        self._paint_marks(painter, page)
        painter.setPen(QPen(theme.current().colour("line"), 1))
        painter.drawRect(paper.adjusted(-0.5, -0.5, 0.5, 0.5))
        return not missing

    def _paint_marks(self, painter: QPainter, page: int) -> None:
        # Colours that multiply darken paper and leave black text black, as a marker pen does; paper is white always.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        marks = self.document.marks(page)
        for hit, boxes in marks.items():
            self._mark(painter, page, boxes, QColor("#FFC94D" if hit == self.current_hit else "#FFF0B3"))
        if self.selection is not None and self.selection.page == page:
            self._mark(painter, page, self.selection.rectangles, QColor("#B9D2FF"))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if self.current_hit is not None and self.current_hit.page == page:
            painter.setPen(QPen(QColor("#B86E00"), 2))
            for box in marks.get(self.current_hit, ()):
                painter.drawRect(self._layout.to_view(page, box).adjusted(-2, -2, 2, 2))

    def _mark(self, painter: QPainter, page: int, boxes: Boxes, colour: QColor) -> None:
        for box in boxes:
            painter.fillRect(self._layout.to_view(page, box), colour)

    def _paint_focus(self, painter: QPainter, sight: QRectF) -> None:
        painter.setPen(QPen(theme.current().colour("accent"), 2))
        painter.drawRect(sight.adjusted(1, 1, -1, -1))

    def _tiles(self, page: int) -> list[Tile]:
        ratio = self.devicePixelRatioF()
        paper = self._layout.rectangle(page)
        return tiles_of(page, paper.width() * ratio, paper.height() * ratio, self.rotation)

    @staticmethod
    def _box(tile: Tile, paper: QRectF) -> QRectF:
        across, down = paper.width() / tile.size[0], paper.height() / tile.size[1]
        x, y, width, height = tile.clip
        return QRectF(paper.x() + x * across, paper.y() + y * down, width * across, height * down)

    def _ahead(self, pages: range) -> list[Tile]:
        """The first tiles of the pages after and before those in sight, which are likely to be read next."""
        near = [page for page in (pages.stop, pages.start - 1) if pages and 0 <= page < len(self._layout)]
        return [tile for page in near for tile in self._tiles(page)[:1]]

    # The person -----------------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or zoom with Ctrl."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turn = event.angleDelta().y()
            if turn:
                (self.zoom_in if turn > 0 else self.zoom_out)()
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the first and last page, Space on; arrows and Page keys scroll as everywhere."""
        bar = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_Home:
                bar.setValue(bar.minimum())
            case Qt.Key.Key_End:
                bar.setValue(bar.maximum())
            case Qt.Key.Key_Space:
                back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                bar.setValue(bar.value() + (-bar.pageStep() if back else bar.pageStep()))
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to select."""
        if event.button() == Qt.MouseButton.LeftButton and len(self._layout):
            self._set_selection(None)
            self._press = self._page_point(event.position().toPoint())
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select from where the button went down to here, on that page."""
        if self._press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        page, start = self._press
        point = event.position() + self._offset()
        if self.selection is None and (self._layout.to_page(page, point) - start).manhattanLength() < HAND_SHAKES:
            return
        self.document.select(page, start, self._layout.to_page(page, point), self._set_selection)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End selecting."""
        self._press = None

    def copy_selection(self) -> bool:
        """Put the selected text on the clipboard; whether there was any."""
        if self.selection is None or not self.selection.text:
            return False
        QGuiApplication.clipboard().setText(self.selection.text)
        return True

    def copy_page(self) -> None:
        """Put the text of the page that is read on the clipboard."""
        self.document.read_text(self.page, QGuiApplication.clipboard().setText)

    def _page_point(self, position: QPoint) -> tuple[int, QPointF]:
        point = QPointF(position) + self._offset()
        page = self._layout.page_at(point.y())
        return page, self._layout.to_page(page, point)

    def _set_selection(self, selection: Selection | None) -> None:
        if selection != self.selection:
            self.selection = selection if selection is not None and selection.text else None
            self.viewport().update()
            self.selection_changed.emit()
