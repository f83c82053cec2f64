"""Codes on scanned and photographed pages: real sheets, worn as offices wear them."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from qisp_desktop.documents import scanning
from qisp_desktop.documents.qr_code import SheetCode, sheet_code
from qisp_desktop.documents.scanning import ScannedPage, UnreadableImageError, read_pages
from tests.unit.documents.samples import make_record, run

CODE = sheet_code(make_record().sheet)


def read_codes(data: bytes) -> list[str]:
    """What the QR codes on the first page say."""
    _count, page = next(read_pages(data))
    return list(page.codes)


@pytest.fixture(scope="module")
def scans(unsigned: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Image.Image]:
    """The sheet's first page in grey, by dots per inch."""
    folder = tmp_path_factory.mktemp("scans")
    path = folder / "sheet.pdf"
    path.write_bytes(unsigned)
    pages = {}
    for dpi in (100, 150, 300):
        run("pdftoppm", "-r", str(dpi), "-gray", "-l", "1", "-singlefile", path, folder / f"page{dpi}")
        with Image.open(folder / f"page{dpi}.pgm") as page:
            pages[dpi] = page.convert("L")
    return pages


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    output = io.BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def worn(page: Image.Image, fault: str) -> Image.Image:
    """The page as a scanner or a phone gives it."""
    if fault.startswith("turned"):
        return page.rotate(float(fault.split()[1]), expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    if fault == "blurred":
        return page.filter(ImageFilter.GaussianBlur(1.2))
    if fault == "pale":
        return ImageEnhance.Contrast(page).enhance(0.25)
    if fault == "dark":
        return ImageEnhance.Brightness(page).enhance(0.35)
    if fault == "noisy":
        return Image.blend(page, Image.effect_noise(page.size, 90).convert("L"), 0.35)
    if fault == "keystone":
        width, height = page.size
        corners = (-width * 0.05, 0, 0, height, width, height * 0.98, width * 1.04, height * 0.02)
        return page.transform(
            page.size, Image.Transform.QUAD, corners, resample=Image.Resampling.BICUBIC, fillcolor=255
        )
    return page


@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_a_clean_scan_is_read(dpi: int, scans: dict[int, Image.Image]) -> None:
    assert read_codes(saved(scans[dpi])) == [CODE]


@pytest.mark.parametrize(
    "fault",
    ["turned 90", "turned 180", "turned 270", "turned 7", "turned -33", "blurred", "pale", "dark", "noisy", "keystone"],
)
def test_a_grey_scan_of_150_dpi_is_read_whatever_the_scanner_did(fault: str, scans: dict[int, Image.Image]) -> None:
    assert read_codes(saved(worn(scans[150], fault), "JPEG", quality=60)) == [CODE]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_the_files_that_scanners_and_phones_write_are_read(kind: str, scans: dict[int, Image.Image]) -> None:
    assert read_codes(saved(scans[150].convert("RGB"), kind)) == [CODE]


def test_a_scan_in_black_and_white_and_one_on_a_transparent_ground_are_read(scans: dict[int, Image.Image]) -> None:
    assert read_codes(saved(scans[300].convert("1"), "TIFF")) == [CODE]
    clear = Image.new("RGBA", scans[150].size, (0, 0, 0, 0))
    clear.putalpha(scans[150].point(lambda value: 255 - value))
    assert read_codes(saved(clear)) == [CODE]


def test_two_pages_side_by_side_give_two_codes(scans: dict[int, Image.Image], tmp_path: Path) -> None:
    from qisp_desktop.documents.score_sheet import render_score_sheet

    other = make_record(expert="E001")
    (tmp_path / "other.pdf").write_bytes(render_score_sheet(other))
    run("pdftoppm", "-r", "150", "-gray", "-l", "1", "-singlefile", tmp_path / "other.pdf", tmp_path / "other")
    both = Image.new("L", (scans[150].width * 2, scans[150].height), 255)
    both.paste(scans[150], (0, 0))
    with Image.open(tmp_path / "other.pgm") as page:
        both.paste(page, (scans[150].width, 0))
    assert sorted(read_codes(saved(both))) == sorted([CODE, sheet_code(other.sheet)])


def test_a_page_without_a_code_has_none() -> None:
    assert read_codes(saved(Image.new("L", (800, 1100), 255))) == []


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"GIF89a" + b"\0" * 40, b"\x89PNG\r\n\x1a\n" + b"\xff" * 80])
def test_what_is_no_image_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableImageError):
        read_codes(data)


