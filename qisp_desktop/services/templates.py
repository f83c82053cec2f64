"""Workbooks for offices to fill in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.spreadsheets.templates import write_template

Kind = Literal["applications", "experts", "rubric", "score-form"]


def write(kind: Kind, out: Path) -> None:
    """Write the template of ``kind`` for this year's round to ``out``, whole or not at all."""
    write_template(kind, out, default_rubric(), date.today().year)  # noqa: DTZ011  the office's own calendar
