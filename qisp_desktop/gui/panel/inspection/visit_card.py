"""When, who received, and what the visit comes to."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.inspection import Overall
from qisp_desktop.domain.inspection_draft import InspectionDraft
from qisp_desktop.gui.panel.inspection.fields import DayEdit, LineEdit
from qisp_desktop.gui.widgets.card import Card, label
from qisp_desktop.gui.widgets.segments import Choice, Segments


class VisitCard(Card):
    """The head of the record."""

    def __init__(self) -> None:
        super().__init__(_("Visit"))
        self.day = DayEdit()
        self.day.line.setAccessibleName(_("Day of the visit"))
        self.received_by = LineEdit()
        self.received_by.setPlaceholderText(_("Name and office of who showed you round"))
        self.received_by.setAccessibleName(_("Received by"))
        self.overall = Segments([Choice(one.value, one.label) for one in Overall])
        self.overall.name(_("Overall verdict"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        rows = ((_("Day"), self.day), (_("Received by"), self.received_by), (_("Overall verdict"), self.overall))
        for row, (text, field) in enumerate(rows):
            name = label(text, "second")
            name.setBuddy(field)
            grid.addWidget(name, row, 0)
            grid.addWidget(field, row, 1)
        grid.setColumnStretch(1, 1)
        self.body.addLayout(grid)

    def show_draft(self, draft: InspectionDraft, *, editable: bool) -> None:
        """Show what is entered."""
        self.day.show_day(draft.date, editable=editable)
        self.received_by.show_text(draft.received_by)
        self.received_by.setReadOnly(not editable)
        self.overall.show_key("" if draft.overall is None else draft.overall.value)
        self.overall.setEnabled(editable)
