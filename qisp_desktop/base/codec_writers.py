"""From values to documents; part of ``base.codec``."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

from qisp_desktop.base import canonical
from qisp_desktop.base.codec_forms import (
    decimal_text,
    expected,
    fields_of,
    optional,
    refuse_large,
    spared_fields,
    time_text,
)
from qisp_desktop.base.digests import sha256

Writer = Callable[[Any], Any]
_NOTHING = object()


def encode(value: object) -> Any:
    """``value`` (a frozen dataclass) as JSON-able dict, list, str, int, bool, None."""
    kind: Any = type(value)
    return writer_of(kind)(value)


def to_bytes(value: object) -> bytes:
    """The canonical bytes of a frozen dataclass."""
    return value.canonical_bytes if isinstance(value, Remembered) else canonical.write(encode(value))


def digest_of(value: object) -> str:
    """SHA-256 of the canonical bytes of a frozen dataclass."""
    return sha256(to_bytes(value))


class Remembered:
    """Base of records whose bytes and digest are asked for again and again, such as signed sheets.

    A record that was read has its bytes from the document it came from: reading is strict, so writing that document
    again gives the record's own bytes, without encoding it.
    """

    @cached_property
    def canonical_bytes(self) -> bytes:
        """The canonical bytes of the record."""
        return canonical.write(encode(self))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes; names this content of this revision."""
        return sha256(self.canonical_bytes)


@cache
def writer_of(tp: Any) -> Writer:
    """What writes values of type ``tp``; made once for each."""
    origin, arguments = typing.get_origin(tp), typing.get_args(tp)
    if tp in (str, bool, type(None)):
        return _same
    if tp is int:
        return _integer
    if tp is Decimal:
        return decimal_text
    if tp is datetime:
        return time_text
    if tp is date:
        return date.isoformat
    if isinstance(tp, type) and issubclass(tp, StrEnum):
        return str
    if origin is tuple:
        item = writer_of(arguments[0])
        return list if item is _same else lambda value: [item(one) for one in value]
    if origin is Mapping:
        item = writer_of(arguments[1])
        return lambda value: {key: item(one) for key, one in value.items()}
    if origin in (typing.Union, types.UnionType):
        inner = writer_of(optional(arguments))
        return lambda value: None if value is None else inner(value)
    if dataclasses.is_dataclass(tp):
        return _record(tp)
    raise TypeError(f"no codec for {tp!r}")


def _same(value: Any) -> Any:
    return value


def _integer(value: Any) -> Any:
    """What could not be read again is not written either."""
    if type(value) is not int:
        raise expected(int, value)
    refuse_large(value)
    return value


def _record(cls: Any) -> Writer:
    fields = fields_of(cls, writer_of)
    if spared := spared_fields(cls):
        return lambda value: {
            name: write(part) for name, write in fields if (part := getattr(value, name)) != spared.get(name, _NOTHING)
        }
    return lambda value: {name: write(getattr(value, name)) for name, write in fields}
