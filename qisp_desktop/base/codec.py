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

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from typing import Any, TypeVar, cast

from qisp_desktop.base import canonical
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.i18n import N_, _

T = TypeVar("T")
Coder = Callable[[Any], Any]

SPARED: Mapping[str, bool] = types.MappingProxyType({"spared": True})
_SOURCE = "_source"
_NOTHING = object()
LONGEST_DECIMAL = 40
"""Characters of a written decimal, at most."""
KNOWN_DECIMALS = 8192
LARGEST_INTEGER = 2**53 - 1
"""Whole numbers lie within what every JSON reader and database holds exactly."""
_KINDS: dict[type, str] = {
    str: N_("a string"),
    int: N_("a whole number"),
    bool: N_("true or false"),
    list: N_("an array"),
    dict: N_("an object"),
    type(None): N_("null"),
}
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", re.ASCII)


class CodecError(ValueError):
    """A document does not fit its class; ``path`` says where, such as ``sheets[3].items[0].points``."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.path = ""

    def inside(self, step: str) -> CodecError:
        """The same error, seen from one level further out."""
        self.path = step + ("." if self.path and not self.path.startswith("[") else "") + self.path
        return self

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


def encode(value: object) -> Any:
    """``value`` (a frozen dataclass) as JSON-able dict, list, str, int, bool, None."""
    kind: Any = type(value)
    return _encoder(kind)(value)


def decode(cls: type[T], document: object) -> T:
    """A ``cls`` from a parsed JSON document; raises CodecError with the exact place.

    The document must not be changed afterwards: a Remembered record writes it again.
    """
    kind: Any = cls
    return cast(T, _decoder(kind)(document))


def to_bytes(value: object) -> bytes:
    """The canonical bytes of a frozen dataclass."""
    return value.canonical_bytes if isinstance(value, Remembered) else canonical.write(encode(value))


def from_bytes(cls: type[T], data: bytes) -> T:
    """A ``cls`` from its canonical bytes; raises CodecError for any other bytes."""
    try:
        document = canonical.loads_typed(data)
    except canonical.CanonicalError as error:
        raise CodecError(str(error)) from error
    return _remembering(decode(cls, document), data)


def from_own_bytes(cls: type[T], data: bytes) -> T:
    """As ``from_bytes``, for bytes that ``to_bytes`` made and whose digest the caller has just checked: that they are
    canonical needs no second look."""
    try:
        document = canonical.read_typed(data)
    except canonical.CanonicalError as error:
        raise CodecError(str(error)) from error
    return _remembering(decode(cls, document), data)


def _remembering(value: T, data: bytes) -> T:
    if isinstance(value, Remembered):
        vars(value).pop(_SOURCE, None)
        vars(value)["canonical_bytes"] = data
    return value


def digest_of(value: object) -> str:
    """SHA-256 of the canonical bytes of a frozen dataclass."""
    return sha256(to_bytes(value))


class Remembered:
    """Base of records whose bytes and digest are asked for again and again, such as signed sheets.

    A record that was read remembers the document it came from: reading is strict, so writing that document again gives
    the record's own bytes, without encoding it.
    """

    @cached_property
    def canonical_bytes(self) -> bytes:
        """The canonical bytes of the record."""
        document = vars(self).pop(_SOURCE, None)
        return canonical.write(encode(self) if document is None else document)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes; names this content of this revision."""
        return sha256(self.canonical_bytes)


# Decimals ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def decimal_text(value: Decimal) -> str:
    """The one written form of a decimal: no exponent, no trailing zeros, no ``-0``.

    Raises CodecError for NaN, infinities and what takes more than LONGEST_DECIMAL characters.
    """
    if not value.is_finite():
        raise CodecError(_("not a finite decimal"))
    if not value:
        return "0"
    # Before it is written out: 1E999999999 would fill the memory.
    if max(value.adjusted(), -int(value.as_tuple().exponent)) > LONGEST_DECIMAL:
        raise CodecError(_("a decimal of more than {most} characters").format(most=LONGEST_DECIMAL))
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if len(text) > LONGEST_DECIMAL:
        raise CodecError(_("a decimal of more than {most} characters").format(most=LONGEST_DECIMAL))
    return text


_KNOWN_DECIMALS: dict[Any, Decimal] = {}
"""Points come from a short scale, so nearly every decimal was read before."""


