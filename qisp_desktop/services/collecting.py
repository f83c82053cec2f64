"""Merging what comes back: a verdict for every file and every sheet; good files are merged whatever the others are.

The merged state is the union of all that was ever received, so order and repetition do not matter; what counts of it is
decided by ``domain.merging`` when results are computed. All files of one call are committed together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from qisp_desktop.base import canonical
from qisp_desktop.base.bulk import collector_paused
from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.digests import sha256, sha256_file
from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.base.paths import safe_name
from qisp_desktop.base.work import Work
from qisp_desktop.domain.inspection import SiteInspection, inspection_problem
from qisp_desktop.domain.issuing import Return
from qisp_desktop.domain.merging import Received
from qisp_desktop.domain.panel import Recusal
from qisp_desktop.domain.paper_scores import is_from_paper
from qisp_desktop.domain.score_sheet import ScoreSheet, sheet_problem
from qisp_desktop.exchange.archive import LARGEST
from qisp_desktop.exchange.errors import ContainerError
from qisp_desktop.exchange.return_package import OpenedReturn, check_return, read_return_package
from qisp_desktop.services import paper_mismatches
from qisp_desktop.services.collect_report import (
    CollectReport,
    FileVerdict,
    Note,
    SheetVerdict,
    file_verdict,
    unread_folders,
)
from qisp_desktop.services.held_returns import Held, Identity, digest_held, read_held
from qisp_desktop.services.named_files import is_plain_file, look_through
from qisp_desktop.services.office import Office, unlock
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.paper_mismatches import Mismatch
from qisp_desktop.services.roster import certificate_of
from qisp_desktop.services.stray_files import what_it_is
from qisp_desktop.store.aggregates import Prepared, prepared
from qisp_desktop.store.change import Change
from qisp_desktop.store.round_store import RoundStore

SUFFIX = ".qscore"
LONGEST_NAME = 120


@dataclass
class _Merge:
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
        change.keep_all(self.signed)
        for values in (self.returns, self.sheets, self.recusals.values(), self.inspections):
            change.put_all(values)
        paper_mismatches.keep(change, self.mismatches)


def collect(
    round_at: RoundAt, paths: Sequence[Path], *, passphrase: str, deep: bool = False, work: Work | None = None
) -> CollectReport:
    """Take every return among ``paths`` (files, or folders searched for ``*.qscore``) into the round.

    With ``deep`` the signed papers inside are rendered anew and compared as well; a paper that differs is shown as
    ``paper_mismatch`` beside the merged sheet, whose signed data count. Raises UserError for a wrong passphrase.
    """
    work = work or Work()
    with writing(round_at) as store:
        office = unlock(store, passphrase)
        return collect_open(store, office, paths, deep=deep, work=work)


def collect_open(
    store: RoundStore,
    office: Office,
    paths: Sequence[Path],
    *,
    deep: bool = False,
    work: Work | None = None,
    told: Callable[[FileVerdict], None] = lambda _verdict: None,
) -> CollectReport:
    """``collect`` for a round that is open for writing, with its keys unlocked.

    ``told`` is called with each verdict as soon as it is known, from the thread that works; what it says is merged only
    when all files were judged.
    """
    with collector_paused():
        return _collect(store, office, paths, deep, work or Work(), told)


def _collect(
    store: RoundStore,
    office: Office,
    paths: Sequence[Path],
    deep: bool,
    work: Work,
    told: Callable[[FileVerdict], None],
) -> CollectReport:
    held = read_held(store)
    merge = _Merge()
    named = look_through(paths, (SUFFIX,))
    files, verdicts = named.files, unread_folders(named, told)
    for done, path in enumerate(files):
        work.report(_("Collecting {name}").format(name=path.name), done, len(files))
        verdicts.append(_take(store, office, held, merge, path, work if deep else None))
        told(verdicts[-1])
    work.report(_("Collected"), len(files), len(files))
    merge.mismatches = paper_mismatches.new_ones(store, merge.mismatches) if merge.mismatches else []
    if merge:
        # Before the records that name them: a file that nothing names is only left over.
        _keep_files(store, merge)
        with store.change("collect") as change:
            merge.write(change)
            office.seal(change)
    return CollectReport(tuple(verdicts), named.others)


def _keep_files(store: RoundStore, merge: _Merge) -> None:
    for path, received, kept in zip(merge.files, merge.returns, store.add_files(merge.files), strict=True):
        if kept != received.file:
            raise UserError(
                _("{path} changed while it was copied.").format(path=path),
                "",
                _("Wait until nothing writes to it, then try again."),
            )


def _take(store: RoundStore, office: Office, held: Held, merge: _Merge, path: Path, deep: Work | None) -> FileVerdict:
    """Judge one file and take in what is new; with ``deep`` its papers are compared, which is told there."""
    try:
        if not is_plain_file(path) or path.stat().st_size > LARGEST:
            return FileVerdict(path, Received.DAMAGED, None, (), _("It is no file that this program makes."))
        digest, size = sha256_file(path), path.stat().st_size
    except OSError as error:
        return FileVerdict(path, Received.DAMAGED, None, (), _("It cannot be read: {why}").format(why=os_reason(error)))
    if digest in held.returns and not store.keeps(digest, size):
        store.add_file(path)  # the papers in it are to be had again
    if deep is None and (again := _again(store, held, path, digest)) is not None:
        return again
    try:
        opened = read_return_package(path, office.identity)
    except ContainerError as error:
        foreign = what_it_is(path) if error.kind == "damaged" else ""
        return FileVerdict(path, Received(error.kind), None, (), foreign or error.message, foreign=bool(foreign))
    except UserError as error:  # the stick was pulled out: the other files may be elsewhere
        return FileVerdict(path, Received.DAMAGED, None, (), str(error))
    refused = _refuse(held, path, opened) or _blob_damage(office, path, opened)
    if refused is not None:
        return refused
    found = _merge_file(held, merge, path, opened)
    if opened.manifest_digest not in held.manifests:
        merge.files.append(path)
        merge.returns.append(_return_of(opened, path, digest))
        merge.signed += [opened.manifest_bytes, opened.signature]
        held.returns[digest] = merge.returns[-1]
        held.manifests.add(opened.manifest_digest)
    return found if deep is None else _check_papers(held, office, merge, opened, found, deep)


def _again(store: RoundStore, held: Held, path: Path, file: str) -> FileVerdict | None:
    """The verdict on a file that was merged before, byte for byte, beside what is held now.

    Spares opening it. None for a file that has to be opened: one not merged before, or one with a part that was left
    out then and might be taken now.
    """
    known = held.returns.get(file)
    kept = None if known is None else store.kept(known.manifest)
    if known is None or kept is None:
        return None
    # What is kept was read strictly when it came, and still has its digest.
    document: Any = canonical.read_typed(kept)
    if any((known.expert, one["application"]) not in held.recusals for one in document["recusals"]):
        return None
    found: list[SheetVerdict] = []
    for sheet in document["sheets"]:
        identity = (known.expert, sheet["application"])
        digest = digest_held(held.sheets.get(identity, {}), sheet)
        if not digest or identity not in held.assigned:
            return None
        judged = held.judge(identity, sheet["revision"], digest)
        found.append(SheetVerdict(identity[1], sheet["revision"], judged, held.rivals(identity, judged)))
    notes: list[Note] = []
    for inspection in document["inspections"]:
        identity = (known.expert, inspection["application"])
        if not digest_held(held.inspections.get(identity, {}), inspection):
            return None
        notes += _rivals(held, identity)
    return file_verdict(path, known.expert, tuple(found), notes, new=False)


def _refuse(held: Held, path: Path, opened: OpenedReturn) -> FileVerdict | None:
    """The verdict on a return that is not merged, or None for one that is."""

    def refused(kind: Received, why: str) -> FileVerdict:
        return FileVerdict(path, kind, manifest.expert, (), why)

    manifest = opened.manifest
    if manifest.round != held.round.id:
        return refused(Received.WRONG_ROUND, _("It belongs to another round ({id}).").format(id=manifest.round))
    if manifest.expert not in held.experts:
        return refused(Received.UNKNOWN_EXPERT, _("No such expert is on the panel."))
    if reason := _issue_problem(held, opened):
        return refused(Received.BAD_SIGNATURE, reason)
    if manifest.rubric != held.rubric.digest:
        return refused(Received.DAMAGED, _("It was scored with another rubric."))
    return None


def _blob_damage(office: Office, path: Path, opened: OpenedReturn) -> FileVerdict | None:
    """The verdict on a return of which a paper or a photo is not what its manifest says, or None for a whole one.

    The round keeps the first file of a return: with a damaged one merged, the paper in a whole copy would be lost.
    """
    try:
        opened.container.check_blobs(office.identity, opened.manifest.blobs)
    except UserError as error:  # it is damaged, or the stick was pulled out
        return FileVerdict(path, Received.DAMAGED, opened.manifest.expert, (), error.why)
    return None


def _issue_problem(held: Held, opened: OpenedReturn) -> str:
    """Why a return does not answer the package that its expert was given, signed by them; empty when it does."""
    manifest = opened.manifest
    issue = held.roster.issue(manifest.issue)
    if issue is None or issue.expert != manifest.expert:
        return _("It answers {issue}, which was never issued to {expert}.").format(
            issue=manifest.issue, expert=manifest.expert
        )
    if reason := check_return(opened, certificate_of(issue), held.authority):
        return reason
    current = held.roster.current(manifest.expert)
    if current is not None and current != issue and opened.manifest_digest not in held.manifests:
        return _("It was made with {issue}, which {newer} made void.").format(issue=issue.id, newer=current.id)
    if manifest.issue_manifest != issue.manifest:
        return _("It answers another package than the one that was issued.")
    return ""


def _merge_file(held: Held, merge: _Merge, path: Path, opened: OpenedReturn) -> FileVerdict:
    manifest = opened.manifest
    new = opened.manifest_digest not in held.manifests
    notes = [note for one in manifest.recusals for note in _merge_recusal(held, merge, manifest.expert, one)]
    sheets = tuple(_merge_sheet(held, merge, manifest.expert, sheet) for sheet in manifest.sheets)
    notes += [note for one in manifest.inspections for note in _merge_inspection(held, merge, manifest.expert, one)]
    return file_verdict(path, manifest.expert, sheets, notes, new=new)


def _merge_recusal(held: Held, merge: _Merge, expert: str, recusal: Recusal) -> list[Note]:
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


def _merge_sheet(held: Held, merge: _Merge, expert: str, sheet: ScoreSheet) -> SheetVerdict:
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


def _merge_inspection(held: Held, merge: _Merge, expert: str, inspection: SiteInspection) -> list[Note]:
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
        return _rivals(held, inspection.identity)
    contents[inspection.digest] = inspection.revision
    merge.inspections.append(inspection)
    news = _("The site inspection of {application} is taken in.").format(application=inspection.application)
    return _rivals(held, inspection.identity) or [Note(Received.ACCEPTED, news)]


def _rivals(held: Held, identity: Identity) -> list[Note]:
    """That the newest revision of an inspection exists with two contents, if it does."""
    revisions = list(held.inspections[identity].values())
    if identity in held.recusals or revisions.count(max(revisions)) == 1:
        return []
    text = _(
        "The inspection of {application} came back in two versions: neither counts until the expert signs a newer one."
    )
    return [Note(Received.CONFLICT, text.format(application=identity[1]))]


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


def _check_papers(
    held: Held, office: Office, merge: _Merge, opened: OpenedReturn, found: FileVerdict, work: Work
) -> FileVerdict:
    """The same verdicts, with ``paper_mismatch`` where a signed paper does not show the signed data; the round keeps
    that."""
    from qisp_desktop.services.papers import paper_problem

    by_sheet = {(sheet.application, sheet.revision): sheet for sheet in opened.manifest.sheets}
    blobs = {blob.path: blob for blob in opened.manifest.blobs}
    wrong: dict[tuple[str, int], str] = {}
    what = _("Comparing the papers in {name}").format(name=found.path.name)
    for done, paper in enumerate(opened.manifest.papers):
        work.report(what, done, len(opened.manifest.papers))
        key = (paper.application, paper.revision)
        sheet = by_sheet.get(key)
        # A sheet carried over from an older issue was signed with that issue's certificate.
        issue = held.roster.issue(sheet.issue) if sheet else None
        if sheet is None or issue is None or issue.expert != opened.manifest.expert:
            wrong[key] = _("a paper of no sheet in this return")
            continue
        try:
            pdf = opened.container.blob(office.identity, blobs[paper.path])
        except (ContainerError, KeyError) as error:
            wrong[key] = str(error)
            continue
        if problem := paper_problem(pdf, sheet, certificate_of(issue)):
            wrong[key] = problem
    if not wrong:
        return found
    merge.mismatches += [
        Mismatch(opened.manifest.expert, sheet.application, sheet.digest, wrong[key])
        for key, sheet in by_sheet.items()
        if key in wrong
    ]
    sheets = tuple(
        replace(one, verdict=Received.PAPER_MISMATCH, message=wrong[(one.application, one.revision)])
        if (one.application, one.revision) in wrong
        else one
        for one in found.sheets
    )
    return replace(
        found, verdict=Received.PAPER_MISMATCH, sheets=sheets, message=_("; ").join(sorted(set(wrong.values())))
    )


def require_files(paths: Sequence[Path]) -> None:
    """Raise UserError when ``paths`` names nothing to collect."""
    named = look_through(paths, (SUFFIX,))
    if not named.files and not named.closed:
        raise UserError(
            _("There is nothing to collect."),
            _("No file ending in .qscore was found."),
            _("Name the returned files, or the folder that holds them."),
        )
