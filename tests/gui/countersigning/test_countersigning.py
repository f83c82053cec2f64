"""The panel's leader countersigns in the desk: what is dropped is judged, what is sound is signed, and the office can
seal it afterwards."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.countersigning.view import CountersigningView
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.desk.shortcuts import ShortcutSheet
from qisp_desktop.gui.widgets.table_view import choose_row
from qisp_desktop.services.countersigning import seal_papers
from qisp_desktop.services.verifying import verify_files
from tests.gui.countersigning.acts import (
    CONTROL,
    LEFT,
    PATIENCE_MS,
    add,
    cells,
    fill,
    idle,
    sign,
    states,
    valid_signatures,
)
from tests.gui.countersigning.panel_round import PanelRound
from tests.gui.desk_rounds import show_desk, sign_in, view_of
from tests.gui.dropping import drop_on
from tests.gui.opened_folders import opened_by_the_system
from tests.gui.program import page_of
from tests.gui.samples import OFFICE_PASSPHRASE

# ------------------------------------------------------------------------------------------------------- the whole way


def test_dropped_papers_are_countersigned_and_then_sealed_and_every_signature_stays_valid(
    page: DeskPage, panel: PanelRound, out: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    stick = Path(shutil.copytree(panel.papers, tmp_path / "stick"))
    assert drop_on(page, stick)
    view = view_of(page, CountersigningView)
    idle(view, qtbot)
    reports = [name for name in panel.names if name.endswith("_report.pdf")]
    assert (len(reports), len(panel.names)) == (1, 4)
    assert states(view) == {"ready"}
    qtbot.mouseClick(view.signing.draw, LEFT)
    sign_in(qtbot, view.signing.pad.pad)
    fill(view, out, panel)
    assert view.signing.sign.text() == "Countersign 4 papers"

    sign(view, qtbot)

    assert view.banner.what.text().startswith("4 papers are countersigned: each was read again")
    assert view.signing.passphrase.text() == ""
    assert states(view) == {"signed"}
    assert sorted(path.name for path in out.iterdir()) == panel.names
    for name in panel.names:
        assert (stick / name).read_bytes() == (panel.papers / name).read_bytes()
        assert (out / name).read_bytes().startswith((stick / name).read_bytes())
        assert valid_signatures(out / name) == (1 if name in reports else 2)

    sealed = tmp_path / "sealed"
    seal_papers(panel.leader.round, [out], sealed, passphrase=OFFICE_PASSPHRASE)

    assert {valid_signatures(sealed / name) for name in reports} == {2}
    assert {valid_signatures(sealed / name) for name in panel.names if name not in reports} == {3}
    assert all(one.valid for one in verify_files([sealed], round_at=panel.leader.round))


def test_what_the_table_tells_of_a_sheet_and_of_a_report(
    view: CountersigningView, panel: PanelRound, stick: Path, qtbot: QtBot
) -> None:
    number = panel.leader.numbers[0]
    sheet = f"{number}_{panel.leader.expert}_r1.pdf"
    add(view, qtbot, stick / sheet, stick / f"{number}_report.pdf")
    name = view.presenter.desk.expert.name
    assert cells(view, 0, 2, 3, 4, 5, 6, 7) == [
        (sheet, "score sheet", number, f"{panel.leader.expert} {name}", "100.0", "expert ✓", "yes"),
        (f"{number}_report.pdf", "report", number, "none", "100.00", "—", "yes"),
    ]
    assert "Signatures: expert E001" in view.papers.detail.text()
    assert "(valid)" in view.papers.detail.text()
    choose_row(view.papers.view, 1)
    assert view.papers.detail.text().endswith("Signatures: nobody yet")


def test_the_chosen_paper_is_shown_with_its_pages_and_then_as_it_was_signed(
    view: CountersigningView, panel: PanelRound, stick: Path, out: Path, qtbot: QtBot
) -> None:
    report = stick / f"{panel.leader.numbers[0]}_report.pdf"
    add(view, qtbot, report)
    viewer = view.reader.viewer
    qtbot.waitUntil(lambda: viewer.page_count > 1, timeout=PATIENCE_MS)
    assert view.reader.note.text() == "The leader's opinion is written by hand, into its box on the print."
    assert viewer.isVisible()
    assert not viewer.cite.isVisible()
    before = view.reader._shown
    fill(view, out, panel)
    sign(view, qtbot)
    qtbot.waitUntil(lambda: view.reader._shown not in ("", before), timeout=PATIENCE_MS)
    assert cells(view, 6) == [("leader ✓",)]


def test_everything_is_done_with_the_keyboard(
    view: CountersigningView, panel: PanelRound, stick: Path, out: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = [str(stick / name) for name in panel.few]
    monkeypatch.setattr(
        "qisp_desktop.gui.panel.countersigning.view.QFileDialog.getOpenFileNames", lambda *_: (chosen, "")
    )
    assert view.papers.empty.action.hasFocus()
    qtbot.keyClick(view, Qt.Key.Key_O, CONTROL)
    idle(view, qtbot)
    table = view.papers.view
    assert table.hasFocus()
    assert table.selected_places() == [0]
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert view.signing.sign.text() == "Countersign 2 papers"
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert len(view.presenter.list.papers) == 2
    qtbot.keyClick(table, Qt.Key.Key_A, CONTROL)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert view.signing.sign.text() == "Countersign 2 papers"
    view.signing.folder.setFocus()
    qtbot.keyClicks(view.signing.folder, str(out))
    group = view.signing.passphrase.groups[0]
    group.setFocus()
    for digit in panel.leader.passphrase.replace("-", ""):
        qtbot.keyClick(QApplication.focusWidget(), digit)
    qtbot.keyClick(view, Qt.Key.Key_Return, CONTROL)
    idle(view, qtbot)

    assert len(list(out.iterdir())) == 2
    assert view.banner.action.hasFocus()
    qtbot.keyClick(view.banner.action, Qt.Key.Key_Escape)
    assert view.banner.isHidden()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.presenter.desk.view == ""


def test_tab_leads_from_the_table_through_the_signing_to_the_paper_and_back_to_the_table(
    view: CountersigningView, panel: PanelRound, stick: Path, out: Path, qtbot: QtBot
) -> None:
    add(view, qtbot, stick)
    fill(view, out, panel)
    qtbot.waitUntil(lambda: view.reader.viewer.page_count > 0, timeout=PATIENCE_MS)
    signing = view.signing
    way = [view.papers.view, view.papers.all, view.papers.none, signing.folder, signing.choose, signing.draw]
    way += [*signing.passphrase.groups, signing.sign, view.reader.viewer.view]
    way[0].setFocus()
    for stop in way:
        assert QApplication.focusWidget() is stop
        qtbot.keyClick(stop, Qt.Key.Key_Tab)
    for _n in range(20):
        if QApplication.focusWidget() is view.papers.view:
            break
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is view.papers.view
    for tool in (*reversed(view.papers.tools[1:]), view.leave):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
        assert QApplication.focusWidget() is tool


def test_a_second_run_signs_only_what_is_missing(
    view: CountersigningView, panel: PanelRound, stick: Path, out: Path, qtbot: QtBot
) -> None:
    add(view, qtbot, stick)
    qtbot.mouseClick(view.papers.none, LEFT)
    view.papers.model.check([view.papers.model.row(0)], True)
    fill(view, out, panel)
    sign(view, qtbot)
    assert len(list(out.iterdir())) == 1
    first = {path: path.read_bytes() for path in out.iterdir()}
    qtbot.mouseClick(view.papers.all, LEFT)
    assert view.signing.sign.text() == "Countersign 2 papers"
    fill(view, out, panel)
    sign(view, qtbot)
    assert len(list(out.iterdir())) == 3

    qtbot.keyClick(view, Qt.Key.Key_F5)
    idle(view, qtbot)
    assert states(view) == {"signed"}
    view.papers.view.selectAll()
    qtbot.keyClick(view.papers.view, Qt.Key.Key_Delete)
    add(view, qtbot, stick)
    assert states(view) == {"ready"}
    fill(view, out, panel)
    sign(view, qtbot)

    assert states(view) == {"was there"}
    assert "3 of them were there already." in view.banner.more.text()
    assert all(path.read_bytes() == pdf for path, pdf in first.items())
    add(view, qtbot, out)
    assert {state for name, state in cells(view, 0, 1)} == {"was there", "signed before"}


# ------------------------------------------------------------------------------------------------------------ the desk


def test_only_the_leaders_desk_has_it(
    program: Application, panel: PanelRound, stick: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    page = show_desk(program, qtbot, panel.member, tmp_path / "member.qwork")
    assert "Countersign…" not in {one.accessibleName() for one in page.findChildren(QPushButton)}
    paper = stick / panel.few[0]
    assert drop_on(page, paper)
    assert page.banner.what.text() == f"{paper.name} cannot be opened here."
    page.turn_to("countersigning")
    assert page.scoring.isVisible()


def test_other_files_are_left_to_the_window(page: DeskPage, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("x", "utf-8")
    assert drop_on(page, note)
    assert page.banner.what.text() == "note.txt cannot be opened here."
    assert page.scoring.isVisible()


def test_what_holds_no_paper_is_said(view: CountersigningView, tmp_path: Path, qtbot: QtBot) -> None:
    add(view, qtbot, tmp_path / "leader.qwork")
    assert view.banner.what.text() == "There is no PDF in what you added."
    assert view.papers.empty.isVisible()


def test_the_keys_are_told_under_f1(page: DeskPage, view: CountersigningView, qtbot: QtBot) -> None:
    def told() -> set[str]:
        (sheet,) = page.findChildren(ShortcutSheet)
        texts = {label.text() for label in sheet.findChildren(QLabel)}
        sheet.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        return texts

    qtbot.keyClick(view, Qt.Key.Key_F1)
    assert {"countersign what is checked", "Ctrl+O", "F5"} <= told()
    page.turn_to("")
    qtbot.keyClick(page.scoring, Qt.Key.Key_F1)
    assert {"countersign as the panel's leader", "Ctrl+Shift+H"} <= told()


def test_the_languages_change_in_the_middle_of_it(
    program: Application, view: CountersigningView, panel: PanelRound, stick: Path, out: Path, qtbot: QtBot
) -> None:
    (stick / "x.pdf").write_bytes(b"no paper")
    add(view, qtbot, stick)
    fill(view, out, panel)
    program.settings.language = "zh_CN"
    again = view_of(page_of(program, DeskPage), CountersigningView)
    idle(again, qtbot)
    assert states(again) == {"可会签", "不能会签"}
    refused = again.presenter.list.papers[-1]
    assert refused.why == "不是本程序的评分表或评价报告"
    assert again.signing.folder.text() == str(out)


def test_the_folder_is_opened_and_remembered(
    program: Application, view: CountersigningView, panel: PanelRound, stick: Path, out: Path, qtbot: QtBot
) -> None:
    add(view, qtbot, stick / panel.few[0])
    fill(view, out, panel)
    sign(view, qtbot)
    with opened_by_the_system() as opened:
        qtbot.mouseClick(view.banner.action, LEFT)
    assert opened == [out]
    assert program.settings.countersigned_folder == str(out)


@pytest.mark.parametrize(("width", "scale"), [(1366, 100), (1366, 175), (960, 100)])
def test_nothing_lies_upon_another_thing_or_is_cut_off_at_any_size(
    program: Application, view: CountersigningView, stick: Path, width: int, scale: int, qtbot: QtBot
) -> None:
    add(view, qtbot, stick)
    program.settings.scale = scale
    program.window.resize(width, 768)
    again = view_of(page_of(program, DeskPage), CountersigningView)
    idle(again, qtbot)
    qtbot.waitUntil(lambda: again.signing.sign.visibleRegion().boundingRect().size() == again.signing.sign.size())
    signing = again.signing
    parts: list[QWidget] = [
        *(again.papers.view, again.papers.none, signing.folder, signing.choose),
        *(signing.draw, *signing.passphrase.groups, signing.sign),
    ]
    places = [QRect(part.mapTo(again, QPoint()), part.size()) for part in parts]
    for number, place in enumerate(places):
        assert parts[number].visibleRegion().boundingRect().size() == place.size()
        assert not any(place.intersects(other) for other in places[:number])
    if again.reader.isHidden():
        again.sides.buttons["paper"].click()
        assert again.reader.isVisible()
        assert again.left.isHidden()
