"""Founding a round in the window, as a new clerk does: steps, a weak passphrase, a standard with mistakes, the desk."""

from __future__ import annotations

import stat
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.policy import Aggregate
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.secretariat.new_round.basics_step import BasicsStep
from qisp_desktop.gui.secretariat.new_round.done_step import DoneStep
from qisp_desktop.gui.secretariat.new_round.page import NewRoundPage
from qisp_desktop.gui.secretariat.new_round.passphrase_step import PassphraseStep
from qisp_desktop.gui.secretariat.new_round.place_step import PlaceStep
from qisp_desktop.gui.secretariat.new_round.policy_step import PolicyStep
from qisp_desktop.gui.secretariat.new_round.presenter import BASICS, DONE, PASSPHRASE, PLACE, POLICY, RUBRIC
from qisp_desktop.gui.secretariat.new_round.rubric_step import RubricStep
from qisp_desktop.gui.start.page import StartPage
from qisp_desktop.services import office
from qisp_desktop.services.templates import write
from qisp_desktop.store.round_store import RoundStore
from tests.gui.program import page_of, wait_for_page

WAIT_MS = 20_000


@pytest.fixture
def page(program: Application, qtbot: QtBot) -> NewRoundPage:
    """The page of a new round, from the first page by the keyboard."""
    qtbot.keyClick(program.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    page = wait_for_page(qtbot, program, NewRoundPage)
    qtbot.waitUntil(lambda: page.presenter.rubric is not None)
    return page


def choose(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Answer every file dialog with ``path``."""
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_args, **_named: (str(path), ""))


def text_of(pdf: Path) -> str:
    return subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True).stdout


def make_up_passphrase(page: NewRoundPage, qtbot: QtBot) -> str:
    page.steps.buttons[PASSPHRASE].click()
    part = page.parts[PASSPHRASE]
    assert isinstance(part, PassphraseStep)
    part.fields.make_up.click()
    qtbot.waitUntil(lambda: page.presenter.strength is not None)
    return page.presenter.passphrase


def test_a_round_is_founded_step_by_step_and_its_desk_opens(
    program: Application, qtbot: QtBot, page: NewRoundPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    basics = page.parts[BASICS]
    assert isinstance(basics, BasicsStep)
    basics.year.setValue(2028)
    assert basics.name.text().startswith("2028")  # a proposed name follows the year
    assert "2027" in basics.warning.text()
    basics.year.setValue(2026)
    page.later.click()
    assert page.presenter.step == RUBRIC
    page.later.click()
    rule = page.parts[POLICY]
    assert isinstance(rule, PolicyStep)
    rule.form.aggregate.buttons[Aggregate.MEAN.value].click()
    assert "81.20" in rule.form.example.outcome.text()
    secret = make_up_passphrase(page, qtbot)
    page.later.click()
    assert not page.found.isEnabled()
    choose(monkeypatch, tmp_path / "office" / "轮次")
    place = page.parts[PLACE]
    assert isinstance(place, PlaceStep)
    place.choose.click()

    qtbot.waitUntil(page.found.isEnabled)
    page.found.click()
    qtbot.waitUntil(lambda: page.presenter.step == DONE, timeout=WAIT_MS)
    done = page.parts[DONE]
    assert isinstance(done, DoneStep)
    assert page.focusWidget() is done.sheet.save, "not the way home"
    done.open.click()
    assert page.banner.meaning == "warn"  # the recovery sheet is not saved
    choose(monkeypatch, tmp_path / "sheet.pdf")
    done.sheet.save.click()
    qtbot.waitUntil(lambda: page.presenter.sheet is not None, timeout=WAIT_MS)
    assert stat.S_IMODE((tmp_path / "sheet.pdf").stat().st_mode) == 0o600
    assert secret not in text_of(tmp_path / "sheet.pdf")
    choose(monkeypatch, tmp_path / "printed.pdf")
    done.sheet.printed.setChecked(True)
    done.sheet.save.click()
    qtbot.waitUntil(lambda: page.presenter.sheet == tmp_path / "printed.pdf", timeout=WAIT_MS)
    assert secret in text_of(tmp_path / "printed.pdf")
    assert "delete the file" in done.sheet.saved.text()
    done.open.click()

    desk = wait_for_page(qtbot, program, DeskPage)
    qtbot.waitUntil(lambda: desk.session.open_round is not None, timeout=WAIT_MS)
    with RoundStore.open(tmp_path / "office" / "轮次.qround", actor="test") as store:
        office.unlock(store, secret)
        value = store.round()
    assert (value.year, value.policy.aggregate) == (2026, Aggregate.MEAN)
    assert page.presenter.passphrase == ""


def test_a_weak_passphrase_is_told_and_not_taken(qtbot: QtBot, page: NewRoundPage, tmp_path: Path) -> None:
    presenter = page.presenter
    presenter.set_place(tmp_path / "round.qround")
    page.steps.buttons[PASSPHRASE].click()

    for line in page.passphrase_lines:
        line.setText("password1")
        line.textEdited.emit(line.text())
    qtbot.waitUntil(lambda: presenter.strength is not None)

    assert "easy to guess" in page.missing.text()
    page.steps.buttons[PLACE].click()
    assert not page.found.isEnabled()
    presenter.create()
    assert not (tmp_path / "round.qround").exists()


def test_two_different_passphrases_are_told(page: NewRoundPage) -> None:
    page.presenter.set_passphrase("long enough words", "long enough word")

    assert page.presenter.problem_of(PASSPHRASE) == "The two passphrases differ."


def test_a_standard_from_a_workbook_is_shown_before_it_is_taken_and_the_rule_follows_it(
    qtbot: QtBot, page: NewRoundPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = tmp_path / "standard.xlsx"
    write("rubric", book)
    choose(monkeypatch, book)
    page.steps.buttons[RUBRIC].click()
    part = page.parts[RUBRIC]
    assert isinstance(part, RubricStep)

    part.load.click()

    qtbot.waitUntil(lambda: page.presenter.rubric_file == book, timeout=WAIT_MS)
    rubric = page.presenter.rubric
    assert rubric is not None
    assert part.view.model.rowCount() == len(rubric.groups)
    assert "standard.xlsx" in part.source.text()
    assert page.presenter.policy is not None
    assert page.presenter.policy.pass_score == Decimal("0.75") * rubric.maximum


def test_mistakes_in_a_standard_are_told_with_their_cells_and_the_one_before_stays(
    qtbot: QtBot, page: NewRoundPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "standard.xlsx"
    write("rubric", path)
    book = load_workbook(path)
    sheet = next(one for one in book if any("满分" in str(cell.value) for row in one.iter_rows() for cell in row))
    heading = next(cell for row in sheet.iter_rows() for cell in row if "满分" in str(cell.value))
    assert heading.row is not None
    assert heading.column is not None
    wrong = sheet.cell(heading.row + 1, heading.column, "很多")
    book.save(path)
    before = page.presenter.rubric
    choose(monkeypatch, path)
    page.steps.buttons[RUBRIC].click()
    part = page.parts[RUBRIC]
    assert isinstance(part, RubricStep)

    part.load.click()

    qtbot.waitUntil(page.banner.isVisible, timeout=WAIT_MS)
    assert page.banner.meaning == "bad"
    assert f"{sheet.title}!{wrong.coordinate}" in page.banner.more.text()
    assert page.presenter.rubric == before


def test_a_rule_that_cannot_be_is_told_in_place_and_nothing_is_made_with_it(page: NewRoundPage, tmp_path: Path) -> None:
    page.steps.buttons[POLICY].click()
    part = page.parts[POLICY]
    assert isinstance(part, PolicyStep)

    part.form.pass_score.setText("９５")  # above the grades
    part.form.pass_score.textEdited.emit("９５")
    assert "grades" in part.form.problem.text()
    assert page.presenter.problem_of(POLICY)
    part.form.pass_score.setText("viel")
    part.form.pass_score.textEdited.emit("viel")
    assert part.form.pass_score.property("wrong")
    part.form.pass_score.setText("70")
    part.form.pass_score.textEdited.emit("70")

    assert page.presenter.problem_of(POLICY) == ""
    assert page.presenter.policy is not None
    assert page.presenter.policy.pass_score == 70


def test_a_file_that_is_there_is_never_overwritten(qtbot: QtBot, page: NewRoundPage, tmp_path: Path) -> None:
    path = tmp_path / "round.qround"
    path.write_bytes(b"something")
    make_up_passphrase(page, qtbot)
    page.presenter.set_place(path)
    page.steps.buttons[PLACE].click()

    page.found.click()

    qtbot.waitUntil(lambda: page.banner.isVisible() and not page.presenter.busy, timeout=WAIT_MS)
    assert page.banner.meaning == "bad"
    assert path.read_bytes() == b"something"
    assert page.presenter.step == PLACE


def test_leaving_asks_first_once_something_was_set(program: Application, qtbot: QtBot, page: NewRoundPage) -> None:
    basics = page.parts[BASICS]
    assert isinstance(basics, BasicsStep)
    basics.office.setText("某区局")
    basics.office.textEdited.emit("某区局")

    page.back.click()
    assert page_of(program, NewRoundPage) is page
    page.banner.action.click()

    wait_for_page(qtbot, program, StartPage)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_step_fits_a_small_screen_at_every_size_of_text(
    program: Application, page: NewRoundPage, language: str
) -> None:
    for scale in (100, 175):
        program.settings.language, program.settings.scale = language, scale
        least = page_of(program, NewRoundPage).minimumSizeHint()
        assert least.width() <= 1366, scale
        assert least.height() <= 768, scale


def test_what_was_set_survives_a_change_of_language(program: Application, qtbot: QtBot, page: NewRoundPage) -> None:
    page.presenter.set_office("某区局")
    page.steps.buttons[POLICY].click()
    part = page.parts[POLICY]
    assert isinstance(part, PolicyStep)
    part.form.quorum.setValue(4)

    program.settings.language = "zh_CN"

    anew = wait_for_page(qtbot, program, NewRoundPage)
    assert anew is not page
    basics, rule = anew.parts[BASICS], anew.parts[POLICY]
    assert isinstance(basics, BasicsStep)
    assert isinstance(rule, PolicyStep)
    assert (basics.office.text(), rule.form.quorum.value()) == ("某区局", 4)
    assert anew.presenter.step == POLICY
