"""What reading and writing documents share: the written form of decimals and times, the fields of a class, the error.

Part of ``base.codec``, which is where others take these names from.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from qisp_desktop.base.i18n import N_, _

SPARED: Mapping[str, bool] = types.MappingProxyType({"spared": True})
LONGEST_DECIMAL = 40
"""Characters of a written decimal, at most."""
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


class CodecError(ValueError):
    """A document does not fit its class; ``path`` says where, such as ``sheets[3].items[0].points``.

    ``row`` is which of several values that are read together it stands in, from 0.
    """

    def __init__(self, message: str, row: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.path = ""
        self.row = row

    def inside(self, step: str, row: int | None = None) -> CodecError:
        """The same error, seen from one level further out, where it stands in ``row``."""
        self.path = step + ("." if self.path and not self.path.startswith("[") else "") + self.path
        return self if row is None else self.in_row(row)

    def in_row(self, row: int) -> CodecError:
        """The same error, standing in ``row``."""
        self.row = row
        return self

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


def expected(kind: type, found: object, row: int = 0) -> CodecError:
    """The error of a value that is not of type ``kind``."""
    kind_found = _KINDS.get(type(found), N_("something else"))
    return CodecError(_("expected {kind}, found {found}").format(kind=_(_KINDS[kind]), found=_(kind_found)), row)


def refuse_large(number: int, row: int = 0) -> None:
    """Raise CodecError for a whole number that others could not hold exactly."""
    if not -LARGEST_INTEGER <= number <= LARGEST_INTEGER:
        raise CodecError(_("a whole number beyond {largest}").format(largest=LARGEST_INTEGER), row)


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


def time_text(value: datetime) -> str:
    """The one written form of a time, in UTC; raises CodecError for one without a zone."""
    if value.tzinfo is None:
        raise CodecError(_("a time without time zone"))
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def fields_of(cls: Any, coder: Callable[[Any], Any]) -> tuple[tuple[str, Any], ...]:
    """The names of a class's fields, each with what ``coder`` makes of its type."""
    hints = typing.get_type_hints(cls)
    return tuple((field.name, coder(hints[field.name])) for field in dataclasses.fields(cls))


def spared_fields(cls: Any) -> dict[str, Any]:
    """The fields of a class that are written only where they differ from their default, and these defaults."""
    return {field.name: field.default for field in dataclasses.fields(cls) if SPARED.items() <= field.metadata.items()}


def optional(arguments: tuple[Any, ...]) -> Any:
    """The T of T | None; raises TypeError for other unions."""
    kinds = [argument for argument in arguments if argument is not type(None)]
    if len(kinds) != 1 or len(arguments) != 2:
        raise TypeError(f"only T | None has a codec, not {arguments!r}")
    return kinds[0]
