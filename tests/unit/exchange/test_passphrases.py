"""A passphrase is what the letter says, however it was typed."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.base.errors import UserError
from qisp_desktop.exchange.passphrases import new_passphrase, normalise_passphrase, passphrase_bytes

CANONICAL = "4821-0937-5526-1204-7788"
FILLERS = "- \t\u3000\u2010\u2013\u2014\u2212\u30fc\uff0d\u00a0\u200b\ufeff_\r\n"


def test_a_new_passphrase_is_twenty_digits_in_five_groups_and_never_the_same() -> None:
    made = {new_passphrase() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"\d{4}(-\d{4}){4}", one) for one in made)
    assert all(normalise_passphrase(one) == one for one in made)


@given(st.lists(st.text(FILLERS, max_size=3), min_size=21, max_size=21), st.booleans())
def test_spacing_dashes_and_full_width_digits_do_not_matter(fillers: list[str], full_width: bool) -> None:
    digits = CANONICAL.replace("-", "")
    if full_width:
        digits = digits.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    typed = "".join(filler + digit for filler, digit in zip(fillers, [*digits, ""], strict=True))
    assert normalise_passphrase(typed) == CANONICAL


@given(st.text())
def test_normalising_twice_changes_nothing(typed: str) -> None:
    once = normalise_passphrase(typed)
    assert normalise_passphrase(once) == once


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("  a long sentence of a clerk \n", "a long sentence of a clerk"),
        ("4821-0937", "4821-0937"),
        ("1" * 21, "1" * 21),
        ("密码ＡＢＣ", "密码ABC"),
        ("", ""),
        (" \ufeff ", ""),
        ("٤" * 20, "٤" * 20),
    ],
)
def test_a_passphrase_that_a_clerk_chose_stays_as_typed(typed: str, meant: str) -> None:
    assert normalise_passphrase(typed) == unicodedata.normalize("NFKC", meant)


@pytest.mark.parametrize("typed", ["", " \n", "x" * 1025, "中" * 342, "lone \ud800 surrogate"])
def test_what_no_key_can_take_is_refused_with_a_word(typed: str) -> None:
    with pytest.raises(UserError, match="cannot be used"):
        passphrase_bytes(typed)


def test_keys_get_the_normalised_passphrase_in_utf8() -> None:
    assert passphrase_bytes("４８２１ 0937 5526 1204 7788\n") == CANONICAL.encode()
    assert passphrase_bytes("中" * 341) == ("中" * 341).encode()
