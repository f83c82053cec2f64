"""The formulas are exact: for any scores a spreadsheet's floats come to the domain's decimals, halves included."""

from __future__ import annotations

import math
import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.domain.aggregation import deviations, mean, round_half_up
from qisp_desktop.spreadsheets.formulas import exact_difference, exact_mean, exact_sum
from tests.unit.spreadsheets.office_programs import recalculated


def in_floats(total: float, count: int, scale: int) -> float:
    """``exact_mean`` step by step as a spreadsheet does it."""
    return math.floor((round(total * scale) * 200 + scale * count) / (2 * scale * count)) / 100


@given(
    scale=st.sampled_from([1, 10, 100, 1000]),
    units=st.lists(st.integers(0, 100_000), min_size=1, max_size=60),
)
def test_a_mean_in_floats_is_the_exact_mean(scale: int, units: list[int]) -> None:
    points = [Decimal(unit) / scale for unit in units]
    total = math.fsum(float(value) for value in points)
    assert in_floats(total, len(points), scale) == float(mean(points))


@given(count=st.integers(1, 200), hundredths=st.integers(0, 20_000))
def test_a_mean_that_ends_exactly_on_a_half_goes_up(count: int, hundredths: int) -> None:
    # The total whose mean is hundredths + 1/2 of a hundredth, in thousandths.
    total = Fraction(2 * hundredths + 1, 200) * count
    scaled = total * 1000
    assert scaled.denominator == 1
    assert in_floats(float(total), count, 1000) == float(round_half_up(total / count)) == (hundredths + 1) / 100


def test_libreoffice_agrees_on_hundreds_of_totals(tmp_path: Path) -> None:
    generator = random.Random(5)
    book = xlsxwriter.Workbook(str(tmp_path / "cases.xlsx"))
    sheet = book.add_worksheet("cases")
    expected: list[tuple[Decimal, Decimal, Decimal]] = []
    for row in range(600):
        decimals = generator.choice([0, 1, 1, 2, 3])
        scale = 10**decimals
        # Powers of two and of five give the most means that end on a half.
        count = generator.choice([2, 3, 4, 5, 7, 8, 9, 16, 25, 40])
        totals = [Decimal(generator.randrange(30 * scale, 100 * scale + 1)) / scale for _ in range(count)]
        for column, total in enumerate(totals, start=4):
            sheet.write_number(row, column, total)
        area = f"E{row + 1}:{xlsxwriter.utility.xl_col_to_name(3 + count)}{row + 1}"
        sheet.write_formula(row, 0, exact_sum(f"SUM({area})", decimals))
        sheet.write_formula(row, 1, exact_mean(f"A{row + 1}", f"COUNT({area})", scale))
        others = f"A{row + 1}-E{row + 1}"
        sheet.write_formula(row, 2, exact_difference(f"E{row + 1}", others, f"COUNT({area})-1", scale))
        everyone = deviations({f"{n:02d}": total for n, total in enumerate(totals)}, Decimal(-1))
        expected.append((sum(totals, Decimal(0)), mean(totals), everyone[0].difference))
    book.close()
    found = recalculated(tmp_path / "cases.xlsx", tmp_path)["cases"]
    for row, values in enumerate(expected, start=1):
        assert [found.cell(row, column).value for column in (1, 2, 3)] == [float(value) for value in values]
