"""Reading one field of an application's record as a person writes it, by the rules of the workbooks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qisp_desktop.spreadsheets.applications import (
    APPLICATION_COLUMNS,
    BODY_KINDS,
    CATEGORIES,
    KEY_AREAS,
    LATEST,
    YES_NO,
    served_columns,
)
from qisp_desktop.spreadsheets.problems import Problem
from qisp_desktop.spreadsheets.reading import BLANK, Cell, Row
from qisp_desktop.spreadsheets.tables import Found, RowReader, Table, by_key


def read_field(key: str, text: str) -> tuple[Any, str]:
    """What ``text`` says of the column ``key`` of an application, and why it cannot (else empty).

    It is read like a cell of a workbook, so that a correction may be written as people write.
    """
    column = by_key((*APPLICATION_COLUMNS, *served_columns(_year_of(key), LATEST)))[key]
    cell = Cell(text, "text") if text.strip() else BLANK
    problems: list[Problem] = []
    table = Table("", 0, {key: Found(0, column.heading, Decimal(1))}, ())
    reader = RowReader(table, Row(1, False, (cell,)), {key: column}, problems)
    value = _field(reader, key)
    return value, next((problem.message for problem in problems if problem.level == "error"), "")


def _year_of(key: str) -> tuple[int, ...]:
    return (int(key[6:]),) if key.startswith("served") else ()


def _field(reader: RowReader, key: str) -> Any:
    match key:
        case "uscc":
            return reader.uscc(key)
        case "body_kind":
            return reader.choice(key, BODY_KINDS)
        case "started_on":
            return reader.day(key)
        case "categories":
            return reader.choices(key, CATEGORIES)
        case "key_areas":
            return reader.choices(key, KEY_AREAS)
        case "dishonest":
            return reader.choice(key, YES_NO)
        case "premises":
            return reader.amount(key)
        case "summary":
            return reader.text(key, lines=True)
        case _ if key == "staff" or key.startswith("served"):
            return reader.count(key)
    return reader.text(key)
