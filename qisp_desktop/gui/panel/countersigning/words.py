"""How papers and what they are to the leader are told: the columns of the table, and the lines below it."""

from __future__ import annotations

from collections.abc import Sequence

from qisp_desktop.base.i18n import N_, _, labelled
from qisp_desktop.gui.panel.countersigning.paper_list import PaperList
from qisp_desktop.gui.widgets.rows_model import Column
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.services.leader_papers import Done, LeaderPaper, PaperSignature, Standing

KINDS = {"score-sheet": N_("score sheet"), "evaluation-report": N_("report"), "unknown": N_("another file")}
FIELDS = {"Expert": N_("expert"), "PanelLeader": N_("leader"), "Secretariat": N_("secretariat")}
STANDINGS = {
    Standing.UNREAD: (N_("not checked"), Dot.RECUSED),
    Standing.READY: (N_("ready"), Dot.NEW),
    Standing.OLDER: (N_("older"), Dot.STARTED),
    Standing.TWICE: (N_("twice"), Dot.RECUSED),
    Standing.SIGNED: (N_("signed before"), Dot.SIGNED),
    Standing.REFUSED: (N_("refused"), Dot.CONFLICT),
}
DONE = {
    Done.SIGNED: (N_("signed"), Dot.SIGNED),
    Done.THERE: (N_("was there"), Dot.SIGNED),
    Done.FAILED: (N_("failed"), Dot.CONFLICT),
}


def columns(papers: PaperList) -> list[Column]:
    """The columns of the table; what became of a paper is asked for each time a cell is painted."""
    return [
        Column(_("File"), lambda paper: paper.path.name, hint=lambda paper: str(paper.path)),
        Column(
            _("State"),
            lambda paper: state(papers, paper)[0],
            dot=lambda paper: state(papers, paper)[1],
            hint=lambda paper: why(papers, paper),
        ),
        Column(_("Paper"), lambda paper: _(KINDS[paper.kind]) if paper.digest else "—"),
        Column(
            _("Application"),
            lambda paper: paper.application or "—",
            hint=lambda paper: f"{paper.application} {paper.applicant}".strip(),
        ),
        Column(_("Expert"), _expert),
        Column(
            _("Total"), lambda paper: paper.points_text or "—", key=lambda paper: paper.points, number=True, hint=_total
        ),
        Column(
            _("Signatures"),
            lambda paper: _marks(signatures(papers, paper)),
            hint=lambda paper: signers(signatures(papers, paper)),
        ),
        Column(_("Ours"), _own_round),
    ]


def state(papers: PaperList, paper: LeaderPaper) -> tuple[str, Dot]:
    """Where a paper stands, in a word and a mark."""
    outcome = papers.outcomes.get(paper.path)
    text, dot = STANDINGS[paper.standing] if outcome is None else DONE[outcome.done]
    return _(text), dot


def why(papers: PaperList, paper: LeaderPaper) -> str:
    """Why it stands so; empty where there is nothing to say."""
    outcome = papers.outcomes.get(paper.path)
    if outcome is None:
        return _("it has not been read yet: look again") if paper.standing is Standing.UNREAD else paper.why
    if outcome.done is Done.THERE:
        return _("the folder held it already, countersigned")
    return outcome.why


def detail(papers: PaperList, paper: LeaderPaper) -> str:
    """A paper in two lines: where it stands and why, and, once it was read, who has signed it."""
    said = [state(papers, paper)[0], why(papers, paper)]
    outcome = papers.outcomes.get(paper.path)
    if outcome is not None and outcome.written is not None:
        said.append(labelled(_("Signed file"), outcome.written))
    first = labelled(paper.path.name, _("; ").join(filter(None, said)))
    if not paper.digest:
        return first
    return "\n".join((first, labelled(_("Signatures"), signers(signatures(papers, paper)) or _("nobody yet"))))


def signatures(papers: PaperList, paper: LeaderPaper) -> Sequence[PaperSignature]:
    """The signatures in the paper, or in what was made of it."""
    outcome = papers.outcomes.get(paper.path)
    return paper.signatures if outcome is None or outcome.written is None else outcome.signatures


def signers(found: Sequence[PaperSignature]) -> str:
    """Who has signed, and whether each signature holds; empty for nobody."""
    return _("; ").join(_signer(one) for one in found)


def _signer(signature: PaperSignature) -> str:
    field = _(FIELDS.get(signature.field, N_("unknown")))
    verdict = labelled(_("not valid"), signature.problem) if signature.problem else _("valid")
    return _("{field} {name} ({verdict})").format(field=field, name=signature.signer, verdict=verdict)


def _marks(found: Sequence[PaperSignature]) -> str:
    """Fields with ✓ or ✗."""
    marks = (_(FIELDS.get(one.field, N_("unknown"))) + (" ✗" if one.problem else " ✓") for one in found)
    return "  ".join(marks) or "—"


def _expert(paper: LeaderPaper) -> str:
    if paper.kind == "evaluation-report" and not paper.hidden:
        return _("none")
    return f"{paper.expert} {paper.expert_name}".strip() or "—"


def _own_round(paper: LeaderPaper) -> str:
    return "—" if paper.own_round is None else _("yes") if paper.own_round else _("no")


def _total(paper: LeaderPaper) -> str:
    if not paper.points_text:
        return ""
    return _("Total of the sheet") if paper.kind == "score-sheet" else _("Final score of the application")
