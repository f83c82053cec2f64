"""What goes from the workspace of an earlier issue into a later one's, and what does not apply there any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from qisp_desktop.base.i18n import N_, _, labelled, using
from qisp_desktop.domain.inspection import Photo, SiteInspection
from qisp_desktop.domain.inspection_draft import InspectionDraft
from qisp_desktop.domain.issuing import SignedPaper, SignedReturn
from qisp_desktop.domain.panel import Declaration, Recusal
from qisp_desktop.domain.score_sheet import DraftSheet, Evidence, ScoreSheet, reopened
from qisp_desktop.services.desk import CarriedOver, Desk, LeftBehind
from qisp_desktop.services.photos import photo_of
from qisp_desktop.store.aggregates import Setting

NOT_ASSIGNED = N_("no longer assigned to you")
NOT_IN_PACKAGE = N_("no longer in the package")
OTHER_RUBRIC = N_("the scoring standard is another one now")
OTHER_CHECKLIST = N_("the checklist is another one now")


class _OfApplication(Protocol):
    @property
    def application(self) -> str: ...


V = TypeVar("V", bound=_OfApplication)


class Carried:
    """All that an earlier workspace holds, in memory, so that its folder can be moved aside."""

    def __init__(self, old: Desk) -> None:
        self._issue = old.manifest.issue
        self._rubric = old.manifest.rubric
        self._drafts = old.store.all(DraftSheet)
        self._settings = old.store.all(Setting)
        self._declarations = old.store.all(Declaration)
        self._recusals = old.store.all(Recusal)
        self._sheets = old.store.all(ScoreSheet)
        self._papers = old.store.all(SignedPaper)
        self._inspections = old.store.all(SiteInspection)
        self._visits = [visit for visit in old.store.all(InspectionDraft) if visit.started]
        photos = [photo for inspection in self._inspections for photo in inspection.photos]
        photos += [photo for visit in self._visits for photo in visit.photos]
        digests = {paper.sha256 for paper in self._papers} | {photo.sha256 for photo in photos}
        self._blobs = {digest: old.store.blob(digest) for digest in digests if old.store.has_blob(digest)}
        returned = {digest for made in old.store.all(SignedReturn) for digest in made.inspections}
        self._returned = returned | {record.digest for record in old.records.site_inspections}

    def into(self, desk: Desk) -> CarriedOver:
        """Put into ``desk`` what its package still speaks of, and say what that was and what was left.

        Scores need the same rubric and the assignment; a visit needs the application and the same checklist.
        """
        sorting = _Sorting(desk, self._rubric, {recusal.application for recusal in self._recusals})
        drafts = [_above(desk, one) for one in sorting.scores(self._drafts, N_("scores that were not signed"))]
        sheets = sorting.scores(self._sheets, N_("the signed sheet"))
        papers = [one for one in self._papers if one.sheet in {sheet.digest for sheet in sheets}]
        recusals = sorting.known(self._recusals, N_("the recusal"))
        inspections = sorting.known(self._inspections, N_("the record of the site inspection"))
        visits = sorting.visits(self._visits, N_("the site inspection that was begun"))
        if not desk.records.photo_positions:
            changed = self._without_positions(inspections, visits)
            inspections = [one if one.digest in self._returned else changed.record(one) for one in inspections]
            visits = [changed.visit(one) for one in visits]
            drafts = [changed.draft(one) for one in drafts]
        for data in self._blobs.values():
            desk.store.add_blob(data)
        with desk.store.change() as change:
            change.put_all(one for one in self._declarations if one.application in desk.applications)
            for values in (drafts, sheets, papers, recusals, inspections, visits):
                change.put_all(values)
            if sorting.same_rubric:
                change.put_all(self._settings)  # the levels that were picked, and the place
        return CarriedOver(self._issue, tuple(sorted(sorting.kept)), tuple(dict.fromkeys(sorting.left)))

    def _without_positions(
        self, inspections: Iterable[SiteInspection], visits: Iterable[InspectionDraft]
    ) -> _ChangedPhotos:
        """The photos that go into a return yet, without the place where they were taken: the later issue does not ask
        for it, as the earlier one may have done."""
        photos = [photo for one in inspections if one.digest not in self._returned for photo in one.photos]
        photos += [photo for visit in visits for photo in visit.photos]
        changed: dict[str, Photo] = {}
        for photo in photos:
            data = self._blobs.get(photo.sha256)
            if data is None or photo.sha256 in changed:
                continue
            plain, kept = photo_of(photo.name, data)
            if plain.sha256 != photo.sha256:
                self._blobs[plain.sha256] = kept
                changed[photo.sha256] = replace(plain, original=photo.original or photo.sha256)
        return _ChangedPhotos(changed)


@dataclass(frozen=True)
class _ChangedPhotos:
    """Photos whose files became others: the new record of each by the SHA-256 of the file before."""

    _changed: Mapping[str, Photo]

    def visit(self, visit: InspectionDraft) -> InspectionDraft:
        return replace(visit, photos=self._photos(visit.photos))

    def record(self, record: SiteInspection) -> SiteInspection:
        return replace(record, photos=self._photos(record.photos))

    def draft(self, draft: DraftSheet) -> DraftSheet:
        """``draft`` with its citations of these photos."""
        return replace(draft, items=tuple(replace(one, evidence=self._evidence(one.evidence)) for one in draft.items))

    def _photos(self, photos: Iterable[Photo]) -> tuple[Photo, ...]:
        return tuple(
            replace(one, sha256=changed.sha256, size=changed.size, original=changed.original)
            if (changed := self._changed.get(one.sha256))
            else one
            for one in photos
        )

    def _evidence(self, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
        return tuple(
            replace(one, sha256=changed.sha256) if (changed := self._changed.get(one.sha256)) else one
            for one in evidence
        )


class _Sorting:
    """Tells what applies on ``desk`` from what does not, and keeps account of both.

    What was written of an application that the expert stepped back from is void: it may come along, in case the recusal
    is taken back, but nobody misses it.
    """

    def __init__(self, desk: Desk, rubric: str, recused: set[str]) -> None:
        self._desk = desk
        self._assigned = frozenset(desk.records.assigned)
        self._held = {*desk.store.all(Recusal), *desk.store.all(ScoreSheet), *desk.store.all(SiteInspection)}
        self._void = recused | {recusal.application for recusal in desk.store.all(Recusal)}
        self.same_rubric = desk.manifest.rubric == rubric
        self.kept: set[str] = set()
        self.left: list[LeftBehind] = []

    def scores(self, values: Iterable[V], what: str) -> list[V]:
        """Drafts and signed sheets."""

        def why(value: V) -> str:
            if value.application not in self._assigned:
                return self._gone(value.application) or NOT_ASSIGNED
            return "" if self.same_rubric else OTHER_RUBRIC

        return self._sorted(((value, why(value)) for value in values), what)

    def known(self, values: Iterable[V], what: str) -> list[V]:
        """Anything that only needs its application."""
        return self._sorted(((value, self._gone(value.application)) for value in values), what)

    def visits(self, visits: Iterable[InspectionDraft], what: str) -> list[InspectionDraft]:
        """Site inspections that are being written."""
        codes = [item.code for item in self._desk.rubric.checklist]

        def why(visit: InspectionDraft) -> str:
            same = [item.item for item in visit.items] == codes
            return self._gone(visit.application) or ("" if same else OTHER_CHECKLIST)

        return self._sorted(((visit, why(visit)) for visit in visits), what)

    def _gone(self, number: str) -> str:
        return "" if number in self._desk.applications else NOT_IN_PACKAGE

    def _sorted(self, judged: Iterable[tuple[V, str]], what: str) -> list[V]:
        kept = []
        for value, why in judged:
            if not why:
                kept.append(value)
            if value.application in self._void and not isinstance(value, Recusal):
                continue
            if not why:
                self.kept.add(value.application)
            elif value not in self._held:  # what the package brings itself is not lost
                self.left.append(LeftBehind(value.application, what, why))
        return kept


def carried_words(carried: CarriedOver) -> tuple[str, list[str]]:
    """What was carried over, in a sentence, and a line for each application of which something was left behind."""
    what = _("Nothing of what you did on the earlier issue {issue} applies here.")
    if carried.kept:
        what = _("What you did on the earlier issue {issue} was carried over: {numbers}.")
    elif not carried.left:
        what = _("On the earlier issue {issue} nothing had been done yet.")
    return what.format(issue=carried.issue, numbers=_(", ").join(carried.kept)), list(_left_lines(carried))


def _left_lines(carried: CarriedOver) -> Iterator[str]:
    by_place: dict[tuple[str, str], list[str]] = {}
    for one in carried.left:
        by_place.setdefault((one.application, one.why), []).append(_(one.what))
    for (number, why), what in sorted(by_place.items()):
        left = _("{what} left behind ({why})").format(what=_(", ").join(what), why=_(why))
        yield labelled(number, left)


def _above(desk: Desk, draft: DraftSheet) -> DraftSheet:
    """``draft`` as the revision after the newest signed sheet on ``desk``: the office may hold one that the older
    workspace never saw, and two contents of one revision would be a conflict."""
    signed = desk.signed_sheet(draft.application)
    if signed is None or draft.revision > signed.revision:
        return draft
    with using(desk.records.language):  # it is printed on the sheet
        reason = draft.reason or _("carried over from an earlier issue")
    following = reopened(signed, reason)
    return replace(following, items=draft.items)
