"""Verbs that check: verify, audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qisp_desktop.base.i18n import _
from qisp_desktop.cli.output import JsonFlag, PassphraseFile, passphrase, with_json
from qisp_desktop.cli.places import Place, RoundFile, place_from


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.command("verify")(verify)
    app.command("audit")(audit)


def verify(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE...")] = None,
    round: Annotated[
        Place | None,
        typer.Option(metavar="ROUND", parser=place_from, help="The round whose roster must have signed."),
    ] = None,
    ca: Annotated[Path | None, typer.Option(metavar="PEM", help="The round's CA certificate.")] = None,
    image: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="SCAN", help="A scanned or photographed paper (image, TIFF, PDF or folder); may be repeated."
        ),
    ] = None,
    passphrase_file: PassphraseFile = None,
    json: JsonFlag = False,
) -> None:
    """Check score sheets, reports, packages and scanned pages: valid or not, and why."""
    from qisp_desktop.services.verifying import verify_files

    if not files and not image:
        raise typer.BadParameter(_("name a file, or a scan with --image"), param_hint="FILE...")
    if image and round is None:
        raise typer.BadParameter(_("a scan is compared with a round: give --round"), param_hint="--image")
    terminal = with_json(json)
    secret = passphrase(passphrase_file, "") if passphrase_file else None
    checked = verify_files(files, round_at=round, ca=ca, passphrase=secret) if files else []
    if image and round is not None:
        from qisp_desktop.services.scanning import verify_images

        checked += verify_images(image, round)
    if json:
        terminal.document([one.to_json() for one in checked])
    terminal.table(
        [_("file"), _("kind"), _("valid"), _("reasons"), _("signers")],
        [
            [
                str(one.path),
                one.kind_name,
                _("yes") if one.valid else _("no"),
                _("; ").join(one.reasons),
                _("; ").join(one.signers),
            ]
            for one in checked
        ],
    )
    if not all(one.valid for one in checked):
        raise typer.Exit(1)


def audit(
    round: RoundFile,
    verify: Annotated[bool, typer.Option("--verify", help="Check every link and every kept record.")] = False,
    json: JsonFlag = False,
) -> None:
    """Print the audit trail, and check it."""
    from qisp_desktop.services.audit_words import action_name, subject_name
    from qisp_desktop.services.auditing import audit as read

    terminal = with_json(json)
    report = read(round, verify=verify)
    if json:
        terminal.document(report.to_json())
    terminal.table(
        [_("no."), _("time"), _("who"), _("action"), _("subject"), _("detail"), _("digest")],
        [
            [
                str(e.seq),
                e.time.isoformat(),
                e.actor,
                action_name(e.action),
                subject_name(e.subject),
                e.detail,
                e.digest[:12],
            ]
            for e in report.events
        ],
        right=[0],
    )
    terminal.line(_("head: {seq} {digest}").format(seq=report.head.seq, digest=report.head.digest))
    for problem in report.problems:
        terminal.error_line(problem)
    if verify and not report.problems:
        terminal.line(_("The chain is whole and fits the records."))
    if report.problems:
        raise typer.Exit(1)
