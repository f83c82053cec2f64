"""Running ``qisp`` in this process, as a person or a script would type it."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qisp_desktop.cli import main


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output; fails when there is anything else."""
        return json.loads(self.out)


def qisp(*arguments: object) -> Ran:
    """Run one command, whatever it comes to."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(argument) for argument in arguments])
    return Ran(code, out.getvalue(), err.getvalue())


def done(*arguments: object) -> Ran:
    """Run a command that must succeed."""
    ran = qisp(*arguments)
    assert ran.code == 0, (arguments, ran)
    return ran


def refused(*arguments: object, words: str) -> Ran:
    """Run a command that must be refused with a clear word: exit code 1, no traceback, ``words`` in what it says."""
    ran = qisp(*arguments)
    assert ran.code == 1, (arguments, ran)
    assert words in ran.out + ran.err, ran
    assert "Traceback" not in ran.out + ran.err
    return ran


def write_json(path: Path, value: object) -> Path:
    """``value`` as a file that a person hands in."""
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path
