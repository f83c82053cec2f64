"""Scores on hand-signed paper: two clerks enter them independently, what differs is settled, then they are confirmed.

The second clerk enters without seeing the first's values; the window keeps them apart, this module keeps out one person
under one name. That two names are two people is the office's own word, like the confirmation itself. Confirmed scores
become a sheet without signature (``domain.paper_scores``) that counts like the others and says where it came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from qisp_desktop.base import canonical
from qisp_desktop.base.codec import digest_of
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.texts import clean_text
from qisp_desktop.domain.desk_records import EntrySource, PaperConfirmation, PaperEntry, PaperOrigin
from qisp_desktop.domain.issuing import Return
from qisp_desktop.domain.panel import Assignment, Recusal
from qisp_desktop.domain.paper_scores import (
    items_problems,
    settled_items,
    sheet_from_paper,
)
from qisp_desktop.domain.paper_state import PaperState, form_contents
from qisp_desktop.domain.papers import SHEET_TEMPLATE
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ItemScore, ScoreSheet
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.store.audit import AuditHead
from qisp_desktop.store.round_store import RoundStore

RECUSE_ON_PAPER = "recuse on paper"


def paper_state(store: RoundStore, expert: str, application: str) -> PaperState:
    """What is held of this paper."""
    where = {"expert": expert, "application": application}
    return _state(
        expert,
        application,
        store.all(PaperEntry, **where),
        store.all(PaperConfirmation, **where),
        held_revisions(store, expert, application).values(),
    )


def paper_states(store: RoundStore) -> list[PaperState]:
    """All papers of which anything was entered or confirmed, by application and expert."""
    entries: dict[tuple[str, str], list[PaperEntry]] = {}
    confirmations: dict[tuple[str, str], list[PaperConfirmation]] = {}
    for entry in store.all(PaperEntry):
        entries.setdefault((entry.application, entry.expert), []).append(entry)
    for one in store.all(PaperConfirmation):
        confirmations.setdefault((one.application, one.expert), []).append(one)
    return [
        _state(
            expert,
            number,
            entries.get((number, expert), ()),
            confirmations.get((number, expert), ()),
            held_revisions(store, expert, number).values(),
        )
        for number, expert in sorted(entries.keys() | confirmations.keys())
    ]


def held_revisions(store: RoundStore, expert: str, application: str) -> dict[str, int]:
    """The sheets that are held of one identity: digest → revision."""
    rows = store.listing(ScoreSheet, "digest", "revision", expert=expert, application=application)
    return {str(digest): int(revision) for digest, revision in rows}


def enter(round_at: RoundAt, expert: str, application: str, items: Sequence[ItemScore], *, clerk: str) -> PaperEntry:
    """Keep what ``clerk`` read off the paper: the first entry, or the second where somebody else made the first.

    Entering again under the same name corrects one's own entry. Raises UserError, and keeps nothing, for scores that
    cannot be a complete sheet, an application that is not the expert's, and a third person.
    """
    clerk = _named(clerk)
    with writing(round_at) as store:
        _require_reader(store, expert, application)
        checked = checked_items(items, store.rubric())
        state = paper_state(store, expert, application)
        source = state.role_of(clerk)
        if source is None:
            names = [one.by for one in (state.first, state.second) if one is not None]
            raise UserError(
                _("This paper was entered twice already."),
                _("By {names}.").format(names=_(", ").join(names)),
                _("Settle the differences and confirm it, or discard the entries."),
            )
        entry = PaperEntry(expert, application, source, state.newest + 1, checked, "", (), clerk, _now())
        with store.change("enter paper") as change:
            change.put(entry)
        return entry


def confirm_typed(
    round_at: RoundAt,
    expert: str,
    application: str,
    *,
    clerk: str,
    reason: str,
    settled: Mapping[str, ItemScore] | None = None,
    seen: PaperState | None = None,
) -> PaperConfirmation:
    """Confirm that the hand-signed paper says what two clerks entered; where they differ, what ``settled`` says.

    From then on the sheet counts. ``seen`` is what the clerk compared with the paper. Raises UserError without a
    reason, before both entries are there, for a difference that is not settled, where a newer sheet has come since, and
    where the entries are not the ones ``seen`` any more.
    """
    clerk, reason = _named(clerk), _sentence(reason)
    with writing(round_at) as store:
        state, head = _to_confirm(store, expert, application, seen)
        first, second = state.first, state.second
        if first is None or second is None:
            raise UserError(
                _("The paper of {expert} for {application} was not entered twice yet.").format(
                    expert=expert, application=application
                ),
                "",
                _("Two clerks enter it, each without seeing the other's entry."),
            )
        _require_current(state, first, second)
        chosen = {item.criterion: item for item in checked_items((settled or {}).values(), store.rubric(), whole=False)}
        try:
            items = settled_items(first.items, second.items, chosen)
        except ValueError:
            differing = _(", ").join(one.criterion for one in state.differences)
            raise UserError(
                _("The two entries differ."), differing, _("Settle each of these with a look at the paper.")
            ) from None
        return _confirm(store, head, state, items, PaperOrigin.TYPED, (first, second), clerk, reason)


def confirm_form(
    round_at: RoundAt,
    expert: str,
    application: str,
    *,
    clerk: str,
    reason: str,
    file: str = "",
    seen: PaperState | None = None,
) -> PaperConfirmation:
    """Confirm that the hand-signed paper says what the score form said; of several contents the one of ``file``.

    Raises UserError as ``confirm_typed`` does.
    """
    clerk, reason = _named(clerk), _sentence(reason)
    with writing(round_at) as store:
        state, head = _to_confirm(store, expert, application, seen)
        form = state.form
        if form is None:
            raise UserError(
                _("No score form of {expert} for {application} awaits a confirmation.").format(
                    expert=expert, application=application
                ),
                "",
                _("Read the form in first."),
            )
        _require_current(state, form)
        contents = form_contents(form)
        chosen = [one for one in contents if one.file == file] if file or len(contents) > 1 else contents
        if len(chosen) != 1:
            raise UserError(
                _("The form came back with several contents."),
                _(", ").join(one.file for one in contents),
                _("Compare them with the paper and choose the one that it says."),
            )
        items = checked_items(chosen[0].items, store.rubric())
        return _confirm(store, head, state, items, PaperOrigin.FORM, (form,), clerk, reason)


def withdraw(round_at: RoundAt, confirmation: PaperConfirmation) -> None:
    """Take back a confirmation: its sheet is gone, its entries await a confirmation again.

    The audit trail keeps that it was there. Raises UserError when a newer sheet rests on it.
    """
    with writing(round_at) as store:
        key = (confirmation.expert, confirmation.application, confirmation.revision)
        with store.snapshot():
            there, head = store.get(PaperConfirmation, *key), store.audit_head()
            held = held_revisions(store, confirmation.expert, confirmation.application)
        if there != confirmation:
            raise UserError(_("This confirmation is not there any more."), "", _("Read the round again."))
        if max(held.values(), default=0) > confirmation.revision:
            raise UserError(
                _("A newer revision of this sheet has come since."),
                "",
                _("Nothing has to be taken back: the newer one counts."),
            )
        with store.change("withdraw paper") as change:
            change.require_unchanged_since(head)
            change.remove(PaperConfirmation, *key)
            change.remove(ScoreSheet, confirmation.sheet)


def discard_entries(round_at: RoundAt, expert: str, application: str) -> int:
    """Remove the entries that no confirmation rests on; how many there were."""
    with writing(round_at) as store:
        state = paper_state(store, expert, application)
        entries = [one for one in (state.first, state.second, state.form) if one is not None]
        with store.change("discard entries") as change:
            for entry in entries:
                change.remove(PaperEntry, expert, application, entry.source.value)
        return len(entries)


def recuse_on_paper(round_at: RoundAt, expert: str, application: str, *, ground: RecusalGround, reason: str) -> Recusal:
    """Record that the expert stepped back from an application in a hand-signed declaration; voids their sheet.

    Raises UserError without a reason, for an application that is not the expert's, and for a second recusal.
    """
    recusal = Recusal(expert, application, ground, _sentence(reason))
    with writing(round_at) as store:
        _require_reader(store, expert, application)
        with store.change(RECUSE_ON_PAPER) as change:
            change.put(recusal)
        return recusal


def take_back_recusal(round_at: RoundAt, recusal: Recusal) -> None:
    """Undo ``recuse_on_paper``; UserError where the recusal was signed in a package or is not there."""
    with writing(round_at) as store:
        events = store.audit_events_about(f"recusal:{recusal.expert}/{recusal.application}")
        on_paper = bool(events) and events[-1].action == RECUSE_ON_PAPER
        held = store.get(Recusal, recusal.expert, recusal.application)
        if held != recusal or not on_paper or _signed_as_well(store, recusal):
            raise UserError(
                _("This recusal cannot be taken back."), _("A recusal that the expert signed is final."), ""
            )
        with store.change("take back recusal") as change:
            change.remove(Recusal, recusal.expert, recusal.application)


def checked_items(items: Iterable[ItemScore], rubric: Rubric, *, whole: bool = True) -> tuple[ItemScore, ...]:
    """``items`` with tidy remarks, one for each criterion in the rubric's order (of some criteria unless ``whole``).

    Raises UserError that names every place.
    """
    tidy = tuple(replace(item, remark=clean_text(item.remark), evidence=()) for item in items)
    codes = tuple(item.criterion for item in tidy)
    if (whole and codes != rubric.codes) or not set(codes) <= set(rubric.codes) or len(set(codes)) != len(codes):
        raise UserError(_("These are not the criteria of the round."), "", _("Use the round's own scoring standard."))
    if problems := items_problems(tidy, rubric):
        raise UserError(
            _("The scores are not complete."), _("; ").join(problems.values()), _("Correct the places named.")
        )
    return tidy


def _to_confirm(
    store: RoundStore, expert: str, application: str, seen: PaperState | None
) -> tuple[PaperState, AuditHead]:
    """What is to be confirmed, and the head of the trail that it belongs to."""
    with store.snapshot():
        _require_reader(store, expert, application)
        state, head = paper_state(store, expert, application), store.audit_head()
    if seen is not None and (seen.first, seen.second, seen.form) != (state.first, state.second, state.form):
        raise UserError(
            _("This paper was entered anew since it was looked at."), "", _("Compare the new entries with the paper.")
        )
    return state, head


def _confirm(
    store: RoundStore,
    head: AuditHead,
    state: PaperState,
    items: tuple[ItemScore, ...],
    origin: PaperOrigin,
    entries: Sequence[PaperEntry],
    clerk: str,
    reason: str,
) -> PaperConfirmation:
    held = held_revisions(store, state.expert, state.application)
    rubric, round_id = store.rubric(), store.round().id
    sheet = sheet_from_paper(round_id, rubric, state.expert, state.application, held, items, reason, SHEET_TEMPLATE)
    confirmation = PaperConfirmation(
        state.expert,
        state.application,
        sheet.revision,
        sheet.digest,
        origin,
        tuple(entry.by for entry in entries),
        tuple(digest_of(entry) for entry in entries),
        clerk,
        reason,
        _now(),
    )
    with store.change("confirm paper") as change:
        change.require_unchanged_since(head)
        change.put_all((sheet, confirmation))
    return confirmation


def _state(
    expert: str,
    application: str,
    entries: Iterable[PaperEntry],
    confirmations: Iterable[PaperConfirmation],
    revisions: Iterable[int],
) -> PaperState:
    known = sorted(confirmations, key=lambda one: one.revision)
    used = {digest for one in known for digest in one.entries}
    by_source = {one.source: one for one in entries if digest_of(one) not in used}
    return PaperState(
        expert,
        application,
        by_source.get(EntrySource.FIRST),
        by_source.get(EntrySource.SECOND),
        by_source.get(EntrySource.FORM),
        known[-1] if known else None,
        max(revisions, default=0),
    )


def _signed_as_well(store: RoundStore, recusal: Recusal) -> bool:
    """Whether the expert has signed the recusal too: of two one is held, be it the one from paper (``collecting``)."""
    for returned in store.all(Return, expert=recusal.expert):
        kept = store.kept(returned.manifest)
        # What is kept was read strictly when it came, and still has its digest.
        document: Any = {} if kept is None else canonical.read_typed(kept)
        if any(one["application"] == recusal.application for one in document.get("recusals", ())):
            return True
    return False


def _require_reader(store: RoundStore, expert: str, application: str) -> None:
    if store.get(Assignment, expert, application) is None:
        raise UserError(
            _("{application} is not assigned to {expert}.").format(application=application, expert=expert),
            "",
            _("Check the expert and the application on the paper."),
        )
    if store.get(Recusal, expert, application) is not None:
        raise UserError(
            _("{expert} stepped back from {application}.").format(application=application, expert=expert),
            _("A recusal voids the expert's sheet."),
            "",
        )


def _require_current(state: PaperState, *entries: PaperEntry) -> None:
    """The entries follow what is held; otherwise a sheet has come that the clerks had not seen."""
    if any(entry.revision != state.newest + 1 for entry in entries):
        raise UserError(
            _("Since this paper was entered, revision {revision} of the sheet has come.").format(revision=state.newest),
            "",
            _("If the paper is newer than that, enter it again; otherwise discard the entries."),
        )


def _named(clerk: str) -> str:
    name = " ".join(clean_text(clerk).split())
    if not name:
        raise UserError(_("Who enters the paper is missing."), "", _("Type your name."))
    return name


def _sentence(given: str) -> str:
    sentence = clean_text(given)
    if not sentence:
        raise UserError(_("A reason is needed."), "", _("Say in a sentence why; it is kept in the audit trail."))
    return sentence


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
