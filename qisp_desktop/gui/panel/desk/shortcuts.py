"""The keys of the scoring desk: one table that both makes them work and explains them (F1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import N_, _
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import button, label

MARGIN = 16
"""Pixels for the scroll bar beside the table."""
AROUND = 64
"""Pixels that the sheet leaves of the window around it, and takes above and below its table."""


class Key(NamedTuple):
    """A key and what it does; ``act`` is empty where it is handled elsewhere and the table only explains, ``text``
    where another line explains it too."""

    keys: tuple[str, ...]
    text: str
    act: str = ""


KEYS = (
    Key(("↑", "↓"), N_("to the criterion before or after")),
    Key(("0–9",), N_("type the score")),
    Key(("Enter",), N_("to the next criterion")),
    Key(("Alt+1",), N_("pick the first level"), "level_1"),
    Key(("Alt+2",), N_("pick the second level"), "level_2"),
    Key(("Alt+3",), N_("pick the third level"), "level_3"),
    Key(("Alt+4",), N_("pick the fourth level"), "level_4"),
    Key(("Ctrl+R",), N_("to the remark"), "remark"),
    Key(("Ctrl+E",), N_("cite the page that is shown"), "cite"),
    Key(("Ctrl+Return", "Ctrl+Enter"), N_("finish, and go to the next unfinished application"), "finish"),
    Key(("Ctrl+PgUp",), N_("to the application before"), "previous"),
    Key(("Ctrl+PgDown",), N_("to the application after"), "next"),
    Key(("Ctrl+F",), N_("search the applications"), "search"),
    *(Key((f"Ctrl+{place}",), "", f"kind_{place}") for place in range(1, 9)),
    Key(("Ctrl+1–7",), N_("open a material of that number")),
    Key(("Ctrl+8",), N_("open the record of the application")),
    Key(("PgUp", "PgDown"), N_("turn the material's page, the caret stays")),
    Key(("F6",), N_("from the list to the material, from there to the scores"), "columns"),
    Key(("Ctrl+Z",), N_("undo, across the whole desk"), "undo"),
    Key(("Ctrl+Y", "Ctrl+Shift+Z"), N_("do again what was undone"), "redo"),
    Key(("Ctrl+I",), N_("site inspection")),
    Key(("Ctrl+Shift+C",), N_("compare your scores")),
    Key(("Ctrl+Shift+S",), N_("sign and export")),
    Key(("Esc",), N_("from there back to scoring")),
    Key(("Ctrl+,",), N_("size of text, theme, language")),
    Key(("Ctrl+L",), N_("lock the desk")),
    Key(("F1",), N_("this list"), "help"),
)
COUNTERSIGN = Key(("Ctrl+Shift+H",), N_("countersign as the panel's leader"))
COUNTERSIGNING_KEYS = (
    Key(("Ctrl+O",), N_("add papers")),
    Key(("Ctrl+Shift+O",), N_("add a folder of papers")),
    Key(("Space",), N_("sign the selected papers, or leave them out")),
    Key(("Delete",), N_("take the selected papers out of the list")),
    Key(("F5",), N_("check every paper anew")),
    Key(("Ctrl+Return", "Ctrl+Enter"), N_("countersign what is checked")),
    Key(("Esc",), N_("back to scoring")),
    Key(("Ctrl+L",), N_("lock the desk")),
    Key(("F1",), N_("this list")),
)
"""What the leader's countersigning has beside and instead; it makes them work itself."""


def desk_keys(*, leads: bool) -> tuple[Key, ...]:
    """The keys of a desk, for its list; the leader's desk has one more, after the other views."""
    place = next(place for place, key in enumerate(KEYS) if key.keys == ("Ctrl+Shift+S",))
    return (*KEYS[:place], COUNTERSIGN, *KEYS[place:]) if leads else KEYS


class Shortcuts(QObject):
    """Makes the keys of KEYS call ``acts`` inside ``widget``, also where a text field would take them for itself."""

    def __init__(self, widget: QWidget, acts: dict[str, Callable[[], None]]) -> None:
        super().__init__(widget)
        self._own: set[str] = set()
        for key in KEYS:
            if key.act in acts:
                for sequence in key.keys:
                    self._own.add(QKeySequence(sequence).toString())
                    shortcut = QShortcut(QKeySequence(sequence), widget)
                    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                    shortcut.activated.connect(acts[key.act])

    def guard(self, fields: Iterable[QWidget]) -> None:
        """Keep ``fields`` from taking these keys (Ctrl+Z would undo in the one field only)."""
        for field in fields:
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell Qt that the field does not want the key, so that the shortcut gets it."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        own = QKeySequence(event.keyCombination()).toString() in self._own
        if own:
            event.ignore()
        return own


class ShortcutSheet(QDialog):
    """All ``keys`` at a glance, in two columns where the window has room for them; a small one scrolls."""

    def __init__(self, parent: QWidget, keys: Sequence[Key] = KEYS) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keyboard shortcuts"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addWidget(label(_("Keyboard shortcuts"), "title"))
        area = QScrollArea()
        area.setWidgetResizable(True)
        room = parent.window().size()
        table = self._table(keys, 2)
        if table.sizeHint().width() + MARGIN > room.width() - AROUND:
            table = self._table(keys, 1)
        area.setWidget(table)
        column.addWidget(area)
        close = button(_("Close"), "primary")
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        close.setFocus()
        wanted = area.widget().sizeHint()
        area.setMinimumWidth(min(wanted.width() + MARGIN, room.width() - AROUND))
        area.setMinimumHeight(min(wanted.height(), room.height() - 3 * AROUND))

    def _table(self, keys: Sequence[Key], columns: int) -> QWidget:
        table = QWidget()
        table.setProperty(*role("page"))
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        told = [key for key in keys if key.text]
        rows = -(-len(told) // columns)
        for place, key in enumerate(told):
            names = "  ".join(one.replace("Return", "Enter") for one in key.keys if one != "Ctrl+Enter")
            row, side = place % rows, place // rows * 2
            grid.addWidget(label(names, "heading"), row, side)
            grid.addWidget(label(_(key.text), wrap=columns == 1), row, side + 1)
            grid.setColumnStretch(side + 1, 1)
        return table
