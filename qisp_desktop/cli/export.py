"""Verbs that write files for people: export workbook, export papers, demo."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from qisp_desktop.base.errors import sentences
from qisp_desktop.base.i18n import _, labelled, ngettext
from qisp_desktop.cli.output import PassphraseFile, current, passphrase, signed_papers
from qisp_desktop.cli.places import RoundFile

exports = typer.Typer(help="Write workbooks and papers.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.add_typer(exports, name="export")
    app.command("seal")(seal)
    app.command("demo")(demo)


@exports.command("workbook")
def export_workbook(round: RoundFile, out: Annotated[Path, typer.Argument(metavar="OUT.xlsx")]) -> None:
    """Write the summary workbook, with live formulas and what changed since the export before."""
    from qisp_desktop.services.exporting import export_workbook as write

    terminal = current()
    with terminal.work() as work:
        exported = write(round, out, work=work)
    terminal.line(str(exported.path))
    if exported.differences is not None:
        differs = ngettext(
            "{count} value differs from the export before.",
            "{count} values differ from the export before.",
            exported.differences,
        )
        terminal.line(differs.format(count=exported.differences))
    if exported.not_recorded is not None:
        what = _("The workbook is complete, but the next export cannot be compared with it.")
        terminal.error_line(sentences(what, exported.not_recorded.what, exported.not_recorded.why))


@exports.command("papers")
def export_papers(
    round: RoundFile,
    out: Annotated[Path, typer.Argument(metavar="OUTDIR")],
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind; may be repeated.")] = None,
    seal: Annotated[bool, typer.Option("--seal", help="Sign sheets and reports for the secretariat.")] = False,
    reply_by: Annotated[
        datetime | None,
        typer.Option("--reply-by", formats=["%Y-%m-%d"], help="By when supplements are wanted."),
    ] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write the papers of a round; signed originals and photos need the secretariat's passphrase.

    Where a return can no longer be opened, copies take the place of its originals: they are named, and the exit is 1.
    Letters are those that ask for supplements: a passphrase letter cannot be made again, because no passphrase is kept.
    """
    from qisp_desktop.services.papers import PaperKind, copies_only
    from qisp_desktop.services.papers import export_papers as write

    known = [one.value for one in PaperKind]
    for wanted in kind or ():
        if wanted not in known:
            raise typer.BadParameter(_("one of: {kinds}").format(kinds=", ".join(known)), param_hint="--kind")
    secret = passphrase(passphrase_file, _("The secretariat's passphrase")) if passphrase_file or seal else None
    day = reply_by.date() if reply_by else None
    terminal = current()
    with terminal.work() as work:
        kinds = [PaperKind(one) for one in kind or known]
        written = write(round, out, kinds=kinds, passphrase=secret, seal=seal, reply_by=day, work=work)
    count = len(written)
    terminal.line(ngettext("{count} paper in {path}", "{count} papers in {path}", count).format(count=count, path=out))
    if not written:
        terminal.error_line(_("The round has nothing for papers of these kinds yet."))
    lacking = copies_only([(paper.path.name, paper.lacking) for paper in written])
    copies = sum(
        paper.kind is PaperKind.SCORE_SHEET and not paper.signed and paper.lacking is None for paper in written
    )
    if copies and secret is None:
        terminal.error_line(
            ngettext(
                "{count} score sheet is an unsigned copy; --passphrase-file gives the signed original.",
                "{count} score sheets are unsigned copies; --passphrase-file gives the signed originals.",
                copies,
            ).format(count=copies)
        )
    elif copies:
        terminal.error_line(
            ngettext(
                "{count} score sheet is an unsigned copy: the round has no signed file of it.",
                "{count} score sheets are unsigned copies: the round has no signed file of them.",
                copies,
            ).format(count=copies)
        )
    if any(paper.draft for paper in written):
        terminal.error_line(
            _("The result is not frozen: reports and deviations are drafts, and their files do not say so.")
        )
    if lacking is not None:
        terminal.error_line(str(lacking))
        raise typer.Exit(1)


def seal(
    round: RoundFile,
    papers: Annotated[list[Path], typer.Argument(metavar="PAPER...")],
    out: Annotated[Path, typer.Option("--out", metavar="OUTDIR", help="Where the sealed papers go.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Sign score sheets and evaluation reports for the secretariat, such as those that the panel leader has signed.

    Every signature in them is checked first; none is sealed unless all are sound. Earlier signatures stay valid.
    """
    from qisp_desktop.services.countersigning import seal_papers

    terminal = current()
    secret = passphrase(passphrase_file, _("The secretariat's passphrase"))
    with terminal.work() as work:
        written = seal_papers(round, papers, out, passphrase=secret, work=work)
    terminal.line(signed_papers(len(written), out))


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    applications: Annotated[int, typer.Option(help="How many applications.")] = 12,
    experts: Annotated[int, typer.Option(help="How many experts.")] = 7,
) -> None:
    """A whole round made, scored, signed, merged and exported into DIR."""
    from qisp_desktop.cli.decide import show_ranking
    from qisp_desktop.services.demo import run_demo

    terminal = current()
    with terminal.work() as work:
        done = run_demo(folder, applications=applications, experts=experts, work=work)
    show_ranking(terminal, done.results.to_json()["applications"])
    terminal.line()
    for label, place in done.places:
        terminal.line(labelled(label, place))
    terminal.line()
    terminal.table(
        [_("verified"), _("files"), _("valid")],
        [[kind, str(count), str(valid)] for kind, count, valid in done.verified],
        right=[1, 2],
    )
    if not done.all_valid:
        raise typer.Exit(1)
