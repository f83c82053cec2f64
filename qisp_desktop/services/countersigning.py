"""Signatures beside the expert's on the command line: the panel leader's, and the secretariat's seal.

Nobody signs what has not been checked: a paper is signed only when every signature in it holds and its pages are what
its record says. A command is all or nothing, as a script that goes on after it must not find half of its papers: when
one of them is not sound, none is signed. At the desk the leader sees what each paper is, and chooses; that is
``leader_signing``'s. What is sound for a leader is asked of ``leader_checking`` by both, and both sign by
``leader_signing.signed_by_leader``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from cryptography import x509

from qisp_desktop.base import atomic
from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.errors import UserError, os_reason, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.documents.checking import (
    carries_report,
    check_evaluation_report,
    check_score_sheet,
    check_unsigned_report,
)
from qisp_desktop.documents.report_record import EvaluationReport
from qisp_desktop.documents.revisions import LARGEST_PAPER
from qisp_desktop.documents.signatures import read_signatures
from qisp_desktop.documents.signing import Field, sign_field
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.domain.papers import SheetRecord
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.exchange.certificates import authority_from_pem
from qisp_desktop.services.desk import Desk
from qisp_desktop.services.desk_signing import signer_of
from qisp_desktop.services.leader_checking import leaders_problem, leadership, read_paper
from qisp_desktop.services.leader_signing import LeadersHand, signed_by_leader
from qisp_desktop.services.office import unlock
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.remark_order import known_remark_order
from qisp_desktop.services.roster import Roster, certificate_of, leaders_certificates
from qisp_desktop.store.round_store import RoundStore

SECRETARIAT: Final[Field] = "Secretariat"
_Sign = Callable[[bytes], bytes]
_Problem = Callable[[bytes], str]


def sealed(pdf: bytes, credentials: Credentials, *, name: str) -> bytes:
    """``pdf``, a paper known to be sound, with the secretariat's signature; the earlier ones stay as they are.

    Raises UserError when it is sealed already, or when the expert has not signed yet.
    """
    return sign_field(pdf, SECRETARIAT, credentials, name=name)


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
    UserError, and signs nothing, when the desk is not the leader's, when the credentials are not those that the
    secretariat knows, or when one of the papers is not sound, of another round, or signed by a leader already.
    """
    lead = leadership(desk)
    hand = LeadersHand(lead, signer_of(desk, credentials), handwriting)
    written: list[Path] = []
    _sign_all(
        papers,
        out,
        lambda pdf: leaders_problem(pdf, lead),
        lambda pdf: signed_by_leader(pdf, hand)[0],
        work or Work(),
        written,
    )
    return written


def seal_papers(
    round_at: RoundAt, papers: Sequence[Path], out: Path, *, passphrase: str, work: Work | None = None
) -> list[Path]:
    """Sign score sheets and evaluation reports for the secretariat, into ``out`` under their own names.

    ``papers`` are files and folders of them. How many now carry the signature is entered into the audit trail. Raises
    UserError, and signs nothing, when the passphrase is wrong, when one of the papers is not sound or not of this
    round, or when another clerk writes the round.
    """
    with writing(round_at) as store:
        office = unlock(store, passphrase)
        held, value = _Held(store), store.round()
        roots = [authority_from_pem(value.authority.encode("ascii"))]
        leaders = leaders_certificates(store)
        written: list[Path] = []
        try:
            _sign_all(
                papers,
                out,
                lambda pdf: _problem(pdf, roots, leaders, held),
                lambda pdf: sealed(pdf, office.credentials, name=value.office),
                work or Work(),
                written,
            )
        finally:
            note_seals(store, len(written))
        return written


def note_seals(store: RoundStore, count: int) -> None:
    """Enter into the audit trail how many papers now carry the secretariat's signature; nothing for none."""
    if count:
        with store.change("seal papers") as change:
            change.note("seal papers", "papers", str(count))


def _sign_all(
    papers: Sequence[Path],
    out: Path,
    problem: _Problem,
    sign: _Sign,
    work: Work,
    written: list[Path],
) -> None:
    """Check every paper, sign every one, and only then write; ``written`` are those that are, also after an error."""
    paths = [path for given in papers for path in _files(given)]
    _require_papers(paths)
    signed: list[tuple[Path, bytes]] = []
    for done, path in enumerate(paths):
        work.report(_("Signing {name}").format(name=path.name), done, len(paths))
        pdf = _read(path)
        if why := problem(pdf):
            raise _not_signed(path, why)
        try:
            signed.append((out / path.name, sign(pdf)))
        except UserError as error:
            raise _not_signed(path, sentences(error.what, error.why)) from error
    for path, pdf in signed:
        atomic.write_bytes(path, pdf)
        written.append(path)


