"""The panel and the matrix in the window: giving, dragging, excluding, replacing, undoing, assigning again."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.desk_records import Replacement
from qisp_desktop.domain.panel import Recusal
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.secretariat.experts.presenter import MATRIX, PANEL
from qisp_desktop.gui.secretariat.experts.view import ExpertsView
from qisp_desktop.gui.secretariat.issuing.view import IssuingView
from qisp_desktop.services.replacing import draw_holds
from qisp_desktop.services.sample import sample_round
from qisp_desktop.store.round_store import RoundStore
from tests.gui.program import wait_for_page
from tests.gui.secretariat.desks import opened, settled, unexpected
from tests.unit.services.panel_rounds import issue_all, make_panel, put, sign, step_back

A1 = "A-1"


@pytest.fixture
def round(tmp_path: Path) -> Path:
    """Three applications, read by E001 to E003, who have their packages; E004 and E005 are free."""
    path = tmp_path / "panel.qround"
    with make_panel(path) as store:
        issue_all(store)
    return path


def changed(round: Path, *records: object) -> None:
    with RoundStore.open(round, actor="clerk", write=True) as store:
        put(store, *records)


def experts_view(qtbot: QtBot, program: Application, round: Path) -> tuple[DeskPage, ExpertsView]:
    program.window.resize(1366, 768)
    page = opened(qtbot, program, round, "experts")
    return page, cast(ExpertsView, page.view)


def assigned(view: ExpertsView, number: str) -> tuple[str, ...]:
    assert view.presenter.data is not None
    return view.presenter.data.board.readers[number]


def go_to(view: ExpertsView, number: str, expert: str) -> None:
    assert view.matrix.go_to_cell(lambda row: row.number == number, expert)
    view.matrix.setFocus()


def marks(view: ExpertsView, number: str, expert: str) -> str:
    """What the cell is called for who cannot see it."""
    place = next(n for n, row in enumerate(view.model.rows) if row.number == number)
    index = view.model.index(place, view.model.column_of(expert))
    return str(index.data(Qt.ItemDataRole.AccessibleTextRole))


def test_space_gives_and_takes_and_each_can_be_undone(program: Application, qtbot: QtBot, round: Path) -> None:
    page, view = experts_view(qtbot, program, round)
    go_to(view, A1, "E004")

    qtbot.keyClick(view.matrix, Qt.Key.Key_Space)
    assert marks(view, A1, "E004") == "A-1 E004 assigned by hand", "before it is written"
    qtbot.keyClick(view.matrix, Qt.Key.Key_Left)
    qtbot.keyClick(view.matrix, Qt.Key.Key_Space)
    settled(qtbot, page)
    assert assigned(view, A1) == ("E001", "E002", "E004")
    assert view.cell.title.text() == "E003 × A-1"

    qtbot.keyClick(view.matrix, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view.matrix, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not view.undo.isEnabled())
    settled(qtbot, page)
    assert assigned(view, A1) == ("E001", "E002", "E003")
    assert marks(view, A1, "E003") == "A-1 E003 assigned automatically"

    view.redo.click()
    settled(qtbot, page)
    assert assigned(view, A1) == ("E001", "E002", "E003", "E004")


def test_a_slip_of_the_space_bar_that_costs_a_score_is_said_and_undone(
    program: Application, qtbot: QtBot, round: Path
) -> None:
    with RoundStore.open(round, actor="clerk", write=True) as store:
        sign(store, "E003", A1)
    page, view = experts_view(qtbot, program, round)
    go_to(view, A1, "E003")

    qtbot.keyClick(view.matrix, Qt.Key.Key_Space)
    settled(qtbot, page)

    assert view.banner.meaning == "warn"
    assert "counts no longer" in view.banner.more.text()
    view.banner.action.click()
    settled(qtbot, page)
    assert assigned(view, A1) == ("E001", "E002", "E003")


def test_the_undo_of_earlier_news_does_not_stay_to_take_back_a_later_step(
    program: Application, qtbot: QtBot, round: Path
) -> None:
    page, view = experts_view(qtbot, program, round)
    view.presenter.exclude(("E004", A1), "adviser")
    settled(qtbot, page)
    assert view.banner.isVisible()

    go_to(view, A1, "E003")
    qtbot.keyClick(view.matrix, Qt.Key.Key_Space)
    settled(qtbot, page)

    assert "E003" not in assigned(view, A1)
    assert not view.banner.isVisible()


def test_keys_typed_faster_than_they_are_written_are_all_kept(program: Application, qtbot: QtBot, round: Path) -> None:
    page, view = experts_view(qtbot, program, round)
    for number in ("A-1", "A-2", "A-3"):
        go_to(view, number, "E004")
        qtbot.keyClick(view.matrix, Qt.Key.Key_Space)
    settled(qtbot, page)
    qtbot.waitUntil(lambda: all("E004" in assigned(view, number) for number in ("A-1", "A-2", "A-3")))


def test_a_conflict_is_shown_with_its_values_and_is_not_given(program: Application, qtbot: QtBot, round: Path) -> None:
    page, view = experts_view(qtbot, program, round)
    go_to(view, "A-3", "E005")
    assert "91440300MA5EXAMPL1" in view.cell.conflict.text()
    assert not view.cell.toggle.isEnabled()

    qtbot.keyClick(view.matrix, Qt.Key.Key_Space)

    settled(qtbot, page)
    assert view.banner.meaning == "warn"
    assert "E005 cannot read A-3." in view.banner.what.text()
    assert "E005" not in assigned(view, "A-3")


def test_an_assignment_is_dragged_along_its_row(program: Application, qtbot: QtBot, round: Path) -> None:
    page, view = experts_view(qtbot, program, round)
    go_to(view, A1, "E001")
    row = view.matrix.currentIndex().row()

    def middle(expert: str) -> QPoint:
        return view.matrix.visualRect(view.model.index(row, view.model.column_of(expert))).center()

    port, left = view.matrix.viewport(), Qt.MouseButton.LeftButton
    view.matrix.scrollTo(view.model.index(row, view.model.column_of("E004")))
    qtbot.mousePress(port, left, pos=middle("E001"))
    steps = [middle("E002"), middle("E003"), middle("E004")]
    for step in steps:
        qtbot.mouseMove(port, step)
        drag(view, step)
    qtbot.mouseRelease(port, left, pos=middle("E004"))

    settled(qtbot, page)
    assert assigned(view, A1) == ("E002", "E003", "E004")


def drag(view: ExpertsView, to: QPoint) -> None:
    """A move with the button down, which qtbot cannot send."""
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    left, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    view.matrix.mouseMoveEvent(
        QMouseEvent(QEvent.Type.MouseMove, QPointF(to), QPointF(to), Qt.MouseButton.NoButton, left, keys)
    )


def test_the_office_keeps_somebody_out_with_a_reason_and_lets_them_in_again(
    program: Application, qtbot: QtBot, round: Path
) -> None:
    page, view = experts_view(qtbot, program, round)
    go_to(view, A1, "E001")

    view.cell.exclude.click()
    view.cell.confirm.click()
    qtbot.waitUntil(view.cell.problem.isVisible)
    assert "A reason is needed" in view.cell.problem.text()
    view.cell.reason.setText("曾为其提供咨询")
    qtbot.keyClick(view.cell.reason, Qt.Key.Key_Return)
    settled(qtbot, page)

    assert "E001" not in assigned(view, A1)
    assert "曾为其提供咨询" in view.cell.conflict.text()
    assert "E001" in view.reissue.what.text()
    view.cell.exclude.click()
    settled(qtbot, page)
    assert view.cell.conflict.text() == ""


def test_a_late_recusal_shows_its_consequence_and_is_replaced_by_who_is_suggested(
    program: Application, qtbot: QtBot, round: Path
) -> None:
    changed(round, Recusal("E002", A1, RecusalGround.KINSHIP, "亲属任职"))
    page, view = experts_view(qtbot, program, round)

    (entry,) = view.recusals.entries
    words = " ".join(one.text() for one in entry.findChildren(type(view.legend)))
    assert "Quorum lost: 2 valid sheets are possible, a result needs 3." in words
    assert "Suggested: E004" in words
    take = next(one for one in entry.findChildren(QPushButton) if one.text().startswith("Replace by E004"))
    take.click()
    assert view.replace.isVisible()
    view.replace.reason.setText("申明回避")
    view.replace.confirm.click()
    qtbot.waitUntil(lambda: "E004" in assigned(view, A1))
    settled(qtbot, page)

    assert assigned(view, A1) == ("E001", "E003", "E004")
    assert not view.recusals.isVisible()
    assert "Without a package yet: E004" in view.reissue.more.text() + view.reissue.what.text()
    view.reissue.action.click()
    settled(qtbot, page)
    issuing = cast(IssuingView, page.view)
    assert [line.expert.id for line in issuing.model.rows] == ["E004"]


def test_a_replacement_whose_newcomer_has_signed_is_not_undone_and_says_whose_work_it_would_void(
    program: Application, qtbot: QtBot, round: Path
) -> None:
    page, view = experts_view(qtbot, program, round)
    view.presenter.replace("E001", (A1,), "E004", "因病退出")
    settled(qtbot, page)
    assert view.undo.isEnabled()
    page.session.act(page, lambda store, job: sign(store, "E004", A1), lambda _none: None, unexpected)
    settled(qtbot, page)

    view.undo.click()
    settled(qtbot, page)

    assert view.banner.meaning == "bad"
    assert "E004 × A-1" in view.banner.more.text()
    assert assigned(view, A1) == ("E002", "E003", "E004")
    assert not view.undo.isEnabled()


def test_a_replacement_by_lot_is_recorded_and_cannot_be_drawn_again(
    program: Application, qtbot: QtBot, round: Path
) -> None:
    with RoundStore.open(round, actor="clerk", write=True) as store:
        sign(store, "E001", A1)
        step_back(store, "E003", A1)
    page, view = experts_view(qtbot, program, round)
    go_to(view, A1, "E001")
    view.cell.replace.click()
    view.replace.lot.setChecked(True)
    assert "count no longer" in view.replace.effect.text()
    view.replace.confirm.click()
    qtbot.waitUntil(view.replace.problem.isVisible)
    view.replace.reason.setText("因病退出")
    view.replace.confirm.click()
    qtbot.waitUntil(lambda: "E001" not in assigned(view, A1))
    settled(qtbot, page)

    program.go.home()
    qtbot.waitUntil(lambda: not program.tasks.busy)
    with RoundStore.open(round, actor="clerk") as store:
        made = store.get(Replacement, A1, "E001")
    assert made is not None
    assert made.draw is not None
    assert made.draw.candidates == ("E004", "E005")
    assert draw_holds(made)
    assert view.presenter.history.last is None, "a draw is not taken back"


def test_an_automatic_assignment_is_seen_before_it_is_taken(program: Application, qtbot: QtBot, round: Path) -> None:
    page, view = experts_view(qtbot, program, round)
    view.assign.click()
    view.auto.readers.setValue(4)
    view.auto.preview.click()
    qtbot.waitUntil(view.auto.take.isVisible)
    assert view.auto.outcome.text() == "3 new"
    assert assigned(view, A1) == ("E001", "E002", "E003")

    view.auto.take.click()
    qtbot.waitUntil(lambda: len(assigned(view, A1)) == 4)
    settled(qtbot, page)
    view.banner.action.click()
    qtbot.waitUntil(lambda: len(assigned(view, A1)) == 3)
    settled(qtbot, page)


def test_what_cannot_be_assigned_names_the_limit_and_leads_to_the_application(
    program: Application, qtbot: QtBot, round: Path
) -> None:
    page, view = experts_view(qtbot, program, round)
    view.assign.click()
    view.auto.readers.setValue(5)
    view.auto.preview.click()
    shown: list[QPushButton] = []

    def linked() -> bool:
        shown[:] = [one for one in view.auto.findChildren(QPushButton) if one.text() == "A-3" and one.isVisible()]
        return len(shown) == 1

    qtbot.waitUntil(linked)
    shown[0].click()

    current = view.matrix.current_cell()
    assert current is not None
    assert current[0].number == "A-3"
    settled(qtbot, page)


def test_an_expert_is_entered_corrected_and_removed_in_place(program: Application, qtbot: QtBot, round: Path) -> None:
    page, view = experts_view(qtbot, program, round)
    view.mode.buttons[PANEL].click()
    view.add.click()
    form = view.panel.form
    form.number.setText("E006")
    form.name.setText("新专家")
    form.keep.click()
    qtbot.waitUntil(form.problem.isVisible)
    assert "The organisation is missing" in form.problem.text()
    form.organisation.setText("示例学院")
    form.keep.click()
    qtbot.waitUntil(lambda: not view.panel.side.isVisible())
    settled(qtbot, page)
    assert view.panel.go_to("E006")
    view.mode.buttons[MATRIX].click()
    assert view.model.column_of("E006") > 0

    view.mode.buttons[PANEL].click()
    view.panel.remove.click()
    qtbot.waitUntil(lambda: not view.panel.go_to("E006"))
    settled(qtbot, page)
    view.banner.action.click()
    qtbot.waitUntil(lambda: view.panel.go_to("E006"))
    settled(qtbot, page)


def test_a_round_that_can_only_be_read_is_shown_and_not_changed(
    program: Application, qtbot: QtBot, round: Path
) -> None:
    with RoundStore.open(round, actor="li@office-3", write=True):
        page, view = experts_view(qtbot, program, round)
        go_to(view, A1, "E004")
        qtbot.keyClick(view.matrix, Qt.Key.Key_Space)
        settled(qtbot, page)
        assert assigned(view, A1) == ("E001", "E002", "E003")
        assert view.banner.meaning == "bad"
        assert not view.assign.isEnabled()


def test_a_workbook_of_experts_is_imported_in_the_place_of_the_panel(
    program: Application, qtbot: QtBot, round: Path, tmp_path: Path
) -> None:
    book = sample_round(2, 6, tmp_path / "input").experts_book
    page, view = experts_view(qtbot, program, round)
    view.mode.buttons[PANEL].click()
    view.load.click()
    assert view.wizard is not None
    assert view.stack.currentWidget() is view.wizard
    view.mode.buttons[MATRIX].click()
    assert view.matrix.isVisible()
    view.mode.buttons[PANEL].click()
    view.wizard.presenter.choose(book)
    qtbot.waitUntil(lambda: view.wizard is not None and view.wizard.presenter.look is not None)
    assert view.wizard.presenter.look is not None
    assert view.wizard.presenter.look.checked.ready == 1, "E006; the round has the others already"

    view.wizard.leave.click()
    qtbot.waitUntil(lambda: view.wizard is None)
    assert view.panel.isVisible()
    settled(qtbot, page)


def test_an_assignment_moves_by_keyboard_to_the_next_who_could_read(
    program: Application, qtbot: QtBot, round: Path
) -> None:
    page, view = experts_view(qtbot, program, round)
    go_to(view, "A-3", "E003")
    qtbot.keyClick(view.matrix, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view.matrix, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot, page)
    qtbot.waitUntil(lambda: assigned(view, "A-3") == ("E001", "E002", "E004"))
    assert view.cell.title.text() == "E004 × A-3", "E005 works for the applicant"


def test_in_another_language_the_section_goes_on_where_it_was(program: Application, qtbot: QtBot, round: Path) -> None:
    _page, view = experts_view(qtbot, program, round)
    view.mode.buttons[PANEL].click()
    program.settings.language = "zh_CN"
    page = wait_for_page(qtbot, program, DeskPage)
    settled(qtbot, page)
    view = cast(ExpertsView, page.view)
    assert view.panel.isVisible()

    view.add.click()
    view.panel.form.number.setText("E006")
    view.panel.form.name.setText("新专家")
    view.panel.form.organisation.setText("示例学院")
    view.panel.form.keep.click()
    qtbot.waitUntil(lambda: view.panel.go_to("E006"))
    settled(qtbot, page)
    view.panel.remove.click()
    qtbot.waitUntil(lambda: not view.panel.go_to("E006"))
    settled(qtbot, page)
    assert view.panel.isVisible(), "removing somebody leads nowhere else"
    assert "已将 E006 新专家 移出专家组。" in view.banner.what.text()
