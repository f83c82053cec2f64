"""Collecting through the window: verdicts, the board, a conflict decided, a folder watched."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.merging import Received
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.collecting.presenter import BOARD, CONFLICTS, PAPERS
from qisp_desktop.gui.secretariat.collecting.view import CollectingView, watching_words
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.services.board_data import BoardState
from qisp_desktop.services.collected_files import Keeping
from qisp_desktop.store.round_store import RoundStore
from tests.gui.dropping import drop_on
from tests.gui.samples import OFFICE_PASSPHRASE
from tests.gui.secretariat.collecting.acts import collected, states
from tests.gui.secretariat.desks import WAIT_MS, opened, settled
from tests.gui.secretariat.returned import Returned


def test_dropped_files_get_their_verdicts_and_the_board_follows(
    page: DeskPage, view: CollectingView, qtbot: QtBot, returned: Returned, tmp_path: Path
) -> None:
    assert set(states(view, returned.issued.expert).values()) >= {BoardState.NOT_BACK}
    damaged = tmp_path / "broken.qscore"
    damaged.write_bytes(returned.first.read_bytes()[:2000])

    assert collected(qtbot, page, view, returned.first, damaged) == [Received.ACCEPTED, Received.DAMAGED]

    assert {one.keeping for one in view.presenter.files} == {Keeping.KEPT}
    assert view.banner.meaning == "warn"
    assert "1 file needs a look" in view.banner.more.text()
    view.files.table.go_to(lambda one: one.path == damaged)
    assert "collect it again" in view.files.detail.advice.text()
    assert states(view, returned.issued.expert)[returned.contested] is BoardState.SIGNED

    again = collected(qtbot, page, view, returned.first)
    assert again == [Received.UNCHANGED]
    assert view.banner.meaning == "good"
    assert "1 file was collected" in view.banner.what.text()
    qtbot.waitUntil(lambda: "Nothing to do" in view.files.detail.advice.text(), timeout=WAIT_MS)


def test_what_waits_for_the_keys_is_collected_once_they_are_unlocked(
    program: Application, qtbot: QtBot, own: Path, returned: Returned
) -> None:
    page = opened(qtbot, program, own, "collecting")
    view = page.view
    assert isinstance(view, CollectingView)
    drop_on(view, returned.first)
    qtbot.waitUntil(view.gate.isVisible)
    assert not view.presenter.files
    view.gate.passphrase.setText(OFFICE_PASSPHRASE)
    qtbot.keyClick(view.gate.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(view.presenter.files) and not view.presenter.busy, timeout=WAIT_MS)
    settled(qtbot, page)
    assert [one.file.verdict for one in view.presenter.files] == [Received.ACCEPTED]


def test_a_conflict_is_shown_field_by_field_and_decided_with_a_reason_and_taken_back(
    page: DeskPage, view: CollectingView, qtbot: QtBot, returned: Returned, own: Path
) -> None:
    assert collected(qtbot, page, view, returned.first, returned.rival)[-1] is Received.CONFLICT
    page.presenter.go_to("collecting", returned.contested)
    qtbot.waitUntil(lambda: view.presenter.comparison is not None, timeout=WAIT_MS)
    settled(qtbot, page)
    assert view.presenter.pane == CONFLICTS
    card = view.conflicts.comparison
    comparison = view.presenter.comparison
    assert comparison is not None
    assert [row.code for row in comparison.rows if row.differs] == ["Q1", "C1"]
    assert "2 criteria" in card.hint.text()
    marked = [card.model.index(row, 0).data() for row in range(card.model.rowCount())]
    assert [text.split()[1] for text in marked if text.startswith("≠")] == ["Q1", "C1"]

    card.choices[0].click()
    assert not card.decide.isEnabled(), "without a reason nothing is decided"
    card.reason.setText("以专家本人确认的一份为准")
    card.decide.click()
    settled(qtbot, page)
    assert states(view, returned.issued.expert)[returned.contested] is BoardState.SIGNED
    data = view.presenter.data
    assert data is not None
    assert data.board.contested[0].decided is not None

    view.banner.action.click()
    qtbot.waitUntil(
        lambda: states(view, returned.issued.expert)[returned.contested] is BoardState.CONFLICT, timeout=WAIT_MS
    )
    settled(qtbot, page)


def test_a_late_recusal_shows_what_it_leaves_and_leads_to_a_replacement(
    page: DeskPage, view: CollectingView, qtbot: QtBot, returned: Returned
) -> None:
    collected(qtbot, page, view, returned.first, returned.later)
    assert states(view, returned.issued.expert)[returned.left] is BoardState.RECUSED
    view.tabs.picked.emit(BOARD)
    text = view.board.gone.text.text()
    assert returned.left in text
    assert "no result without a replacement" in text
    assert "does not count any more" in text
    with qtbot.waitSignal(view.presenter.wanted) as wanted:
        view.presenter.wanted.disconnect(page.presenter.go_to)
        view.board.gone.go.click()
    assert wanted.args == ["experts", returned.left]


def test_a_cell_of_the_board_says_what_is_held(
    page: DeskPage, view: CollectingView, qtbot: QtBot, returned: Returned
) -> None:
    collected(qtbot, page, view, returned.first)
    view.tabs.picked.emit(BOARD)
    view.board.matrix.go_to_cell(lambda row: row.number == returned.contested, returned.issued.expert)
    qtbot.waitUntil(lambda: returned.first.name in view.board.cell.text.text(), timeout=WAIT_MS)
    assert "revision 1, total 100.0" in view.board.cell.text.text()


@pytest.mark.parametrize("at_once", [True, False])
def test_stopping_leaves_nothing_of_the_files(
    page: DeskPage, view: CollectingView, qtbot: QtBot, returned: Returned, tmp_path: Path, at_once: bool
) -> None:
    damaged = tmp_path / "broken.qscore"
    damaged.write_bytes(b"PK")
    view.deep.setChecked(True)  # comparing the papers takes a while
    view.presenter.progressed.connect(view.presenter.cancel)
    drop_on(view, damaged, returned.first)
    if at_once:
        view.presenter.cancel()
    qtbot.waitUntil(lambda: view.banner.isVisible() and view.banner.meaning == "info", timeout=WAIT_MS)
    settled(qtbot, page)
    assert {one.keeping for one in view.presenter.files} <= {Keeping.NOT_KEPT}
    assert BoardState.SIGNED not in states(view, returned.issued.expert).values()


def test_the_papers_inside_are_compared_where_that_is_asked_for(
    page: DeskPage, view: CollectingView, qtbot: QtBot, returned: Returned
) -> None:
    view.deep.setChecked(True)
    told: list[str] = []
    view.presenter.progressed.connect(lambda progress: told.append(progress.text))
    assert collected(qtbot, page, view, returned.first) == [Received.ACCEPTED]
    assert any(text.startswith("Comparing the papers") for text in told)


def test_a_watched_folder_collects_what_is_copied_there_and_tells_when_it_is_gone(
    page: DeskPage, view: CollectingView, qtbot: QtBot, returned: Returned, tmp_path: Path
) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    view.presenter.watch(folder)
    whole = returned.first.read_bytes()
    path = folder / returned.first.name
    path.write_bytes(whole[: len(whole) // 2])
    view.presenter.watcher.look()
    qtbot.waitUntil(lambda: "still being copied" in view.watching.text(), timeout=WAIT_MS)
    path.write_bytes(whole)
    qtbot.waitUntil(lambda: bool(view.presenter.files) and not view.presenter.busy, timeout=WAIT_MS)
    settled(qtbot, page)
    assert [one.file.verdict for one in view.presenter.files] == [Received.ACCEPTED]

    (folder / "说明.txt").write_text("见附件")
    view.presenter.watcher.look()
    qtbot.waitUntil(lambda: "1 file of another kind is left alone" in view.watching.text(), timeout=WAIT_MS)
    shutil.rmtree(folder)
    view.presenter.watcher.look()
    qtbot.waitUntil(lambda: "cannot be read now" in view.watching.text(), timeout=WAIT_MS)
    view.watch.click()
    assert view.watching.text() == ""


def test_a_watched_folder_with_more_files_than_are_looked_at_says_so(
    page: DeskPage, view: CollectingView, tmp_path: Path
) -> None:
    watcher = view.presenter.watcher
    watcher.full, watcher.closed = True, 2
    words = watching_words(tmp_path, watcher)
    assert "more than 5,000 files, the rest is not looked at" in words
    assert "2 folders in it lie too deep" in words


def test_a_paper_that_is_dropped_alone_is_called_what_it_is_and_not_damaged(
    page: DeskPage, view: CollectingView, qtbot: QtBot, returned: Returned, tmp_path: Path
) -> None:
    paper = min((returned.first.parent / "papers").glob("*.pdf"))
    scan, note = tmp_path / "scan.pdf", tmp_path / "说明.txt"
    scan.write_bytes(b"%PDF-1.4 of a scanner")
    note.write_text("请查收")

    collected(qtbot, page, view, paper, scan, note)

    first, second, third = (one.file for one in view.presenter.files)
    assert first.label == second.label == third.label == "no return"
    assert f"the paper of a score sheet, as PDF: {returned.issued.expert} for" in first.message
    assert "It is a PDF, such as a paper or its scan" in second.message
    assert "another kind (TXT)" in third.message
    qtbot.waitUntil(lambda: len(view.files.model.rows) == 3, timeout=WAIT_MS)
    view.files.table.go_to(lambda one: one.path == paper)
    qtbot.waitUntil(lambda: "Collect the .qscore file" in view.files.detail.advice.text(), timeout=WAIT_MS)
    assert view.files.detail.verdict.text() == "no return"
    assert "3 files need a look" in view.banner.more.text()


def test_what_a_dropped_folder_holds_besides_returns_is_named(
    page: DeskPage, view: CollectingView, qtbot: QtBot, returned: Returned, tmp_path: Path
) -> None:
    folder = tmp_path / "stick"
    shutil.copytree(returned.first.parent, folder)
    papers = len(list(folder.rglob("*.pdf")))
    (folder / "说明.txt").write_text("请查收")
    (folder / "Thumbs.db").write_text("")

    drop_on(view, folder)
    qtbot.waitUntil(lambda: len(view.presenter.files) == 2 and not view.presenter.busy, timeout=WAIT_MS)
    settled(qtbot, page)

    accepted, rest = view.presenter.files
    assert accepted.file.verdict is Received.ACCEPTED
    assert (rest.path, rest.keeping, rest.wants_attention) == (folder, Keeping.PASSED_OVER, True)
    assert "1 other file was not looked at: 说明.txt" in view.banner.more.text()
    assert f"{papers} papers as PDF lie there too" in view.banner.more.text()
    qtbot.waitUntil(lambda: len(view.files.model.rows) == 2, timeout=WAIT_MS)
    view.files.table.go_to(lambda one: one.path == folder)
    qtbot.waitUntil(lambda: view.files.detail.verdict.text() == "passed over", timeout=WAIT_MS)


def test_a_folder_of_returns_forms_and_papers_on_a_slow_share_is_walked_once(
    page: DeskPage,
    view: CollectingView,
    qtbot: QtBot,
    returned: Returned,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "share"
    shutil.copytree(returned.first.parent, folder)
    (folder / "no form.xlsx").write_text("")
    looked_into: list[Path] = []
    scan = os.scandir

    def noted(path: str) -> Any:
        looked_into.append(Path(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", noted)
    drop_on(view, folder)
    qtbot.waitUntil(lambda: len(view.presenter.files) == 3 and not view.presenter.busy, timeout=WAIT_MS)
    settled(qtbot, page)

    assert [one.keeping for one in view.presenter.files] == [Keeping.KEPT, Keeping.KEPT, Keeping.PASSED_OVER]
    assert looked_into.count(folder) == 1


def test_papers_beside_the_returns_of_a_folder_ask_for_nothing(
    page: DeskPage, view: CollectingView, qtbot: QtBot, returned: Returned
) -> None:
    drop_on(view, returned.first.parent)
    qtbot.waitUntil(lambda: len(view.presenter.files) == 2 and not view.presenter.busy, timeout=WAIT_MS)
    settled(qtbot, page)
    assert view.banner.meaning == "good"
    assert not any(one.wants_attention for one in view.presenter.files)


def test_a_conflict_that_is_decided_needs_no_look_any_more_until_the_decision_is_taken_back(
    page: DeskPage, view: CollectingView, qtbot: QtBot, returned: Returned
) -> None:
    collected(qtbot, page, view, returned.first, returned.rival)
    rival = view.presenter.files[-1]
    assert rival.wants_attention
    page.presenter.go_to("collecting", returned.contested)
    qtbot.waitUntil(lambda: view.presenter.comparison is not None, timeout=WAIT_MS)
    card = view.conflicts.comparison
    qtbot.waitUntil(lambda: bool(card.choices))
    card.choices[0].click()
    card.reason.setText("以专家本人确认的一份为准")
    card.decide.click()
    settled(qtbot, page)
    qtbot.waitUntil(lambda: view.presenter.files[-1].is_decided, timeout=WAIT_MS)
    assert not view.presenter.files[-1].wants_attention
    view.tabs.picked.emit("files")
    view.files.table.go_to(lambda one: one.path == returned.rival)
    qtbot.waitUntil(lambda: view.files.detail.verdict.text() == "conflict, decided", timeout=WAIT_MS)

    undo = view.presenter.saying
    assert undo is not None
    assert undo.do is not None
    undo.do()
    settled(qtbot, page)
    qtbot.waitUntil(lambda: view.presenter.files[-1].wants_attention, timeout=WAIT_MS)


def test_a_round_that_can_only_be_read_shows_everything_and_changes_nothing(
    program: Application, qtbot: QtBot, own: Path, returned: Returned
) -> None:
    with RoundStore.open(own, actor="li@office-3", write=True):
        page = opened(qtbot, program, own, "collecting")
        view = page.view
        assert isinstance(view, CollectingView)
        assert not view.choose.isEnabled()
        drop_on(view, returned.first)
        assert view.banner.meaning == "bad"
        assert "li@office-3" in view.banner.more.text() + view.banner.what.text()
        assert not view.presenter.files


def test_a_watched_folder_that_asks_for_the_keys_in_vain_is_let_go(
    program: Application, qtbot: QtBot, own: Path, returned: Returned, tmp_path: Path
) -> None:
    page = opened(qtbot, program, own, "collecting")
    view = page.view
    assert isinstance(view, CollectingView)
    folder = tmp_path / "share"
    folder.mkdir()
    shutil.copy(returned.first, folder)
    view.presenter.watch(folder)
    qtbot.waitUntil(view.gate.isVisible, timeout=WAIT_MS)
    view.gate.passphrase.setText("half a pass")
    view.presenter.collect([returned.rival])
    assert view.gate.passphrase.text() == "half a pass", "what is being typed stays"
    assert "2 files" in view.gate.why.text()
    qtbot.keyClick(view.gate, Qt.Key.Key_Escape)
    assert view.presenter.watcher.folder is None
    assert view.presenter.waiting == 0
    assert "watched no longer" in view.banner.what.text()


def test_a_cell_of_the_board_leads_to_what_can_be_done_with_it(
    page: DeskPage, view: CollectingView, qtbot: QtBot, returned: Returned
) -> None:
    collected(qtbot, page, view, returned.first, returned.rival)
    pane = view.board
    view.tabs.picked.emit(BOARD)

    pane.matrix.go_to_cell(lambda row: row.number == returned.contested, returned.issued.expert)
    qtbot.keyClick(pane.matrix, Qt.Key.Key_Return)
    assert view.presenter.pane == CONFLICTS
    qtbot.waitUntil(lambda: view.presenter.comparison is not None, timeout=WAIT_MS)

    view.tabs.picked.emit(BOARD)
    data = view.presenter.data
    assert data is not None
    other = next(one.id for one in data.board.experts if not one.issued)
    number = next(number for number, state in states(view, other).items() if state is BoardState.NOT_ISSUED)
    pane.matrix.go_to_cell(lambda row: row.number == number, other)
    qtbot.keyClick(pane.matrix, Qt.Key.Key_Return)
    assert view.presenter.pane == PAPERS
    assert (view.papers.expert.currentData(), view.papers.application.currentData()) == (other, number)
    settled(qtbot, page)
