"""The command line's help in the person's language.

The texts are written once, where typer takes them from: the docstring of a verb and the ``help`` of its parameters. The
catalogue gathers them there (``build_spec/catalogue.py``), and they are translated when the command is put together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.core import TyperArgument, TyperGroup, TyperOption

from qisp_desktop.base.i18n import _

if TYPE_CHECKING:
    from typer._click import Command


def translated(command: Command) -> Command:
    """``command``, changed in place: every help text of it and of the verbs below it in the current language."""
    command.help = _shown(command.help)
    for parameter in command.params:
        if isinstance(parameter, (TyperArgument, TyperOption)):
            parameter.help = _shown(parameter.help)
    if isinstance(command, TyperGroup):
        for verb in command.commands.values():
            translated(verb)
    return command


def _shown(text: str | None) -> str | None:
    return _(text) if text else text
