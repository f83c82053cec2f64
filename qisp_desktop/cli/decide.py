"""Verbs of the secretariat after handing out: collect, resolve, explain, results, freeze."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.cli.output import JsonFlag, PassphraseFile, Terminal, current, passphrase, with_json
from qisp_desktop.cli.places import RoundFile

if TYPE_CHECKING:
    from qisp_desktop.services.collect_report import CollectReport


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.command("collect")(collect)
    app.command("resolve")(resolve)
    app.command("explain")(explain)
    app.command("results")(results)
    app.command("freeze")(freeze)


def collect(
    round: RoundFile,
    files: Annotated[list[Path], typer.Argument(metavar="FILE_OR_DIR...")],
    deep: Annotated[bool, typer.Option("--deep", help="Also compare the signed papers inside.")] = False,
    passphrase_file: PassphraseFile = None,
    json: JsonFlag = False,
) -> None:
    """Merge returned files; a verdict for every file and every sheet."""
    from qisp_desktop.services import collecting

    terminal = with_json(json)
    collecting.require_files(files)
    secret = passphrase(passphrase_file, _("The secretariat's passphrase"))
    with terminal.work() as work:
        report = collecting.collect(round, files, passphrase=secret, deep=deep, work=work)
    show_collected(terminal, report, json)


def show_collected(terminal: Terminal, report: CollectReport, json: bool) -> None:
    """The verdicts; exit code 1 where one of them asks for a clerk."""
    from qisp_desktop.services.collect_report import not_looked_at

    if json:
        terminal.document(report.to_json())
    terminal.table(
        [_("file"), _("expert"), _("verdict"), _("sheets"), _("message")],
        [[file.path.name, file.expert or "", file.label, str(len(file.sheets)), file.message] for file in report.files],
        right=[3],
    )
    for file in report.files:
        for sheet in file.sheets:
            if sheet.verdict != file.verdict:
                terminal.line(
                    labelled(
                        f"{file.path.name}  {sheet.application} r{sheet.revision}",
                        f"{sheet.verdict.label} {sheet.message}".strip(),
                    )
                )
    if report.passed_over:
        terminal.error_line(not_looked_at([path.name for path in report.passed_over]))
    if not report.harmless:
        raise typer.Exit(1)


def resolve(
    round: RoundFile,
    expert: Annotated[str, typer.Argument(metavar="E007")],
    application: Annotated[str, typer.Argument(metavar="APPLICATION")],
    revision: Annotated[int, typer.Argument(metavar="REVISION")],
    digest: Annotated[str, typer.Argument(metavar="DIGEST")],
    reason: Annotated[str, typer.Option(help="Why this content counts.")],
) -> None:
    """Decide which of two contents of a revision counts."""
    from qisp_desktop.services.deciding import resolve as decide

    made = decide(round, expert, application, revision, digest, reason=reason)
    current().line(f"{made.expert} {made.application} r{made.revision}: {made.digest}")


def explain(
    round: RoundFile,
    expert: Annotated[str, typer.Argument(metavar="E007")],
    application: Annotated[str, typer.Argument(metavar="APPLICATION")],
    text: Annotated[str, typer.Option(help="What was found out.")],
) -> None:
    """Record the explanation of a deviating total."""
    from qisp_desktop.services.deciding import explain as record

    made = record(round, expert, application, text=text)
    current().line(labelled(f"{made.expert} {made.application}", made.text))


def results(round: RoundFile, json: JsonFlag = False) -> None:
    """Final scores, ranks, recommendations, deviations."""
    from qisp_desktop.services.results import round_results

    terminal = with_json(json)
    found = round_results(round)
    if json:
        terminal.document(found.to_json())
        return
    show_ranking(terminal, found.to_json()["applications"])
    for result in found.results:
        for deviation in result.deviations:
            terminal.line(
                _("deviation: {expert} × {number}, {total} against {mean} ({difference})").format(
                    expert=deviation.expert,
                    number=result.number,
                    total=found.data.rubric.points_text(deviation.total),
                    mean=deviation.others_mean,
                    difference=deviation.difference,
                )
            )
    if found.changed_since_freeze:
        terminal.error_line(_("The result has changed since it was frozen."))


def show_ranking(terminal: Terminal, applications: list[dict[str, object]]) -> None:
    """The ranking as a table; those without a rank below."""
    from qisp_desktop.domain.aggregation import Recommendation, ResultStatus

    def text(value: object) -> str:
        return "" if value is None else str(value)

    ordered = sorted(applications, key=lambda one: (one["rank"] is None, one["rank"] or 0, one["number"]))
    terminal.table(
        [
            _("rank"),
            _("number"),
            _("applicant"),
            _("sheets"),
            _("final"),
            _("grade"),
            _("status"),
            _("recommendation"),
            _("reasons"),
        ],
        [
            [
                text(one["rank"]),
                text(one["number"]),
                text(one["applicant"]),
                text(one["valid_sheets"]),
                text(one["final"]),
                text(one["grade"]),
                ResultStatus(str(one["status"])).label,
                Recommendation(str(one["recommendation"])).label,
                _("; ").join(map(str, one["reasons"])) if isinstance(one["reasons"], list) else "",
            ]
            for one in ordered
        ],
        right=[0, 3, 4],
    )


def freeze(
    round: RoundFile,
    reason: Annotated[str, typer.Option(help="Why the result is final.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Declare the result final; later changes show as such."""
    from qisp_desktop.services.deciding import freeze as declare

    secret = passphrase(passphrase_file, "") if passphrase_file else None
    made = declare(round, reason=reason, passphrase=secret)
    terminal = current()
    terminal.line(_("frozen: result {digest}").format(digest=made.result))
    if secret is None:
        terminal.error_line(
            _("The head of the audit chain was not signed: no passphrase was given (--passphrase-file).")
        )
