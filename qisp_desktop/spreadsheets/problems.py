"""What is wrong, or worth knowing, about a place of a workbook that somebody sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from qisp_desktop.spreadsheets.guard import UnfitWorkbook

Code = Literal[
    "missing_column",
    "missing_value",
    "bad_uscc",
    "bad_number",
    "bad_date",
    "unknown_value",
    "duplicate_number",
    "unknown_application",
    "too_large",
    "not_a_workbook",
    "hidden_row",
    "total_row",
    "unmatched_material",
    "formula_value",
]
"""The documented codes; the last four are those of notes."""

LONGEST_SHOWN = 60
"""Characters of a cell's value that a problem repeats."""


@dataclass(frozen=True)
class Problem:
    """One finding: an ``error`` keeps its row out, a ``note`` does not.

    ``row`` is the workbook's own row number (None for the whole book or sheet), ``column`` the heading as found, which
    may be empty like ``sheet``; ``value`` is the beginning of what stands there; ``message`` is in the person's
    language. ``index`` is the column from 0, where there is one.
    """

    level: Literal["error", "note"]
    sheet: str
    row: int | None
    column: str
    value: str
    code: Code
    message: str
    index: int | None = None


def unfit_problem(unfit: UnfitWorkbook, name: str) -> Problem:
    """What is said of a file ``name`` that is no workbook, or none that can be read."""
    return Problem("error", unfit.sheet, None, "", name, unfit.code, unfit.message)


def shown(value: str) -> str:
    """``value`` as short as a problem repeats it."""
    return value if len(value) <= LONGEST_SHOWN else value[: LONGEST_SHOWN - 1] + "…"
