"""Every aggregate of the domain has one written form: it reads back, and its bytes are those it was written as."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qisp_desktop.domain
from qisp_desktop.base import canonical
from qisp_desktop.base.codec import LARGEST_INTEGER, decode, digest_of, encode, from_bytes, to_bytes
from qisp_desktop.domain.handwriting import BOX, Handwriting
from qisp_desktop.domain.papers import printed_groups, sheet_record
from qisp_desktop.domain.score_sheet import ScoreSheet
from tests.unit.domain.values import application, expert, rubric, sheet

COMPUTED = {
    "Entry",
    "Sums",
    "Result",
    "Deviation",
    "Difference",
    "Standing",
    "Screening",
    "ConditionResult",
    "RubricProblem",
}
"""What is computed from documents and never written."""


def aggregates() -> Iterator[type]:
    for module in pkgutil.iter_modules(qisp_desktop.domain.__path__):
        names = vars(importlib.import_module(f"qisp_desktop.domain.{module.name}"))
        for value in names.values():
            if not isinstance(value, type) or value.__module__ != f"qisp_desktop.domain.{module.name}":
                continue
            if dataclasses.is_dataclass(value) and value.__name__ not in COMPUTED:
                yield value


TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
DECIMAL = st.decimals(-9999, 9999, places=4)
POINT = st.tuples(st.integers(0, BOX), st.integers(0, BOX))
STROKE = st.lists(POINT, min_size=1, max_size=3).map(lambda points: tuple(n for point in points for n in point))
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-LARGEST_INTEGER, LARGEST_INTEGER),
    bool: st.booleans(),
    Decimal: DECIMAL,
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Handwriting: st.lists(STROKE, min_size=1, max_size=2).map(lambda strokes: Handwriting(tuple(strokes))),
}


def values_of(tp: Any) -> st.SearchStrategy[Any]:
    """Any value of a type that the codec knows."""
    origin, arguments = typing.get_origin(tp), typing.get_args(tp)
    if tp in SCALARS:
        return SCALARS[tp]
    if isinstance(tp, type) and issubclass(tp, StrEnum):
        return st.sampled_from(tp)
    if origin is tuple:
        return st.lists(values_of(arguments[0]), max_size=2).map(tuple)
    if origin is Mapping:
        return st.dictionaries(TEXT, values_of(arguments[1]), max_size=2)
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*(st.none() if one is type(None) else values_of(one) for one in arguments))
    hints = typing.get_type_hints(tp)
    return st.builds(tp, **{field.name: values_of(hints[field.name]) for field in dataclasses.fields(tp)})


@pytest.mark.parametrize("aggregate", list(aggregates()), ids=lambda one: one.__name__)
def test_an_aggregate_reads_back_from_its_bytes_and_writes_the_same_bytes_again(aggregate: type) -> None:
    @settings(max_examples=15, suppress_health_check=list(HealthCheck))
    @given(values_of(aggregate))
    def check(value: object) -> None:
        data = to_bytes(value)
        again: object = from_bytes(aggregate, data)
        assert again == value
        assert to_bytes(again) == data == canonical.dumps(encode(again))
        assert digest_of(again) == digest_of(value)

    check()


def test_no_aggregate_is_forgotten() -> None:
    names = {one.__name__ for one in aggregates()}
    assert {"Application", "ScoreSheet", "DraftSheet", "SiteInspection", "Rubric", "Policy", "Round"} <= names
    assert not names & COMPUTED


def test_a_sheet_read_as_part_of_something_else_has_its_own_bytes_and_so_has_a_changed_copy() -> None:
    original = sheet(rubric(Q=("10",)), ["7.5"])
    read = decode(ScoreSheet, encode(original))
    assert (read.canonical_bytes, read.digest) == (to_bytes(original), original.digest)
    changed = dataclasses.replace(read, revision=2, previous=read.digest)
    assert changed.digest == digest_of(changed) != read.digest
    assert canonical.loads(changed.canonical_bytes) == encode(changed)


def test_a_decimal_written_with_trailing_zeros_gives_the_same_bytes() -> None:
    of = rubric(Q=("10",))
    assert to_bytes(sheet(of, ["7.50"])) == to_bytes(sheet(of, ["7.5"]))


def test_the_record_of_a_paper_holds_the_names_and_points_that_the_paper_prints() -> None:
    of = rubric(Q=("10",))
    record = sheet_record(
        sheet(of, ["7.5"]),
        office="示例局",
        round_name="2026年度评价",
        year=2026,
        expert=expert(),
        application=application(),
        rubric=of,
    )
    assert (record.format, record.year, record.decimals) == ("qisp-sheet/1", 2026, 1)
    assert (record.expert_name, record.platform, record.applicant) == ("顾维桢", "示例服务平台", "深圳市示例计量院")
    [group] = printed_groups(of)
    assert record.groups == (group,)
    assert (group.maximum, group.criteria[0].maximum, group.criteria[0].name) == ("10.0", "10.0", "评分项Q1")
