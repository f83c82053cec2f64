"""Experts entered, corrected and removed one at a time; the workbook of the whole panel is read by ``importing``."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.texts import clean_text
from qisp_desktop.domain import uscc
from qisp_desktop.domain.desk_records import Replacement
from qisp_desktop.domain.issuing import Issue, OwnCertificate
from qisp_desktop.domain.panel import CODE, Assignment, Conflict, Expert
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.panel_board import PanelBoard, decided_on, read_board
from qisp_desktop.services.steps import Step, changing
from qisp_desktop.services.unknown import unknown_expert
from qisp_desktop.store.audit import AuditHead
from qisp_desktop.store.round_store import RoundStore

ACTION = "expert"
LONGEST = 120
"""Characters of a name, an organisation, a title, a telephone number, at most."""


@dataclass(frozen=True)
class ExpertChange:
    """What a change of the panel's list did; ``conflicts`` are assignments that the corrected record now speaks
    against."""

    step: Step
    conflicts: tuple[Conflict, ...]


def add_expert(round_at: RoundAt, expert: Expert) -> ExpertChange:
    """Enter ``expert``, whose texts are trimmed and whose credit code is normalised.

    Raises UserError for an id, a name or an organisation that is missing, a wrong credit code, and an id that the round
    has already, in whatever case.
    """
    with writing(round_at) as store:
        expert, head = _checked(expert), store.audit_head()
        for held in store.all(Expert):
            if held.id.casefold() == expert.id.casefold():
                raise UserError(
                    _("There is an expert {expert} already.").format(expert=held.id),
                    _("The number is that of {name}.").format(name=held.name),
                    _("Give another number."),
                )
        return _done(store, Step(ACTION, (), (expert,)), head)


def correct_expert(round_at: RoundAt, expert: Expert, *, before: Expert | None = None) -> ExpertChange:
    """Put ``expert`` in the place of the record with the same id, which must be ``before`` (None: any).

    Raises UserError as ``add_expert``, and when somebody else has corrected the record meanwhile.
    """
    with writing(round_at) as store:
        expert, head = _checked(expert), store.audit_head()
        held = store.get(Expert, expert.id)
        if held is None:
            raise unknown_expert(expert.id)
        if before is not None and held != before:
            last = store.audit_events_about(f"expert:{expert.id}")[-1]
            raise UserError(
                _("The record of {expert} was changed by somebody else meanwhile.").format(expert=expert.id),
                _("{actor} changed it at {time}.").format(actor=last.actor, time=last.time),
                _("Your change was not saved. Look at the new state and repeat it."),
            )
        return _done(store, Step(ACTION, (held,), (expert,)), head)


def remove_expert(round_at: RoundAt, expert: str) -> ExpertChange:
    """Take ``expert`` off the panel, with what was planned for them.

    Raises UserError once a package went out to them, or anything came back or was recorded of them: then they are
    replaced, and their record stays.
    """
    with writing(round_at) as store:
        board, head = decided_on(store)
        held = board.experts.get(expert)
        if held is None:
            raise unknown_expert(expert)
        if _has_a_past(store, board, expert):
            raise UserError(
                _("{expert} cannot be removed.").format(expert=expert),
                _("A package went out to them, or something is recorded of them."),
                _("Replace them in the assignment; their record stays."),
            )
        before: list[object] = [held]
        after: list[object] = []
        before += [Assignment(*pair, by) for pair, by in sorted(board.assigned.items()) if pair[0] == expert]
        before += [one for (who, _number), one in sorted(board.exclusions.items()) if who == expert]
        for plan in board.plans.values():
            if expert in plan.experts:
                before.append(plan)
                if left := tuple(one for one in plan.experts if one != expert):
                    after.append(replace(plan, experts=left))
        if (own := store.get(OwnCertificate, expert)) is not None:
            before.append(own)
        return _done(store, Step(ACTION, tuple(before), tuple(after)), head)


def drop_certificate(round_at: RoundAt, expert: str) -> Step:
    """Forget the certificate that ``expert`` brought: from the next issue on the round's own CA makes one.

    Raises UserError when there is none.
    """
    with writing(round_at) as store:
        with store.snapshot():
            own, head = store.get(OwnCertificate, expert), store.audit_head()
        if own is None:
            raise UserError(_("{expert} brought no certificate.").format(expert=expert))
        return _done(store, Step("expert certificate", (own,), ()), head).step


def _done(store: RoundStore, step: Step, head: AuditHead) -> ExpertChange:
    with changing(store, step, head):
        changed = {one.id for one in step.after if isinstance(one, Expert)}
    board = read_board(store)
    against = [Conflict(*pair, ground) for pair, ground in board.conflicts.items() if pair in board.assigned]
    return ExpertChange(step, tuple(one for one in against if one.expert in changed))


def _checked(expert: Expert) -> Expert:
    code = clean_text(expert.id)
    if not CODE.fullmatch(code):
        raise UserError(
            _("{code} is no expert's number.").format(code=code or _("An empty text")),
            _("It has up to 20 letters, digits, - and _, such as E007."),
            _("Give a number such as E007."),
        )
    texts = [
        clean_text(text).replace("\n", " ") for text in (expert.name, expert.organisation, expert.title, expert.phone)
    ]
    for text, missing in zip(texts, (_("The name is missing."), _("The organisation is missing.")), strict=False):
        if not text:
            raise UserError(missing, "", _("Fill it in; conflicts of interest are found by it."))
    if longest := next((text for text in texts if len(text) > LONGEST), ""):
        raise UserError(_("A text is too long: {start}…").format(start=longest[:20]), "", _("Shorten it."))
    number = uscc.normalise(expert.uscc)
    if number and not uscc.is_valid(number):
        raise UserError(
            _("{code} is not a unified social credit code.").format(code=number),
            _("Length, characters or check digits are wrong."),
            _("Correct it, or leave it empty."),
        )
    name, organisation, title, phone = texts
    return replace(expert, id=code, name=name, organisation=organisation, title=title, phone=phone, uscc=number)


def _has_a_past(store: RoundStore, board: PanelBoard, expert: str) -> bool:
    recorded = [pair[0] for pairs in (board.scored, board.visited, board.recusals) for pair in pairs]
    replaced = [who for one in store.all(Replacement) for who in (one.leaving, one.arriving)]
    return expert in recorded or expert in replaced or bool(store.listing(Issue, "expert", expert=expert))
