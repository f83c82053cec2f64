"""Applications at the desk: listed, corrected with both values kept, given materials, taken out while nothing rests on
them; and the formal check that is decided by hand, undone, and asks for supplements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import using
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.calendar import DayCount
from qisp_desktop.domain.desk_records import Mending, SupplementNotice
from qisp_desktop.domain.issuing import Issue
from qisp_desktop.domain.panel import AssignedBy, Assignment
from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.domain.round import Round
from qisp_desktop.domain.screening import ScreeningDecision, ScreeningStatus
from qisp_desktop.services.application_fields import correct, put_back, remove
from qisp_desktop.services.intake import intake, intake_detail
from qisp_desktop.services.material_giving import give_materials, put_material_back, take_material_away
from qisp_desktop.services.public_calendar import is_working_day
from qisp_desktop.services.screening import decide_all, let_computed_stand, screenings
from qisp_desktop.services.screening_board import screening_board
from qisp_desktop.services.steps import take
from qisp_desktop.services.supplements import (
    SUPPLEMENT_DAYS,
    ask_for_supplements,
    default_reply_by,
    save_letters,
)
from qisp_desktop.store.round_store import RoundStore
from tests.unit.documents.samples import text_of
from tests.unit.domain.values import ACCEPTED_ON, YEAR, application, expert, rubric

RUBRIC = rubric()
TODAY = ACCEPTED_ON + timedelta(days=3)
REASON = "营业执照更正"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RoundStore]:
    """A-1 is whole, A-2 lacks its materials, A-3 has too few persons."""
    value = Round(
        "round", YEAR, "评价", "局", "zh_CN", Policy(tie_break=("P", "Q")), RUBRIC.digest, "PEM", "age1", ACCEPTED_ON
    )
    with RoundStore.create(tmp_path / "round.qround", value, RUBRIC, actor="li@office") as store:
        with store.change("import applications") as change:
            change.put_all(
                [application(number="A-1"), application(number="A-2", materials=()), application(number="A-3", staff=3)]
            )
        yield store


def status(store: RoundStore, number: str) -> ScreeningStatus:
    return next(one.status for one in screenings(store, store.round()) if one.number == number)


# --------------------------------------------------------------------------------------------------- the applications


def test_the_table_says_what_is_missing_and_what_the_formal_check_says(store: RoundStore) -> None:
    rows = {row.number: row for row in intake(store).rows}

    assert [(row.materials, row.status) for row in rows.values()] == [
        (7, ScreeningStatus.ACCEPTED),
        (0, ScreeningStatus.TO_SUPPLEMENT),
        (7, ScreeningStatus.REFUSED),
    ]
    assert len(rows["A-2"].missing) == 7


def test_a_corrected_field_keeps_what_stood_there_who_and_why(store: RoundStore) -> None:
    before = intake(store)

    correct(store, "A-3", "staff", "25人", reason=REASON)
    correct(store, "A-3", "served2025", "400", reason=REASON)

    held = store.get(Application, "A-3")
    assert held is not None
    assert (held.staff, held.served[-1].count) == (25, 400)
    first, second = store.all(Mending, number="A-3")
    assert (first.book, first.column, first.before, first.after, first.reason) == (
        "",
        "企业服务人员数",
        "3",
        "25",
        REASON,
    )
    assert (first.row, second.row) == (1, 2)
    row = next(row for row in intake(store).rows if row.number == "A-3")
    assert (row.mended, row.status) == (2, ScreeningStatus.ACCEPTED)
    assert before.rows[2].staff == 3


@pytest.mark.parametrize(("key", "text"), [("staff", "许多"), ("uscc", "123"), ("started_on", ""), ("platform", " ")])
def test_a_correction_that_no_workbook_could_say_is_refused(store: RoundStore, key: str, text: str) -> None:
    held = store.get(Application, "A-1")

    with pytest.raises(UserError):
        correct(store, "A-1", key, text, reason=REASON)

    assert store.get(Application, "A-1") == held
    assert store.all(Mending) == []


def test_a_correction_needs_a_reason_and_a_change(store: RoundStore) -> None:
    head = store.audit_head()

    with pytest.raises(UserError):
        correct(store, "A-1", "phone", "13900000000", reason=" ")
    correct(store, "A-3", "staff", "3", reason=REASON)

    assert store.audit_head() == head


def test_what_experts_have_in_their_hands_is_not_corrected_any_more(store: RoundStore) -> None:
    with store.change("issue") as change:
        change.put(expert())
        change.put(Assignment("E001", "A-1", AssignedBy.AUTO))
        change.put(Issue("E001", 1, "E001-1", "age1", "PEM", "m"))

    with pytest.raises(UserError, match="no longer"):
        correct(store, "A-1", "staff", "25", reason=REASON)

    detail = intake_detail(store, "A-1")
    assert detail is not None
    assert "E001" in detail.fixed


def test_an_application_is_removed_and_put_back_while_nothing_rests_on_it(store: RoundStore) -> None:
    removed = remove(store, "A-2", reason="重复申报")
    assert [row.number for row in intake(store).rows] == ["A-1", "A-3"]

    put_back(store, removed)

    assert [row.number for row in intake(store).rows] == ["A-1", "A-2", "A-3"]
    assert "重复申报" in [event.detail for event in store.audit_events()]


def test_an_application_that_was_entered_anew_is_not_overwritten_by_an_undo(store: RoundStore) -> None:
    removed = remove(store, "A-2", reason="重复申报")
    anew = replace(removed, applicant="更正后的申报单位")
    with store.change("import applications") as change:
        change.put(anew)

    with pytest.raises(UserError, match="cannot be done any more"):
        put_back(store, removed)
    assert store.get(Application, "A-2") == anew


def test_an_application_on_which_something_rests_is_not_removed(store: RoundStore) -> None:
    decide_all(store, ["A-1"], ScreeningStatus.REFUSED, reason="材料不实")

    with using("en"), pytest.raises(UserError, match="cannot be removed") as refused:
        remove(store, "A-1", reason="重复申报")

    assert "a decision of the formal check" in refused.value.why


def test_given_files_are_materials_of_the_kinds_their_names_tell_or_the_clerk_says(
    store: RoundStore, tmp_path: Path
) -> None:
    named, unnamed = tmp_path / "4_审计报告.pdf", tmp_path / "扫描件.pdf"
    named.write_bytes(b"%PDF-1.4 a")
    unnamed.write_bytes(b"%PDF-1.4 b")

    told = give_materials(store, "A-2", [named, unnamed])
    said = give_materials(store, "A-2", [unnamed], MaterialKind.RULES)
    again = give_materials(store, "A-2", [named])

    assert [one.kind for one in told.added] == [MaterialKind.AUDIT_REPORT]
    assert (told.unmatched, len(said.added), again.added) == ((unnamed,), 1, ())
    detail = intake_detail(store, "A-2")
    assert detail is not None
    assert [(line.material.kind.value, "li@office" in line.added) for line in detail.materials] == [
        ("3", True),
        ("4", True),
    ]
    assert store.file(told.added[0].sha256).read_bytes() == b"%PDF-1.4 a"


def test_a_folder_or_a_link_is_no_material(store: RoundStore, tmp_path: Path) -> None:
    target = tmp_path / "1_申请书.pdf"
    target.write_bytes(b"%PDF-1.4")
    link = tmp_path / "link.pdf"
    link.symlink_to(target)

    for path in (tmp_path, link, tmp_path / "none.pdf"):
        with pytest.raises(UserError):
            give_materials(store, "A-2", [path], MaterialKind.RULES)


def test_a_material_is_taken_away_and_put_back(store: RoundStore) -> None:
    held = store.get(Application, "A-1")
    assert held is not None
    material = held.materials[0]

    take_material_away(store, "A-1", material)
    assert status(store, "A-1") is ScreeningStatus.TO_SUPPLEMENT
    put_material_back(store, "A-1", material)

    assert store.get(Application, "A-1") == held


def test_nothing_is_known_of_an_application_that_is_not_there(store: RoundStore, tmp_path: Path) -> None:
    assert intake_detail(store, "A-9") is None
    for act in (
        lambda: correct(store, "A-9", "staff", "3", reason=REASON),
        lambda: remove(store, "A-9", reason=REASON),
        lambda: give_materials(store, "A-9", []),
        lambda: ask_for_supplements(store, ["A-9"], TODAY + timedelta(days=5), today=TODAY),
    ):
        with pytest.raises(UserError, match="A-9"):
            act()


# ---------------------------------------------------------------------------------------------------- the formal check


def test_several_are_decided_with_one_reason_and_all_of_it_is_undone(store: RoundStore) -> None:
    decide_all(store, ["A-1"], ScreeningStatus.REFUSED, reason="先前的认定")

    step = decide_all(store, ["A-1", "A-3"], ScreeningStatus.ACCEPTED, reason="已核实人员名册")
    assert (status(store, "A-1"), status(store, "A-3")) == (ScreeningStatus.ACCEPTED, ScreeningStatus.ACCEPTED)
    take(store, step.reversed)

    assert (status(store, "A-1"), status(store, "A-3")) == (ScreeningStatus.REFUSED, ScreeningStatus.REFUSED)
    assert [one.application for one in store.all(ScreeningDecision)] == ["A-1"]


def test_an_undo_overwrites_no_later_decision(store: RoundStore) -> None:
    step = decide_all(store, ["A-1"], ScreeningStatus.REFUSED, reason="先前的认定")
    decide_all(store, ["A-1"], ScreeningStatus.ACCEPTED, reason="另一位经办人的认定")
    assert store.all(ScreeningDecision), "read again, as a window does after each change"

    with pytest.raises(UserError, match="cannot be done any more"):
        take(store, step.reversed)
    assert status(store, "A-1") is ScreeningStatus.ACCEPTED


def test_the_computed_result_stands_again_and_its_undo_puts_the_decision_back(store: RoundStore) -> None:
    decide_all(store, ["A-1"], ScreeningStatus.REFUSED, reason="先前的认定")

    step = let_computed_stand(store, "A-1")
    assert store.all(ScreeningDecision) == []
    take(store, step.reversed)

    assert status(store, "A-1") is ScreeningStatus.REFUSED
    assert not let_computed_stand(store, "A-2"), "there is nothing to take back"


def test_a_decision_without_a_reason_changes_nothing(store: RoundStore) -> None:
    with pytest.raises(UserError):
        decide_all(store, ["A-3"], ScreeningStatus.ACCEPTED, reason="\n")

    assert store.all(ScreeningDecision) == []


def test_the_board_explains_each_verdict_and_counts_the_days_from_acceptance(store: RoundStore) -> None:
    with using("en"):
        board = screening_board(store, TODAY)

    assert (board.accepted_on, board.day, board.ends) == (ACCEPTED_ON, 3, ACCEPTED_ON + timedelta(days=30))
    row = board.rows[2]
    assert "3 persons serve enterprises, 10 needed" in row.condition("5").why
    assert row.files[MaterialKind.RULES]
    assert screening_board(store, board.ends + timedelta(days=1)).late


def test_before_acceptance_the_board_judges_by_today(store: RoundStore) -> None:
    with store.change("screen") as change:
        change.put(replace(store.round(), accepted_on=None))

    board = screening_board(store, TODAY)

    assert (board.accepted_on, board.judged_on, board.late) == (None, TODAY, False)
    assert intake(store).rows[0].status is None


def test_the_board_sees_what_was_corrected_since(store: RoundStore) -> None:
    assert screening_board(store, TODAY).rows[2].status is ScreeningStatus.REFUSED

    correct(store, "A-3", "staff", "25", reason=REASON)

    assert screening_board(store, TODAY).rows[2].status is ScreeningStatus.ACCEPTED


def test_a_supplement_is_asked_for_by_a_day_and_is_overdue_after_it(store: RoundStore, tmp_path: Path) -> None:
    until = TODAY + timedelta(days=5)
    (notice,) = ask_for_supplements(store, ["A-2"], until, today=TODAY)
    assert notice.missing == tuple(kind.value for kind in MaterialKind)
    file = tmp_path / "4_审计报告.pdf"
    file.write_bytes(b"%PDF-1.4")

    give_materials(store, "A-2", [file])

    row = screening_board(store, until).rows[1]
    assert (row.overdue, len(row.awaited), MaterialKind.AUDIT_REPORT in row.awaited) == (False, 6, False)
    assert screening_board(store, until + timedelta(days=1)).rows[1].overdue


def test_who_lacks_nothing_is_not_asked_and_no_day_may_have_passed(store: RoundStore) -> None:
    with pytest.raises(UserError, match="nothing to supplement"):
        ask_for_supplements(store, ["A-2", "A-1"], TODAY + timedelta(days=5), today=TODAY)
    for day in (TODAY, TODAY + timedelta(days=400)):
        with pytest.raises(UserError, match="cannot be the last day"):
            ask_for_supplements(store, ["A-2"], day, today=TODAY)

    assert store.all(SupplementNotice) == []


@pytest.mark.parametrize("count", list(DayCount))
def test_the_proposed_day_is_a_working_day_counted_as_the_round_counts(store: RoundStore, count: DayCount) -> None:
    value = store.round()
    value = replace(value, policy=replace(value.policy, days=count))

    day = default_reply_by(value, date(2026, 9, 24), is_working_day)  # the holidays of October follow

    assert is_working_day(day)
    assert day - date(2026, 9, 24) >= timedelta(days=SUPPLEMENT_DAYS)


def test_the_letter_names_what_is_missing_and_the_day(store: RoundStore, tmp_path: Path) -> None:
    ask_for_supplements(store, ["A-2"], date(YEAR, 12, 11), today=TODAY)

    with using("en"):
        (path,) = save_letters(store, ["A-2"], tmp_path / "letters")

    text = text_of(path.read_bytes(), tmp_path)
    assert "12月11日" in text
    assert "上年度财务审计报告" in text
