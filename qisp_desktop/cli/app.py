"""The command line's frame: verbs by group, errors as exit codes.

0 done; 1 refused, the input is at fault and nothing of what was refused was changed; 2 usage; 3 internal error; 130
stopped by Ctrl-C, and what was not finished was not kept.
To add a verb: write it in the module of its group with ``@app.command``, its work in a service; say it in the README.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from qisp_desktop import __version__
from qisp_desktop.base.crashes import forbid_core_dumps
from qisp_desktop.base.errors import Cancelled, UserError, os_reason
from qisp_desktop.base.i18n import _, language
from qisp_desktop.base.traces import without_values
from qisp_desktop.cli import checking, decide, desk, export, panel, paper, prepare, rounds
from qisp_desktop.cli.help_texts import complain, translated
from qisp_desktop.cli.output import Terminal, current

DONE, REFUSED, USAGE, INTERNAL, STOPPED = 0, 1, 2, 3, 130

app = typer.Typer(
    name="qisp",
    help="QISP Desktop: the evaluation of quality-infrastructure service platforms, offline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (rounds, prepare, panel, desk, decide, paper, export, checking):
    group.register(app)


def _show_version(wanted: bool) -> None:
    # While the options are read: later, a command without a verb is refused already.
    if wanted:
        current().line(__version__)
        raise typer.Exit


@app.callback()
def frame(
    version: bool = typer.Option(
        False, "--version", help="Print the version and stop.", is_eager=True, callback=_show_version
    ),
) -> None:
    """QISP Desktop: the evaluation of quality-infrastructure service platforms, offline."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors are printed, never raised."""
    forbid_core_dumps()
    terminal = Terminal.install()
    try:
        return terminal.delivered(_run(terminal, arguments), REFUSED)
    finally:
        terminal.close()


def _run(terminal: Terminal, arguments: Sequence[str] | None) -> int:
    try:
        command = translated(get_command(app))
        args = None if arguments is None else list(arguments)
        code = command(args=args, prog_name="qisp", standalone_mode=False)
        # typer makes Ctrl-C that code, and says nothing; a verb that comes to its end gives None
        return _stopped(terminal) if code == STOPPED else code or DONE
    except TyperException as error:
        return complain(error)
    except typer.Abort:  # nobody answers any more
        return _stopped(terminal)
    except SystemExit as end:
        return _code(end)
    except UserError as error:
        terminal.refuse(error)
        return REFUSED
    except (Cancelled, KeyboardInterrupt):
        return _stopped(terminal)
    except BrokenPipeError:
        return REFUSED
    except Exception as error:
        if refused := _refusal_of_a_path(error, sys.argv[1:] if arguments is None else arguments):
            terminal.refuse(refused)
            return REFUSED
        where = _log_bug(error)
        terminal.error_line(
            _("Internal error; this is a fault of the program. Details are in {path}.").format(path=where)
        )
        return INTERNAL


def _refusal_of_a_path(error: Exception, arguments: Sequence[str]) -> UserError | None:
    """What the system has against a path that the person named, where no verb said it: a name that is too long, a
    folder that may not be entered."""
    if not isinstance(error, OSError) or not isinstance(error.filename, str):
        return None
    refused = Path(error.filename).absolute()
    if not any(refused.is_relative_to(Path(one).absolute()) for one in arguments if one):
        return None
    return UserError(_("{path} cannot be used.").format(path=error.filename), os_reason(error), _("Check the path."))


def _stopped(terminal: Terminal) -> int:
    terminal.error_line(_("Stopped. What was not finished was not kept."))
    return STOPPED


def _code(end: SystemExit) -> int:
    if end.code is None:
        return DONE
    return end.code if isinstance(end.code, int) else USAGE


def _log_bug(error: Exception) -> str:
    """Write the traceback of ``error`` to the rotating log (no application data in it) and return where."""
    from logging.handlers import RotatingFileHandler

    from qisp_desktop.base.paths import log_folder

    path = log_folder() / "qisp.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    except OSError as refused:
        return f"{path} ({refused.strerror})"
    logger = logging.getLogger("qisp")
    logger.addHandler(handler)
    try:
        logger.error("internal error, version %s, language %s\n%s", __version__, language(), without_values(error))
    finally:
        logger.removeHandler(handler)
        handler.close()
    return str(path)
