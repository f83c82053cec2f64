"""Many papers at a time: in their order, each with its own fate, whatever happens to a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from functools import partial
from pathlib import Path

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import language, using
from qisp_desktop.services.paper_batches import WORTH_PROCESSES, MadePaper, PlannedPaper, make_all
from qisp_desktop.services.papers import PaperKind

HERE = os.getpid()
LONG = WORTH_PROCESSES * 3
"""Papers that are still being made when the other processes have started."""


def rendered(number: int, slow_seconds: float = 0.02) -> bytes:
    """Slower for some, so that later ones are ready before them."""
    time.sleep(slow_seconds * (1 + number % 3))
    return f"{number} {language()}".encode()


def where(number: int) -> bytes:
    """The process that makes the paper."""
    rendered(number)
    return f"{number} {os.getpid()}".encode()


def refused(number: int) -> bytes:
    raise UserError(f"{number} cannot be printed", "why", "do")


def killed(number: int, parent: int) -> bytes:
    """Ends the process, as a system short of memory does, unless it is the program's own."""
    if os.getpid() != parent:
        os._exit(9)
    return rendered(number)


def planned(number: int, *, bad: int = -1, deadly: int = -1, signed: int = -1) -> PlannedPaper:
    render = partial(rendered, number)
    if number == bad:
        render = partial(refused, number)
    if number == deadly:
        render = partial(killed, number, HERE)
    original = (lambda: b"signed") if number == signed else None
    return PlannedPaper(PaperKind.REPORT, "", "", str(number), lambda: render, original)


def test_papers_come_in_their_order_from_several_processes_in_the_same_language() -> None:
    papers = [planned(number, signed=LONG - 7) for number in range(LONG)]
    with using("zh_CN"):
        made = list(make_all(papers, workers=2))
    assert [one.planned for one in made] == papers
    assert [one.pdf for one in made] == [b"signed" if n == LONG - 7 else f"{n} zh_CN".encode() for n in range(LONG)]


def test_every_process_makes_some() -> None:
    papers = [PlannedPaper(PaperKind.REPORT, "", "", "", partial(partial, where, number)) for number in range(LONG)]
    made = [one.pdf.split() for one in make_all(papers, workers=2)]
    assert [int(number) for number, _process in made] == list(range(LONG))
    processes = [int(process) for _number, process in made]
    assert len(set(processes)) == 2
    assert processes.count(HERE) > LONG // 4


def test_what_cannot_be_made_is_said_at_its_place_and_the_others_are_made() -> None:
    bad = LONG - 12
    papers = [planned(number, bad=bad) for number in range(LONG)]
    for workers in (1, 2):
        made = list(make_all(papers, workers))
        problem = made[bad].problem
        assert isinstance(problem, UserError)
        assert problem.what == f"{bad} cannot be printed"
        assert all(one.problem is None and one.pdf for one in made if one is not made[bad])


def test_a_process_that_the_system_ends_costs_no_paper() -> None:
    papers = [
        PlannedPaper(PaperKind.REPORT, "", "", "", partial(partial, killed, number, HERE)) for number in range(LONG)
    ]
    made: list[MadePaper] = list(make_all(papers, workers=2))
    assert [one.pdf.split()[0] for one in made] == [str(n).encode() for n in range(LONG)]


def test_a_few_papers_start_no_process() -> None:
    made = make_all([planned(n, deadly=n) for n in range(5)], workers=2)
    assert [one.pdf.split()[0] for one in made] == [str(n).encode() for n in range(5)]
    assert os.getpid() == HERE


def test_stopping_half_way_leaves_no_process_behind() -> None:
    papers = make_all([planned(n) for n in range(LONG)], workers=2)
    assert isinstance(papers, Generator)
    assert next(papers).pdf.startswith(b"0")
    papers.close()
    import multiprocessing

    assert multiprocessing.active_children() == []


KILLED = """
import os, signal, sys
from tests.unit.services.test_paper_batches import LONG, make_all, planned
import multiprocessing
if __name__ == "__main__":
    papers = make_all([planned(number) for number in range(LONG)], workers=3)
    next(papers)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_program_that_is_killed_takes_its_processes_along(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment) as killed:
        # The pipe ends when the last process that writes to it is gone.
        said, _errors = killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert len(said.split()) == 2
