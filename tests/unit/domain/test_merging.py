"""What counts of all that was received follows from the set, never from the order or the repetition."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.domain.merging import HARMLESS, Received, Resolution, standing, standings, verdict
from tests.unit.domain.values import rubric, sheet


@dataclass(frozen=True)
class Record:
    """The least that is merged."""

    expert: str
    application: str
    revision: int
    content: str

    @property
    def identity(self) -> tuple[str, str]:
        return self.expert, self.application

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(self).encode()).hexdigest()


def judged(one: Record, held: Mapping[str, int], decided: str = "") -> Received:
    return verdict(one.revision, one.digest, held, decided)


def record(revision: int, content: str = "", expert: str = "E1", application: str = "A1") -> Record:
    return Record(expert, application, revision, content)


def decide(winner: Record, *among: Record) -> Resolution:
    digests = tuple(sorted(one.digest for one in among))
    return Resolution(*winner.identity, winner.revision, winner.digest, digests, "clerk", "the paper says so")


RECORDS = st.lists(
    st.builds(
        record, st.integers(1, 3), st.sampled_from("xyz"), st.sampled_from(["E1", "E2"]), st.sampled_from(["A1"])
    ),
    min_size=1,
    max_size=12,
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Record], list[Resolution]]:
    """Everything received, and decisions about some of its conflicts, sensible or not."""
    records = draw(RECORDS)
    pick = st.sampled_from(records)
    decisions = draw(st.lists(st.tuples(pick, st.lists(pick, max_size=4)), max_size=4))
    return records, [decide(winner, winner, *others) for winner, others in decisions]


@given(histories(), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_of_records_and_decisions_gives_the_same_standing(
    history: tuple[list[Record], list[Resolution]], chance: random.Random
) -> None:
    records, decisions = history
    shuffled, reordered = records + chance.choices(records, k=5), decisions + decisions
    chance.shuffle(shuffled)
    chance.shuffle(reordered)
    assert standings(shuffled, reordered) == standings(records, decisions)


@given(RECORDS, st.data())
def test_collecting_in_two_portions_comes_to_the_same_as_collecting_at_once(
    records: list[Record], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(records)))
    held: dict[str, Record] = {}
    for portion in (records[cut:], records[:cut], records[cut:]):
        held |= {one.digest: one for one in portion}
    assert standings(held.values()) == standings(records)


@given(RECORDS)
def test_no_record_counts_beside_a_newer_one_and_none_silently_beside_a_rival(records: list[Record]) -> None:
    for identity, found in standings(records).items():
        own = {one for one in records if one.identity == identity}
        newest = {one for one in own if one.revision == max(other.revision for other in own)}
        assert found.in_conflict == (len(newest) > 1)
        assert found.record == (newest.pop() if not found.in_conflict else None)


@given(RECORDS)
def test_once_all_is_held_every_verdict_agrees_with_the_standing_and_says_so_again(records: list[Record]) -> None:
    found = standings(records)
    for one in records:
        held = {other.digest: other.revision for other in records if other.identity == one.identity}
        own = found[one.identity]
        expected = (
            Received.SUPERSEDED
            if one.revision < max(held.values())
            else Received.CONFLICT
            if own.in_conflict
            else Received.UNCHANGED
        )
        assert judged(one, held) is expected


def test_the_same_revision_with_another_content_is_a_conflict_in_either_order() -> None:
    x, y = record(1, "x"), record(1, "y")
    for first, second in ((x, y), (y, x)):
        assert judged(second, {first.digest: 1}) is Received.CONFLICT
        found = standing([first, second])
        assert found.in_conflict
        assert found.rivals == tuple(sorted((x, y), key=lambda one: one.digest))


def test_an_older_revision_is_superseded_and_a_newer_one_accepted() -> None:
    assert judged(record(1), {record(2).digest: 2}) is Received.SUPERSEDED
    assert judged(record(3), {record(2).digest: 2}) is Received.ACCEPTED
    assert judged(record(1), {}) is Received.ACCEPTED


def test_of_a_decided_conflict_the_chosen_content_is_unchanged_and_the_other_superseded() -> None:
    x, y = record(1, "x"), record(1, "y")
    held = {x.digest: 1, y.digest: 1}
    assert judged(y, held, decided=y.digest) is Received.UNCHANGED
    assert judged(x, held, decided=y.digest) is Received.SUPERSEDED
    assert judged(x, held) is Received.CONFLICT
    assert judged(record(1, "z"), held, decided=y.digest) is Received.CONFLICT


def test_a_newer_revision_ends_the_conflict_of_an_older_one() -> None:
    found = standing([record(1, "x"), record(1, "y"), record(2)])
    assert (found.record, found.rivals) == (record(2), ())


def test_a_decision_makes_its_choice_count_and_keeps_the_rivals_in_sight() -> None:
    x, y = record(1, "x"), record(1, "y")
    found = standing([x, y], [decide(y, x, y)])
    assert found.record == y
    assert set(found.rivals) == {x, y}


def test_a_decision_falls_when_a_content_comes_that_the_clerk_had_not_seen() -> None:
    x, y, z = record(1, "x"), record(1, "y"), record(1, "z")
    assert standing([x, y, z], [decide(y, x, y)]).in_conflict
    assert standing([x, y, z], [decide(y, x, y), decide(z, x, y, z)]).record == z


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_decisions_that_contradict_each_other_decide_nothing(order: Sequence[int]) -> None:
    x, y = record(1, "x"), record(1, "y")
    decisions = [decide(x, x, y), decide(y, x, y)]
    assert standing([x, y], [decisions[n] for n in order]).in_conflict


def test_a_decision_about_another_revision_another_content_or_another_sheet_decides_nothing() -> None:
    x, y = record(2, "x"), record(2, "y")
    old, stranger = record(1, "x"), record(2, "x", expert="E2")
    assert standings([x, y], [decide(old, x, y), decide(stranger, x, y, stranger)])["E1", "A1"].in_conflict
    gone = record(2, "gone")
    assert standing([x, y], [decide(gone, x, y, gone)]).in_conflict


def test_real_sheets_are_told_apart_by_a_single_score() -> None:
    of = rubric(Q=("10",))
    low, high = sheet(of, ["7"]), sheet(of, ["7.5"])
    assert standing([low, high]).in_conflict
    assert standing([low, sheet(of, ["7.0"])]).record == low


def test_only_verdicts_that_ask_nothing_of_the_clerk_are_harmless() -> None:
    assert {one.value for one in HARMLESS} == {"accepted", "unchanged", "superseded"}
