"""The printing desk of a machine that was left alone keeps no key of the secretariat."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.idle import IdleWatch
from qisp_desktop.gui.printing.page import PrintingPage
from qisp_desktop.services.papers import PaperKind
from tests.e2e.small_round import PASSPHRASE
from tests.gui.printing.tray import PATIENCE_MS, Tray, choose, settled, show_desk


def with_originals(program: Application, qtbot: QtBot, round_path: Path) -> PrintingPage:
    page = show_desk(program, qtbot, round_path)
    with qtbot.waitSignal(page.presenter.loaded, timeout=PATIENCE_MS):
        page.presenter.unlock(PASSPHRASE)
    assert page.presenter.stock is not None
    assert page.presenter.stock.originals
    return page


def left_alone(page: PrintingPage) -> None:
    (watch,) = page.presenter.findChildren(IdleWatch)
    watch.idle.emit()


def test_originals_become_copies_again_and_the_passphrase_is_asked_for(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = with_originals(program, qtbot, round_path)

    with qtbot.waitSignal(page.presenter.loaded, timeout=PATIENCE_MS):
        left_alone(page)

    assert page.presenter.stock is not None
    assert not page.presenter.stock.originals
    assert page.presenter.stock.office is None
    assert page.print_card.passphrase.isVisible()
    assert page.print_card.passphrase.text() == ""


def test_the_keys_are_forgotten_though_the_round_is_out_of_reach_and_can_be_typed_again(
    program: Application, qtbot: QtBot, round_path: Path
) -> None:
    page = with_originals(program, qtbot, round_path)
    choose(page, PaperKind.INSPECTION)
    settled(qtbot, page)
    away = round_path.rename(round_path.with_suffix(".away"))

    with qtbot.waitSignal(page.presenter.load_failed, timeout=PATIENCE_MS):
        left_alone(page)

    assert (page.presenter.stock, page.presenter.shown, page.preview.name.text()) == (None, None, "")
    assert not page.list_card.model.rows
    assert page.banner.meaning == "bad"
    away.rename(round_path)
    page.print_card.passphrase.setText(PASSPHRASE)
    with qtbot.waitSignal(page.presenter.loaded, timeout=PATIENCE_MS):
        page.print_card.unlock.click()
    assert page.presenter.stock is not None
    assert page.presenter.stock.originals
    assert {paper.kind for paper in page.presenter.listed} == {PaperKind.INSPECTION}


def test_a_run_with_originals_is_finished_first(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = with_originals(program, qtbot, round_path)
    choose(page, PaperKind.SCORE_SHEET)
    settled(qtbot, page)
    pages = page.presenter.page_total[0]

    page.presenter.print()
    left_alone(page)

    qtbot.waitUntil(
        lambda: page.presenter.stock is not None and not page.presenter.stock.originals, timeout=PATIENCE_MS
    )
    assert tray.pages == pages
    assert page.presenter.report is not None
    assert page.presenter.report.stopped is None
