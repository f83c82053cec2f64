"""A panel member's whole day, from the passphrase to the file that the office accepts."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.inspection import Overall, Side, Verdict
from qisp_desktop.domain.panel import Recusal
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.compare.view import CompareView
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.inspection.view import InspectionView
from qisp_desktop.gui.panel.signing.view import SigningView
from qisp_desktop.services import assigning, issuing
from qisp_desktop.services.collecting import collect
from qisp_desktop.services.desk import DeskStatus
from qisp_desktop.store.round_store import RoundStore
from tests.gui.desk.person import CTRL, keys, score_by_keyboard, unlock
from tests.gui.desk_rounds import show_view, sign_in
from tests.gui.inspection.photos import photo
from tests.gui.program import drop
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound, issued_round

LEFT = Qt.MouseButton.LeftButton
PATIENCE_MS = 30_000


@pytest.fixture
def round_of_the_day(tmp_path: Path) -> IssuedRound:
    """A round with enough for one expert to score three, to step back from one, and a visit to the first."""
    first = issued_round(tmp_path / "office", applications=8)
    assigning.plan_inspection(first.round, first.numbers[0], [first.expert])
    (one,) = issuing.issue_packages(
        first.round, tmp_path / "again", passphrase=OFFICE_PASSPHRASE, only=[first.expert], plain_letters=True
    )
    passphrase = one.letter.with_suffix(".txt").read_text("utf-8").splitlines()[0]
    return IssuedRound(first.round, one.package, passphrase, first.expert, first.numbers)


def cite_and_undo(page: DeskPage, qtbot: QtBot, number: str) -> None:
    """Cite the page that is read, take it back, do it again."""
    presenter = page.presenter
    presenter.select(number)
    qtbot.waitUntil(lambda: page.scoring.reading.citation() is not None, timeout=PATIENCE_MS)
    page.scoring.scores.focus_field()
    keys(qtbot, Qt.Key.Key_E, modifier=CTRL)
    (cited,) = presenter.score(presenter.criterion).evidence
    keys(qtbot, Qt.Key.Key_Z, modifier=CTRL)
    assert presenter.score(presenter.criterion).evidence == ()
    keys(qtbot, Qt.Key.Key_Y, modifier=CTRL)
    assert presenter.score(presenter.criterion).evidence == (cited,)


def step_back(page: DeskPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.scoring.reading.declaration.step_back, LEFT)
    keys(qtbot, Qt.Key.Key_Tab, "I advised them last year.")
    keys(qtbot, Qt.Key.Key_Return, modifier=CTRL)


def inspect(page: DeskPage, qtbot: QtBot, card: Path) -> None:
    """The visit: who and when, the checklist, two photos, what it comes to, both signatures."""
    view = show_view(qtbot, page, InspectionView, "Site inspection")
    qtbot.mouseClick(view.visit.day.today, LEFT)
    qtbot.keyClicks(view.visit.received_by, "Lin Zhiyuan")
    for row in view.checklist.rows.values():
        qtbot.mouseClick(row.verdict.buttons[Verdict.CONFORM], LEFT)
    qtbot.mouseClick(view.visit.overall.buttons[Overall.PASS], LEFT)
    view.take_in([photo(card / "IMG_1.jpg"), photo(card / "IMG_2.jpg", colour="peru", turned=True)])
    qtbot.waitUntil(lambda: len(view.presenter.draft.photos) == 2, timeout=PATIENCE_MS)
    for side in Side:
        sign_in(qtbot, view.signatures.fields[side].pad)


def sign(page: DeskPage, qtbot: QtBot, passphrase: str, stick: Path) -> None:
    view = show_view(qtbot, page, SigningView, "Sign and export…")
    if not view.ui.partial.isHidden():
        qtbot.keyClick(view.ui.partial, Qt.Key.Key_Space)
    sign_in(qtbot, view.ui.pad.pad)
    view.ui.folder.setText(str(stick))
    view.ui.passphrase.set_text(passphrase)
    assert view.ui.hindrance.text() == ""
    qtbot.mouseClick(view.ui.sign, LEFT)
    desk = view.presenter.desk
    qtbot.waitUntil(lambda: not view.presenter.busy and not desk.frozen, timeout=PATIENCE_MS)
    assert view.ui.doneTitle.text() == "Done: every file was read again and is as it was signed."


def test_from_the_passphrase_to_the_file_that_the_office_accepts(
    program: Application, round_of_the_day: IssuedRound, tmp_path: Path, qtbot: QtBot
) -> None:
    day, card, stick = round_of_the_day, tmp_path / "card", tmp_path / "stick"
    card.mkdir()
    stick.mkdir()
    program.window.resize(1366, 768)

    drop(program, day.package)
    page = unlock(program, qtbot, day)
    sheets = page.presenter.sheets
    for _number in day.numbers[:3]:
        score_by_keyboard(page, qtbot)
    step_back(page, qtbot)
    cite_and_undo(page, qtbot, day.numbers[1])
    inspect(page, qtbot, card)
    compare = show_view(qtbot, page, CompareView, "Compare")
    assert compare.isVisible()
    sign(page, qtbot, day.passphrase, stick)

    sheets = page.presenter.sheets
    assert [sheets.item(number).status for number in day.numbers[:4]] == [
        DeskStatus.SIGNED,
        DeskStatus.SIGNED,
        DeskStatus.SIGNED,
        DeskStatus.RECUSED,
    ]
    (returned,) = stick.glob("*.qscore")
    (file,) = collect(day.round, [returned], passphrase=OFFICE_PASSPHRASE, deep=True).files
    assert (file.verdict, file.expert) == ("accepted", day.expert)
    assert [(one.application, one.verdict) for one in file.sheets] == [(n, "accepted") for n in day.numbers[:3]]
    with RoundStore.open(day.round, actor="clerk") as store:
        assert [one.application for one in store.all(Recusal)] == [day.numbers[3]]
    assert len(list((stick / "papers").glob("*.pdf"))) == 3
