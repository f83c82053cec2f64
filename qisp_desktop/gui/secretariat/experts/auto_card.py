"""Automatic assignment: its limits, what it would change, and why it cannot be done where it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QSpinBox, QVBoxLayout

from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.gui.secretariat.experts.presenter import ExpertsPresenter, Proposal
from qisp_desktop.gui.widgets.card import Card, button, label

if TYPE_CHECKING:
    from qisp_desktop.services.steps import Step

MOST_LINKS = 12
LARGEST = 9999


class AutoCard(Card):
    """Asks for limits, shows the proposal, takes it; ``closed`` when it is done with."""

    closed = Signal()
    went_to = Signal(str)
    """An application that stands in the way, which the clerk wants to see."""

    def __init__(self, presenter: ExpertsPresenter) -> None:
        super().__init__(_("Assign automatically"))
        self._presenter = presenter
        self._step: Step | None = None
        self.readers, self.load = QSpinBox(), QSpinBox()
        self.readers.setRange(1, 99)
        self.readers.setValue(presenter.per_application)
        self.load.setRange(0, LARGEST)
        self.load.setSpecialValueText(_("no limit"))
        self.load.setValue(presenter.max_load)
        self.kept = label(
            _("What was assigned by hand, is in a package or is scored, stays. Loads become as even as can be."),
            "second", wrap=True,
        )  # fmt: skip
        self.preview, self.leave = button(_("Preview"), "primary"), button(_("Close"))
        self.take = button(_("Assign so"), "primary")
        self.outcome, self.advice = label("", wrap=True), label("", "second", wrap=True)
        self.links = QVBoxLayout()
        self._lay_out()
        self._wire()

    def ask(self) -> None:
        """Begin anew."""
        self._forget()
        self.readers.setFocus()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow(_("Experts per application"), self.readers)
        form.addRow(_("Maximum load"), self.load)
        self.body.addLayout(form)
        for part in (self.kept, self.outcome, self.advice):
            self.body.addWidget(part)
        self.body.addLayout(self.links)
        row = QHBoxLayout()
        row.addStretch(1)
        for one in (self.leave, self.preview, self.take):
            row.addWidget(one)
        self.body.addLayout(row)

    def _wire(self) -> None:
        self.readers.valueChanged.connect(self._readers_changed)
        self.load.valueChanged.connect(self._load_changed)
        self.preview.clicked.connect(self._presenter.propose)
        self.take.clicked.connect(self._take)
        self.leave.clicked.connect(self.closed)
        self._presenter.proposed.connect(self.show_proposal)

    def _readers_changed(self, count: int) -> None:
        self._presenter.per_application = count
        self._forget()

    def _load_changed(self, count: int) -> None:
        self._presenter.max_load = count
        self._forget()

    def _forget(self) -> None:
        self._step = None
        self.preview.show()
        for part in (self.outcome, self.advice, self.take):
            part.hide()
        self._clear_links()

    def show_proposal(self, proposal: Proposal) -> None:
        """Show what would change, or what stands in the way with links to it."""
        self._forget()
        self._step = proposal.step
        self.outcome.setText(proposal.what)
        self.advice.setText(proposal.why)
        self.outcome.show()
        self.advice.setVisible(bool(proposal.why))
        changes = proposal.step is not None and bool(proposal.step)
        self.take.setVisible(changes)
        self.preview.setVisible(not changes)
        if changes:
            self.take.setFocus()
        limits = dict.fromkeys(one.limit for one in proposal.shortages)
        for limit in limits:
            self.links.addWidget(label(limit, "warn", wrap=True))
            numbers = [one.application for one in proposal.shortages if one.limit == limit]
            for number in numbers[:MOST_LINKS]:
                self._add_link(number)
            if len(numbers) > MOST_LINKS:
                text = _("and {count} more").format(count=len(numbers) - MOST_LINKS)
                self.links.addWidget(label(text, "second"))

    def _add_link(self, number: str) -> None:
        link = button(number, "link")
        link.setAccessibleName(labelled(_("Show"), number))
        link.clicked.connect(lambda: self.went_to.emit(number))
        self.links.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def _clear_links(self) -> None:
        while (item := self.links.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _take(self) -> None:
        if self._step is not None:
            self._presenter.take_proposal(self._step)
            self._forget()
            self.closed.emit()
