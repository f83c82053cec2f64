"""What files are to the panel's leader, who signs nothing that has not been checked.

The one rule of what a leader can sign, for the desk (``leader_signing``), which lists each paper with where it stands,
and for the command (``countersigning``), which refuses all papers when one of them cannot be signed.

The leader's package knows the round's authority and the leader's own certificate, not the other experts': for a sheet
that an expert signed with a certificate of their own, the secretariat's signature has to vouch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509

from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import N_, _
from qisp_desktop.base.reading import open_file
from qisp_desktop.base.work import Work
from qisp_desktop.documents.checking import (
    PaperCheck,
    check_evaluation_report,
    check_score_sheet,
    check_unsigned_report,
)
from qisp_desktop.documents.recognising import PaperForm, form_of
from qisp_desktop.documents.revisions import LARGEST_PAPER
from qisp_desktop.documents.signatures import SignatureProblem, is_issued, read_signatures, verify_signature
from qisp_desktop.domain.panel import Recusal, Role
from qisp_desktop.domain.papers import PrintedGroup, SheetRecord, printed_groups
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.exchange.certificates import common_name
from qisp_desktop.services.leader_papers import LeaderPaper, PaperSignature, Standing

if TYPE_CHECKING:
    from qisp_desktop.documents.report_record import EvaluationReport
    from qisp_desktop.documents.signatures import PaperSignature as ReadSignature
    from qisp_desktop.services.desk import Desk

MOST_PAPERS = 5000
"""PDFs that a folder may hold, at most: nobody means to sign a whole disk."""
_FIELD = "PanelLeader"
_REFUSALS = {
    PaperForm.FOREIGN: N_("neither a score sheet nor an evaluation report of this program"),
    PaperForm.DAMAGED: N_("the file is damaged"),
    PaperForm.LOCKED: N_("the file is encrypted: only the original, without a password, can be signed"),
    PaperForm.MARKED: N_("it is a draft or a copy: ask the secretariat for the original"),
}


@dataclass(frozen=True)
class Leadership:
    """What a leader's desk knows: the round, the leader, the authority, the standard, and what the leader may not see.

    ``rubric`` is the digest of the scoring standard and ``groups`` how sheets print it; ``recused`` are the
    applications from which the leader stepped back.
    """

    round: str
    expert: str
    name: str
    certificate: x509.Certificate
    authority: x509.Certificate
    rubric: str
    groups: tuple[PrintedGroup, ...]
    recused: frozenset[str]


def leadership(desk: Desk) -> Leadership:
    """What ``desk`` knows as a leader's. Raises UserError when it is not the leader's."""
    expert = desk.records.expert
    if expert.role is not Role.LEADER:
        raise UserError(_("Only the leader of the panel countersigns."), _("You are a member of it."))
    return Leadership(
        desk.manifest.round,
        expert.id,
        expert.name,
        x509.load_pem_x509_certificate(desk.manifest.certificate.encode("ascii")),
        desk.panel.authority,
        desk.manifest.rubric,
        printed_groups(desk.rubric),
        frozenset(recusal.application for recusal in desk.store.all(Recusal)),
    )


def examine_files(
    given: Sequence[Path], lead: Leadership, found: Callable[[LeaderPaper], None], work: Work | None = None
) -> int:
    """Hand what each file of ``given`` is to ``found``, one after the other; of folders all PDFs below them.

    How many there were. A file or folder that cannot be read is told like any other. Raises UserError for a folder with
    more PDFs than anybody signs, and Cancelled.
    """
    work = work or Work()
    paths = list(dict.fromkeys(_expanded(given, work)))
    for done, path in enumerate(paths):
        work.report(_("Checking {name}").format(name=path.name), done, len(paths))
        found(examine_file(path, lead))
    work.report(_("Checked"), len(paths), len(paths))
    return len(paths)


def examine_file(path: Path, lead: Leadership) -> LeaderPaper:
    """What the file at ``path`` is to the leader; never raises for what is wrong with it."""
    try:
        pdf = read_paper(path)
    except OSError as error:
        return LeaderPaper(path, "", "unknown", Standing.REFUSED, os_reason(error))
    if len(pdf) > LARGEST_PAPER:
        return LeaderPaper(path, "", "unknown", Standing.REFUSED, _("larger than any paper of this program"))
    return replace(examine(pdf, lead), path=path)


def read_paper(path: Path) -> bytes:
    """The content of ``path``; one byte more than any paper has where it is larger. Raises OSError."""
    with open_file(path) as stream:
        return stream.read(LARGEST_PAPER + 1)


def examine(pdf: bytes, lead: Leadership) -> LeaderPaper:
    """What ``pdf`` is to the leader, without its path; never raises."""
    form = form_of(pdf)
    blank = LeaderPaper(Path(), sha256(pdf), "unknown", Standing.REFUSED)
    if form is PaperForm.SHEET:
        return _sheet(pdf, replace(blank, kind="score-sheet"), lead)
    if form is PaperForm.REPORT:
        return _report(pdf, replace(blank, kind="evaluation-report"), lead)
    return replace(blank, why=_(_REFUSALS[form]))


def leaders_problem(pdf: bytes, lead: Leadership) -> str:
    """Why the leader cannot countersign ``pdf``; empty when nothing is in the way."""
    paper = examine(pdf, lead)
    return _("you have countersigned it already") if paper.standing is Standing.SIGNED else paper.why


def _sheet(pdf: bytes, blank: LeaderPaper, lead: Leadership) -> LeaderPaper:
    signatures = _read(pdf)
    roots, leaders = [lead.authority], _leaders(signatures, lead)
    check = check_score_sheet(pdf, signer=None, roots=roots, leaders=leaders)
    record = check.record
    if record is None:
        return _refused(blank, check)
    sheet = record.sheet
    strange = _strange_certificate(signatures, lead)
    signer = strange if strange is not None and _is_vouched_for(strange, sheet, signatures, lead) else None
    if signer is not None:
        check = check_score_sheet(pdf, signer=signer, roots=roots, leaders=leaders)
    paper = replace(
        blank,
        application=sheet.application,
        applicant=record.applicant,
        expert=sheet.expert,
        expert_name=record.expert_name,
        revision=sheet.revision,
        points=sheet.total,
        points_text=f"{sheet.total:.{record.decimals}f}",
        own_round=sheet.round == lead.round,
        signatures=_found(signatures, check, partial(_verify, signer=signer, expert=sheet.expert, lead=lead)),
    )
    unknown = _("{name} signed with a certificate that only the secretariat knows: let it seal the sheet first")
    if strange is not None and signer is None:
        check = replace(check, reasons=(unknown.format(name=common_name(strange)),))
    return _judged(paper, check, signatures, lead, _strange_rubric(record, lead))


def _report(pdf: bytes, blank: LeaderPaper, lead: Leadership) -> LeaderPaper:
    signatures = _read(pdf)
    if signatures:
        check = check_evaluation_report(pdf, roots=[lead.authority], leaders=_leaders(signatures, lead))
    else:
        check = check_unsigned_report(pdf)
    record = check.record
    if record is None:
        return _refused(blank, check)
    final = record.result.final
    paper = replace(
        blank,
        application=record.number,
        applicant=record.applicant,
        points=final,
        points_text="" if final is None else f"{final:.2f}",
        own_round=record.head.round == lead.round,
        signatures=_found(signatures, check, partial(_verify, signer=None, expert="", lead=lead)),
    )
    return _judged(paper, check, signatures, lead, "")


def _strange_rubric(record: SheetRecord, lead: Leadership) -> str:
    same = record.sheet.rubric == lead.rubric and record.groups == lead.groups
    return "" if same else _("it shows another rubric than the round's")


def _refused(blank: LeaderPaper, check: PaperCheck[SheetRecord] | PaperCheck[EvaluationReport]) -> LeaderPaper:
    return replace(blank, why=_("; ").join(check.reasons))


def _judged(
    paper: LeaderPaper,
    check: PaperCheck[SheetRecord] | PaperCheck[EvaluationReport],
    signatures: Sequence[ReadSignature],
    lead: Leadership,
    strange: str,
) -> LeaderPaper:
    """``paper`` with whether it can be countersigned, and why not."""
    taken = next((one for one in signatures if one.field == _FIELD), None)
    if not paper.own_round:
        return replace(paper, why=_("it belongs to another round"))
    if paper.application in lead.recused:
        return LeaderPaper(
            paper.path,
            paper.digest,
            paper.kind,
            Standing.REFUSED,
            _("you stepped back from this application: another leader signs for it, or nobody"),
            application=paper.application,
            own_round=True,
            hidden=True,
        )
    if check.reasons:
        return _refused(paper, check)
    if strange:
        return replace(paper, why=strange)
    if taken is None:
        return replace(paper, standing=Standing.READY)
    if _is_own(taken, lead):
        return replace(paper, standing=Standing.SIGNED)
    return replace(paper, why=_("{name} has signed in the leader's field already").format(name=taken.signer_name))


def _read(pdf: bytes) -> list[ReadSignature]:
    try:
        return read_signatures(pdf)
    except Exception:  # whatever is wrong with them, the check says it
        return []


def _leaders(signatures: Sequence[ReadSignature], lead: Leadership) -> set[x509.Certificate]:
    """Against what the leader's signature is held: the own certificate where it is that; else the round's authority
    decides, as for one of the leader's earlier packages."""
    own = any(one.field == _FIELD and one.certificate == lead.certificate for one in signatures)
    return {lead.certificate} if own else set()


