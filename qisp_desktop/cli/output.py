"""What the command line prints: text and tables for people, JSON for programs, progress for whoever watches."""

from __future__ import annotations

import getpass
import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.base.texts import printable
from qisp_desktop.base.work import Work

LONGEST_PASSPHRASE = 1000

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", metavar="F", help="Read the passphrase from the first line of F."),
]


class Terminal:
    """Standard output and error of one command."""

    _current: Terminal | None = None

    def __init__(self) -> None:
        self.json_wanted = False

    @classmethod
    def install(cls) -> Terminal:
        """A fresh terminal for one command, with streams that carry any character, also where one is closed."""
        sys.stdout = sys.stdout or io.StringIO()
        sys.stderr = sys.stderr or io.StringIO()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        cls._current = cls()
        return cls._current

    def line(self, text: str = "") -> None:
        """A line for people; not printed where JSON was asked for."""
        if not self.json_wanted:
            self._print(printable(text))

    def error_line(self, text: str) -> None:
        """A line on standard error; lost where nobody reads it."""
        try:
            print(printable(text), file=sys.stderr)
        except OSError:
            sys.stderr = io.StringIO()

    def document(self, value: Any) -> None:
        """The one JSON document of a command."""
        self._print(json.dumps(value, ensure_ascii=False, indent=2))

    def delivered(self, code: int, failed: int) -> int:
        """``code``, once all that was printed has left; ``failed`` where nobody reads it or there is no room for it."""
        try:
            sys.stdout.flush()
        except OSError as error:
            refusal = _not_written(error)
            if not isinstance(error, BrokenPipeError):
                self.error_line(refusal.what)
            return failed
        return code

    def refuse(self, error: UserError) -> None:
        """An error for the person; as JSON too where that was asked for."""
        if self.json_wanted:
            self.document({"error": {"what": error.what, "why": error.why, "do": error.do}})
        for part in (error.what, error.why, error.do):
            if part:
                self.error_line(part)

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> None:
        """A table for people; ``right`` are the columns of numbers."""
        if self.json_wanted:
            return
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(show_edge=False, pad_edge=False, header_style="bold")
        for n, heading in enumerate(headings):
            table.add_column(heading, justify="right" if n in right else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text(printable(cell)) for cell in row))
        # A pipe or a file has no width of its own: nothing is wrapped or cut there.
        console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 240, highlight=False)
        try:
            console.print(table)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _not_written(error) from error

    @contextmanager
    def work(self) -> Iterator[Work]:
        """A watcher that shows a progress bar on standard error, where that is a terminal."""
        if not sys.stderr.isatty():
            yield Work()
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            yield _Bar(progress)

    def close(self) -> None:
        """Nothing more is printed."""
        Terminal._current = None

    def _print(self, text: str) -> None:
        try:
            print(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _not_written(error) from error


class _Bar(Work):
    """Work shown as one bar."""

    def __init__(self, progress: Any) -> None:
        super().__init__()
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def show(self, what: str, done: int, total: int) -> None:
        """Move the bar."""
        self._progress.update(self._task, description=what, completed=done, total=total)


def _not_written(error: OSError) -> UserError:
    # Not tried again, neither for the rest nor by the interpreter at its end.
    sys.stdout = io.StringIO()
    return UserError(
        _("The output could not be written."), os_reason(error), _("Make room, or let it be written to another place.")
    )


def current() -> Terminal:
    """The terminal of the running command."""
    return Terminal._current or Terminal.install()


def passphrase(file: Path | None, prompt: str) -> str:
    """The passphrase from the first line of ``file``, or asked for without echo where someone can answer.

    Raises UserError for a file that cannot be read, and a usage error where nobody can be asked.
    """
    if file is not None:
        return _first_line(file)
    if not can_ask():
        raise typer.BadParameter(
            _("no passphrase: give --passphrase-file, or run it in a terminal"), param_hint="--passphrase-file"
        )
    return ask(prompt)


def can_ask() -> bool:
    """Whether somebody can answer a question."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(prompt: str) -> str:
    """What the person types, without echo. UserError when they end the input instead."""
    try:
        return getpass.getpass(_("{prompt}: ").format(prompt=prompt))
    except EOFError as error:
        raise UserError(_("Nothing was typed."), "", _("Run it again, and answer what is asked.")) from error


def new_passphrase(file: Path | None, prompt: str) -> str:
    """As ``passphrase``, asked for twice."""
    first = passphrase(file, prompt)
    if file is None and ask(_("{prompt}, once more").format(prompt=prompt)) != first:
        raise UserError(_("The two passphrases differ."), "", _("Type the same passphrase twice."))
    return first


def _first_line(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            line = stream.readline(LONGEST_PASSPHRASE * 4).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = os_reason(error) if isinstance(error, OSError) else _("It is not a UTF-8 text file.")
        raise UserError(
            _("The passphrase file {path} cannot be read.").format(path=file), why, _("Check the path.")
        ) from error
    text = line.rstrip("\r\n")
    if not text or len(text) > LONGEST_PASSPHRASE:
        raise UserError(
            _("The passphrase file {path} has no passphrase in its first line.").format(path=file),
            "",
            _("Put the passphrase alone on the first line."),
        )
    return text


def with_json(wanted: bool) -> Terminal:
    """The terminal, set to JSON where that is wanted."""
    terminal = current()
    terminal.json_wanted = wanted
    return terminal


def signed_papers(count: int, folder: Path) -> str:
    """How many signed papers lie in ``folder`` now."""
    text = ngettext("{count} signed paper in {path}", "{count} signed papers in {path}", count)
    return text.format(count=count, path=folder)
