"""What stands between an expert and an application, in words: why a conflict is one, what holds now, what follows."""

from __future__ import annotations

from qisp_desktop.base.errors import sentences
from qisp_desktop.base.i18n import _, labelled, ngettext
from qisp_desktop.domain.desk_records import Replacement
from qisp_desktop.domain.panel import AssignedBy, ConflictGround, Expert
from qisp_desktop.services.application_rows import ApplicationRow
from qisp_desktop.services.panel_board import Pair, PanelBoard
from qisp_desktop.services.replacing import LateRecusal, ReplacementReport, draw_holds
from qisp_desktop.services.steps import Step

MOST_NAMED = 12


def conflict_words(board: PanelBoard, pair: Pair) -> str:
    """Why the pair is a conflict, with the values that were compared; empty when it is none."""
    expert, row, ground = board.experts.get(pair[0]), board.row.get(pair[1]), board.conflicts.get(pair)
    if expert is None or row is None or ground is None:
        return ""
    match ground:
        case ConflictGround.SAME_USCC:
            return _("The expert's organisation and the applicant have the same credit code: {code}").format(
                code=expert.uscc
            )
        case ConflictGround.SAME_ORGANISATION:
            return _same_organisation(expert, row)
        case ConflictGround.DECLARED:
            recusal = board.recusals[pair]
            return _("The expert stepped back ({ground}): {reason}").format(
                ground=recusal.ground.label, reason=recusal.reason
            )
        case ConflictGround.EXCLUDED:
            exclusion = board.exclusions[pair]
            return _("The office keeps the expert from it: {reason} ({by})").format(
                reason=exclusion.reason, by=exclusion.by
            )


def _same_organisation(expert: Expert, row: ApplicationRow) -> str:
    text = _("Organisation of the expert: {own}\nApplicant: {applicant}").format(
        own=expert.organisation, applicant=row.applicant
    )
    if expert.organisation == row.applicant:
        return text
    return text + "\n" + _("They are the same when width, blanks and punctuation are left aside.")


def state_words(board: PanelBoard, pair: Pair) -> str:
    """Whether the pair is assigned and how, what came of it, in one or more lines."""
    expert, number = pair
    lines = []
    by = board.assigned.get(pair)
    if by is not None:
        lines.append(_("Assigned by hand.") if by is AssignedBy.HAND else _("Assigned automatically."))
    else:
        lines.append(_("Not assigned."))
    if pair in board.signed:
        counts = by is not None and pair not in board.conflicts
        lines.append(
            _("A signed score sheet is here.") if counts else _("A signed score sheet is here; it does not count.")
        )
    elif by is not None:
        lines.append(_package_words(board, expert, number))
    plan = board.plans.get(number)
    if plan is not None and expert in plan.experts:
        lines.append(_("Inspects it on site."))
    for one in board.replacements:
        if one.application == number and expert in (one.leaving, one.arriving):
            who = _("{arriving} took the place of {leaving}").format(arriving=one.arriving, leaving=one.leaving)
            how = _("by lot") if one.draw is not None else _("by choice")
            lines.append(_("{who} ({how}): {reason}").format(who=who, how=how, reason=one.reason))
            lines.append(draw_words(one))
    return "\n".join(line for line in lines if line)


def draw_words(replacement: Replacement) -> str:
    """How a draw by lot can be repeated, and whether that gives the same; empty for a choice."""
    draw = replacement.draw
    if draw is None:
        return ""
    text = _("Drawn by lot among {candidates} (seed {seed}).").format(
        candidates=_(", ").join(draw.candidates), seed=draw.seed
    )
    if draw_holds(replacement):
        return sentences(text, _("Drawn again from these, it gives the same."))
    return sentences(text, _("Drawn again from these, it gives another: this record was changed."))


def _package_words(board: PanelBoard, expert: str, number: str) -> str:
    issue = board.issues.get(expert)
    if issue is None:
        return _("No package has been handed out.")
    if not issue.scored and not issue.visited:
        return ""
    if number in issue.scored:
        return _("It is in the package {issue}.").format(issue=issue.id)
    return _("It is not in the package {issue}: issue again.").format(issue=issue.id)


