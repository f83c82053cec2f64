"""The scoring desk without a window: what is entered is kept, undone and found again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qisp_desktop.base.errors import Cancelled, UserError
from qisp_desktop.domain.panel import Declaration, Recusal
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.domain.score_sheet import LONGEST_REMARK, DraftSheet, Evidence
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.tasks import Tasks
from qisp_desktop.services.desk import DeskStatus, seals
from qisp_desktop.services.desk_editing import DeskContents, Place, contents
from qisp_desktop.services.desk_signing import sign
from tests.gui.desk.workspaces import OpenAgain
from tests.gui.samples import IssuedRound

CITED = Evidence("a" * 64, "1_评价申请书.pdf", 3)


def score_everything(presenter: DeskPresenter, share: str = "1") -> None:
    for criterion in presenter.rubric.criteria:
        steps = int(criterion.maximum * Decimal(share) / presenter.rubric.step)
        presenter.set_points(criterion.code, presenter.rubric.step * steps)
        if presenter.sheets.remark_missing(presenter.score(criterion.code)):
            presenter.set_remark(criterion.code, "证明材料不足。")


def kept(presenter: DeskPresenter) -> DraftSheet | None:
    """The current application's draft as the workspace holds it."""
    return presenter._desk.store.get(DraftSheet, presenter.number)


def wait_until_saved(presenter: DeskPresenter, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not presenter.unsaved)


def reopened(workspace: Path, open_again: OpenAgain, presenter: DeskPresenter, tasks: Tasks) -> DeskContents:
    """Everything as the next start finds it."""
    presenter.close()
    tasks.shut_down()
    with open_again(workspace) as desk:
        return contents(desk)


def test_a_score_is_durable_without_being_saved(presenter: DeskPresenter, qtbot: QtBot) -> None:
    with qtbot.waitSignal(presenter.saved):
        presenter.set_points("Q1", Decimal("3.5"))
    draft = kept(presenter)
    assert draft is not None
    assert draft.items[0].points == Decimal("3.5")


def test_closing_writes_what_was_typed_last(
    presenter: DeskPresenter, workspace: Path, issued: IssuedRound, open_again: OpenAgain, tasks: Tasks
) -> None:
    presenter.set_remark("Q2", "最后一句")
    draft = reopened(workspace, open_again, presenter, tasks).entries[issued.numbers[0]].draft
    assert draft is not None
    assert draft.items[1].remark == "最后一句"


def test_a_score_off_the_range_or_step_is_never_taken(presenter: DeskPresenter) -> None:
    for wrong in ("4.5", "3.3", "-0.5"):
        with pytest.raises(ValueError, match="Q1"):
            presenter.set_points("Q1", Decimal(wrong))
    assert presenter.score("Q1").points is None


def test_undo_goes_through_the_whole_desk_and_shows_where_it_was(presenter: DeskPresenter, qtbot: QtBot) -> None:
    first, second = presenter.sheets.numbers[:2]
    presenter.set_points("Q1", Decimal(3))
    presenter.cite("Q1", CITED)
    presenter.select(second)
    with qtbot.waitSignal(presenter.application_changed):
        presenter.declare()
    presenter.set_remark("C1", "另一份")

    presenter.undo()
    assert presenter.score("C1").remark == ""
    presenter.undo()
    assert (presenter.number, presenter.criterion) == (first, "Q1")
    assert presenter.score("Q1").evidence == ()
    presenter.undo()
    assert presenter.sheets.item(first).status is DeskStatus.NEW
    wait_until_saved(presenter, qtbot)
    assert kept(presenter) is None, "an undone first score leaves no draft behind"

    presenter.redo()
    presenter.redo()
    assert presenter.score("Q1").evidence == (CITED,)


def test_taking_a_recusal_back_or_undoing_it_brings_the_sheet_back(presenter: DeskPresenter, qtbot: QtBot) -> None:
    number = presenter.number
    presenter.set_points("Q1", Decimal(3))
    presenter.recuse(RecusalGround.ADVISER, "去年提供过咨询。")
    assert presenter.sheets.item(number).status is DeskStatus.RECUSED
    assert not presenter.editable
    wait_until_saved(presenter, qtbot)
    assert presenter._desk.store.get(Recusal, number) is not None

    presenter.withdraw_recusal()
    assert presenter.score("Q1").points == 3
    presenter.undo()
    presenter.undo()
    assert presenter.sheets.item(number).total == 3
    wait_until_saved(presenter, qtbot)
    assert presenter._desk.store.get(Recusal, number) is None


