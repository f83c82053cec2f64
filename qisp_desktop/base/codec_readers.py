"""From documents to values; part of ``base.codec``.

Values of one type are read together, as a column: all sheets of a return, then all their items, then all points of
these. What is asked of each value is the same as if they were read one by one, but most of it is asked by a few calls
for the whole column, so that reading tens of thousands of scores stays cheap. A value that does not fit is looked for
only once a column is known to have one.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import chain, islice, repeat
from typing import Any

from qisp_desktop.base import canonical
from qisp_desktop.base.codec_forms import (
    LONGEST_DECIMAL,
    CodecError,
    expected,
    fields_of,
    optional,
    refuse_large,
    spared_fields,
    time_text,
)
from qisp_desktop.base.codec_writers import Remembered, writer_of
from qisp_desktop.base.i18n import _

Column = list[Any]
Reader = Callable[[Column], Column]
"""From the documents of some values to the values, in the same order; raises CodecError for the first that does not
fit. May return the documents themselves, where they are the values."""
Maker = Callable[[int, Sequence[Column]], Column]
"""From how many records, and a column of values for each field in their order, to the records."""

KNOWN_DECIMALS = 8192
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", re.ASCII)
_known_decimals: dict[Any, Decimal] = {}
"""Points come from a short scale, so nearly every decimal was read before."""


@cache
def reader_of(tp: Any, *, remembering: bool = True) -> Reader:
    """What reads values of type ``tp``; made once for each.

    With ``remembering`` a Remembered ``tp`` gets its bytes; those inside others get them always.
    """
    origin, arguments = typing.get_origin(tp), typing.get_args(tp)
    if tp in (str, bool):
        return _exactly(tp)
    if tp is int:
        return _integers
    if tp is Decimal:
        return _decimals
    if tp is datetime:
        return _each(_datetime)
    if tp is date:
        return _each(_date)
    if isinstance(tp, type) and issubclass(tp, StrEnum):
        return _each(_enum(tp))
    if origin is tuple:
        return _tuples(reader_of(arguments[0]))
    if origin is Mapping:
        return _mappings(reader_of(arguments[1]))
    if origin in (typing.Union, types.UnionType):
        return _optionals(reader_of(optional(arguments)))
    if dataclasses.is_dataclass(tp):
        return _records(tp, remembering)
    raise TypeError(f"no codec for {tp!r}")


# Single values ----------------------------------------------------------------------------------------------------


def _exactly(kind: type) -> Reader:
    def read(column: Column) -> Column:
        _require(kind, column)
        return column

    return read


def _require(kind: type, column: Column) -> None:
    if not {kind}.issuperset(map(type, column)):
        row = next(row for row, value in enumerate(column) if type(value) is not kind)
        raise expected(kind, column[row], row)


def _integers(column: Column) -> Column:
    _require(int, column)
    for row, value in enumerate(column):
        refuse_large(value, row)
    return column


def _each(parse: Callable[[str], Any]) -> Reader:
    """Reads strings by ``parse``, one by one."""

    def read(column: Column) -> Column:
        _require(str, column)
        values: Column = []
        try:
            for text in column:
                values.append(parse(text))
        except CodecError as error:
            raise error.in_row(len(values)) from None
        return values

    return read


def _decimals(column: Column) -> Column:
    try:
        return [_known_decimals[text] for text in column]
    except (KeyError, TypeError):  # TypeError: a list or an object stands where a decimal should
        return _each(_decimal)(column)


def _decimal(text: str) -> Decimal:
    # The pattern first: written out, 1E999999999 would fill the memory.
    if len(text) > LONGEST_DECIMAL or not _DECIMAL.fullmatch(text) or text == "-0":
        raise CodecError(_("{text} is not a decimal such as 3.5").format(text=_shown(text)))
    if len(_known_decimals) >= KNOWN_DECIMALS:
        _known_decimals.clear()
    return _known_decimals.setdefault(text, Decimal(text))


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
        fits = time_text(value) == text
    except (ValueError, OverflowError):
        fits = False
    if not fits:
        raise CodecError(_("{text} is not a UTC time such as 2026-07-01T08:30:00Z").format(text=_shown(text)))
    return value


def _enum(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    members = {member.value: member for member in kind}

    def parse(text: str) -> StrEnum:
        member = members.get(text)
        if member is None:
            raise CodecError(_("{text} is not one of {members}").format(text=_shown(text), members=", ".join(members)))
        return member

    return parse


def _shown(text: str) -> str:
    return repr(text[:LONGEST_DECIMAL])


# Values made of others --------------------------------------------------------------------------------------------


def _optionals(read_inner: Reader) -> Reader:
    def read(column: Column) -> Column:
        there = [value for value in column if value is not None]
        if len(there) == len(column):
            return read_inner(column)
        try:
            values = iter(read_inner(there))
        except CodecError as error:
            rows = [row for row, value in enumerate(column) if value is not None]
            raise error.in_row(rows[error.row]) from None
        return [None if value is None else next(values) for value in column]

    return read


def _tuples(read_item: Reader) -> Reader:
    def read(column: Column) -> Column:
        _require(list, column)
        items = list(chain.from_iterable(column))
        if not items:
            return [()] * len(column)
        try:
            values = iter(read_item(items))
        except CodecError as error:
            row, n = _place(column, error.row)
            raise error.inside(f"[{n}]", row) from None
        return [tuple(islice(values, len(array))) for array in column]

    return read


def _mappings(read_item: Reader) -> Reader:
    def read(column: Column) -> Column:
        _require(dict, column)
        items = list(chain.from_iterable(one.values() for one in column))
        try:
            values = iter(read_item(items))
        except CodecError as error:
            row, n = _place(column, error.row)
            raise error.inside(list(column[row])[n], row) from None
        return [dict(zip(one, islice(values, len(one)), strict=True)) for one in column]

    return read


def _place(containers: Iterable[Sized], position: int) -> tuple[int, int]:
    """Which container, and where in it, an item is that stands at ``position`` among the items of all."""
    for row, container in enumerate(containers):
        if position < len(container):
            return row, position
        position -= len(container)
    raise IndexError("there are fewer items")


def _records(cls: Any, remembering: bool) -> Reader:
    fields = fields_of(cls, reader_of)
    names = frozenset(name for name, _read in fields)
    complete, make = _completer(cls), _maker(cls)

    def read(column: Column) -> Column:
        _require(dict, column)
        objects = complete(column)
        if not {len(names)}.issuperset(map(len, objects)):
            raise _misfit(objects, names)
        try:
            documents = [[one[name] for one in objects] for name, _read in fields]
        except KeyError:
            raise _misfit(objects, names) from None
        parts: list[Column] = []
        for (name, read_field), part in zip(fields, documents, strict=True):
            try:
                parts.append(read_field(part))
            except CodecError as error:
                raise error.inside(name, error.row) from None
        records = make(len(column), parts)
        if remembering and issubclass(cls, Remembered):
            for record, data in zip(records, _written(column), strict=True):
                vars(record)["canonical_bytes"] = data
        return records

    return read


def _written(column: Column) -> list[bytes]:
    done: list[bytes] = []
    try:
        for document in column:
            done.append(canonical.write(document))
    except canonical.CanonicalError as error:
        raise CodecError(str(error), len(done)) from error
    return done


def _misfit(column: Column, names: frozenset[str]) -> CodecError:
    """The error of the first object that has not exactly the fields ``names``."""
    row = next(row for row, one in enumerate(column) if one.keys() != names)
    unknown, missing = sorted(column[row].keys() - names), sorted(names - column[row].keys())
    if unknown:
        return CodecError(_("unknown field"), row).inside(unknown[0][:LONGEST_DECIMAL])
    return CodecError(_("missing field {name}").format(name=_shown(missing[0])), row)


def _completer(cls: Any) -> Reader:
    """Fills in spared fields; one that is written must not be as ever, so that one content has one form."""
    writers = dict(fields_of(cls, writer_of))
    spared = {name: writers[name](default) for name, default in spared_fields(cls).items()}
    if not spared:
        return lambda column: column

    def complete(column: Column) -> Column:
        for row, one in enumerate(column):
            for name, default in spared.items():
                if name in one and one[name] == default:
                    raise CodecError(_("unknown field"), row).inside(name)
        return [spared | one for one in column]

    return complete


def _maker(cls: Any) -> Maker:
    names = tuple(field.name for field in dataclasses.fields(cls))
    slots = getattr(cls, "__slots__", None)
    if hasattr(cls, "__post_init__") or slots not in (None, names):
        return lambda count, parts: [_called(cls, row, values) for row, values in enumerate(_rows(count, parts))]

    # A frozen dataclass sets its fields one by one through object.__setattr__; where nothing is checked then, they
    # can be put in at once, which is most of the time of reading a score sheet.
    def make_with_dict(count: int, parts: Sequence[Column]) -> Column:
        records = list(map(cls.__new__, repeat(cls, count)))
        for record, values in zip(records, _rows(count, parts), strict=True):
            vars(record).update(zip(names, values, strict=True))
        return records

    def make_with_slots(count: int, parts: Sequence[Column]) -> Column:
        records = list(map(cls.__new__, repeat(cls, count)))
        for put_in, values in zip(put_ins, parts, strict=True):
            deque(map(put_in, records, values), maxlen=0)
        return records

    if slots is None:
        return make_with_dict
    put_ins = [getattr(cls, name).__set__ for name in names]
    return make_with_slots


def _rows(count: int, parts: Sequence[Column]) -> Iterable[tuple[Any, ...]]:
    return zip(*parts, strict=True) if parts else repeat((), count)


def _called(cls: Any, row: int, values: tuple[Any, ...]) -> Any:
    try:
        return cls(*values)
    except ValueError as error:
        raise CodecError(str(error), row) from error
