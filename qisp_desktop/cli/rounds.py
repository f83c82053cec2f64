"""Verbs of the round itself: new, show, copy, link, day, options, passphrase, recovery."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from qisp_desktop.base.i18n import _, labelled, ngettext
from qisp_desktop.cli.output import JsonFlag, PassphraseFile, current, new_passphrase, passphrase, with_json
from qisp_desktop.cli.places import Place, RoundFile, place_from
from qisp_desktop.domain.calendar import DayKind

rounds = typer.Typer(help="Make a round, show where it stands.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.add_typer(rounds, name="round")


@rounds.command("new")
def round_new(
    round: RoundFile,
    year: Annotated[int, typer.Option(help="The round's year.")],
    name: Annotated[str, typer.Option(help="The name that papers carry.")],
    rubric: Annotated[Path | None, typer.Option(help="An own rubric (xlsx or json).")] = None,
    policy: Annotated[Path | None, typer.Option(help="The rule of the round (json), every key optional.")] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Make a new round with the secretariat's keys under a passphrase."""
    from qisp_desktop.services.round_defaults import validity_warning
    from qisp_desktop.services.rounds import new_round

    terminal = current()
    secret = new_passphrase(passphrase_file, _("Passphrase for the secretariat's keys"))
    made = new_round(round, year=year, name=name, passphrase=secret, rubric=rubric, policy=policy)
    terminal.line(_("{path}: round {id}, {name}").format(path=round, id=made.id, name=made.name))
    if warning := validity_warning(year):
        terminal.error_line(warning)


@rounds.command("show")
def round_show(round: RoundFile, json: JsonFlag = False) -> None:
    """Say where a round stands."""
    from qisp_desktop.base.codec import encode
    from qisp_desktop.services.rounds import overview

    terminal = with_json(json)
    shown = overview(round)
    if json:
        terminal.document(
            {
                "round": shown.round.id,
                "name": shown.round.name,
                "year": shown.round.year,
                "policy": encode(shown.round.policy),
                "rubric": {"name": shown.rubric_name, "digest": shown.round.rubric},
                "accepted_on": shown.round.accepted_on.isoformat() if shown.round.accepted_on else None,
                "applications": shown.applications,
                "materials": shown.materials,
                "experts": shown.experts,
                "assignments": shown.assignments,
                "issued": shown.issued,
                "returned": shown.returned,
                "sheets": shown.sheets,
                "frozen": shown.frozen,
            }
        )
        return
    accepted_on = shown.round.accepted_on.isoformat() if shown.round.accepted_on else _("not yet")
    terminal.line(f"{shown.round.name} ({shown.round.year})")
    for label, value in (
        (_("round"), shown.round.id),
        (_("rubric"), f"{shown.rubric_name} {shown.round.rubric[:12]}"),
        (_("rule"), shown.round.policy.aggregate.label),
        (_("accepted on"), accepted_on),
        (
            _("applications"),
            ngettext(
                "{applications} ({materials} material)", "{applications} ({materials} materials)", shown.materials
            ).format(applications=shown.applications, materials=shown.materials),
        ),
        (_("experts"), str(shown.experts)),
        (_("assignments"), str(shown.assignments)),
        (_("packages issued"), str(shown.issued)),
        (_("experts returned"), str(shown.returned)),
        (_("sheets received"), str(shown.sheets)),
        (_("frozen"), _("yes") if shown.frozen else _("no")),
    ):
        terminal.line(labelled(label, value))
    if shown.warning:
        terminal.error_line(shown.warning)


@rounds.command("copy")
def round_copy(
    round: RoundFile,
    copy: Annotated[Place, typer.Argument(metavar="COPY", parser=place_from, help="Where nothing is yet.")],
) -> None:
    """Copy a round with its materials: from a server into a file, from a file onto a server, or alike."""
    from qisp_desktop.services.rounds import copy_round

    copy_round(round, copy)
    current().line(str(copy))


@rounds.command("link")
def round_link(
    round: RoundFile, link: Annotated[Path, typer.Argument(metavar="LINK.qround", help="A file on the clerks' share.")]
) -> None:
    """Write a small file that is opened as the round on a server: by a double click, or in place of its address."""
    from qisp_desktop.services.rounds import link_round

    link_round(round, link)
    current().line(str(link))


@rounds.command("day")
def round_day(
    round: RoundFile,
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="DATE")],
    kind: Annotated[DayKind, typer.Argument(metavar="working|off")],
    reason: Annotated[str, typer.Option(help="Why the office decided so.")],
) -> None:
    """Say that the office works on a day, or does not; counts where the round's clocks count working days."""
    from qisp_desktop.services.working_days import override_day

    made = override_day(round, day.date(), kind, reason=reason)
    current().line(labelled(made.day.isoformat(), made.kind.label))


@rounds.command("options")
def round_options(
    round: RoundFile,
    photo_positions: Annotated[
        bool | None,
        typer.Option(
            "--photo-positions/--no-photo-positions", help="Whether photos of visits keep where they were taken."
        ),
    ] = None,
) -> None:
    """Say what packages issued from now on ask of the experts' machines; without an option, show it."""
    from qisp_desktop.services.opened import reading
    from qisp_desktop.services.round_options import options_of, set_photo_positions

    if photo_positions is not None:
        options = set_photo_positions(round, photo_positions)
    else:
        with reading(round) as store:
            options = options_of(store)
    kept = _("kept") if options.photo_positions else _("left out")
    current().line(labelled(_("position data of photos"), kept))


@rounds.command("passphrase")
def round_passphrase(
    round: RoundFile,
    passphrase_file: PassphraseFile = None,
    new_passphrase_file: Annotated[
        Path | None,
        typer.Option("--new-passphrase-file", metavar="F", help="Read the new passphrase from the first line of F."),
    ] = None,
) -> None:
    """Put the secretariat's keys under another passphrase; nothing has to be issued anew."""
    from qisp_desktop.services.office import change_passphrase

    secret = passphrase(passphrase_file, _("The secretariat's passphrase"))
    another = new_passphrase(new_passphrase_file, _("New passphrase for the secretariat's keys"))
    change_passphrase(round, secret, another)
    terminal = current()
    terminal.line(_("{path}: the passphrase is changed.").format(path=round))
    terminal.error_line(
        _("Backups made before still open with the old one. Make a new recovery sheet: qisp round recovery.")
    )


@rounds.command("recovery")
def round_recovery_sheet(
    round: RoundFile,
    out: Annotated[Path, typer.Argument(metavar="OUT.pdf", help="Where the sheet is written, for its owner only.")],
    with_passphrase: Annotated[
        bool,
        typer.Option("--with-passphrase", help="Print the passphrase; without it there are lines to write it on."),
    ] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write the sheet that keeps the secretariat's passphrase on paper, in the safe."""
    from qisp_desktop.services.recovery import can_be_printed, write_recovery_sheet

    if passphrase_file is not None and not with_passphrase:
        raise typer.BadParameter(_("give --with-passphrase too, or neither"), param_hint="--passphrase-file")
    secret = passphrase(passphrase_file, _("The secretariat's passphrase")) if with_passphrase else ""
    write_recovery_sheet(round, out, secret)
    terminal = current()
    terminal.line(str(out))
    if not can_be_printed(secret):
        terminal.error_line(_("The passphrase is too long to be printed legibly: write it on the sheet by hand."))