def test_a_recusal_needs_a_sentence(presenter: DeskPresenter) -> None:
    with pytest.raises(ValueError, match="reason"):
        presenter.recuse(RecusalGround.OTHER, "  \n ")


def test_nothing_is_entered_before_the_declaration_is_durable(presenter: DeskPresenter, qtbot: QtBot) -> None:
    presenter.select(presenter.sheets.numbers[1])
    presenter.set_points("Q1", Decimal(3))
    presenter.pick_level("Q1", 0)
    assert presenter.score("Q1").points is None
    with qtbot.waitSignal(presenter.application_changed):
        presenter.declare()
    assert presenter._desk.store.get(Declaration, presenter.number) is not None
    presenter.set_points("Q1", Decimal(3))
    assert presenter.score("Q1").points == 3


def test_picking_a_level_scores_its_highest_and_a_score_inside_stays(presenter: DeskPresenter) -> None:
    presenter.pick_level("C1", 1)
    assert presenter.score("C1").points == Decimal("8.5")
    presenter.set_points("C1", Decimal("7.5"))
    presenter.pick_level("C1", 1)
    assert presenter.score("C1").points == Decimal("7.5")
    presenter.pick_level("C1", 99)
    assert presenter.sheets.entry(presenter.number).levels == {"C1": "良"}


def test_finishing_leads_to_what_is_missing_and_then_to_the_next_unfinished(
    presenter: DeskPresenter, qtbot: QtBot
) -> None:
    numbers = presenter.sheets.numbers
    presenter.set_points("Q1", Decimal(1))
    with qtbot.waitSignal(presenter.asked) as asked:
        presenter.finish()
    assert asked.args == ["Q1"], "a score under 60 % asks for a remark"
    score_everything(presenter, "0.5")
    presenter.finish()
    assert presenter.number == numbers[1]
    for number in numbers[1:]:
        presenter.select(number)
        presenter.recuse(RecusalGround.OTHER, "回避。")
    with qtbot.waitSignal(presenter.all_finished):
        presenter.finish()


def test_the_next_start_comes_back_to_the_same_place(
    presenter: DeskPresenter, workspace: Path, issued: IssuedRound, open_again: OpenAgain, tasks: Tasks
) -> None:
    place = Place(issued.numbers[0], "P2", "remark", 7, "b 3 0.2500")
    presenter.pick_level("P2", 0)
    presenter.remember(place)
    found = reopened(workspace, open_again, presenter, tasks)
    assert found.place == place
    assert found.entries[place.application].levels == {"P2": "优"}


def test_a_place_that_is_gone_leads_to_the_first_application(
    presenter: DeskPresenter, workspace: Path, issued: IssuedRound, open_again: OpenAgain, tasks: Tasks
) -> None:
    presenter.remember(Place("QISP-1999-001", "Z9", "", 0, ""))
    found = reopened(workspace, open_again, presenter, tasks)
    again = DeskPresenter(issued.package, found, tasks)
    assert (again.number, again.criterion) == (issued.numbers[0], "Q1")


def test_a_full_disk_keeps_the_text_and_saves_it_when_there_is_room_again(
    presenter: DeskPresenter, qtbot: QtBot
) -> None:
    database = presenter._desk.store._connection
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count={pages}")  # what a full disk is to SQLite
    with qtbot.waitSignal(presenter.save_failed) as failed:
        presenter.set_remark("Q1", "写不下的评语" * 2000)
    assert "full" in str(failed.args[0]).lower() or "space" in str(failed.args[0]).lower()
    presenter.set_points("Q1", Decimal(4))
    assert presenter.unsaved
    assert presenter.score("Q1").remark.startswith("写不下")

    database.execute("PRAGMA max_page_count=1000000")
    with qtbot.waitSignal(presenter.saved):
        presenter.save_now()
    draft = kept(presenter)
    assert draft is not None
    assert (draft.items[0].points, len(draft.items[0].remark)) == (Decimal(4), 12000)
    assert presenter.save_problem is None


