"""Photos are taken in as they are; what they show and say is read with care, because nobody vouches for them."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from qisp_desktop.base.errors import UserError
from qisp_desktop.services.photos import LARGEST_PHOTO, photo_of, photos_in, picture, read_photo

ORIENTATION, EXIF_IFD, TAKEN = 0x0112, 0x8769, 0x9003


def jpeg(*, orientation: int = 1, taken: str = "", size: tuple[int, int] = (640, 480)) -> bytes:
    """A photo, its left half red."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    if taken:
        exif.get_ifd(EXIF_IFD)[TAKEN] = taken
    stream = io.BytesIO()
    image.save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def png(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and holds almost nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def test_the_original_is_named_by_its_digest_size_and_the_cameras_own_time(tmp_path: Path) -> None:
    data = jpeg(taken="2026:07:03 09:42:10")
    (tmp_path / "IMG_1.JPG").write_bytes(data)

    photo, read = read_photo(tmp_path / "IMG_1.JPG")

    assert read == data
    assert (photo.name, photo.size, photo.taken) == ("IMG_1.JPG", len(data), "2026:07:03 09:42:10")
    assert photo.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(("orientation", "red"), [(1, (20, 120)), (3, (300, 120)), (6, (120, 20)), (8, (120, 300))])
def test_a_photo_is_shown_upright_however_the_camera_was_held(orientation: int, red: tuple[int, int]) -> None:
    shown = picture("a.jpg", jpeg(orientation=orientation), 320)

    assert (shown.width, shown.height) == ((320, 240) if orientation in (1, 3) else (240, 320))
    start = 3 * (red[1] * shown.width + red[0])
    r, g, b = shown.pixels[start : start + 3]
    assert r > 200
    assert max(g, b) < 80


def test_a_small_picture_is_not_blown_up() -> None:
    assert picture("a.jpg", jpeg(size=(40, 30))).width == 40


@pytest.mark.parametrize(
    "data",
    [b"", b"not a photo", jpeg()[:2000], png(30_000, 30_000), png(9_000, 9_000), png(10, 10), b"GIF89a" + bytes(40)],
    ids=["empty", "text", "broken off", "a billion pixels", "too many pixels", "no pixels", "GIF"],
)
def test_what_cannot_be_decoded_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(UserError, match=r"wall\.png"):
        photo_of("wall.png", data)
    with pytest.raises(UserError, match=r"wall\.png"):
        picture("wall.png", data)


def test_every_photo_that_broke_off_somewhere_is_refused_or_decodes_to_its_end() -> None:
    data = jpeg()
    for end in range(0, len(data) - 2, 97):
        with pytest.raises(UserError):
            photo_of("a.jpg", data[:end])


def test_a_damaged_exif_part_hinders_neither_the_photo_nor_its_picture() -> None:
    data = bytearray(jpeg(orientation=6, taken="2026:07:03 09:42:10"))
    start = data.index(b"Exif\0\0") + 6
    for place in range(start, start + 60):
        hurt = data.copy()
        hurt[place] ^= 0xFF
        photo, kept = photo_of("a.jpg", bytes(hurt))
        assert photo.size == len(kept)
        assert picture("a.jpg", bytes(hurt)).pixels


def test_a_file_that_is_too_large_or_gone_is_named(tmp_path: Path) -> None:
    large = tmp_path / "large.jpg"
    with large.open("wb") as stream:
        stream.truncate(LARGEST_PHOTO + 1)

    with pytest.raises(UserError, match=r"large\.jpg is not taken in"):
        read_photo(large)
    with pytest.raises(UserError, match=r"gone\.jpg could not be read"):
        read_photo(tmp_path / "gone.jpg")


def test_a_name_that_cannot_be_printed_is_cleaned() -> None:
    assert photo_of("a\nb\x07\udcff.jpg", jpeg())[0].name == "a b.jpg"
    assert photo_of("\x07", jpeg())[0].name == "photo"


def test_the_photos_of_a_folder_are_found_by_name_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.JPG", "a.png", ".hidden.jpg", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "folder.jpg").mkdir()

    assert [path.name for path in photos_in(tmp_path)] == ["a.png", "b.JPG"]
    with pytest.raises(UserError, match="not there"):
        photos_in(tmp_path / "gone")
