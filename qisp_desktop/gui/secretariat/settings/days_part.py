"""The office's own working days and days off, before the public calendar's."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.calendar import DayCount, DayKind, DayOverride
from qisp_desktop.domain.round import EARLIEST_YEAR, LATEST_YEAR
from qisp_desktop.gui.secretariat.section import read_only_words
from qisp_desktop.gui.secretariat.settings.presenter import SettingsPresenter
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.segments import Choice, Segments
from qisp_desktop.gui.widgets.table_view import TableView

LONGEST = 200


class DaysPart(QWidget):
    """The decisions that were made, and a line to make one."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card(_("Own working days and days off"))
        self.note = label("", "second", wrap=True)
        card.body.addWidget(self.note)
        card.body.addLayout(self._line())
        self.model: RowsModel[DayOverride] = RowsModel(
            (
                Column(_("Day"), lambda one: one.day.isoformat(), key=lambda one: one.day),
                Column(_("Weekday"), _weekday),
                Column(_("Counts as"), lambda one: one.kind.label),
                Column(_("Reason"), lambda one: one.reason),
            )
        )
        self.table = TableView(self.model)
        self.table.setAccessibleName(_("Own working days and days off"))
        self.table.horizontalHeader().setStretchLastSection(True)
        card.body.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        self.remove = button(_("Leave it to the public calendar"))
        self.remove.clicked.connect(self._remove)
        row.addWidget(self.remove)
        card.body.addLayout(row)
        column.addWidget(card, 1)
        self.table.selectionModel().selectionChanged.connect(lambda *_changed: self._enable())

    def refresh(self) -> None:
        """Show the decisions."""
        data = self._presenter.data
        if data is None:
            return
        self.model.set_rows(data.overrides)
        working = data.round.policy.days is DayCount.WORKING
        self.note.setText(
            _("The periods of this round count working days: what stands here is counted so.")
            if working
            else _("The periods of this round count calendar days, so these days matter only if the rule is changed.")
        )
        self._enable()

    def _line(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        today = QDate.currentDate()
        self.day = QDateEdit(today)
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setDateRange(QDate(EARLIEST_YEAR, 1, 1), QDate(LATEST_YEAR, 12, 31))
        self.day.setAccessibleName(_("Day"))
        self.kind = Segments([Choice(kind.value, kind.label) for kind in DayKind])
        self.kind.name(_("Counts as"))
        self.kind.show_key(DayKind.OFF.value)
        self.reason = QLineEdit()
        self.reason.setMaxLength(LONGEST)
        self.reason.setPlaceholderText(_("Reason, such as the notice that says so"))
        self.reason.setAccessibleName(_("Reason"))
        self.reason.textChanged.connect(lambda _text: self._enable())
        self.reason.returnPressed.connect(self._add)
        self.add = button(_("Add"), "primary", "plus", "on_accent")
        self.add.clicked.connect(self._add)
        row.addWidget(self.day)
        row.addWidget(self.kind)
        row.addWidget(self.reason, 1)
        row.addWidget(self.add)
        return row

    def _enable(self) -> None:
        writable = self._presenter.session.writable
        self.add.setEnabled(writable and bool(self.reason.text().strip()))
        self.remove.setEnabled(writable and self.table.currentIndex().isValid())
        for part in (self.add, self.remove):
            part.setToolTip("" if writable else read_only_words())

    def _add(self) -> None:
        if self.add.isEnabled():
            chosen = self.day.date()
            day = date(chosen.year(), chosen.month(), chosen.day())
            self._presenter.override_day(day, DayKind(self.kind.key), self.reason.text())
            self.reason.clear()

    def _remove(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            self._presenter.forget_day(self.model.row(index).day)


def _weekday(one: DayOverride) -> str:
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return names[one.day.weekday()]
