"""Papers on their way to the printer: the word across a draft, pages bound together, signatures that stay visible."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from qisp_desktop.documents.binding import Chapter, Leaves, bind, bound_for_printing, page_count
from qisp_desktop.documents.watermark import COPY, DRAFT, watermarked
from tests.unit.documents.samples import run, text_of

SIGNED_BY = "电子签名"


def raw_text(pdf: bytes, folder: Path) -> str:
    """The text without blanks, in the order of the page's content."""
    path = folder / "raw.pdf"
    path.write_bytes(pdf)
    return re.sub(r"\s", "", run("pdftotext", "-raw", path, "-"))


@pytest.mark.parametrize("word", [DRAFT, COPY])
def test_the_word_stands_on_every_page_as_text_and_hides_nothing(unsigned: bytes, tmp_path: Path, word: str) -> None:
    marked = watermarked(unsigned, word)

    assert raw_text(marked, tmp_path).count(word) == page_count(unsigned)
    plain = raw_text(unsigned, tmp_path)
    assert plain.count("评分表") <= raw_text(marked, tmp_path).count("评分表")
    run("qpdf", "--check", tmp_path / "raw.pdf")


def test_a_mark_prints_pale_and_the_text_below_stays_black(unsigned: bytes, tmp_path: Path) -> None:
    from PIL import Image

    darkest = []
    for name, pdf in (("plain", unsigned), ("marked", watermarked(unsigned, DRAFT))):
        (tmp_path / f"{name}.pdf").write_bytes(pdf)
        run("pdftoppm", "-gray", "-r", "60", "-f", "1", "-l", "1", "-png", tmp_path / f"{name}.pdf", tmp_path / name)
        (picture,) = tmp_path.glob(f"{name}-*.png")
        with Image.open(picture) as image:
            histogram = image.convert("L").histogram()
        darkest.append((sum(histogram[:80]), sum(histogram[:235])))
    (plain_ink, plain_grey), (marked_ink, marked_grey) = darkest

    assert marked_grey > plain_grey * 1.2
    assert plain_ink <= marked_ink < plain_ink * 1.2


def test_the_same_paper_is_marked_the_same_way_each_time(unsigned: bytes) -> None:
    assert watermarked(unsigned, DRAFT) == watermarked(unsigned, DRAFT)


def test_a_signature_is_printed_with_its_page_and_no_field_is_left(countersigned: bytes, tmp_path: Path) -> None:
    count = page_count(countersigned)
    bound = bound_for_printing([Leaves(countersigned, range(count))] * 2, from_front=False)

    assert raw_text(bound, tmp_path).count(SIGNED_BY) == 2 * text_of(countersigned, tmp_path).count(SIGNED_BY) > 0
    with pikepdf.open(BytesIO(bound)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert not [one for page in pdf.pages for one in page.get("/Annots", []) if one.Subtype == "/Widget"]


def test_a_bound_file_keeps_every_page_its_language_and_title(signed: bytes, unsigned: bytes, tmp_path: Path) -> None:
    chapters = [Chapter("组", "甲", signed), Chapter("组", "乙", unsigned), Chapter("", "丙", unsigned)]
    path = tmp_path / "bound.pdf"

    assert bind(path, "轮次", chapters, tmp_path) == 3 * page_count(unsigned)
    run("qpdf", "--check", path)
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        assert [(item.title, [one.title for one in item.children]) for item in outline.root] == [
            ("组", ["甲", "乙"]),
            ("丙", []),
        ]
        assert str(pdf.Root.Lang) == "zh-CN"


@pytest.mark.parametrize("data", [b"", b"not a PDF", b"%PDF-1.7\n"])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    for work in (page_count, lambda one: watermarked(one, DRAFT)):
        with pytest.raises(ValueError, match="not a PDF"):
            work(data)
