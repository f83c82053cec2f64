"""Photos of a visit: what they are, when they were taken, and how they look upright, from bytes nobody vouches for."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.inspection import Photo
from qisp_desktop.services.desk_scoring import clean_text
from qisp_desktop.services.photo_positions import without_position

if TYPE_CHECKING:
    from PIL.Image import Exif, Image

SUFFIXES = (".jpg", ".jpeg", ".png")
LARGEST_PHOTO = 100 << 20
"""Bytes of a photo, at most."""
MOST_PIXELS = {"JPEG": 120_000_000, "MPO": 120_000_000, "PNG": 40_000_000}
"""Pixels by format, at most: a JPEG is decoded at an eighth of its size, a PNG whole."""
THUMBNAIL = 320
"""Pixels of a thumbnail's longer side."""
_TIME_TAGS = (36867, 36868, 306)  # DateTimeOriginal, DateTimeDigitized, DateTime
_EXIF_IFD = 0x8769
_LONGEST_TIME = 40
_LONGEST_NAME = 200
_warning_filter = Lock()


@dataclass(frozen=True)
class Picture:
    """Pixels ready to be shown: rows of red, green and blue bytes without padding, upright."""

    width: int
    height: int
    pixels: bytes


def photos_in(folder: Path) -> list[Path]:
    """The photos in ``folder`` by name; UserError when it cannot be read."""
    try:
        return sorted(path for path in folder.iterdir() if is_photo_name(path) and path.is_file())
    except OSError as error:
        raise UserError(
            _("The photo folder {path} is not there.").format(path=folder), os_reason(error), _("Check the path.")
        ) from error


def is_photo_name(path: Path) -> bool:
    """Whether the name says that it is a photo which can be taken in."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def read_photo(path: Path, *, positions: bool = False) -> tuple[Photo, bytes]:
    """``photo_of`` for the photo in the file; UserError when it cannot be read."""
    try:
        if path.stat().st_size > LARGEST_PHOTO:
            raise UserError(
                _("{name} is not taken in.").format(name=path.name),
                _("It is larger than 100 MB."),
                _("Save it smaller and add it again."),
            )
        data = path.read_bytes()
    except OSError as error:
        raise UserError(
            _("{name} could not be read.").format(name=path.name),
            os_reason(error),
            _("Check that the card or stick is still there."),
        ) from error
    return photo_of(path.name, data, positions=positions)


def photo_of(name: str, data: bytes, *, positions: bool = False) -> tuple[Photo, bytes]:
    """The record of a photo, and the file that the desk keeps and hands in: ``data`` itself, or without ``positions``
    the same picture without the place where it was taken.

    UserError for what cannot be decoded to its end; a damaged EXIF part is no hindrance.
    """
    with _opened(name, data, 8) as image:
        exif, taken = _exif(image), _taken(image)
        kept = data if positions else _without_position(name, data, exif)
    if kept is not data:
        with _opened(name, kept, 8):  # that it is a whole picture still is not left to chance
            pass
    shown = clean_text(name).replace("\n", " ")[:_LONGEST_NAME] or _("photo")
    original = "" if kept is data else sha256(data)
    return Photo(shown, sha256(kept), len(kept), taken, "", original), kept


def _without_position(name: str, data: bytes, exif: Exif | None) -> bytes:
    try:
        return without_position(data, exif)
    except ValueError as error:
        raise UserError(
            _("{name} is not taken in.").format(name=name),
            _("The place where it was taken cannot be left out of it, and this round does not ask for it."),
            _("Save it anew with another program and add it again."),
        ) from error


def picture(name: str, data: bytes, longest: int = THUMBNAIL) -> Picture:
    """The photo upright, its longer side at most ``longest`` pixels; UserError for what cannot be decoded."""
    from PIL import ImageOps

    with _opened(name, data, longest) as image:
        _exif(image)  # a damaged one is put away, so that turning does not stumble over it
        with _quietly():
            shown = ImageOps.exif_transpose(image)
        shown.thumbnail((longest, longest))
        shown = shown.convert("RGB")
        return Picture(shown.width, shown.height, shown.tobytes())


@contextmanager
def _opened(name: str, data: bytes, longest: int) -> Iterator[Image]:
    """The image, decoded whole and at least ``longest`` pixels large where it is."""
    from PIL import Image

    try:
        with _quietly():
            image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if image.width * image.height > MOST_PIXELS.get(image.format or "", 0):
            raise UserError(
                _("{name} is not taken in.").format(name=name),
                _("It has {width} × {height} pixels.").format(width=image.width, height=image.height),
                _("Save it smaller and add it again."),
            )
        image.draft("RGB", (longest, longest))
        image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UserError(
            _("{name} is not a photo that can be read.").format(name=name),
            _("It is damaged, or neither JPEG nor PNG."),
            _("Copy it from the camera again, or leave it out."),
        ) from error
    with image:
        yield image


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the library's warnings: of large images (our own bound is another) and of damaged EXIF parts.

    The filter is the process's own, so that two workers must not set it at the same time.
    """
    with _warning_filter, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _taken(image: Image) -> str:
    """The camera's own local time as the EXIF record writes it (such as ``2026:07:03 10:00:00``), or empty."""
    exif = _exif(image)
    if exif is None:
        return ""
    nested = exif.get_ifd(_EXIF_IFD)
    for tag in _TIME_TAGS:
        value = nested.get(tag) or exif.get(tag)
        if isinstance(value, str) and (time := value.strip("\0 ")):
            return "".join(c for c in time if c.isprintable())[:_LONGEST_TIME]
    return ""


def _exif(image: Image) -> Exif | None:
    try:
        with _quietly():
            exif = image.getexif()
            exif.get_ifd(_EXIF_IFD)
    except Exception:  # whatever a hostile EXIF part brings the library to, the photo itself could be decoded
        image.info.pop("exif", None)
        return None
    return exif
