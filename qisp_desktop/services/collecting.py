"""Merging what comes back: a verdict for every file and every sheet; good files are merged whatever the others are.

The merged state is the union of all that was ever received, so order and repetition do not matter; what counts of it is
decided by ``domain.merging`` when results are computed. All files of one call are committed together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography import x509

from qisp_desktop.base import canonical
from qisp_desktop.base.bulk import collector_paused
from qisp_desktop.base.digests import sha256, sha256_file
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.domain.inspection import InspectionPlan, SiteInspection, inspection_problem
from qisp_desktop.domain.issuing import Issue, Return
from qisp_desktop.domain.merging import HARMLESS, Received, Resolution, verdict
from qisp_desktop.domain.panel import Assignment, Expert, Recusal
from qisp_desktop.domain.round import Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ScoreSheet, sheet_problem
from qisp_desktop.exchange.certificates import authority_from_pem
from qisp_desktop.exchange.errors import ContainerError
from qisp_desktop.exchange.return_package import OpenedReturn, check_return, read_return_package
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.office import Office, unlock
from qisp_desktop.services.roster import Roster, certificate_of
from qisp_desktop.store.change import Change
from qisp_desktop.store.round_store import RoundStore

SUFFIX = ".qscore"

_WORST_FIRST = (
    Received.CONFLICT,
    Received.PAPER_MISMATCH,
    Received.DAMAGED,
    Received.NOT_ASSIGNED,
    Received.RECUSED,
    Received.ACCEPTED,
    Received.UNCHANGED,
    Received.SUPERSEDED,
)
"""Of the verdicts on a file's sheets, the one that the file is shown with."""


@dataclass(frozen=True)
class SheetVerdict:
    """What one returned sheet is."""

    application: str
    revision: int
    verdict: Received
    message: str = ""


@dataclass(frozen=True)
class FileVerdict:
    """What one returned file is, why, and what its sheets are."""

    path: Path
    verdict: Received
    expert: str | None
    sheets: tuple[SheetVerdict, ...]
    message: str


@dataclass(frozen=True)
class CollectReport:
    """The verdicts in the order in which the files were taken."""

    files: tuple[FileVerdict, ...]

    @property
    def harmless(self) -> bool:
        """Whether nothing asks for a clerk's attention."""
        return all(
            file.verdict in HARMLESS and all(sheet.verdict in HARMLESS for sheet in file.sheets) for file in self.files
        )

    def to_json(self) -> dict[str, Any]:
        """The documented JSON form."""
        counts = Counter(file.verdict.value for file in self.files)
        return {
            "files": [
                {
                    "path": str(file.path),
                    "verdict": file.verdict.value,
                    "expert": file.expert,
                    "sheets": [
                        {
                            "application": sheet.application,
                            "revision": sheet.revision,
                            "verdict": sheet.verdict.value,
                            "message": sheet.message,
                        }
                        for sheet in file.sheets
                    ],
                    "message": file.message,
                }
                for file in self.files
            ],
            "counts": dict(sorted(counts.items())),
        }


@dataclass
class _Held:
    """What the round holds, brought up to date while files are taken, so that they are judged one after another."""

    round: Round
    authority: x509.Certificate
    rubric: Rubric
    roster: Roster
    experts: frozenset[str]
    assigned: frozenset[tuple[str, str]]
    planned: frozenset[tuple[str, str]]
    recusals: set[tuple[str, str]]
    decided: dict[tuple[str, str, int], str]
    sheets: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    inspections: set[str] = field(default_factory=set)
    returns: dict[str, Return] = field(default_factory=dict)
    """By the SHA-256 of the whole file."""
    manifests: set[str] = field(default_factory=set)

    def judge(self, expert: str, application: str, revision: int, digest: str) -> Received:
        """The verdict on a sheet of an assigned expert beside what is held."""
        identity = (expert, application)
        if identity in self.recusals:
            return Received.RECUSED
        held = self.sheets.get(identity, {})
        newest = max(held.values(), default=0)
        return verdict(_Named(identity, revision, digest), held, self.decided.get((*identity, newest), ""))


