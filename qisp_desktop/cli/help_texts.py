"""The command line's help and its complaints about usage in the person's language.

Our texts are written once, where typer takes them from: the docstring of a verb and the ``help`` of its parameters. The
catalogue gathers them there (``build_spec/catalogue.py``), and they are translated when the command is put together.
Typer's own words are English; those that its pages and complaints consist of are put into the language here.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from typer.core import TyperArgument, TyperGroup, TyperOption

from qisp_desktop.base.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer._click import Command

COMPLAINTS = (
    (r"Missing command\.", N_("The verb is missing.")),
    (r"Missing argument '(?P<name>[^']*)'\.", N_("{name} is missing.")),
    (r"Missing option '(?P<name>[^']*)'\.", N_("The option {name} is missing.")),
    (r"No such command '(?P<name>.*)'\.(?P<rest>.*)", N_("There is no verb {name}.")),
    (r"No such option: (?P<name>\S+)(?P<rest>.*)", N_("There is no option {name}.")),
    (r"Option '(?P<name>[^']*)' requires (an argument|\d+ arguments)\.", N_("The option {name} needs a value.")),
    (r"Option '(?P<name>[^']*)' does not take a value\.", N_("The option {name} takes no value.")),
    (r"Got unexpected extra argument\(s\) \((?P<name>.*)\)", N_("More than the verb takes: {name}")),
    (
        r"Invalid value for '?(?P<name>[^']*?)'?: (Value error, )?'(?P<value>.*)' is not one of (?P<known>.*)\.",
        N_("{name}: {value} is none of {known}."),
    ),
    (
        r"Invalid value for '?(?P<name>[^']*?)'?: (Value error, )?'(?P<value>.*)' does not match the formats .*",
        N_("{name}: {value} is no date such as 2026-07-01."),
    ),
    (r"Invalid value for '?(?P<name>[^']*?)'?: .*valid integer.*", N_("{name}: a whole number is expected.")),
    (r"Invalid value for '?(?P<name>[^']*?)'?: (Value error, )?(?P<value>.*)", N_("{name}: {value}")),
)
"""What typer finds wrong, and our words for it."""


def translated(command: Command) -> Command:
    """``command``, changed in place: every help text of it and of the verbs below it in the current language."""
    command.help = _shown(command.help)
    for parameter in command.params:
        if isinstance(parameter, (TyperArgument, TyperOption)):
            parameter.help = _shown(parameter.help)
    if isinstance(command, TyperGroup):
        for verb in command.commands.values():
            translated(verb)
    vars(command)["get_usage"] = partial(_usage, command.get_usage)
    vars(command)["format_help"] = partial(_help, command, command.format_help)
    return command


def complain(error: Any) -> int:
    """Say on standard error what the exception that typer raised finds wrong with the call; the exit code."""
    from typer import rich_utils

    _translate_frame()
    vars(error)["format_message"] = partial(_complaint, error.format_message())
    rich_utils.rich_format_error(error)
    code: int = error.exit_code
    return code


def _complaint(text: str) -> str:
    flat = " ".join(text.split())
    for form, words in COMPLAINTS:
        if found := re.fullmatch(form, flat):
            return _(words).format(**found.groupdict())
    return text


def _usage(usage: Callable[[Any], str], context: Any) -> str:
    return usage(context).replace("Usage: ", _("Usage: "), 1)


def _help(command: Command, show: Callable[[Any, Any], None], context: Any, formatter: Any) -> None:
    _translate_frame()
    if (option := command.get_help_option(context)) is not None:
        option.help = _("Show this message and exit.")
    show(context, formatter)


def _translate_frame() -> None:
    """What stands around the texts. Its module is slow to import, so this waits until something is shown."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = _("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = _("Options")
    rich_utils.COMMANDS_PANEL_TITLE = _("Commands")
    rich_utils.ERRORS_PANEL_TITLE = _("Error")
    rich_utils.REQUIRED_LONG_STRING = _("[required]")
    rich_utils.DEFAULT_STRING = _("[default: {}]")
    rich_utils.RICH_HELP = _("Try [blue]'{command_path} {help_option}'[/] for help.")


def _shown(text: str | None) -> str | None:
    return _(text) if text else text
