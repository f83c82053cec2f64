"""Scanned papers at the printing desk: dropped, read, and told what they are to the round."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.printing import printers
from qisp_desktop.gui.printing.page import PrintingPage, printing_screen
from qisp_desktop.gui.printing.scans_view import DOTS
from qisp_desktop.gui.widgets.rows_model import DOT_ROLE
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.services.papers import PaperKind, export_papers
from qisp_desktop.services.scanning import ScanVerdict
from tests.e2e.small_round import Place
from tests.gui.dropping import drop_on
from tests.gui.program import wait_for_page

PATIENCE_MS = 30_000


@dataclass(frozen=True)
class Scans:
    """A sheet of the round, a page of nobody's, and a file that is none."""

    sheet: Path
    blank: Path
    broken: Path


@pytest.fixture(scope="session")
def scans_once(collected_once: Place, tmp_path_factory: pytest.TempPathFactory) -> Scans:
    from PIL import Image

    out = tmp_path_factory.mktemp("scans")
    written = export_papers(collected_once.round, out / "papers", kinds=[PaperKind.SCORE_SHEET])
    sheet = Path(shutil.copy(written[0].path, out / "sheet.pdf"))
    Image.new("L", (900, 1200), 255).save(out / "blank.png")
    (out / "broken.jpg").write_bytes(b"no picture")
    return Scans(sheet, out / "blank.png", out / "broken.jpg")


@pytest.fixture(autouse=True)
def no_printers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printers, "printer_names", list)


def show_desk(program: Application, qtbot: QtBot, path: Path) -> PrintingPage:
    program.window.resize(1366, 768)
    program.go.show(printing_screen(program.go.shell, path))
    page = wait_for_page(qtbot, program, PrintingPage)
    page.presenter.stop_counting()
    return page


def read(qtbot: QtBot, page: PrintingPage, count: int) -> list[list[str]]:
    """What the list shows once ``count`` papers are read."""
    presenter, model = page.scans.presenter, page.scans.model
    qtbot.waitUntil(lambda: not presenter.busy and len(presenter.papers) == count, timeout=PATIENCE_MS)
    columns = range(len(model.columns))
    return [[model.index(row, column).data() for column in columns] for row in range(model.rowCount())]


def test_scans_that_are_dropped_get_a_verdict_in_words_and_shape(
    program: Application, qtbot: QtBot, round_path: Path, scans_once: Scans
) -> None:
    page = show_desk(program, qtbot, round_path)
    assert page.stack.currentIndex() == 0
    assert drop_on(page, scans_once.sheet, scans_once.blank, scans_once.broken)
    assert page.stack.currentIndex() == 1
    sheet, blank, broken = read(qtbot, page, 3)

    assert sheet[1:3] == ["matches the round", "Score sheets"]
    assert sheet[3].startswith("QISP-2026-")
    assert sheet[4].startswith("E0")
    assert sheet[5] == "1"
    assert float(sheet[6])
    assert len(sheet[7]) == 12
    assert (blank[1], blank[8]) == ("cannot be read", "no code of a paper can be read on it")
    assert broken[1] == "cannot be read"
    dots = [page.scans.model.index(row, 1).data(DOT_ROLE) for row in range(3)]
    assert dots == [Dot.SIGNED, Dot.RECUSED, Dot.RECUSED]
    assert page.scans.counts.text() == "3 papers, 1 match"
    assert "matches the round" in page.scans.detail.text()
    assert page.presenter.scans.papers[0].digest in page.scans.detail.text()


def test_scans_are_chosen_from_files_and_folders_and_one_that_is_read_again_stands_once(
    program: Application, qtbot: QtBot, round_path: Path, scans_once: Scans, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show_desk(program, qtbot, round_path)
    qtbot.mouseClick(page.sides.buttons["scans"], Qt.MouseButton.LeftButton)
    assert page.scans.stack.currentIndex() == 1
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(scans_once.blank)], ""))
    qtbot.mouseClick(page.scans.add, Qt.MouseButton.LeftButton)
    read(qtbot, page, 1)
    qtbot.mouseClick(page.scans.add, Qt.MouseButton.LeftButton)
    read(qtbot, page, 1)
    folder = scans_once.sheet.parent / "papers" / "score-sheet"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    qtbot.mouseClick(page.scans.add_folder, Qt.MouseButton.LeftButton)
    rows = read(qtbot, page, 1 + len(list(folder.iterdir())))
    assert {row[1] for row in rows[1:]} == {"matches the round"}

    qtbot.mouseClick(page.scans.clear, Qt.MouseButton.LeftButton)
    assert page.scans.model.rowCount() == 0
    assert page.scans.stack.currentIndex() == 1


def test_reading_can_be_stopped_and_what_was_read_stays(
    program: Application, qtbot: QtBot, round_path: Path, scans_once: Scans
) -> None:
    page = show_desk(program, qtbot, round_path)
    page.turn_to("scans")
    page.scans.take_in([scans_once.blank, *[scans_once.sheet] * 200])
    qtbot.waitUntil(lambda: bool(page.presenter.scans.papers), timeout=PATIENCE_MS)
    qtbot.mouseClick(page.scans.progress.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.presenter.scans.busy, timeout=PATIENCE_MS)
    assert 0 < page.scans.model.rowCount() < 201


def test_a_round_that_is_gone_is_said_in_place(
    program: Application, qtbot: QtBot, round_path: Path, scans_once: Scans
) -> None:
    page = show_desk(program, qtbot, round_path)
    round_path.rename(round_path.with_suffix(".away"))
    with qtbot.waitSignal(page.presenter.scans.failed, timeout=PATIENCE_MS):
        assert drop_on(page, scans_once.sheet)
    assert page.banner.meaning == "bad"
    assert page.scans.stack.currentIndex() == 1


def test_files_that_are_no_scans_are_left_to_the_window(
    program: Application, qtbot: QtBot, round_path: Path, tmp_path: Path
) -> None:
    page = show_desk(program, qtbot, round_path)
    package = tmp_path / "E001.qpanel"
    package.write_bytes(b"")
    with qtbot.waitSignal(program.window.dropped, timeout=PATIENCE_MS):
        drop_on(page, package)
    assert page.stack.currentIndex() == 0
    assert page.scans.presenter.papers == ()


def test_every_verdict_has_a_shape_and_only_what_is_signed_and_counts_a_tick() -> None:
    assert set(DOTS) == {verdict.value for verdict in ScanVerdict}
    assert [verdict for verdict, dot in DOTS.items() if dot is Dot.SIGNED] == ["matches"]


def test_the_list_survives_a_change_of_language(
    program: Application, qtbot: QtBot, round_path: Path, scans_once: Scans
) -> None:
    page = show_desk(program, qtbot, round_path)
    page.turn_to("scans")
    page.scans.take_in([scans_once.sheet])
    read(qtbot, page, 1)
    program.settings.language = "zh_CN"
    again = wait_for_page(qtbot, program, PrintingPage)
    assert again is not page
    assert again.scans.model.rowCount() == 1
    program.settings.language = "en"
