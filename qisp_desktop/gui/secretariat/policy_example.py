"""A policy in words, and an example of it computed while it is set."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import Card, label
from qisp_desktop.services.policy_words import (
    PolicyExample,
    example_totals,
    policy_example,
    policy_sentences,
    totals_in,
)


class PolicyExampleCard(Card):
    """The rule in sentences; below it totals that can be changed, and what the rule makes of them."""

    def __init__(self) -> None:
        super().__init__(_("What it means"))
        self._policy: Policy | None = None
        self._rubric: Rubric | None = None
        self.words = label("", wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(self.words)
        self.body.addWidget(label(_("An example"), "heading"))
        self.totals = QLineEdit()
        self.totals.setAccessibleName(_("Totals of the example"))
        self.totals.setToolTip(_("Totals of the experts, with blanks between them"))
        self.totals.textEdited.connect(lambda _text: self._compute())
        self.body.addWidget(self.totals)
        self.marked = QLabel()
        self.marked.setTextFormat(Qt.TextFormat.RichText)
        self.outcome = label("", "heading", wrap=True)
        self.body.addWidget(self.marked)
        self.body.addWidget(self.outcome)
        self.body.addStretch(1)

    def set_rubric(self, rubric: Rubric) -> None:
        """Use totals of ``rubric``."""
        if self._rubric is None or self._rubric.digest != rubric.digest:
            self.totals.setText(
                " ".join(rubric.points_text(total).removesuffix(".0") for total in example_totals(rubric))
            )
        self._rubric = rubric

    def show_policy(self, policy: Policy | None) -> None:
        """Show what ``policy`` does; None leaves the words that stand, and computes nothing."""
        self._policy = policy
        if policy is not None and self._rubric is not None:
            self.words.setText("\n".join(f"· {sentence}" for sentence in policy_sentences(policy, self._rubric)))
        self._compute()

    def _compute(self) -> None:
        totals = None if self._rubric is None else totals_in(self.totals.text(), self._rubric)
        if self._policy is None or self._rubric is None or totals is None:
            self.marked.setText("")
            self._say("" if totals is not None else _("Type totals such as 92 88 85 80 61."), "second")
            return
        example = policy_example(self._policy, totals)
        self.marked.setText("&nbsp;&nbsp; ".join(_marked(example, self._rubric)))
        self.marked.setAccessibleName(_spoken(example, self._rubric))
        self._say(example.outcome, "good" if example.passes else "warn")

    def _say(self, text: str, look: str) -> None:
        self.outcome.setText(text)
        if self.outcome.property("role") != look:
            self.outcome.setProperty(*role(look))
            self.outcome.style().unpolish(self.outcome)
            self.outcome.style().polish(self.outcome)


def _marked(example: PolicyExample, rubric: Rubric) -> list[str]:
    """Each total; a dropped one is struck through, a deviating one says so."""
    texts = []
    for total in example.totals:
        text = rubric.points_text(total.points)
        if total.dropped:
            text = f"<s>{text}</s>"
        if total.deviates:
            text += " <small>({})</small>".format(_("deviates"))
        texts.append(text)
    return texts


def _spoken(example: PolicyExample, rubric: Rubric) -> str:
    parts = []
    for total in example.totals:
        words = [rubric.points_text(total.points)]
        words += [_("dropped")] if total.dropped else []
        words += [_("deviates")] if total.deviates else []
        parts.append(" ".join(words))
    return _(", ").join(parts)