def _is_own(signature: ReadSignature, lead: Leadership) -> bool:
    """Whether it is the leader's, under this package or an earlier one: the common name begins with the id."""
    return signature.certificate == lead.certificate or signature.signer_name.split(" ")[0] == lead.expert


def _strange_certificate(signatures: Sequence[ReadSignature], lead: Leadership) -> x509.Certificate | None:
    """The expert's certificate where the round's authority did not issue it; None where it did, or nobody signed."""
    expert = next((one.certificate for one in signatures if one.field == "Expert"), None)
    return None if expert is None or is_issued(expert, lead.authority) else expert


def _is_vouched_for(
    certificate: x509.Certificate, sheet: ScoreSheet, signatures: Sequence[ReadSignature], lead: Leadership
) -> bool:
    """Whether it is the leader's own sheet, or one that the secretariat signed: it knows everybody's certificate.

    That the secretariat's signature holds is for the check.
    """
    own = certificate == lead.certificate and sheet.expert == lead.expert
    return own or any(one.field == "Secretariat" for one in signatures)


def _found(
    signatures: Sequence[ReadSignature],
    check: PaperCheck[SheetRecord] | PaperCheck[EvaluationReport],
    verify: Callable[[ReadSignature], None],
) -> tuple[PaperSignature, ...]:
    return tuple(
        PaperSignature(one.field, one.signer_name, "" if check.valid else _signature_problem(one, verify))
        for one in signatures
    )


