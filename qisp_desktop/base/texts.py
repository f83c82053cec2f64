"""Text as people type it, made fit to be kept and printed."""

from __future__ import annotations

import unicodedata


def clean_text(text: str) -> str:
    """``text`` as papers can print it: one kind of line end, no control characters but line feeds, no half surrogates,
    trimmed."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = (c for c in unified if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def printable(text: str) -> str:
    """``text`` for a terminal: control characters, which could steer it, are shown as ``\\x1b``."""
    return "".join(
        c.encode("unicode_escape").decode() if c not in "\n\t" and unicodedata.category(c) == "Cc" else c for c in text
    )
