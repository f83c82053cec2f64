"""Verbs for experts without the program: score forms in Excel, and scores that came on hand-signed paper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.cli.decide import show_collected
from qisp_desktop.cli.output import JsonFlag, current, with_json
from qisp_desktop.cli.places import RoundFile
from qisp_desktop.cli.prepare import imports
from qisp_desktop.domain.regulation import RecusalGround

ExpertId = Annotated[str, typer.Argument(metavar="E007")]
Number = Annotated[str, typer.Argument(metavar="APPLICATION")]
Clerk = Annotated[str, typer.Option(help="Who does it: two clerks enter a paper.")]
Reason = Annotated[str, typer.Option(help="Why it counts.")]
papers = typer.Typer(help="Scores on hand-signed paper.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.add_typer(papers, name="paper")
    imports.command("forms")(import_forms)


def import_forms(
    round: RoundFile,
    files: Annotated[list[Path], typer.Argument(metavar="FILE_OR_DIR...")],
    json: JsonFlag = False,
) -> None:
    """Read score forms back; they count once the hand-signed paper is confirmed (qisp paper confirm)."""
    from qisp_desktop.services.score_forms import read_forms

    terminal = with_json(json)
    with terminal.work() as work:
        report = read_forms(round, files, work=work)
    show_collected(terminal, report, json)


@papers.command("form")
def form(round: RoundFile, expert: ExpertId, out: Annotated[Path, typer.Argument(metavar="OUT.xlsx")]) -> None:
    """Write an expert's score form: a sheet for each application that they read."""
    from qisp_desktop.services.score_forms import write_form

    written = write_form(round, expert, out)
    current().line(labelled(str(written.path), str(written.applications)))


@papers.command("enter")
def enter(
    round: RoundFile,
    expert: ExpertId,
    application: Number,
    scores: Annotated[Path, typer.Argument(metavar="SCORES.json", help='{"scores": {"Q1": "3.5"}, "remarks": {}}')],
    clerk: Clerk,
) -> None:
    """Enter what a paper says; a second clerk enters it again."""
    from qisp_desktop.services.input_files import read_document
    from qisp_desktop.services.paper_documents import items_from, rubric_of
    from qisp_desktop.services.paper_scores import enter as keep

    items = items_from(read_document(scores), rubric_of(round))
    made = keep(round, expert, application, items, clerk=clerk)
    current().line(f"{made.expert} {made.application}: {made.source.label}, {made.by}")


@papers.command("confirm")
def confirm(
    round: RoundFile,
    expert: ExpertId,
    application: Number,
    clerk: Clerk,
    reason: Reason,
    settle: Annotated[
        Path | None, typer.Option(metavar="SCORES.json", help="What the paper says where the two entries differ.")
    ] = None,
    form: Annotated[bool, typer.Option("--form", help="Confirm what a score form said.")] = False,
    file: Annotated[str, typer.Option(help="Of several forms: the SHA-256 of the one that the paper says.")] = "",
) -> None:
    """Confirm that the hand-signed paper says what was entered: from then on it counts."""
    from qisp_desktop.services.input_files import read_document
    from qisp_desktop.services.paper_documents import items_from, rubric_of
    from qisp_desktop.services.paper_scores import confirm_form, confirm_typed

    if form:
        made = confirm_form(round, expert, application, clerk=clerk, reason=reason, file=file)
    else:
        settled = items_from(read_document(settle), rubric_of(round), whole=False) if settle else ()
        by_code = {item.criterion: item for item in settled}
        made = confirm_typed(round, expert, application, clerk=clerk, reason=reason, settled=by_code)
    current().line(f"{made.expert} {made.application} r{made.revision}: {made.source.label}, {made.sheet}")


@papers.command("recuse")
def recuse(
    round: RoundFile,
    expert: ExpertId,
    application: Number,
    ground: Annotated[RecusalGround, typer.Argument(metavar="GROUND")],
    reason: Annotated[str, typer.Option(help="What the signed declaration says.")],
) -> None:
    """Record a recusal that an expert declared on paper."""
    from qisp_desktop.services.paper_scores import recuse_on_paper

    made = recuse_on_paper(round, expert, application, ground=ground, reason=reason)
    current().line(labelled(f"{made.expert} {made.application}", f"{made.ground.label} {made.reason}"))


@papers.command("show")
def show(round: RoundFile, json: JsonFlag = False) -> None:
    """Say which papers were entered, what differs, and which are confirmed."""
    from qisp_desktop.services.opened import reading
    from qisp_desktop.services.paper_scores import paper_states

    terminal = with_json(json)
    with reading(round) as store:
        states = paper_states(store)
    entered = [[one.by for one in (state.first, state.second, state.form) if one is not None] for state in states]
    if json:
        terminal.document(
            [
                {
                    "expert": state.expert,
                    "application": state.application,
                    "entered_by": names,
                    "differences": [one.criterion for one in state.differences],
                    "confirmed": state.confirmation.sheet if state.confirmation else None,
                    "confirmed_by": state.confirmation.by if state.confirmation else None,
                }
                for state, names in zip(states, entered, strict=True)
            ]
        )
        return
    terminal.table(
        [_("expert"), _("application"), _("entered by"), _("differences"), _("confirmed by"), _("reason")],
        [
            [
                state.expert,
                state.application,
                _(", ").join(names),
                _(", ").join(one.criterion for one in state.differences),
                state.confirmation.by if state.confirmation else "",
                state.confirmation.reason if state.confirmation else "",
            ]
            for state, names in zip(states, entered, strict=True)
        ],
    )
