"""Undo and redo as values."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.domain.score_sheet import DraftSheet
from qisp_desktop.gui.panel.desk.commands import LONGEST_HISTORY, PAUSE_S, Change, History
from qisp_desktop.services.desk_editing import Entry


def entry(revision: int) -> Entry:
    return Entry(DraftSheet("A", revision, "", "", ()))


def change(before: int, after: int, series: str = "", at: float = 0.0) -> Change:
    return Change("A", "Q1", entry(before), entry(after), f"to {after}", series, at)


@given(st.lists(st.booleans(), max_size=30))
def test_undoing_and_doing_again_walks_the_same_path_back_and_forth(ways: list[bool]) -> None:
    history, states, place = History(), 12, 12
    for state in range(states):
        history.add(change(state, state + 1))
    for back in ways:
        if back:
            undone = history.undo()
            assert (undone is None) == (place == 0)
            if undone is not None:
                assert (undone.before, undone.after) == (entry(place - 1), entry(place))
                place -= 1
        else:
            done = history.redo()
            assert (done is None) == (place == states)
            if done is not None:
                assert (done.before, done.after) == (entry(place), entry(place + 1))
                place += 1


def test_the_keystrokes_of_one_remark_are_one_change() -> None:
    history = History()
    for key in range(5):
        history.add(change(key, key + 1, "remark Q1", at=key * 0.2))
    undone = history.undo()
    assert undone is not None
    assert (undone.before, undone.after) == (entry(0), entry(5))
    assert history.undo() is None


def test_a_pause_another_field_or_another_application_begins_a_new_change() -> None:
    for second in (
        change(1, 2, "remark Q1", at=PAUSE_S + 0.1),
        change(1, 2, "remark Q2", at=0.1),
        replace(change(1, 2, "remark Q1", at=0.1), number="B"),
        change(1, 2, "", at=0.1),
    ):
        history = History()
        history.add(change(0, 1, "remark Q1"))
        history.add(second)
        assert history.undo() == second


def test_after_an_undo_typing_on_is_a_change_of_its_own_and_nothing_is_left_to_do_again() -> None:
    history = History()
    history.add(change(0, 1, "points Q1"))
    history.add(change(1, 2, "points Q2"))
    history.undo()
    history.add(change(1, 3, "points Q1", at=0.1))
    assert history.redo() is None
    undone = history.undo()
    assert undone is not None
    assert undone.before == entry(1)


def test_the_oldest_changes_are_forgotten_first() -> None:
    history = History()
    for state in range(LONGEST_HISTORY + 5):
        history.add(change(state, state + 1))
    count = 0
    while history.undo():
        count += 1
    assert count == LONGEST_HISTORY
