"""Signatures beside the expert's: the panel leader's and the secretariat's seal, each over all before it.

Nobody signs what has not been checked: a paper is signed only when every signature in it holds and its pages are what
its record says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from cryptography import x509

from qisp_desktop.base import atomic
from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.documents.checking import (
    carries_report,
    check_evaluation_report,
    check_score_sheet,
    check_unsigned_report,
)
from qisp_desktop.documents.signatures import read_signatures
from qisp_desktop.documents.signing import Field, sign_field
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.domain.panel import Role
from qisp_desktop.exchange.certificates import authority_from_pem
from qisp_desktop.services.desk import Desk
from qisp_desktop.services.office import unlock
from qisp_desktop.services.opened import RoundAt, reading
from qisp_desktop.services.roster import Roster, certificate_of, leaders_certificates

LEADER: Final[Field] = "PanelLeader"
SECRETARIAT: Final[Field] = "Secretariat"
LARGEST_PAPER = 100 << 20
_Sign = Callable[[bytes], bytes]
_Problem = Callable[[bytes], str]


def countersigned(
    pdf: bytes, field: Field, credentials: Credentials, *, name: str, handwriting: Handwriting | None = None
) -> bytes:
    """``pdf``, a paper known to be sound, with ``field`` signed; the earlier signatures stay as they are.

    Raises UserError when the field is taken, or when the expert has not signed yet.
    """
    return sign_field(pdf, field, credentials, name=name, handwriting=handwriting)


def sign_as_leader(
    desk: Desk,
    papers: Sequence[Path],
    out: Path,
    *,
    credentials: Credentials | None = None,
    handwriting: Handwriting | None = None,
    work: Work | None = None,
) -> list[Path]:
    """Sign score sheets and evaluation reports as the panel's leader, into ``out`` under their own names.

    ``papers`` are files and folders of them; ``credentials`` the leader's own where the package has none. Raises
    UserError, and signs nothing, when the desk is not the leader's or one of the papers is not sound.
    """
    expert = desk.records.expert
    signer = credentials or desk.panel.credentials
    if expert.role is not Role.LEADER:
        raise UserError(_("Only the leader of the panel countersigns."), _("You are a member of it."))
    if signer is None:
        raise UserError(
            _("This package is to be signed with your own certificate."), "", _("Name its file with --p12.")
        )
    roots = [desk.panel.authority]
    return _sign_all(
        papers,
        out,
        lambda pdf: _problem(pdf, roots, {signer.certificate}, None),
        lambda pdf: countersigned(pdf, LEADER, signer, name=expert.name, handwriting=handwriting),
        work or Work(),
    )


def seal_papers(
    round_at: RoundAt, papers: Sequence[Path], out: Path, *, passphrase: str, work: Work | None = None
) -> list[Path]:
    """Sign score sheets and evaluation reports for the secretariat, into ``out`` under their own names.

    Raises UserError, and signs nothing, when the passphrase is wrong or one of the papers is not sound.
    """
    with reading(round_at) as store:
        office = unlock(store, passphrase)
        roster, value = Roster(store), store.round()
        roots = [authority_from_pem(value.authority.encode("ascii"))]
        leaders = leaders_certificates(store)
        return _sign_all(
            papers,
            out,
            lambda pdf: _problem(pdf, roots, leaders, roster),
            lambda pdf: countersigned(pdf, SECRETARIAT, office.credentials, name=value.office),
            work or Work(),
        )


def _sign_all(papers: Sequence[Path], out: Path, problem: _Problem, sign: _Sign, work: Work) -> list[Path]:
    """Check every paper, sign every one, and only then write."""
    paths = [path for given in papers for path in _files(given)]
    signed: list[tuple[Path, bytes]] = []
    for done, path in enumerate(paths):
        work.report(_("Signing {name}").format(name=path.name), done, len(paths))
        pdf = _read(path)
        if why := problem(pdf):
            raise UserError(
                _("{path} is not signed.").format(path=path), why, _("Take it out of the folder, or get it anew.")
            )
        signed.append((out / path.name, sign(pdf)))
    for path, pdf in signed:
        atomic.write_bytes(path, pdf)
    return [path for path, _pdf in signed]


def _problem(
    pdf: bytes, roots: Sequence[x509.Certificate], leaders: set[x509.Certificate], roster: Roster | None
) -> str:
    """Why ``pdf`` may not be signed; empty when it is sound."""
    if carries_report(pdf):
        if _is_unsigned(pdf):
            return _("; ").join(check_unsigned_report(pdf).reasons)
        return _("; ").join(check_evaluation_report(pdf, roots=roots, leaders=leaders).reasons)
    found = check_score_sheet(pdf, signer=None, roots=roots, leaders=leaders)
    if found.record is not None and roster is not None:
        issue = roster.issue(found.record.sheet.issue)
        if issue is not None and issue.expert == found.record.sheet.expert:
            # The roster decides who must have signed; that also admits an expert's own certificate.
            found = check_score_sheet(pdf, signer=certificate_of(issue), roots=roots, leaders=leaders)
    return _("; ").join(found.reasons)


def _is_unsigned(pdf: bytes) -> bool:
    try:
        return not read_signatures(pdf)
    except Exception:  # whatever is wrong with its signatures, the check says it
        return False


def _files(given: Path) -> list[Path]:
    return sorted(path for path in given.rglob("*.pdf") if path.is_file()) if given.is_dir() else [given]


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_PAPER + 1)
    except OSError as error:
        raise UserError(
            _("{path} could not be read.").format(path=path), os_reason(error), _("Check the path.")
        ) from error
    if len(data) > LARGEST_PAPER:
        raise UserError(_("{path} is larger than any paper.").format(path=path))
    return data
