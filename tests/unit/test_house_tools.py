"""The small judges of the house: the lock, the coverage that must be whole, the benchmark table."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import harness
import pytest
from check_coverage import uncovered
from check_lock import problems

PYPROJECT = """
[build-system]
requires = ["wheel"]
[project]
dependencies = ["Some_Lib>=2", "winonly; sys_platform == 'win32'"]
[project.optional-dependencies]
dev = ["judge"]
"""
SHIPS = """\
some-lib==2.1 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
winonly==1 ; sys_platform == 'win32' \\
    --hash=sha256:cc
"""
DEVELOPMENT = SHIPS + "judge==5 --hash=sha256:dd\nwheel==1 --hash=sha256:ee\n"


def test_locks_that_answer_the_project_have_no_problems() -> None:
    assert list(problems(PYPROJECT, SHIPS, DEVELOPMENT)) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("some-lib==2.1", "some-lib==1.9", "Some_Lib 1.9 is locked, >=2 is asked for"),
        ("some-lib==2.1", "other-lib==2.1", "Some_Lib is not locked"),
        ("some-lib==2.1", "some-lib>=2.1", "not pinned: some-lib>=2.1"),
        ("--hash=sha256:aa \\\n    --hash=sha256:bb", "--no-hash", "no hash"),
        ("some-lib==2.1", "--index-url https://mirror.example/simple\nsome-lib==2.1", "names a place"),
        ("some-lib==2.1", "some-lib @ file:///tmp/some.whl", "names a place"),
    ],
)
def test_a_lock_that_is_stale_or_names_a_place_is_refused(old: str, new: str, complaint: str) -> None:
    found = list(problems(PYPROJECT, SHIPS.replace(old, new), DEVELOPMENT.replace(old, new)))

    assert any(complaint in line for line in found), found


def test_both_locks_must_hold_the_same_versions() -> None:
    newer = DEVELOPMENT.replace("some-lib==2.1", "some-lib==2.2")

    assert list(problems(PYPROJECT, SHIPS, newer)) == [
        "requirements-dev.lock: another some-lib than in requirements.lock"
    ]


def test_only_what_must_be_whole_is_held_to_its_coverage() -> None:
    gap = {"missing_lines": [7], "missing_branches": [[4, 7], [7, 8], [9, -1]]}
    report = {"files": {"qisp_desktop/domain/rank.py": gap, "qisp_desktop/gui/window.py": gap}}

    assert list(uncovered(report)) == [
        "qisp_desktop/domain/rank.py:7: never runs",
        "qisp_desktop/domain/rank.py:4: never goes on to line 7",
        "qisp_desktop/domain/rank.py:9: never goes on to the end of the function",
    ]


def test_a_benchmark_row_passes_up_to_its_limit() -> None:
    assert harness.Row("ours", "floor", 3.0, 2.0, at_most=1.5).passed
    assert not harness.Row("ours", "floor", 3.1, 2.0, at_most=1.5).passed


def test_the_preparation_of_a_benchmark_is_not_counted() -> None:
    calls: list[str] = []

    harness.best_of(3, lambda: calls.append("work"), before=lambda: calls.append("before"))

    assert calls == ["before", "work"] * 3


def test_the_benchmark_runner_finds_benchmarks_and_reports_what_is_over_or_broken(tmp_path: Path) -> None:
    source = Path(harness.__file__).parent
    for name in ("run.py", "harness.py"):
        (tmp_path / name).write_bytes((source / name).read_bytes())
    head = "from harness import Row\ndef run() -> list[Row]:\n    "
    (tmp_path / "bench_good.py").write_text(head + 'return [Row("signing", "bare", 1.0, 1.0, 1.5)]\n')

    def run(*names: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, tmp_path / "run.py", *names], capture_output=True, text=True)

    assert (done := run()).returncode == 0, done.stderr
    assert "signing" in done.stdout
    (tmp_path / "bench_slow.py").write_text(head + 'return [Row("crawling", "bare", 9.0, 1.0, 1.5)]\n')
    (tmp_path / "bench_broken.py").write_text(head + "raise OSError\n")
    assert run("good").returncode == 0
    assert "over" in (done := run("slow")).stdout
    assert done.returncode == 1
    assert "broken" in (done := run()).stdout
    assert done.returncode == 1
    assert run("absent").returncode == 2
