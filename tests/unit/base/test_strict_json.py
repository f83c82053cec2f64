"""JSON that people write: what is ambiguous is refused, and every value has its place."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.base.i18n import using
from qisp_desktop.base.strict_json import NOWHERE, JsonError, Place, parse

TEXT = st.text(st.characters(codec="utf-8"), max_size=6)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=12,
)


@given(VALUES, st.sampled_from([None, 0, 3]), st.booleans())
def test_whatever_the_layout_the_value_is_that_of_the_standard_library(
    value: Any, indent: int | None, ascii_: bool
) -> None:
    assert parse(json.dumps(value, indent=indent, ensure_ascii=ascii_)).value == value


def test_every_value_has_its_line_and_column() -> None:
    document = parse('{\n  "a": [1,\n    {"b c": "x"}],\n  "d": {}\n}')
    assert dict(document.places) == {
        "": Place(1, 1),
        "a": Place(2, 8),
        "a[0]": Place(2, 9),
        "a[1]": Place(3, 5),
        'a[1]."b c"': Place(3, 13),
        "d": Place(4, 8),
    }


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("a[0].b", Place(1, 13)),
        ("a[0].zz", Place(1, 7)),
        ("a[7].b", Place(1, 6)),
        ("zz.y[3]", Place(1, 1)),
        ("", Place(1, 1)),
    ],
)
def test_what_is_not_there_is_placed_at_what_is_around_it(path: str, place: Place) -> None:
    assert parse('{"a":[{"b": 1}]}').place_of(path) == place


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('{"a":1,\n "a":1}', Place(2, 2), '"a" stands here a second time'),
        ('{"a":{"x":1,"\\u0078":2}}', Place(1, 13), "stands here a second time"),
        ('{"a":[{},{"x":1,"x":2}]}', Place(1, 17), '"x" stands here a second time'),
        ('{"a": "1.5", "b":\n1.5}', Place(2, 1), "1.5: a number with decimals is written as a string"),
        ("[1, 1e3]", Place(1, 5), "1e3: a number with decimals is written as a string"),
        ("[NaN]", Place(1, 2), "NaN: a number with decimals"),
        ('["\\ud83d\\ude00", "\\ud83d"]', Place(1, 18), "a character is given by half"),
        ('{"a" 1}', Place(1, 6), "Expecting ':' delimiter"),
        ('{"a": 1, 2}', Place(1, 10), "Expecting property name"),
        ("[1\n2]", Place(2, 1), "Expecting ',' delimiter"),
        ("", Place(1, 1), "Expecting value"),
        ("{} x", Place(1, 4), "Extra data"),
    ],
)
def test_a_mistake_is_named_where_it_stands(text: str, place: Place, message: str) -> None:
    with pytest.raises(JsonError) as caught:
        parse(text)
    assert caught.value.place == place
    assert message in caught.value.message
    assert str(caught.value).startswith(f"line {place.line}, column {place.column}: ")


@pytest.mark.parametrize("text", ["[" * 100_000, "9" * 5000, '{"a":' * 100_000])
def test_nesting_and_numbers_beyond_all_reason_are_refused_without_a_place(text: str) -> None:
    with pytest.raises(JsonError) as caught:
        parse(text)
    assert caught.value.place == NOWHERE
    assert str(caught.value) == "a number is too long or the nesting too deep"


@pytest.mark.parametrize(
    "text", ["", "{", '{"a" 1}', "[1 2]", "{} x", '"abc', '"a\x01b"', '"\\q"', '"\\u12"', "{,}", '{"a":}', "[1,]"]
)
def test_a_mistake_is_named_in_the_persons_language(text: str) -> None:
    with using("zh_CN"), pytest.raises(JsonError) as refused:
        parse(text)
    assert refused.value.message.isprintable()
    assert re.search("[\u4e00-\u9fff]", refused.value.message), refused.value.message


def test_keys_that_look_like_paths_are_not_taken_for_one() -> None:
    assert parse('{"a":{"b":1},"a.b":2,"a[0]":3,"":4}').value == {"a": {"b": 1}, "a.b": 2, "a[0]": 3, "": 4}


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(JsonError):
        assert parse(text).place_of("") != NOWHERE
