"""Verbs of the secretariat up to handing out: template, import, screen, assign, inspection, issue."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, labelled, ngettext
from qisp_desktop.cli.output import JsonFlag, PassphraseFile, Terminal, current, passphrase, with_json
from qisp_desktop.cli.places import RoundFile

if TYPE_CHECKING:
    from qisp_desktop.services.importing import ImportReport

SkipInvalid = Annotated[bool, typer.Option("--skip-invalid", help="Import the good rows, skip the others.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
imports = typer.Typer(help="Take in an office's workbooks.", no_args_is_help=True)
inspections = typer.Typer(help="Plan site inspections.", no_args_is_help=True)


class Template(StrEnum):
    """The workbooks that can be filled in."""

    APPLICATIONS = "applications"
    EXPERTS = "experts"
    RUBRIC = "rubric"
    SCORE_FORM = "score-form"


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.add_typer(imports, name="import")
    app.add_typer(inspections, name="inspection")
    app.command("template")(template)
    app.command("screen")(screen)
    app.command("assign")(assign)
    app.command("issue")(issue)


def template(
    kind: Annotated[Template, typer.Argument(help="Which workbook.")],
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx")],
) -> None:
    """Write a workbook to fill in."""
    from qisp_desktop.services.templates import write_anew

    write_anew(kind.value, out)
    current().line(str(out))


@imports.command("applications")
def import_applications(
    round: RoundFile,
    book: Annotated[Path, typer.Argument(metavar="BOOK.xlsx")],
    materials: Annotated[Path | None, typer.Option(help="The folder with one folder per application.")] = None,
    skip_invalid: Annotated[
        bool, typer.Option("--skip-invalid", help="Import the good rows, skip the others.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    json: JsonFlag = False,
) -> None:
    """Import applications with their projects and materials."""
    from qisp_desktop.services import importing

    terminal = with_json(json)
    with terminal.work() as work:
        report = importing.import_applications(
            round, book, materials=materials, skip_invalid=skip_invalid, dry_run=dry_run, work=work
        )
    _show_import(terminal, report, json)


@imports.command("experts")
def import_experts(
    round: RoundFile,
    book: Annotated[Path, typer.Argument(metavar="BOOK.xlsx")],
    skip_invalid: Annotated[
        bool, typer.Option("--skip-invalid", help="Import the good rows, skip the others.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    json: JsonFlag = False,
) -> None:
    """Import the panel's experts."""
    from qisp_desktop.services import importing

    terminal = with_json(json)
    report = importing.import_experts(round, book, skip_invalid=skip_invalid, dry_run=dry_run)
    _show_import(terminal, report, json)


@imports.command("materials")
def import_materials(
    round: RoundFile, folder: Annotated[Path, typer.Argument(metavar="DIR")], json: JsonFlag = False
) -> None:
    """Add supplemented materials to applications that are imported already."""
    from qisp_desktop.services import importing

    terminal = with_json(json)
    with terminal.work() as work:
        found = importing.add_materials(round, folder, work=work)
    if json:
        terminal.document(
            {
                "matched": len(found.matched),
                "unmatched": list(found.unmatched),
                "unknown": list(found.unknown_folders),
                "too_large": list(found.too_large),
                "links": list(found.links),
            }
        )
    count = len(found.matched)
    terminal.line(ngettext("{count} file taken in.", "{count} files taken in.", count).format(count=count))
    for name in (*found.unmatched, *found.unknown_folders, *found.too_large, *found.links):
        terminal.error_line(_("not matched: {name}").format(name=name))
    if found.unknown_folders or found.too_large:
        raise typer.Exit(1)


def screen(
    round: RoundFile,
    accepted_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The acceptance date (default: the recorded one, else today)."),
    ] = None,
    decide: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="NUMBER STATUS", help="Decide by hand: accepted, to_supplement or refused."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why it is decided so.")] = "",
    json: JsonFlag = False,
) -> None:
    """Check materials and conditions of every application (Articles 13 and 15)."""
    from qisp_desktop.services.screening import screen_round

    terminal = with_json(json)
    day: date | None = accepted_on.date() if accepted_on else None
    report = screen_round(round, accepted_on=day, decide=decide, reason=reason)
    if json:
        terminal.document(report.to_json())
    terminal.line(
        _("accepted on {day}; the evaluation ends by {end}").format(
            day=report.accepted_on.isoformat(), end=report.evaluation_ends.isoformat()
        )
    )
    terminal.table(
        [_("number"), _("status"), _("reason")],
        [[one.number, one.status.label, one.reason] for one in report.screenings],
    )


