"""A process that is killed while somebody types in its window loses at most the last second, and nothing is half.

``QISP_KILLS=50`` (what ``make soak`` sets) kills that many times; usually it is fewer, as each takes a second or two.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.digests import sha256
from qisp_desktop.services.desk_editing import contents
from tests.gui.desk.workspaces import OpenAgain
from tests.gui.samples import IssuedRound

KILLS = int(os.environ.get("QISP_KILLS", "6"))
LONGEST_TYPING_S = 1.6
MAY_BE_LOST_S = 1.0
SEED = 2026
ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the typists are forked")


class Typists:
    """Lets typists type, one after the other, and kills them."""

    def __init__(self, orders: IO[str], reports: IO[str]) -> None:
        self._orders = orders
        self._reports = reports

    def typed_until_killed(self, workspace: Path, seed: int, after: float) -> tuple[list[tuple[float, str]], float]:
        """What a typist had typed (the time and the draft's digest, key by key), and when it was killed: ``after``
        seconds of typing."""
        self._orders.write(f"{workspace} {seed}\n")
        self._orders.flush()
        typist = int(self._reports.readline())
        keys = [_key(self._reports.readline())]
        time.sleep(after)
        killed = time.monotonic()
        os.kill(typist, signal.SIGKILL)
        keys += [_key(line) for line in iter(self._reports.readline, "end\n")]
        return keys, killed


def _key(line: str) -> tuple[float, str]:
    at, digest = line.split()
    return float(at), digest


@pytest.fixture
def typists(issued: IssuedRound, tmp_path: Path) -> Iterator[Typists]:
    command = [sys.executable, "-m", "tests.gui.desk.typist", str(issued.package), issued.passphrase, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Typists(process.stdin, process.stdout)
        process.stdin.close()


def test_a_typist_killed_at_any_moment_loses_at_most_the_last_second(
    workspace: Path, issued: IssuedRound, open_again: OpenAgain, typists: Typists
) -> None:
    number, chance = issued.numbers[0], random.Random(SEED)
    with open_again(workspace) as desk:
        desk.declare(number)
    found = "-"
    for kill in range(KILLS):
        keys, killed = typists.typed_until_killed(
            workspace, chance.randrange(10**6), chance.uniform(0, LONGEST_TYPING_S)
        )
        states = [found, *(digest for _at, digest in keys)]
        surely_kept = sum(at <= killed - MAY_BE_LOST_S for at, _digest in keys)
        with open_again(workspace) as desk:
            draft = contents(desk).entries[number].draft
        found = "-" if draft is None else sha256(to_bytes(draft))
        assert found in states[surely_kept:], f"kill {kill}: not what the desk showed in its last second"
    assert found != "-"
