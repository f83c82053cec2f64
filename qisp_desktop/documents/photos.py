"""Photos as papers show them: upright, in plain colours, small enough to print, and without what a camera adds.

Position data and everything else beside the picture itself stays in the original, whose digest the record keeps.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from qisp_desktop.base.i18n import _

LONGEST_SIDE = 1400
"""Pixels of a printed photo: 300 dpi at half the width of a page."""
MOST_PIXELS = 120_000_000
"""Of a JPEG, which can be read at a fraction of its size."""
MOST_PIXELS_OTHERS = 40_000_000
_QUALITY = 85


class UnusablePhotoError(Exception):
    """The file is no photo that can be shown; the message is for the person."""


@dataclass(frozen=True)
class PrintablePhoto:
    """A JPEG in RGB or grey, upright; width and height in pixels."""

    jpeg: bytes
    width: int
    height: int


def printable_photo(data: bytes) -> PrintablePhoto:
    """The photo in ``data`` (JPEG or PNG, of any colour model and depth) as papers show it.

    Raises UnusablePhotoError for a file that is damaged, no photo, or larger than can be read in safety.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
                limit = MOST_PIXELS_OTHERS if image.format == "PNG" else MOST_PIXELS
                if image.width * image.height > limit:
                    raise Image.DecompressionBombError
                return _printed(image)
    except Image.DecompressionBombError as error:
        raise UnusablePhotoError(_("the photo has too many pixels to be printed")) from error
    except Exception as error:  # a hostile file can make the decoders fail in any way
        raise UnusablePhotoError(_("the photo is damaged")) from error


def _printed(image: Any) -> PrintablePhoto:
    from PIL import ImageOps

    image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(_eight_bits(image))
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    output = BytesIO()
    upright.save(output, "JPEG", quality=_QUALITY)
    return PrintablePhoto(output.getvalue(), upright.width, upright.height)


def _eight_bits(image: Any) -> Any:
    """``image`` in RGB or 8-bit grey, on white where it is transparent; its orientation is still the camera's."""
    from PIL import Image

    exif = image.getexif()
    if image.mode.startswith(("I", "F")):
        # 16 bits of grey; Pillow's own conversion would cut off instead of scaling.
        lowest, highest = image.getextrema()
        scale = 255 / 65535 if highest > 255 else 1.0
        flat = image.point(lambda value: value * scale).convert("L") if lowest >= 0 else image.convert("L")
    elif image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        flat = Image.new("RGB", layered.size, "white")
        flat.paste(layered, mask=layered.getchannel("A"))
    else:
        flat = image if image.mode == "L" else image.convert("RGB")
    if orientation := exif.get(_ORIENTATION):
        flat.getexif()[_ORIENTATION] = orientation
    return flat


_ORIENTATION = 0x0112