def test_an_image_that_claims_to_be_huge_is_refused_unread() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    with pytest.raises(UnreadableImageError, match="too many pixels"):
        read_codes(png)


def test_a_code_is_read_back_into_what_it_was_made_of() -> None:
    sheet = make_record().sheet
    assert SheetCode.parse(CODE) == SheetCode("round-a", "E007", "QISP-2026-001", 1, "14", sheet.digest)


@pytest.mark.parametrize(
    "text", ["", "QISP1|a|b", CODE + "|x", CODE[:-1], CODE.replace("|1|", "|01|"), CODE.replace("QISP1", "QISP9")]
)
def test_what_is_no_code_of_a_sheet_is_not_taken_for_one(text: str) -> None:
    assert SheetCode.parse(text) is None


# Stacks of pages ---------------------------------------------------------------------------------------------------


def stack(kind: str, *pages: Image.Image) -> bytes:
    """What a scanner makes out of several pages."""
    first, *others = (page.convert("L") for page in pages)
    return saved(first, kind, save_all=True, append_images=others, **({"resolution": 150} if kind == "PDF" else {}))


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_every_page_of_a_stack_is_read_whichever_way_it_lay(kind: str, scans: dict[int, Image.Image]) -> None:
    page = scans[150]
    blank = Image.new("L", page.size, 255)
    found = list(read_pages(stack(kind, page, blank, worn(page, "turned 180"), worn(page, "turned 7"))))
    assert found == [
        (4, ScannedPage(1, (CODE,))),
        (4, ScannedPage(2, ())),
        (4, ScannedPage(3, (CODE,))),
        (4, ScannedPage(4, (CODE,))),
    ]


def test_an_image_of_one_page_and_the_paper_itself_are_read_as_scans(
    unsigned: bytes, scans: dict[int, Image.Image]
) -> None:
    assert list(read_pages(saved(scans[150]))) == [(1, ScannedPage(1, (CODE,)))]
    assert [page.codes for _count, page in read_pages(unsigned)] == [(CODE,)]


@pytest.mark.parametrize("size", [(14_400, 14_400), (3, 3), (14_400, 10)])
def test_a_page_of_any_size_in_points_is_drawn_in_bounds(size: tuple[int, int]) -> None:
    pdf, output = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page(page_size=size)
    pdf.save(output)
    assert [page.codes for _count, page in read_pages(output.getvalue())] == [()]


def test_locked_and_broken_pdfs_are_refused_with_a_word(unsigned: bytes) -> None:
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(unsigned)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    for data in (locked.getvalue(), b"%PDF-1.7 and nothing more", unsigned[:300]):
        with pytest.raises(UnreadableImageError, match="not a PDF"):
            list(read_pages(data))


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_a_stack_without_end_is_refused_unread(
    kind: str, scans: dict[int, Image.Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "MOST_PAGES", 2)
    data = stack(kind, *[Image.new("L", (50, 50), 255)] * 3)
    with pytest.raises(UnreadableImageError, match="more than 2 pages"):
        list(read_pages(data))


def test_a_reading_that_was_left_off_does_not_keep_others_waiting(unsigned: bytes) -> None:
    pages = read_pages(unsigned)
    next(pages)
    pages.close()
    assert len(list(read_pages(unsigned))) == 1
