"""Looking at a paper: larger, smaller, fitted, over the whole page and back, and as it was left the last time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.printing.list_and_paper import ListAndPaper
from qisp_desktop.gui.printing.page import PREVIEW, PrintingPage
from tests.gui.printing.tray import Tray, settled, show_desk
from tests.gui.program import wait_for_page


def show_active_desk(program: Application, qtbot: QtBot, path: Path) -> PrintingPage:
    """The desk in a window that has the keys: shortcuts ask for that."""
    page = show_desk(program, qtbot, path)
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    return page


def pdf_view(page: PrintingPage) -> QPdfView:
    (view,) = page.preview.findChildren(QPdfView)
    return view


def test_the_paper_is_enlarged_and_fitted_by_keys_and_the_percent_says_so(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_active_desk(program, qtbot, round_path)
    zoom, view = page.preview.zoom, pdf_view(page)
    assert view.zoomMode() is QPdfView.ZoomMode.FitToWidth
    assert zoom.fit_width.isChecked()
    fitted = zoom.shown_percent
    assert zoom.percent.text() == f"{fitted:.0f} %"

    page.list_card.table.setFocus()
    qtbot.keyClick(page.list_card.table, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    assert view.zoomMode() is QPdfView.ZoomMode.Custom
    larger = zoom.shown_percent
    assert larger > fitted
    assert not zoom.fit_width.isChecked()
    qtbot.keyClick(page.list_card.table, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert zoom.shown_percent < larger
    qtbot.keyClick(page.list_card.table, Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
    assert view.zoomMode() is QPdfView.ZoomMode.FitInView
    assert zoom.fit_page.isChecked()
    qtbot.keyClick(page.list_card.table, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.zoomMode() is QPdfView.ZoomMode.FitToWidth
    for _turn in range(20):
        zoom.larger.click()
    assert zoom.percent.text() == "200 %"
    for _turn in range(20):
        zoom.smaller.click()
    assert zoom.percent.text() == "25 %"
    settled(qtbot, page)


def test_ctrl_with_the_wheel_zooms_and_the_wheel_alone_scrolls(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    view = pdf_view(page)
    turn(view, Qt.KeyboardModifier.NoModifier)
    assert page.preview.zoom.zoom == "width"
    turn(view, Qt.KeyboardModifier.ControlModifier)
    assert page.preview.zoom.zoom not in ("width", "page")
    settled(qtbot, page)


def turn(view: QPdfView, modifiers: Qt.KeyboardModifier) -> None:
    """Turn the wheel away from the person by a notch."""
    place = QPointF(20, 20)
    event = QWheelEvent(
        place,
        view.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def test_the_paper_takes_the_whole_page_on_request_and_escape_leads_back(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_active_desk(program, qtbot, round_path)
    settled(qtbot, page)
    beside = page.preview.width()
    qtbot.mouseClick(page.preview.enlarge, Qt.MouseButton.LeftButton)
    assert page.sides.key == PREVIEW
    qtbot.waitUntil(lambda: page.preview.width() > 3 * beside)
    assert not page.list_card.isVisible()
    assert page.preview.enlarge.isChecked()
    view = pdf_view(page)
    assert view.hasFocus()
    page.preview.zoom.fit_page.click()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert page.list_card.isVisible()
    assert page.preview.isVisible()
    assert not page.preview.enlarge.isChecked()
    assert not page.sides.buttons[PREVIEW].isVisible()
    assert page.preview.zoom.zoom == "width", "beside the list it is as large as it was there"

    qtbot.keyClick(page.list_card.table, Qt.Key.Key_F11)
    assert page.sides.key == PREVIEW
    assert page.preview.zoom.zoom == "page", "as it was left"
    qtbot.keyClick(pdf_view(page), Qt.Key.Key_F11)
    assert page.list_card.isVisible()
    qtbot.keyClick(page.list_card.table, Qt.Key.Key_F11)
    qtbot.mouseClick(page.sides.buttons["scans"], Qt.MouseButton.LeftButton)
    assert page.scans.isVisible()
    assert not page.sides.buttons[PREVIEW].isVisible()
    qtbot.mouseClick(page.sides.buttons["papers"], Qt.MouseButton.LeftButton)
    assert page.preview.isVisible()


def test_who_looks_at_large_papers_leafs_to_the_next_without_the_list(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_active_desk(program, qtbot, round_path)
    settled(qtbot, page)
    listed = page.presenter.listed
    assert not page.preview.next.isVisible()
    page.preview.enlarge.click()
    qtbot.mouseClick(page.preview.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.preview.name.toolTip() == listed[1].name)
    qtbot.keyClick(pdf_view(page), Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.preview.name.toolTip() == listed[2].name)
    for _turn in range(3):
        qtbot.keyClick(pdf_view(page), Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: page.presenter.shown == page.list_card.model.row(page.list_card.table.currentIndex()))
    qtbot.waitUntil(lambda: page.preview.name.toolTip() == listed[0].name)
    assert page.sides.key == PREVIEW
    settled(qtbot, page)


def test_zoom_and_widths_are_as_they_were_left(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    settled(qtbot, page)
    splitter = page.beside
    assert isinstance(splitter, ListAndPaper)
    drag(splitter, -120)
    left = splitter.sizes()
    assert page.preview.width() == left[1]
    page.preview.zoom.larger.click()
    zoom = page.preview.zoom.zoom
    page.preview.enlarge.click()
    page.preview.zoom.fit_page.click()
    program.settings.language = "zh_CN"
    again = wait_for_page(qtbot, program, PrintingPage)
    qtbot.waitUntil(lambda: again.beside.sizes() == left)
    assert again.preview.zoom.zoom == zoom
    again.preview.enlarge.click()
    assert again.preview.zoom.zoom == "page"
    program.settings.language = "en"


def drag(splitter: ListAndPaper, by: int) -> None:
    """Drag the handle sideways, as the mouse does."""
    place = splitter.handle(1).pos().x()
    splitter.moveSplitter(place + by, 1)
    assert splitter.handle(1).pos().x() != place
