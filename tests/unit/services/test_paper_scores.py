"""Scores on paper: entered twice, settled, confirmed; then they count like signed ones and say where they came from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.desk_records import EntrySource, PaperOrigin
from qisp_desktop.domain.merging import Received
from qisp_desktop.domain.paper_state import same_clerk
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import LONGEST_REMARK, ItemScore, ScoreSheet
from qisp_desktop.services.board import collecting_board
from qisp_desktop.services.board_data import BoardCell, BoardState
from qisp_desktop.services.compared_sheets import compare, held_of
from qisp_desktop.services.exporting import export_open
from qisp_desktop.services.held_returns import read_held
from qisp_desktop.services.paper_scores import (
    confirm_form,
    confirm_typed,
    discard_entries,
    enter,
    paper_state,
    paper_states,
    recuse_on_paper,
    take_back_recusal,
    withdraw,
)
from qisp_desktop.services.results import compute, read_round
from qisp_desktop.store.round_store import RoundStore
from tests.unit.services import paper_rounds
from tests.unit.services.paper_rounds import UNSCORED

EXPERT = "E001"
LI, WANG, ZHAO = "李", "王", "赵"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paper_rounds.make_round(tmp_path_factory.mktemp("paper"))


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Iterator[RoundStore]:
    path = tmp_path / made.name
    shutil.copyfile(made, path)
    with RoundStore.open(path, actor="clerk", write=True) as opened:
        yield opened


def scores(rubric: Rubric, **points: str) -> tuple[ItemScore, ...]:
    """Full marks, but for ``points``."""
    return tuple(
        ItemScore(c.code, Decimal(points.get(c.code, str(c.maximum))), "理由" if c.code in points else "", ())
        for c in rubric.criteria
    )


def counted(store: RoundStore, number: str = UNSCORED) -> dict[str, Decimal]:
    (result,) = [one for one in compute(read_round(store)).results if one.number == number]
    return dict(result.sheet_totals)


def cell(store: RoundStore, expert: str = EXPERT, number: str = UNSCORED) -> BoardCell:
    board = collecting_board(store)
    place = [one.id for one in board.experts].index(expert)
    return next(row for row in board.rows if row.number == number).cells[place]


def signed(store: RoundStore, revision: int, items: tuple[ItemScore, ...], previous: str = "") -> ScoreSheet:
    """A sheet as a package would bring it."""
    total = sum((item.points or Decimal(0) for item in items), Decimal(0))
    return ScoreSheet(
        store.round().id, EXPERT, UNSCORED, revision, previous, "", "E001-1", store.rubric().digest, 1, items, total
    )


def receive(store: RoundStore, *sheets: ScoreSheet) -> list[Received]:
    verdicts = []
    for sheet in sheets:
        held = read_held(store)
        verdicts.append(held.judge(sheet.identity, sheet.revision, sheet.digest))
        with store.change("collect") as change:
            change.put(sheet)
    return verdicts


def test_two_entries_that_agree_count_once_a_clerk_confirms_them(store: RoundStore) -> None:
    items = scores(store.rubric(), Q1="2")
    assert enter(store, EXPERT, UNSCORED, items, clerk=LI).source is EntrySource.FIRST
    assert (counted(store), cell(store).state) == ({}, BoardState.PAPER_WAITING)
    assert enter(store, EXPERT, UNSCORED, items, clerk=WANG).source is EntrySource.SECOND
    assert counted(store) == {}

    made = confirm_typed(store, EXPERT, UNSCORED, clerk=LI, reason="与手签原件核对一致")

    assert (made.source, made.entered_by, made.revision) == (PaperOrigin.TYPED, (LI, WANG), 1)
    assert counted(store) == {EXPERT: Decimal(98)}
    assert cell(store) == (BoardState.PAPER, 1)
    (held,) = held_of(store, EXPERT, UNSCORED).sheets
    assert held.counts
    assert LI in held.origin
    assert paper_state(store, EXPERT, UNSCORED).first is None, "the entries are used"


def test_the_second_entry_needs_another_person_and_a_third_is_refused(store: RoundStore) -> None:
    items = scores(store.rubric())
    enter(store, EXPERT, UNSCORED, items, clerk="Li  Lei")
    again = enter(store, EXPERT, UNSCORED, items, clerk="ＬＩ lei")
    assert again.source is EntrySource.FIRST, "the same person only corrects the first entry"
    enter(store, EXPERT, UNSCORED, items, clerk=WANG)
    with pytest.raises(UserError, match="twice already"):
        enter(store, EXPERT, UNSCORED, items, clerk=ZHAO)
    with pytest.raises(UserError, match="Who enters"):
        enter(store, EXPERT, UNSCORED, items, clerk="  ")
    assert same_clerk("张 三", "张三")


def test_differences_must_be_settled_exactly_and_with_a_reason(store: RoundStore) -> None:
    rubric = store.rubric()
    enter(store, EXPERT, UNSCORED, scores(rubric), clerk=LI)
    enter(store, EXPERT, UNSCORED, scores(rubric, Q1="2", C1="5"), clerk=WANG)
    assert [one.criterion for one in paper_state(store, EXPERT, UNSCORED).differences] == ["Q1", "C1"]

    def settle(*codes: str, reason: str = "以原件为准") -> None:
        chosen = {code: ItemScore(code, Decimal(3), "原件", ()) for code in codes}
        confirm_typed(store, EXPERT, UNSCORED, clerk=ZHAO, reason=reason, settled=chosen)

    for wrong in ((), ("Q1",), ("Q1", "C1", "Q2")):
        with pytest.raises(UserError, match="differ"):
            settle(*wrong)
    with pytest.raises(UserError, match="reason"):
        settle("Q1", "C1", reason=" ")
    assert counted(store) == {}
    settle("Q1", "C1")
    assert counted(store) == {EXPERT: Decimal(100) - 1 - 7}


@pytest.mark.parametrize(("points", "why"), [("4.5", "outside"), ("3.3", "multiple"), ("-1", "outside")])
def test_scores_out_of_range_or_off_the_step_are_refused(store: RoundStore, points: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        enter(store, EXPERT, UNSCORED, scores(store.rubric(), Q1=points), clerk=LI)
    assert paper_states(store) == []


def test_a_missing_remark_a_missing_score_and_a_foreign_application_are_refused(store: RoundStore) -> None:
    items = scores(store.rubric(), Q1="1")
    bare = (replace(items[0], remark=" "), *items[1:])
    empty = (replace(items[0], points=None), *items[1:])
    for wrong, why in ((bare, "needs a remark"), (empty, "no score"), (items[1:], "not the criteria")):
        with pytest.raises(UserError, match=why):
            enter(store, EXPERT, UNSCORED, wrong, clerk=LI)
    with pytest.raises(UserError, match="not assigned"):
        enter(store, EXPERT, "A-5", items, clerk=LI)


def test_a_sheet_from_paper_that_nobody_confirmed_does_not_count(store: RoundStore) -> None:
    smuggled = replace(signed(store, 1, scores(store.rubric())), issue="")
    receive(store, smuggled)
    assert counted(store) == {}


def test_a_package_with_the_same_revision_is_a_conflict_and_with_a_newer_one_takes_the_papers_place(
    store: RoundStore,
) -> None:
    items = scores(store.rubric(), Q1="2")
    for clerk in (LI, WANG):
        enter(store, EXPERT, UNSCORED, items, clerk=clerk)
    paper = confirm_typed(store, EXPERT, UNSCORED, clerk=LI, reason="原件")
    rival = signed(store, 1, scores(store.rubric(), Q1="3"))
    newer = signed(store, 2, scores(store.rubric(), Q1="4"), previous=paper.sheet)

    assert receive(store, rival) == [Received.CONFLICT]
    assert (counted(store), cell(store).state) == ({}, BoardState.CONFLICT)
    side_by_side = compare(store, EXPERT, UNSCORED, 1)
    assert side_by_side.differing == 1
    assert {one.origin.split()[0] for one in side_by_side.contents} == {"signed", "paper,"}

    assert receive(store, newer, rival) == [Received.ACCEPTED, Received.SUPERSEDED]
    assert counted(store) == {EXPERT: Decimal(100)}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2, 0), (2, 0, 1, 1)])
def test_with_a_confirmed_paper_the_order_and_repetition_of_packages_do_not_matter(
    store: RoundStore, order: tuple[int, ...]
) -> None:
    for clerk in (LI, WANG):
        enter(store, EXPERT, UNSCORED, scores(store.rubric(), Q1="2"), clerk=clerk)
    confirm_typed(store, EXPERT, UNSCORED, clerk=LI, reason="原件")
    packages = [signed(store, 1, scores(store.rubric(), Q1=points)) for points in ("3", "3.5", "0.5")]
    receive(store, *(packages[place] for place in order))
    assert cell(store) == (BoardState.CONFLICT, 1)
    assert len(compare(store, EXPERT, UNSCORED, 1).contents) == 4


def test_a_paper_after_a_package_is_the_next_revision(store: RoundStore) -> None:
    receive(store, signed(store, 1, scores(store.rubric())))
    for clerk in (LI, WANG):
        enter(store, EXPERT, UNSCORED, scores(store.rubric(), Q1="2"), clerk=clerk)
    assert cell(store) == (BoardState.SIGNED, 1), "what is signed counts until the paper is confirmed"
    made = confirm_typed(store, EXPERT, UNSCORED, clerk=LI, reason="专家来函更正")
    assert made.revision == 2
    assert counted(store) == {EXPERT: Decimal(98)}


def test_a_package_that_comes_between_entry_and_confirmation_is_told(store: RoundStore) -> None:
    for clerk in (LI, WANG):
        enter(store, EXPERT, UNSCORED, scores(store.rubric(), Q1="2"), clerk=clerk)
    receive(store, signed(store, 1, scores(store.rubric())))
    with pytest.raises(UserError, match="revision 1"):
        confirm_typed(store, EXPERT, UNSCORED, clerk=LI, reason="原件")
    assert discard_entries(store, EXPERT, UNSCORED) == 2
    assert paper_states(store) == []


def test_what_was_entered_after_the_clerk_looked_is_not_confirmed(store: RoundStore) -> None:
    for clerk in (LI, WANG):
        enter(store, EXPERT, UNSCORED, scores(store.rubric(), Q1="2"), clerk=clerk)
    seen = paper_state(store, EXPERT, UNSCORED)
    for clerk in (LI, WANG):
        enter(store, EXPERT, UNSCORED, scores(store.rubric(), Q1="3"), clerk=clerk)

    with pytest.raises(UserError, match="entered anew"):
        confirm_typed(store, EXPERT, UNSCORED, clerk=LI, reason="原件", seen=seen)
    assert counted(store) == {}
    confirm_typed(store, EXPERT, UNSCORED, clerk=LI, reason="原件", seen=paper_state(store, EXPERT, UNSCORED))
    assert counted(store) == {EXPERT: Decimal(99)}


def test_a_confirmation_can_be_taken_back_and_given_again(store: RoundStore) -> None:
    for clerk in (LI, WANG):
        enter(store, EXPERT, UNSCORED, scores(store.rubric(), Q1="2"), clerk=clerk)
    made = confirm_typed(store, EXPERT, UNSCORED, clerk=LI, reason="原件")
    withdraw(store, made)
    assert (counted(store), cell(store).state) == ({}, BoardState.PAPER_WAITING)
    again = confirm_typed(store, EXPERT, UNSCORED, clerk=LI, reason="原件，再次核对")
    assert (again.sheet, again.revision) == (made.sheet, 1)
    with pytest.raises(UserError, match="not there any more"):
        withdraw(store, made)
    assert not store.verify_audit(lambda data, signature: "")


def test_a_recusal_on_paper_voids_the_sheet_and_only_such_a_one_can_be_taken_back(store: RoundStore) -> None:
    number = paper_rounds.NUMBERS[1]
    recusal = recuse_on_paper(store, EXPERT, number, ground=RecusalGround.KINSHIP, reason="书面回避申明")
    assert EXPERT not in counted(store, number)
    assert cell(store, EXPERT, number).state is BoardState.RECUSED
    (gone,) = [one for one in collecting_board(store).stepped_back if one.recusal == recusal]
    assert gone.voided
    with pytest.raises(UserError, match="stepped back"):
        enter(store, EXPERT, number, scores(store.rubric()), clerk=LI)
    take_back_recusal(store, recusal)
    assert EXPERT in counted(store, number)

    (own,) = [one for one in read_round(store).recusals if one.expert == "E005"]
    with pytest.raises(UserError, match="cannot be taken back"):
        take_back_recusal(store, own)


def test_the_workbook_says_of_a_sheet_that_it_came_on_paper_and_who_answers_for_it(
    store: RoundStore, tmp_path: Path
) -> None:
    for clerk in (LI, WANG):
        enter(store, EXPERT, UNSCORED, scores(store.rubric(), Q1="2"), clerk=clerk)
    confirm_typed(store, EXPERT, UNSCORED, clerk=ZHAO, reason="与手签原件一致")
    out = tmp_path / "summary.xlsx"
    export_open(store, out)

    book = openpyxl.load_workbook(out, data_only=True)
    rows = list(book["评分明细"].iter_rows(values_only=True))
    place = next(row for row in rows if "纸质评分来源" in row).index("纸质评分来源")
    origins = {(row[3], row[1]): row[place] for row in rows if row[place]}
    assert origins.pop(("专家编号", "申报编号"), None)
    ((pair, origin),) = origins.items()
    assert pair == (EXPERT, UNSCORED)
    assert isinstance(origin, str)
    assert all(word in origin for word in (LI, WANG, ZHAO, "与手签原件一致"))
    notes = [cell for row in book["说明"].iter_rows(values_only=True) for cell in row if cell]
    assert "纸质评分" in notes
    assert origin in notes


def test_a_remark_longer_than_any_paper_is_refused(store: RoundStore) -> None:
    items = scores(store.rubric(), Q1="1")
    endless = (replace(items[0], remark="长" * (LONGEST_REMARK + 1)), *items[1:])
    with pytest.raises(UserError, match="too long"):
        enter(store, EXPERT, UNSCORED, endless, clerk=LI)


def test_one_entry_is_open_and_differs_from_nothing_yet(store: RoundStore) -> None:
    assert not paper_state(store, EXPERT, UNSCORED).is_open
    enter(store, EXPERT, UNSCORED, scores(store.rubric()), clerk=LI)
    state = paper_state(store, EXPERT, UNSCORED)
    assert (state.is_open, state.differences) == (True, ())
    with pytest.raises(UserError, match="not entered twice"):
        confirm_typed(store, EXPERT, UNSCORED, clerk=LI, reason="原件")
    with pytest.raises(UserError, match="No score form"):
        confirm_form(store, EXPERT, UNSCORED, clerk=LI, reason="原件")
