"""Signing what is complete and handing it back as one file.

The order makes a crash harmless: papers and the return are made and kept inside the workspace first, then the
workspace commits that they are signed, then they are copied out. Signing again copies out what is already signed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qisp_desktop.base import atomic, canonical
from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.credentials import Credentials, fingerprint
from qisp_desktop.base.digests import sha256, sha256_file
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.base.reading import read_whole
from qisp_desktop.base.work import Work
from qisp_desktop.documents.score_sheet import render_score_sheet
from qisp_desktop.documents.signing import sign_field
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.domain.inspection import SiteInspection
from qisp_desktop.domain.inspection_draft import InspectionDraft, finished, missing_in_inspection
from qisp_desktop.domain.issuing import SignedPaper, SignedReturn
from qisp_desktop.domain.panel import Recusal
from qisp_desktop.domain.papers import SHEET_TEMPLATE, SheetRecord, sheet_record
from qisp_desktop.domain.score_sheet import DraftSheet, ScoreSheet
from qisp_desktop.exchange import key_files
from qisp_desktop.exchange.certificates import certificate_to_pem
from qisp_desktop.exchange.container import blob_path
from qisp_desktop.exchange.manifests import RETURN_FORMAT, Blob, ReturnManifest, SheetPaper
from qisp_desktop.exchange.panel_package import open_panel_package
from qisp_desktop.exchange.return_package import write_return_package
from qisp_desktop.services.desk import Desk, DeskStatus
from qisp_desktop.services.desk_inspecting import put_record, revised

RETURNS = "returns"
RETURN_SUFFIX = ".qscore"


@dataclass(frozen=True)
class SigningReport:
    """What signing gave: the return file, the signed papers, what was left out, and whether anything was new.

    ``signed`` are the applications whose sheets were signed now, ``visits`` those whose site inspection was finished.
    """

    package: Path
    papers: tuple[Path, ...]
    signed: tuple[str, ...]
    left_out: tuple[str, ...]
    new: bool
    visits: tuple[str, ...] = ()


def sign(
    desk: Desk,
    out: Path,
    *,
    partial: bool = False,
    credentials: Credentials | None = None,
    handwriting: Handwriting | None = None,
    make_folder: bool = True,
    work: Work | None = None,
) -> SigningReport:
    """Sign every complete sheet and write ``out/E007-rN.qscore`` and ``out/papers/*.pdf``.

    Refuses, naming what is missing, unless every assignment is complete or recused and every site inspection that was
    begun is complete; ``partial`` signs what is complete. With ``make_folder`` False ``out`` must be there at the end
    too: a stick that was pulled out is not replaced by a folder of its name.
    ``credentials`` are the expert's own where the package was issued for an own certificate. Without a change since
    the last return nothing new is made; the last files are put into ``out`` where they are not there.
    """
    work = work or Work()
    signer = signer_of(desk, credentials)
    items = desk.items()
    unfinished = {
        item.number: item.missing if item.status is DeskStatus.DRAFT else (_("No score yet"),)
        for item in items
        if item.status in (DeskStatus.NEW, DeskStatus.DRAFT)
    }
    visits, unfinished_visits = _visits(desk)
    if (unfinished or unfinished_visits) and not partial:
        raise UserError(
            _("Not everything is complete."),
            "\n".join(
                labelled(number, _("; ").join((*unfinished.get(number, ()), *unfinished_visits.get(number, ()))))
                for number in sorted({*unfinished, *unfinished_visits})
            ),
            _("Complete what is missing, step back from it, or sign only what is complete (--partial)."),
        )
    complete = [item.number for item in items if item.status is DeskStatus.COMPLETE]
    if not complete and not visits and not _anything_to_return(desk):
        raise UserError(_("There is nothing to sign yet."), "", _("Score an application first."))
    if not make_folder:
        require_folder(out)
    sheets = [_sheet_of(desk, number) for number in complete]
    papers = _make_papers(desk, sheets, signer, handwriting, work)
    made, new = _make_return(desk, sheets, papers, visits, signer, work)
    if not make_folder:
        require_folder(out)
    package, files = _copy_out(desk, made, out, work)
    left_out = tuple(dict.fromkeys((*unfinished, *unfinished_visits)))
    return SigningReport(package, files, tuple(complete), left_out, new, tuple(one.application for one in visits))


def preview(desk: Desk, number: str) -> bytes:
    """The paper of an application as it stands: what is signed, or what signing now would sign, still unsigned.

    UserError naming the place of a character that cannot be printed; ValueError for a sheet that is not complete.
    """
    signed = desk.signed_sheet(number)
    if signed is None or desk.draft(number) is not None:
        return render_score_sheet(_record_of(desk, _sheet_of(desk, number)))
    paper = desk.store.get(SignedPaper, signed.digest)
    return render_score_sheet(_record_of(desk, signed)) if paper is None else desk.store.blob(paper.sha256)


def confirm(desk: Desk, passphrase: str) -> None:
    """That it is the expert who signs: UserError unless ``passphrase`` opens the package of this desk."""
    open_panel_package(desk.store.package, passphrase)


def _visits(desk: Desk) -> tuple[list[SiteInspection], dict[str, tuple[str, ...]]]:
    """The records of the visits that are completely written, and what the others miss by application."""
    recused = {recusal.application for recusal in desk.store.all(Recusal)}
    records, unfinished = [], {}
    for draft in desk.store.all(InspectionDraft):
        if draft.application in recused or not draft.started:
            continue
        missing = missing_in_inspection(draft, desk.rubric)
        if missing:
            unfinished[draft.application] = (_("site inspection"), *missing)
            continue
        record = finished(draft, round_id=desk.manifest.round, expert=desk.manifest.expert)
        records.append(revised(desk, record))
    return records, unfinished


def require_folder(out: Path) -> None:
    """Raise UserError where ``out`` is gone: a stick that was pulled out is not replaced by a folder of its name."""
    if not out.is_dir():
        raise UserError(
            _("The folder {path} is not there any more.").format(path=out),
            _("The stick was pulled out, or the folder was moved."),
            _("Put the stick in again or choose another folder; nothing that was signed is lost."),
        )


def own_credentials(path: Path, passphrase: str) -> Credentials:
    """The expert's own key and certificate from a PKCS #12 file; UserError when it cannot be opened."""
    return key_files.from_p12(read_whole(path, at_most=key_files.LARGEST), passphrase)


def signer_of(desk: Desk, own: Credentials | None) -> Credentials:
    """With what the expert signs: the package's credentials, or the ``own`` ones that the secretariat entered.

    Raises UserError where these are missing or others.
    """
    credentials = own or desk.panel.credentials
    if credentials is None:
        raise UserError(
            _("This package is to be signed with your own certificate."), "", _("Name its file with --p12.")
        )
    if certificate_to_pem(credentials.certificate).decode("ascii") != desk.manifest.certificate:
        raise UserError(
            _("This is not the certificate that the secretariat entered for you."),
            fingerprint(credentials.certificate),
            _("Use the certificate that the package was issued for."),
        )
    return credentials


def _anything_to_return(desk: Desk) -> bool:
    return any(desk.store.all(kind) for kind in (ScoreSheet, Recusal, SiteInspection))


def _sheet_of(desk: Desk, number: str) -> ScoreSheet:
    draft = desk.draft_or_new(number)
    return ScoreSheet(
        round=desk.manifest.round,
        expert=desk.manifest.expert,
        application=number,
        revision=draft.revision,
        previous=draft.previous,
        reason=draft.reason,
        issue=desk.manifest.issue,
        rubric=desk.manifest.rubric,
        template=SHEET_TEMPLATE,
        items=draft.items,
        total=draft.total,
    )


def _record_of(desk: Desk, sheet: ScoreSheet) -> SheetRecord:
    return sheet_record(
        sheet,
        office=desk.records.office,
        round_name=desk.records.round_name,
        year=desk.records.year,
        expert=desk.records.expert,
        application=desk.application(sheet.application),
        rubric=desk.rubric,
    )


def _make_papers(
    desk: Desk, sheets: Sequence[ScoreSheet], signer: Credentials, handwriting: Handwriting | None, work: Work
) -> list[SignedPaper]:
    """The signed papers of ``sheets``, kept sealed in the workspace."""
    papers = []
    for done, sheet in enumerate(sheets):
        work.report(_("Signing {number}").format(number=sheet.application), done, len(sheets))
        unsigned = render_score_sheet(_record_of(desk, sheet))
        pdf = sign_field(unsigned, "Expert", signer, name=desk.records.expert.name, handwriting=handwriting)
        name = f"{sheet.application}_{sheet.expert}_r{sheet.revision}.pdf"
        digest = desk.store.add_blob(pdf)
        papers.append(SignedPaper(sheet.application, sheet.revision, sheet.digest, digest, len(pdf), name))
    work.report(_("Signed"), len(sheets), len(sheets))
    return papers


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


def _make_return(
    desk: Desk,
    sheets: Sequence[ScoreSheet],
    papers: Sequence[SignedPaper],
    visits: Sequence[SiteInspection],
    signer: Credentials,
    work: Work,
) -> tuple[SignedReturn, bool]:
    """The return that says what is current, made and committed unless the last one says the same already."""
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


def _copy_out(desk: Desk, made: SignedReturn, out: Path, work: Work) -> tuple[Path, tuple[Path, ...]]:
    """Put the return and its papers into ``out`` where they are not there already, read back and compared."""
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
