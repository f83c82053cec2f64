"""The summary workbook through the command line: a second one shows what changed since the first."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from qisp_desktop.store.round_store import RoundStore
from tests.e2e.command import done, refused
from tests.e2e.small_round import ACCEPTED, Place


def changes_in(workbook: Path) -> set[tuple[object, object]]:
    """Application and aspect of every change that a workbook lists."""
    rows = openpyxl.load_workbook(workbook)["变更"].iter_rows(min_row=5, values_only=True)
    return {(row[1], row[3]) for row in rows if row[1]}


def test_a_second_workbook_lists_what_was_decided_in_between(collected: Place) -> None:
    first, second = collected.folder / "first.xlsx", collected.folder / "second.xlsx"
    number = ACCEPTED[1]

    ran = done("export", "workbook", collected.round, first)
    assert ran.out.splitlines() == [str(first)]
    assert changes_in(first) == set()

    done("screen", collected.round, "--decide", number, "refused", "--reason", "复核发现材料不实")
    ran = done("export", "workbook", collected.round, second)
    assert "differ from the export before" in ran.out
    assert {(number, "形式审查"), (number, "状态"), (number, "最终得分")} <= changes_in(second)
    done("audit", collected.round, "--verify")


def test_a_round_that_is_open_elsewhere_gives_its_workbook_with_a_word_of_warning(collected: Place) -> None:
    book = collected.folder / "summary.xlsx"

    with RoundStore.open(collected.round, actor="王秘书", write=True):
        ran = done("export", "workbook", collected.round, book)

    assert changes_in(book) == set()
    assert "the next export cannot be compared with it" in ran.err
    assert "王秘书" in ran.err


def test_the_round_is_not_overwritten_by_a_slip_of_the_keyboard(collected: Place) -> None:
    before = collected.round.read_bytes()

    refused("export", "workbook", collected.round, collected.round, words="It is the round itself.")

    assert collected.round.read_bytes() == before
