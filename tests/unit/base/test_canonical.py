"""Canonical JSON: one value, one spelling; every other spelling is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.base.canonical import CanonicalError, dumps, loads

TEXT = st.text(st.characters(codec="utf-8"))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_a_value_reads_back_and_its_bytes_are_stable(value: Any) -> None:
    data = dumps(value)
    assert loads(data) == value
    assert dumps(loads(data)) == data


@given(st.dictionaries(TEXT, st.integers(-(2**63), 2**64 - 1), min_size=2))
def test_the_order_in_which_keys_were_put_does_not_show(value: dict[str, int]) -> None:
    assert dumps(dict(reversed(value.items()))) == dumps(value)


@given(VALUES)
def test_the_usual_spelling_of_json_is_refused_where_it_is_another_one(value: Any) -> None:
    usual = json.dumps(value).encode()
    if usual != dumps(value):
        with pytest.raises(CanonicalError):
            loads(usual)


@given(st.binary(max_size=40))
def test_any_bytes_are_either_refused_or_the_one_spelling_of_what_they_mean(data: bytes) -> None:
    try:
        value = loads(data)
    except CanonicalError:
        return
    assert dumps(value) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b' {"a":1}',
        b"[1,]",
        b"1.5",
        b"1.0",
        b"1e2",
        b"1E2",
        b"-0",
        b"-0.0",
        b"01",
        b"+1",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b'"\x00"',
        b"\xef\xbb\xbf1",
        b"// note\n1",
        b"'a'",
        b"true false",
        b"[" * 100_000 + b"]" * 100_000,
        b"9" * 5000,
    ],
    ids=lambda data: repr(data[:24]),
)
def test_another_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        loads(data)


@pytest.mark.parametrize("frame", [b"[%s]", b"[1,%s]", b'{"a":%s}', b'{"a":"1.5:2","b":[%s]}'])
@pytest.mark.parametrize(
    "number",
    [
        b"1.5",
        b"1.0",
        b"1e2",
        b"1E2",
        b"1E-2",
        b"0.0",
        b"-0",
        b"-0.0",
        b"01",
        b"+1",
        b"1.",
        b"NaN",
        b"Infinity",
        b"9" * 21,
        b"-" + b"9" * 20,
        b"1" + b"0" * 400,
        b"1e400",
        b"0x1",
        b"18446744073709551616",
        b"-9223372036854775809",
    ],
)
def test_a_number_that_is_no_plain_whole_one_is_refused_wherever_it_stands(frame: bytes, number: bytes) -> None:
    with pytest.raises(CanonicalError):
        loads(frame % number)


@pytest.mark.parametrize("text", [":1.5", ",1e9", "[-2.0", "时间:10.30", ":12345678901234567890123", '\\":1.5,\\"'])
def test_text_that_looks_like_a_number_is_text(text: str) -> None:
    assert loads(dumps({text: [text]})) == {text: [text]}


@pytest.mark.parametrize(
    "data",
    [
        b"0",
        b"-1",
        b"9223372036854775807",
        b"[18446744073709551615,-9223372036854775808]",
        b'"\xe5\x88\x86"',
        b'"\\n\\u0000\\"\\\\"',
        '"𬭚"'.encode(),
        b'{"":{}}',
    ],
)
def test_the_one_spelling_is_taken(data: bytes) -> None:
    assert dumps(loads(data)) == data


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        1.0,
        float("nan"),
        Decimal(1),
        {1: "a"},
        {None: 1},
        {"a": (1,)},
        b"x",
        {"a"},
        "\ud800",
        {"\udfff": 1},
        10**5000,
    ],
    ids=lambda value: repr(value)[:24] if not isinstance(value, int) else "long",
)
def test_what_has_no_spelling_is_not_written(value: object) -> None:
    with pytest.raises(CanonicalError):
        dumps(value)


def test_keys_are_sorted_by_code_point_and_not_by_language() -> None:
    assert dumps({"é": 1, "z": 2, "Z": 3, "分": 4, "𬭚": 5, "\uffee": 6}) == (
        '{"Z":3,"z":2,"é":1,"分":4,"\uffee":6,"𬭚":5}'.encode()
    )


def test_another_process_with_other_hashes_writes_the_same_bytes() -> None:
    code = "from qisp_desktop.base.canonical import dumps; print(dumps({c: [c] for c in 'zyx分'}).hex())"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert seen == {dumps({c: [c] for c in "分xyz"}).hex() + "\n"}
