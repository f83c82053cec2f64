"""Files of parts exist in exactly one form, whatever a ZIP could also say."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.exchange.archive import MOST_MEMBERS, ArchiveError, read_directory, read_member
from tests.unit.exchange.samples import make_archive

NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789_./", min_size=1, max_size=20)
GOOD = make_archive([("one", b"first"), ("two", b""), ("three", b"third" * 10)])


def read(data: bytes) -> dict[str, bytes]:
    """All members, strictly read."""
    stream = io.BytesIO(data)
    members = read_directory(stream, len(data))
    return {member.name: read_member(stream, member) for member in members}


def zipped(make: Callable[[zipfile.ZipFile], None], *, prefix: bytes = b"") -> bytes:
    """A ZIP by the stock library, made in ways that this program does not use."""
    stream = io.BytesIO(prefix)
    stream.seek(0, io.SEEK_END)
    with zipfile.ZipFile(stream, "w") as archive:
        make(archive)
    return stream.getvalue()


def plain(name: str) -> zipfile.ZipInfo:
    """The headers that this program writes."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.create_system = 3
    info.external_attr = 0o100600 << 16
    return info


@given(st.dictionaries(NAMES, st.binary(max_size=300), max_size=5))
def test_what_is_written_is_read_and_stock_tools_read_the_same(members: dict[str, bytes]) -> None:
    data = make_archive(members.items())
    assert read(data) == members
    assert make_archive(members.items()) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == list(members)


def test_unpacked_by_stock_tools_the_parts_are_private() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o100600}


def test_the_same_members_made_with_the_same_headers_by_the_stock_library_are_the_same_file() -> None:
    made = zipped(lambda archive: [archive.writestr(plain(n), c) for n, c in read(GOOD).items()])  # type: ignore[arg-type,func-returns-value]
    assert made == GOOD


def test_no_byte_can_change_without_being_noticed() -> None:
    for position in range(len(GOOD)):
        for bit in range(8):
            changed = bytearray(GOOD)
            changed[position] ^= 1 << bit
            try:
                found = read(bytes(changed))
            except ArchiveError:
                continue
            # A name may differ: names are checked by whoever knows which ones belong there.
            assert list(found.values()) == list(read(GOOD).values())
            assert list(found) != list(read(GOOD))


def test_no_byte_can_be_missing_or_too_many() -> None:
    for length in range(len(GOOD)):
        with pytest.raises(ArchiveError):
            read(GOOD[:length])
        with pytest.raises(ArchiveError):
            read(GOOD[:length] + b"\0" + GOOD[length:])
    for junk in (b"\0", b"junk" * 100, GOOD):
        with pytest.raises(ArchiveError):
            read(GOOD + junk)
        with pytest.raises(ArchiveError):
            read(junk + GOOD)


def compressed(archive: zipfile.ZipFile) -> None:
    archive.writestr(plain("bomb"), bytes(1 << 20), zipfile.ZIP_DEFLATED)


def commented(archive: zipfile.ZipFile) -> None:
    archive.comment = b"hello"
    archive.writestr(plain("one"), b"")


def member_comment(archive: zipfile.ZipFile) -> None:
    info = plain("one")
    info.comment = b"hello"
    archive.writestr(info, b"")


def extra_field(archive: zipfile.ZipFile) -> None:
    info = plain("one")
    info.extra = struct.pack("<HH4s", 0x7075, 4, b"abcd")
    archive.writestr(info, b"")


def zip64(archive: zipfile.ZipFile) -> None:
    with archive.open(plain("one"), "w", force_zip64=True) as member:
        member.write(b"first")


def dated(archive: zipfile.ZipFile) -> None:
    info = plain("one")
    info.date_time = (2026, 7, 1, 8, 0, 0)
    archive.writestr(info, b"")


def symbolic_link(archive: zipfile.ZipFile) -> None:
    info = plain("one")
    info.external_attr = 0o120777 << 16
    archive.writestr(info, b"/etc/passwd")


def folder(archive: zipfile.ZipFile) -> None:
    archive.mkdir("blobs")


def chinese(archive: zipfile.ZipFile) -> None:
    archive.writestr(plain("材料"), b"")


def nameless(archive: zipfile.ZipFile) -> None:
    archive.writestr(plain(""), b"")


def long_name(archive: zipfile.ZipFile) -> None:
    archive.writestr(plain("n" * 65), b"")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused() -> None:
    with pytest.raises(ArchiveError, match="one name"):
        read(make_archive([("one", b"first"), ("one", b"second")]))


@pytest.mark.parametrize(
    "make",
    [
        compressed, commented, member_comment, extra_field, zip64, dated, symbolic_link, folder, chinese, nameless,
        long_name,
    ],
)  # fmt: skip
def test_what_a_zip_could_also_be_is_refused(make: Callable[[zipfile.ZipFile], None]) -> None:
    with pytest.raises(ArchiveError):
        read(zipped(make))


def test_an_archive_behind_other_content_is_refused() -> None:
    with pytest.raises(ArchiveError):
        read(zipped(lambda archive: archive.writestr(plain("one"), b"first"), prefix=b"#!/bin/sh\n"))


def test_a_member_whose_size_lies_is_refused() -> None:
    # Both sizes in both headers say 4 GB; the directory would then have to lie behind the end of the file.
    lying = GOOD.replace(struct.pack("<2I", 5, 5), struct.pack("<2I", 0xFFFFFFFF, 0xFFFFFFFF))
    with pytest.raises(ArchiveError):
        read(lying)


def test_members_that_overlap_are_refused() -> None:
    # The second entry of the directory points to the first member again.
    one = make_archive([("one", b"first")])
    local_length = 30 + 3 + 5
    entry = one[local_length:-22]
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 2, 2, 2 * len(entry), local_length, 0)
    with pytest.raises(ArchiveError):
        read(one[:local_length] + entry + entry + end)


def test_a_directory_that_claims_millions_of_members_is_refused_unread() -> None:
    for count in (MOST_MEMBERS + 1, 0xFFFF):
        end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, 0xFFFF_0000, 0, 0)
        with pytest.raises(ArchiveError, match="too many"):
            read(end)
    with pytest.raises(ArchiveError, match="too many"):
        read(struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, 0xFFFF_0000, 0, 0))


def test_a_directory_cut_off_within_an_entry_is_refused() -> None:
    directory = b"PK\1\2"
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(directory), 0, 0)
    with pytest.raises(ArchiveError, match="cut off"):
        read(directory + end)


def test_an_archive_of_more_than_four_gigabytes_is_refused_unread() -> None:
    with pytest.raises(ArchiveError, match="too long"):
        read_directory(io.BytesIO(GOOD), 1 << 32)
