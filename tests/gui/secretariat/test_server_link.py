"""A round on a PostgreSQL server in the window: opened by its link, missed in the middle of work and found again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.collecting.view import CollectingView
from qisp_desktop.gui.secretariat.settings.view import SettingsView
from qisp_desktop.services.collected_files import Keeping
from qisp_desktop.services.round_settings import rename
from qisp_desktop.services.rounds import copy_round, link_round, overview
from qisp_desktop.services.screening import screen_round
from qisp_desktop.store.change import Change
from qisp_desktop.store.places import ServerPlace
from qisp_desktop.store.round_store import RoundStore
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound
from tests.gui.secretariat.desks import WAIT_MS, opened, settled, unexpected
from tests.gui.secretariat.returned import Returned
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


class StopsTheServer:
    """Takes the server away once, in the middle of the merge."""

    def __init__(self, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.postgres, self.left, self.real = postgres, 2, Change.put_all
        monkeypatch.setattr(Change, "put_all", lambda change, values: self.put_all(change, values))

    def put_all(self, change: Change, values: Iterable[object]) -> int:
        self.left -= 1
        if self.left == 0:
            self.postgres.stop()
        return self.real(change, values)


def test_what_was_being_collected_when_the_server_went_away_is_collected_on_its_return(
    program: Application,
    qtbot: QtBot,
    link: Path,
    place: ServerPlace,
    postgres: PostgresServer,
    returned: Returned,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = opened(qtbot, program, link, "collecting")
    page.session.unlock(page, OFFICE_PASSPHRASE, lambda: None, unexpected)
    qtbot.waitUntil(lambda: page.session.unlocked, timeout=WAIT_MS)
    view = page.view
    assert isinstance(view, CollectingView)
    StopsTheServer(postgres, monkeypatch)
    try:
        view.presenter.collect([returned.first])
        qtbot.waitUntil(page.banner.isVisible, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: not view.presenter.busy and not program.tasks.busy, timeout=WAIT_MS)
        assert [one.keeping for one in view.presenter.files] == [Keeping.NOT_KEPT]
    finally:
        postgres.start()
    assert overview(place).returned == 0

    page.banner.action.click()
    qtbot.waitUntil(view.gate.isVisible, timeout=WAIT_MS)
    assert not page.banner.isVisible()
    view.gate.passphrase.setText(OFFICE_PASSPHRASE)
    view.gate.unlock.click()

    qtbot.waitUntil(
        lambda: [one.keeping for one in view.presenter.files] == [Keeping.KEPT, Keeping.NOT_KEPT], timeout=WAIT_MS
    )
    settled(qtbot, page)
    assert overview(place).returned == 1
