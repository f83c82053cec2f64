"""Photos on papers: upright, in plain colours, harmless, whatever a camera or an attacker wrote."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from qisp_desktop.documents.photos import LONGEST_SIDE, PrintablePhoto, UnusablePhotoError, printable_photo
from tests.unit.documents.paper_samples import make_photo

ORIENTATION = 0x0112
UPRIGHT = (1, 2, 3, 4, 5, 6, 7, 8)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    output = io.BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def opened(photo: PrintablePhoto) -> Image.Image:
    image = Image.open(io.BytesIO(photo.jpeg))
    image.load()
    return image


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    """Red, green and blue, each from 0 to 255."""
    colour = image.convert("RGB").getpixel((x, y))
    assert isinstance(colour, tuple)
    return colour


def test_a_photo_is_scaled_to_what_a_page_needs() -> None:
    photo = printable_photo(make_photo(size=(4000, 3000)))
    assert (photo.width, photo.height) == (LONGEST_SIDE, LONGEST_SIDE * 3 // 4)
    assert opened(photo).size == (photo.width, photo.height)


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_the_orientation_that_the_camera_noted_is_applied(orientation: int) -> None:
    turned = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    upright = Image.open(io.BytesIO(make_photo("black", quality=95)))
    image = upright.transpose(turned[orientation]) if orientation in turned else upright
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    photo = opened(printable_photo(saved(image, "JPEG", exif=exif, quality=95)))
    if orientation in (1, *turned):
        assert photo.size == (640, 480)
        assert pixel(photo, 320, 60)[0] > 200  # white above, black below
        assert pixel(photo, 320, 420)[0] < 60
    assert ORIENTATION not in photo.getexif()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_a_png_of_any_mode_is_shown(mode: str) -> None:
    image = Image.new(mode, (40, 30), 0)
    photo = opened(printable_photo(saved(image, "PNG")))
    assert photo.mode in ("L", "RGB")
    assert photo.size == (40, 30)


def test_sixteen_bits_are_scaled_and_not_cut_off() -> None:
    middle = opened(printable_photo(saved(Image.new("I;16", (8, 8), 32768), "PNG")))
    assert abs(pixel(middle, 4, 4)[0] - 128) < 4


def test_cmyk_becomes_plain_colours() -> None:
    red = opened(printable_photo(saved(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG", quality=95)))
    assert red.mode == "RGB"
    strong, *weak = pixel(red, 8, 8)
    assert strong > 200
    assert max(weak) < 80


def test_what_is_transparent_is_white_on_paper() -> None:
    photo = opened(printable_photo(saved(Image.new("RGBA", (16, 16), (0, 0, 0, 0)), "PNG")))
    assert min(pixel(photo, 8, 8)) > 250


def test_the_position_of_the_camera_stays_behind() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (22.0, 32.0, 0.0)
    exif[0x010E] = "secret description"
    photo = printable_photo(saved(Image.new("RGB", (16, 16)), "JPEG", exif=exif))
    assert b"Exif" not in photo.jpeg
    assert b"secret" not in photo.jpeg


@pytest.mark.parametrize("cut", [0, 10, 200, 700])
def test_a_damaged_photo_is_refused_with_a_word(cut: int) -> None:
    with pytest.raises(UnusablePhotoError, match="damaged"):
        printable_photo(make_photo()[:cut])


@pytest.mark.parametrize("data", [b"GIF89a" + b"\0" * 50, b"%PDF-1.4", b"<svg/>", b"\x89PNG\r\n\x1a\n" + b"\xff" * 99])
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(UnusablePhotoError):
        printable_photo(data)


def test_an_image_that_claims_to_be_huge_is_refused_unread() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    png = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(UnusablePhotoError, match="too many pixels"):
        printable_photo(png)
