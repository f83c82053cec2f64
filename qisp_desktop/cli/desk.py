"""Verbs of the expert's side: desk open, show, score, inspect, sign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.cli.output import JsonFlag, PassphraseFile, current, passphrase, signed_papers, with_json

Workspace = Annotated[Path, typer.Argument(metavar="WORKSPACE", help="The expert's workspace folder.")]
desk = typer.Typer(help="The expert's desk: open, score, inspect, sign.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.add_typer(desk, name="desk")


def _secret(file: Path | None) -> str:
    from qisp_desktop.exchange.passphrases import normalise_passphrase

    return normalise_passphrase(passphrase(file, _("Your passphrase")))


@desk.command("open")
def desk_open(
    package: Annotated[Path, typer.Argument(metavar="PACKAGE", help="The panel package (*.qpanel).")],
    workspace: Workspace,
    passphrase_file: PassphraseFile = None,
    old_passphrase_file: Annotated[
        Path | None,
        typer.Option(metavar="F", help="The passphrase of the older issue, to carry drafts over."),
    ] = None,
    leave_drafts: Annotated[
        bool, typer.Option("--leave-drafts", help="Start the newer issue without the older one's drafts.")
    ] = False,
) -> None:
    """Make a workspace from a panel package."""
    from qisp_desktop.exchange.passphrases import normalise_passphrase
    from qisp_desktop.services.desk_carrying import carried_words
    from qisp_desktop.services.desk_opening import open_package

    old = normalise_passphrase(passphrase(old_passphrase_file, "")) if old_passphrase_file else None
    opened = open_package(package, workspace, _secret(passphrase_file), old_passphrase=old, leave_drafts=leave_drafts)
    with opened as open_desk:
        terminal = current()
        terminal.line(
            ngettext(
                "{path}: {round}, expert {expert}, {count} application",
                "{path}: {round}, expert {expert}, {count} applications",
                len(open_desk.records.assigned),
            ).format(
                path=workspace,
                round=open_desk.records.round_name,
                expert=open_desk.manifest.expert,
                count=len(open_desk.records.assigned),
            )
        )
        if open_desk.carried is not None:
            what, left = carried_words(open_desk.carried)
            terminal.line(what)
            for one in left:
                terminal.error_line(one)


@desk.command("show")
def desk_show(workspace: Workspace, passphrase_file: PassphraseFile = None, json: JsonFlag = False) -> None:
    """Say where the expert's work stands."""
    from qisp_desktop.services.desk import Desk

    terminal = with_json(json)
    with Desk.open(workspace, _secret(passphrase_file)) as open_desk:
        shown = open_desk.show_json()
        labels = {item.number: item for item in open_desk.items()}
    if json:
        terminal.document(shown)
    terminal.table(
        [_("number"), _("applicant"), _("status"), _("total"), _("revision"), _("missing")],
        [
            [
                one["number"],
                one["applicant"],
                labels[one["number"]].status.label,
                one["total"] or "",
                str(one["revision"] or ""),
                _("; ").join(one["missing"]),
            ]
            for one in shown["applications"]
        ],
        right=[3, 4],
    )


@desk.command("score")
def desk_score(
    workspace: Workspace,
    scores: Annotated[Path, typer.Argument(metavar="SCORES.json")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Take scores, remarks and recusals from a file: all of them or none."""
    from qisp_desktop.services.desk import Desk
    from qisp_desktop.services.desk_scoring import score
    from qisp_desktop.services.input_files import read_document

    document = read_document(scores)
    with Desk.open(workspace, _secret(passphrase_file)) as open_desk:
        report = score(open_desk, document)
    current().line(
        ngettext(
            "{changed} application scored, {recused} recused",
            "{changed} applications scored, {recused} recused",
            len(report.changed),
        ).format(changed=len(report.changed), recused=len(report.recused))
    )


@desk.command("inspect")
def desk_inspect(
    workspace: Workspace,
    application: Annotated[str, typer.Argument(metavar="APPLICATION")],
    inspection: Annotated[Path, typer.Argument(metavar="INSPECTION.json")],
    photos: Annotated[Path | None, typer.Option(help="The folder with the photos.")] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Record a site inspection with its photos."""
    from qisp_desktop.services.desk import Desk
    from qisp_desktop.services.desk_inspecting import inspect
    from qisp_desktop.services.input_files import read_document

    document = read_document(inspection)
    with Desk.open(workspace, _secret(passphrase_file)) as open_desk:
        record = inspect(open_desk, application, document, photos)
    current().line(
        ngettext(
            "{number}: {overall}, {photos} photo, revision {revision}",
            "{number}: {overall}, {photos} photos, revision {revision}",
            len(record.photos),
        ).format(number=application, overall=record.overall.label, photos=len(record.photos), revision=record.revision)
    )


@desk.command("sign")
def desk_sign(
    workspace: Workspace,
    out: Annotated[Path, typer.Argument(metavar="OUTDIR")],
    partial: Annotated[bool, typer.Option("--partial", help="Sign what is complete, leave the rest open.")] = False,
    p12: Annotated[Path | None, typer.Option(metavar="FILE", help="Your own key and certificate.")] = None,
    p12_passphrase_file: Annotated[
        Path | None, typer.Option(metavar="F", help="The passphrase of that file (default: the package's).")
    ] = None,
    countersign: Annotated[
        list[Path] | None,
        typer.Option(metavar="PAPER", help="Sign these sheets and reports as the panel's leader, and nothing else."),
    ] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Sign complete sheets and write the return package and the signed papers."""
    from qisp_desktop.services.desk import Desk
    from qisp_desktop.services.desk_signing import own_credentials, sign

    terminal = current()
    secret = _secret(passphrase_file)
    own = None
    if p12 is not None:
        own = own_credentials(p12, passphrase(p12_passphrase_file, "") if p12_passphrase_file else secret)
    if countersign:
        from qisp_desktop.services.countersigning import sign_as_leader

        with Desk.open(workspace, secret) as open_desk, terminal.work() as work:
            papers = sign_as_leader(open_desk, countersign, out, credentials=own, work=work)
        terminal.line(signed_papers(len(papers), out))
        return
    with Desk.open(workspace, secret) as open_desk, terminal.work() as work:
        report = sign(open_desk, out, partial=partial, credentials=own, work=work)
    if not report.new:
        terminal.line(_("Nothing changed since the last return; nothing new was signed."))
    terminal.line(str(report.package))
    terminal.line(signed_papers(len(report.papers), out / "papers"))
    if report.left_out:
        terminal.error_line(_("Left open: {numbers}").format(numbers=_(", ").join(report.left_out)))