@dataclass(frozen=True)
class _Named:
    identity: tuple[str, str]
    revision: int
    digest: str


@dataclass
class _Merge:
    """What the files bring that is new; written in one change."""

    returns: list[Return] = field(default_factory=list)
    sheets: list[ScoreSheet] = field(default_factory=list)
    recusals: list[Recusal] = field(default_factory=list)
    inspections: list[SiteInspection] = field(default_factory=list)
    signed: list[bytes] = field(default_factory=list)

    def write(self, change: Change) -> None:
        for data in self.signed:
            change.keep(data)
        for values in (self.returns, self.sheets, self.recusals, self.inspections):
            change.put_all(values)


def collect(
    round_path: Path, paths: Sequence[Path], *, passphrase: str, deep: bool = False, work: Work | None = None
) -> CollectReport:
    """Take every return among ``paths`` (files, or folders searched for ``*.qscore``) into the round.

    With ``deep`` the signed papers inside are rendered anew and compared as well; a paper that differs is shown as
    ``paper_mismatch`` beside the merged sheet, whose signed data count. Raises UserError for a wrong passphrase.
    """
    work = work or Work()
    with RoundStore.open(round_path, actor=current_actor(), write=True) as store:
        office = unlock(store, passphrase)
        return collect_open(store, office, paths, deep=deep, work=work)


def collect_open(
    store: RoundStore, office: Office, paths: Sequence[Path], *, deep: bool = False, work: Work | None = None
) -> CollectReport:
    """``collect`` for a round that is open for writing, with its keys unlocked."""
    with collector_paused():
        return _collect(store, office, paths, deep, work or Work())


def _collect(store: RoundStore, office: Office, paths: Sequence[Path], deep: bool, work: Work) -> CollectReport:
    held = _read_held(store)
    merge = _Merge()
    files = list(_files(paths))
    verdicts = []
    for done, path in enumerate(files):
        work.report(_("Collecting {name}").format(name=path.name), done, len(files))
        verdicts.append(_take(store, office, held, merge, path, deep))
    work.report(_("Collected"), len(files), len(files))
    if merge.returns:
        with store.change("collect") as change:
            merge.write(change)
            office.seal(change)
    return CollectReport(tuple(verdicts))


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob(f"*{SUFFIX}") if p.is_file() and not p.name.startswith("."))
        else:
            yield path


def _read_held(store: RoundStore) -> _Held:
    value = store.round()
    held = _Held(
        value,
        authority_from_pem(value.authority.encode("ascii")),
        store.rubric(),
        Roster(store),
        frozenset(expert.id for expert in store.all(Expert)),
        frozenset((str(e), str(n)) for e, n in store.listing(Assignment, "expert", "application")),
        frozenset((expert, plan.application) for plan in store.all(InspectionPlan) for expert in plan.experts),
        {(one.expert, one.application) for one in store.all(Recusal)},
        {(one.expert, one.application, one.revision): one.digest for one in store.all(Resolution)},
    )
    for expert, application, revision, digest in store.listing(
        ScoreSheet, "expert", "application", "revision", "digest"
    ):
        held.sheets.setdefault((str(expert), str(application)), {})[str(digest)] = int(revision)
    held.inspections.update(str(digest) for (digest,) in store.listing(SiteInspection, "digest"))
    for received in store.all(Return):
        held.returns[received.file] = received
        held.manifests.add(received.manifest)
    return held


