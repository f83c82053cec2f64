"""Widgets in a row that goes on in the next line when the width is used up."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Lays out from left to right and then from top to bottom, ``gap`` pixels between.

    Where everything fits into one line, the room that is left goes where ``add_stretch`` was called.
    """

    def __init__(self, parent: QWidget | None = None, gap: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._heights: dict[int, int] = {}
        self._pushed: list[QLayoutItem] = []
        self._push_next = False
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take ``item`` in at the end."""
        self._items.append(item)
        if self._push_next:
            self._pushed.append(item)
            self._push_next = False

    def add_stretch(self) -> None:
        """Push what comes next to the right."""
        self._push_next = True

    def count(self) -> int:
        """Items in it."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at ``index``; None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]  # as itemAt
        """The item at ``index``, no longer in the layout; None past the end."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It asks for no more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """A narrow one is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height that all lines take."""
        if width not in self._heights:
            margins = self.contentsMargins()
            inner = QRect(0, 0, width, 0).marginsRemoved(margins)
            self._heights[width] = self._arrange(inner, move=False) + margins.top() + margins.bottom()
        return self._heights[width]

    def invalidate(self) -> None:
        """Something in it has changed: measure anew."""
        self._heights.clear()
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        """Put the widgets into ``rect``."""
        super().setGeometry(rect)
        self._arrange(rect.marginsRemoved(self.contentsMargins()), move=True)

    def sizeHint(self) -> QSize:
        """Everything in one line."""
        hints = [item.sizeHint() for item in self._shown()]
        width = sum(hint.width() for hint in hints) + self._gap * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0)).grownBy(self.contentsMargins())

    def minimumSize(self) -> QSize:
        """As wide as the widest widget."""
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size.grownBy(self.contentsMargins())

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Go through the lines, each as high as its highest widget; returns the height that they take."""
        y = rect.y()
        lines = self._lines(rect.width())
        spare = self._spare(lines[0], rect.width()) if len(lines) == 1 else 0
        for line in lines:
            height = max(size.height() for _item, size in line)
            x = rect.x()
            for item, size in line:
                x += spare if item in self._pushed else 0
                if move:
                    item.setGeometry(QRect(QPoint(x, y + (height - size.height()) // 2), size))
                x += size.width() + self._gap
            y += height + self._gap
        return max(0, y - self._gap - rect.y())

    def _spare(self, line: list[tuple[QLayoutItem, QSize]], width: int) -> int:
        """How far what is to be pushed is pushed, where ``line`` is all there is."""
        used = sum(size.width() for _item, size in line) + self._gap * (len(line) - 1)
        return max(0, width - used) // max(1, sum(item in self._pushed for item, _size in line))

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """The widgets with their sizes, line by line, where ``width`` pixels are one line."""
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        left = 0
        for item in self._shown():
            hint = item.sizeHint()
            size = QSize(min(hint.width(), width), hint.height())
            if hint.width() > width and item.hasHeightForWidth():
                size.setHeight(item.heightForWidth(width))
            if not lines or size.width() > left:
                lines.append([])
                left = width
            lines[-1].append((item, size))
            left -= size.width() + self._gap
        return lines
