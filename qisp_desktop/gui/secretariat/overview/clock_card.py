"""A statutory period: which day of how many, when it ends, and whether that is past."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import label
from qisp_desktop.services.overview_values import Clock


class ClockPanel(QFrame):
    """One period; red and with a word when it is late."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        head = QHBoxLayout()
        self.name, self.article = label("", "heading"), label("", "second")
        head.addWidget(self.name)
        head.addStretch(1)
        head.addWidget(self.article)
        column.addLayout(head)
        self.day = label("", "title")
        column.addWidget(self.day)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        column.addWidget(self.bar)
        self.note = label("", "second", wrap=True)
        column.addWidget(self.note)

    def show_clock(self, clock: Clock) -> None:
        """Show ``clock``."""
        self.name.setText(clock.name)
        self.article.setText(clock.article)
        self.note.setText(clock.note)
        started = clock.running or clock.day > 0
        self.day.setText(day_text(clock))
        self.day.setVisible(started)
        self.bar.setVisible(started)
        self.bar.setRange(0, clock.days)
        self.bar.setValue(min(clock.day, clock.days))
        self.bar.setAccessibleName(f"{clock.name} {day_text(clock)}")
        self._paint(self.day, "bad-title" if clock.late else "title")
        self._paint(self.bar, "late" if clock.late else "")
        self.setAccessibleName(f"{clock.name}, {day_text(clock)}, {clock.note}")

    @staticmethod
    def _paint(widget: QFrame | QProgressBar, look: str) -> None:
        if widget.property("role") != look:
            widget.setProperty(*role(look))
            widget.style().unpolish(widget)
            widget.style().polish(widget)


def day_text(clock: Clock) -> str:
    """Which day of the period it is; how many days too late once it is over."""
    if clock.late:
        return _("Day {day} of {days}: late").format(day=clock.day, days=clock.days)
    return _("Day {day} of {days}").format(day=clock.day, days=clock.days)