def _take(store: RoundStore, office: Office, held: _Held, merge: _Merge, path: Path, deep: bool) -> FileVerdict:
    try:
        digest = sha256_file(path)
    except OSError as error:
        return FileVerdict(path, Received.DAMAGED, None, (), _("It cannot be read: {why}").format(why=error.strerror))
    if (known := held.returns.get(digest)) is not None and not deep:
        kept = store.kept(known.manifest)
        if kept is not None:
            return _again(held, path, known, kept)
    try:
        opened = read_return_package(path, office.identity)
    except ContainerError as error:
        return FileVerdict(path, Received(error.kind), None, (), error.message)
    refused = _refuse(held, path, opened)
    if refused is not None:
        return refused
    found = _merge_file(held, merge, path, opened)
    if sha256(opened.manifest_bytes) not in held.manifests:
        store.add_file(path)
        merge.returns.append(_return_of(opened, path, digest))
        merge.signed += [opened.manifest_bytes, opened.signature]
        held.returns[digest] = merge.returns[-1]
        held.manifests.add(merge.returns[-1].manifest)
    return _check_papers(held, office, opened, found) if deep else found


def _again(held: _Held, path: Path, known: Return, kept: bytes) -> FileVerdict:
    """A file that was merged before, byte for byte: its signed content is judged anew beside what is held now."""
    document: Any = canonical.loads(kept)
    found = tuple(
        _known_sheet(held, known.expert, sheet["application"], sheet["revision"]) for sheet in document["sheets"]
    )
    return _verdict_of(path, known.expert, found, new=False)


def _known_sheet(held: _Held, expert: str, application: str, revision: int) -> SheetVerdict:
    of_revision = [d for d, r in held.sheets.get((expert, application), {}).items() if r == revision]
    if not of_revision:
        return SheetVerdict(application, revision, Received.NOT_ASSIGNED)
    # With two contents of the revision it does not matter which one this file brought: both await the decision.
    return SheetVerdict(application, revision, held.judge(expert, application, revision, of_revision[0]))


def _refuse(held: _Held, path: Path, opened: OpenedReturn) -> FileVerdict | None:
    """The verdict on a return that is not merged, or None for one that is."""
    manifest = opened.manifest
    if manifest.round != held.round.id:
        return FileVerdict(
            path,
            Received.WRONG_ROUND,
            manifest.expert,
            (),
            _("It belongs to another round ({id}).").format(id=manifest.round),
        )
    if manifest.expert not in held.experts:
        return FileVerdict(path, Received.UNKNOWN_EXPERT, manifest.expert, (), _("No such expert is on the panel."))
    issue = held.roster.issue(manifest.issue)
    if issue is None or issue.expert != manifest.expert:
        return FileVerdict(
            path,
            Received.BAD_SIGNATURE,
            manifest.expert,
            (),
            _("It answers {issue}, which was never issued to {expert}.").format(
                issue=manifest.issue, expert=manifest.expert
            ),
        )
    reason = check_return(opened, certificate_of(issue), held.authority)
    if not reason and held.roster.is_voided(issue):
        current = held.roster.current(manifest.expert)
        reason = _("It was made with {issue}, which {newer} made void.").format(
            issue=issue.id, newer=current.id if current else ""
        )
    if not reason and manifest.issue_manifest != issue.manifest:
        reason = _("It answers another package than the one that was issued.")
    if reason:
        return FileVerdict(path, Received.BAD_SIGNATURE, manifest.expert, (), reason)
    if manifest.rubric != held.rubric.digest:
        return FileVerdict(path, Received.DAMAGED, manifest.expert, (), _("It was scored with another rubric."))
    return None


def _merge_file(held: _Held, merge: _Merge, path: Path, opened: OpenedReturn) -> FileVerdict:
    manifest = opened.manifest
    new = sha256(opened.manifest_bytes) not in held.manifests
    for recusal in manifest.recusals:
        identity = (recusal.expert, recusal.application)
        if identity in held.assigned and recusal.expert == manifest.expert and identity not in held.recusals:
            held.recusals.add(identity)
            merge.recusals.append(recusal)
    found = tuple(_merge_sheet(held, merge, manifest.expert, sheet) for sheet in manifest.sheets)
    notes = [
        problem
        for inspection in manifest.inspections
        if (problem := _merge_inspection(held, merge, manifest.expert, inspection))
    ]
    return _verdict_of(path, manifest.expert, found, new=new, message="; ".join(notes))


