"""Canonical JSON: one value has exactly one written form, so that what is signed is what is parsed.

UTF-8, object keys sorted by code point, no white space, no floats (decimals travel as strings), no duplicate keys,
no lone surrogates. Reading refuses every other spelling of the same value.
"""

from __future__ import annotations

import json
from typing import NoReturn


class CanonicalError(ValueError):
    """The bytes are not the canonical form of any value."""


def dumps(value: object) -> bytes:
    """The canonical bytes of ``value``, made of dict (string keys), list, str, int, bool and None.

    Raises CanonicalError for floats, other types and text that UTF-8 cannot carry.
    """
    data = _written(value)
    # json writes floats, tuples and keys that are no strings without a word; read back, they are not what was given.
    if _read(data) != value:
        raise CanonicalError("only dict with string keys, list, str, int, bool and None have a canonical form")
    return data


def loads(data: bytes) -> object:
    """The value whose canonical form is ``data``; raises CanonicalError for anything else."""
    value = _read(data)
    # Writing it again at C speed catches duplicate keys, white space, escapes and key order in one comparison.
    if _written(value) != data:
        raise CanonicalError("not in canonical form (duplicate or unsorted keys, white space or escapes)")
    return value


def _written(value: object) -> bytes:
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        raise CanonicalError(str(error)) from error


def _read(data: bytes) -> object:
    try:
        value: object = json.loads(data.decode("utf-8"), parse_float=_refuse_float, parse_constant=_refuse_float)
    except (ValueError, RecursionError) as error:
        raise CanonicalError(str(error)) from error
    return value


def _refuse_float(text: str) -> NoReturn:
    raise CanonicalError(f"a binary float ({text[:40]}) is not allowed; decimals are strings")
