"""While an expert reads one application, the first page of the next one is made ready."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.application import Material
from qisp_desktop.gui.panel.materials.ahead import LARGEST
from tests.gui.materials.documents import Papers, chinese_pdf, pdf
from tests.gui.materials.reader import PATIENCE, Reader

HERE = ("1", "申请书.pdf", pdf(9))


def following(content: bytes = b"", name: str = "申请书.pdf") -> Papers:
    return Papers(("1", name, content or pdf(5, word="next")), number="QISP-2026-002")


def read_with(reader: Reader, *expected: Papers) -> Papers:
    """Open an application, and wait until what is expected after it has been opened ahead."""
    here = Papers(HERE)
    reader.open(here)
    reader.wait_until_painted(1)
    reader.pane.expect([(papers.application, papers.read) for papers in expected])
    reader.qtbot.waitUntil(lambda: reader.pane.ahead.idle, timeout=PATIENCE)
    return here


def test_the_first_page_of_the_next_application_is_there_before_any_process_could_answer(reader: Reader) -> None:
    papers = following()
    read_with(reader, papers)
    assert papers.reads == ["申请书.pdf"]
    stopped = [child.pid for child in multiprocessing.active_children()]
    if sys.platform != "win32":
        for pid in stopped:
            os.kill(pid or 0, signal.SIGSTOP)

    try:
        reader.pane.show_application(papers.application, papers.read)
        reader.wait_until_painted(1)

        assert reader.pages.page_count == 5
        assert papers.reads == ["申请书.pdf"]
    finally:
        if sys.platform != "win32":
            for pid in stopped:
                os.kill(pid or 0, signal.SIGCONT)


def test_what_was_opened_ahead_can_be_read_to_its_end(reader: Reader) -> None:
    papers = following()
    read_with(reader, papers)

    reader.open(papers)
    reader.wait_until_painted(1)
    reader.pane.show_material(papers.sha256("申请书.pdf"), 5)

    reader.wait_until_painted(5)
    found: list[str] = []
    reader.pages.document.read_text(4, found.append)
    reader.qtbot.waitUntil(lambda: found != [], timeout=PATIENCE)
    assert "next 5" in found[0]


def test_after_the_window_was_made_narrower_the_page_is_drawn_as_it_is_wanted_then(reader: Reader) -> None:
    papers = following()
    read_with(reader, papers)
    reader.pane.resize(500, 600)

    reader.open(papers)
    reader.wait_until_painted(1)

    (tile,) = [one for one in reader.view._tiles(0)]
    picture = reader.pages.document.picture(tile)
    assert picture is not None
    assert picture.width() == tile.size[0] == reader.view.page_size(0).width()


def test_a_broken_next_file_leaves_the_one_that_is_read_alone(reader: Reader) -> None:
    bad, good = following(b"%PDF-1.7 broken"), following(chinese_pdf("计量"))
    here = read_with(reader, bad, good)
    assert good.reads == ["申请书.pdf"]

    reader.pane.show_material(here.sha256("申请书.pdf"), 9)
    reader.wait_until_painted(9)
    reader.pane.show_application(bad.application, bad.read)

    reader.wait_for_words("damaged")
    reader.open(good)
    reader.wait_until_painted(1)


def test_what_cannot_be_read_ahead_is_explained_when_it_is_wanted_and_not_before(reader: Reader) -> None:
    papers = following()

    def read(_material: Material) -> bytes:
        raise UserError("The stick is gone.", "", "")

    here = Papers(HERE)
    reader.open(here)
    reader.pane.expect([(papers.application, read)])
    reader.qtbot.waitUntil(lambda: reader.pane.ahead.idle, timeout=PATIENCE)
    assert reader.words == ""

    reader.pane.show_application(papers.application, read)
    reader.wait_for_words("The stick is gone.")


def test_a_large_material_is_not_read_ahead(reader: Reader) -> None:
    papers = following()
    (material,) = papers.application.materials
    object.__setattr__(material, "size", LARGEST + 1)

    read_with(reader, papers)

    assert papers.reads == []


def test_closing_the_materials_forgets_what_was_opened_ahead(reader: Reader) -> None:
    papers = following()
    read_with(reader, papers)
    before = {child.pid for child in multiprocessing.active_children()}

    reader.pane.close_materials()

    reader.qtbot.waitUntil(lambda: not before & {child.pid for child in multiprocessing.active_children()})
    reader.pane.show_application(papers.application, papers.read)
    reader.pane.set_placeholder("", "")
    reader.wait_until_painted(1)
    assert papers.reads == ["申请书.pdf", "申请书.pdf"]