def _verify(signature: ReadSignature, *, signer: x509.Certificate | None, expert: str, lead: Leadership) -> None:
    leaders = _leaders([signature], lead)
    verify_signature(signature, signer=signer, roots=[lead.authority], expert=expert, leaders=leaders)


def _signature_problem(signature: ReadSignature, verify: Callable[[ReadSignature], None]) -> str:
    """Why one signature of an invalid paper does not hold; empty when it is not what is wrong."""
    try:
        verify(signature)
    except SignatureProblem as problem:
        return str(problem)
    except Exception:  # a hostile signature can fail anywhere
        return _("it cannot be read")
    return ""


def _expanded(given: Sequence[Path], work: Work) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            yield from _pdfs_below(path, work)
        else:
            yield path


def _pdfs_below(folder: Path, work: Work) -> Iterator[Path]:
    """The PDFs in ``folder`` and below it, in order; folders that cannot be read come out by their own path."""
    unread: list[Path] = []

    def note(error: OSError) -> None:
        unread.append(Path(error.filename or folder))

    count = 0
    for place, folders, names in os.walk(folder, onerror=note):
        work.report(_("Looking for PDFs in {folder}").format(folder=place), 0, 0)
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith(".pdf"):
                count += 1
                if count > MOST_PAPERS:
                    raise UserError(
                        _("{path} holds too many PDFs.").format(path=folder),
                        _("There are more than {count}.").format(count=MOST_PAPERS),
                        _("Choose the folder that holds the papers to sign."),
                    )
                yield Path(place, name)
    yield from unread
