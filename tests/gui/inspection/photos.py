"""Photos as cameras, phones and bad luck make them."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from PIL import Image

TAKEN = "2026:07:03 09:42:10"
PLACE = "22.5431 N, 114.0579 E"
GPS_IFD, _GPS_NOTE = 0x8825, 29
_ORIENTATION, _EXIF_IFD, _ORIGINAL_TIME = 0x0112, 0x8769, 0x9003


def photo(path: Path, *, colour: str = "steelblue", turned: bool = False, placed: bool = False) -> Path:
    """A landscape photo with the camera's time; ``turned`` when the camera was held upright, ``placed`` when it says
    where it was taken."""
    image = Image.new("RGB", (640, 480), colour)
    exif = Image.Exif()
    if turned:
        exif[_ORIENTATION] = 6
    exif.get_ifd(_EXIF_IFD)[_ORIGINAL_TIME] = TAKEN
    if placed:
        exif.get_ifd(GPS_IFD)[_GPS_NOTE] = PLACE
    image.save(path, exif=exif)
    return path


def broken(path: Path) -> Path:
    """A photo whose copying broke off."""
    whole = photo(path, colour="red").read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def huge(path: Path) -> Path:
    """A PNG that says it has 30,000 × 30,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b""))
    return path
