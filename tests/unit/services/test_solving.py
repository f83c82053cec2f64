"""Assignment by a solver: all hard limits, loads as even as they can be, and why when there is no way."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qisp_desktop.services.solving import Limits, Pair, Unsolvable, solve

APPLICATIONS = [f"A-{n}" for n in range(1, 7)]
EXPERTS = [f"E{n}" for n in range(1, 6)]


@st.composite
def rounds(draw: st.DrawFn) -> tuple[list[str], list[str], set[Pair], set[Pair], Limits]:
    applications = APPLICATIONS[: draw(st.integers(1, 6))]
    experts = EXPERTS[: draw(st.integers(1, 5))]
    pairs = sorted(product(applications, experts))
    forbidden = draw(st.sets(st.sampled_from(pairs), max_size=6))
    fixed = draw(st.sets(st.sampled_from(pairs), max_size=2)) - forbidden
    limits = Limits(draw(st.integers(1, 3)), draw(st.none() | st.integers(1, 6)))
    return applications, experts, forbidden, fixed, limits


def every_assignment(
    applications: list[str], experts: list[str], forbidden: set[Pair], fixed: set[Pair], limits: Limits
) -> list[Counter[str]]:
    """The loads of every assignment that keeps all limits, by trying all."""
    loads: list[Counter[str]] = [Counter()]
    for number in applications:
        allowed = [expert for expert in experts if (number, expert) not in forbidden]
        needed = {expert for expert in experts if (number, expert) in fixed}
        choices = [set(one) for one in combinations(allowed, limits.per_application) if needed <= set(one)]
        grown = {tuple(sorted((load + Counter(one)).items())) for load in loads for one in choices}
        most = limits.max_load or len(applications)
        loads = [Counter(dict(one)) for one in grown if all(count <= most for _expert, count in one)]
    return loads


@settings(max_examples=60)
@given(rounds())
def test_every_solution_keeps_all_limits_and_no_other_is_more_even(
    case: tuple[list[str], list[str], set[Pair], set[Pair], Limits],
) -> None:
    applications, experts, forbidden, fixed, limits = case
    possible = every_assignment(applications, experts, forbidden, fixed, limits)

    def spread(load: Counter[str]) -> int:
        return max(load[expert] for expert in experts) - min(load[expert] for expert in experts)

    if not possible:
        with pytest.raises(Unsolvable) as refused:
            solve(applications, experts, forbidden, fixed, limits)
        assert refused.value.shortages
        assert {one.application for one in refused.value.shortages} <= set(applications)
        assert all(one.limit for one in refused.value.shortages)
        return
    chosen = solve(applications, experts, forbidden, fixed, limits)
    assert len(set(chosen)) == len(chosen)
    assert fixed <= set(chosen)
    assert not forbidden & set(chosen)
    assert Counter(number for number, _expert in chosen) == dict.fromkeys(applications, limits.per_application)
    load = Counter(expert for _number, expert in chosen)
    assert max(load.values()) <= (limits.max_load or len(applications))
    assert spread(load) == min(map(spread, possible))


@settings(max_examples=25)
@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 9))
def test_without_conflicts_loads_differ_by_one_at_most(applications: int, experts: int, readers: int) -> None:
    assume(readers <= experts)
    numbers, names = [f"A-{n}" for n in range(applications)], [f"E{n}" for n in range(experts)]
    chosen = solve(numbers, names, set(), set(), Limits(readers, None))
    load = Counter(expert for _number, expert in chosen)
    assert max(load.values()) - min(load[name] for name in names) <= 1


def shortages(*arguments: object) -> dict[str, str]:
    with pytest.raises(Unsolvable) as refused:
        solve(*arguments)  # type: ignore[arg-type]
    assert all(one.application in str(refused.value) for one in refused.value.shortages)
    return {one.application: one.limit for one in refused.value.shortages}


def test_too_few_experts_without_conflict_are_named_for_the_application_that_lacks_them() -> None:
    forbidden = {("A-1", "E1"), ("A-1", "E2"), ("A-1", "E3")}
    found = shortages(APPLICATIONS, EXPERTS, forbidden, set(), Limits(3, None))
    assert found == {"A-1": "2 experts without conflict, 3 needed"}


def test_a_maximum_load_is_named_with_all_applications_that_compete_for_the_same_experts() -> None:
    # Only E1 may read; the others have room, but not for these two.
    forbidden = {(number, expert) for number in ("A-1", "A-2") for expert in EXPERTS[1:]}
    found = shortages(["A-1", "A-2", "A-3"], EXPERTS, forbidden, set(), Limits(1, 1))
    assert len(found) == 1
    (limit,) = found.values()
    assert "maximum load of 1" in limit
    assert "1 time, and 2 readings" in limit
    assert limit.endswith("A-1, A-2")


def test_what_is_fixed_beyond_a_limit_is_named() -> None:
    by_hand = {("A-1", "E1"), ("A-1", "E2"), ("A-2", "E1")}
    assert shortages(["A-1", "A-2"], EXPERTS, set(), by_hand, Limits(1, None)) == {
        "A-1": "2 experts are fixed by hand, have their package or scored already, 1 are asked for"
    }
    found = shortages(["A-1", "A-2"], EXPERTS, set(), by_hand, Limits(2, 1))
    assert set(found) == {"A-1", "A-2"}
    assert "E1 has 2 applications" in found["A-2"]


def test_more_readers_than_experts_are_refused_whatever_the_number() -> None:
    assert set(shortages(APPLICATIONS, EXPERTS, set(), set(), Limits(10**12, None))) == set(APPLICATIONS)
    assert set(shortages(APPLICATIONS, [], set(), set(), Limits(1, None))) == set(APPLICATIONS)


def test_the_same_round_is_assigned_in_the_same_way() -> None:
    first = solve(APPLICATIONS, EXPERTS, {("A-1", "E1")}, set(), Limits(3, None))
    assert all(solve(APPLICATIONS, EXPERTS, {("A-1", "E1")}, set(), Limits(3, None)) == first for _again in range(3))


def test_a_large_round_is_even_to_one() -> None:
    numbers, names = [f"A-{n:03d}" for n in range(300)], [f"E{n}" for n in range(9)]
    chosen = solve(numbers, names, {(number, "E1") for number in numbers[:30]}, set(), Limits(5, None))
    load = Counter(expert for _number, expert in chosen)
    assert len(chosen) == 1500
    assert set(load.values()) <= {166, 167}


@settings(max_examples=40)
@given(rounds())
def test_solving_again_changes_nothing_that_need_not_change(
    case: tuple[list[str], list[str], set[Pair], set[Pair], Limits],
) -> None:
    applications, experts, forbidden, fixed, limits = case
    assume(every_assignment(applications, experts, forbidden, fixed, limits))
    first = solve(applications, experts, forbidden, fixed, limits)

    again = solve(applications, experts, forbidden, fixed, limits, held=first)

    assert sorted(again) == sorted(first)


def test_asking_for_one_reader_more_takes_nobody_away() -> None:
    first = solve(APPLICATIONS, EXPERTS, set(), set(), Limits(2, None))
    more = solve(APPLICATIONS, EXPERTS, set(), set(), Limits(3, None), held=first)
    assert set(first) < set(more)
