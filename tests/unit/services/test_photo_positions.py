"""Where the round does not ask for it, no photo says where it was taken; its pixels stay what the camera wrote."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.inspection_draft import InspectionDraft, empty_inspection
from qisp_desktop.domain.score_sheet import Evidence
from qisp_desktop.services import assigning, importing, issuing, rounds, screening
from qisp_desktop.services.collecting import collect
from qisp_desktop.services.desk import Desk
from qisp_desktop.services.desk_editing import Entry, keep
from qisp_desktop.services.desk_inspecting import inspect
from qisp_desktop.services.desk_opening import open_package
from qisp_desktop.services.desk_signing import sign
from qisp_desktop.services.photo_positions import EXIF_IFD, GPS_IFD, ORIENTATION, PNG_MARK, without_position
from qisp_desktop.services.photos import photo_of
from qisp_desktop.services.round_options import options_of, set_photo_positions
from qisp_desktop.services.sample import ACCEPTED_ON, YEAR, sample_inspection, sample_round
from qisp_desktop.store.round_store import RoundStore

OFFICE = "only for the tests"
SECRET = b"22.5431 N, 114.0579 E"
"""Where it was taken, as one may find it anywhere in a file."""
TAKEN = "2026:07:03 09:42:10"


def picture(mode: str = "RGB") -> Image.Image:
    gradient = Image.linear_gradient("L").resize((96, 64))
    return Image.merge("RGB", (gradient, gradient.rotate(180), gradient)).convert(mode)


def exif(*, gps: bool = True) -> Image.Exif:
    made = Image.Exif()
    made[ORIENTATION] = 6
    made[0x010F] = "Maker"
    made.get_ifd(EXIF_IFD)[0x9003] = TAKEN
    made.get_ifd(EXIF_IFD)[0x927C] = b"a maker's own note " + SECRET
    if gps:
        made.get_ifd(GPS_IFD).update({1: "N", 2: (22.0, 32.0, 35.16), 29: SECRET.decode()})
    return made


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def with_segment(data: bytes, marker: int, content: bytes) -> bytes:
    return data[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + data[2:]


def camera() -> bytes:
    return saved(picture(), "JPEG", exif=exif(), icc_profile=b"a profile of colours", quality=90)


def with_xmp() -> bytes:
    return with_segment(saved(picture(), "JPEG"), 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + SECRET + b"</x>")


def with_iptc() -> bytes:
    return with_segment(saved(picture(), "JPEG"), 0xED, b"Photoshop 3.0\x008BIM" + SECRET)


def of_two_pictures() -> bytes:
    return saved(picture(), "MPO", save_all=True, append_images=[picture().rotate(90)], exif=exif())


def in_motion() -> bytes:
    return saved(picture(), "JPEG") + b"ftypmp42" + SECRET


def progressive() -> bytes:
    return saved(picture("CMYK"), "JPEG", exif=exif(), progressive=True, restart_marker_blocks=2)


def screen() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return saved(picture("P"), "PNG", pnginfo=notes, exif=exif(), transparency=3)


def png_with_tail() -> bytes:
    return saved(picture(), "PNG") + SECRET


SAMPLES = [camera, with_xmp, with_iptc, of_two_pictures, in_motion, progressive, screen, png_with_tail]


def pixels(data: bytes) -> tuple[str, bytes]:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image.mode, image.tobytes()


@pytest.mark.parametrize("sample", SAMPLES)
def test_nothing_in_the_file_tells_the_place_any_more_and_no_pixel_differs(sample: Callable[[], bytes]) -> None:
    data = sample()

    photo, kept = photo_of("IMG_1.jpg", data)

    assert SECRET in data or of_two_pictures is sample
    assert SECRET not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert GPS_IFD not in image.getexif()
        assert getattr(image, "n_frames", 1) == 1
    assert pixels(kept) == pixels(data)
    assert (photo.sha256, photo.size) == (hashlib.sha256(kept).hexdigest(), len(kept))
    assert photo.original == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("sample", [camera, screen, progressive])
def test_time_orientation_and_colours_stay(sample: Callable[[], bytes]) -> None:
    data = sample()

    photo, kept = photo_of("IMG_1.jpg", data)

    with Image.open(io.BytesIO(kept)) as image, Image.open(io.BytesIO(data)) as before:
        shown = image.getexif()
        assert (shown[ORIENTATION], shown[0x010F]) == (6, "Maker")
        assert shown.get_ifd(EXIF_IFD)[0x9003] == TAKEN == photo.taken
        for colours in ("icc_profile", "adobe_transform", "transparency", "gamma"):
            assert image.info.get(colours) == before.info.get(colours)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_round_that_asks_for_positions_gets_every_byte(sample: Callable[[], bytes]) -> None:
    data = sample()

    photo, kept = photo_of("IMG_1.jpg", data, positions=True)

    assert kept == data
    assert (photo.sha256, photo.original) == (hashlib.sha256(data).hexdigest(), "")


@pytest.mark.parametrize(
    "data",
    [
        saved(picture(), "JPEG", exif=exif(gps=False), icc_profile=b"profile"),
        saved(picture(), "JPEG", progressive=True) + bytes(100),
        saved(picture("L"), "PNG", exif=exif(gps=False)),
        saved(picture("RGBA"), "PNG"),
    ],
    ids=["jpeg", "padded", "png", "transparent"],
)
def test_a_photo_that_tells_no_place_is_kept_as_it_is(data: bytes) -> None:
    photo, kept = photo_of("IMG_1.jpg", data)

    assert kept is data
    assert photo.original == ""


def test_what_was_made_without_position_stays_as_it_is_when_taken_in_again() -> None:
    for sample in SAMPLES:
        _photo, kept = photo_of("IMG_1.jpg", sample())
        assert photo_of("IMG_1.jpg", kept)[1] is kept


def test_a_photo_whose_parts_cannot_be_told_apart_is_refused_with_a_word() -> None:
    hurt = with_segment(saved(picture(), "JPEG"), 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET)
    start = hurt.rindex(b"\xff\xda")
    unended = hurt[:start] + b"\xff\xed\x00\x00" + hurt[start:]

    with pytest.raises(UserError, match=r"IMG_1\.jpg"):
        photo_of("IMG_1.jpg", unended)
    with pytest.raises(ValueError, match="broken off"):
        without_position(unended, None)


def test_a_png_of_hostile_lengths_ends_in_a_word_or_a_picture() -> None:
    data = screen()
    for place in range(len(PNG_MARK), len(data) - 4, 7):
        hurt = bytearray(data)
        hurt[place] ^= 0x81
        try:
            _photo, kept = photo_of("a.png", bytes(hurt))
        except UserError:
            continue
        assert zlib.crc32(kept)
        assert SECRET not in kept


# ---------------------------------------------------------------------------------------------------- through the round


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A round with one expert to be issued a package, and that expert."""
    folder = tmp_path_factory.mktemp("round")
    sample = sample_round(2, 3, folder / "input")
    path = folder / "round.qround"
    rounds.new_round(path, year=YEAR, name="2026年度评价", passphrase=OFFICE)
    importing.import_applications(path, sample.applications_book, materials=sample.materials)
    importing.import_experts(path, sample.experts_book)
    screening.screen_round(path, accepted_on=ACCEPTED_ON)
    return path, assigning.assign(path, per_application=2).assignments[0].expert


