"""The passphrase on the sealed letter: easy to type and to read aloud, and forgiving about how it is spaced."""

from __future__ import annotations

import secrets
import unicodedata

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _

DIGITS = 20
GROUP = 4
LONGEST_BYTES = 1024
"""UTF-8 bytes of a passphrase, at most."""


def new_passphrase() -> str:
    """20 random digits (66 bits) in 5 groups, such as ``4821-0937-5526-1204-7788``."""
    return _grouped(f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}")


def normalise_passphrase(typed: str) -> str:
    """The passphrase that was meant by what was typed.

    20 digits come out in the canonical groups, however they were spaced, with whatever dashes, also in full-width
    digits. Anything else is a passphrase that a clerk chose: compatibility forms are folded (NFKC), blanks and
    invisible characters at both ends dropped, and nothing more.
    """
    folded = unicodedata.normalize("NFKC", typed)
    digits = "".join(c for c in folded if not _is_filler(c))
    if len(digits) == DIGITS and digits.isascii() and digits.isdigit():
        return _grouped(digits)
    return folded.strip("".join({c for c in folded if _is_blank(c)}))


def passphrase_bytes(typed: str) -> bytes:
    """The normalised passphrase as keys and stock tools take it (UTF-8).

    Raises UserError when it is empty, longer than ``LONGEST_BYTES`` or not Unicode text.
    """
    try:
        data = normalise_passphrase(typed).encode("utf-8")
    except UnicodeEncodeError:
        data = b""
    if not 0 < len(data) <= LONGEST_BYTES:
        raise UserError(
            _("This passphrase cannot be used."),
            _("It is empty, too long or contains characters that are no text."),
            _("Type the passphrase from the letter, or choose another one."),
        )
    return data


def _grouped(digits: str) -> str:
    return "-".join(digits[n : n + GROUP] for n in range(0, DIGITS, GROUP))


def _is_blank(c: str) -> bool:
    return c.isspace() or unicodedata.category(c) in ("Cc", "Cf")


def _is_filler(c: str) -> bool:
    # The minus sign, the long-vowel mark and the underscore are what some keyboards give for the dash.
    return _is_blank(c) or unicodedata.category(c) == "Pd" or c in "\u2212\u30fc_"
