"""The overview: bars and clocks at once, then what waits, each a way to its section."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.secretariat.overview.view import OverviewView
from qisp_desktop.services.screening import screen_round
from tests.gui.program import drop, wait_for_page
from tests.gui.samples import IssuedRound
from tests.gui.secretariat.desks import copied, opened, settled

WAIT_MS = 20_000


@pytest.fixture
def own(issued: IssuedRound, tmp_path: Path) -> Path:
    """A copy of the issued round that the test may change."""
    return copied(issued.round, tmp_path)


def overview_of(qtbot: QtBot, page: DeskPage) -> OverviewView:
    """The overview with all that it tells."""
    view = page.view
    assert isinstance(view, OverviewView)
    qtbot.waitUntil(lambda: view.presenter.data is not None and view.presenter.data.waiting is not None)
    return view


def spoken(view: OverviewView) -> list[str]:
    model = view.steps.steps
    role = Qt.ItemDataRole.AccessibleTextRole
    return [str(model.index(row).data(role)) for row in range(model.rowCount())]


def test_every_step_is_a_bar_with_its_figures(program: Application, qtbot: QtBot, own: Path) -> None:
    view = overview_of(qtbot, opened(qtbot, program, own))

    texts = spoken(view)
    assert texts[0] == "Applications imported: 4"
    assert texts[3].startswith("Packages handed out: 1 of ")
    assert texts[-1] == "Result frozen: 0 of 1"
    assert view.steps.height() >= view.steps.sizeHintForRow(0) * len(texts)


def test_the_figures_are_on_the_screen_before_the_round_is_open(program: Application, qtbot: QtBot, own: Path) -> None:
    drop(program, own)
    page = wait_for_page(qtbot, program, DeskPage)

    with qtbot.waitSignal(page.presenter.glanced, timeout=WAIT_MS):
        pass

    assert page.session.open_round is None
    assert not page.session.writable
    assert page.content.isVisible()
    assert isinstance(page.view, OverviewView)
    assert spoken(page.view)[0] == "Applications imported: 4"
    assert page.view.stack.currentWidget() is page.view.looking
    page.rail.setCurrentRow(1)  # a section that is asked for now is read as soon as the round is open
    qtbot.waitUntil(lambda: page.session.open_round is not None, timeout=WAIT_MS)
    settled(qtbot, page)


def test_what_waits_leads_to_its_section_by_keyboard_and_by_click(
    program: Application, qtbot: QtBot, own: Path
) -> None:
    page = opened(qtbot, program, own)
    view = overview_of(qtbot, page)
    rows = view.waiting.rows.rows
    place = next(number for number, row in enumerate(rows) if row.section == "issuing")
    wanted: list[tuple[str, object]] = []
    view.presenter.wanted.connect(lambda key, wish: wanted.append((key, wish)))

    view.waiting.setFocus()
    view.waiting.setCurrentIndex(view.waiting.rows.index(place))
    qtbot.keyClick(view.waiting, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.presenter.section == "issuing")
    settled(qtbot, page)

    page.presenter.go_to("overview")
    area = view.steps.visualRect(view.steps.steps.index(1))
    qtbot.mouseClick(view.steps.viewport(), Qt.MouseButton.LeftButton, pos=area.topLeft() + QPoint(20, 10))
    qtbot.waitUntil(lambda: page.presenter.section == "screening")
    settled(qtbot, page)
    assert wanted[0] == ("issuing", rows[place].wish)


def test_a_late_evaluation_is_red_and_says_so(program: Application, qtbot: QtBot, own: Path) -> None:
    screen_round(own, accepted_on=date.today() - timedelta(days=33))  # noqa: DTZ011  as the office counts

    view = overview_of(qtbot, opened(qtbot, program, own))

    clock = view.clocks[0]
    assert clock.day.text() == "Day 33 of 30: late"
    assert clock.day.property("role") == "bad-title"
    assert "late" in clock.accessibleName()
    assert not view.clocks[1].day.isVisible()


def test_a_change_is_shown_without_a_flicker_of_what_is_not_known_yet(
    program: Application, qtbot: QtBot, own: Path
) -> None:
    page = opened(qtbot, program, own)
    view = overview_of(qtbot, page)
    seen: list[bool] = []

    def note() -> None:
        seen.append(view.presenter.data is None or view.presenter.data.waiting is None)

    view.presenter.loaded.connect(note)

    page.session.changed.emit()
    settled(qtbot, page)

    assert seen == [False]
