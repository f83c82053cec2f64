"""Finding one's way in the list of applications."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.gui.panel.desk.application_list import BY_TOTAL, ApplicationList
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.widgets.two_line_delegate import SECOND_ROLE, SIDE_ROLE
from qisp_desktop.services.desk import DeskStatus


def shown(applications: ApplicationList) -> list[str]:
    return [item.number for item in applications.model.rows]


def test_each_row_says_name_number_status_and_total(desk_page: DeskPage) -> None:
    desk_page.presenter.set_points("C1", Decimal(9))
    model = desk_page.scoring.applications.model
    row = model.index(0, 0)
    item = desk_page.presenter.sheets.item(desk_page.presenter.number)
    assert row.data() == item.platform
    assert row.data(SECOND_ROLE) == f"{item.number} · 15 left"
    assert row.data(SIDE_ROLE) == "9.0"
    assert "in progress" in row.data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_click_makes_an_application_the_current_one(desk_page: DeskPage, qtbot: QtBot) -> None:
    applications = desk_page.scoring.applications
    rect = applications.list.visualRect(applications.model.index(1, 0))
    qtbot.mouseClick(applications.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert desk_page.presenter.number == shown(applications)[1]
    assert desk_page.scoring.reading.asking


def test_control_f_searches_by_number_and_by_pinyin_initials(desk_page: DeskPage, qtbot: QtBot) -> None:
    applications = desk_page.scoring.applications
    everything = shown(applications)
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert applications.search.hasFocus()
    qtbot.keyClicks(applications.search, "jgyzc")  # 激光与增材
    qtbot.waitUntil(lambda: len(shown(applications)) == 1)
    qtbot.keyClick(applications.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: shown(applications) == everything)
    qtbot.keyClicks(applications.search, "nobody")
    qtbot.waitUntil(lambda: applications.stack.currentIndex() == 1)


def test_the_filter_shows_one_status_and_the_order_can_be_the_totals(desk_page: DeskPage, qtbot: QtBot) -> None:
    presenter, applications = desk_page.presenter, desk_page.scoring.applications
    first, second = presenter.sheets.numbers[:2]
    presenter.set_points("C1", Decimal(2))
    presenter.select(second)
    with qtbot.waitSignal(presenter.application_changed):
        presenter.declare()
    presenter.set_points("C1", Decimal(9))
    applications.order.setCurrentIndex(BY_TOTAL)
    assert shown(applications)[:2] == [second, first]
    applications.filter.setCurrentIndex(applications.filter.findData(DeskStatus.DRAFT))
    assert shown(applications) == [second, first]
    assert applications.model.row(applications.list.currentIndex()).number == second


def test_the_progress_counts_what_asks_nothing_more(desk_page: DeskPage) -> None:
    presenter, applications = desk_page.presenter, desk_page.scoring.applications
    assert applications.bar.value() == 0
    presenter.recuse(RecusalGround.OTHER, "回避。")
    assert applications.bar.value() == 1
    assert applications.counted.text() == f"1 of {len(presenter.sheets.numbers)} done"
