"""The command among others in a shell: pipes that end early, closed streams, full disks, Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from qisp_desktop import __version__

COMMAND = (sys.executable, "-m", "qisp_desktop.cli")
NOISE = ("Traceback", "Exception ignored")
PATIENCE_S = 60.0
WITH_CTRL_C = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""

needs_a_shell = pytest.mark.skipif(sys.platform != "linux", reason="streams and signals as a Unix shell gives them")


def run(*arguments: object, **streams: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own; what it says on standard error holds nothing of the interpreter's."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    ran = subprocess.run([*COMMAND, *map(str, arguments)], **pipes | streams, encoding="utf-8", timeout=60, check=False)
    assert not any(noise in (ran.stderr or "") for noise in NOISE), ran.stderr
    return ran


def test_the_version_is_printed_alone() -> None:
    ran = run("--version")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"{__version__}\n", "")


@needs_a_shell
def test_a_reader_that_goes_away_ends_the_command_quietly() -> None:
    # Few words stay in the buffer until the end, many leave at once.
    for arguments in (["--version"], ["--help"]):
        read, write = os.pipe()
        os.close(read)
        try:
            ran = run(*arguments, stdout=write)
        finally:
            os.close(write)
        assert (ran.returncode, ran.stderr) == (1, "")


@needs_a_shell
def test_a_full_disk_under_the_output_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        ran = run("--version", stdout=full)
    assert ran.returncode == 1
    assert "could not be written" in ran.stderr


@needs_a_shell
def test_closed_streams_change_neither_exit_code_nor_output(tmp_path: Path) -> None:
    def shell(arguments: str) -> subprocess.CompletedProcess[str]:
        command = " ".join((*COMMAND, arguments))
        return subprocess.run(
            ["sh", "-c", command], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, check=False
        )

    nobody_listens = shell("--version >&-")
    assert (nobody_listens.returncode, nobody_listens.stderr) == (0, "")
    nowhere_to_complain = shell("round show none.qround --json 2>&-")
    assert nowhere_to_complain.returncode == 1
    assert nowhere_to_complain.stdout.startswith("{"), "complaints do not go where the document goes"
    nobody_to_ask = shell("issue none.qround out <&-")
    assert nobody_to_ask.returncode == 2
    assert "passphrase" in nobody_to_ask.stderr


@needs_a_shell
def test_ctrl_c_is_told_and_has_the_exit_code_of_shells(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    # Exactly as it comes from a shell: what runs the tests may have been told to ignore Ctrl-C.
    command = [sys.executable, "-c", WITH_CTRL_C, *COMMAND, "demo", str(folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, encoding="utf-8") as process:
        try:
            until = time.monotonic() + PATIENCE_S
            while not folder.exists():  # the command is at work, and listens
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE_S)
        except BaseException:
            process.kill()
            raise
    assert (process.returncode, out) == (130, "")
    assert "Stopped." in err
    assert not any(noise in err for noise in NOISE), err
    assert list(tmp_path.rglob("*.part")) == []
