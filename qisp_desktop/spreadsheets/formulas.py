"""Formulas whose results are exact although spreadsheets calculate with binary floats.

A sum of points is rounded to the rubric's decimals, which gives the float nearest to the true decimal. A mean is
taken of whole numbers: with the sum ``T`` in units of ``1/scale`` and ``n`` values, the mean rounded half up to two
decimals is ``floor((200·T + scale·n) / (2·scale·n)) / 100``. The quotient is a whole number or at least
``1/(2·scale·n)`` away from one, far more than a float's error, so every program finds the same floor, halves included.
"""

from __future__ import annotations

from collections.abc import Sequence


def exact_sum(terms: str, decimals: int) -> str:
    """The sum expression ``terms`` of points, free of binary noise."""
    return f"ROUND({terms},{decimals})"


def exact_mean(total: str, count: str, scale: int) -> str:
    """``total`` divided by ``count`` (at least 1), rounded half up to 2 decimals; for totals from 0 on."""
    return f"INT((ROUND(({total})*{scale},0)*200+{scale}*({count}))/({2 * scale}*({count})))/100"


def exact_difference(total: str, others: str, count: str, scale: int) -> str:
    """``total`` minus the mean of ``count`` others whose sum is ``others``; its size rounded half up to 2 decimals."""
    scaled = f"ROUND((({total})*({count})-({others}))*{scale},0)"
    return f"SIGN({scaled})*INT((ABS({scaled})*200+{scale}*({count}))/({2 * scale}*({count})))/100"


def lookup(values: str, keys: str, key: str) -> str:
    """The one of ``values`` beside ``key`` among ``keys``; stays right when either sheet is sorted."""
    return f"INDEX({values},MATCH({key},{keys},0))"


def competition_rank(columns: Sequence[tuple[str, str]]) -> str:
    """1 + the number of rows that are ahead; ``columns`` are (range, own cell), the deciding one first.

    A row is ahead when it is greater in a column and equal in all before it, so equal rows share a rank: 1, 2, 2, 4.
    """
    parts = []
    equal = ""
    for values, own in columns:
        parts.append(f'COUNTIFS({equal}{values},">"&{own})')
        equal += f"{values},{own},"
    return "1+" + "+".join(parts)
