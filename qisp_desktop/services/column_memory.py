"""Which heading means which column, as an office said it once: remembered beside the settings, not in a round.

A JSON file: office → table → heading as it is compared → our column's key, empty for a column that is not read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from qisp_desktop.base import atomic
from qisp_desktop.base.errors import UserError
from qisp_desktop.services.input_files import read_document

FILE_NAME = "columns.json"
MOST_HEADINGS = 500
"""Headings that are remembered for a table; beyond that the file is not ours."""


def recalled(folder: Path, office: str, table: str) -> dict[str, str]:
    """The headings of ``table`` that ``office`` explained; empty when there are none or the file is not readable."""
    try:
        held = _held(folder / FILE_NAME).get(office, {}).get(table, {})
    except UserError:
        # A memory that is lost costs a few clicks; it must not keep anybody from importing.
        return {}
    return dict(held)


def remember(folder: Path, office: str, table: str, headings: Mapping[str, str]) -> None:
    """Remember ``headings`` of ``table`` for ``office``, beside those remembered before.

    Raises UserError where the file cannot be written.
    """
    if not headings:
        return
    path = folder / FILE_NAME
    try:
        held = _held(path)
    except UserError:
        held = {}
    known = held.setdefault(office, {}).setdefault(table, {})
    known |= headings
    while len(known) > MOST_HEADINGS:
        known.pop(next(iter(known)))
    folder.mkdir(parents=True, exist_ok=True)
    atomic.write_bytes(path, json.dumps(held, ensure_ascii=False, indent=1).encode())


def _held(path: Path) -> dict[str, dict[str, dict[str, str]]]:
    if not path.is_file():
        return {}
    document = read_document(path)
    found: dict[str, dict[str, dict[str, str]]] = {}
    for office, tables in _entries(document):
        for table, headings in _entries(tables):
            known = {heading: key for heading, key in _entries(headings) if isinstance(key, str)}
            found.setdefault(office, {})[table] = known
    return found


def _entries(value: object) -> list[tuple[str, object]]:
    return [(str(key), held) for key, held in value.items()] if isinstance(value, dict) else []
