"""The audit trail at the desk: read in words, filtered, checked; a change past the program shows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.audit.view import AuditView
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from tests.gui.samples import IssuedRound
from tests.gui.secretariat.desks import copied, opened, settled


@pytest.fixture
def own(issued: IssuedRound, tmp_path: Path) -> Path:
    """A copy of the issued round that the test may change."""
    return copied(issued.round, tmp_path)


def shown(qtbot: QtBot, program: Application, round: Path) -> tuple[DeskPage, AuditView]:
    page = opened(qtbot, program, round, "audit")
    view = page.view
    assert isinstance(view, AuditView)
    return page, view


def test_the_trail_is_whole_and_signed_to_its_end(program: Application, qtbot: QtBot, own: Path) -> None:
    page, view = shown(qtbot, program, own)
    trail = view.presenter.data
    assert trail is not None
    assert [line.event.seq for line in view.table.model.rows] == list(range(trail.head.seq, 0, -1))
    assert f"up to event {trail.sealed}" in view.head.text()

    view.verify.click()
    settled(qtbot, page)

    assert view.banner.meaning == "good"
    assert not view.problems.isVisible()


def test_a_score_changed_with_a_database_tool_shows(program: Application, qtbot: QtBot, own: Path) -> None:
    with closing(sqlite3.connect(own)) as raw, raw:
        raw.execute("UPDATE expert SET document = replace(document, 'E001', 'E009') WHERE id = 'E001'")
    page, view = shown(qtbot, program, own)

    view.verify.click()
    settled(qtbot, page)

    assert view.problems.isVisible()
    assert "expert:E001" in view.found.text()


def test_decisions_are_found_among_all_events(program: Application, qtbot: QtBot, own: Path) -> None:
    _page, view = shown(qtbot, program, own)
    every = len(view.table.model.rows)

    view.table.show_filter("decisions")

    assert 0 < len(view.table.model.rows) < every
    assert {line.event.action for line in view.table.model.rows} == {"screen"}
