"""The papers of a round: written out for staff, and compared with the signed data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cryptography import x509

from qisp_desktop.base import atomic
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.paths import safe_name
from qisp_desktop.base.work import Work
from qisp_desktop.documents.checking import check_score_sheet
from qisp_desktop.documents.score_sheet import render_score_sheet
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.issuing import Return
from qisp_desktop.domain.panel import Expert
from qisp_desktop.domain.papers import SheetRecord, sheet_record
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.exchange.return_package import read_return_package
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.office import Office, unlock
from qisp_desktop.services.results import compute, read_round
from qisp_desktop.store.round_store import RoundStore


class PaperKind(StrEnum):
    """The kinds of paper that can be written out. To add one: its module in ``documents``, a member here, a line in
    ``_WRITERS``."""

    SCORE_SHEET = "score-sheet"


@dataclass(frozen=True)
class WrittenPaper:
    """A paper in the output folder; ``signed`` is False for one rendered anew from the signed data."""

    path: Path
    kind: PaperKind
    application: str
    expert: str
    signed: bool


def paper_name(sheet: ScoreSheet) -> str:
    """The file name of a score sheet's paper."""
    return safe_name(f"{sheet.application}_{sheet.expert}_r{sheet.revision}", longest=120) + ".pdf"


def record_of(store: RoundStore, sheet: ScoreSheet) -> SheetRecord:
    """What the paper of a held sheet prints."""
    value = store.round()
    expert, application = store.get(Expert, sheet.expert), store.get(Application, sheet.application)
    if expert is None or application is None:
        raise UserError(
            _("The round no longer holds {expert} or {number}.").format(expert=sheet.expert, number=sheet.application)
        )
    return sheet_record(
        sheet,
        office=value.office,
        round_name=value.name,
        year=value.year,
        expert=expert,
        application=application,
        rubric=store.rubric(),
    )


def paper_problem(pdf: bytes, sheet: ScoreSheet, signer: x509.Certificate) -> str:
    """Why ``pdf`` is not the valid signed paper of ``sheet``; empty when it is, or cannot be compared any more."""
    check = check_score_sheet(pdf, signer=signer, roots=())
    if check.record is not None and check.record.sheet != sheet:
        return _("the paper shows other data than the signed return")
    if check.valid or not check.comparable:
        return ""
    return "; ".join(check.reasons)


def export_papers(
    round_path: Path,
    out: Path,
    *,
    kinds: Sequence[PaperKind] = tuple(PaperKind),
    passphrase: str | None = None,
    work: Work | None = None,
) -> list[WrittenPaper]:
    """Write the papers of ``kinds`` into ``out``, a folder for each kind.

    Score sheets: with the secretariat's ``passphrase`` the signed originals out of the returns, without it the same
    pages rendered anew from the signed data, unsigned. Each file is whole or absent.
    """
    work = work or Work()
    with RoundStore.open(round_path, actor=current_actor()) as store:
        office = unlock(store, passphrase) if passphrase is not None else None
        written = []
        for kind in dict.fromkeys(kinds):
            written += _WRITERS[kind](store, office, out / kind.value, work)
        return written


def _write_score_sheets(store: RoundStore, office: Office | None, out: Path, work: Work) -> list[WrittenPaper]:
    sheets = compute(read_round(store)).valid
    originals = _originals(store, office, work) if office else {}
    written = []
    for done, sheet in enumerate(sheets):
        work.report(_("Writing score sheets"), done, len(sheets))
        original = originals.get(sheet.digest)
        pdf = original() if original else render_score_sheet(record_of(store, sheet))
        path = out / paper_name(sheet)
        atomic.write_bytes(path, pdf)
        written.append(WrittenPaper(path, PaperKind.SCORE_SHEET, sheet.application, sheet.expert, original is not None))
    work.report(_("Writing score sheets"), len(sheets), len(sheets))
    return written


def _originals(store: RoundStore, office: Office, work: Work) -> dict[str, Callable[[], bytes]]:
    """How to get the signed paper of each sheet, by the sheet's digest."""
    found: dict[str, Callable[[], bytes]] = {}
    returns = store.all(Return)
    for done, received in enumerate(returns):
        work.report(_("Opening returns"), done, len(returns))
        opened = read_return_package(store.file(received.file), office.identity)
        blobs = {blob.path: blob for blob in opened.manifest.blobs}
        sheets = {(sheet.application, sheet.revision): sheet.digest for sheet in opened.manifest.sheets}
        for paper in opened.manifest.papers:
            digest = sheets.get((paper.application, paper.revision))
            if digest is not None and paper.path in blobs:
                found.setdefault(digest, _reader(opened.container.blob, office, blobs[paper.path]))
    return found


def _reader(read: Callable[..., bytes], office: Office, blob: object) -> Callable[[], bytes]:
    return lambda: read(office.identity, blob)


_WRITERS: dict[PaperKind, Callable[[RoundStore, Office | None, Path, Work], list[WrittenPaper]]] = {
    PaperKind.SCORE_SHEET: _write_score_sheets,
}