def issue(path: Path, expert: str, out: Path) -> tuple[Path, str]:
    (one,) = issuing.issue_packages(path, out, passphrase=OFFICE, only=[expert], plain_letters=True)
    return one.package, one.letter.with_suffix(".txt").read_text("utf-8").splitlines()[0]


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """A camera card with one photo that says where it was taken."""
    folder = tmp_path / "DCIM"
    folder.mkdir()
    (folder / "IMG_0001.jpg").write_bytes(camera())
    return folder


def visit(desk: Desk, cards: Path) -> str:
    number = next(iter(desk.applications))
    inspect(desk, number, sample_inspection(desk.rubric) | {"findings": []}, cards)
    return number


@pytest.mark.parametrize("asked", [False, True])
def test_the_option_of_the_round_reaches_the_expert_and_decides_what_comes_back(
    planned: tuple[Path, str], tmp_path: Path, cards: Path, asked: bool
) -> None:
    path, expert = planned
    set_photo_positions(path, asked)
    package, passphrase = issue(path, expert, tmp_path / "out")

    with open_package(package, tmp_path / "E.qwork", passphrase) as desk:
        assert desk.records.photo_positions is asked
        visit(desk, cards)
        (photo,) = desk.inspections().popitem()[1].photos
        assert (SECRET in desk.store.blob(photo.sha256)) is asked
        returned = sign(desk, tmp_path / "returned", partial=True).package

    (verdict,) = collect(path, [returned], passphrase=OFFICE).files
    assert verdict.verdict == "accepted"
    assert photo.original == ("" if asked else hashlib.sha256(camera()).hexdigest())