def _require_papers(paths: Sequence[Path]) -> None:
    """Refuse where there is nothing to sign, and two papers that would be written under one name."""
    if not paths:
        raise UserError(
            _("There is nothing to sign."), _("No PDF was found."), _("Name the papers, or the folder that holds them.")
        )
    twice = next((name for name, count in Counter(path.name.casefold() for path in paths).items() if count > 1), None)
    if twice is not None:
        raise UserError(
            _("Nothing was signed."),
            _("Two of the papers have the name {name}.").format(name=twice),
            _("Sign them one after the other, into different folders."),
        )


def _not_signed(path: Path, why: str) -> UserError:
    return UserError(_("{path} is not signed.").format(path=path), why, _("Take it out of the folder, or get it anew."))


class _Held:
    """What the round holds, for the secretariat, who seals nothing else."""

    def __init__(self, store: RoundStore) -> None:
        self._store = store
        self._round = store.round().id
        self.roster = Roster(store)
        self._sheets = frozenset(str(digest) for (digest,) in store.listing(ScoreSheet, "digest"))

    @cached_property
    def _reports(self) -> frozenset[str]:
        from qisp_desktop.services.evaluation_reports import evaluation_reports
        from qisp_desktop.services.paper_data import gather

        order = known_remark_order(self._store)
        reports = evaluation_reports(gather(self._store), order) if order is not None else []
        return frozenset(one.digest for one in reports)

    def sheet_problem(self, record: SheetRecord) -> str:
        """Why the sheet is none of the round's; empty when it is one."""
        if record.sheet.round != self._round:
            return _("it belongs to another round")
        return "" if record.sheet.digest in self._sheets else _("the round does not hold this sheet")

    def report_problem(self, record: EvaluationReport) -> str:
        """Why the report is not what the round gives now; empty when it is."""
        if record.head.round != self._round:
            return _("it belongs to another round")
        if record.digest in self._reports:
            return ""
        return _("the round has changed since this paper was made, or it was never made from it")


def _problem(pdf: bytes, roots: Sequence[x509.Certificate], leaders: set[x509.Certificate], held: _Held | None) -> str:
    """Why ``pdf`` may not be signed; empty when it is sound."""
    return (_report_problem if carries_report(pdf) else _sheet_problem)(pdf, roots, leaders, held)


def _report_problem(
    pdf: bytes, roots: Sequence[x509.Certificate], leaders: set[x509.Certificate], held: _Held | None
) -> str:
    unsigned = _is_unsigned(pdf)
    found = check_unsigned_report(pdf) if unsigned else check_evaluation_report(pdf, roots=roots, leaders=leaders)
    if found.reasons or held is None or found.record is None:
        return _("; ").join(found.reasons)
    return held.report_problem(found.record)


def _sheet_problem(
    pdf: bytes, roots: Sequence[x509.Certificate], leaders: set[x509.Certificate], held: _Held | None
) -> str:
    found = check_score_sheet(pdf, signer=None, roots=roots, leaders=leaders)
    if found.record is not None and held is not None:
        issue = held.roster.issue(found.record.sheet.issue)
        if issue is not None and issue.expert == found.record.sheet.expert:
            # The roster decides who must have signed; that also admits an expert's own certificate.
            found = check_score_sheet(pdf, signer=certificate_of(issue), roots=roots, leaders=leaders)
    if found.reasons or held is None or found.record is None:
        return _("; ").join(found.reasons)
    return held.sheet_problem(found.record)


def _is_unsigned(pdf: bytes) -> bool:
    try:
        return not read_signatures(pdf)
    except Exception:  # whatever is wrong with its signatures, the check says it
        return False


def _files(given: Path) -> list[Path]:
    return sorted(path for path in given.rglob("*.pdf") if not path.is_dir()) if given.is_dir() else [given]


def _read(path: Path) -> bytes:
    try:
        data = read_paper(path)
    except OSError as error:
        raise UserError(
            _("{path} could not be read.").format(path=path), os_reason(error), _("Check the path.")
        ) from error
    if len(data) > LARGEST_PAPER:
        raise UserError(_("{path} is larger than any paper.").format(path=path))
    return data
