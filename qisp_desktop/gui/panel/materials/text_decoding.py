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
    return DecodedText(_LONG.sub(r"\1\n", visible), encoding, cut, "\ufffd" in text or "␀" in visible)


def looks_like_text(content: bytes) -> bool:
    """Whether the beginning of ``content`` reads as text without a doubt."""
    head = content[:4096]
    text, _encoding = _decoded(head, cut=True)
    return bool(head) and "\ufffd" not in text and not _UNSEEN.search(text)


def _decoded(content: bytes, cut: bool) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(encoding, "replace"), encoding
    mixed = any(map(_surely_utf8, content.splitlines()))
    for encoding in ("utf-8",) if mixed else ("utf-8", "gb18030"):
        try:
            # The last character of what was cut may be half; it is no fault of the file.
            return codecs.getincrementaldecoder(encoding)("strict").decode(content, not cut), encoding
        except UnicodeDecodeError:
            continue
    return "\n".join(map(_line, content.splitlines())), "utf-8, gb18030"


def _surely_utf8(line: bytes) -> bool:
    """Whether ``line`` holds Chinese in UTF-8: bytes of GB 18030 hardly ever make two such characters by chance."""
    try:
        return sum(c > "\u0800" for c in line.decode("utf-8")) > 1
    except UnicodeDecodeError:
        return False


def _line(content: bytes) -> str:
    """A line of a file that was put together from several."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    text = content.decode("utf-8", "replace")
    written = sum(ord(c) > 0x7F for c in text) - text.count("\ufffd")
    return text if written >= text.count("\ufffd") else content.decode("gb18030", "replace")


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    return "\u2421" if code == 0x7F else chr(0x2400 + code)
