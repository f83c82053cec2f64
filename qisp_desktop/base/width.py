"""Full-width characters, which Chinese input methods write, as plain ones."""

from __future__ import annotations

import unicodedata

_WIDTHS = ("<wide>", "<narrow>")


def halfwidth(text: str) -> str:
    """``text`` with its full-width digits, letters, signs and blanks as plain ones, and nothing else changed.

    For numbers, where the compatibility form (NFKC) would be wrong: it makes 152 of 15² and 11 of 1①.
    """
    return "".join(_folded(character) for character in text)


def _folded(character: str) -> str:
    return unicodedata.normalize("NFKC", character) if _is_a_width(character) else character


def _is_a_width(character: str) -> bool:
    return unicodedata.decomposition(character).startswith(_WIDTHS)
