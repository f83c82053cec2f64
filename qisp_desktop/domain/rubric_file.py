"""The rubric as people write it: the codec's JSON, in any layout, read with the exact place of every mistake."""

from __future__ import annotations

from dataclasses import replace

from qisp_desktop.base import strict_json
from qisp_desktop.base.codec import CodecError, decode
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.rubric import Rubric, RubricProblem, problems

LONGEST = 1_000_000
"""Characters of a rubric file, at most."""


class RubricFileError(ValueError):
    """A file is no usable rubric; ``problems`` name every mistake that could be told apart, in the file's order."""

    def __init__(self, problems: list[RubricProblem]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def load_rubric(text: str) -> Rubric:
    """The rubric in ``text``; points are decimal strings, every field is there and no other.

    Raises RubricFileError: the first mistake of syntax or structure, or else all that make the rubric unfit.
    """
    if len(text) > LONGEST:
        raise RubricFileError([RubricProblem("", _("the file is too large for a rubric"))])
    try:
        document = strict_json.parse(text.removeprefix("\ufeff"))
    except strict_json.JsonError as error:
        raise RubricFileError([_placed(RubricProblem("", error.message), error.place)]) from error
    try:
        rubric = decode(Rubric, document.value)
    except CodecError as error:
        place = document.place_of(error.path)
        raise RubricFileError([_placed(RubricProblem(error.path, error.message), place)]) from error
    found = [_placed(problem, document.place_of(problem.path)) for problem in problems(rubric)]
    if found:
        raise RubricFileError(sorted(found, key=lambda problem: (problem.line, problem.column)))
    return rubric


def _placed(problem: RubricProblem, place: strict_json.Place) -> RubricProblem:
    return replace(problem, line=place.line, column=place.column)
