"""Who stepped back late: what it costs here, and who could take the place there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _, labelled, ngettext
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from qisp_desktop.services.replacing import LateRecusal

MOST_SHOWN = 8


class RecusalsCard(Card):
    """One entry for each late recusal, those that cost a quorum first; hidden while there is none."""

    replace_wanted = Signal(str, str, str)
    """Who stepped back, the application, and who is suggested (may be empty)."""
    draw_wanted = Signal(str, str)
    """Who stepped back, and the application."""
    went_to = Signal(str, str)
    """The expert and the application to be shown."""

    def __init__(self) -> None:
        super().__init__(_("Stepped back late"))
        self.entries: list[QWidget] = []
        self.count = label("", "second")
        self.corner.addWidget(self.count)
        self.hide()

    def show_recusals(self, late: tuple[LateRecusal, ...], *, writable: bool) -> None:
        """Show ``late``."""
        for entry in self.entries:
            entry.hide()
            entry.deleteLater()
        self.entries = [self._entry(one, writable) for one in late[:MOST_SHOWN]]
        for entry in self.entries:
            self.body.addWidget(entry)
        self.count.setText(ngettext("{count} recusal", "{count} recusals", len(late)).format(count=len(late)))
        self.setVisible(bool(late))

    def _entry(self, late: LateRecusal, writable: bool) -> QWidget:
        from qisp_desktop.services.panel_words import recusal_words, suggestion_words

        expert, number = late.recusal.expert, late.recusal.application
        frame = QFrame()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(2)
        link = button(f"{expert} × {number}", "link")
        link.clicked.connect(lambda: self.went_to.emit(expert, number))
        top = QHBoxLayout()
        top.addWidget(link)
        top.addStretch(1)
        column.addLayout(top)
        column.addWidget(label(labelled(late.recusal.ground.label, late.recusal.reason), "second", wrap=True))
        column.addWidget(label(recusal_words(late), "bad" if late.quorum_lost else "", wrap=True))
        column.addWidget(label(suggestion_words(late), "", wrap=True))
        if late.candidates:
            best = late.candidates[0].expert
            take = button(_("Replace by {expert}…").format(expert=best), "primary" if late.quorum_lost else "")
            take.clicked.connect(lambda: self.replace_wanted.emit(expert, number, best))
            draw = button(_("Draw by lot…"))
            draw.clicked.connect(lambda: self.draw_wanted.emit(expert, number))
            row = FlowLayout()
            for one in (take, draw):
                one.setEnabled(writable)
                row.addWidget(one)
            column.addLayout(row)
        return frame
