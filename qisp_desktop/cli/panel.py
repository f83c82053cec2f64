"""Verbs about single experts: their own certificate, keeping them from an application, replacing them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qisp_desktop.base.i18n import _
from qisp_desktop.cli.output import JsonFlag, current, with_json
from qisp_desktop.cli.places import RoundFile

experts = typer.Typer(help="What concerns single experts.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.add_typer(experts, name="experts")


@experts.command("certificate")
def expert_certificate(
    round: RoundFile,
    expert: Annotated[str, typer.Argument(metavar="E007")],
    certificate: Annotated[Path, typer.Argument(metavar="CERT.pem")],
) -> None:
    """Enter an expert's own certificate, before issuing."""
    from qisp_desktop.services.issuing import register_certificate

    current().line(f"{expert}: SHA-256 {register_certificate(round, expert, certificate)}")


@experts.command("exclude")
def exclude_expert(
    round: RoundFile,
    expert: Annotated[str, typer.Argument(metavar="E007")],
    application: Annotated[str, typer.Argument(metavar="APPLICATION")],
    reason: Annotated[str, typer.Option(help="Why the office keeps the expert from it.")],
) -> None:
    """Keep an expert from an application, for a ground that the records do not show."""
    from qisp_desktop.services.excluding import exclude
    from qisp_desktop.services.panel_words import reissue_words

    terminal = current()
    report = exclude(round, expert, application, reason=reason)
    terminal.line(_("{expert} is excluded from {number}.").format(expert=expert, number=application))
    if report.sheet_out:
        terminal.line(_("Their signed sheet stays visible and counts no longer."))
    if text := reissue_words(report.to_reissue):
        terminal.error_line(text)


@experts.command("readmit")
def readmit_expert(
    round: RoundFile,
    expert: Annotated[str, typer.Argument(metavar="E007")],
    application: Annotated[str, typer.Argument(metavar="APPLICATION")],
) -> None:
    """Take an exclusion back; nothing is assigned by it."""
    from qisp_desktop.services.excluding import readmit

    readmit(round, expert, application)
    current().line(_("{expert} may read {number} again").format(expert=expert, number=application))


@experts.command("replace")
def replace_expert_by(
    round: RoundFile,
    expert: Annotated[str, typer.Argument(metavar="E007", help="Who leaves.")],
    reason: Annotated[str, typer.Option(help="Why, such as: ill.")],
    application: Annotated[
        list[str] | None, typer.Option(help="Only this application; may be repeated (default: all of theirs).")
    ] = None,
    by: Annotated[str, typer.Option(metavar="E004", help="Who arrives; without it lots are drawn.")] = "",
    json: JsonFlag = False,
) -> None:
    """Let another expert read on, chosen or drawn by lot with the draw recorded."""
    from qisp_desktop.services.panel_words import reissue_words, replacement_words
    from qisp_desktop.services.replacing import replace_expert

    terminal = with_json(json)
    report = replace_expert(round, expert, application or (), arriving=by, reason=reason)
    if json:
        terminal.document(report.to_json())
    for line in replacement_words(report):
        if line:
            terminal.line(line)
    if text := reissue_words(report.to_reissue, report.to_issue):
        terminal.error_line(text)
