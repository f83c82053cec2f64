"""A full disk, and processes killed at odd moments: what was there before is whole, what is new is whole or absent."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from qisp_desktop.exchange.panel_package import open_panel_package
from tests.e2e.command import Ran, done, qisp, write_json
from tests.e2e.small_round import EXPERTS, Place

KILLS = int(os.environ.get("QISP_TEST_KILLS", "3"))
"""How often each command is killed; many more by hand."""
EXPERT = EXPERTS[0]

needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="a small file system is mounted by root"
)


# Full disk --------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """An empty file system of 40 MB."""
    mount = tmp_path / "disk"
    mount.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", mount], check=True, capture_output=True)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"nothing can be mounted here: {error.stderr.decode()}")
    yield mount
    subprocess.run(["umount", "-l", mount], check=True)


def fill(disk: Path, *, leave: int) -> Path:
    """Fill ``disk`` but for ``leave`` bytes; returns the file that takes the room."""
    filler = disk / "filler"
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, max(1, shutil.disk_usage(disk).free - leave))
    assert shutil.disk_usage(disk).free <= leave
    return filler


def content(folder: Path) -> dict[str, bytes]:
    """Every file but the bookkeeping of databases and the round's backups."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in (".qround", ".sqlite", ".sqlite-wal", ".sqlite-shm", ".sqlite-journal")
        if "backups" not in path.as_posix() and path.name != "filler"
    }


def assert_refused_for_want_of_space(ran: Ran) -> None:
    assert ran.code == 1, ran
    assert "Traceback" not in ran.err
    assert "space" in ran.err.lower(), ran


@needs_root
def test_a_folder_that_may_only_be_read_is_told_and_nothing_is_begun_in_it(prepared: Place, small_disk: Path) -> None:
    place = prepared.copied(small_disk / "place")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    new = ("round", "new", small_disk / "new.qround", "--year", 2026, "--name", "x")
    for command in (new, ("issue", place.round, prepared.out), ("template", "experts", small_disk / "experts.xlsx")):
        ran = qisp(*place.office(*command)) if command[0] != "template" else qisp(*command)
        assert ran.code == 1, ran
        assert "may only be read" in ran.err, ran
    done("results", place.round)
    assert not prepared.out.exists()


@needs_root
@pytest.mark.parametrize("leave", [0, 150_000])
def test_a_full_disk_stops_issuing_and_what_was_handed_out_stays_valid(
    issued: Place, small_disk: Path, leave: int
) -> None:
    place = issued.copied(small_disk / "place")
    before = content(place.out)
    filler = fill(small_disk, leave=leave)
    ran = qisp(*place.office("issue", place.round, place.out, "--plain-letters"))
    assert_refused_for_want_of_space(ran)
    after = content(place.out)
    assert set(after) == set(before)
    filler.unlink()
    # Each expert's package and letter belong together, and the round stands behind the newest pair.
    for expert in EXPERTS:
        manifest = open_panel_package(place.package(expert), place.letter(expert).read_text("utf-8").strip()).manifest
        changed = after[f"packages/{expert}.qpanel"] != before[f"packages/{expert}.qpanel"]
        assert manifest.issue == (f"{expert}-2" if changed else f"{expert}-1")
    done("audit", place.round, "--verify")
    done(*place.office("issue", place.round, place.out, "--plain-letters", "--expert", EXPERT))


@needs_root
def test_a_full_disk_stops_the_desk_and_nothing_signed_or_typed_is_lost(worked: Place, small_disk: Path) -> None:
    expert = next(one for one in EXPERTS if one != worked.recusal()[0])
    number = worked.assigned[expert][0]
    place = worked.copied(small_disk / "place")
    place.score(expert, {number: {"scores": {"C1": "10"}}})
    shown = place.shown(expert)
    returns = content(place.returns)
    remarks = {code: "评语" * 20_000 for code in ("Q1", "Q2", "Q3", "Q4", "Q5", "C1", "C2", "C3")}
    long = write_json(place.folder / "long.json", {number: {"remarks": remarks}})
    filler = fill(small_disk, leave=0)

    assert_refused_for_want_of_space(place.at_desk(expert, "score", long))
    assert_refused_for_want_of_space(place.at_desk(expert, "sign", place.returns))
    assert content(place.returns) == returns
    filler.unlink()
    assert place.shown(expert) == shown
    place.sign(expert)
    assert place.collect(place.signed(expert, 2)).code == 0


