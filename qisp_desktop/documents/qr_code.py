"""The code on every page that ties paper to data, drawn as vector squares.

zxing-cpp both writes and reads it: it is C++ (0.5 ms, where reportlab's own QR widget takes 50 ms of Python), and what
writes the codes is tested against what reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import zxingcpp

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.digests import is_sha256
from qisp_desktop.domain.score_sheet import ScoreSheet

SHEET_MARK = "QISP1"
_REVISION = re.compile("[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True)
class Bar:
    """A run of dark modules, in modules from the upper left corner."""

    x: int
    y: int
    length: int


@dataclass(frozen=True)
class Code:
    """A QR code as its dark runs; ``size`` modules on each side, without the quiet zone."""

    size: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class SheetCode:
    """What the code on a score sheet says; ``total`` as it is written."""

    round: str
    expert: str
    application: str
    revision: int
    total: str
    digest: str

    @staticmethod
    def looks_like(text: str) -> bool:
        """Whether ``text`` begins as the code of a score sheet does."""
        return text.startswith(f"{SHEET_MARK}|")

    @classmethod
    def parse(cls, text: str) -> SheetCode | None:
        """The parts of a code, or None for a text that is none."""
        match text.split("|"):
            case [mark, round_id, expert, application, revision, total, digest] if mark == SHEET_MARK:
                if _REVISION.fullmatch(revision) and is_sha256(digest):
                    return cls(round_id, expert, application, int(revision), total, digest)
        return None


def sheet_code(sheet: ScoreSheet) -> str:
    """What the code on a score sheet says: round, expert, application, revision, total and digest."""
    return "|".join(
        (
            SHEET_MARK,
            sheet.round,
            sheet.expert,
            sheet.application,
            str(sheet.revision),
            decimal_text(sheet.total),
            sheet.digest,
        )
    )


@lru_cache(maxsize=64)
def qr_code(text: str) -> Code:
    """``text`` as a QR code with medium error correction (15 % may be lost to a fold or a stain)."""
    image: Any = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(
        scale=1, add_quiet_zones=False
    )
    size = image.shape[0]
    pixels = bytes(memoryview(image))
    return Code(size, tuple(_bars(pixels, size)))


def _bars(pixels: bytes, size: int) -> Iterator[Bar]:
    for y in range(size):
        row = pixels[y * size : (y + 1) * size]
        start = row.find(0)
        while start >= 0:
            end = start
            while end < size and row[end] == 0:
                end += 1
            yield Bar(start, y, end - start)
            start = row.find(0, end)
