"""Sticks, disks and the person break into signing: each sheet is signed or open, and nothing is lost."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.signing.view import SigningView
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from qisp_desktop.services.desk import DeskStatus
from tests.gui.desk_rounds import show_view, view_of
from tests.gui.program import page_of, wait_for_page
from tests.gui.samples import IssuedRound
from tests.gui.signing.acts import LEFT, PATIENCE_MS, done, prepare, sign


def test_a_stick_that_was_pulled_out_is_named_and_another_folder_does(
    view: SigningView, planned: IssuedRound, stick: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    prepare(view, qtbot, stick, planned.passphrase)
    stick.rmdir()
    sign(view, qtbot)

    assert view.banner.what.text() == f"The folder {stick} is not there any more."
    assert not stick.exists()
    assert view.ui.doneCard.isHidden()
    other = tmp_path / "other"
    other.mkdir()
    prepare(view, qtbot, other, planned.passphrase)
    sign(view, qtbot)

    assert (other / "E001-r1.qscore").is_file()
    assert not view.banner.isVisible()


def test_a_folder_that_cannot_be_written_to_is_named_and_what_was_signed_is_kept(
    view: SigningView, planned: IssuedRound, stick: Path, qtbot: QtBot
) -> None:
    (stick / "papers").write_text("a file where the folder should be", "utf-8")
    prepare(view, qtbot, stick, planned.passphrase)
    sign(view, qtbot)

    assert view.banner.what.text().endswith("could not be written.")
    assert {item.status for item in view.presenter.desk.sheets.items} == {DeskStatus.SIGNED}
    (stick / "papers").unlink()
    prepare(view, qtbot, stick, planned.passphrase)
    sign(view, qtbot)

    assert len(list((stick / "papers").glob("*.pdf"))) == len(planned.numbers)


@pytest.fixture
def full_stick(tmp_path: Path) -> Iterator[Path]:
    """A stick on which nothing fits that is handed in."""
    folder = tmp_path / "full"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("only root can mount a small file system")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_stick_is_named_and_after_another_try_elsewhere_nothing_is_lost(
    view: SigningView, planned: IssuedRound, full_stick: Path, stick: Path, qtbot: QtBot
) -> None:
    prepare(view, qtbot, full_stick, planned.passphrase)
    sign(view, qtbot)

    assert view.banner.what.text() == f"{full_stick / 'E001-r1.qscore'} could not be written."
    assert "space" in view.banner.more.text()
    assert list(full_stick.iterdir()) == []
    prepare(view, qtbot, stick, planned.passphrase)
    sign(view, qtbot)

    assert (stick / "E001-r1.qscore").is_file()
    assert view.ui.doneCard.isVisible()


def test_signing_can_be_stopped_and_leaves_each_sheet_signed_or_open(
    view: SigningView, planned: IssuedRound, stick: Path, qtbot: QtBot
) -> None:
    prepare(view, qtbot, stick, planned.passphrase)
    stopped = threading.Event()
    view._shell.tasks.run(view, lambda job: stopped.wait(PATIENCE_MS / 1000), lambda _in_time: None)
    qtbot.mouseClick(view.ui.sign, LEFT)
    qtbot.mouseClick(view.ui.progress.cancel, LEFT)
    stopped.set()
    done(view, qtbot)

    assert view.presenter.report is None
    assert {item.status for item in view.presenter.desk.sheets.items} == {DeskStatus.COMPLETE}
    assert list(stick.iterdir()) == []


def test_nothing_can_be_entered_while_it_signs(
    page: DeskPage, view: SigningView, planned: IssuedRound, stick: Path, qtbot: QtBot
) -> None:
    desk = view.presenter.desk
    prepare(view, qtbot, stick, planned.passphrase)
    qtbot.mouseClick(view.ui.sign, LEFT)
    assert desk.frozen
    before = desk.sheets.entry(desk.number)

    desk.set_points("Q1", None)
    desk.undo()

    assert desk.sheets.entry(desk.number) == before
    assert page.scoring.scores.cards["Q1"].points.isReadOnly()
    done(view, qtbot)


def test_the_view_can_be_left_and_made_anew_while_it_signs(
    program: Application, page: DeskPage, view: SigningView, planned: IssuedRound, stick: Path, qtbot: QtBot
) -> None:
    prepare(view, qtbot, stick, planned.passphrase)
    qtbot.mouseClick(view.ui.sign, LEFT)

    page.turn_to("")
    again = show_view(qtbot, page, SigningView, "Sign and export…")
    assert again.ui.progress.isVisible()
    done(again, qtbot)
    program.settings.language = "zh_CN"

    chinese = view_of(wait_for_page(qtbot, program, DeskPage), SigningView)
    assert "E001-r1.qscore" in chinese.ui.doneText.text()


def test_what_cannot_be_saved_is_not_signed(view: SigningView, planned: IssuedRound, stick: Path, qtbot: QtBot) -> None:
    desk = view.presenter.desk
    database = desk._desk.store._connection
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count={pages}")
    desk.set_remark("Q1", "写不下的评语" * 2000)
    prepare(view, qtbot, stick, planned.passphrase)
    sign(view, qtbot)

    assert view.banner.what.text().endswith("could not be written.")
    assert list(stick.iterdir()) == []
    database.execute("PRAGMA max_page_count=1000000")
    desk.save_now()
    qtbot.waitUntil(lambda: desk.save_problem is None, timeout=PATIENCE_MS)
    sign(view, qtbot)
    assert (stick / "E001-r1.qscore").is_file()


def test_a_wrong_passphrase_leaves_what_can_be_undone(
    view: SigningView, planned: IssuedRound, stick: Path, qtbot: QtBot
) -> None:
    desk = view.presenter.desk
    desk.set_remark("Q1", "noted")
    prepare(view, qtbot, stick, "1234" * 5)
    sign(view, qtbot)

    desk.undo()

    assert desk.score("Q1").remark == ""


def test_the_desk_cannot_be_left_while_it_signs(
    program: Application, page: DeskPage, view: SigningView, planned: IssuedRound, stick: Path, qtbot: QtBot
) -> None:
    watch = page._watch
    assert watch is not None
    prepare(view, qtbot, stick, planned.passphrase)
    qtbot.mouseClick(view.ui.sign, LEFT)
    for leave in (page.back.click, page.lock_button.click, program.window.close, watch.idle.emit):
        leave()
        assert page_of(program, DeskPage) is page
        assert program.window.isVisible()
    assert page.banner.what.text() == "Signing is under way."
    done(view, qtbot)
    assert "was read again" in view.ui.doneTitle.text(), "who comes back sees what came of it"
    assert page.banner.isHidden()
    again = page._watch
    assert again is not None
    again.idle.emit()
    qtbot.waitUntil(lambda: isinstance(program.window.page, UnlockPage))


def test_the_button_that_leads_to_signing_does_not_lead_away_from_it(
    page: DeskPage, view: SigningView, qtbot: QtBot
) -> None:
    button = page._buttons["signing"]
    assert button.isChecked()
    qtbot.mouseClick(button, LEFT)
    assert page.presenter.view == "signing"
    assert button.isChecked()
    assert not view.isHidden()
