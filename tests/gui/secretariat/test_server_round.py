"""A round on a server through the window: founded, opened again, changed by two, and told when it is out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.secretariat.new_round.page import NewRoundPage
from qisp_desktop.gui.secretariat.new_round.place_step import PlaceStep
from qisp_desktop.gui.secretariat.new_round.presenter import DONE, PLACE
from qisp_desktop.gui.start.page import StartPage
from qisp_desktop.gui.start.server_page import ServerPage
from qisp_desktop.services.founding import RoundPlan, found_round
from qisp_desktop.services.round_defaults import usual_policy
from qisp_desktop.services.round_settings import rename
from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.store.places import ServerPlace
from qisp_desktop.store.round_store import RoundStore
from tests.gui.program import page_of, wait_for_page
from tests.gui.secretariat.desks import settled
from tests.postgres import PostgresServer

WAIT_MS = 20_000


@pytest.fixture
def empty(postgres: PostgresServer, tmp_path: Path) -> Iterator[ServerPlace]:
    """An empty database."""
    database = postgres.new_database()
    yield postgres.place(database, tmp_path / "materials")
    postgres.drop(database)


@pytest.fixture
def place(empty: ServerPlace) -> ServerPlace:
    """A round in a database."""
    rubric = default_rubric()
    found_round(empty, RoundPlan(2026, "2026年度评价", "某局", rubric, usual_policy(rubric)), "right and long")
    return empty


def typed(page: ServerPage, address: str, password: str | None) -> None:
    """Type an address and a password, and open."""
    page.fields.address.setText(address)
    page.fields.password.setText(password or "")
    page.open.click()


def server_page(program: Application) -> ServerPage:
    page_of(program, StartPage).open_server.click()
    return page_of(program, ServerPage)


def test_a_round_on_a_server_is_opened_by_its_address_and_the_password_is_forgotten(
    program: Application, qtbot: QtBot, place: ServerPlace
) -> None:
    typed(server_page(program), str(place), place.password)

    desk = wait_for_page(qtbot, program, DeskPage)
    qtbot.waitUntil(lambda: desk.session.writable, timeout=WAIT_MS)
    settled(qtbot, desk)
    assert desk.heading.text() == "2026年度评价"
    assert program.settings.server == str(place)
    rename(place, name="同事改的名", office="某局")  # a colleague, at the same time
    desk.session.look_for_changes()
    qtbot.waitUntil(lambda: not program.tasks.busy)
    settled(qtbot, desk)
    data = desk.presenter.presenter_of("overview").data
    assert data is not None
    assert data.round.name == "同事改的名"
    program.go.home()
    again = server_page(program)
    assert (again.fields.address.text(), again.fields.password.text()) == (str(place), "")


@pytest.mark.parametrize("address", ["", "round.qround", "http://server/x", "postgresql+psycopg://server"])
def test_what_is_no_address_of_a_server_is_told_below_it(program: Application, address: str) -> None:
    page = server_page(program)

    typed(page, address, "secret")

    assert page_of(program, ServerPage) is page
    assert page.fields.problem.text()
    assert "secret" not in page.fields.problem.text()


def test_a_server_that_is_not_there_is_told_and_can_be_tried_again(
    program: Application, qtbot: QtBot, place: ServerPlace
) -> None:
    nobody = replace(place, port=1)

    typed(server_page(program), str(nobody), place.password)

    desk = wait_for_page(qtbot, program, DeskPage)
    qtbot.waitUntil(lambda: desk.session.error is not None and not program.tasks.busy, timeout=WAIT_MS)
    assert desk.banner.meaning == "bad"
    assert desk.banner.action.text() == "Try again"
    assert place.password is None or place.password not in desk.banner.more.text()


def test_a_look_in_passing_at_a_server_that_went_away_disturbs_nobody(
    program: Application, qtbot: QtBot, place: ServerPlace, postgres: PostgresServer
) -> None:
    typed(server_page(program), str(place), place.password)
    desk = wait_for_page(qtbot, program, DeskPage)
    qtbot.waitUntil(lambda: desk.session.writable, timeout=WAIT_MS)
    settled(qtbot, desk)

    postgres.stop()
    try:
        desk.session.look_for_changes()
        qtbot.waitUntil(lambda: not program.tasks.busy, timeout=WAIT_MS)
        assert not desk.banner.isVisible()
        desk.settings.click()  # but who works is told
        qtbot.waitUntil(desk.banner.isVisible, timeout=WAIT_MS)
        assert desk.banner.meaning == "bad"
    finally:
        postgres.start()

    desk.banner.action.click()
    qtbot.waitUntil(lambda: desk.session.writable and not desk.banner.isVisible(), timeout=WAIT_MS)
    settled(qtbot, desk)


def test_a_round_is_founded_in_an_empty_database(program: Application, qtbot: QtBot, empty: ServerPlace) -> None:
    page_of(program, StartPage).new_round.click()
    page = wait_for_page(qtbot, program, NewRoundPage)
    qtbot.waitUntil(lambda: page.presenter.rubric is not None)
    page.presenter.set_passphrase("窗前明月 bright moon 7731", "窗前明月 bright moon 7731")
    qtbot.waitUntil(lambda: page.presenter.strength is not None)
    page.steps.buttons[PLACE].click()
    step = page.parts[PLACE]
    assert isinstance(step, PlaceStep)
    step.kind.buttons["server"].click()
    assert not page.found.isEnabled()
    step.fields.address.setText(str(empty))
    step.fields.password.setText(empty.password or "")
    step.fields.changed.emit()

    qtbot.waitUntil(page.found.isEnabled)
    page.found.click()
    qtbot.waitUntil(lambda: page.presenter.step == DONE, timeout=WAIT_MS)

    with RoundStore.open(empty, actor="test") as store:
        assert store.round() == page.presenter.round
    page._leave(program.go.home)