def readers_words(board: PanelBoard, number: str) -> str:
    """How many read an application, and whether that can make a result."""
    readers, possible = len(board.readers.get(number, ())), board.possible(number)
    text = ngettext("{count} expert reads it", "{count} experts read it", readers).format(count=readers)
    if possible < readers:
        text = _("{text}, {gone} stepped back").format(text=text, gone=readers - possible)
    if readers and possible < board.quorum:
        text = ngettext(
            "{text}; a result needs {quorum} valid sheet", "{text}; a result needs {quorum} valid sheets", board.quorum
        ).format(text=text, quorum=board.quorum)
    return text


def recusal_words(late: LateRecusal) -> str:
    """What a late recusal costs: the quorum, or nothing."""
    if late.quorum_lost:
        return ngettext(
            "Quorum lost: {possible} valid sheet is possible, a result needs {quorum}.",
            "Quorum lost: {possible} valid sheets are possible, a result needs {quorum}.",
            late.possible,
        ).format(possible=late.possible, quorum=late.quorum)
    return ngettext(
        "{possible} valid sheet is still possible, a result needs {quorum}.",
        "{possible} valid sheets are still possible, a result needs {quorum}.",
        late.possible,
    ).format(possible=late.possible, quorum=late.quorum)


def suggestion_words(late: LateRecusal) -> str:
    """Who could take the place."""
    if not late.candidates:
        return _("Everybody else reads it already or has a conflict of interest: invite another expert.")
    best = late.candidates[0]
    return _("Suggested: {expert} {name}, without a conflict and with the lowest load ({load}).").format(
        expert=best.expert, name=best.name, load=best.load
    )


def assignment_words(step: Step) -> str:
    """What a change of the assignment brings and takes."""
    if not step:
        return _("nothing to change")
    parts = [ngettext("{count} new", "{count} new", len(step.after)).format(count=len(step.after))]
    if step.before:
        gone = ngettext("{count} taken away", "{count} taken away", len(step.before))
        parts.append(gone.format(count=len(step.before)))
    return _(", ").join(parts)


def replacement_words(report: ReplacementReport) -> tuple[str, str]:
    """What was replaced, and what is to be known about it."""
    if len(report.replacements) == 1:
        one = report.replacements[0]
        what = _("{arriving} reads {number} in the place of {leaving}.").format(
            arriving=one.arriving, number=one.application, leaving=one.leaving
        )
    else:
        arriving = sorted({one.arriving for one in report.replacements})
        what = ngettext(
            "{count} application of {leaving} was passed on to {arriving}.",
            "{count} applications of {leaving} were passed on to {arriving}.",
            len(report.replacements),
        ).format(
            count=len(report.replacements),
            leaving=report.replacements[0].leaving,
            arriving=_(", ").join(arriving),
        )
    more = []
    drawn_lots = [one for one in report.replacements if one.draw is not None]
    if len(drawn_lots) == 1:
        more.append(draw_words(drawn_lots[0]))
    elif drawn_lots:
        more.append(_("Drawn by lot; each draw is recorded in the audit trail."))
    if report.kept:
        more.append(_("Nobody else can read {numbers}: they stay as they are.").format(numbers=named(report.kept)))
    if report.sheets_out:
        more.append(
            _("Signed sheets for {numbers} stay visible and count no longer.").format(numbers=named(report.sheets_out))
        )
    return what, "\n".join(more)


def reissue_words(to_reissue: tuple[str, ...], to_issue: tuple[str, ...] = ()) -> str:
    """Who has to be handed a package before what was changed reaches them; empty when nobody."""
    lines = []
    if to_reissue:
        lines.append(
            _("Issue again for {experts}: the packages handed out do not fit any more.").format(
                experts=named(to_reissue)
            )
        )
    if to_issue:
        lines.append(labelled(_("Without a package yet"), named(to_issue)))
    return "\n".join(lines)


def named(names: tuple[str, ...]) -> str:
    """The names, no more than can be taken in."""
    shown = _(", ").join(names[:MOST_NAMED])
    if len(names) <= MOST_NAMED:
        return shown
    return _("{shown} and {count} more").format(shown=shown, count=len(names) - MOST_NAMED)
