"""Find in what is shown: a field, which hit of how many, back and on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QToolButton, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import assets, theme
from qisp_desktop.gui.widgets.card import ICON, label
from qisp_desktop.gui.widgets.search_field import SearchField


def tool(icon: str, name: str, *, hint: str = "", checkable: bool = False) -> QToolButton:
    """A button with an icon and no word; ``name`` is read out and shown, with the key in ``hint``."""
    made = QToolButton()
    assets.set_icon(made, icon, size=theme.current().px(ICON))
    made.setAccessibleName(name)
    made.setToolTip(f"{name} ({hint})" if hint else name)
    made.setCheckable(checkable)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setMinimumSize(32, 32)
    return made


def turn_page(bar: QScrollBar, by: int) -> None:
    """Scroll by a window's height, on (1) or back (-1)."""
    action = QScrollBar.SliderAction
    bar.triggerAction(action.SliderPageStepAdd if by > 0 else action.SliderPageStepSub)


class FindBar(QWidget):
    """Hidden until ``open``; Enter and F3 go on, Shift+F3 back, Escape closes."""

    searched = Signal(str)
    stepped = Signal(int)
    """1: the next hit, -1: the one before."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        self.field = SearchField(_("Find in this file"))
        row.addWidget(self.field, 1)
        self.count = label("", "second")
        self.count.setMinimumWidth(72)
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self.count)
        self.back = tool("chevron-up", _("Previous place"), hint="Shift+F3")
        self.on = tool("chevron-down", _("Next place"), hint="F3")
        self.put_away = tool("close", _("Close the search"), hint="Esc")
        for button in (self.back, self.on, self.put_away):
            row.addWidget(button)
        self.back.clicked.connect(lambda: self.stepped.emit(-1))
        self.on.clicked.connect(lambda: self.stepped.emit(1))
        self.put_away.clicked.connect(self.close_bar)
        self._query = ""
        self.field.searched.connect(self._search)
        self.hide()

    def open(self) -> None:
        """Show the bar and put the caret there."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def close_bar(self) -> None:
        """Hide the bar; nothing is looked for any more. Where it was not open, nothing happens."""
        if self.isHidden():
            return
        self._query = ""
        self.field.clear()
        self.hide()
        self.closed.emit()

    def show_count(self, current: int, hits: int, searching: bool) -> None:
        """Say that hit ``current`` (from 1; 0: none) of ``hits`` is shown, and whether more may come."""
        if not self._query:
            text = ""
        elif not hits:
            text = _("searching …") if searching else _("not found")
        else:
            text = f"{current} / {hits}" + (" …" if searching else "")
        self.count.setText(text)
        for button in (self.back, self.on):
            button.setEnabled(hits > 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape in the empty field closes the bar."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _search(self, query: str) -> None:
        # Enter on what was looked for already goes on to the next hit.
        if query == self._query and query:
            self.stepped.emit(1)
            return
        self._query = query
        self.searched.emit(query)
