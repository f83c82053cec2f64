"""Collecting in the window: how soon the first verdict is seen, and how long the window is ever blocked meanwhile."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from big_round import PASSPHRASE, BigRound, make_round
from harness import Row
from PySide6.QtCore import QTimer
from windows import running, wait

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.collecting.view import CollectingView
from qisp_desktop.gui.secretariat.desk_page import DeskPage, desk_screen

APPLICATIONS, EXPERTS, TIMES = 200, 9, 5
FIRST_VERDICT_S, LONGEST_BLOCK_S = 0.3, 0.05
BEAT_MS = 1


class _Heartbeat:
    """Notes the longest time between two turns of the event loop.

    Of wall-clock time and the processor time of the whole process the shorter counts: while other programs have the
    processor nobody's code here blocks the window, and while two threads of ours run time passes only once.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._last, self._used = perf_counter(), process_time()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now, used = perf_counter(), process_time()
        self.longest = max(self.longest, min(now - self._last, used - self._used))
        self._last, self._used = now, used


def run() -> list[Row]:
    """The first verdict after dropping 9 returns of 200 applications, and the longest block until all are shown."""
    first, block = float("inf"), float("inf")
    with tempfile.TemporaryDirectory() as name:
        big = make_round(Path(name), applications=APPLICATIONS, experts=EXPERTS)
        with running(Path(name)) as program:
            for number in range(TIMES):
                seen, blocked = _collected(program, big, Path(name) / f"copy-{number}.qround")
                first, block = min(first, seen), min(block, blocked)
    return [
        Row("first verdict after dropping 9 returns × 200 sheets", "0.3 s", first, FIRST_VERDICT_S, 1.0),
        Row("longest block of the window while 1,800 sheets are merged", "50 ms", block, LONGEST_BLOCK_S, 1.0),
    ]


def _collected(program: Application, big: BigRound, copy: Path) -> tuple[float, float]:
    shutil.copyfile(big.path, copy)
    program.go.show(desk_screen(program.go.shell, copy, "collecting"))
    page = program.window.page
    if not isinstance(page, DeskPage):
        raise RuntimeError("the desk is not shown")
    wait(lambda: page.session.open_round is not None and not program.tasks.busy)
    page.session.unlock(page, PASSPHRASE, lambda: None, lambda error: None)
    wait(lambda: page.session.unlocked and not program.tasks.busy)
    view = page.view
    if not isinstance(view, CollectingView):
        raise RuntimeError("collecting is not shown")
    heart = _Heartbeat()
    started = perf_counter()
    view.presenter.collect(list(big.returns))
    wait(lambda: bool(view.files.model.rows))
    seen = perf_counter() - started
    # Until the round is merged and everything has been read and shown again.
    wait(lambda: len(view.presenter.files) == EXPERTS and not view.presenter.busy and not program.tasks.busy)
    wait(lambda: not program.tasks.busy)
    heart.stop()
    data = view.presenter.data
    if data is None or data.board.tally.back != APPLICATIONS * EXPERTS:
        raise RuntimeError("not everything was collected")
    return seen, heart.longest
