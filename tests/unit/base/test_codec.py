"""The codec: exactly the fields of a class, each of exactly its type, and a word on the place of what is not."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import FrozenInstanceError, dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.base import canonical
from qisp_desktop.base.codec import (
    LARGEST_INTEGER,
    SPARED,
    CodecError,
    Remembered,
    all_from_own_bytes,
    decimal_text,
    decode,
    digest_of,
    encode,
    from_bytes,
    to_bytes,
)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    points: Decimal | None


@dataclass(frozen=True)
class Whole:
    count: int
    flag: bool
    day: date
    at: datetime
    colour: Colour
    parts: tuple[Part, ...]
    bounds: Mapping[str, Decimal]


VALUE = Whole(
    3,
    True,
    date(2026, 7, 1),
    datetime(2026, 7, 1, 8, 30, tzinfo=UTC),
    Colour.RED,
    (Part("计量", Decimal("3.50")), Part("", None)),
    {"A": Decimal(90)},
)
DOCUMENT: dict[str, Any] = {
    "count": 3,
    "flag": True,
    "day": "2026-07-01",
    "at": "2026-07-01T08:30:00Z",
    "colour": "red",
    "parts": [{"name": "计量", "points": "3.5"}, {"name": "", "points": None}],
    "bounds": {"A": "90"},
}


@dataclass(frozen=True)
class Even:
    number: int

    def __post_init__(self) -> None:
        if self.number % 2:
            raise ValueError("is odd")


@dataclass(frozen=True)
class Signed(Remembered):
    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Bundle:
    signed: tuple[Signed, ...]
    even: Even | None
    words: Mapping[str, tuple[str, ...]]


BUNDLES = st.builds(
    Bundle,
    signed=st.lists(
        st.builds(
            Signed,
            name=st.text(max_size=3),
            parts=st.lists(
                st.builds(Part, st.text(max_size=3), st.none() | st.integers(-99, 99).map(lambda n: Decimal(n) / 4)),
                max_size=4,
            ).map(tuple),
        ),
        max_size=4,
    ).map(tuple),
    even=st.none() | st.integers(-9, 9).map(lambda n: Even(2 * n)),
    words=st.dictionaries(st.text(max_size=2), st.lists(st.text(max_size=2), max_size=3).map(tuple), max_size=3),
)


def test_every_field_is_written_and_read_back() -> None:
    assert encode(VALUE) == DOCUMENT
    assert decode(Whole, DOCUMENT) == VALUE
    assert from_bytes(Whole, to_bytes(VALUE)) == VALUE
    assert len(digest_of(VALUE)) == 64


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"extra": 1}, "extra: unknown field"),
        ({"count": True}, "count: expected a whole number, found true or false"),
        ({"count": "3"}, "count: expected a whole number, found a string"),
        ({"count": 3.0}, "count: expected a whole number, found something else"),
        ({"count": LARGEST_INTEGER + 1}, "count: a whole number beyond 9007199254740991"),
        ({"flag": 1}, "flag: expected true or false, found a whole number"),
        ({"day": "2026-7-1"}, "day: '2026-7-1' is not a date such as 2026-07-01"),
        ({"day": "2026-02-30"}, "day: '2026-02-30' is not a date such as 2026-07-01"),
        ({"day": "20260701"}, "day: '20260701' is not a date such as 2026-07-01"),
        ({"day": "2026-W27-3"}, "day: '2026-W27-3' is not a date such as 2026-07-01"),
        ({"day": None}, "day: expected a string, found null"),
        ({"at": "2026-07-01T08:30:00"}, "at: '2026-07-01T08:30:00' is not a UTC time"),
        ({"at": "2026-07-01T08:30:00+00:00"}, "at: '2026-07-01T08:30:00+00:00' is not a UTC time"),
        ({"at": "2026-07-01T16:30:00+08:00"}, "at: '2026-07-01T16:30:00+08:00' is not a UTC time"),
        ({"at": "2026-07-01T08:30:00.0Z"}, "at: '2026-07-01T08:30:00.0Z' is not a UTC time"),
        ({"at": "0001-01-01T00:00:00+23:59"}, "at: '0001-01-01T00:00:00+23:59' is not a UTC time"),
        ({"at": "9999-12-31T23:59:59-23:59"}, "at: '9999-12-31T23:59:59-23:59' is not a UTC time"),
        ({"at": "yesterday" * 9000}, "at: 'yesterdayyesterday"),
        ({"colour": "green"}, "colour: 'green' is not one of red, blue"),
        ({"parts": {}}, "parts: expected an array, found an object"),
        ({"parts": [{"name": "x"}]}, "parts[0]: missing field 'points'"),
        ({"parts": [{"name": "x", "points": None}, 3]}, "parts[1]: expected an object, found a whole number"),
        ({"parts": [{"name": "x", "points": 3}]}, "parts[0].points: expected a string, found a whole number"),
        ({"parts": [{"name": "x", "points": "3.50"}]}, "parts[0].points: '3.50' is not a decimal such as 3.5"),
        ({"parts": [{"name": "x", "points": None, "zu": 1}]}, "parts[0].zu: unknown field"),
        ({"bounds": {"A": "x"}}, "bounds.A: 'x' is not a decimal such as 3.5"),
        ({"bounds": []}, "bounds: expected an object, found an array"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(CodecError) as caught:
        decode(Whole, DOCUMENT | change)
    assert str(caught.value).startswith(complaint)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("document", [None, [], "", 3, True])
def test_a_document_that_is_no_object_is_refused(document: object) -> None:
    with pytest.raises(CodecError, match="expected an object"):
        decode(Whole, document)


def test_bytes_that_are_not_canonical_are_refused_even_where_they_mean_the_same() -> None:
    data = to_bytes(VALUE)
    for other in (
        data + b"\n",
        data.replace(b'"count":3', b'"count": 3'),
        data.replace(b'"A":"90"', b'"A":"90","A":"90"'),
    ):
        assert other != data
        with pytest.raises(CodecError):
            from_bytes(Whole, other)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "3.50", "3.", ".5", "03", "-0", "-0.0", "+3", "1e2", "1E2", "1E-2", "1E999999999", "1E-999999999",
        "NaN", "sNaN", "Infinity", "1_000", " 3", "3 ", "３", "٣", "3,5", "0x3", "--1", "3\n", "1" * 41,
        "0." + "1" * 39,
    ],
)  # fmt: skip
def test_another_spelling_of_a_decimal_is_refused(text: str) -> None:
    with pytest.raises(CodecError, match="is not a decimal"):
        decode(Part, {"name": "", "points": text})


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_decimal_has_one_spelling_that_keeps_its_value(value: Decimal) -> None:
    text = decimal_text(value)
    assert Decimal(text) == value
    assert decimal_text(Decimal(text)) == text
    assert decode(Part, {"name": "", "points": text}).points == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("3.50", "3.5"),
        ("1E+2", "100"),
        ("1E-2", "0.01"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("0E+9", "0"),
        ("0E-999999", "0"),
        ("100", "100"),
    ],
)
def test_a_decimal_is_written_without_exponent_or_trailing_zeros(value: str, text: str) -> None:
    assert decimal_text(Decimal(value)) == text


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1E+999999", "1E-999999", "1" * 41])
def test_what_could_not_be_read_again_is_not_written(value: str) -> None:
    with pytest.raises(CodecError):
        encode(Part("", Decimal(value)))


def test_an_integer_that_could_not_be_read_again_is_not_written() -> None:
    with pytest.raises(CodecError, match="beyond"):
        encode(Even(2 * LARGEST_INTEGER))


def test_a_time_is_written_in_utc_and_needs_a_zone() -> None:
    @dataclass(frozen=True)
    class Stamp:
        at: datetime

    east = timezone(timedelta(hours=8))
    assert encode(Stamp(datetime(2026, 7, 1, 16, 30, tzinfo=east))) == {"at": "2026-07-01T08:30:00Z"}
    assert encode(Stamp(datetime(2026, 7, 1, 0, 0, 0, 5, tzinfo=UTC))) == {"at": "2026-07-01T00:00:00.000005Z"}
    with pytest.raises(CodecError, match="without time zone"):
        encode(Stamp(datetime(2026, 7, 1)))  # noqa: DTZ001  the mistake that is caught


def test_a_class_may_refuse_values_of_its_own() -> None:
    assert decode(Even, {"number": 4}) == Even(4)
    with pytest.raises(CodecError, match="is odd"):
        decode(Even, {"number": 3})


def test_a_type_without_a_written_form_is_a_mistake_of_the_program() -> None:
    @dataclass(frozen=True)
    class Bad:
        share: float

    @dataclass(frozen=True)
    class Either:
        value: int | str

    with pytest.raises(TypeError, match="no codec"):
        encode(Bad(0.5))
    with pytest.raises(TypeError, match="no codec"):
        decode(Bad, {"share": 1})
    with pytest.raises(TypeError, match="only T"):
        decode(Either, {"value": 1})


@dataclass(frozen=True)
class Grown(Remembered):
    name: str
    since: int = field(default=0, metadata=SPARED)


def test_a_field_that_came_later_leaves_what_was_written_before_as_it_was() -> None:
    assert to_bytes(Grown("a")) == b'{"name":"a"}'
    assert from_bytes(Grown, b'{"name":"a"}') == Grown("a")
    assert from_bytes(Grown, b'{"name":"a"}').digest == Grown("a").digest
    for value in (Grown("a"), Grown("a", 3)):
        assert from_bytes(Grown, to_bytes(value)) == value
        assert decode(Grown, encode(value)).canonical_bytes == to_bytes(value)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b'{"name":"a","since":0}', "since: unknown field"),
        (b'{"name":"a","since":"3"}', "since: expected a whole number"),
        (b'{"since":3}', "missing field 'name'"),
        (b'{"name":"a","until":3}', "until: unknown field"),
        (b"[]", "expected an object"),
    ],
)
def test_a_field_that_came_later_has_one_written_form(data: bytes, complaint: str) -> None:
    with pytest.raises(CodecError, match=complaint):
        from_bytes(Grown, data)


# Values that are read together --------------------------------------------------------------------------------------


@given(st.lists(BUNDLES, max_size=5))
def test_values_read_together_are_those_read_one_by_one(values: list[Bundle]) -> None:
    written = [to_bytes(value) for value in values]
    assert all_from_own_bytes(Bundle, written) == values == [from_bytes(Bundle, data) for data in written]


@given(BUNDLES)
def test_a_record_inside_another_is_written_as_if_it_stood_alone(value: Bundle) -> None:
    for copy in (from_bytes(Bundle, to_bytes(value)), decode(Bundle, encode(value))):
        for record, original in zip(copy.signed, value.signed, strict=True):
            assert (record.canonical_bytes, record.digest) == (to_bytes(original), digest_of(original))


@given(BUNDLES)
def test_reading_a_document_leaves_it_as_it_is(value: Bundle) -> None:
    document = encode(value)
    before = deepcopy(document)
    decode(Bundle, document)
    assert document == before


def test_of_many_values_the_one_that_does_not_fit_is_named_with_its_place() -> None:
    good: dict[str, Any] = {"name": "", "parts": []}
    parts = [{"name": "", "points": "1"}, {"name": "", "points": None}, {"name": "", "points": ""}]
    bad: dict[str, Any] = {"name": "", "parts": parts}
    document: dict[str, Any] = {"signed": [good, bad, good, bad], "even": None, "words": {}}
    with pytest.raises(CodecError) as caught:
        decode(Bundle, document)
    assert str(caught.value) == "signed[1].parts[2].points: '' is not a decimal such as 3.5"
    with pytest.raises(CodecError) as caught:
        all_from_own_bytes(Signed, [*[canonical.dumps(good)] * 120, canonical.dumps(bad), canonical.dumps(bad)])
    assert (caught.value.row, caught.value.path) == (120, "parts[2].points")
    with pytest.raises(CodecError) as caught:
        all_from_own_bytes(Signed, [canonical.dumps(good), b"{"])
    assert caught.value.row == 1


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ({"a": [], "b": ["x", "y"], "c": ["z", 1]}, "words.c[1]: expected a string, found a whole number"),
        ({"a": None}, "words.a: expected an array, found null"),
    ],
)
def test_a_place_inside_an_object_of_arrays_is_named(words: dict[str, Any], complaint: str) -> None:
    with pytest.raises(CodecError) as caught:
        decode(Bundle, {"signed": [], "even": None, "words": words})
    assert str(caught.value) == complaint


def test_a_class_that_refuses_one_of_many_values_says_which() -> None:
    with pytest.raises(CodecError, match="is odd") as caught:
        all_from_own_bytes(Even, [to_bytes(Even(2)), b'{"number":3}'])
    assert caught.value.row == 1


def test_a_record_that_was_read_is_as_frozen_as_one_that_was_made() -> None:
    part = decode(Part, {"name": "", "points": None})
    with pytest.raises(FrozenInstanceError):
        part.name = "x"  # type: ignore[misc]  # the mistake that is refused
    assert part == Part("", None)
    assert hash(part) == hash(Part("", None))


def test_of_many_records_each_may_have_the_field_that_came_later() -> None:
    values = [Grown("a"), Grown("b", 3), Grown("c")]
    read = all_from_own_bytes(Grown, [to_bytes(value) for value in values])
    assert read == values
    assert [value.digest for value in read] == [value.digest for value in values]
