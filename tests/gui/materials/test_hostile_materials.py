"""Whatever an applicant sent, the pane says what is wrong with it, and the desk goes on."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.panel.materials import page_process
from qisp_desktop.gui.panel.materials.text_viewer import TextViewer
from tests.gui.materials.documents import Papers, encrypted_pdf, huge_png, pdf, picture
from tests.gui.materials.reader import Reader
from tests.gui.waiting import go_round

GOOD = ("7", "声明.pdf", pdf(1))
LONGEST_PAUSE_S = 0.15
"""The screen must never stand still; 50 ms is the aim, and a busy machine adds its own."""


def opened_next(reader: Reader, papers: Papers) -> bool:
    """Whether the good material of ``papers`` opens after the bad one."""
    reader.pane.show_material(papers.sha256("声明.pdf"))
    reader.wait_for_content()
    citation = reader.pane.current_citation()
    return citation is not None and citation.name == "声明.pdf"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("truncated.pdf", pdf(40)[:5000], "damaged"),
        ("head only.pdf", b"%PDF-1.7\n", "damaged"),
        ("zip.pdf", b"PK\x03\x04" + bytes(500), "damaged"),
        ("empty.pdf", b"", "damaged"),
        ("locked.pdf", encrypted_pdf(), "protected by a password"),
        ("huge.png", huge_png(30_000), "30000 × 30000"),
        ("truncated.jpg", picture("JPEG")[:100], "damaged"),
        ("text.png", b"this is no picture", "damaged"),
        ("empty.tif", b"", "damaged"),
    ],
)
def test_a_broken_file_is_explained_in_place(reader: Reader, name: str, content: bytes, words: str) -> None:
    papers = Papers(("1", name, content), GOOD)

    reader.pane.show_application(papers.application, papers.read)
    reader.wait_for_words(words)

    assert reader.pane.current_citation() is None
    assert opened_next(reader, papers)


def test_a_picture_cut_off_in_the_middle_shows_what_there_is_or_says_so(reader: Reader) -> None:
    whole = picture("JPEG", (1200, 900))
    papers = Papers(("1", "half.jpg", whole[: len(whole) // 2]), GOOD)

    reader.open(papers)

    assert reader.pane.current_citation() is not None or "damaged" in reader.words
    assert opened_next(reader, papers)


def test_a_document_of_5000_pages_opens_at_once_and_at_its_end(reader: Reader) -> None:
    papers = Papers(("1", "long.pdf", pdf(5000)))
    with Pauses() as pauses:
        reader.pane.show_application(papers.application, papers.read)
        reader.pane.show_material(papers.sha256("long.pdf"), 4990)
        reader.wait_for_content()
        reader.wait_until_painted(4990)

    assert reader.pages.page_count == 5000
    assert len(reader.view.painted_pages) < 20, "none is drawn that nobody looks at"
    assert pauses.longest < LONGEST_PAUSE_S


def test_a_page_as_large_as_a_house_is_drawn_within_bounds(reader: Reader) -> None:
    reader.open(Papers(("1", "large.pdf", pdf(1, sizes=((14_000.0, 14_000.0),)))))
    reader.view.set_zoom(5.0)
    reader.view.painted_pages.clear()
    reader.wait_until_painted(1)

    width, height = reader.view._tiles(0)[0].size
    assert width * height <= 32_000_000


def test_a_file_with_a_page_that_cannot_be_drawn_shows_the_others(reader: Reader) -> None:
    content = pdf(3).replace(b"/Type /Page\n", b"/Type /Pagx\n", 1)
    papers = Papers(("1", "odd.pdf", content), GOOD)

    reader.open(papers)

    assert opened_next(reader, papers)


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"a\0b\0\0c", "a␀b␀␀c"),
        ("计量\n".encode() + "标准\n".encode("gb18030") + b"\xff\xfe", "计量\n标准\n\ufffd"),
        ("\ufeff有标记".encode("utf-16"), "有标记"),
        (b"", ""),
        (b"\x1b[31mred\x07", "␛[31mred␇"),
    ],
)
def test_text_that_is_not_quite_text_is_shown_as_signs(reader: Reader, content: bytes, shown: str) -> None:
    reader.open(Papers(("3", "notes.txt", content)))

    viewer = reader.viewer
    assert isinstance(viewer, TextViewer)
    assert viewer.text.toPlainText().startswith(shown)


def test_an_endless_line_and_an_endless_text_are_cut_and_do_not_stop_the_screen(reader: Reader) -> None:
    papers = Papers(("3", "line.txt", b"x" * 30_000_000))
    with Pauses() as pauses:
        reader.open(papers)
        go_round()

    viewer = reader.viewer
    assert isinstance(viewer, TextViewer)
    assert "Only the first 1024 KB" in viewer.note.text()
    assert pauses.longest < 3 * LONGEST_PAUSE_S


def test_a_program_is_never_handed_to_the_system(reader: Reader) -> None:
    for name in ("setup.exe", "macro.docm", "link.desktop", "page.html", "pack.zip", "no ending"):
        papers = Papers(("5", name, b"MZ\0\0\1\2\3"))
        reader.open(papers)

        assert not reader.viewer.open.isVisible(), name  # type: ignore[attr-defined]
        assert "could be a program" in reader.viewer.warning.text()  # type: ignore[attr-defined]


# ------------------------------------------------------------------------------ the process that opens files misbehaves

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="stops the process with a signal")


def process_id() -> int:
    (process,) = multiprocessing.active_children()
    assert process.pid is not None
    return process.pid


@on_posix
def test_a_file_that_kills_the_process_is_explained_and_the_next_one_opens(reader: Reader) -> None:
    papers = Papers(("1", "申请书.pdf", pdf(30)), GOOD)
    reader.open(papers)

    os.kill(process_id(), signal.SIGSEGV)
    reader.viewer.go_to(20)
    reader.wait_for_words("broke the program that shows it")

    assert opened_next(reader, papers)


@on_posix
def test_a_file_that_never_ends_is_given_up_and_the_next_one_opens(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = Papers(("1", "申请书.pdf", pdf(30)), GOOD)
    reader.open(papers)
    reader.wait_until_idle()
    monkeypatch.setattr(page_process, "PATIENCE_MS", 200)

    os.kill(process_id(), signal.SIGSTOP)
    with Pauses() as pauses:
        reader.viewer.go_to(20)
        reader.wait_for_words("takes too long")

    assert pauses.longest < LONGEST_PAUSE_S
    monkeypatch.setattr(page_process, "PATIENCE_MS", 20_000)
    assert opened_next(reader, papers)


@on_posix
def test_who_does_not_wait_for_a_slow_file_reads_the_next_one_at_once(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = Papers(("1", "申请书.pdf", pdf(30)), GOOD)
    reader.open(papers)
    reader.wait_until_idle()
    monkeypatch.setattr(page_process, "PATIENCE_MS", 600_000)  # nothing is given up for being slow
    os.kill(process_id(), signal.SIGSTOP)
    reader.viewer.go_to(20)
    reader.qtbot.waitUntil(lambda: reader.pane._process.busy)

    assert opened_next(reader, papers)


def test_closing_the_materials_ends_the_process_that_held_them(reader: Reader) -> None:
    reader.open(Papers(GOOD))
    held = process_id()

    reader.pane.close_materials()

    reader.qtbot.waitUntil(lambda: held not in [child.pid for child in multiprocessing.active_children()])
    reader.qtbot.waitUntil(lambda: bool(multiprocessing.active_children()))  # an empty one, for what comes next


def test_a_pane_thrown_away_while_it_reads_leaves_nothing_behind(reader: Reader, qtbot: QtBot) -> None:
    papers = Papers(("1", "申请书.pdf", pdf(30)))

    reader.pane.show_application(papers.application, papers.read)  # the fixtures look at what is left


class Pauses:
    """Measures the longest time between two turns of the event loop."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.monotonic()
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(5)

    def _tick(self) -> None:
        now = time.monotonic()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def __enter__(self) -> Pauses:
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.stop()
