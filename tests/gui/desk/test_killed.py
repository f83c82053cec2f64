"""A process that is killed while somebody types loses nothing that was shown as saved."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from qisp_desktop.services.desk_editing import contents
from tests.gui.desk.workspaces import OpenAgain
from tests.gui.samples import IssuedRound

KILLS = 6
TYPIST = Path(__file__).with_name("typist.py")


def test_what_was_saved_is_there_after_a_kill_at_any_moment(
    workspace: Path, issued: IssuedRound, open_again: OpenAgain
) -> None:
    chance = random.Random(2026)
    for _kill in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, str(TYPIST), str(issued.package), str(workspace), issued.passphrase],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        shown = process.stdout.readline()
        time.sleep(chance.random())
        process.kill()
        shown += process.stdout.read()
        process.wait()
        process.stdout.close()
        saved = int(shown.split()[-1])
        with open_again(workspace) as desk:
            draft = contents(desk).entries[issued.numbers[0]].draft
        assert draft is not None
        typed = int(draft.items[0].remark.split()[0])
        assert typed in (saved, saved + 1), "at most the change that was being written is newer than what was shown"
        assert draft.items[0].remark == f"{typed} {'评语' * (typed % 400)}".strip()