def _decimal(value: Any) -> Decimal:
    try:
        return _KNOWN_DECIMALS[value]
    except (KeyError, TypeError):  # TypeError: a list or object stands where a decimal should
        pass
    if value.__class__ is not str:
        raise _expected(str, value)
    # The pattern first: written out, 1E999999999 would fill the memory.
    if len(value) > LONGEST_DECIMAL or not _DECIMAL.fullmatch(value) or value == "-0":
        raise CodecError(_("{text} is not a decimal such as 3.5").format(text=_shown(value)))
    if len(_KNOWN_DECIMALS) >= KNOWN_DECIMALS:
        _KNOWN_DECIMALS.clear()
    return _KNOWN_DECIMALS.setdefault(value, Decimal(value))


# Encoders ---------------------------------------------------------------------------------------------------------


def _same(value: Any) -> Any:
    return value


def _datetime_text(value: datetime) -> str:
    if value.tzinfo is None:
        raise CodecError(_("a time without time zone"))
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


@cache
def _encoder(tp: Any) -> Coder:
    origin, arguments = typing.get_origin(tp), typing.get_args(tp)
    if tp in (str, bool, type(None)):
        return _same
    if tp is int:
        return _integer
    if tp is Decimal:
        return decimal_text
    if tp is datetime:
        return _datetime_text
    if tp is date:
        return date.isoformat
    if isinstance(tp, type) and issubclass(tp, StrEnum):
        return str
    if origin is tuple:
        item = _encoder(arguments[0])
        return list if item is _same else lambda value: [item(one) for one in value]
    if origin is Mapping:
        item = _encoder(arguments[1])
        return lambda value: {key: item(one) for key, one in value.items()}
    if origin in (typing.Union, types.UnionType):
        inner = _encoder(_optional(arguments))
        return lambda value: None if value is None else inner(value)
    if dataclasses.is_dataclass(tp):
        fields = _fields(tp, _encoder)
        if spared := _spared(tp):
            return lambda value: {
                name: coder(part)
                for name, coder in fields
                if (part := getattr(value, name)) != spared.get(name, _NOTHING)
            }
        return lambda value: {name: coder(getattr(value, name)) for name, coder in fields}
    raise TypeError(f"no codec for {tp!r}")


# Decoders ---------------------------------------------------------------------------------------------------------


def _exactly(kind: type) -> Coder:
    def decode_scalar(value: Any) -> Any:
        if value.__class__ is not kind:
            raise _expected(kind, value)
        return value

    return decode_scalar


def _integer(value: Any) -> Any:
    """Both ways: what could not be read again is not written either."""
    if value.__class__ is not int:
        raise _expected(int, value)
    if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        raise CodecError(_("a whole number beyond {largest}").format(largest=LARGEST_INTEGER))
    return value


def _expected(kind: type, value: Any) -> CodecError:
    found = _KINDS.get(type(value), N_("something else"))
    return CodecError(_("expected {kind}, found {found}").format(kind=_(_KINDS[kind]), found=_(found)))


def _from_text(parse: Callable[[str], Any]) -> Coder:
    def decode_text(value: Any) -> Any:
        if value.__class__ is not str:
            raise _expected(str, value)
        return parse(value)

    return decode_text


def _date(text: str) -> date:
    try:
        value = date.fromisoformat(text)
    except ValueError:
        value = None
    if value is None or value.isoformat() != text:
        raise CodecError(_("{text} is not a date such as 2026-07-01").format(text=_shown(text)))
    return value


