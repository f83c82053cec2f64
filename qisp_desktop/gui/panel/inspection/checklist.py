"""The checklist of a visit: for each item what it was found to be, and a note where there is something to say."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.inspection import Verdict
from qisp_desktop.domain.inspection_draft import DraftVerdict, InspectionDraft
from qisp_desktop.domain.rubric import ChecklistItem, Rubric
from qisp_desktop.gui import theme
from qisp_desktop.gui.panel.desk.remark_edit import RemarkEdit
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.segments import Choice, Segments


class ChecklistRow(QFrame):
    """One item of the checklist."""

    judged = Signal(str, object)
    """The item's code and the Verdict that was picked."""
    noted = Signal(str, str)
    """The item's code and its note after each change."""
    finding_wanted = Signal(str)
    """A finding at this item is to be begun."""

    def __init__(self, item: ChecklistItem) -> None:
        super().__init__()
        self.item = item
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        code = label(item.code, "second")
        code.setFixedWidth(code.fontMetrics().horizontalAdvance("I00 "))
        text = label(item.label, wrap=True)
        for one in (code, text):
            one.setContentsMargins(0, theme.current().px(5), 0, 0)  # on one line with the buttons' text
        text.setToolTip(_("Article {article} of the measures").format(article=item.article))
        self.verdict = Segments([Choice(one.value, one.label) for one in Verdict])
        self.verdict.name(f"{item.code} {item.label}")
        row.addWidget(code, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.verdict, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        column.addLayout(self._below(code.width()))
        self.verdict.picked.connect(lambda key: self.judged.emit(item.code, Verdict(key)))
        self.note.remarked.connect(lambda note: self.noted.emit(item.code, note))

    def show_verdict(self, shown: DraftVerdict, *, editable: bool) -> None:
        """Show what is entered for the item."""
        self.verdict.show_key("" if shown.verdict is None else shown.verdict.value)
        self.verdict.setEnabled(editable)
        self.note.show_remark(shown.note)
        self.note.setReadOnly(not editable)
        telling = shown.verdict in (Verdict.OBSERVATION, Verdict.NONCONFORM)
        self.note.setVisible(bool(shown.note) or self.note.hasFocus() or (telling and editable))
        self.write.setVisible(editable and self.note.isHidden())
        self.finding.setVisible(editable and telling)

    def _below(self, indent: int) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(indent + 8, 0, 0, 0)
        self.note = RemarkEdit()
        self.note.setPlaceholderText(_("Note"))
        self.note.setAccessibleName(_("Note on {code}").format(code=self.item.code))
        self.note.hide()
        self.write = button(_("Note"), "link")
        self.write.setAccessibleName(_("Write a note on {code}").format(code=self.item.code))
        self.write.clicked.connect(self._write)
        self.finding = button(_("Finding"), "link")
        self.finding.setToolTip(_("Begin a finding at this item"))
        self.finding.setAccessibleName(_("Begin a finding at {code}").format(code=self.item.code))
        self.finding.clicked.connect(lambda: self.finding_wanted.emit(self.item.code))
        row.addWidget(self.note, 1)
        row.addWidget(self.write)
        row.addWidget(self.finding)
        row.addStretch()
        row.setStretchFactor(self.note, 100)
        return row

    def _write(self) -> None:
        self.write.hide()
        self.note.show()
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)


class Checklist(Card):
    """All items of the rubric's checklist."""

    def __init__(self, rubric: Rubric) -> None:
        super().__init__(_("Checklist"))
        self.count = label("", "second")
        self.corner.addWidget(self.count)
        self.rows: dict[str, ChecklistRow] = {}
        for item in rubric.checklist:
            if self.rows:
                rule = QFrame()
                rule.setProperty(*role("rule"))
                self.body.addWidget(rule)
            self.rows[item.code] = ChecklistRow(item)
            self.body.addWidget(self.rows[item.code])

    def show_draft(self, draft: InspectionDraft, *, editable: bool) -> None:
        """Show what is entered."""
        for item in draft.items:
            self.rows[item.item].show_verdict(item, editable=editable)
        done = sum(item.verdict is not None for item in draft.items)
        self.count.setText(_("{done} of {total} judged").format(done=done, total=len(draft.items)))
