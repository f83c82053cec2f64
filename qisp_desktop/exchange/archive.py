"""Stored ZIP files in exactly one written form, so that nothing in them is left to a reader's leniency.

``zipfile`` writes them. Reading trusts nothing: every byte outside the members' content must be what the directory
entries imply (same headers on both places, no gaps, no overlaps, nothing before or behind). What is left to check
are the members' names, which each kind of file knows, and their content, which is checked when it is read.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

LARGEST = 0xFFFF_FFFE
"""Bytes of a file, at most: beyond this the format would need its ZIP64 extension, which is not used."""
MOST_MEMBERS = 20_000
LONGEST_NAME = 64

_MADE_BY = 3 << 8 | 20  # Unix, so that the permissions count; version 2.0
_NEEDED = 20
_MODE = 0o100600  # unpacked by stock tools, a key is at once as private as age and ssh want it
_DATE = (1980, 1, 1, 0, 0, 0)  # no clock: the earliest that the format knows
_DOS_DATE = 0 << 9 | 1 << 5 | 1
_LOCAL = struct.Struct("<4s5H3I2H")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


class ArchiveError(Exception):
    """A file is not an archive in this form; the text, for the log, says where it departs from it."""


@dataclass(frozen=True)
class Member:
    """A stored file: where its content lies in the archive, how long it is, its CRC-32."""

    name: str
    offset: int
    size: int
    crc: int


@contextmanager
def writing(stream: BinaryIO) -> Iterator[Callable[[str, bytes], None]]:
    """Make an archive of ``stream``: what the block adds as (name, content), in that order, then the directory."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:

        def add(name: str, content: bytes) -> None:
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = _MADE_BY >> 8
            info.external_attr = _MODE << 16
            archive.writestr(info, content)

        yield add


def read_directory(stream: BinaryIO, size: int) -> list[Member]:
    """The members of the archive in ``stream``, ``size`` bytes long; raises ArchiveError unless it is in the one form.

    Reads the directory and the headers only, at most some 5 MB.
    """
    directory_at, count = _read_end(stream, size)
    directory = _read(stream, directory_at, size - _END.size - directory_at)
    members: list[Member] = []
    position = offset = 0
    for _number in range(count):
        member, position = _read_entry(directory, position, offset)
        offset = member.offset + member.size
        if offset > directory_at:
            raise ArchiveError("the members are longer than the file")
        members.append(member)
    if position != len(directory) or offset != directory_at:
        raise ArchiveError("something lies between the members and the directory or behind them")
    if len({member.name for member in members}) != count:
        raise ArchiveError("two members have one name")
    for member in members:
        expected = _local_header(member)
        if _read(stream, member.offset - len(expected), len(expected)) != expected:
            raise ArchiveError(f"{member.name}: its header is not what the directory says")
    return members


def read_member(stream: BinaryIO, member: Member) -> bytes:
    """The content of a member; raises ArchiveError when it is not the one that was stored."""
    content = _read(stream, member.offset, member.size)
    if zlib.crc32(content) != member.crc:
        raise ArchiveError(f"{member.name}: its check sum is wrong")
    return content


def _read_end(stream: BinaryIO, size: int) -> tuple[int, int]:
    """Where the directory begins, and how many entries it has."""
    if not _END.size <= size <= LARGEST:
        raise ArchiveError("too short or too long")
    end = _read(stream, size - _END.size, _END.size)
    count, length, start = struct.unpack_from("<H2I", end, 10)
    if end != _END.pack(b"PK\5\6", 0, 0, count, count, length, start, 0):
        raise ArchiveError("it does not end with a directory")
    if count > MOST_MEMBERS or length > count * (_ENTRY.size + LONGEST_NAME):
        raise ArchiveError("too many members")
    if start + length + _END.size != size:
        raise ArchiveError("the directory does not lie where its end says")
    return start, count


def _read_entry(directory: bytes, position: int, offset: int) -> tuple[Member, int]:
    """The entry at ``position``, whose member must begin at ``offset``, and where the next entry begins."""
    header = directory[position : position + _ENTRY.size]
    if len(header) < _ENTRY.size:
        raise ArchiveError("the directory is cut off")
    crc, size = struct.unpack_from("<2I", header, 16)
    (length,) = struct.unpack_from("<H", header, 28)
    end = position + _ENTRY.size + length
    name = directory[position + _ENTRY.size : end]
    if not name.isascii() or not 0 < len(name) == length <= LONGEST_NAME:
        raise ArchiveError("a name is cut off, too long or not ASCII")
    member = Member(name.decode("ascii"), offset + _LOCAL.size + length, size, crc)
    if header != _entry_header(member, offset):
        raise ArchiveError(f"{member.name!r}: its entry has an unusual form")
    return member, end


def _entry_header(member: Member, offset: int) -> bytes:
    return _ENTRY.pack(
        b"PK\1\2", _MADE_BY, _NEEDED, 0, 0, 0, _DOS_DATE, member.crc, member.size, member.size,
        len(member.name), 0, 0, 0, 0, _MODE << 16, offset,
    )  # fmt: skip


def _local_header(member: Member) -> bytes:
    name = member.name.encode("ascii")
    return (
        _LOCAL.pack(
            b"PK\3\4", _NEEDED, 0, 0, 0, _DOS_DATE, member.crc, member.size, member.size, len(name), 0
        )
        + name
    )  # fmt: skip


def _read(stream: BinaryIO, offset: int, length: int) -> bytes:
    stream.seek(offset)
    data = stream.read(length)
    if len(data) != length:
        raise ArchiveError("it is cut off")
    return data
