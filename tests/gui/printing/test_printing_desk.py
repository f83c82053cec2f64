"""The printing desk as a clerk uses it: choose, look, print, save, continue."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.printing.page import PrintingPage
from qisp_desktop.gui.printing.paper_state import PaperState
from qisp_desktop.gui.printing.printers import PaintedPrinter
from qisp_desktop.gui.printing.work import Saving
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.services.papers import PaperKind
from qisp_desktop.services.print_runs import Duplex, PrinterTrouble
from qisp_desktop.services.printing import Order
from qisp_desktop.store.round_store import RoundStore
from tests.e2e.small_round import PASSPHRASE
from tests.gui.printing.tray import PATIENCE_MS, Tray, choose, settled, show_desk
from tests.gui.program import wait_for_page


def test_the_round_opens_its_printing_desk_with_score_sheets_chosen_and_counted(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    program.go.open(round_path)
    desk = wait_for_page(qtbot, program, DeskPage)
    qtbot.mouseClick(desk.print, Qt.MouseButton.LeftButton)
    page = wait_for_page(qtbot, program, PrintingPage)
    settled(qtbot, page)

    listed = page.presenter.listed
    assert {paper.kind for paper in listed} == {PaperKind.SCORE_SHEET}
    assert all(paper.mark == "副本" for paper in listed)
    pages, _complete = page.presenter.page_total
    assert page.list_card.total.text() == f"{len(listed)} papers · {pages} pages"
    assert page.print_card.print.isEnabled()
    assert page.preview.document.pageCount() == page.presenter.stock.pages(listed[0])  # type: ignore[union-attr]


def test_check_boxes_choose_by_mouse_and_keys_and_the_order_follows(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    kinds = page.choice.kinds
    kinds.view.setFocus()
    kinds.view.setCurrentIndex(kinds.model.index(1, 0))
    qtbot.keyClick(kinds.view, Qt.Key.Key_Space)
    assert page.presenter.kinds == {PaperKind.SCORE_SHEET, PaperKind.SUMMARY}

    qtbot.mouseClick(page.choice.tabs.buttons["experts"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.choice.experts.none, Qt.MouseButton.LeftButton)
    assert list(page.presenter.listed) == []
    assert page.list_card.stack.currentIndex() == 1
    assert not page.print_card.print.isEnabled()
    qtbot.keyClicks(page.choice.experts.search, "E002")
    qtbot.waitUntil(lambda: page.choice.experts.model.rowCount() == 1)
    qtbot.mouseClick(page.choice.experts.all, Qt.MouseButton.LeftButton)
    assert {paper.expert for paper in page.presenter.listed} == {"E002"}

    qtbot.mouseClick(page.list_card.order.buttons[Order.APPLICATION.value], Qt.MouseButton.LeftButton)
    assert page.presenter.listed[0].kind is PaperKind.SUMMARY
    settled(qtbot, page)


def test_the_paper_that_is_shown_stays_in_sight_in_another_order(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    choose(page, *PaperKind)
    settled(qtbot, page)
    shown = page.presenter.shown
    assert shown is not None
    for order in (Order.EXPERT, Order.KIND, Order.APPLICATION):
        qtbot.mouseClick(page.list_card.order.buttons[order.value], Qt.MouseButton.LeftButton)
        table = page.list_card.table
        assert page.list_card.model.row(table.currentIndex()) == shown
        assert table.viewport().rect().intersects(table.visualRect(table.currentIndex()))
    settled(qtbot, page)


def test_printing_puts_every_page_out_says_so_and_enters_it_into_the_trail(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    choose(page, PaperKind.ASSIGNMENTS, PaperKind.SIGN_IN)
    page.print_card.copies.setValue(2)
    settled(qtbot, page)
    with qtbot.waitSignal(page.presenter.printed, timeout=PATIENCE_MS):
        qtbot.mouseClick(page.print_card.print, Qt.MouseButton.LeftButton)

    pages, _complete = page.presenter.page_total
    assert tray.pages == 2 * pages
    assert page.resume_card.isVisible()
    assert page.resume_card.what.text() == f"4 papers are printed ({2 * pages} pages) on Tray."
    assert not page.resume_card.resume.isVisible()
    assert set(page.presenter.states.values()) == {PaperState.OUT}
    assert page.list_card.model.index(0, 6).data() == "printed"
    with RoundStore.open(round_path, actor="tests") as store:
        noted = {event.subject for event in store.audit_events() if event.action == "print"}
    assert noted == {"paper:assignments", "paper:sign-in"}


def test_the_passphrase_brings_the_signed_originals_and_a_wrong_one_is_said_in_place(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    card = page.print_card
    qtbot.keyClicks(card.passphrase, "not the words")
    with qtbot.waitSignal(page.presenter.unproven, timeout=PATIENCE_MS):
        qtbot.keyClick(card.passphrase, Qt.Key.Key_Return)
    assert card.passphrase.property("wrong")
    assert "passphrase" in card.originals.text()
    assert page.banner.isVisible()
    assert "Type the passphrase that was chosen" in page.banner.more.text()
    qtbot.waitUntil(lambda: card.originals.heightForWidth(card.originals.width()) <= card.originals.height())
    card.check()
    assert "passphrase" in card.originals.text(), "it is said as long as the field is marked"

    card.passphrase.clear()
    qtbot.keyClicks(card.passphrase, PASSPHRASE)
    with qtbot.waitSignal(page.presenter.loaded, timeout=PATIENCE_MS):
        qtbot.mouseClick(card.unlock, Qt.MouseButton.LeftButton)
    settled(qtbot, page)
    assert not card.passphrase.isVisible()
    assert card.passphrase.text() == ""
    assert {paper.mark for paper in page.presenter.listed} == {""}
    stock = page.presenter.stock
    assert stock is not None
    with pikepdf.open(BytesIO(stock.finished(page.presenter.listed[0]).pdf)) as pdf:
        signed = [field for field in pdf.Root.AcroForm.Fields if "/V" in field]
    assert len(signed) == 1


def test_a_paper_that_is_unchecked_in_the_list_is_left_out_of_print_and_files(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray, tmp_path: Path
) -> None:
    page = show_desk(program, qtbot, round_path)
    choose(page, PaperKind.SIGN_IN, PaperKind.ASSIGNMENTS, PaperKind.DEVIATIONS)
    card = page.list_card
    card.table.setFocus()
    card.table.setCurrentIndex(card.model.index(1, 0))
    qtbot.keyClick(card.table, Qt.Key.Key_Space)
    settled(qtbot, page)
    assert [paper.kind for paper in page.presenter.wanted] == [PaperKind.DEVIATIONS, PaperKind.SIGN_IN]
    assert "1 unchecked" in card.total.text()
    assert [card.model.index(row, 0).data() for row in range(3)] == ["1", "—", "2"]

    page.presenter.choose(order=Order.APPLICATION)
    assert len(list(page.presenter.wanted)) == 2
    with qtbot.waitSignal(page.presenter.printed, timeout=PATIENCE_MS):
        page.presenter.print()
    assert tray.pages == 2
    with qtbot.waitSignal(page.presenter.saved, timeout=PATIENCE_MS):
        page.presenter.save(Saving.SINGLE, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").rglob("*.pdf")} == {"deviations.pdf", "sign-in.pdf"}

    qtbot.mouseClick(card.all, Qt.MouseButton.LeftButton)
    assert len(list(page.presenter.wanted)) == 3
    assert not card.all.isVisible()
    card.model.check(card.model.rows, False)
    assert not page.print_card.print.isEnabled()
    settled(qtbot, page)


def test_letters_name_the_day_that_is_typed_beside_them(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    assert not page.list_card.letters.isVisible()
    choose(page, PaperKind.LETTER)
    qtbot.waitUntil(lambda: not program.tasks.busy, timeout=PATIENCE_MS)
    assert page.list_card.letters.isVisible()
    with qtbot.waitSignal(page.presenter.previewed, timeout=PATIENCE_MS):
        page.list_card.reply_by.line.setText("")
        qtbot.keyClicks(page.list_card.reply_by.line, "2026-08-03")
    qtbot.waitUntil(lambda: "2026年8月3日" in shown_text(page), timeout=PATIENCE_MS)
    settled(qtbot, page)


def shown_text(page: PrintingPage) -> str:
    return "".join(page.preview.document.getAllText(0).text().split())


def test_files_are_sealed_once_the_originals_are_taken_and_the_trail_says_so(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray, tmp_path: Path
) -> None:
    page = show_desk(program, qtbot, round_path)
    card = page.print_card
    assert not card.seal.isEnabled()
    assert "passphrase" in card.seal.toolTip()
    with qtbot.waitSignal(page.presenter.loaded, timeout=PATIENCE_MS):
        page.presenter.unlock(PASSPHRASE)
    choose(page, PaperKind.REPORT)
    settled(qtbot, page)
    qtbot.mouseClick(card.seal, Qt.MouseButton.LeftButton, pos=card.seal.rect().center())
    if not card.seal.isChecked():
        card.seal.click()
    assert not card.saves[Saving.BOUND].isEnabled()
    with qtbot.waitSignal(page.presenter.saved, timeout=PATIENCE_MS):
        page.presenter.save(Saving.SINGLE, tmp_path / "out")

    files = sorted((tmp_path / "out").rglob("*.pdf"))
    assert len(files) == len(page.presenter.wanted)
    with pikepdf.open(files[0]) as pdf:
        assert [str(field.T) for field in pdf.Root.AcroForm.Fields if "/V" in field] == ["Secretariat"]
    with RoundStore.open(round_path, actor="tests") as store:
        event = store.audit_events()[-1]
    assert (event.action, event.detail) == ("seal papers", str(len(files)))


def test_papers_are_saved_as_files_as_one_pdf_and_as_an_archive(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show_desk(program, qtbot, round_path)
    choose(page, PaperKind.SIGN_IN, PaperKind.ASSIGNMENTS)
    out = tmp_path / "out"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(out))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given: (str(out / Path(given[2]).name), ""))
    for saving in Saving:
        with qtbot.waitSignal(page.presenter.saved, timeout=PATIENCE_MS):
            qtbot.mouseClick(page.print_card.saves[saving], Qt.MouseButton.LeftButton)

    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*.*")) == [
        "2026年度评价.pdf",
        "2026年度评价.zip",
        "assignments/assignments.pdf",
        "sign-in/sign-in.pdf",
    ]
    assert page.banner.meaning == "good"
    assert "2 papers saved" in page.banner.what.text()
    assert not page.banner.more.isVisible()

    choose(page, PaperKind.REPORT)
    settled(qtbot, page)
    with qtbot.waitSignal(page.presenter.saved, timeout=PATIENCE_MS):
        qtbot.mouseClick(page.print_card.saves[Saving.SINGLE], Qt.MouseButton.LeftButton)
    assert "drafts" in page.banner.more.text(), "nobody takes the files of a result that is not frozen for final"


def test_a_place_that_cannot_be_written_is_said_with_what_is_missing(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray, tmp_path: Path
) -> None:
    page = show_desk(program, qtbot, round_path)
    choose(page, PaperKind.SIGN_IN)
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with qtbot.waitSignal(page.presenter.failed, timeout=PATIENCE_MS):
        page.presenter.save(Saving.SINGLE, blocked)

    assert page.banner.meaning == "bad"
    assert "Missing: sign-in.pdf." in page.banner.more.text()


def test_pages_that_are_none_are_refused_before_anything_is_sent(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    qtbot.keyClicks(page.print_card.pages, "3-1")
    qtbot.mouseClick(page.print_card.print, Qt.MouseButton.LeftButton)

    assert "names no pages" in page.banner.what.text()
    assert tray.jobs == []
    settled(qtbot, page)


def test_the_page_can_be_made_anew_in_another_language_and_keeps_the_choice(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    choose(page, PaperKind.SIGN_IN)
    settled(qtbot, page)
    program.settings.language = "zh_CN"
    again = wait_for_page(qtbot, program, PrintingPage)

    assert again is not page
    assert again.choice.kinds.model.checked == {"sign-in"}
    assert {one.text() for one in again.findChildren(QPushButton)} >= {"打印"}
    program.settings.language = "en"


def test_where_no_printer_takes_pdf_the_pages_are_painted(qtbot: QtBot, tmp_path: Path) -> None:
    from tests.unit.services.printable import blank_pdf

    out = tmp_path / "painted.pdf"
    painted = PaintedPrinter("Office", into=str(out))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        job = painted.send(blank_pdf(3), "three pages", Duplex.OFF)

    assert painted.finished(job)
    with pikepdf.open(out) as pdf:
        assert [round(float(page.mediabox[2])) for page in pdf.pages] == [595, 595, 595]


def test_a_printer_that_the_system_does_not_know_is_refused_with_a_word(qtbot: QtBot) -> None:
    from tests.unit.services.printable import blank_pdf

    with pytest.raises(PrinterTrouble, match="moon does not take the job"):
        PaintedPrinter("moon").send(blank_pdf(1), "one page", Duplex.OFF)


def test_on_a_small_screen_with_large_type_nothing_overlaps_and_the_preview_is_a_side_of_its_own(
    program: Application, qtbot: QtBot, round_path: Path, tray: Tray
) -> None:
    page = show_desk(program, qtbot, round_path)
    assert not page.sides.buttons["preview"].isVisible()
    program.settings.scale = 150
    page = wait_for_page(qtbot, program, PrintingPage)
    qtbot.waitUntil(lambda: page.sides.buttons["preview"].isVisible(), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: page.minimumSizeHint().width() <= page.width(), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: page.minimumSizeHint().height() <= page.height(), timeout=PATIENCE_MS)
    assert not page.preview.isVisible()
    qtbot.mouseClick(page.sides.buttons["preview"], Qt.MouseButton.LeftButton)
    assert page.preview.isVisible()
    program.settings.scale = 100
    page = wait_for_page(qtbot, program, PrintingPage)
    qtbot.waitUntil(page.preview.isVisible, timeout=PATIENCE_MS)
    assert page.list_card.isVisible()
    settled(qtbot, page)
