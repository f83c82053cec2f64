"""What a return brings that is new: each part of it judged beside what the round holds, and written with all others.

The merged state is the union of all that was ever received, so order and repetition do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.i18n import _
from qisp_desktop.base.paths import safe_name
from qisp_desktop.domain.inspection import SiteInspection, inspection_problem
from qisp_desktop.domain.issuing import Return
from qisp_desktop.domain.merging import Received
from qisp_desktop.domain.panel import Recusal
from qisp_desktop.domain.paper_scores import is_from_paper
from qisp_desktop.domain.score_sheet import ScoreSheet, sheet_problem
from qisp_desktop.exchange.return_package import OpenedReturn
from qisp_desktop.services import paper_mismatches
from qisp_desktop.services.collect_report import FileVerdict, Note, SheetVerdict, file_verdict
from qisp_desktop.services.held_returns import Held, Identity
from qisp_desktop.services.paper_mismatches import Mismatch
from qisp_desktop.store.aggregates import Prepared, prepared
from qisp_desktop.store.change import Change

LONGEST_NAME = 120


@dataclass
class Merge:
    """What the files bring that is new; written in one change."""

    returns: list[Return] = field(default_factory=list)
    sheets: list[Prepared] = field(default_factory=list)
    recusals: dict[Identity, Recusal] = field(default_factory=dict)
    inspections: list[SiteInspection] = field(default_factory=list)
    signed: list[bytes] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    mismatches: list[Mismatch] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.returns or self.sheets or self.recusals or self.inspections or self.mismatches)

    def write(self, change: Change) -> None:
        """Put all of it into the round."""
        change.keep_all(self.signed)
        for values in (self.returns, self.sheets, self.recusals.values(), self.inspections):
            change.put_all(values)
        paper_mismatches.keep(change, self.mismatches)


def merge_file(held: Held, merge: Merge, path: Path, digest: str, opened: OpenedReturn) -> FileVerdict:
    """Take into ``merge`` what ``opened`` brings, the return in the file at ``path`` with ``digest``; what it is beside
    what is held, which is brought up to date."""
    manifest = opened.manifest
    new = opened.manifest_digest not in held.manifests
    notes = [note for one in manifest.recusals for note in _merge_recusal(held, merge, manifest.expert, one)]
    sheets = tuple(_merge_sheet(held, merge, manifest.expert, sheet) for sheet in manifest.sheets)
    notes += [note for one in manifest.inspections for note in _merge_inspection(held, merge, manifest.expert, one)]
    if new:
        merge.files.append(path)
        merge.returns.append(_return_of(opened, path, digest))
        merge.signed += [opened.manifest_bytes, opened.signature]
        held.returns[digest] = merge.returns[-1]
        held.manifests.add(opened.manifest_digest)
    return file_verdict(path, manifest.expert, sheets, notes, new=new)


def rivals(held: Held, identity: Identity) -> list[Note]:
    """That the newest revision of an inspection exists with two contents, if it does."""
    revisions = list(held.inspections[identity].values())
    if identity in held.recusals or revisions.count(max(revisions)) == 1:
        return []
    text = _(
        "The inspection of {application} came back in two versions: neither counts until the expert signs a newer one."
    )
    return [Note(Received.CONFLICT, text.format(application=identity[1]))]


def _merge_recusal(held: Held, merge: Merge, expert: str, recusal: Recusal) -> list[Note]:
    """Take a recusal; what is to be said of it."""
    identity = (recusal.expert, recusal.application)
    before = held.recusals.get(identity)
    if recusal.expert != expert or (before is None and identity not in held.assigned | held.planned):
        why = _("The recusal from {application} was left out: the expert neither scores nor inspects it.")
        return [Note(Received.NOT_ASSIGNED, why.format(application=recusal.application))]
    # Of two wordings one is kept whatever came first, so that the order of files does not matter.
    if before is None or to_bytes(recusal) < to_bytes(before):
        held.recusals[identity] = merge.recusals[identity] = recusal
    if before is not None:
        return []
    news = _("The expert stepped back from {application} ({ground}).")
    return [Note(Received.ACCEPTED, news.format(application=recusal.application, ground=recusal.ground.label))]


def _merge_sheet(held: Held, merge: Merge, expert: str, sheet: ScoreSheet) -> SheetVerdict:
    if sheet.round != held.round.id or sheet.expert != expert:
        return SheetVerdict(sheet.application, sheet.revision, Received.DAMAGED, _("another round's or expert's sheet"))
    identity = sheet.identity
    if identity not in held.assigned:
        return SheetVerdict(sheet.application, sheet.revision, Received.NOT_ASSIGNED)
    if problem := sheet_problem(sheet, held.rubric):
        return SheetVerdict(sheet.application, sheet.revision, Received.DAMAGED, problem)
    if is_from_paper(sheet) and sheet.digest not in held.sheets.get(identity, {}):
        # A later package gives such a sheet back to its expert; on its own it is nobody's signature.
        return SheetVerdict(
            sheet.application, sheet.revision, Received.DAMAGED, _("it came on paper and nobody confirmed it")
        )
    judged = held.judge(identity, sheet.revision, sheet.digest)
    contents = held.sheets.setdefault(identity, {})
    if sheet.digest not in contents:
        # Superseded, rival and recused sheets are kept as well: what counts follows from the set of all.
        contents[sheet.digest] = sheet.revision
        merge.sheets.append(prepared(sheet))
    return SheetVerdict(sheet.application, sheet.revision, judged, held.rivals(identity, judged))


def _merge_inspection(held: Held, merge: Merge, expert: str, inspection: SiteInspection) -> list[Note]:
    """Take a site inspection; what is to be said of it."""
    problem = inspection_problem(inspection, held.rubric)
    kind = Received.DAMAGED
    if inspection.round != held.round.id or inspection.expert != expert:
        problem = _("it belongs to another round or expert")
    elif inspection.identity not in held.assigned | held.planned:
        problem, kind = _("the expert neither scores nor inspects it"), Received.NOT_ASSIGNED
    if problem:
        text = _("The inspection of {application} was left out: {why}")
        return [Note(kind, text.format(application=inspection.application, why=problem))]
    contents = held.inspections.setdefault(inspection.identity, {})
    if inspection.digest in contents:
        return rivals(held, inspection.identity)
    contents[inspection.digest] = inspection.revision
    merge.inspections.append(inspection)
    news = _("The site inspection of {application} is taken in.").format(application=inspection.application)
    return rivals(held, inspection.identity) or [Note(Received.ACCEPTED, news)]


def _return_of(opened: OpenedReturn, path: Path, digest: str) -> Return:
    manifest = opened.manifest
    return Return(
        manifest.expert,
        manifest.number,
        manifest.issue,
        opened.manifest_digest,
        sha256(opened.signature),
        digest,
        safe_name(path.name, longest=LONGEST_NAME),
    )
