"""The overview's board: how far each step is, the statutory clocks, and all that waits for a clerk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from qisp_desktop.domain.calendar import DayCount
from qisp_desktop.domain.desk_records import EntrySource, PaperEntry, SupplementNotice
from qisp_desktop.domain.issuing import Issue
from qisp_desktop.domain.panel import Recusal
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services import deciding, round_settings
from qisp_desktop.services.founding import RoundPlan, found_round
from qisp_desktop.services.overview_board import glance, quick_glance
from qisp_desktop.services.overview_values import UNKNOWN, Board, Waiting
from qisp_desktop.services.overview_waiting import board
from qisp_desktop.services.paper_mismatches import Mismatch, keep, known_mismatches, new_ones
from qisp_desktop.services.round_defaults import usual_policy
from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.store.round_store import RoundStore
from tests.unit.domain import values
from tests.unit.services.paper_rounds import EXPERTS, NUMBERS, UNSCORED, WAITING, make_round

TODAY = values.ACCEPTED_ON + timedelta(days=17)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round of five applications; tests copy it."""
    return make_round(tmp_path_factory.mktemp("made"))


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A copy of the round that the test may change."""
    own = tmp_path / made.name
    own.write_bytes(made.read_bytes())
    return own


def board_of(path: Path, today: date = TODAY) -> Board:
    with RoundStore.open(path, actor="test") as store:
        return board(store, today)


def waiting_of(path: Path, section: str, today: date = TODAY) -> list[Waiting]:
    return [one for one in board_of(path, today).waiting or () if one.section == section]


def put(path: Path, *records: object) -> None:
    with RoundStore.open(path, actor="test", write=True) as store, store.change("import") as change:
        change.put_all(records)


def steps_of(found: Board) -> dict[str, tuple[int, int]]:
    return {step.name: (step.done, step.total) for step in found.steps}


def test_the_steps_count_what_is_done_of_what_there_is_to_do(path: Path) -> None:
    found = board_of(path)

    # Five applications, one of them lacks a material; of the accepted four one has no sheets, and an expert left one.
    assert steps_of(found) == {
        "Applications imported": (5, 5),
        "Formal check decided": (4, 5),
        "Experts assigned": (4, 4),
        "Packages handed out": (0, 5),
        "Score sheets returned": (14, 19),
        "Results there": (3, 4),
        "Result frozen": (0, 1),
    }


def test_a_glance_without_the_database_library_tells_the_same_as_far_as_it_goes(path: Path) -> None:
    quick = quick_glance(path, TODAY)
    with RoundStore.open(path, actor="test") as store:
        assert quick == glance(store, TODAY)
        whole = board(store, TODAY)

    assert quick is not None
    assert quick.waiting is None
    assert quick.clocks == whole.clocks
    for seen, known in zip(quick.steps, whole.steps, strict=True):
        assert seen.done in (UNKNOWN, known.done)


@pytest.mark.parametrize("content", [b"", b"not a round", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_glance_at_what_is_no_sound_round_is_left_to_opening_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "round.qround"
    path.write_bytes(content)

    assert quick_glance(path, TODAY) is None
    assert path.read_bytes() == content
    assert quick_glance(tmp_path / "absent.qround", TODAY) is None


def test_a_glance_at_another_format_is_left_to_who_can_read_it(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE file_format SET minor = minor - 1")
        connection.commit()

    assert quick_glance(path, TODAY) is None


def test_a_glance_leaves_a_file_whose_writer_was_killed_to_who_opens_it(path: Path) -> None:
    journal = path.with_name(f"{path.name}-journal")
    journal.write_bytes(b"half done")

    assert quick_glance(path, TODAY) is None


def test_the_evaluation_is_on_its_seventeenth_day_of_thirty(path: Path) -> None:
    clock = board_of(path).clocks[0]

    assert (clock.day, clock.days, clock.running, clock.late) == (17, 30, True, False)
    assert clock.ends == values.ACCEPTED_ON + timedelta(days=30)


@pytest.mark.parametrize(("days", "late"), [(30, False), (31, True)])
def test_the_evaluation_is_late_from_the_day_after_its_last(path: Path, days: int, late: bool) -> None:
    assert board_of(path, values.ACCEPTED_ON + timedelta(days=days)).clocks[0].late is late


def test_a_round_that_counts_working_days_has_more_time(path: Path) -> None:
    policy = round_settings.settings_of(path).round.policy
    round_settings.set_policy(path, replace(policy, days=DayCount.WORKING))

    clock = board_of(path, values.ACCEPTED_ON + timedelta(days=31)).clocks[0]

    assert not clock.late
    assert clock.day < 25
    assert quick_glance(path, TODAY) is not None


def test_the_clock_stands_still_once_the_result_is_frozen(path: Path) -> None:
    deciding.freeze(path, reason="评审会议通过")

    evaluation, notice = board_of(path, date(2040, 1, 1)).clocks

    assert not evaluation.running
    assert evaluation.day == (date.today() - values.ACCEPTED_ON).days  # noqa: DTZ011  as the service does
    assert notice.ends == date(2040, 1, 11)


def test_what_is_changed_after_freezing_waits_first_and_nothing_before(path: Path) -> None:
    deciding.freeze(path, reason="评审会议通过")
    assert not any(one.urgent for one in waiting_of(path, "results"))

    put(path, Recusal(EXPERTS[0], NUMBERS[1], RecusalGround.KINSHIP, "亲属"))

    first = (board_of(path).waiting or ())[0]
    assert (first.section, first.urgent) == ("results", True)
    assert "评审会议通过" in first.which


def test_what_waits_in_this_round(path: Path) -> None:
    found = {(one.section, one.what): one for one in board_of(path).waiting or ()}

    assert {section for section, _what in found} == {"screening", "results", "issuing"}
    unasked = found["screening", "1 application lacks materials and has no letter of supplement yet"]
    assert (unasked.wish, unasked.which, unasked.urgent) == (WAITING, WAITING, False)
    (deviating,) = waiting_of(path, "results")
    assert deviating.what == "4 deviating totals have no explanation yet"  # 0 against 100, and 100 against the 0
    assert (deviating.wish, deviating.which.split()[0]) == ("deviating", NUMBERS[0])


def test_an_explained_deviation_waits_no_more(path: Path) -> None:
    for expert in EXPERTS[:4]:
        deciding.explain(path, expert, NUMBERS[0], text="已复核")

    assert waiting_of(path, "results") == []


def test_two_versions_of_a_sheet_wait_first_and_are_urgent(path: Path) -> None:
    with RoundStore.open(path, actor="test") as store:
        sheet = store.all(ScoreSheet, expert=EXPERTS[1], application=NUMBERS[1])[0]
    put(path, replace(sheet, issue="E002-9"))

    first = (board_of(path).waiting or ())[0]

    assert (first.section, first.urgent, first.wish) == ("collecting", True, NUMBERS[1])
    assert steps_of(board_of(path))["Results there"] == (2, 4)


def test_an_application_that_lost_its_quorum_waits_for_a_replacement(path: Path) -> None:
    put(path, *(Recusal(expert, UNSCORED, RecusalGround.KINSHIP, "亲属") for expert in EXPERTS[:3]))

    (lost,) = waiting_of(path, "experts")

    assert (lost.what, lost.wish, lost.urgent) == (
        "1 application has too few experts left for a result", UNSCORED, True,
    )  # fmt: skip


def test_a_supplement_is_overdue_from_the_day_after_its_date(path: Path) -> None:
    put(path, SupplementNotice(WAITING, ("审计报告",), TODAY, datetime.now(UTC), "li"))

    assert [one.urgent for one in waiting_of(path, "screening")] == []
    assert [one.what for one in waiting_of(path, "screening", TODAY + timedelta(days=1))] == ["1 supplement is overdue"]


def test_a_paper_that_was_entered_waits_until_it_is_confirmed(path: Path) -> None:
    put(path, PaperEntry(EXPERTS[0], UNSCORED, EntrySource.FIRST, 1, (), "", (), "li", datetime.now(UTC)))

    assert [one.what for one in waiting_of(path, "collecting")] == ["1 paper was entered and is not confirmed"]


def test_experts_without_a_package_and_with_one_that_lacks_something_are_named(path: Path) -> None:
    full = Issue(EXPERTS[0], 1, "E001-1", "", "", "m1", (*NUMBERS, UNSCORED), (), datetime.now(UTC))
    put(path, full, replace(full, expert=EXPERTS[1], id="E002-1", manifest="m2", scored=NUMBERS))

    texts = {one.what: one.wish for one in waiting_of(path, "issuing")}

    assert texts == {
        "3 experts have no package yet": EXPERTS[2:],
        "1 expert has a package without all that is assigned now: issue it again": EXPERTS[1:2],
    }
    assert [one.which for one in waiting_of(path, "collecting")] == [f"{EXPERTS[0]}, {EXPERTS[1]}"]


def test_an_empty_round_says_where_to_begin(tmp_path: Path) -> None:
    rubric, path = default_rubric(), tmp_path / "round.qround"
    found_round(path, RoundPlan(2028, "评价", "某局", rubric, usual_policy(rubric)), "right and long")

    found = board_of(path)

    assert [one.section for one in found.waiting or ()] == ["applications"]
    assert not any(step.complete for step in found.steps)
    assert "2028" in found.warning
    assert found.clocks[0].ends is None


def test_a_paper_that_differs_waits_until_a_newer_sheet_is_signed(path: Path) -> None:
    expert, number = EXPERTS[0], NUMBERS[0]
    with RoundStore.open(path, actor="test", write=True) as store:
        (held,) = store.all(ScoreSheet, expert=expert, application=number)
        with store.change("collect") as change:
            keep(change, [Mismatch(expert, number, held.digest, "总分与数据不同")])
        assert known_mismatches(store) == {held.digest: "总分与数据不同"}
        assert new_ones(store, [Mismatch(expert, number, held.digest, "再次比对")]) == []

    (waiting,) = [one for one in waiting_of(path, "collecting") if "shows something else" in one.what]
    assert (waiting.which, waiting.wish, waiting.urgent) == (f"{number} {expert}", number, False)

    put(path, replace(held, revision=held.revision + 1, previous=held.digest))
    assert not [one for one in waiting_of(path, "collecting") if "something else" in one.what]
