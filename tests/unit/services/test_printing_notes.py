"""What was printed stands in the round's audit trail, at once or as soon as the round can be written again."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qisp_desktop.services.print_notes import UNREADABLE, RunningNotes, enter_notes, notes_of, waiting_file
from qisp_desktop.services.print_runs import Part, PrintOrder, PrintReport
from qisp_desktop.services.rounds import new_round
from qisp_desktop.store.round_store import RoundStore
from tests.unit.services.printable import stock_of

WHEN = datetime(2026, 7, 20, 8, 30, tzinfo=UTC)


@pytest.fixture
def round_path(tmp_path: Path) -> Path:
    path = tmp_path / "2026.qround"
    new_round(path, year=2026, name="2026年度评价", passphrase="only for the tests")
    return path


def report() -> PrintReport:
    """Two papers are out, a third is in doubt."""
    stock = stock_of(3, 1, 2)
    first, second, third = stock.papers
    out = (Part(1, first, (1, 2, 3)), Part(2, second, (1,)))
    return PrintReport(PrintOrder(stock.papers), "Office", out, (Part(3, third, (1, 2)),), (), None, None)


def noted(path: Path) -> list[tuple[str, str]]:
    with RoundStore.open(path, actor="tests") as store:
        assert store.verify_audit(lambda _data, _signature: "") == []
        return [(event.subject, event.detail) for event in store.audit_events() if event.action == "print"]


def test_what_surely_went_out_is_noted_with_time_person_printer_and_pages(round_path: Path) -> None:
    (note,) = notes_of(report(), WHEN)
    assert enter_notes(round_path, "r1", [note]) is None

    ((subject, detail),) = noted(round_path)
    assert subject == "paper:score-sheet"
    assert detail.startswith("2026-07-20T08:30:00Z ")
    assert detail.endswith("→ Office: 2 × QISP-2026-001_E001_score-sheet p. 1-3; QISP-2026-002_E001_score-sheet p. 1")


def test_while_another_clerk_writes_the_note_waits_and_is_entered_later(round_path: Path) -> None:
    notes = notes_of(report(), WHEN)
    with RoundStore.open(round_path, actor="another clerk", write=True):
        problem = enter_notes(round_path, "r1", notes)
        assert problem is not None
        assert waiting_file("r1").exists()
        assert enter_notes(round_path, "r1", notes) is not None

    assert noted(round_path) == []
    assert enter_notes(round_path, "r1") is None
    assert len(noted(round_path)) == 2
    assert not waiting_file("r1").exists()
    assert enter_notes(round_path, "r1") is None
    assert len(noted(round_path)) == 2


def test_waiting_notes_that_were_damaged_do_not_keep_new_ones_out(round_path: Path) -> None:
    waiting_file("r1").parent.mkdir(parents=True)
    waiting_file("r1").write_bytes(b"{not json")

    assert enter_notes(round_path, "r1", notes_of(report(), WHEN)) is None
    assert len(noted(round_path)) == 1
    assert waiting_file("r1").with_suffix(UNREADABLE).read_bytes() == b"{not json", "kept for somebody to look at"
    assert enter_notes(round_path, "r1") is None
    assert len(noted(round_path)) == 1


def test_a_run_that_put_nothing_out_leaves_no_note(round_path: Path) -> None:
    nothing = PrintReport(PrintOrder(()), "Office", (), (), (), None, None)

    assert notes_of(nothing, WHEN) == []
    assert enter_notes(round_path, "r1") is None
    assert noted(round_path) == []


KILLED_WHILE_PRINTING = """
import os, signal
from qisp_desktop.services.print_notes import RunningNotes
from tests.unit.services.test_printing_notes import report
running = RunningNotes("r1", "Office")
running.add(report().out[:1])
running.add(report().out[1:])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_program_that_is_killed_while_it_prints_leaves_an_account_of_what_is_out(round_path: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", KILLED_WHILE_PRINTING], check=False, timeout=60)
    assert ran.returncode == -signal.SIGKILL
    with RoundStore.open(round_path, actor="another clerk", write=True):
        assert enter_notes(round_path, "r1") is not None
    assert enter_notes(round_path, "r1") is None
    ((_subject, detail),) = noted(round_path)
    assert "2 × QISP-2026-001" in detail
    assert not list(waiting_file("r1").parent.iterdir())


def test_a_run_that_goes_on_is_not_taken_for_one_that_was_killed(round_path: Path) -> None:
    running = RunningNotes("r1", "Office")
    running.add(report().out)
    assert enter_notes(round_path, "r1") is None
    assert noted(round_path) == []
    running.close()
    assert not list(waiting_file("r1").parent.iterdir())


def test_a_disk_that_takes_no_note_does_not_stop_the_printing(round_path: Path) -> None:
    waiting_file("r1").parent.parent.mkdir(parents=True, exist_ok=True)
    waiting_file("r1").parent.write_text("no folder")
    RunningNotes("r1", "Office").add(report().out)
    assert waiting_file("r1").parent.is_file()
