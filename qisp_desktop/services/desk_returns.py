"""The return of an expert's desk: what it says, made and kept in the workspace, and put where it is handed in from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qisp_desktop.base import atomic, canonical
from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.digests import sha256, sha256_file
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.domain.inspection import SiteInspection
from qisp_desktop.domain.inspection_draft import InspectionDraft
from qisp_desktop.domain.issuing import SignedPaper, SignedReturn
from qisp_desktop.domain.panel import Recusal
from qisp_desktop.domain.score_sheet import DraftSheet, ScoreSheet
from qisp_desktop.exchange.certificates import certificate_to_pem
from qisp_desktop.exchange.container import blob_path
from qisp_desktop.exchange.manifests import RETURN_FORMAT, Blob, ReturnManifest, SheetPaper
from qisp_desktop.exchange.return_package import write_return_package
from qisp_desktop.services.desk import Desk
from qisp_desktop.services.desk_inspecting import put_record

RETURNS = "returns"
RETURN_SUFFIX = ".qscore"


@dataclass(frozen=True)
class _Current:
    """What a return says of the expert's work: the newest signed sheets but of what was recused, all recusals, and the
    newest records of visits."""

    sheets: tuple[ScoreSheet, ...]
    recusals: tuple[Recusal, ...]
    inspections: tuple[SiteInspection, ...]

    @property
    def digest(self) -> str:
        """The same for two returns that say the same."""
        return sha256(
            canonical.dumps(
                [
                    [sheet.digest for sheet in self.sheets],
                    sorted(sha256(to_bytes(recusal)) for recusal in self.recusals),
                    [inspection.digest for inspection in self.inspections],
                ]
            )
        )


def make_return(
    desk: Desk,
    sheets: Sequence[ScoreSheet],
    papers: Sequence[SignedPaper],
    visits: Sequence[SiteInspection],
    signer: Credentials,
    work: Work,
) -> tuple[SignedReturn, bool]:
    """The return that says what is current, and whether it is new: made and committed unless the last says the same.

    ``sheets``, their ``papers`` and ``visits`` are those that are being signed; ``signer`` signs the manifest.
    """
    current = _current(desk, sheets, visits)
    last = max(desk.store.all(SignedReturn), key=lambda made: made.number, default=None)
    if last is not None and last.content == current.digest:
        _put_away(desk, visits)
        return last, False
    number = (last.number if last else desk.records.returned) + 1
    manifest, sources = _manifest(desk, number, current, papers)
    name = f"{desk.manifest.expert}-r{number}{RETURN_SUFFIX}"
    path = desk.folder / RETURNS / name
    work.report(_("Writing {name}").format(name=name), 0, 1)
    # Written under its own name before the commit: until then nothing refers to it, and the next attempt replaces it.
    write_return_package(
        path, manifest, signer=signer, ca_pem=certificate_to_pem(desk.panel.authority), blob_sources=sources
    )
    made = SignedReturn(
        number,
        name,
        sha256(to_bytes(manifest)),
        sha256_file(path),
        current.digest,
        tuple(inspection.digest for inspection in current.inspections),
        tuple(recusal.application for recusal in current.recusals),
    )
    _keep(desk, made, sheets, papers, visits)
    return made, True


def copy_out(desk: Desk, made: SignedReturn, out: Path, work: Work) -> tuple[Path, tuple[Path, ...]]:
    """Put the return and its papers into ``out`` unless they are there already, read back and compared; their paths.

    UserError when what was signed lies changed in the workspace.
    """
    package = out / made.name
    kept = desk.folder / RETURNS / made.name
    if not package.is_file() or sha256_file(package) != made.file:
        if sha256_file(kept) != made.file:
            raise UserError(
                _("{path} was changed outside the program.").format(path=kept),
                _("It is not the file that was signed."),
                _("Open the package anew in another folder; the secretariat can issue it again."),
            )
        atomic.copy(kept, package, read_back=True)
    files = []
    recused = {recusal.application for recusal in desk.store.all(Recusal)}
    current = {sheet.digest for number, sheet in desk.signed_sheets().items() if number not in recused}
    papers = [paper for paper in desk.store.all(SignedPaper) if paper.sheet in current]
    for done, paper in enumerate(papers):
        work.report(_("Writing papers"), done, len(papers))
        path = out / "papers" / paper.name
        if not path.is_file() or sha256_file(path) != paper.sha256:
            atomic.write_bytes(path, desk.store.blob(paper.sha256), read_back=True)
        files.append(path)
    work.report(_("Done"), len(papers), len(papers))
    return package, tuple(files)


def _current(desk: Desk, sheets: Sequence[ScoreSheet], visits: Sequence[SiteInspection]) -> _Current:
    """With ``sheets`` and ``visits``, which are being signed."""
    recusals = desk.store.all(Recusal)
    recused = {recusal.application for recusal in recusals}
    signed = desk.signed_sheets() | {sheet.application: sheet for sheet in sheets}
    visited = desk.inspections() | {visit.application: visit for visit in visits}
    return _Current(
        tuple(sheet for number, sheet in sorted(signed.items()) if number not in recused),
        tuple(recusals),
        tuple(
            visit
            for number, visit in sorted(visited.items())
            if number not in recused and not _only_at_the_office(desk, visit)
        ),
    )


def _manifest(
    desk: Desk, number: int, current: _Current, papers: Sequence[SignedPaper]
) -> tuple[ReturnManifest, dict[str, Callable[[], bytes]]]:
    """What the ``number``-th return says and encloses; ``papers`` are those that are not in the workspace yet."""
    by_sheet = {paper.sheet: paper for paper in (*desk.store.all(SignedPaper), *papers)}
    enclosed = [by_sheet[sheet.digest] for sheet in current.sheets if sheet.digest in by_sheet]
    photos = {photo.sha256: photo for inspection in current.inspections for photo in inspection.photos}
    blobs, sources = _blobs(desk, enclosed, [(one.name, one.sha256, one.size) for one in photos.values()])
    manifest = ReturnManifest(
        RETURN_FORMAT,
        desk.manifest.round,
        desk.manifest.expert,
        desk.manifest.issue,
        number,
        desk.manifest.return_to,
        desk.panel.manifest_digest,
        desk.manifest.rubric,
        blobs,
        current.sheets,
        current.recusals,
        current.inspections,
        tuple(
            SheetPaper(paper.application, paper.revision, blob.path)
            for paper, blob in zip(enclosed, blobs, strict=False)
        ),
    )
    return manifest, sources


def _keep(
    desk: Desk,
    made: SignedReturn,
    sheets: Sequence[ScoreSheet],
    papers: Sequence[SignedPaper],
    visits: Sequence[SiteInspection],
) -> None:
    """Put what was signed into the workspace, in the place of its drafts, in one commit."""
    held = {visit.application: desk.inspection(visit.application) for visit in visits}
    with desk.store.change() as change:
        change.put_all((*sheets, *papers))
        for sheet in sheets:
            change.remove(DraftSheet, sheet.application)
        for visit in visits:
            put_record(change, visit, held[visit.application])
        change.put(made)


def _only_at_the_office(desk: Desk, record: SiteInspection) -> bool:
    """Whether the office holds this record and has not sent its photos along: it can only be left out of a return."""
    missing = any(not desk.store.has_blob(photo.sha256) for photo in record.photos)
    return missing and record in desk.records.site_inspections


def _put_away(desk: Desk, visits: Sequence[SiteInspection]) -> None:
    """Remove the drafts of records that came out as they had been returned before."""
    with desk.store.change() as change:
        for visit in visits:
            change.remove(InspectionDraft, visit.application)


def _blobs(
    desk: Desk, papers: Sequence[SignedPaper], photos: Sequence[tuple[str, str, int]]
) -> tuple[tuple[Blob, ...], dict[str, Callable[[], bytes]]]:
    """Papers first, in the order of the sheets, then photos."""
    files = [(paper.name, paper.sha256, paper.size) for paper in papers] + list(photos)
    blobs = tuple(Blob(name, digest, size, blob_path(n)) for n, (name, digest, size) in enumerate(files, start=1))
    return blobs, {blob.path: _reader(desk, blob.sha256) for blob in blobs}


def _reader(desk: Desk, digest: str) -> Callable[[], bytes]:
    return lambda: desk.store.blob(digest)
