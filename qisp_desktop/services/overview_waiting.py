"""What waits for a clerk: the whole board of the overview, with all that a glance leaves out.

To add something that can wait: a function here that yields it, named in ``_waiting``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from qisp_desktop.base.i18n import _, language, ngettext, using
from qisp_desktop.domain.aggregation import deviations
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.screening import ScreeningStatus
from qisp_desktop.services.overview_board import board_from, with_quorum
from qisp_desktop.services.overview_facts import Facts, read_facts
from qisp_desktop.services.overview_values import Board, Figures, Waiting
from qisp_desktop.store.round_store import RoundStore

NAMED = 3
"""So many applications or experts are named where something waits; the section lists them all."""
DEVIATING = "deviating"
"""The wish to see all applications with a deviation."""


def board(store: RoundStore, today: date) -> Board:
    """Where the round stands on ``today``, with everything that waits, the most urgent first."""
    # Asking for the language of thousands of reasons one by one takes a fifth of all this.
    with using(language()):
        return _board(store, today)


def _board(store: RoundStore, today: date) -> Board:
    facts = read_facts(store, today)
    current = {issue.expert for issue in facts.issues}
    readers = {expert for expert, _number in facts.due}
    open_states = (ScreeningStatus.TO_DECIDE, ScreeningStatus.TO_SUPPLEMENT)
    figures = Figures(
        applications=len(facts.screenings) or len(store.listing(Application, "number")),
        screened=sum(one.status not in open_states for one in facts.screenings),
        accepted=len(facts.accepted),
        assigned=with_quorum(facts.due, facts.round.policy.quorum),
        experts=len(readers),
        issued=len(readers & current),
        due=len(facts.due),
        returned=len(facts.held),
        decided=len(facts.decided),
    )
    return board_from(store, facts.round, figures, tuple(_waiting(facts, figures)), today)


def _waiting(facts: Facts, figures: Figures) -> Iterator[Waiting]:
    if not figures.applications:
        yield Waiting("applications", _("No applications yet"), _("Import the office's workbook."), urgent=False)
        return
    yield from _changed_since(facts)
    yield from _conflicts(facts)
    yield from _quorum_lost(facts)
    yield from _supplements(facts)
    yield from _screening(facts)
    yield from _unconfirmed(facts)
    yield from _differing_papers(facts)
    yield from _deviating(facts)
    yield from _panel(facts)
    yield from _packages(facts)
    yield from _not_back(facts)
    yield from _inspections(facts)
    yield from _to_freeze(facts, figures)


def _changed_since(facts: Facts) -> Iterator[Waiting]:
    if facts.changed_since and facts.frozen is not None:
        yield Waiting(
            "results",
            _("What the frozen result rests on was changed afterwards"),
            _("Frozen by {actor}: {reason}").format(actor=facts.frozen.by, reason=facts.frozen.reason),
            urgent=True,
        )


def _conflicts(facts: Facts) -> Iterator[Waiting]:
    if found := facts.conflicts:
        text = ngettext(
            "{count} score sheet exists in two versions and awaits a decision",
            "{count} score sheets exist in two versions and await a decision",
            len(found),
        )
        yield _named(
            "collecting", text, [f"{number} {expert}" for expert, number in found], wish=found[0][1], urgent=True
        )


def _quorum_lost(facts: Facts) -> Iterator[Waiting]:
    readers: dict[str, int] = {}
    for _expert, number in facts.due:
        readers[number] = readers.get(number, 0) + 1
    asked = {number for _expert, number in facts.assigned} & facts.accepted
    lost = sorted(number for number in asked if readers.get(number, 0) < facts.round.policy.quorum)
    if lost:
        text = ngettext(
            "{count} application has too few experts left for a result",
            "{count} applications have too few experts left for a result",
            len(lost),
        )
        yield _named("experts", text, lost, wish=lost[0], urgent=True)


def _supplements(facts: Facts) -> Iterator[Waiting]:
    wanted = [one.number for one in facts.screenings if one.status is ScreeningStatus.TO_SUPPLEMENT]
    overdue = [number for number in wanted if number in facts.notices and facts.notices[number].reply_by < facts.today]
    if overdue:
        text = ngettext("{count} supplement is overdue", "{count} supplements are overdue", len(overdue))
        yield Waiting("screening", text.format(count=len(overdue)), _some(overdue), urgent=True, wish=overdue[0])
    unasked = [number for number in wanted if number not in facts.notices]
    if unasked:
        text = ngettext(
            "{count} application lacks materials and has no letter of supplement yet",
            "{count} applications lack materials and have no letter of supplement yet",
            len(unasked),
        )
        yield _named("screening", text, unasked, wish=unasked[0])


def _screening(facts: Facts) -> Iterator[Waiting]:
    if facts.round.accepted_on is None:
        yield Waiting(
            "screening",
            _("The formal check has not been run"),
            _("It records the day of acceptance, from which the 30 days count."),
            urgent=False,
        )
    numbers = [one.number for one in facts.screenings if one.status is ScreeningStatus.TO_DECIDE]
    if numbers:
        text = ngettext(
            "{count} application awaits a decision of the formal check",
            "{count} applications await a decision of the formal check",
            len(numbers),
        )
        yield _named("screening", text, numbers, wish=numbers[0], urgent=True)


def _unconfirmed(facts: Facts) -> Iterator[Waiting]:
    found = sorted(facts.entered - facts.confirmed, key=lambda pair: (pair[1], pair[0]))
    if found:
        text = ngettext(
            "{count} paper was entered and is not confirmed",
            "{count} papers were entered and are not confirmed",
            len(found),
        )
        yield _named("collecting", text, [f"{number} {expert}" for expert, number in found], wish=found[0][1])


def _differing_papers(facts: Facts) -> Iterator[Waiting]:
    found = sorted(
        (number, expert)
        for (expert, number), standing in facts.held.items()
        if standing.record is not None and standing.record.digest in facts.differing
    )
    if found:
        text = ngettext(
            "{count} signed paper shows something else than the signed data",
            "{count} signed papers show something else than the signed data",
            len(found),
        )
        yield _named("collecting", text, [f"{number} {expert}" for number, expert in found], wish=found[0][0])


def _deviating(facts: Facts) -> Iterator[Waiting]:
    limit = facts.round.policy.deviation
    found = [
        (number, one.expert)
        for number, totals in sorted(facts.totals.items())
        for one in deviations(totals, limit)
        if (one.expert, number) not in facts.explained
    ]
    if found:
        text = ngettext(
            "{count} deviating total has no explanation yet",
            "{count} deviating totals have no explanation yet",
            len(found),
        )
        yield _named("results", text, [f"{number} {expert}" for number, expert in found], wish=DEVIATING)


def _panel(facts: Facts) -> Iterator[Waiting]:
    if not facts.experts:
        yield Waiting("experts", _("No experts yet"), _("Import the list of experts."), urgent=False)
        return
    unread = sorted(facts.accepted - {number for _expert, number in facts.assigned})
    if unread:
        text = ngettext(
            "{count} accepted application has no experts",
            "{count} accepted applications have no experts",
            len(unread),
        )
        yield _named("experts", text, unread, wish=unread[0])


def _packages(facts: Facts) -> Iterator[Waiting]:
    wanted: dict[str, set[str]] = {}
    for expert, number in facts.due:
        wanted.setdefault(expert, set()).add(number)
    issues = {issue.expert: issue for issue in facts.issues}
    missing = sorted(expert for expert in wanted if expert not in issues)
    # Issues of older programs do not say what they held.
    outdated = sorted(
        expert
        for expert, numbers in wanted.items()
        if expert in issues and issues[expert].at is not None and not numbers <= set(issues[expert].scored)
    )
    if missing:
        text = ngettext("{count} expert has no package yet", "{count} experts have no package yet", len(missing))
        yield Waiting("issuing", text.format(count=len(missing)), _some(missing), urgent=False, wish=tuple(missing))
    if outdated:
        text = ngettext(
            "{count} expert has a package without all that is assigned now: issue it again",
            "{count} experts have packages without all that is assigned now: issue them again",
            len(outdated),
        )
        yield _named("issuing", text, outdated, wish=tuple(outdated), urgent=True)


def _not_back(facts: Facts) -> Iterator[Waiting]:
    issued = {issue.expert for issue in facts.issues}
    missing = sorted({expert for expert, _number in facts.due - facts.held.keys()} & issued)
    if missing:
        text = ngettext(
            "{count} expert has not returned everything", "{count} experts have not returned everything", len(missing)
        )
        yield _named("collecting", text, missing, wish=missing[0])


def _inspections(facts: Facts) -> Iterator[Waiting]:
    due = sorted(number for number, experts in facts.planned.items() if experts and number not in facts.inspected)
    if due:
        text = ngettext(
            "{count} planned site inspection has not come back",
            "{count} planned site inspections have not come back",
            len(due),
        )
        yield _named("inspections", text, due, wish=due[0])


def _to_freeze(facts: Facts, figures: Figures) -> Iterator[Waiting]:
    if facts.frozen is None and figures.accepted and figures.decided == figures.accepted:
        yield Waiting(
            "results",
            _("Every accepted application has its result"),
            _("Look at the deviations, then freeze the result."),
            urgent=False,
        )


def _named(
    section: str, text: str, names: Sequence[str], *, wish: str | tuple[str, ...], urgent: bool = False
) -> Waiting:
    """What waits for each of ``names``, which ``text`` counts."""
    return Waiting(section, text.format(count=len(names)), _some(names), urgent=urgent, wish=wish)


def _some(names: Sequence[str]) -> str:
    shown = _(", ").join(names[:NAMED])
    return shown if len(names) <= NAMED else _("{names} …").format(names=shown)
