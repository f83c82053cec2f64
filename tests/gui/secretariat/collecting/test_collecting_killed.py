"""A window that is killed while it collects has merged a call whole or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qisp_desktop.domain.issuing import Return
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.store.round_store import RoundStore
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound
from tests.gui.secretariat.desks import copied
from tests.gui.secretariat.returned import Returned

COPIES = 40
ROOT = Path(__file__).parents[4]
WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QEventLoop
from qisp_desktop.gui import theme
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.desk_page import desk_screen

round_path, folder, passphrase = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
app = theme.application([])
program = Application(app, round_path.parent / "config")
program.start()

def until(done):
    while not done():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)

until(lambda: program.ready)
program.go.show(desk_screen(program.go.shell, round_path, "collecting"))
page = program.window.page
until(lambda: page.session.open_round is not None and page.view is not None)
page.session.unlock(page, passphrase, lambda: None, lambda error: sys.exit(str(error)))
until(lambda: page.session.unlocked)
presenter = page.view.presenter
presenter.files_changed.connect(lambda: print(len(presenter.files), flush=True))
presenter.collect([folder])
until(lambda: False)
"""

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes are killed by signal")


def test_a_window_killed_while_it_merges_has_merged_all_files_or_none(
    issued: IssuedRound, returned: Returned, tmp_path: Path
) -> None:
    folder = tmp_path / "back"
    folder.mkdir()
    for number in range(COPIES):
        # Many files: copies of one return are told apart by their bytes, so each of them is opened.
        with (folder / f"{number:03d}.qscore").open("wb") as stream:
            stream.write(returned.first.read_bytes() + bytes([number]))
    shutil.copyfile(returned.first, folder / "000.qscore")
    shutil.copyfile(returned.rival, folder / f"{COPIES:03d}.qscore")
    own = copied(issued.round, tmp_path)
    window = subprocess.Popen(
        [sys.executable, "-c", WINDOW, str(own), str(folder), OFFICE_PASSPHRASE],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert window.stdout is not None
    try:
        with window.stdout as verdicts:
            while (told := verdicts.readline()) and int(told) < COPIES:
                pass
            assert told, "the window ended by itself"
            time.sleep(0.05)  # into the merge
    finally:
        window.kill()
        window.wait()

    with RoundStore.open(own, actor="li@office-3", write=True) as store:
        assert store.verify_audit(lambda data, signature: "") == []
        held = len(store.all(Return)), len(store.all(ScoreSheet))
    everything = (2, len(issued.numbers) + 1)
    assert held in ((0, 0), everything)
