"""The settings of a round: saved, taken back, told beforehand, and closed once the result is frozen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.calendar import DayKind
from qisp_desktop.domain.policy import Aggregate
from qisp_desktop.domain.round import Round
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.secretariat.settings.view import SettingsView
from qisp_desktop.services import deciding, office, round_settings
from qisp_desktop.services.templates import write
from qisp_desktop.store.round_store import RoundStore
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound
from tests.gui.secretariat.desks import copied, opened, settled
from tests.unit.services.paper_rounds import NUMBERS, PASSPHRASE, make_round

WAIT_MS = 20_000


@pytest.fixture
def own(issued: IssuedRound, tmp_path: Path) -> Path:
    """A copy of the issued round that the test may change."""
    return copied(issued.round, tmp_path)


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    """A round with sheets in it, and without packages."""
    return make_round(tmp_path)


def settings_of(qtbot: QtBot, program: Application, path: Path, part: str) -> tuple[DeskPage, SettingsView]:
    page = opened(qtbot, program, path)
    page.settings.click()
    settled(qtbot, page)
    view = page.view
    assert isinstance(view, SettingsView)
    view.choice.buttons[part].click()
    return page, view


def round_in(path: Path) -> Round:
    with RoundStore.open(path, actor="test") as store:
        return store.round()


def test_a_round_is_renamed_and_named_back(program: Application, qtbot: QtBot, own: Path) -> None:
    before = round_in(own)
    page, view = settings_of(qtbot, program, own, "basics")
    part = view.basics
    assert not part.save.isEnabled()

    part.name.setText("2026年度复评")
    part.name.textEdited.emit("2026年度复评")
    part.save.click()
    settled(qtbot, page)
    assert round_in(own).name == "2026年度复评"

    view.banner.action.click()
    settled(qtbot, page)
    assert round_in(own) == before
    assert part.name.text() == before.name


def test_a_rule_is_taken_only_after_what_it_changes_was_shown(program: Application, qtbot: QtBot, scored: Path) -> None:
    page, view = settings_of(qtbot, program, scored, "rule")
    part = view.rule

    part.form.trim_min.setValue(4)
    part.save.click()
    qtbot.waitUntil(part.effect.isVisible, timeout=WAIT_MS)
    assert "1 final score" in part.words.text()
    assert NUMBERS[0] in part.words.text()
    assert round_in(scored).policy.trim_min == 5

    part.take.click()
    settled(qtbot, page)
    assert round_in(scored).policy.trim_min == 4
    view.banner.action.click()
    settled(qtbot, page)
    assert round_in(scored).policy.trim_min == 5
    assert part.form.trim_min.value() == 5


def test_a_frozen_round_shows_its_settings_and_changes_none(program: Application, qtbot: QtBot, scored: Path) -> None:
    deciding.freeze(scored, reason="评审会议通过")
    _page, view = settings_of(qtbot, program, scored, "rule")
    rule, basics, standard = view.rule, view.basics, view.standard

    assert not rule.form.aggregate.isEnabled()
    assert not rule.save.isEnabled()
    assert "frozen" in rule.why.text()
    assert basics.name.isReadOnly()
    assert not standard.load.isEnabled()


def test_another_standard_is_looked_at_before_it_is_taken_and_none_once_packages_are_out(
    program: Application, qtbot: QtBot, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, view = settings_of(qtbot, program, own, "standard")
    part = view.standard
    assert not part.load.isEnabled()
    assert "handed out" in part.state.text()

    book = tmp_path / "standard.xlsx"
    write("rubric", book)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(book), ""))
    part._choose()
    qtbot.waitUntil(part.take.isVisible, timeout=WAIT_MS)
    part.take.click()
    qtbot.waitUntil(view.banner.isVisible, timeout=WAIT_MS)
    settled(qtbot, page)

    assert view.banner.meaning == "bad"
    assert view.banner.what.text() == "The scoring standard can no longer be changed."


def test_a_day_is_decided_and_left_to_the_calendar_again(program: Application, qtbot: QtBot, own: Path) -> None:
    page, view = settings_of(qtbot, program, own, "days")
    part = view.days
    assert not part.add.isEnabled()

    part.kind.buttons[DayKind.WORKING.value].click()
    part.reason.setText("局办公室通知")
    part.add.click()
    settled(qtbot, page)
    (decided,) = round_settings.settings_of(own).overrides
    assert (decided.kind, decided.reason) == (DayKind.WORKING, "局办公室通知")

    part.table.selectRow(0)
    part.remove.click()
    settled(qtbot, page)
    assert round_settings.settings_of(own).overrides == ()
    view.banner.action.click()
    settled(qtbot, page)
    assert round_settings.settings_of(own).overrides == (decided,)


def test_positions_of_photos_are_kept_only_where_the_round_says_so(
    program: Application, qtbot: QtBot, own: Path
) -> None:
    page, view = settings_of(qtbot, program, own, "basics")

    view.basics.photos.click()
    settled(qtbot, page)

    assert round_settings.settings_of(own).photo_positions


def test_the_passphrase_is_changed_with_the_old_one_and_a_new_sheet_is_offered(
    program: Application, qtbot: QtBot, scored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, view = settings_of(qtbot, program, scored, "keys")
    part = view.keys

    part.fields.make_up.click()
    made = part.fields.first.text()
    part.old.setText("wrong and long")
    qtbot.waitUntil(part.change.isEnabled)
    part.change.click()
    qtbot.waitUntil(lambda: view.banner.meaning == "bad", timeout=WAIT_MS)
    settled(qtbot, page)
    assert not part.sheet.isVisible()

    part.old.setText(PASSPHRASE)
    part.change.click()
    qtbot.waitUntil(part.sheet.isVisible, timeout=WAIT_MS)
    settled(qtbot, page)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "sheet.pdf"), ""))
    part.sheet.save.click()
    qtbot.waitUntil((tmp_path / "sheet.pdf").exists, timeout=WAIT_MS)
    settled(qtbot, page)

    with RoundStore.open(scored, actor="test") as store:
        office.unlock(store, made)
    page.presenter.go_to("overview")
    assert view.presenter.new_passphrase == ""
    settled(qtbot, page)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_overview_and_settings_fit_a_small_screen_at_every_size_of_text(
    program: Application, qtbot: QtBot, own: Path, language: str
) -> None:
    program.settings.language = language
    for scale in (100, 175):
        program.settings.scale = scale
        page, _view = settings_of(qtbot, program, own, "keys")
        for section in ("settings", "overview"):
            page.presenter.go_to(section)
            settled(qtbot, page)
            least = page.minimumSizeHint()
            assert least.width() <= 1366, (scale, section)
            assert least.height() <= 768, (scale, section)
        program.go.home()


def test_who_may_only_read_changes_nothing(program: Application, qtbot: QtBot, own: Path) -> None:
    with RoundStore.open(own, actor="li@office-3", write=True):
        page, view = settings_of(qtbot, program, own, "basics")

        assert not page.session.writable
        assert view.basics.name.isReadOnly()
        assert not view.basics.photos.isEnabled()
        assert not view.rule.save.isEnabled()
        assert OFFICE_PASSPHRASE
        assert round_in(own).policy.aggregate is Aggregate.TRIMMED
