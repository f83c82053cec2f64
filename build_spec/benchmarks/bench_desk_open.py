"""Process start to the painted overview of a large round, against a bare window with one Chinese label.

Both are whole processes. The round holds 2,000 applications, each scored by 9 experts: 18,000 sheets with their
remarks, 60 MB. It is opened for writing, as a clerk's own round is.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_start import BARE
from big_round import make_scored_round
from harness import Row, best_of_both

APPLICATIONS, EXPERTS = 2000, 9
TIMES = 8
# The program as __main__ starts it with a round, ended the moment the overview is on the screen.
OVERVIEW = """
import gc
gc.disable()
import os, sys
from qisp_desktop.gui import app
from qisp_desktop.gui.secretariat.overview import view

refresh = view.OverviewView.refresh

def painted(overview):
    refresh(overview)
    overview.window().repaint()
    os._exit(0)

view.OverviewView.refresh = painted
app.main(["qisp-desktop", sys.argv[1]])
"""


def run() -> list[Row]:
    """The one row; each process has a home of its own, so nothing of the person's is read or changed."""
    with tempfile.TemporaryDirectory() as folder:
        big = make_scored_round(Path(folder), applications=APPLICATIONS, experts=EXPERTS)
        home = Path(folder) / "home"
        environment = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "QISP_LANGUAGE": "zh_CN",
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            "XDG_STATE_HOME": str(home),
        }

        def start(code: str, *arguments: str) -> None:
            command = [sys.executable, "-c", code, *arguments]
            subprocess.run(command, env=environment, check=True, stderr=subprocess.DEVNULL)

        start(OVERVIEW, str(big.path))  # compiles what is not compiled yet, and keeps the day's backup
        ours, bare = best_of_both(TIMES, lambda: start(OVERVIEW, str(big.path)), lambda: start(BARE))
    work = "process start to the overview of 2,000 applications × 9 experts"
    return [Row(work, "a bare window with one Chinese label", ours, bare, 4.5)]
