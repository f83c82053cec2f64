"""A program at a terminal of its own, which asks for something there."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

PATIENCE_S = 60.0

needs_a_terminal = pytest.mark.skipif(shutil.which("setsid") is None, reason="setsid (util-linux) gives the terminal")


class Ran(NamedTuple):
    """How a program ended, what it printed, and what stood on its terminal."""

    code: int
    output: bytes
    shown: bytes


def run_at_terminal(command: Sequence[str], prompt: str, typed: str, folder: Path | None = None) -> Ran:
    """Run ``command`` and answer ``typed`` once ``prompt`` stands on its terminal."""
    ours, theirs = os.openpty()
    try:
        with subprocess.Popen(
            ["setsid", "--ctty", *command], cwd=folder, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs
        ) as process:
            try:
                shown = _wait_for(ours, prompt)
                os.write(ours, typed.encode() + b"\n")
                output, _errors = process.communicate(timeout=PATIENCE_S)
            except BaseException:
                process.kill()
                raise
        return Ran(process.returncode, output, shown + _rest(ours))
    finally:
        os.close(ours)
        os.close(theirs)


def _wait_for(terminal: int, prompt: str) -> bytes:
    shown = b""
    deadline = time.monotonic() + PATIENCE_S
    while prompt.encode() not in shown:
        left = deadline - time.monotonic()
        assert left > 0, shown
        if select.select([terminal], [], [], left)[0]:
            shown += os.read(terminal, 4096)
    return shown


def _rest(terminal: int) -> bytes:
    """What came after the answer; nobody writes any more."""
    shown = b""
    while select.select([terminal], [], [], 0)[0]:
        shown += os.read(terminal, 4096)
    return shown
