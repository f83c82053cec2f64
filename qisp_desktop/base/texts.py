"""Text as people type it, made fit to be kept and printed."""

from __future__ import annotations

import re
import unicodedata

_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""The categories Cc, but for the line feed, and Cs, which never change. Asked one by one, the characters of a long
remark would take a hundred times as long, at every key."""


def clean_text(text: str) -> str:
    """``text`` as papers can print it: one kind of line end, no control characters but line feeds, no half surrogates,
    trimmed."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _UNPRINTABLE.sub("", unified).strip()


def printable(text: str) -> str:
    """``text`` for a terminal: control characters, which could steer it, are shown as ``\\x1b``."""
    return "".join(
        c.encode("unicode_escape").decode() if c not in "\n\t" and unicodedata.category(c) == "Cc" else c for c in text
    )
