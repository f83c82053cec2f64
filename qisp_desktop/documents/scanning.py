"""From paper back to data: the codes on a scanned or photographed page."""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterator
from contextlib import closing
from io import BytesIO
from threading import Lock
from typing import Any, NamedTuple

import zxingcpp

from qisp_desktop.base.i18n import _

MOST_PIXELS = 120_000_000
"""Of an image: A3 at 600 dpi fits. More is refused unread."""
MOST_PAGES = 2000
"""Of a PDF or TIFF that a scanner made out of a stack of papers."""
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
_LONGEST_SIDE = 3600
"""Pixels that a page is read at, at most; more only cost time."""
_DPI = 200
"""At which pages of a PDF are drawn: enough for codes made to be read at 150."""
_POINTS_PER_INCH = 72
# PDFium may be called by one thread at a time only.
_PDFIUM = Lock()


class UnreadableImageError(Exception):
    """The file is no image that can be read; the message is for the person."""


class ScannedPage(NamedTuple):
    """A page of a scan: its number, counted from 1, and what the QR codes on it say, each once."""

    number: int
    codes: tuple[str, ...]


def read_pages(data: bytes) -> Generator[tuple[int, ScannedPage], None, None]:
    """The pages of the image, TIFF or PDF in ``data`` one after the other, each with how many there are.

    Raises UnreadableImageError for a file that is damaged, locked, no scan, or larger than can be read in safety.
    """
    pages = _pdf_pages(data) if data[:1024].lstrip().startswith(b"%PDF-") else _image_pages(data)
    for number, (count, page) in enumerate(pages, start=1):
        yield count, ScannedPage(number, tuple(_codes(page)))


def _codes(page: Any) -> list[str]:
    read: Any = zxingcpp.read_barcodes  # its stubs want other types than it takes
    for attempt in _attempts(page):
        found = read(attempt, formats=zxingcpp.BarcodeFormat.QRCode)
        texts = list(dict.fromkeys(str(code.text) for code in found if code.valid))
        if texts:
            return texts
    return []


def _image_pages(data: bytes) -> Iterator[tuple[int, Any]]:
    count = _frames(data)
    for number in range(count):
        yield count, _page(data, number)


def _frames(data: bytes) -> int:
    """The pages of a TIFF; 1 for any other image, also one that cannot be read."""
    from PIL import Image

    if data[:4] not in (b"II*\0", b"MM\0*"):
        return 1
    try:
        with Image.open(BytesIO(data), formats=("TIFF",)) as image:
            count = int(getattr(image, "n_frames", 1))
    except Exception:  # reading its first page says what is wrong with it
        return 1
    if count > MOST_PAGES:
        raise _too_many_pages()
    return count


def _pdf_pages(data: bytes) -> Iterator[tuple[int, Any]]:
    import pypdfium2

    try:
        with _PDFIUM, closing(pypdfium2.PdfDocument(data)) as document:
            count = len(document)
            if count > MOST_PAGES:
                raise _too_many_pages()
            for number in range(count):
                yield count, _drawn(document, number)
    except pypdfium2.PdfiumError as error:
        raise UnreadableImageError(_("it is not a PDF that can be read")) from error


def _drawn(document: Any, number: int) -> Any:
    """A page in grey, of any size in points, at the resolution that codes want."""
    with closing(document[number]) as page:
        scale = min(_DPI / _POINTS_PER_INCH, _LONGEST_SIDE / max(*page.get_size(), 1))
        return page.render(scale=scale, grayscale=True).to_pil()


def _too_many_pages() -> UnreadableImageError:
    return UnreadableImageError(_("it has more than {most} pages").format(most=MOST_PAGES))


def _page(data: bytes, number: int = 0) -> Any:
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=_FORMATS) as image:
                image.seek(number)
                if image.width * image.height > MOST_PIXELS:
                    raise Image.DecompressionBombError
                image.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
                upright = ImageOps.exif_transpose(image)
                flat = (
                    upright.convert("RGBA") if "transparency" in image.info or upright.mode in ("RGBA", "LA") else None
                )
                if flat is not None:
                    upright = Image.new("RGB", flat.size, "white")
                    upright.paste(flat, mask=flat.getchannel("A"))
                grey = upright.convert("L")
                grey.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
                return grey
    except Image.DecompressionBombError as error:
        raise UnreadableImageError(_("the image has too many pixels")) from error
    except Exception as error:  # a hostile file can make the decoders fail in any way
        raise UnreadableImageError(_("it is not an image that can be read")) from error


def _attempts(page: Any) -> Iterator[Any]:
    """The page as it is, then as its faults may want it: larger, sharper, in stronger contrast."""
    from PIL import Image, ImageFilter, ImageOps

    yield page
    larger = page
    if max(page.size) < _LONGEST_SIDE:
        scale = min(2.0, _LONGEST_SIDE / max(page.size))
        larger = page.resize((round(page.width * scale), round(page.height * scale)), Image.Resampling.BICUBIC)
        yield larger
    yield ImageOps.autocontrast(larger, cutoff=2).filter(ImageFilter.UnsharpMask(radius=4, percent=300, threshold=0))
    yield larger.filter(ImageFilter.GaussianBlur(1.5))
