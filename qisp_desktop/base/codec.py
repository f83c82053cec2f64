"""The one codec between frozen dataclasses and canonical JSON.

``encode``/``to_bytes`` write every field, ``decode``/``from_bytes`` want every field and no other, each of exactly its
type. A codec function is built once per class from the type hints, so that there is no second set of classes to
keep in step and reading thousands of score sheets stays cheap.

=====================  =======================================================
Python                 JSON
=====================  =======================================================
str, int, bool         the same
Decimal                string without exponent or trailing zeros (``"3.5"``)
date                   ``"2026-07-01"``
datetime (UTC)         ``"2026-07-01T08:30:00Z"``, microseconds only if not 0
StrEnum                its value
tuple[T, ...]          array
Mapping[str, T]        object
T | None               the value or null
frozen dataclass       object with exactly the fields
=====================  =======================================================

A field that came later, ``field(default=…, metadata=SPARED)``, is written only where it differs from its default, so
that what was written before it came has the same bytes and digest as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from qisp_desktop.base import canonical
from qisp_desktop.base.codec_forms import LARGEST_INTEGER, LONGEST_DECIMAL, SPARED, CodecError, decimal_text
from qisp_desktop.base.codec_readers import reader_of
from qisp_desktop.base.codec_writers import Remembered, digest_of, encode, to_bytes

__all__ = [
    "LARGEST_INTEGER",
    "LONGEST_DECIMAL",
    "SPARED",
    "CodecError",
    "Remembered",
    "all_from_own_bytes",
    "decimal_text",
    "decode",
    "digest_of",
    "encode",
    "from_bytes",
    "from_own_bytes",
    "to_bytes",
]

T = TypeVar("T")

AT_A_TIME = 50
"""So many documents stay in the processor's cache while they are read; more at once would take half as long again."""


def decode(cls: type[T], document: object) -> T:
    """A ``cls`` from a parsed JSON document, which stays as it is; raises CodecError with the exact place."""
    kind: Any = cls
    value: T = reader_of(kind)([document])[0]
    return value


def from_bytes(cls: type[T], data: bytes) -> T:
    """A ``cls`` from its canonical bytes; raises CodecError for any other bytes."""
    return _read(cls, (data,), canonical.loads_typed)[0]


def from_own_bytes(cls: type[T], data: bytes) -> T:
    """As ``from_bytes``, for bytes that ``to_bytes`` made and whose digest the caller has just checked: that they are
    canonical needs no second look."""
    return all_from_own_bytes(cls, (data,))[0]


def all_from_own_bytes(cls: type[T], written: Sequence[bytes]) -> list[T]:
    """``from_own_bytes`` for many, faster; the ``row`` of a CodecError says which one it is about."""
    values: list[T] = []
    for start in range(0, len(written), AT_A_TIME):
        try:
            values += _read(cls, written[start : start + AT_A_TIME], canonical.read_typed)
        except CodecError as error:
            raise error.in_row(start + error.row) from None
    return values


def _read(cls: type[T], written: Sequence[bytes], parse: Callable[[bytes], object]) -> list[T]:
    documents: list[object] = []
    try:
        for data in written:
            documents.append(parse(data))
    except canonical.CanonicalError as error:
        raise CodecError(str(error), len(documents)) from error
    kind: Any = cls
    values: list[T] = reader_of(kind, remembering=False)(documents)
    if issubclass(cls, Remembered):
        for value, data in zip(values, written, strict=True):
            vars(value)["canonical_bytes"] = data
    return values
