"""The unified social credit code (统一社会信用代码) after GB 32100-2015: 18 characters, the last one a check character.

The 17th is a check character of the older organisation code (GB 11714). It is not looked at: codes in use break it.
"""

from __future__ import annotations

import unicodedata

from stdnum.cn import uscc as _gb32100


def normalise(text: str) -> str:
    """``text`` in upper case, half width, without blanks and invisible characters; may still be wrong."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc") and c != "-")


def is_valid(code: str) -> bool:
    """Whether ``code``, already normalised, has the form and the check character of GB 32100."""
    # The library folds spellings of its own accord; here only the one spelling is valid.
    return code.isascii() and _gb32100.compact(code) == code and bool(_gb32100.is_valid(code))