def test_an_endless_remark_with_rare_characters_is_kept_up_to_its_limit(presenter: DeskPresenter, qtbot: QtBot) -> None:
    presenter.set_remark("Q1", "𬭚😀" * LONGEST_REMARK)
    assert len(presenter.score("Q1").remark) == LONGEST_REMARK
    wait_until_saved(presenter, qtbot)
    draft = kept(presenter)
    assert draft is not None
    assert draft.items[0].remark.startswith("𬭚😀")


def test_a_signed_sheet_is_read_only_until_it_is_reopened_with_a_reason(
    presenter: DeskPresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    number = presenter.number
    score_everything(presenter)
    with qtbot.waitSignal(presenter.reloaded, timeout=20_000):
        presenter.run(lambda desk, job: sign(desk, tmp_path / "out", partial=True), lambda _report: presenter.reload())
    assert presenter.sheets.item(number).status is DeskStatus.SIGNED
    presenter.set_points("Q1", Decimal(1))
    assert presenter.score("Q1").points == 4
    assert presenter.history.undo() is None, "what was signed is not undone"
    with pytest.raises(ValueError, match="reason"):
        presenter.revise(" ")

    presenter.revise("重新核对了证书。")
    presenter.set_points("Q1", Decimal("3.5"))
    item = presenter.sheets.item(number)
    assert (item.status, item.revision) == (DeskStatus.COMPLETE, 2)
    presenter.undo()
    presenter.undo()
    assert presenter.sheets.item(number).status is DeskStatus.SIGNED


def test_a_recusal_that_was_handed_in_stands(presenter: DeskPresenter, qtbot: QtBot, tmp_path: Path) -> None:
    presenter.recuse(RecusalGround.KINSHIP, "亲属在该单位任职。")
    with qtbot.waitSignal(presenter.reloaded, timeout=20_000):
        presenter.run(lambda desk, job: sign(desk, tmp_path / "out", partial=True), lambda _report: presenter.reload())
    assert presenter.sheets.settled(presenter.number)
    presenter.withdraw_recusal()
    assert presenter.sheets.recused(presenter.number)


def test_materials_are_read_only_while_the_desk_is_open_and_not_after_a_recusal(presenter: DeskPresenter) -> None:
    application = presenter.application
    assert application is not None
    material, read = application.materials[0], presenter.reader(presenter.number)
    assert len(read(material)) == material.size
    presenter.select(presenter.sheets.numbers[1])
    with pytest.raises(UserError, match="closed"):
        presenter.reader(presenter.number)(material)
    presenter.close()
    with pytest.raises(Cancelled):
        read(material)


def test_only_applications_whose_materials_are_open_are_expected_to_be_read_next(
    presenter: DeskPresenter, qtbot: QtBot
) -> None:
    first, second, third, fourth, *_others = presenter.sheets.numbers

    def expected(number: str) -> list[str]:
        return [application.number for application in presenter.sheets.following(number)]

    assert expected(first) == []
    for number in (second, third, fourth):
        presenter.select(number)
        with qtbot.waitSignal(presenter.application_changed):
            presenter.declare()
    assert expected(first) == [second]
    assert expected(third) == [fourth, second]

    presenter.select(second)
    presenter.recuse(RecusalGround.KINSHIP, "亲属在该单位任职。")
    assert expected(first) == [third]
    assert expected(third) == [fourth]


def test_a_bug_in_saving_is_a_failure_that_can_be_tried_again(presenter: DeskPresenter, qtbot: QtBot) -> None:
    store = presenter._desk.store
    seal, unseal = seals(presenter._desk.panel)
    store.lock()  # nobody locks a desk that is written to

    with qtbot.waitSignal(presenter.save_failed):
        presenter.set_remark("Q1", "写着")
    assert presenter.unsaved

    store.unlock(seal, unseal)
    with qtbot.waitSignal(presenter.saved):
        presenter.save_now()
    assert (presenter.unsaved, presenter.save_problem) == (False, None)
