"""Canonical JSON: one value has exactly one written form, so that what is signed is what is parsed.

UTF-8, object keys sorted by code point, no white space, no floats (decimals travel as strings), whole numbers within 64
bits, no duplicate keys, no lone surrogates. Reading refuses every other spelling of the same value.
"""

from __future__ import annotations

import json
import re

import orjson

_FLOAT = re.compile(rb"[\[:,]-?[0-9]+(?:\.|[eE]|[0-9]{16})")
"""What a float, or a whole number that would be read as one, looks like; text in strings can look so too."""


class CanonicalError(ValueError):
    """The bytes are not the canonical form of any value."""


def dumps(value: object) -> bytes:
    """The canonical bytes of ``value``, made of dict (string keys), list, str, int, bool and None.

    Raises CanonicalError for floats, other types and text that UTF-8 cannot carry.
    """
    data = write(value)
    # Some other kinds are written without a word; read back, they are not what was given.
    if read(data) != value:
        raise CanonicalError("only dict with string keys, list, str, int, bool and None have a canonical form")
    return data


def loads(data: bytes) -> object:
    """The value whose canonical form is ``data``; raises CanonicalError for anything else."""
    return _checked(read(data), data)


def loads_typed(data: bytes) -> object:
    """As ``loads``, for the codec: a float may be left in the value, because no type of the codec takes one."""
    return _checked(read_typed(data), data)


def _checked(value: object, data: bytes) -> object:
    # Writing it again catches duplicate keys, white space, escapes and key order in one comparison.
    if write(value) != data:
        raise CanonicalError("not in canonical form (duplicate or unsorted keys, white space or escapes)")
    return value


def write(value: object) -> bytes:
    """As ``dumps``, for a document that is known to hold only what has a canonical form: made by the codec, or read by
    ``loads``. Not checked again."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (TypeError, RecursionError) as error:
        raise CanonicalError(str(error)) from error


def read(data: bytes) -> object:
    """The value written in ``data``, canonical or not; raises CanonicalError for no JSON, floats and huge numbers."""
    try:
        if _FLOAT.search(data) or data[:1] not in b'{["tfn':
            # Rarely a float, mostly a time in a remark: the slow reader tells them apart.
            json.loads(data, parse_float=_refuse_float, parse_int=_whole_number, parse_constant=_refuse_float)
    except (ValueError, RecursionError) as error:
        raise CanonicalError(str(error)) from error
    return read_typed(data)


def read_typed(data: bytes) -> object:
    """As ``read``; floats, and whole numbers beyond 64 bits that become floats, are left to the codec's types."""
    try:
        value: object = orjson.loads(data)
    except (ValueError, RecursionError) as error:
        raise CanonicalError(str(error)) from error
    return value


def _refuse_float(text: str) -> object:
    raise CanonicalError(f"a binary float ({text[:40]}) is not allowed; decimals are strings")


def _whole_number(text: str) -> int:
    if len(text) > 20 or not -(2**63) <= int(text) < 2**64:
        raise CanonicalError(f"a whole number beyond 64 bits ({text[:40]})")
    return int(text)
