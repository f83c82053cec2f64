"""Photos without the place where they were taken, their pixels bit for bit as the camera wrote them.

A camera writes a position into the EXIF part, into XMP and IPTC, into parts of its own and behind the picture. So what
may tell a place is not searched for: a file that holds anything besides the picture, its colours and an EXIF part
without position is written anew from the picture, its colours and a few known fields. (A maker's note in such an EXIF
part stays: those that name places do so beside a position.)
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Exif

GPS_IFD = 0x8825
EXIF_IFD = 0x8769
ORIENTATION, COLOUR_SPACE = 0x0112, 0xA001
_TEXTS = (0x010F, 0x0110, 0x0131, 0x0132)  # maker, model, software, when it was changed
_NESTED_TEXTS = (36867, 36868, 0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292)  # when it was taken, as exactly as known
_LONGEST_TEXT = 200

PNG_MARK = b"\x89PNG\r\n\x1a\n"
_PNG_PICTURE = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs tIME hIST sPLT".split()
)
_EXIF_MARK = b"Exif\0\0"
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_ALONE = frozenset([0x01, _START, *range(0xD0, 0xD8)])
"""Markers without a length."""
_JPEG_PICTURE = frozenset([*range(0xC0, 0xD0), _SCAN, 0xDB, 0xDC, 0xDD])
"""Frames, tables and scans."""
_APPLICATION_0, _APPLICATION_1, _APPLICATION_2, _APPLICATION_14 = 0xE0, 0xE1, 0xE2, 0xEE
_COLOURS = {_APPLICATION_0: b"JFIF\0", _APPLICATION_2: b"ICC_PROFILE\0", _APPLICATION_14: b"Adobe"}
_MARKER = re.compile(rb"\xff([^\x00\xff])")
_STRETCH = 1 << 20
"""Bytes that are searched in one go: the search keeps Python's lock, and the window needs it."""


class _Part(NamedTuple):
    """A segment of a JPEG (with what follows it up to the next) or a chunk of a PNG: all its bytes, and its content."""

    kind: int | bytes
    whole: memoryview
    content: bytes


def without_position(data: bytes, exif: Exif | None) -> bytes:
    """The JPEG or PNG file ``data``, itself where it tells no place; ``exif`` is None where it cannot be read.

    Raises ValueError for a file whose parts cannot be told apart.
    """
    position_known = exif is not None and GPS_IFD not in exif
    if data.startswith(PNG_MARK):
        return _png(data, exif, position_known)
    return _jpeg(data, exif, position_known)


def _known_fields(exif: Exif | None) -> bytes:
    """The fields that stay, as an EXIF part; empty where there is none of them."""
    from PIL import Image

    if exif is None:
        return b""
    kept, nested = Image.Exif(), exif.get_ifd(EXIF_IFD)
    orientation = exif.get(ORIENTATION)
    if isinstance(orientation, int) and 2 <= orientation <= 8:
        kept[ORIENTATION] = orientation
    kept.update({tag: text for tag in _TEXTS if (text := _text(exif.get(tag)))})
    inner = {tag: text for tag in _NESTED_TEXTS if (text := _text(nested.get(tag)))}
    colours = nested.get(COLOUR_SPACE)
    if isinstance(colours, int) and 0 <= colours <= 0xFFFF:
        kept.get_ifd(EXIF_IFD)[COLOUR_SPACE] = colours
    kept.get_ifd(EXIF_IFD).update(inner)
    return kept.tobytes() if dict(kept) or kept.get_ifd(EXIF_IFD) else b""


def _text(value: object) -> str:
    return "".join(c for c in value if " " <= c <= "~")[:_LONGEST_TEXT] if isinstance(value, str) else ""


# JPEG ---------------------------------------------------------------------------------------------------------------


def _jpeg(data: bytes, exif: Exif | None, position_known: bool) -> bytes:
    parts, rest = _segments(data)
    described = [part for part in parts if _is_exif(part)]
    plain = all(part.kind in _JPEG_PICTURE or _is_colour(part) for part in parts if part not in described)
    if plain and not rest.tobytes().strip(b"\0") and (not described or (position_known and len(described) == 1)):
        return data
    kept = [part for part in parts if part.kind in _JPEG_PICTURE or _is_colour(part)]
    heads = [part.whole for part in kept if part.kind == _APPLICATION_0]
    others = [part.whole for part in kept if part.kind != _APPLICATION_0]
    fields = _known_fields(exif)
    exif_part = struct.pack(">BBH", 0xFF, _APPLICATION_1, 2 + len(fields)) + fields if fields else b""
    return b"".join([b"\xff\xd8", *heads, exif_part, *others, b"\xff\xd9"])


def _is_exif(part: _Part) -> bool:
    return part.kind == _APPLICATION_1 and part.content.startswith(_EXIF_MARK)


def _is_colour(part: _Part) -> bool:
    mark = _COLOURS.get(part.kind) if isinstance(part.kind, int) else None
    return mark is not None and part.content.startswith(mark)


def _segments(data: bytes) -> tuple[list[_Part], memoryview]:
    """The segments between start and end of the picture, and what stands behind its end."""
    if not data.startswith(b"\xff\xd8"):
        raise ValueError("it does not start as a picture")
    parts: list[_Part] = []
    view = memoryview(data)
    at = _marker(data, 2)
    while at is not None and at[1][0] != _END:
        marker, start = at[1][0], at.end()
        if marker in _ALONE:  # a restart belongs to a scan, and means nothing elsewhere
            at = _marker(data, start)
            continue
        length = int.from_bytes(data[start : start + 2], "big")
        end = until = start + length
        if length < 2 or end > len(data):
            raise ValueError("it is broken off")
        at = _marker(data, end)
        if marker == _SCAN:
            while at is not None and at[1][0] in _ALONE:
                at = _marker(data, at.end())
            until = len(data) if at is None else at.start()
        parts.append(_Part(marker, view[start - 2 : until], data[start + 2 : end]))
    if at is None and not (parts and parts[-1].kind == _SCAN):
        raise ValueError("it is broken off")
    return parts, view[len(data) if at is None else at.end() :]


def _marker(data: bytes, start: int) -> re.Match[bytes] | None:
    """The next marker from ``start`` on."""
    for begin in range(start, len(data), _STRETCH):
        if found := _MARKER.search(data, begin, begin + _STRETCH + 1):  # one may lie across the end
            return found
    return None


# PNG ----------------------------------------------------------------------------------------------------------------


def _png(data: bytes, exif: Exif | None, position_known: bool) -> bytes:
    parts = list(_chunks(data))
    size = len(PNG_MARK) + sum(len(part.whole) for part in parts)
    known = _PNG_PICTURE | {b"eXIf"} if position_known else _PNG_PICTURE
    if size == len(data) and all(part.kind in known for part in parts):
        return data
    fields = _known_fields(exif).removeprefix(_EXIF_MARK)
    described = [_chunk(b"eXIf", fields)] if fields else []
    kept = [part.whole for part in parts if part.kind in _PNG_PICTURE]
    return b"".join([PNG_MARK, *kept[:1], *described, *kept[1:]])


def _chunks(data: bytes) -> Iterator[_Part]:
    """The chunks up to the end of the picture."""
    at, view = len(PNG_MARK), memoryview(data)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data):
            break
        yield _Part(kind, view[at:end], b"")
        if kind == b"IEND":
            return
        at = end
    raise ValueError("it is broken off")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