def assign(
    round: RoundFile,
    per_application: Annotated[int, typer.Option("--per-application", help="Experts for each application.")],
    max_load: Annotated[int | None, typer.Option("--max-load", help="Applications for an expert, at most.")] = None,
    json: JsonFlag = False,
) -> None:
    """Assign experts to the accepted applications."""
    from qisp_desktop.services import assigning
    from qisp_desktop.services.solving import Unsolvable

    terminal = with_json(json)
    try:
        report = assigning.assign(round, per_application=per_application, max_load=max_load)
    except Unsolvable as error:
        if not json:
            raise
        terminal.document(
            {
                "error": {"what": error.what, "why": error.why, "do": error.do},
                "short": [
                    {
                        "application": one.application,
                        "needed": one.needed,
                        "possible": one.possible,
                        "limit": one.limit,
                    }
                    for one in error.shortages
                ],
            }
        )
        raise typer.Exit(1) from error
    document = report.to_json()
    if json:
        terminal.document(document)
    terminal.table(
        [_("application"), _("experts")],
        [[one["number"], " ".join(one["experts"])] for one in document["applications"]],
    )
    for conflict in report.conflicts:
        terminal.line(
            _("conflict: {expert} × {application}, {ground}").format(
                expert=conflict.expert, application=conflict.application, ground=conflict.ground.label
            )
        )
    if report.to_reissue:
        terminal.error_line(
            _("Issue again for {experts}: the packages handed out do not fit any more.").format(
                experts=_(", ").join(report.to_reissue)
            )
        )


@inspections.command("plan")
def inspection_plan(
    round: RoundFile,
    application: Annotated[str, typer.Argument(metavar="APPLICATION")],
    who: Annotated[str, typer.Argument(metavar="E001,E002", help="The experts who visit, or '' for nobody.")],
) -> None:
    """Say who inspects an application on site, before issuing."""
    from qisp_desktop.services.assigning import change_visit, records_out_words

    experts = tuple(dict.fromkeys(one.strip() for one in who.split(",") if one.strip()))
    made = change_visit(round, application, experts)
    terminal = current()
    terminal.line(labelled(application, _(", ").join(experts) or _("nobody")))
    if made.records_out:
        terminal.error_line(records_out_words(made.records_out))


def issue(
    round: RoundFile,
    out: Annotated[Path, typer.Argument(metavar="OUTDIR")],
    expert: Annotated[list[str] | None, typer.Option(help="Only this expert; may be repeated.")] = None,
    plain_letters: Annotated[
        bool, typer.Option("--plain-letters", help="Also write the passphrases as text (for trials).")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why an expert is issued to again; kept with the issue.")] = "",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write an encrypted package and a sealed letter for each expert."""
    from qisp_desktop.services.issuing import issue_packages

    terminal = current()
    secret = passphrase(passphrase_file, _("The secretariat's passphrase"))
    with terminal.work() as work:
        issued = issue_packages(
            round, out, passphrase=secret, only=expert or (), plain_letters=plain_letters, reason=reason, work=work
        )
    terminal.table(
        [_("expert"), _("issue"), _("applications"), _("package"), _("voids")],
        [[one.expert, one.issue, str(one.applications), str(one.package), one.voids] for one in issued],
        right=[2],
    )


def _show_import(terminal: Terminal, report: ImportReport, json: bool) -> None:
    if json:
        terminal.document(report.to_json())
    levels = {"error": _("error"), "note": _("note")}
    terminal.table(
        [_("level"), _("sheet"), _("row"), _("column"), _("value"), _("code"), _("message")],
        [
            [levels[p.level], p.sheet, "" if p.row is None else str(p.row), p.column, p.value, p.code, p.message]
            for p in report.problems
        ],
        right=[2],
    )
    terminal.line(
        _("imported {imported}, skipped {skipped}, files {files}").format(
            imported=report.imported, skipped=report.skipped, files=report.materials
        )
    )
    if report.refused:
        if not json:
            terminal.refuse(
                UserError(
                    _("Nothing was imported."),
                    _("The workbook has errors."),
                    _("Correct it, or import the good rows with --skip-invalid."),
                )
            )
        raise typer.Exit(1)
