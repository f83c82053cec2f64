"""Text files as people send them: UTF-8, UTF-16 or GB 18030, with or without a mark, sometimes none of these whole."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

MOST_BYTES = 1 << 20
"""What is shown of a text file; nobody reads more in a window."""
LONGEST_LINE = 2000
"""Characters; laying out one endless line would stop the desk."""
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LONG = re.compile(rf"([^\n]{{{LONGEST_LINE}}})(?=[^\n])")


class DecodedText(NamedTuple):
    """``text`` to show, the ``encoding`` it was read with, whether it was cut, and whether some of it was not text."""

    text: str
    encoding: str
    cut: bool
    doubtful: bool


def decode_text(content: bytes) -> DecodedText:
    """``content`` as text, whatever it is: what does not fit its encoding becomes U+FFFD, control characters signs."""
    cut = len(content) > MOST_BYTES
    content = content[:MOST_BYTES]
    text, encoding = _decoded(content, cut)
    visible = _UNSEEN.sub(_sign, text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
    return DecodedText(_LONG.sub(r"\1\n", visible), encoding, cut, "\ufffd" in text or visible.count("␀") > 0)


def looks_like_text(content: bytes) -> bool:
    """Whether the beginning of ``content`` reads as text without a doubt."""
    head = content[:4096]
    return bool(head) and not decode_text(head[: len(head) - len(head) % 2]).doubtful if _may_be_text(head) else False


def _may_be_text(head: bytes) -> bool:
    return any(head.startswith(bom) for bom, _encoding in _BOMS) or b"\0" not in head


def _decoded(content: bytes, cut: bool) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(encoding, "replace"), encoding
    for encoding in ("utf-8", "gb18030"):
        try:
            # The last character of what was cut may be half; it is no fault of the file.
            return codecs.getincrementaldecoder(encoding)("strict").decode(content, not cut), encoding
        except UnicodeDecodeError:
            continue
    readings = [(content.decode(encoding, "replace"), encoding) for encoding in ("utf-8", "gb18030")]
    return min(readings, key=lambda reading: reading[0].count("\ufffd"))


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    return "\u2421" if code == 0x7F else chr(0x2400 + code)