@needs_root
def test_a_full_disk_stops_collecting_and_exporting_and_the_round_stays_whole(worked: Place, small_disk: Path) -> None:
    place = worked.copied(small_disk / "place")
    place.collect(place.signed(EXPERT))
    book = place.folder / "summary.xlsx"
    done("export", "workbook", place.round, book)
    before, results = content(place.folder), place.results()
    filler = fill(small_disk, leave=0)

    ran = qisp(*place.office("collect", place.round, place.returns))
    assert_refused_for_want_of_space(ran)
    assert_refused_for_want_of_space(qisp("export", "workbook", place.round, book))
    assert_refused_for_want_of_space(qisp("export", "papers", place.round, place.folder / "papers"))
    assert not list((place.folder / "papers").rglob("*.pdf"))
    filler.unlink()
    done("audit", place.round, "--verify")
    assert place.results() == results
    assert {name: data for name, data in content(place.folder).items() if name in before} == before
    assert place.collect().code == 0


# Killed -----------------------------------------------------------------------------------------------------------


def run_and_kill(arguments: Sequence[object], after_s: float) -> bool:
    """Run ``qisp`` as a process of its own and kill it then; whether it was still running."""
    process = subprocess.Popen(
        [sys.executable, "-m", "qisp_desktop.cli", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def killed_at_odd_moments(arguments: Sequence[object], seed: int) -> Iterator[int]:
    """Kill the command at ``KILLS`` moments, spread over the time that it takes, and yield after each."""
    chance = random.Random(seed)
    started = time.monotonic()
    run_and_kill(["--version"], 60)
    start_up = time.monotonic() - started
    for n in range(KILLS):
        # Most of the work happens after start-up and unlocking.
        run_and_kill(arguments, start_up + 0.3 + chance.random() * 3)
        yield n


def assert_round_is_whole(place: Place) -> None:
    ran = qisp("audit", place.round, "--verify")
    assert ran.code == 0, ran
    assert qisp("results", place.round, "--json").code == 0


def test_a_killed_issue_leaves_packages_that_open_with_their_letters(prepared: Place) -> None:
    command = prepared.office("issue", prepared.round, prepared.out, "--plain-letters")
    for _kill in killed_at_odd_moments(command, seed=1):
        assert_round_is_whole(prepared)
        for package in (prepared.out / "packages").glob("*.qpanel"):
            with zipfile.ZipFile(package) as archive:
                assert archive.testzip() is None
    done(*command, "--expert", EXPERT)
    secret = prepared.letter(EXPERT)
    done("verify", prepared.package(EXPERT), "--round", prepared.round, "--passphrase-file", secret)


def test_a_killed_desk_has_all_scores_or_none_and_signs_when_asked_again(issued: Place) -> None:
    expert = next(one for one in EXPERTS if one != issued.recusal()[0])
    issued.open(expert)
    issued.score(expert, {})
    scores = write_json(issued.folder / "scores.json", issued.scores()[expert])
    secret = ("--passphrase-file", issued.letter(expert))
    for _kill in killed_at_odd_moments(("desk", "score", issued.desk(expert), scores, *secret), seed=2):
        assert len({one["status"] for one in issued.shown(expert).values()}) == 1
    issued.score(expert, issued.scores()[expert])
    for _kill in killed_at_odd_moments(("desk", "sign", issued.desk(expert), issued.returns, *secret), seed=3):
        assert {one["status"] for one in issued.shown(expert).values()} in ({"complete"}, {"signed"})
        for name in content(issued.returns):
            assert name.endswith((".qscore", ".pdf", ".part"))
    issued.sign(expert)
    assert [path.name for path in issued.returns.glob("*.qscore")] == [f"{expert}-r1.qscore"]
    assert issued.collect(issued.signed(expert), "--deep").code == 0


def test_a_killed_collection_has_merged_all_or_nothing(worked: Place) -> None:
    counts = set()
    for _kill in killed_at_odd_moments(worked.office("collect", worked.round, worked.returns), seed=4):
        assert_round_is_whole(worked)
        counts.add(done("round", "show", worked.round, "--json").json["returned"])
    assert counts <= {0, len(EXPERTS)}
    assert worked.collect().code == 0
    assert done("round", "show", worked.round, "--json").json["returned"] == len(EXPERTS)


def test_a_killed_export_leaves_the_old_workbook_or_the_new_one(collected: Place) -> None:
    book = collected.folder / "summary.xlsx"
    done("export", "workbook", collected.round, book)
    for _kill in killed_at_odd_moments(("export", "workbook", collected.round, book), seed=5):
        with zipfile.ZipFile(book) as archive:
            assert archive.testzip() is None
        assert_round_is_whole(collected)
    done("export", "workbook", collected.round, book)
