"""What the desk shows of a round's results: the rule in words, every total, what was explained, what was frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qisp_desktop.base.bulk import collector_paused
from qisp_desktop.base.codec import digest_of
from qisp_desktop.base.errors import sentences
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.aggregation import Result
from qisp_desktop.domain.issuing import Explanation
from qisp_desktop.domain.panel import Expert
from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.round import Freeze
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.services.policy_words import policy_sentences
from qisp_desktop.services.results import RoundResults, compute, read_round, result_digest
from qisp_desktop.store.round_store import RoundStore


@dataclass(frozen=True)
class ResultsOverview:
    """The results with what stands beside them; ``explanations`` by expert and application."""

    computed: RoundResults
    experts: Mapping[str, Expert]
    explanations: Mapping[tuple[str, str], Explanation]

    @property
    def rubric(self) -> Rubric:
        """The scoring standard."""
        return self.computed.data.rubric

    @property
    def policy(self) -> Policy:
        """The round's own rule."""
        return self.computed.policy

    @property
    def freeze(self) -> Freeze | None:
        """The last freezing, if there was one."""
        return self.computed.data.freeze

    def changes_since_freeze(self) -> tuple[str, ...]:
        """What is not as it was when the result was frozen, in words; empty when all is, or nothing was frozen."""
        freeze = self.freeze
        if freeze is None:
            return ()
        found = (
            (freeze.policy != digest_of(self.policy), _("the rule")),
            (freeze.inputs != self.computed.data.inputs_digest(), _("the sheets, decisions or inspections")),
            (freeze.result != result_digest(self.computed.results), _("the result itself")),
        )
        return tuple(words for changed, words in found if changed)

    def unexplained(self, result: Result) -> tuple[str, ...]:
        """The experts whose totals deviate without an explanation."""
        return tuple(one.expert for one in result.deviations if (one.expert, result.number) not in self.explanations)


@dataclass(frozen=True)
class PolicyEffect:
    """What another rule would change: how many applications get another score, rank, grade or recommendation."""

    finals: int
    ranks: int
    grades: int
    recommendations: int

    def sentence(self) -> str:
        """In words."""
        if not any((self.finals, self.ranks, self.grades, self.recommendations)):
            return _("This rule would change nothing.")
        parts = (
            (self.finals, ngettext("{count} final score", "{count} final scores", self.finals)),
            (self.ranks, ngettext("{count} rank", "{count} ranks", self.ranks)),
            (self.grades, ngettext("{count} grade", "{count} grades", self.grades)),
            (self.recommendations, ngettext("{count} recommendation", "{count} recommendations", self.recommendations)),
        )
        return _("This rule would change: {what}.").format(
            what=_(", ").join(text.format(count=count) for count, text in parts if count)
        )


def results_overview(store: RoundStore) -> ResultsOverview:
    """The results of the open round, computed now."""
    with collector_paused():
        return ResultsOverview(
            compute(read_round(store)),
            {expert.id: expert for expert in store.all(Expert)},
            {(one.expert, one.application): one for one in store.all(Explanation)},
        )


def effect_of(before: tuple[Result, ...], after: tuple[Result, ...]) -> PolicyEffect:
    """How ``after`` differs from ``before``; both hold the same applications in the same order."""
    pairs = list(zip(before, after, strict=True))
    return PolicyEffect(
        sum(old.final != new.final for old, new in pairs),
        sum(old.rank != new.rank for old, new in pairs),
        sum(old.grade != new.grade for old, new in pairs),
        sum(old.recommendation != new.recommendation for old, new in pairs),
    )


def rule_in_words(policy: Policy, rubric: Rubric) -> str:
    """The rule by which sheets become a result (rules 3 to 7 of the evaluation) as running text."""
    return sentences(*policy_sentences(policy, rubric))
