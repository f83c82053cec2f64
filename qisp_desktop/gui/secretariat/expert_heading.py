"""Experts as headings of narrow columns: number, name and a count below each other."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from qisp_desktop.gui import theme

ROOM = 50
"""Pixels at 100 % that a line of the heading may take."""
WHOLE, HALF = 3, 2
"""Characters of a Chinese name that stand in one line, and in each of two."""
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""A Chinese character (the blocks of unified and compatibility ideographs): "José" has none, "𬭚" is one."""


def expert_heading(number: str, name: str, count: str) -> str:
    """The heading of an expert's column; a count such as ``1999/2000`` is broken where it is too wide."""
    return "\n".join((number, *_name_lines(name), *_count_lines(count)))


def _name_lines(name: str) -> list[str]:
    """One line; two for a Chinese name of four characters; of others the last word, cut off where it is too long."""
    words = name.split()
    if not words:
        return []
    if not _CHINESE.search(name):
        return [_cut(words[-1])]
    joined = "".join(words)
    if len(joined) <= WHOLE:
        return [joined]
    return [joined[:HALF], _cut(joined[HALF:])]


def _count_lines(count: str) -> list[str]:
    done, slash, due = count.partition("/")
    if slash and _metrics().horizontalAdvance(count) > theme.current().px(ROOM):
        return [done, slash + due]
    return [count]


def _cut(text: str) -> str:
    return _metrics().elidedText(text, Qt.TextElideMode.ElideRight, theme.current().px(ROOM))


def _metrics() -> QFontMetrics:
    return QFontMetrics(theme.current().font())
