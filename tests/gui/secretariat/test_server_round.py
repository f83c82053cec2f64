"""A round on a PostgreSQL server in the window: opened by its link, refreshed, missed and found again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.settings.view import SettingsView
from qisp_desktop.services.round_settings import rename
from qisp_desktop.services.rounds import copy_round, link_round, overview
from qisp_desktop.services.screening import screen_round
from qisp_desktop.store.places import ServerPlace
from qisp_desktop.store.round_store import RoundStore
from tests.gui.samples import IssuedRound
from tests.gui.secretariat.desks import WAIT_MS, opened, settled
from tests.postgres import PostgresServer


@pytest.fixture
def place(postgres: PostgresServer, issued: IssuedRound, tmp_path: Path) -> Iterator[ServerPlace]:
    """The issued round on a server."""
    database = postgres.new_database()
    place = postgres.place(database, tmp_path / "share" / "files")
    copy_round(issued.round, place)
    yield place
    postgres.drop(database)


@pytest.fixture
def link(place: ServerPlace, tmp_path: Path) -> Path:
    link = tmp_path / "share" / "2026.qround"
    link_round(place, link)
    return link


def test_two_clerks_have_the_round_open_and_each_sees_what_the_other_does(
    program: Application, qtbot: QtBot, link: Path, place: ServerPlace
) -> None:
    page = opened(qtbot, program, link)
    assert page.session.writable
    assert not page.banner.isVisible()

    with RoundStore.open(place, actor="li@office-3", write=True) as colleague:
        screen_round(colleague, decide=("QISP-2026-001", "refused"), reason="材料不实")

    with qtbot.waitSignal(page.session.changed, timeout=WAIT_MS):
        page.session.look_for_changes()
    settled(qtbot, page)


def test_a_server_that_goes_away_is_told_in_place_and_work_goes_on_when_it_is_back(
    program: Application, qtbot: QtBot, link: Path, place: ServerPlace, postgres: PostgresServer
) -> None:
    page = opened(qtbot, program, link)
    page.settings.click()
    settled(qtbot, page)
    view = page.view
    assert isinstance(view, SettingsView)
    before = overview(place).round
    postgres.stop()
    try:
        view.presenter.rename("消失", "某局")
        qtbot.waitUntil(page.banner.isVisible, timeout=WAIT_MS)
        assert page.banner.meaning == "bad"
        assert "could not be reached" in page.banner.what.text()
    finally:
        postgres.start()
    assert overview(place).round == before

    page.banner.action.click()

    qtbot.waitUntil(lambda: page.session.writable and not page.banner.isVisible(), timeout=WAIT_MS)
    settled(qtbot, page)
    rename(place, name="回来", office="某局")
    with qtbot.waitSignal(page.session.changed, timeout=WAIT_MS):
        page.session.look_for_changes()
    settled(qtbot, page)
