"""One expert, entered or corrected by hand."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.panel import Expert, Role
from qisp_desktop.domain.regulation import ServiceCategory
from qisp_desktop.gui.secretariat.experts.presenter import ExpertsPresenter
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.flow_layout import FlowLayout
from qisp_desktop.gui.widgets.segments import Choice, Segments


class ExpertForm(Card):
    """The form; ``closed`` when it is done with."""

    closed = Signal()

    def __init__(self, presenter: ExpertsPresenter) -> None:
        super().__init__(_("Expert"))
        self._presenter = presenter
        self._before: Expert | None = None
        self.number, self.name, self.organisation = QLineEdit(), QLineEdit(), QLineEdit()
        self.uscc, self.post, self.phone = QLineEdit(), QLineEdit(), QLineEdit()
        self.number.setPlaceholderText("E007")
        self.fields = {category: QCheckBox(category.label) for category in ServiceCategory}
        self.role = Segments([Choice(role.value, role.label) for role in Role])
        self.problem = label("", "bad", wrap=True)
        self.keep, self.leave = button(_("Save"), "primary"), button(_("Cancel"))
        self._lay_out()
        self._wire()

    def enter(self) -> None:
        """Ask for a new expert."""
        self._show(Expert("", "", "", "", "", (), "", Role.MEMBER), new=True)
        self.number.setFocus()

    def correct(self, expert: Expert) -> None:
        """Show the record of ``expert``, to be corrected."""
        self._show(expert, new=False)
        self.name.setFocus()

    def _show(self, expert: Expert, *, new: bool) -> None:
        self._before = None if new else expert
        self.title.setText(_("New expert") if new else _("Expert {expert}").format(expert=expert.id))
        self.number.setText(expert.id)
        self.number.setEnabled(new)
        for field, text in (
            (self.name, expert.name), (self.organisation, expert.organisation), (self.uscc, expert.uscc),
            (self.post, expert.title), (self.phone, expert.phone),
        ):  # fmt: skip
            field.setText(text)
            field.setCursorPosition(0)
        for category, box in self.fields.items():
            box.setChecked(category in expert.fields)
        self.role.show_key(expert.role.value)
        self.problem.hide()

    def _expert(self) -> Expert:
        return Expert(
            self.number.text(),
            self.name.text(),
            self.organisation.text(),
            self.uscc.text(),
            self.post.text(),
            tuple(category for category, box in self.fields.items() if box.isChecked()),
            self.phone.text(),
            Role(self.role.key),
        )

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(8)
        for text, field in (
            (_("Expert no."), self.number), (_("Person"), self.name), (_("Organisation"), self.organisation),
            (_("Credit code"), self.uscc), (_("Title"), self.post), (_("Telephone"), self.phone),
        ):  # fmt: skip
            field.setAccessibleName(text)
            form.addRow(text, field)
        self.role.name(_("Role"))
        form.addRow(_("Role"), self.role)
        self.body.addLayout(form)
        self.body.addWidget(label(_("Fields"), "second"))
        boxes = FlowLayout()
        for box in self.fields.values():
            boxes.addWidget(box)
        self.body.addLayout(boxes)
        self.body.addWidget(self.problem)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.keep)
        self.body.addLayout(row)
        self.body.addStretch(1)

    def _wire(self) -> None:
        self.keep.clicked.connect(self._keep)
        self.leave.clicked.connect(self.closed)
        for field in (self.number, self.name, self.organisation, self.uscc, self.post, self.phone):
            field.returnPressed.connect(self._keep)
        self._presenter.refused.connect(self._refused)
        self._presenter.expert_kept.connect(self._kept)

    def _kept(self, _expert: str) -> None:
        self.closed.emit()

    def _keep(self) -> None:
        self.problem.hide()
        self._presenter.keep_expert(self._expert(), self._before)

    def _refused(self, error: UserError) -> None:
        if self.isVisible():
            self.problem.setText(sentences(error.what, error.why, error.do))
            self.problem.show()
