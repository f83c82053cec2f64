"""The unified social credit code: folded before it is judged, and judged by its check character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.domain.uscc import is_valid, normalise
from qisp_desktop.services.sample import example_code

REAL = "91110000600037341L"


@pytest.mark.parametrize(
    "written",
    [
        REAL,
        REAL.lower(),
        f"  {REAL}\n",
        "9111 0000 6000 3734 1L",
        "９１１１００００６０００３７３４１Ｌ",
        f"{REAL}\u200b",
        "\ufeff911100006000-37341L",
    ],
)
def test_another_spelling_of_a_code_is_the_same_code(written: str) -> None:
    assert normalise(written) == REAL
    assert is_valid(normalise(written))


@pytest.mark.parametrize(
    "code", ["", "91440300MA5EXAMPLE", REAL[:-1], REAL + "0", REAL.lower(), "A" + REAL[1:], "数" * 18]
)
def test_what_is_no_code_is_refused(code: str) -> None:
    assert not is_valid(code)


@given(st.text(min_size=1), st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_wrong_digit_never_goes_unnoticed(seed: str, position: int, digit: str) -> None:
    code = example_code("91440300", seed.encode("utf-8", "replace").decode("utf-8"))
    assert is_valid(code)
    wrong = code[:position] + digit + code[position + 1 :]
    assert is_valid(wrong) == (wrong == code)


@given(st.text())
def test_no_text_breaks_the_judgement(text: str) -> None:
    assert is_valid(normalise(text)) in (True, False)
