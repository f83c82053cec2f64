"""Another rule, tried without touching the round."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QSpinBox, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.policy import Aggregate, Policy
from qisp_desktop.gui.secretariat.results.presenter import ResultsPresenter
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.flow_layout import FlowLayout
from qisp_desktop.gui.widgets.segments import Choice, Segments

MOST_SHEETS = 99


class WhatIfCard(Card):
    """The parts of the rule that can be tried; hidden while nobody asks."""

    closed = Signal()

    def __init__(self, presenter: ResultsPresenter) -> None:
        super().__init__(_("What if – the round stays as it is"))
        self._presenter = presenter
        self.aggregate = Segments(
            [
                Choice(Aggregate.TRIMMED.value, _("Drop one highest and one lowest")),
                Choice(Aggregate.MEAN.value, _("Mean of all")),
            ]
        )
        self.aggregate.name(_("How totals become a score"))
        self.trim_min, self.quorum = QSpinBox(), QSpinBox()
        self.trim_min.setRange(3, MOST_SHEETS)
        self.quorum.setRange(1, MOST_SHEETS)
        self.pass_score, self.deviation = QDoubleSpinBox(), QDoubleSpinBox()
        for box in (self.pass_score, self.deviation):
            box.setDecimals(1)
            box.setSingleStep(1)
        self.deviation.setMinimum(0.5)
        self.problem, self.effect = label("", "bad", wrap=True), label("")
        self._lay_out()
        self._wire()

    def show_rule(self, policy: Policy, maximum: Decimal) -> None:
        """Show the rule that is being tried; nothing is sent."""
        boxes = (self.trim_min, self.quorum, self.pass_score, self.deviation)
        blockers = [QSignalBlocker(box) for box in boxes]
        self.aggregate.show_key(policy.aggregate.value)
        self.trim_min.setValue(policy.trim_min)
        self.quorum.setValue(policy.quorum)
        for box, value in ((self.pass_score, policy.pass_score), (self.deviation, policy.deviation)):
            box.setMaximum(float(maximum))
            box.setValue(float(value))
        self.trim_min.setEnabled(policy.aggregate is Aggregate.TRIMMED)
        del blockers

    def _lay_out(self) -> None:
        self.reset, self.leave = button(_("The round's own rule")), button(_("End what if"))
        self.corner.insertWidget(1, self.effect)
        self.corner.addWidget(self.reset)
        self.corner.addWidget(self.leave)
        flow = FlowLayout()
        flow.addWidget(self.aggregate)
        parts = (
            (_("drop from … sheets on"), self.trim_min),
            (_("sheets needed for a result"), self.quorum),
            (_("pass score"), self.pass_score),
            (_("deviation to explain"), self.deviation),
        )
        for text, box in parts:
            flow.addWidget(_named(text, box))
        self.body.addLayout(flow)
        self.body.addWidget(self.problem)
        self.problem.hide()

    def _wire(self) -> None:
        presenter = self._presenter
        self.aggregate.picked.connect(lambda key: presenter.try_rule(aggregate=Aggregate(key)))
        self.trim_min.valueChanged.connect(lambda value: presenter.try_rule(trim_min=value))
        self.quorum.valueChanged.connect(lambda value: presenter.try_rule(quorum=value))
        self.pass_score.valueChanged.connect(lambda _value: self._points(pass_score=self.pass_score))
        self.deviation.valueChanged.connect(lambda _value: self._points(deviation=self.deviation))
        presenter.rule_refused.connect(self._refuse)
        self.leave.clicked.connect(self.closed)
        self.reset.clicked.connect(self._reset)

    def _points(self, **boxes: QDoubleSpinBox) -> None:
        # The box shows one decimal; its text is exact where its number is not.
        self._presenter.try_rule(**{name: Decimal(f"{box.value():.1f}").normalize() for name, box in boxes.items()})

    def _refuse(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def _reset(self) -> None:
        self._presenter.end_what_if()
        self._presenter.begin_what_if()


def _named(text: str, box: QSpinBox | QDoubleSpinBox) -> QWidget:
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(8, 0, 8, 0)
    box.setAccessibleName(text)
    row.addWidget(label(text, "second"))
    row.addWidget(box)
    return whole
