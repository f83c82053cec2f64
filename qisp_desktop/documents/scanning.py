"""From paper back to data: the codes on a scanned or photographed page."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import zxingcpp

from qisp_desktop.base.i18n import _

MOST_PIXELS = 120_000_000
"""Of an image: A3 at 600 dpi fits. More is refused unread."""
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
_LONGEST_SIDE = 3600
"""Pixels that a page is read at, at most; more only cost time."""


class UnreadableImageError(Exception):
    """The file is no image that can be read; the message is for the person."""


def read_codes(data: bytes) -> list[str]:
    """What the QR codes on the image in ``data`` say, each once; empty where there is none that can be read.

    The page may be turned by any angle, blurred, grey or coloured. Raises UnreadableImageError for a file that is
    damaged, no image, or larger than can be read in safety.
    """
    read: Any = zxingcpp.read_barcodes  # its stubs want other types than it takes
    for attempt in _attempts(_page(data)):
        found = read(attempt, formats=zxingcpp.BarcodeFormat.QRCode)
        texts = list(dict.fromkeys(str(code.text) for code in found if code.valid))
        if texts:
            return texts
    return []


def _page(data: bytes) -> Any:
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=_FORMATS) as image:
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
