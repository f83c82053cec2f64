"""A return whose kept file is gone or damaged keeps nobody from the originals that lie in the others."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pikepdf
import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.work import Work
from qisp_desktop.domain.issuing import Return
from qisp_desktop.services.issuing import issue_packages
from qisp_desktop.services.paper_saving import save_single
from qisp_desktop.services.papers import PaperKind
from qisp_desktop.services.printing import open_stock
from qisp_desktop.store.contents import place_of
from qisp_desktop.store.round_store import RoundStore
from tests.e2e.command import qisp
from tests.e2e.small_round import EXPERTS, PASSPHRASE, VISITED, Place


def kept_return(place: Place, expert: str) -> Path:
    """Where the round keeps the expert's return."""
    with RoundStore.open(place.round, actor="tests") as store:
        (received,) = store.all(Return, expert=expert)
        return place_of(store.files, received.file)


def signed_fields(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return sum("/V" in field for field in pdf.Root.AcroForm.Fields)


@pytest.fixture
def lost(collected: Place) -> Place:
    """A round in which the returns of both visitors are gone: each alone would hold the same photos."""
    for visitor in collected.visitors():
        kept_return(collected, visitor).unlink()
    return collected


def test_the_other_originals_are_exported_and_each_copy_is_named_with_why_and_what_to_do(lost: Place) -> None:
    out = lost.folder / "papers"
    kinds = ("--kind", "score-sheet", "--kind", "inspection")
    ran = qisp(*lost.office("export", "papers", lost.round, out, *kinds))
    assert ran.code == 1
    sheets = {path: path.name.split("_")[1] in lost.visitors() for path in (out / "score-sheet").iterdir()}
    assert {signed_fields(path) for path, copy in sheets.items() if copy} == {0}
    assert {signed_fields(path) for path, copy in sheets.items() if not copy} == {1}
    copies = [path.name for path, copy in sheets.items() if copy]
    copies += [f"{VISITED}_{visitor}_inspection_r1.pdf" for visitor in lost.visitors()]
    assert f"{len(copies)} papers are copies" in ran.err
    assert all(name in ran.err for name in copies)
    assert not any(path.name in ran.err for path, copy in sheets.items() if not copy)
    for visitor in lost.visitors():
        assert f"The return {visitor}-r1.qscore of {visitor} can no longer be opened." in ran.err
        assert f"Collect {visitor}-r1.qscore again" in ran.err
    assert "Its file is gone from the round's folder." in ran.err


def test_photos_that_another_return_holds_too_are_taken_from_there(collected: Place) -> None:
    visitor = collected.visitors()[0]
    kept_return(collected, visitor).unlink()
    stock = open_stock(collected.round, passphrase=PASSPHRASE)
    records = [one for one in stock.papers if one.kind is PaperKind.INSPECTION]
    assert {one.mark for one in records} == {""}


def test_a_damaged_return_is_told_like_a_missing_one(collected: Place) -> None:
    kept = kept_return(collected, EXPERTS[1])
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    ran = qisp(*collected.office("export", "papers", collected.round, collected.folder / "papers"))
    assert ran.code == 1
    assert "is damaged" in ran.err
    assert {"report", "summary", "inspection"} <= {one.name for one in (collected.folder / "papers").iterdir()}


def test_the_desk_marks_the_copies_before_they_are_printed_and_says_why(lost: Place) -> None:
    stock = open_stock(lost.round, passphrase=PASSPHRASE)
    signed = [paper for paper in stock.papers if paper.kind in (PaperKind.SCORE_SHEET, PaperKind.INSPECTION)]
    copies = [paper for paper in signed if paper.expert in lost.visitors()]
    assert {paper.mark for paper in copies} == {"副本"}
    assert {paper.mark for paper in signed if paper not in copies} == {""}
    assert [paper for paper in stock.papers if stock.lacking(paper) is not None] == copies
    told = stock.copies_among(signed, most_named=1)
    assert told is not None
    assert f"and {stock.copies - 1} more" in told.do


def test_an_inspection_says_on_the_page_why_its_photos_are_not_there(lost: Place) -> None:
    stock = open_stock(lost.round, passphrase=PASSPHRASE)
    record, _other = (one for one in stock.papers if one.kind is PaperKind.INSPECTION)
    (written,) = save_single(stock, [record], lost.folder / "out", Work())
    assert written.lacking is not None
    done = subprocess.run(["pdftotext", "-raw", written.path, "-"], capture_output=True, check=True, timeout=60)
    assert "其所在的回传包已无法再打开" in "".join(done.stdout.decode().split())


def test_collecting_the_file_again_brings_its_originals_back(lost: Place) -> None:
    report = lost.collect(*map(lost.signed, lost.visitors())).json
    assert report["counts"] == {"unchanged": 2}
    assert all(kept_return(lost, visitor).is_file() for visitor in lost.visitors())
    assert open_stock(lost.round, passphrase=PASSPHRASE).copies == 0


def test_a_package_that_needs_the_photos_of_a_lost_return_is_not_made_without_them(lost: Place) -> None:
    again = lost.folder / "again"
    for visitor in lost.visitors():
        with pytest.raises(UserError, match=f"of {visitor} can no longer be opened"):
            issue_packages(lost.round, again, passphrase=PASSPHRASE, only=[visitor], reason="lost")
    other = next(expert for expert in EXPERTS if expert not in lost.visitors())
    issue_packages(lost.round, again, passphrase=PASSPHRASE, only=[other], reason="lost")
