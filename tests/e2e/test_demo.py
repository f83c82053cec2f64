"""``qisp demo``: a whole round on the sample that ships, and what it says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.command import done, qisp, refused


def test_the_demonstration_ends_with_a_ranking_and_everything_verified(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    ran = done("demo", folder, "--applications", 2, "--experts", 4)
    assert "QISP-2026-001" in ran.out
    assert str(folder / "summary.xlsx") in ran.out
    done("audit", folder / "round-2026.qround", "--verify")
    results = done("results", folder / "round-2026.qround", "--json").json["applications"]
    assert [one["status"] for one in results].count("ok") >= 1


@pytest.mark.parametrize("counts", [(12, 3), (0, 7), (12, -1), (10**7, 7)])
def test_numbers_that_cannot_be_shown_are_refused_before_anything_is_made(
    tmp_path: Path, counts: tuple[int, int]
) -> None:
    applications, experts = counts
    refused("demo", tmp_path / "demo", "--applications", applications, "--experts", experts, words="Choose")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] in ([], ["demo.txt"])


def test_a_folder_of_somebodys_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("precious", encoding="utf-8")
    ran = qisp("demo", tmp_path)
    assert (ran.code, own.read_text("utf-8"), len(list(tmp_path.iterdir()))) == (1, "precious", 1)
