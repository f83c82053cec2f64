"""JSON that people write: nothing ambiguous is taken, and every mistake has its line and column.

For files that a person edits (rubrics, policies, scores). What programs exchange is canonical JSON (``canonical``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from qisp_desktop.base.i18n import N_, _

SYNTAX = (
    N_("Expecting value"),
    N_("Expecting property name enclosed in double quotes"),
    N_("Expecting ':' delimiter"),
    N_("Expecting ',' delimiter"),
    N_("Extra data"),
    N_("Unterminated string starting at"),
    N_("Invalid control character at"),
    N_("Invalid \\escape"),
    N_("Invalid \\uXXXX escape"),
    N_("Illegal trailing comma before end of object"),  # these two from Python 3.13 on
    N_("Illegal trailing comma before end of array"),
)
"""What the standard library finds wrong, in its words; marked for the catalogue."""
_TOKEN = re.compile(r'[ \t\n\r]*("[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^ \t\n\r{}\[\],:"]+)', re.DOTALL)
_PLAIN_KEY = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Place:
    """Line and column, both from 1; 0 where unknown."""

    line: int
    column: int


NOWHERE = Place(0, 0)


class JsonError(ValueError):
    """The text is no JSON, or holds what is not allowed; ``place`` is where it stands."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.message = message
        self.place = place

    def __str__(self) -> str:
        if not self.place.line:
            return self.message
        return _("line {line}, column {column}: {message}").format(
            line=self.place.line, column=self.place.column, message=self.message
        )


@dataclass(frozen=True)
class Document:
    """A parsed text and where each of its values stands, by paths such as ``groups[1].criteria[3].name``."""

    value: object
    places: Mapping[str, Place]

    def place_of(self, path: str) -> Place:
        """Where the value at ``path`` stands, or the nearest value around it that is there."""
        while path not in self.places:
            if not path:
                return NOWHERE
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.places[path]


def parse(text: str) -> Document:
    """The one value in ``text``.

    Raises JsonError for bad syntax, a key that stands twice in one object, a number with a fraction or an exponent
    (points are decimal strings), NaN and Infinity, half a surrogate pair, and nesting beyond all reason.
    """
    try:
        value: object = json.loads(text, parse_float=_refuse, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise JsonError(_(error.msg), Place(error.lineno, error.colno)) from error
    except _Refused as refused:
        raise _unquoted(text, str(refused)) from None
    except (ValueError, RecursionError):
        raise JsonError(_("a number is too long or the nesting too deep"), NOWHERE) from None
    _refuse_half_characters(text)
    return Document(value, _places(text))


class _Refused(Exception):
    """A number that is not written as an integer."""


def _refuse(number: str) -> NoReturn:
    raise _Refused(number)


def _refuse_half_characters(text: str) -> None:
    """Only an escape can name one half of a surrogate pair; no file or paper could carry it."""
    if "\\u" not in text:
        return
    for token in _TOKEN.finditer(text):
        if "\\u" in token[1]:
            try:
                json.loads(token[1]).encode("utf-8")
            except UnicodeEncodeError:
                raise JsonError(_("a character is given by half"), _place(text, token.start(1))) from None


def _unquoted(text: str, number: str) -> JsonError:
    offset = next((m.start(1) for m in _TOKEN.finditer(text) if m[1] == number), 0)
    message = _('{number}: a number with decimals is written as a string, such as "3.5"').format(number=number[:40])
    return JsonError(message, _place(text, offset))


def _place(text: str, offset: int) -> Place:
    return Place(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _places(text: str) -> dict[str, Place]:
    """The place of every value in ``text``, which is known to be JSON; raises JsonError for a key that stands twice."""
    places: dict[str, Place] = {}
    around: list[_Container] = []
    member: str | None = None  # the path of the member whose value comes next
    line, line_start, scanned = 1, 0, 0
    for token in _TOKEN.finditer(text):
        start, word = token.start(1), token[1]
        if breaks := text.count("\n", scanned, start):
            line, line_start = line + breaks, text.rfind("\n", scanned, start) + 1
        scanned = start
        here = Place(line, start - line_start + 1)
        if word in ",:":
            continue
        if word in "}]":
            around.pop()
        elif member is None and around and not around[-1].is_array:
            member = around[-1].member(json.loads(word))
            if member in places:
                raise JsonError(_("{key} stands here a second time").format(key=word[:80]), here)
        else:
            path = member if member is not None else around[-1].next_item() if around else ""
            places[path] = here
            member = None
            if word in "{[":
                around.append(_Container(path, word == "["))
    return places


class _Container:
    """An object or array that is being read, by its path."""

    def __init__(self, path: str, is_array: bool) -> None:
        self.path = path
        self.is_array = is_array
        self.items = 0

    def next_item(self) -> str:
        self.items += 1
        return f"{self.path}[{self.items - 1}]"

    def member(self, key: str) -> str:
        # A key that could be mistaken for a path is quoted, so that no two members share one.
        step = key if _PLAIN_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)
        return f"{self.path}.{step}" if self.path else step
