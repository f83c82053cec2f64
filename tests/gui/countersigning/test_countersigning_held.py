"""While papers are being countersigned the desk is neither left nor locked; who was away is told afterwards."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.countersigning.view import CountersigningView
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from tests.gui.countersigning.acts import LEFT, PATIENCE_MS, add, begin_to_sign, cells, fill, idle, states
from tests.gui.countersigning.panel_round import PanelRound
from tests.gui.desk_rounds import view_of
from tests.gui.program import page_of, wait_for_page


def leave_alone(page: DeskPage) -> None:
    """Nobody does anything for a day."""
    watch = page._watch
    assert watch is not None
    watch._last -= 24 * 60 * 60
    watch._look()


def test_the_desk_cannot_be_left_while_it_countersigns(
    program: Application, page: DeskPage, view: CountersigningView, panel: PanelRound, stick: Path, out: Path,
    qtbot: QtBot,
) -> None:  # fmt: skip
    add(view, qtbot, stick)
    begin_to_sign(view, out, panel, qtbot)
    for leave in (page.back.click, page.lock_button.click, program.window.close):
        leave()
        assert page_of(program, DeskPage) is page
        assert program.window.isVisible()
        assert page.banner.what.text() == "Signing is under way."
    idle(view, qtbot)
    assert states(view) == {"signed"}
    assert view.banner.what.text().startswith("3 papers are countersigned")
    assert page.banner.isHidden()
    page.back.click()
    assert program.window.page is not page


def test_the_lock_waits_for_the_last_paper_and_who_unlocks_is_told_even_with_the_stick_away(
    program: Application, page: DeskPage, view: CountersigningView, panel: PanelRound, stick: Path, out: Path,
    qtbot: QtBot,
) -> None:  # fmt: skip
    add(view, qtbot, stick)
    begin_to_sign(view, out, panel, qtbot)
    leave_alone(page)
    assert page_of(program, DeskPage) is page
    locked = wait_for_page(qtbot, program, UnlockPage)
    assert "locked itself" in locked.banner.what.text()
    assert sorted(path.name for path in out.iterdir()) == panel.few
    stick.rename(stick.with_name("away"))

    locked.ui.passphrase.set_text(panel.leader.passphrase)
    qtbot.mouseClick(locked.ui.unlock, LEFT)
    qtbot.waitUntil(lambda: isinstance(program.window.page, DeskPage), timeout=PATIENCE_MS)
    page_of(program, DeskPage).turn_to("countersigning")
    again = view_of(page_of(program, DeskPage), CountersigningView)
    idle(again, qtbot)

    assert cells(again, 0, 1) == [(name, "refused") for name in panel.few]
    assert again.banner.what.text().startswith("3 papers are countersigned")
    page_of(program, DeskPage).turn_to("")
    page_of(program, DeskPage).turn_to("countersigning")
    assert view_of(page_of(program, DeskPage), CountersigningView).banner.isHidden(), "it was told"


def test_who_comes_back_before_the_last_paper_finds_the_desk_open(
    program: Application, page: DeskPage, view: CountersigningView, panel: PanelRound, stick: Path, out: Path,
    qtbot: QtBot,
) -> None:  # fmt: skip
    add(view, qtbot, stick)
    begin_to_sign(view, out, panel, qtbot)
    leave_alone(page)
    window = program.window.windowHandle()
    assert window is not None
    QTest.keyClick(window, Qt.Key.Key_Shift)
    idle(view, qtbot)
    assert page_of(program, DeskPage) is page
    assert view.banner.what.text().startswith("3 papers are countersigned")


def test_not_even_giving_up_what_cannot_be_saved_leads_away_from_a_run(
    program: Application, page: DeskPage, view: CountersigningView, panel: PanelRound, stick: Path, out: Path,
    qtbot: QtBot,
) -> None:  # fmt: skip
    add(view, qtbot, stick)
    fill(view, out, panel)
    desk = view.presenter.desk
    database = desk._desk.store._connection
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count={pages}")
    desk.select(panel.leader.numbers[0])
    desk.revise("to try")
    desk.set_remark(desk.criterion, "写不下的评语" * 2000)
    page.back.click()
    qtbot.waitUntil(lambda: page.banner.action.text() == "Close it and lose the last changes")
    qtbot.mouseClick(view.signing.sign, LEFT)
    page.banner.action.click()
    assert page_of(program, DeskPage) is page
    assert page.banner.what.text() == "Signing is under way."
    idle(view, qtbot)
    assert states(view) == {"signed"}


def test_what_cannot_be_signed_is_told_in_the_language_chosen_while_it_signed(
    program: Application, view: CountersigningView, panel: PanelRound, stick: Path, out: Path, qtbot: QtBot
) -> None:
    (stick / "x.pdf").write_bytes(b"no paper")
    add(view, qtbot, stick)
    begin_to_sign(view, out, panel, qtbot)
    program.settings.language = "zh_CN"
    again = view_of(page_of(program, DeskPage), CountersigningView)
    assert again.presenter.busy == "signing"
    idle(again, qtbot)
    assert [state for _name, state in cells(again, 0, 1)] == ["已会签"] * 3 + ["不能会签"]
    assert again.presenter.list.papers[-1].why == "不是本程序的评分表或评价报告"
