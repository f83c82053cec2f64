"""One choice of a few, side by side: all are seen, one is picked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QPushButton, QSizePolicy, QWidget

from qisp_desktop.base.i18n import labelled
from qisp_desktop.gui import theme
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.flow_layout import FlowLayout

GAP = 4


class Choice(NamedTuple):
    """A choice: its key, and its text."""

    key: str
    text: str


class Segments(QWidget):
    """Buttons of which at most one is down. The arrow keys and the digits pick as a click does."""

    picked = Signal(str)
    """The key of what the person picked."""

    def __init__(self, choices: Sequence[Choice], parent: QWidget | None = None, *, wrapping: bool = False) -> None:
        """``wrapping`` where there may be less room than all of them need in a row."""
        super().__init__(parent)
        self._keys = [choice.key for choice in choices]
        self._key = ""
        self.buttons: dict[str, QPushButton] = {}
        row: QLayout = FlowLayout(self, gap=GAP) if wrapping else QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for choice in choices:
            one = QPushButton(choice.text)
            one.setCheckable(True)
            one.setAutoDefault(False)
            one.setProperty(*role("chip"))
            one.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            # The one that is down is bold; it must not need more room than before.
            bold = QFontMetrics(theme.current().font(bold=True)).horizontalAdvance(choice.text)
            one.setMinimumWidth(bold + theme.current().px(24))
            one.clicked.connect(lambda _on, key=choice.key: self._pick(key))
            one.installEventFilter(self)
            self.buttons[choice.key] = one
            row.addWidget(one)
        self.buttons[self._keys[0]].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.buttons[self._keys[0]])
        policy = QSizePolicy.Policy.Preferred if wrapping else QSizePolicy.Policy.Fixed
        self.setSizePolicy(policy, policy)

    @property
    def key(self) -> str:
        """What is picked; empty when nothing is."""
        return self._key

    def name(self, text: str) -> None:
        """Say what is chosen here to who cannot see it."""
        for one in self.buttons.values():
            one.setAccessibleName(labelled(text, one.text()))

    def show_key(self, key: str) -> None:
        """Show ``key`` as picked (empty: nothing); nothing is sent."""
        self._key = key
        for name, one in self.buttons.items():
            one.setChecked(name == key)
            # One button of the row is reached by Tab: the one that is down.
            reached = name == (key or self._keys[0])
            one.setFocusPolicy(Qt.FocusPolicy.StrongFocus if reached else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self.buttons[key or self._keys[0]])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys pick the neighbour, 1 to 9 by place; buttons on their own would only move the focus."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        place = self._keys.index(self._key) if self._key else -1
        match event.key():
            case Qt.Key.Key_Right:
                self._go(place + 1)
            case Qt.Key.Key_Left:
                self._go(place - 1)
            case key if Qt.Key.Key_1 <= key < Qt.Key.Key_1 + len(self._keys):
                self._go(key - Qt.Key.Key_1)
            case _:
                return False
        return True

    def _go(self, place: int) -> None:
        key = self._keys[max(0, min(place, len(self._keys) - 1))]
        self._pick(key)
        self.buttons[key].setFocus(Qt.FocusReason.OtherFocusReason)

    def _pick(self, key: str) -> None:
        changed = key != self._key
        self.show_key(key)
        if changed:
            self.picked.emit(key)
