"""Where lines of Chinese text may end (kinsoku, GB/T 15834): pure text and numbers, no PDF.

Written here because reportlab's CJK mode breaks inside Latin words and numbers, knows one font to a line and slows down
with the square of a remark's length. It is a small part of UAX #14: what office papers need and no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

_NO_START = frozenset("、。，．：；？！）〕］｝〉》」』】〗’”…—～·・％‰℃°々ー,.:;?!)]}%»›")
"""What may not begin a line: closing marks and what belongs to the word before it."""
_NO_END = frozenset("（〔［｛〈《「『【〖‘“￥＄([{$«‹#")
"""What may not end a line: opening marks."""
_PAIRS = frozenset("—…")
"""Two of these are one mark (破折号, 省略号)."""
_BREAK_AFTER = frozenset("-/\\_&=?–")
"""Where a long Latin word, path or address may be parted."""
_FIRST_WIDE = "\u2e80"
"""Scripts without blanks between words begin here."""


@lru_cache(maxsize=1 << 16)
def glued(before: str, after: str) -> bool:
    """Whether no line may end between two neighbouring characters."""
    if after == " " or after in _NO_START or before in _NO_END:
        return True
    if before == " ":
        return False
    if before in _PAIRS and before == after:
        return True
    if before in _BREAK_AFTER:
        return False
    return before < _FIRST_WIDE and after < _FIRST_WIDE


def break_lines(
    text: str, advances: Mapping[str, float], measure: float, *, least_end: int = 1, hang: float = 0.0
) -> list[str]:
    """``text`` as lines no wider than ``measure``, in the unit of ``advances``; ``\\n`` always ends a line.

    Blanks at the end of a line hang and are dropped; a word wider than a whole line is parted anywhere. A character
    wider than ``measure`` has a line of its own. The work grows with the length of the text, whatever it holds.
    With ``least_end`` above 1 the line before the last gives up characters where the last would be shorter,
    closing marks not counted (单字不成行). All lines but the first are ``hang`` narrower, for who sets them in.
    """
    first, *others = text.split("\n")
    lines = _with_longer_end(first, _break_part(first, advances, measure, hang), advances, measure - hang, least_end)
    for part in others:
        broken = _break_part(part, advances, measure - hang)
        lines += _with_longer_end(part, broken, advances, measure - hang, least_end)
    return lines


def _with_longer_end(
    text: str, lines: list[str], advances: Mapping[str, float], measure: float, least: int
) -> list[str]:
    if len(lines) < 2 or not lines[-1] or lines[-1][0] < _FIRST_WIDE or _counted(lines[-1]) >= least:
        return lines
    *others, before, last = lines
    for cut in range(len(before) - 1, len(before) // 2, -1):
        end = before[cut:] + last
        if not text.endswith(end):
            break  # a blank that was dropped at the line's end would be missing
        if glued(before[cut - 1], before[cut]) or before[cut - 1] == " " or _counted(end) < least:
            continue
        if sum(advances[char] for char in end) > measure:
            break
        return [*others, before[:cut], end]
    return lines


def _counted(line: str) -> int:
    return sum(char not in _NO_START for char in line)


def _break_part(text: str, advances: Mapping[str, float], measure: float, hang: float = 0.0) -> list[str]:
    lines: list[str] = []
    start = opportunity = 0
    used = 0.0
    before = ""
    for place, char in enumerate(text):
        advance = advances[char]
        if place > start and not glued(before, char):
            opportunity = place
        while used + advance > measure and char != " " and place > start:
            cut = opportunity if opportunity > start else place
            lines.append(text[start:cut].rstrip(" "))
            if hang:
                # What was carried over may be wider than the narrower lines.
                return lines + _break_part(text[cut:], advances, measure - hang)
            used = sum(advances[left] for left in text[cut:place])
            start = cut
        used += advance
        before = char
    lines.append(text[start:].rstrip(" "))
    return lines
