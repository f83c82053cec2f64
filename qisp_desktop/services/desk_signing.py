"""Signing what is complete and handing it back as one file.

The order makes a crash harmless: papers and the return are made and kept inside the workspace first, then the
workspace commits that they are signed, then they are copied out. Signing again copies out what is already signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qisp_desktop.base.credentials import Credentials, fingerprint
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.base.reading import read_whole
from qisp_desktop.base.work import Work
from qisp_desktop.documents.score_sheet import render_score_sheet
from qisp_desktop.documents.signing import sign_field
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.domain.inspection import SiteInspection
from qisp_desktop.domain.inspection_draft import InspectionDraft, finished, missing_in_inspection
from qisp_desktop.domain.issuing import SignedPaper
from qisp_desktop.domain.panel import Recusal
from qisp_desktop.domain.papers import SHEET_TEMPLATE, SheetRecord, sheet_record
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.exchange import key_files
from qisp_desktop.exchange.certificates import certificate_to_pem
from qisp_desktop.exchange.panel_package import open_panel_package
from qisp_desktop.services.desk import Desk, DeskStatus
from qisp_desktop.services.desk_inspecting import revised
from qisp_desktop.services.desk_returns import copy_out, make_return


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
    made, new = make_return(desk, sheets, papers, visits, signer, work)
    if not make_folder:
        require_folder(out)
    package, files = copy_out(desk, made, out, work)
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
