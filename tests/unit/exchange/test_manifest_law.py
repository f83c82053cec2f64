"""Law: a manifest has exactly one written form, and what is read from it is what was written."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qisp_desktop.base.codec import CodecError, from_bytes, to_bytes
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.exchange.manifests import PanelManifest, ReturnManifest

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    bool: st.booleans(),
    int: st.integers(-(2**53) + 1, 2**53 - 1),
    Decimal: st.decimals(-(10**9), 10**9, places=3, allow_nan=False, allow_infinity=False),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Handwriting: st.just(Handwriting(((0, 0, 500, 1000), (10, 20, 30, 40)))),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value that a field of type ``kind`` can have."""
    if kind in SCALARS:
        return SCALARS[kind]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return st.lists(values_of(arguments[0]), max_size=2).map(tuple)
    if origin in (typing.Union, types.UnionType):
        return st.none() | values_of(arguments[0])
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return st.sampled_from(list(kind))
    hints = typing.get_type_hints(kind)
    fields = [field.name for field in dataclasses.fields(kind)]
    return st.builds(kind, **{name: values_of(hints[name]) for name in fields})


MANIFESTS = values_of(PanelManifest) | values_of(ReturnManifest)
Manifest = PanelManifest | ReturnManifest


@settings(max_examples=60)
@given(MANIFESTS)
def test_reading_gives_what_was_written_and_writing_it_again_the_same_bytes(manifest: Manifest) -> None:
    data = to_bytes(manifest)
    read = from_bytes(type(manifest), data)
    assert read == manifest
    assert to_bytes(read) == data
    assert to_bytes(manifest) == data


CHANGES: dict[str, Callable[[dict[str, Any]], str]] = {
    "an unknown field": lambda document: canonical({**document, "zzz": 1}),
    "an unknown field deep inside": lambda document: canonical({**document, "blobs": [{"zzz": 1}]}),
    "a missing field": lambda document: canonical({k: v for k, v in document.items() if k != "blobs"}),
    "a float": lambda document: canonical({**document, "number": 1.5}),
    "a whole float": lambda document: canonical({**document, "number": 1.0}),
    "another type": lambda document: canonical({**document, "number": "1"}),
    "null": lambda document: canonical({**document, "round": None}),
    "white space": lambda document: json.dumps(document, sort_keys=True, ensure_ascii=False),
    "escapes": lambda document: canonical({**document, "round": "轮"}).replace("轮", "\\u8f6e"),
    "another order": lambda document: canonical(dict(reversed(sorted(document.items()))), sort=False),
    "a key twice": lambda document: canonical(document)[:-1] + ',"blobs":[]}',
    "a line feed behind": lambda document: canonical(document) + "\n",
}


def canonical(document: dict[str, Any], *, sort: bool = True) -> str:
    """The spelling of this program, were ``document`` a manifest."""
    return json.dumps(document, sort_keys=sort, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("change", sorted(CHANGES))
@settings(max_examples=8)
@given(manifest=MANIFESTS)
def test_any_other_spelling_is_refused(change: str, manifest: Manifest) -> None:
    data = to_bytes(manifest)
    document = json.loads(data)
    assert canonical(document).encode() == data
    with pytest.raises(CodecError):
        from_bytes(type(manifest), CHANGES[change](document).encode())
