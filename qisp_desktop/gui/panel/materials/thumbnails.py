"""Small pictures of all pages in a strip; a click goes to the page."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.panel.materials.drawing import Tile, tiles_of
from qisp_desktop.gui.panel.materials.paged_document import SMALL, PagedDocument

BOX = QSize(92, 124)
"""What a small picture fits into, in pixels at 100 %."""
WORD = 24
"""Pixels for the number below."""

Index = QModelIndex | QPersistentModelIndex


class Thumbnails(QListView):
    """The strip of a document's pages, which count from 0; ``chosen`` carries the page."""

    chosen = Signal(int)

    def __init__(self, document: PagedDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._model = _Pages(document, self)
        self.setModel(self._model)
        self.setItemDelegate(_Picture(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(theme.current().px(BOX.width() + 40))
        self.setAccessibleName(_("Small pictures of the pages"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))
        self.activated.connect(lambda index: self.chosen.emit(index.row()))
        document.drawn.connect(self._drawn)

    def reset_pages(self) -> None:
        """The document is another one."""
        self._model.beginResetModel()
        self._model.endResetModel()

    def mark(self, page: int) -> None:
        """Show that ``page`` is the one being read."""
        index = self._model.index(page)
        if index != self.currentIndex():
            self.setCurrentIndex(index)

    def tile(self, page: int, rotation: int = 0) -> Tile:
        """The small picture of ``page``."""
        size = self._document.sizes[page]
        ratio = self.devicePixelRatioF()
        fitted = size.scaled(BOX * (theme.current().scale / 100), Qt.AspectRatioMode.KeepAspectRatio) * ratio
        return tiles_of(page, fitted.width(), fitted.height(), rotation)[0]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and ask for the small pictures that are in sight."""
        super().paintEvent(event)
        top = self.indexAt(self.viewport().rect().topLeft()).row()
        bottom = self.indexAt(self.viewport().rect().bottomLeft()).row()
        count = min(self._document.count, self._model.rowCount())
        if count:
            last = bottom if bottom >= 0 else count - 1
            wanted = [self.tile(page) for page in range(max(0, top), min(count, last + 2))]
            self._document.want(wanted, SMALL)

    def _drawn(self, group: str) -> None:
        if group == SMALL:
            self.viewport().update()

    def picture_of(self, page: int) -> tuple[Tile, Any]:
        """The tile of ``page`` and its picture, None until it has come."""
        tile = self.tile(page)
        return tile, self._document.picture(tile, SMALL)


class _Pages(QAbstractListModel):
    def __init__(self, document: PagedDocument, parent: Thumbnails) -> None:
        super().__init__(parent)
        self._document = document

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt has it
        return 0 if parent.isValid() else self._document.count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return str(index.row() + 1)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _("Page {page}").format(page=index.row() + 1)
        return None


class _Picture(QStyledItemDelegate):
    def __init__(self, strip: Thumbnails) -> None:
        super().__init__(strip)
        self._strip = strip

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        px = theme.current().px
        return QSize(px(BOX.width() + 16), px(BOX.height() + WORD + 12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme.current()
        rect: QRect = option.rect  # type: ignore[attr-defined]  # missing in the stubs
        current = index == self._strip.currentIndex()
        painter.save()
        if current:
            painter.fillRect(rect.adjusted(2, 2, -2, -2), look.colour("accent_soft"))
        tile, picture = self._strip.picture_of(index.row())
        ratio = self._strip.devicePixelRatioF()
        paper = QRect(0, 0, round(tile.size[0] / ratio), round(tile.size[1] / ratio))
        room = rect.adjusted(0, look.px(6), 0, -look.px(WORD))
        paper.moveCenter(room.center())
        painter.fillRect(paper, QColor(Qt.GlobalColor.white))
        if picture is not None:
            painter.drawImage(paper, picture)
        painter.setPen(QPen(look.colour("accent" if current else "line"), 2 if current else 1))
        painter.drawRect(paper)
        painter.setPen(look.colour("accent_text" if current else "second"))
        word = QRect(rect.left(), rect.bottom() - look.px(WORD), rect.width(), look.px(WORD))
        painter.drawText(word, Qt.AlignmentFlag.AlignCenter, index.data())
        painter.restore()