def _datetime(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
        fits = _datetime_text(value) == text
    except (ValueError, OverflowError):
        fits = False
    if not fits:
        raise CodecError(_("{text} is not a UTC time such as 2026-07-01T08:30:00Z").format(text=_shown(text)))
    return value


def _shown(text: str) -> str:
    return repr(text[:LONGEST_DECIMAL])


def _enum(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    members = {member.value: member for member in kind}

    def parse(text: str) -> StrEnum:
        member = members.get(text)
        if member is None:
            raise CodecError(_("{text} is not one of {members}").format(text=_shown(text), members=", ".join(members)))
        return member

    return parse


def _tuple(item: Coder) -> Coder:
    def decode_tuple(value: Any) -> Any:
        if value.__class__ is not list:
            raise _expected(list, value)
        if not value:
            return ()
        try:
            return tuple([item(one) for one in value])
        except CodecError:
            raise _first_failure(item, value) from None

    return decode_tuple


def _first_failure(item: Coder, values: list[Any]) -> CodecError:
    """The error of the first value that cannot be decoded, with its place; found again only when there is one."""
    for n, one in enumerate(values):
        try:
            item(one)
        except CodecError as error:
            return error.inside(f"[{n}]")
    raise RuntimeError("decoding failed only once")


def _mapping(item: Coder) -> Coder:
    def decode_mapping(value: Any) -> Any:
        if value.__class__ is not dict:
            raise _expected(dict, value)
        done: dict[str, Any] = {}
        key = ""
        try:
            for key, one in value.items():
                done[key] = item(one)
        except CodecError as error:
            raise error.inside(key) from None
        return done

    return decode_mapping


def _record(cls: Any) -> Coder:
    fields = _fields(cls, _decoder)
    names = frozenset(name for name, _ in fields)

    remembers = issubclass(cls, Remembered)
    # A frozen dataclass sets its fields one by one through object.__setattr__; where nothing is checked then, they
    # can be put in at once, which is a third of the time of reading a score sheet.
    plain = not hasattr(cls, "__post_init__") and not hasattr(cls, "__slots__")
    new = cls.__new__

    def decode_record(value: Any) -> Any:
        if value.__class__ is not dict or value.keys() != names:
            raise _misfit(value, names)
        try:
            if plain:
                record = new(cls)
                vars(record).update({name: coder(value[name]) for name, coder in fields})
            else:
                record = cls(*[coder(value[name]) for name, coder in fields])
        except CodecError:
            raise _first_field_failure(fields, value) from None
        except ValueError as error:
            raise CodecError(str(error)) from error
        if remembers:
            vars(record)[_SOURCE] = value
        return record

    return _completed(cls, decode_record) if _spared(cls) else decode_record


def _completed(cls: Any, decode_record: Coder) -> Coder:
    """Decodes a ``cls`` whose spared fields are absent just where they are as ever: one content has one form."""
    encoders = dict(_fields(cls, _encoder))
    absent = {name: encoders[name](default) for name, default in _spared(cls).items()}

    def decode_completed(value: Any) -> Any:
        if value.__class__ is not dict:
            raise _expected(dict, value)
        for name, default in absent.items():
            if value.get(name, _NOTHING) == default:
                raise CodecError(_("unknown field")).inside(name)
        record = decode_record(absent | value)
        if isinstance(record, Remembered):
            vars(record)[_SOURCE] = value
        return record

    return decode_completed


def _spared(cls: Any) -> dict[str, Any]:
    return {field.name: field.default for field in dataclasses.fields(cls) if SPARED.items() <= field.metadata.items()}


def _misfit(value: Any, names: frozenset[str]) -> CodecError:
    if value.__class__ is not dict:
        return _expected(dict, value)
    unknown, missing = sorted(value.keys() - names), sorted(names - value.keys())
    if unknown:
        return CodecError(_("unknown field")).inside(unknown[0][:LONGEST_DECIMAL])
    return CodecError(_("missing field {name}").format(name=_shown(missing[0])))


def _first_field_failure(fields: tuple[tuple[str, Coder], ...], value: dict[str, Any]) -> CodecError:
    for name, coder in fields:
        try:
            coder(value[name])
        except CodecError as error:
            return error.inside(name)
    raise RuntimeError("decoding failed only once")


@cache
def _decoder(tp: Any) -> Coder:
    origin, arguments = typing.get_origin(tp), typing.get_args(tp)
    if tp in (str, bool):
        return _exactly(tp)
    if tp is int:
        return _integer
    if tp is Decimal:
        return _decimal
    if tp is datetime:
        return _from_text(_datetime)
    if tp is date:
        return _from_text(_date)
    if isinstance(tp, type) and issubclass(tp, StrEnum):
        return _from_text(_enum(tp))
    if origin is tuple:
        return _tuple(_decoder(arguments[0]))
    if origin is Mapping:
        return _mapping(_decoder(arguments[1]))
    if origin in (typing.Union, types.UnionType):
        inner = _decoder(_optional(arguments))
        return lambda value: None if value is None else inner(value)
    if dataclasses.is_dataclass(tp):
        return _record(tp)
    raise TypeError(f"no codec for {tp!r}")


def _optional(arguments: tuple[Any, ...]) -> Any:
    kinds = [argument for argument in arguments if argument is not type(None)]
    if len(kinds) != 1 or len(arguments) != 2:
        raise TypeError(f"only T | None has a codec, not {arguments!r}")
    return kinds[0]


def _fields(cls: Any, coder: Callable[[Any], Coder]) -> tuple[tuple[str, Coder], ...]:
    hints = typing.get_type_hints(cls)
    return tuple((field.name, coder(hints[field.name])) for field in dataclasses.fields(cls))
