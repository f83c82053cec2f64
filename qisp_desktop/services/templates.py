"""Workbooks for offices to fill in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from qisp_desktop.base.digests import sha256_file
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.spreadsheets.templates import write_template

Kind = Literal["applications", "experts", "rubric", "score-form"]


def write(kind: Kind, out: Path) -> None:
    """Write the template of ``kind`` for this year's round to ``out``, whole or not at all."""
    write_template(kind, out, default_rubric(), date.today().year)  # noqa: DTZ011  the office's own calendar


def write_anew(kind: Kind, out: Path) -> None:
    """``write`` where nobody was asked: UserError for a place where another file stands, such as one filled in."""
    if out.is_file():
        with TemporaryDirectory() as folder:
            fresh = Path(folder) / out.name
            write(kind, fresh)
            if sha256_file(fresh) == sha256_file(out):
                return
        raise UserError(
            _("{path} is there already.").format(path=out),
            _("It is not an empty template: somebody may have filled it in."),
            _("Choose another name."),
        )
    write(kind, out)
