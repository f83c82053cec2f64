"""A field for a day that has a day of its own, as the round says, until somebody chooses another."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit


class DayField(QDateEdit):
    """Typed, stepped through or picked from a calendar; what was chosen stays until it is kept or given up."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setCalendarPopup(True)
        self.setDisplayFormat("yyyy-MM-dd")
        self.setAccessibleName(name)
        self._shown = self.date()

    @property
    def is_chosen(self) -> bool:
        """Whether somebody chose another day than the round's, and it is not kept yet."""
        return self.date() != self._shown

    @property
    def day(self) -> date:
        """The day in the field."""
        return date(*self.date().getDate())

    def show_day(self, day: date) -> None:
        """Show ``day``, which is the round's, but not over one that was chosen or is being typed."""
        new = QDate(day.year, day.month, day.day)
        if not self.is_chosen and not self.hasFocus():
            self.setDate(new)
        if self.date() == new:
            self._shown = new

    def give_up(self) -> None:
        """What was chosen was for something else: the next day that is shown takes its place."""
        self._shown = self.date()
