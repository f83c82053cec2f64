"""The printing desk's list: what is chosen, in which order, which pages, and which word stands across a print."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.base.errors import Cancelled, UserError
from qisp_desktop.base.work import Work
from qisp_desktop.documents.binding import page_count
from qisp_desktop.services.paper_saving import save_archive, save_bound, save_single
from qisp_desktop.services.papers import PaperKind, PapersMissing
from qisp_desktop.services.printing import (
    CACHED_BYTES,
    Order,
    PageRanges,
    chosen,
    kind_name,
    ordered,
    page_ranges,
)
from tests.unit.services.printable import blank_pdf, listed, made_stock, stock_of, unprintable


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for few files."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting needs rights that this process does not have")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


SHEET, REPORT, ROUND_REPORT = PaperKind.SCORE_SHEET, PaperKind.REPORT, PaperKind.ROUND_REPORT


@pytest.mark.parametrize("text", ["1-3, 5", "１－３，５", "1-3、5", " 1 - 3 ,5 ", "1–3,5"])
def test_pages_are_written_as_people_write_them(text: str) -> None:
    assert page_ranges(text).of(9) == [1, 2, 3, 5]


@pytest.mark.parametrize("text", ["0", "3-1", "x", "1-", "-2", "1,,2", "1;2", "999999", ",".join("1" * 101)])
def test_what_names_no_pages_is_refused_with_a_word(text: str) -> None:
    with pytest.raises(UserError, match="names no pages"):
        page_ranges(text)


def test_no_text_is_all_pages() -> None:
    assert page_ranges("  ").of(3) == [1, 2, 3]


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9)), min_size=1, max_size=6), st.integers(0, 30))
def test_each_wanted_page_comes_once_and_in_order(ranges: list[tuple[int, int]], count: int) -> None:
    spans = tuple((first, first + more) for first, more in ranges)
    pages = PageRanges(spans).of(count)

    assert pages == sorted(set(pages))
    assert set(pages) == {page for first, last in spans for page in range(first, last + 1) if page <= count}


def test_a_paper_is_chosen_by_kind_application_and_expert_as_far_as_it_has_them() -> None:
    sheet, other = listed(1, expert="E001"), listed(2, expert="E002")
    report, whole = listed(1, kind=REPORT, expert=""), listed(0, kind=ROUND_REPORT, expert="")
    papers = [sheet, other, report, whole]

    assert chosen(papers, [SHEET, REPORT, ROUND_REPORT], ["QISP-2026-001"], ["E002"]) == [report, whole]
    assert chosen(papers, [SHEET], ["QISP-2026-001", "QISP-2026-002"], ["E001"]) == [sheet]
    assert chosen(papers, [], ["QISP-2026-001"], ["E001"]) == []


def test_the_tray_is_ordered_by_kind_application_or_expert() -> None:
    a1, a2 = listed(1, expert="E001"), listed(1, expert="E002")
    b1, report = listed(2, expert="E001"), listed(1, kind=REPORT, expert="")
    papers = [b1, report, a2, a1]

    assert ordered(papers, Order.KIND) == [a1, a2, b1, report]
    assert ordered(papers, Order.APPLICATION) == [a1, a2, report, b1]
    assert ordered(papers, Order.EXPERT) == [report, a1, b1, a2]


def test_pages_are_counted_once_and_counting_can_be_stopped() -> None:
    stock = stock_of(2, 5, 0, 1)
    assert [stock.pages(paper) for paper in stock.papers] == [None] * 4

    class Impatient(Work):
        def show(self, what: str, done: int, total: int) -> None:
            if done == 2:
                self.cancel()

    with pytest.raises(Cancelled):
        list(stock.count_pages(stock.papers, Impatient()))
    assert [stock.pages(paper) for paper in stock.papers[:2]] == [2, 5]
    assert stock.pages(stock.papers[3]) is None
    assert dict(stock.count_pages(stock.papers, Work()))[stock.papers[3]] == 1
    assert list(stock.count_pages(stock.papers, Work())) == []
    assert [stock.pages(paper) for paper in stock.papers] == [2, 5, 0, 1]


def test_a_paper_that_cannot_be_made_says_why_and_the_others_are_made() -> None:
    stock = stock_of(1, 0, 3)
    made = list(stock.finish_all(stock.papers))

    assert [one.pages for one in made] == [1, 0, 3]
    assert str(made[1].problem) == "The paper cannot be printed."


def test_few_finished_papers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qisp_desktop.services.printing.CACHED_BYTES", 3 * len(blank_pdf(2)))
    calls: list[int] = []

    def make() -> bytes:
        calls.append(1)
        return blank_pdf(2)

    stock = made_stock([(listed(number), make) for number in range(1, 8)])
    for paper in stock.papers:
        stock.finished(paper)
    stock.finished(stock.papers[-1])
    assert len(calls) == 7
    stock.finished(stock.papers[0])
    assert len(calls) == 8
    assert CACHED_BYTES < 100 << 20


def test_a_mark_is_a_word_across_every_page_that_can_be_searched_and_the_saved_file_has_none(tmp_path: Path) -> None:
    plain = blank_pdf(2)
    stock = made_stock([(listed(1, mark="草稿"), lambda: plain)])
    marked = stock.finished(stock.papers[0]).pdf

    with pikepdf.open(BytesIO(marked)) as pdf:
        words = [page.Resources.XObject for page in pdf.pages]
        assert [len(list(found.keys())) for found in words] == [1, 1]
    (written,) = save_single(stock, stock.papers, tmp_path, Work())
    assert written.path.read_bytes() == plain


def test_single_files_lie_in_a_folder_for_each_kind_and_the_missing_ones_are_named(tmp_path: Path) -> None:
    stock = stock_of(1, 0, 2)
    with pytest.raises(PapersMissing) as caught:
        save_single(stock, stock.papers, tmp_path, Work())

    assert caught.value.missing == (stock.papers[1].name,)
    assert [one.path.parent for one in caught.value.written] == [tmp_path / "score-sheet"] * 2
    assert sorted(path.name for path in tmp_path.rglob("*.pdf")) == [stock.papers[0].name, stock.papers[2].name]


def test_a_disk_that_fills_up_leaves_whole_files_and_the_names_of_those_missing(small_disk: Path) -> None:
    stock = stock_of(*[2] * 1000)
    with pytest.raises(PapersMissing) as caught:
        save_single(stock, stock.papers, small_disk / "out", Work())

    written, missing = caught.value.written, caught.value.missing
    assert len(written) > 10
    assert len(written) + len(missing) == 1000
    assert {one.path.name for one in written} | set(missing) == {paper.name for paper in stock.papers}
    assert all(page_count(one.path.read_bytes()) == 2 for one in written)
    assert sorted(small_disk.rglob("*.*")) == sorted(one.path for one in written)
    assert "The disk is full." in str(caught.value)
    with pytest.raises(UserError, match="The disk is full"):
        save_archive(stock, stock.papers, small_disk / "all.zip", Work())
    with pytest.raises(UserError, match=r"/all\.pdf could not be written\. The disk is full"):
        save_bound(stock, stock.papers, Order.KIND, small_disk / "all.pdf", Work())
    assert [path.name for path in small_disk.iterdir()] == ["out"]


def test_an_archive_holds_the_single_files_and_is_whole_or_absent(tmp_path: Path) -> None:
    stock, path = stock_of(1, 2), tmp_path / "papers.zip"
    assert save_archive(stock, stock.papers, path, Work()) == 2
    with ZipFile(path) as archive:
        assert archive.testzip() is None
        assert [page_count(archive.read(name)) for name in archive.namelist()] == [1, 2]
        assert archive.namelist()[0] == f"score-sheet/{stock.papers[0].name}"

    broken = made_stock([(listed(1), lambda: blank_pdf(1)), (listed(2), unprintable)])
    with pytest.raises(UserError):
        save_archive(broken, broken.papers, tmp_path / "other.zip", Work())
    assert [one.name for one in tmp_path.iterdir()] == ["papers.zip"]


def test_a_bound_file_has_a_bookmark_for_each_paper_below_its_application(tmp_path: Path) -> None:
    a1, a2, b1 = listed(1, expert="E001"), listed(1, expert="E002"), listed(2)
    stock = made_stock([(paper, lambda: blank_pdf(3)) for paper in (a1, a2, b1)])
    path = tmp_path / "new" / "bound.pdf"

    assert save_bound(stock, stock.papers, Order.APPLICATION, path, Work()) == 9
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["QISP-2026-001 申报单位1", "QISP-2026-002 申报单位2"]
        assert [item.title for item in outline.root[0].children] == [a1.name[:-4], a2.name[:-4]]
        assert pdf.docinfo["/Title"] == "2026年度评价"
    assert [one.name for one in path.parent.iterdir()] == ["bound.pdf"]


def test_pieces_that_a_killed_process_left_are_removed_and_those_in_use_are_not(tmp_path: Path) -> None:
    for name, age in ((".qisp-pieces-old", 7200), (".qisp-pieces-new", 0)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "00000.pdf").write_bytes(b"%PDF")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    stock = stock_of(1)

    save_bound(stock, stock.papers, Order.KIND, tmp_path / "bound.pdf", Work())

    assert sorted(path.name for path in tmp_path.iterdir()) == [".qisp-pieces-new", "bound.pdf"]


@pytest.mark.skipif(sys.platform != "linux", reason="a folder in which nothing can be made, not even by root")
def test_a_place_where_no_pieces_can_lie_is_told() -> None:
    stock = stock_of(1)

    with pytest.raises(UserError, match="could not be written"):
        save_bound(stock, stock.papers, Order.KIND, Path("/proc/bound.pdf"), Work())


def test_hundreds_of_papers_are_bound_in_volumes_without_losing_a_page(tmp_path: Path) -> None:
    stock = stock_of(*[2] * 95)
    path = tmp_path / "bound.pdf"

    assert save_bound(stock, stock.papers, Order.KIND, path, Work()) == 190
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        assert len(pdf.pages) == 190
        assert [item.title for item in outline.root] == ["评分表"]
        last = outline.root[0].children[-1]
        assert isinstance(last.destination, pikepdf.Array)
        assert pdf.pages.index(pikepdf.Page(last.destination[0])) == 188


def test_every_kind_has_a_name() -> None:
    assert len({kind_name(kind) for kind in PaperKind}) == len(PaperKind)
