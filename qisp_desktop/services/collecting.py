"""Merging what comes back: a verdict for every file and every sheet; good files are merged whatever the others are.

The merged state is the union of all that was ever received, so order and repetition do not matter; what counts of it is
decided by ``domain.merging`` when results are computed. All files of one call are committed together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from qisp_desktop.base import canonical
from qisp_desktop.base.bulk import collector_paused
from qisp_desktop.base.digests import sha256_file
from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Part, Work
from qisp_desktop.domain.merging import Received
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
from qisp_desktop.services.held_returns import Held, digest_held, read_held
from qisp_desktop.services.named_files import is_plain_file, look_through
from qisp_desktop.services.office import Office, unlock
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.paper_mismatches import Mismatch
from qisp_desktop.services.return_merging import Merge, merge_file, rivals
from qisp_desktop.services.roster import certificate_of
from qisp_desktop.services.stray_files import what_it_is
from qisp_desktop.store.round_store import RoundStore

SUFFIX = ".qscore"


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
    merge = Merge()
    named = look_through(paths, (SUFFIX,))
    files, verdicts = named.files, unread_folders(named, told)
    for done, path in enumerate(files):
        work.report(_("Collecting {name}").format(name=path.name), done, len(files))
        step = Part(work, done, len(files))
        verdicts.append(_take(store, office, held, merge, path, deep, step))
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


def _keep_files(store: RoundStore, merge: Merge) -> None:
    for path, received, kept in zip(merge.files, merge.returns, store.add_files(merge.files), strict=True):
        if kept != received.file:
            raise UserError(
                _("{path} changed while it was copied.").format(path=path),
                "",
                _("Wait until nothing writes to it, then try again."),
            )


def _take(
    store: RoundStore, office: Office, held: Held, merge: Merge, path: Path, deep: bool, work: Work
) -> FileVerdict:
    """Judge one file and take in what is new; with ``deep`` its papers are compared too."""
    try:
        if not is_plain_file(path) or path.stat().st_size > LARGEST:
            return FileVerdict(path, Received.DAMAGED, None, (), _("It is no file that this program makes."))
        digest, size = sha256_file(path), path.stat().st_size
    except OSError as error:
        return FileVerdict(path, Received.DAMAGED, None, (), _("It cannot be read: {why}").format(why=os_reason(error)))
    if digest in held.returns and not store.keeps(digest, size):
        store.add_file(path)  # the papers in it are to be had again
    if not deep and (again := _again(store, held, path, digest)) is not None:
        return again
    try:
        opened = read_return_package(path, office.identity)
    except ContainerError as error:
        foreign = what_it_is(path) if error.kind == "damaged" else ""
        return FileVerdict(path, Received(error.kind), None, (), foreign or error.message, foreign=bool(foreign))
    except UserError as error:  # the stick was pulled out: the other files may be elsewhere
        return FileVerdict(path, Received.DAMAGED, None, (), str(error))
    refused = _refuse(held, path, opened) or _blob_damage(office, path, opened, work)
    if refused is not None:
        return refused
    found = merge_file(held, merge, path, digest, opened)
    return _check_papers(held, office, merge, opened, found, work) if deep else found


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
        notes += rivals(held, identity)
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


def _blob_damage(office: Office, path: Path, opened: OpenedReturn, work: Work) -> FileVerdict | None:
    """The verdict on a return of which a paper or a photo is not what its manifest says, or None for a whole one.

    The round keeps the first file of a return: with a damaged one merged, the paper in a whole copy would be lost.
    """
    try:
        opened.container.check_blobs(office.identity, opened.manifest.blobs, work)
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


def _check_papers(
    held: Held, office: Office, merge: Merge, opened: OpenedReturn, found: FileVerdict, work: Work
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
