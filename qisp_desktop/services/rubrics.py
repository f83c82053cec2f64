"""Where a round's rubric comes from: the bundled one, or a file of the office's own."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.rubric_file import LONGEST, RubricFileError, load_rubric


@cache
def default_rubric() -> Rubric:
    """The bundled rubric: 100 points, four aspects of Art. 14 (2), 16 criteria, 12 questions of the site inspection."""
    return load_rubric(files("qisp_desktop.resources").joinpath("rubrics/default.json").read_text("utf-8"))


def read_rubric(path: Path) -> Rubric:
    """The rubric in a workbook (``.xlsx``) or in a file of the rubric's format.

    Raises UserError that names the place of every mistake.
    """
    if path.suffix.lower() == ".xlsx":
        from qisp_desktop.spreadsheets.rubrics import read_rubric_book

        return read_rubric_book(path)
    try:
        with path.open("rb") as stream:
            # One byte more than allowed is enough to refuse it; a character has at most four.
            text = stream.read(4 * LONGEST + 1).decode("utf-8")
        return load_rubric(text)
    except OSError as error:
        raise _unusable(path, os_reason(error)) from error
    except UnicodeDecodeError as error:
        raise _unusable(path, _("It is not a UTF-8 text file.")) from error
    except RubricFileError as error:
        raise _unusable(path, str(error)) from error


def _unusable(path: Path, why: str) -> UserError:
    return UserError(
        _("The rubric {path} cannot be used.").format(path=path),
        why,
        _("Correct the places named, then try again."),
    )
