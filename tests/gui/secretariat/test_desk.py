"""The secretariat's desk as a whole: it opens a round, shows its steps, and tells who else has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.idle import IdleWatch
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.secretariat.experts.view import ExpertsView
from qisp_desktop.gui.secretariat.gate import OfficeGate
from qisp_desktop.gui.secretariat.screening.view import ScreeningView
from qisp_desktop.services.screening import screen_round
from qisp_desktop.store.round_store import RoundStore
from tests.gui.program import drop, wait_for_page
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound
from tests.gui.secretariat.desks import copied, opened, settled, unexpected


@pytest.fixture
def own(issued: IssuedRound, tmp_path: Path) -> Path:
    """A copy of the issued round that the test may change."""
    return copied(issued.round, tmp_path)


@pytest.fixture
def elsewhere(own: Path) -> Iterator[RoundStore]:
    """The round, open for writing in somebody else's hands."""
    with RoundStore.open(own, actor="li@office-3", write=True) as store:
        yield store


def test_a_round_that_a_colleague_has_is_shown_with_who_has_it_and_can_be_taken_later(
    program: Application, qtbot: QtBot, own: Path, elsewhere: RoundStore
) -> None:
    page = opened(qtbot, program, own)
    assert page.banner.meaning == "warn"
    assert "li@office-3" in page.banner.more.text()
    assert not page.session.writable

    elsewhere.close()
    page.banner.action.click()

    qtbot.waitUntil(lambda: page.session.writable)
    assert not page.banner.isVisible()


def test_what_a_colleague_changes_is_seen_by_who_reads(
    program: Application, qtbot: QtBot, own: Path, elsewhere: RoundStore
) -> None:
    page = opened(qtbot, program, own)
    screen_round(elsewhere, decide=("QISP-2026-001", "refused"), reason="材料不实")

    with qtbot.waitSignal(page.session.changed):
        page.session.look_for_changes()


def test_what_is_no_round_any_more_is_said_in_place_and_can_be_tried_again(
    program: Application, qtbot: QtBot, own: Path
) -> None:
    sound = own.read_bytes()
    own.write_bytes(b"not a round")
    drop(program, own)
    page = wait_for_page(qtbot, program, DeskPage)
    qtbot.waitUntil(page.banner.isVisible)
    assert page.banner.meaning == "bad"
    assert not page.content.isVisible()

    own.write_bytes(sound)
    page.banner.action.click()

    qtbot.waitUntil(lambda: page.session.writable)
    qtbot.waitUntil(page.content.isVisible)


def test_the_keys_are_unlocked_in_place_by_the_right_passphrase_only(
    program: Application, qtbot: QtBot, own: Path
) -> None:
    page = opened(qtbot, program, own)
    gate = OfficeGate(page.session)
    page.body.addWidget(gate)
    done: list[bool] = []

    gate.ask("To issue packages", lambda: done.append(True))
    gate.passphrase.setText("wrong passphrase")
    gate.unlock.click()
    qtbot.waitUntil(gate.problem.isVisible, timeout=10_000)
    assert not page.session.unlocked

    gate.passphrase.setText(OFFICE_PASSPHRASE)
    qtbot.keyClick(gate.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: done == [True], timeout=10_000)
    assert (page.session.unlocked, gate.isVisible()) == (True, False)

    page.keys.click()
    assert not page.session.unlocked


def test_the_keys_are_locked_whenever_the_machine_is_left_alone(program: Application, qtbot: QtBot, own: Path) -> None:
    page = opened(qtbot, program, own)
    (watch,) = page.presenter.findChildren(IdleWatch)

    for _evening in range(2):
        page.session.unlock(page, OFFICE_PASSPHRASE, lambda: None, unexpected)
        qtbot.waitUntil(lambda: page.session.unlocked, timeout=10_000)
        watch.idle.emit()
        assert not page.session.unlocked

    assert page.presenter.findChildren(IdleWatch) == [watch], "each one is asked about every key"


def test_a_change_of_theme_styles_only_what_is_seen_or_typed_in(program: Application, qtbot: QtBot, own: Path) -> None:
    page = opened(qtbot, program, own)
    for section in ("screening", "experts", "collecting", "applications"):
        page.presenter.go_to(section)
        settled(qtbot, page)
    experts = page._views["experts"]
    assert isinstance(experts, ExpertsView)
    field = experts.findChildren(QLineEdit)[0]
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a"))
    seen = page.view

    program.settings.theme = "dark"

    assert set(page._views) == {"experts", "applications"}
    assert page.view is seen
    page.presenter.go_to("screening")
    settled(qtbot, page)
    assert isinstance(page.view, ScreeningView)
    assert page.view.table.model.rows
    page.presenter.go_to("experts")
    assert page._views["experts"] is experts


def test_leaving_gives_the_round_back(program: Application, qtbot: QtBot, own: Path) -> None:
    opened(qtbot, program, own)

    program.go.home()
    program.tasks.release(lambda: None)

    def free() -> bool:
        with RoundStore.open(own, actor="li@office-3", write=True) as store:
            return store.writable

    qtbot.waitUntil(lambda: not program.tasks.busy)
    program.tasks.shut_down()
    assert free()


def test_good_news_is_gone_when_the_section_is_come_back_to(program: Application, qtbot: QtBot, own: Path) -> None:
    page = opened(qtbot, program, own, "issuing")
    presenter = page.presenter.presenter_of("issuing")
    presenter.say("good", "written")
    assert page.view is not None
    assert page.view.banner.isVisible()

    page.presenter.go_to("overview")
    page.presenter.go_to("issuing")

    assert not page.view.banner.isVisible()
