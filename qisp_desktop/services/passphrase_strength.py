"""How soon a passphrase would be guessed by somebody who has the round file (zxcvbn, without any network)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qisp_desktop.base.i18n import N_, _
from qisp_desktop.exchange.passphrases import normalise_passphrase

LOOKED_AT = 40
"""Characters of a passphrase that are looked at: more can only make it stronger, and 72 odd ones take seconds."""
STRONGEST = 4
GOOD = 3
"""The score from which nothing is advised any more."""
WEAKEST = 2
"""The lowest score that a new round takes from a window."""
_BOUNDS = (10**4, 10**7, 10**9, 10**12)
"""Guesses from which each score but the lowest holds: the key derivation (bcrypt, 64 rounds) lets a thousand cores try
some 2,000 passphrases a second."""
_MEANINGS = (
    N_("It would be guessed at once."),
    N_("It would be guessed within hours."),
    N_("It would be guessed within weeks."),
    N_("Good: guessing it would take years."),
    N_("Very good: nobody will guess it."),
)
_WARNINGS = {
    "Straight rows of keys are easy to guess.": N_("Rows of keys are easy to guess."),
    "Short keyboard patterns are easy to guess.": N_("Rows of keys are easy to guess."),
    'Repeats like "aaa" are easy to guess.': N_("Repeated characters are easy to guess."),
    'Repeats like "abcabcabc" are only slightly harder to guess than "abc".': N_(
        "Repeated characters are easy to guess."
    ),
    'Sequences like "abc" or "6543" are easy to guess.': N_("Sequences such as 6543 are easy to guess."),
    "Recent years are easy to guess.": N_("Years are easy to guess."),
    "Dates are often easy to guess.": N_("Dates are easy to guess."),
    "This is a top-10 common password.": N_("It is among the passwords that everybody tries first."),
    "This is a top-100 common password.": N_("It is among the passwords that everybody tries first."),
    "This is a very common password.": N_("It is among the passwords that everybody tries first."),
    "This is similar to a commonly used password.": N_("It is close to a password that everybody tries first."),
    "A word by itself is easy to guess.": N_("A word by itself is easy to guess."),
    "Names and surnames by themselves are easy to guess.": N_("Names by themselves are easy to guess."),
    "Common names and surnames are easy to guess.": N_("Names by themselves are easy to guess."),
}
"""What the library warns of, in the words of this program."""


@dataclass(frozen=True)
class Strength:
    """``score`` from 0 (guessed at once) to 4, what it means, and what makes it weak (may be empty)."""

    score: int
    meaning: str
    advice: str

    @property
    def weak(self) -> bool:
        """Whether a new round does not take it from a window."""
        return self.score < WEAKEST


def strength_of(passphrase: str, known: Iterable[str] = ()) -> Strength:
    """How strong ``passphrase`` is; ``known`` are words that whoever has the file knows, such as the round's name."""
    from zxcvbn import zxcvbn

    typed = normalise_passphrase(passphrase)[:LOOKED_AT]
    if not typed:
        return Strength(0, "", "")
    words = [part[:LOOKED_AT] for word in known for part in (word, *word.split()) if part]
    found = zxcvbn(typed, user_inputs=words)
    score = sum(found["guesses"] >= bound for bound in _BOUNDS)
    warning = _WARNINGS.get(found["feedback"]["warning"] or "", "")
    advice = _(warning) if warning else _("Add two or three words that have nothing to do with each other.")
    return Strength(score, _(_MEANINGS[score]), "" if score >= GOOD else advice)
