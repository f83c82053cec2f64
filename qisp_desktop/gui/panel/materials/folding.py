"""Text as it is compared in a search: without case, width and white space, with the way back to the original."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple


class Folded(NamedTuple):
    """``text`` as it is compared; ``origins[i]`` is where its i-th character stands in the original, counted in UTF-16
    units as Qt counts, and the last one is the original's length."""

    text: str
    origins: list[int]

    def places(self, wanted: str) -> list[tuple[int, int]]:
        """Where the folded ``wanted`` stands in the original, as (start, length), not overlapping."""
        found = []
        start = self.text.find(wanted) if wanted else -1
        while start >= 0:
            last = start + len(wanted) - 1
            first = self.origins[start]
            found.append((first, self.origins[last] + 1 - first))
            start = self.text.find(wanted, last + 1)
        return found


def folded(text: str) -> Folded:
    """``text`` folded. White space goes, because lines of Chinese break anywhere."""
    characters: list[str] = []
    origins: list[int] = []
    place = 0
    for character in text:
        for part in _fold(character):
            characters.append(part)
            origins.append(place)
        place += 2 if ord(character) > 0xFFFF else 1
    return Folded("".join(characters), [*origins, place])


@lru_cache(maxsize=65536)
def _fold(character: str) -> str:
    return "".join(unicodedata.normalize("NFKC", character).casefold().split())