def _merge_sheet(held: _Held, merge: _Merge, expert: str, sheet: ScoreSheet) -> SheetVerdict:
    if sheet.round != held.round.id or sheet.expert != expert:
        return SheetVerdict(sheet.application, sheet.revision, Received.DAMAGED, _("another round's or expert's sheet"))
    if sheet.identity not in held.assigned:
        return SheetVerdict(sheet.application, sheet.revision, Received.NOT_ASSIGNED)
    if problem := sheet_problem(sheet, held.rubric):
        return SheetVerdict(sheet.application, sheet.revision, Received.DAMAGED, problem)
    judged = held.judge(expert, sheet.application, sheet.revision, sheet.digest)
    contents = held.sheets.setdefault(sheet.identity, {})
    if sheet.digest not in contents:
        # Superseded, rival and recused sheets are kept as well: what counts follows from the set of all.
        contents[sheet.digest] = sheet.revision
        merge.sheets.append(sheet)
    return SheetVerdict(sheet.application, sheet.revision, judged)


def _merge_inspection(held: _Held, merge: _Merge, expert: str, inspection: SiteInspection) -> str:
    """Take a site inspection; returns why it was left out, or an empty string."""
    if inspection.digest in held.inspections:
        return ""
    problem = inspection_problem(inspection, held.rubric)
    if inspection.round != held.round.id or inspection.expert != expert:
        problem = _("it belongs to another round or expert")
    elif inspection.identity not in held.assigned | held.planned:
        problem = _("the expert neither scores nor inspects it")
    if problem:
        return _("The inspection of {application} was left out: {why}").format(
            application=inspection.application, why=problem
        )
    held.inspections.add(inspection.digest)
    merge.inspections.append(inspection)
    return ""


def _verdict_of(
    path: Path, expert: str, found: tuple[SheetVerdict, ...], *, new: bool, message: str = ""
) -> FileVerdict:
    verdicts = {sheet.verdict for sheet in found}
    if message:
        verdicts.add(Received.DAMAGED)
    if not verdicts:
        verdicts.add(Received.ACCEPTED if new else Received.UNCHANGED)
    overall = next(one for one in _WORST_FIRST if one in verdicts)
    return FileVerdict(path, overall, expert, found, message or overall.label)


def _return_of(opened: OpenedReturn, path: Path, digest: str) -> Return:
    manifest = opened.manifest
    return Return(
        manifest.expert,
        manifest.number,
        manifest.issue,
        sha256(opened.manifest_bytes),
        sha256(opened.signature),
        digest,
        path.name,
    )


def _check_papers(held: _Held, office: Office, opened: OpenedReturn, found: FileVerdict) -> FileVerdict:
    """The same verdicts, with ``paper_mismatch`` where a signed paper does not show the signed data."""
    from qisp_desktop.services.papers import paper_problem

    issue: Issue | None = held.roster.issue(opened.manifest.issue)
    by_sheet = {(sheet.application, sheet.revision): sheet for sheet in opened.manifest.sheets}
    blobs = {blob.path: blob for blob in opened.manifest.blobs}
    wrong: dict[tuple[str, int], str] = {}
    for paper in opened.manifest.papers:
        key = (paper.application, paper.revision)
        sheet = by_sheet.get(key)
        if sheet is None or issue is None:
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
    sheets = tuple(
        replace(one, verdict=Received.PAPER_MISMATCH, message=wrong[(one.application, one.revision)])
        if (one.application, one.revision) in wrong
        else one
        for one in found.sheets
    )
    return replace(
        found, verdict=Received.PAPER_MISMATCH, sheets=sheets, message="; ".join(sorted(set(wrong.values())))
    )


def require_files(paths: Sequence[Path]) -> None:
    """Raise UserError when ``paths`` names nothing to collect."""
    if not list(_files(paths)):
        raise UserError(
            _("There is nothing to collect."),
            _("No file ending in .qscore was found."),
            _("Name the returned files, or the folder that holds them."),
        )
