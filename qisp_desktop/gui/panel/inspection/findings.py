"""What was found on site, one after the other, each with its time, its item of the checklist and its photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.inspection import Finding, Photo
from qisp_desktop.domain.inspection_draft import InspectionDraft
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.gui import assets
from qisp_desktop.gui.panel.desk.remark_edit import RemarkEdit
from qisp_desktop.gui.panel.inspection.fields import ComboBox
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import Card, button, label


class FindingRow(QFrame):
    """One finding."""

    changed = Signal(object)
    """The Finding after a change."""
    removed = Signal()

    def __init__(self, number: int) -> None:
        super().__init__()
        self.setProperty(*role("criterion"))
        self._finding = Finding("", "", "")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        self.text = RemarkEdit()
        self.text.setPlaceholderText(_("What was found"))
        self.text.setAccessibleName(_("Finding {number}").format(number=number))
        column.addWidget(self.text)
        column.addLayout(self._links(number))
        self.text.remarked.connect(lambda text: self._change(replace(self._finding, text=text)))
        self.item.chosen.connect(lambda code: self._change(replace(self._finding, item=code)))
        self.photo.chosen.connect(lambda name: self._change(replace(self._finding, photo=name)))

    def show_finding(self, finding: Finding, rubric: Rubric, photos: Sequence[Photo], *, editable: bool) -> None:
        """Show ``finding``; it can be linked to the rubric's items and to ``photos``."""
        self._finding = finding
        self.text.show_remark(finding.text)
        self.text.setReadOnly(not editable)
        items = [("", _("no item")), *((item.code, f"{item.code} {item.label}") for item in rubric.checklist)]
        self.item.show_choice(items, finding.item)
        self.photo.show_choice([("", _("no photo")), *((one.name, one.name) for one in photos)], finding.photo)
        for box in (self.item, self.photo):
            box.setEnabled(editable)
        self.at.setText("" if finding.at is None else finding.at.astimezone().strftime("%Y-%m-%d %H:%M"))
        self.remove.setVisible(editable)

    def _links(self, number: int) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.item, self.photo = ComboBox(), ComboBox()
        self.item.setAccessibleName(_("Item of finding {number}").format(number=number))
        self.photo.setAccessibleName(_("Photo of finding {number}").format(number=number))
        self.at = label("", "second")
        self.remove = QToolButton()
        assets.set_icon(self.remove, "close", "second")
        self.remove.setToolTip(_("Take finding {number} away").format(number=number))
        self.remove.setAccessibleName(_("Take finding {number} away").format(number=number))
        self.remove.clicked.connect(lambda: self.removed.emit())
        row.addWidget(self.item, 3)
        row.addWidget(self.photo, 2)
        row.addWidget(self.at)
        row.addWidget(self.remove)
        return row

    def _change(self, finding: Finding) -> None:
        self.changed.emit(finding)


class Findings(Card):
    """All findings, and the way to add one."""

    added = Signal()
    changed = Signal(int, object)
    """The place of a finding and what it is now."""
    removed = Signal(int)
    """The place of a finding to take away."""
    made = Signal(object)
    """A row (FindingRow) that is new."""

    def __init__(self, rubric: Rubric) -> None:
        super().__init__(_("Findings"))
        self._rubric = rubric
        self.rows: list[FindingRow] = []
        self.add = button(_("Add a finding"))
        self.add.clicked.connect(self.added)
        self.corner.addWidget(self.add)
        self.nothing = label(_("Nothing was noted so far."), "second")
        self.body.addWidget(self.nothing)

    def show_draft(self, draft: InspectionDraft, *, editable: bool) -> None:
        """Show what is entered."""
        while len(self.rows) > len(draft.findings):
            gone = self.rows.pop()
            self.body.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(draft.findings):
            self._make_row()
        for row, finding in zip(self.rows, draft.findings, strict=True):
            row.show_finding(finding, self._rubric, draft.photos, editable=editable)
        self.nothing.setVisible(not self.rows)
        self.add.setVisible(editable)

    def focus_last(self) -> None:
        """Put the caret into the newest finding."""
        if self.rows:
            self.rows[-1].text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_row(self) -> None:
        place = len(self.rows)
        row = FindingRow(place + 1)
        row.changed.connect(lambda finding: self.changed.emit(place, finding))
        row.removed.connect(lambda: self.removed.emit(place))
        self.rows.append(row)
        self.body.addWidget(row)
        self.made.emit(row)
