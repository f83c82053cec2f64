"""The bytes of a signed PDF: where its revisions end, and what lies in the gap of each signature.

Readers are lenient in different ways, and each leniency has hidden a change behind a valid signature. Papers come from
this program only, so that one plain form is enough: classic cross-reference tables, one after each revision, nothing
after the last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LARGEST_PAPER = 64 * 1024 * 1024
"""Bytes; nothing larger is read as a paper anywhere in the program."""
MOST_REVISIONS = 8
_SECTION = re.compile(
    rb"xref\n(?:\d{1,10} \d{1,10}\n(?:\d{10} \d{5} [fn] \n){1,100000}){1,10000}"
    rb"trailer\n(?P<trailer>[^#]{1,4000}?)startxref\n(?P<start>\d{1,10})\n%%EOF\n?",
)
_END = re.compile(rb"startxref\n(\d{1,10})\n%%EOF\n?\Z")
_PREVIOUS = re.compile(rb"/Prev (\d{1,10})\b")
_FORBIDDEN = (b"XRefStm", b"Encrypt")
_SEQUENCE = 0x30
_CONTENTS = re.compile(rb"<([0-9a-f]+)>")


class MalformedPaperError(ValueError):
    """The bytes are not those of a paper of this program."""


@dataclass(frozen=True)
class Revision:
    """One section of the file: its cross-reference table begins at ``xref``, the section ends before ``end``."""

    xref: int
    end: int


def revisions(pdf: bytes) -> list[Revision]:
    """The revisions of ``pdf`` from the oldest to the newest, which ends with the file.

    Raises MalformedPaperError for any other structure.
    """
    if len(pdf) > LARGEST_PAPER or not pdf.startswith(b"%PDF-1."):
        raise MalformedPaperError("not a paper, or too large")
    last = _END.search(pdf, max(0, len(pdf) - 64))
    if last is None:
        raise MalformedPaperError("something follows the end, or the end is missing")
    found: list[Revision] = []
    position: int | None = int(last[1])
    while position is not None:
        section = _SECTION.match(pdf, position)
        if section is None or int(section["start"]) != position:
            raise MalformedPaperError("a cross-reference table is not in its plain form")
        if any(word in section["trailer"] for word in _FORBIDDEN):
            raise MalformedPaperError("a cross-reference table is not in its plain form")
        expected_end = found[-1].xref if found else len(pdf)
        if section.end() > expected_end or (not found and section.end() != expected_end):
            raise MalformedPaperError("the revisions overlap")
        found.append(Revision(position, section.end()))
        position = _previous(section["trailer"])
        if len(found) > MOST_REVISIONS or (position is not None and position >= found[-1].xref):
            raise MalformedPaperError("the revisions are out of order")
    return found[::-1]


def _previous(trailer: bytes) -> int | None:
    matches = _PREVIOUS.findall(trailer)
    if len(matches) != trailer.count(b"/Prev") or len(matches) > 1:
        raise MalformedPaperError("a trailer is not in its plain form")
    return int(matches[0]) if matches else None


def signature_value(pdf: bytes, start: int, end: int) -> bytes:
    """The signature in the gap ``pdf[start:end]``: exactly one DER value in lower-case hex, followed by zeros only.

    Raises MalformedPaperError for another spelling; readers accept some, so that a file could be changed without
    notice.
    """
    gap = _CONTENTS.fullmatch(pdf, start, end)
    if gap is None or len(gap[1]) % 2:
        raise MalformedPaperError("the signature is not in lower-case hex")
    padded = bytes.fromhex(gap[1].decode("ascii"))
    tag, _content, length = _der_head(padded, 0, len(padded))
    _require_der(padded, length)
    if tag != _SEQUENCE or any(padded[length:]):
        raise MalformedPaperError("the signature is not one DER value with zeros behind it")
    return padded[:length]


def _require_der(data: bytes, end: int) -> None:
    """Refuse ``data[:end]`` unless it and all values in it have lengths as DER wants them: definite and shortest."""
    open_values = [(0, end)]
    while open_values:
        start, end = open_values.pop()
        while start < end:
            tag, content, after = _der_head(data, start, end)
            if tag & 0x20:
                open_values.append((content, after))
            start = after


def _der_head(data: bytes, start: int, end: int) -> tuple[int, int, int]:
    """The tag of the value at ``start``, where its content begins and where the value ends."""
    if start + 2 > end or data[start] & 0x1F == 0x1F:
        raise MalformedPaperError("not DER")
    tag, length, content = data[start], data[start + 1], start + 2
    if length & 0x80:
        size = length & 0x7F
        length = int.from_bytes(data[content : content + size], "big")
        if not 1 <= size <= 4 or data[content] == 0 or length < 0x80:
            raise MalformedPaperError("not DER")
        content += size
    if content + length > end:
        raise MalformedPaperError("not DER")
    return tag, content, content + length
