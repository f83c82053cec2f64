"""What the desk shows of a round's results: the rule in words, every total, what was explained, what was frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qisp_desktop.base.bulk import collector_paused, let_go
from qisp_desktop.base.errors import sentences
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.aggregation import Result, Sums, results_under
from qisp_desktop.domain.issuing import Explanation
from qisp_desktop.domain.panel import Expert
from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.round import Freeze
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.services.policy_words import policy_sentences
from qisp_desktop.services.results import ResultDigests, compute, read_round
from qisp_desktop.store.round_store import RoundStore


@dataclass(frozen=True)
class ResultsOverview:
    """The results under the round's own ``policy``, in the order of application numbers, with what stands beside them:
    ``sums`` for other policies, the last freezing, ``explanations`` by expert and application.

    The sheets themselves are not held: hundreds of thousands of scores would make every look of the garbage collector
    a stutter.
    """

    results: tuple[Result, ...]
    sums: tuple[Sums, ...]
    rubric: Rubric
    policy: Policy
    freeze: Freeze | None
    digests: ResultDigests
    experts: Mapping[str, Expert]
    explanations: Mapping[tuple[str, str], Explanation]

    def under(self, policy: Policy) -> tuple[Result, ...]:
        """What the results would be under ``policy``: a "what if" that changes nothing."""
        return tuple(results_under(policy, self.sums))

    def changes_since_freeze(self) -> tuple[str, ...]:
        """What is not as it was when the result was frozen, in words; empty when all is, or nothing was frozen."""
        freeze = self.freeze
        if freeze is None:
            return ()
        found = (
            (freeze.policy != self.digests.policy, _("the rule")),
            (freeze.inputs != self.digests.inputs, _("the sheets, decisions or inspections")),
            (freeze.result != self.digests.result, _("the result itself")),
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
        computed = compute(read_round(store))
        data, sheets = computed.data, [*computed.data.sheets, *computed.data.applications]
        shown = ResultsOverview(
            computed.results,
            computed.sums,
            data.rubric,
            computed.policy,
            data.freeze,
            computed.digests(),
            {expert.id: expert for expert in store.all(Expert)},
            {(one.expert, one.application): one for one in store.all(Explanation)},
        )
        del computed, data
        let_go(sheets)
        return shown


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