def test_an_option_that_is_set_as_it_was_writes_nothing(planned: tuple[Path, str]) -> None:
    path, _expert = planned
    set_photo_positions(path, True)
    with RoundStore.open(path, actor="clerk") as store:
        head, options = store.audit_head(), options_of(store)

    assert set_photo_positions(path, True) == options
    with RoundStore.open(path, actor="clerk") as store:
        assert store.audit_head() == head


def test_a_later_issue_that_does_not_ask_any_more_takes_the_place_out_of_what_is_carried_over(
    planned: tuple[Path, str], tmp_path: Path
) -> None:
    path, expert = planned
    set_photo_positions(path, True)
    package, passphrase = issue(path, expert, tmp_path / "out")
    with open_package(package, tmp_path / "E.qwork", passphrase) as desk:
        number = next(iter(desk.applications))
        photo, data = photo_of("IMG_0001.jpg", camera(), positions=desk.records.photo_positions)
        desk.store.add_blob(data)
        begun = replace(empty_inspection(number, desk.rubric), photos=(photo,))
        draft = desk.draft_or_new(number)
        cited = replace(draft.items[0], evidence=(Evidence(photo.sha256, photo.name, 0),))
        keep(desk, {number: Entry(draft=replace(draft, items=(cited, *draft.items[1:])), visit=begun)})
    set_photo_positions(path, False)
    package, new = issue(path, expert, tmp_path / "again")

    with open_package(package, tmp_path / "E.qwork", new, old_passphrase=passphrase) as desk:
        (carried,) = desk.store.all(InspectionDraft)
        (after,) = carried.photos
        carried_draft = desk.draft(number)
        assert carried_draft is not None
        assert [one.sha256 for one in carried_draft.items[0].evidence] == [after.sha256]
        assert SECRET not in desk.store.blob(after.sha256)
    assert (after.original, after.taken) == (photo.sha256, photo.taken)


def test_a_lost_laptop_loses_no_photo_that_was_returned(planned: tuple[Path, str], tmp_path: Path, cards: Path) -> None:
    path, expert = planned
    package, passphrase = issue(path, expert, tmp_path / "out")
    with open_package(package, tmp_path / "E.qwork", passphrase) as desk:
        number = visit(desk, cards)
        returned = sign(desk, tmp_path / "returned", partial=True).package
    collect(path, [returned], passphrase=OFFICE)
    package, new = issue(path, expert, tmp_path / "again")

    with open_package(package, tmp_path / "new laptop.qwork", new) as desk:
        (photo,) = desk.inspections()[number].photos
        assert desk.store.has_blob(photo.sha256)
        inspect(desk, number, sample_inspection(desk.rubric) | {"findings": [], "received_by": "另一人"})
        second = sign(desk, tmp_path / "returned", partial=True).package

    assert collect(path, [second], passphrase=OFFICE).files[0].verdict == "accepted"


# ------------------------------------------------------------------------------------------------------ left out again


def test_a_photo_that_was_left_out_is_swept_when_the_desk_is_next_opened_and_no_other(
    planned: tuple[Path, str], tmp_path: Path
) -> None:
    path, expert = planned
    package, passphrase = issue(path, expert, tmp_path / "out")
    with open_package(package, tmp_path / "E.qwork", passphrase) as desk:
        number = next(iter(desk.applications))
        (kept, data), (left, other) = photo_of("a.jpg", camera()), photo_of("b.jpg", saved(picture(), "PNG"))
        for content in (data, other):
            desk.store.add_blob(content)
        begun = replace(empty_inspection(number, desk.rubric), photos=(kept, left))
        keep(desk, {number: Entry(visit=begun)})
        keep(desk, {number: Entry(visit=replace(begun, photos=(kept,)))})
        assert desk.store.has_blob(left.sha256)  # undo may bring it back

    with Desk.open(tmp_path / "E.qwork", passphrase) as desk:
        assert not desk.store.has_blob(left.sha256)
        assert desk.store.blob(kept.sha256) == data


def test_signed_papers_and_their_photos_outlive_the_sweep(
    planned: tuple[Path, str], tmp_path: Path, cards: Path
) -> None:
    path, expert = planned
    package, passphrase = issue(path, expert, tmp_path / "out")
    with open_package(package, tmp_path / "E.qwork", passphrase) as desk:
        visit(desk, cards)
        sign(desk, tmp_path / "returned", partial=True)
        before = sorted((tmp_path / "E.qwork" / "blobs").iterdir())

    with Desk.open(tmp_path / "E.qwork", passphrase):
        assert sorted((tmp_path / "E.qwork" / "blobs").iterdir()) == before
