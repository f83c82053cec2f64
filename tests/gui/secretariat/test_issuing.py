"""Handing out in the window: to all, to one again, and what is said about it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.issuing import Issue
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.secretariat.issuing.view import NEEDED, IssuingView
from qisp_desktop.gui.tasks import Progress
from qisp_desktop.services.assigning import change_by_hand
from qisp_desktop.store.round_store import RoundStore
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound
from tests.gui.secretariat.desks import copied, opened, settled


@pytest.fixture
def own(issued: IssuedRound, tmp_path: Path) -> Path:
    """A copy of the issued round that the test may change: the first expert has a package, the others none."""
    return copied(issued.round, tmp_path)


def issuing_view(qtbot: QtBot, program: Application, round: Path) -> tuple[DeskPage, IssuingView]:
    program.window.resize(1366, 768)
    page = opened(qtbot, program, round, "issuing")
    return page, cast(IssuingView, page.view)


def choose_folders(view: IssuingView, folder: Path) -> None:
    view.folders.packages.setText(str(folder / "stick"))
    view.folders.letters.setText(str(folder / "letters"))


def unlock(qtbot: QtBot, view: IssuingView) -> None:
    qtbot.waitUntil(view.gate.isVisible)
    view.gate.passphrase.setText(OFFICE_PASSPHRASE)
    qtbot.keyClick(view.gate.passphrase, Qt.Key.Key_Return)


def state_of(view: IssuingView, expert: str) -> str:
    row = next(line for line in view.model.rows if line.expert.id == expert)
    return next(column for column in view.model.columns if column.title == "Panel package").text(row)


def test_who_lacks_a_package_is_issued_to_and_packages_travel_apart_from_letters(
    program: Application, qtbot: QtBot, own: Path, issued: IssuedRound, tmp_path: Path
) -> None:
    page, view = issuing_view(qtbot, program, own)
    assert state_of(view, issued.expert) == "no. 1"
    needing = [line.expert.id for line in view.model.rows if line.needs_package]
    assert needing
    view.folders.packages.setText(str(tmp_path / "stick"))
    view.folders.letters.setText(str(tmp_path / "stick"))
    qtbot.waitUntil(lambda: "same folder" in view.folders.warning.text())
    choose_folders(view, tmp_path)
    qtbot.waitUntil(lambda: not view.folders.warning.isVisible())

    view.needed.click()
    unlock(qtbot, view)
    qtbot.waitUntil(lambda: view.banner.meaning == "good", timeout=30_000)
    settled(qtbot, page)

    assert f"{len(needing)} packages and their letters are written." in view.banner.what.text()
    assert "separate ways" in view.banner.more.text()
    assert {path.stem for path in (tmp_path / "stick").glob("*.qpanel")} == set(needing)
    assert {path.stem for path in (tmp_path / "letters").glob("*.pdf")} == set(needing)
    assert all(state_of(view, expert) == "no. 1" for expert in needing)
    assert not view.needed.isEnabled()


def test_issuing_again_asks_why_says_what_becomes_void_and_raises_the_number(
    program: Application, qtbot: QtBot, own: Path, issued: IssuedRound, tmp_path: Path
) -> None:
    page, view = issuing_view(qtbot, program, own)
    choose_folders(view, tmp_path)
    view.table.go_to(lambda line: line.expert.id == issued.expert)
    view.again.click()
    assert f"{issued.expert}-1 becomes void" in view.again_card.effect.text()
    assert not view.again_card.confirm.isEnabled()
    view.again_card.reason.setText("密码函遗失")
    view.again_card.confirm.click()
    unlock(qtbot, view)
    qtbot.waitUntil(lambda: state_of(view, issued.expert) == "no. 2", timeout=30_000)
    settled(qtbot, page)

    assert f"No longer valid: {issued.expert}-1." in view.banner.more.text()
    program.go.home()
    qtbot.waitUntil(lambda: not program.tasks.busy)
    with RoundStore.open(own, actor="clerk") as store:
        newest = store.get(Issue, issued.expert, 2)
    assert newest is not None
    assert newest.reason == "密码函遗失"
    assert newest.scored == issued.numbers


def test_a_package_that_the_assignment_left_behind_is_marked_and_found(
    program: Application, qtbot: QtBot, own: Path, issued: IssuedRound, tmp_path: Path
) -> None:
    change_by_hand(own, take_away=[(issued.expert, issued.numbers[0])])
    _page, view = issuing_view(qtbot, program, own)

    assert state_of(view, issued.expert) == "no. 1, outdated"
    (line,) = [one for one in view.model.rows if one.expert.id == issued.expert]
    assert line.difference == "1 is too much"
    view.table.show_filter(NEEDED)
    assert issued.expert in [one.expert.id for one in view.model.rows]
    choose_folders(view, tmp_path)
    view.needed.click()
    assert view.again_card.reason.text() == "The assignment has changed."


def test_stopping_keeps_what_was_issued_and_says_how_many(
    program: Application, qtbot: QtBot, own: Path, tmp_path: Path
) -> None:
    page, view = issuing_view(qtbot, program, own)
    choose_folders(view, tmp_path)

    def stop_after_one(progress: Progress) -> None:
        if progress.done >= 1:
            view.presenter.cancel()

    view.presenter.progressed.connect(stop_after_one)
    view.all.click()
    view.again_card.reason.setText("全部重新分发")
    view.again_card.confirm.click()
    unlock(qtbot, view)

    qtbot.waitUntil(lambda: view.banner.meaning == "warn", timeout=30_000)
    settled(qtbot, page)
    written = len(list((tmp_path / "stick").glob("*.qpanel")))
    assert 0 < written < len(view.model.rows)
    assert view.banner.what.text().startswith("Stopped.")
    assert len(list((tmp_path / "letters").glob("*.pdf"))) == written


def test_a_place_that_cannot_be_written_is_told_and_issues_nothing(
    program: Application, qtbot: QtBot, own: Path, issued: IssuedRound, tmp_path: Path
) -> None:
    page, view = issuing_view(qtbot, program, own)
    (tmp_path / "stick").write_text("a file stands where the folder should be")
    choose_folders(view, tmp_path)
    view.table.go_to(lambda line: line.expert.id == issued.expert)
    view.again.click()
    view.again_card.reason.setText("重新分发")
    view.again_card.confirm.click()
    unlock(qtbot, view)
    qtbot.waitUntil(lambda: view.banner.meaning == "bad", timeout=30_000)
    settled(qtbot, page)
    assert state_of(view, issued.expert) == "no. 1"


def test_a_score_form_is_written_for_an_expert_without_the_program(
    program: Application, qtbot: QtBot, own: Path, issued: IssuedRound, tmp_path: Path
) -> None:
    page, view = issuing_view(qtbot, program, own)
    view.presenter.write_form(issued.expert, tmp_path / "form.xlsx")
    qtbot.waitUntil(lambda: view.banner.meaning == "good")
    settled(qtbot, page)
    assert (tmp_path / "form.xlsx").is_file()
    assert "confirmed the hand-signed paper" in view.banner.more.text()


def test_issuing_to_all_again_is_asked_first(program: Application, qtbot: QtBot, own: Path, tmp_path: Path) -> None:
    page, view = issuing_view(qtbot, program, own)
    choose_folders(view, tmp_path)
    view.all.click()
    assert view.again_card.isVisible()
    assert not view.gate.isVisible()
    view.again_card.leave.click()
    settled(qtbot, page)
