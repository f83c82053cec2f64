"""The panel's leader countersigns at the desk what was chosen: paper after paper, each written whole and read again.

Unlike the command (``countersigning``), which is all or nothing for the scripts that go on after it, a run here goes on
after a paper that cannot be signed, says why, and can be stopped and repeated: hundreds of papers take minutes, and
there is somebody who sees what became of each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qisp_desktop.base import atomic
from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError, os_reason, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.documents.signing import sign_field
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.services.desk_signing import require_folder
from qisp_desktop.services.leader_checking import Leadership, examine, read_paper
from qisp_desktop.services.leader_papers import Done, LeaderPaper, Outcome, Standing


@dataclass(frozen=True)
class LeadersHand:
    """With what the leader signs: who it is, the key, and what was drawn (None: the name in print)."""

    lead: Leadership
    credentials: Credentials
    handwriting: Handwriting | None = None


def countersign_papers(
    papers: Sequence[LeaderPaper],
    out: Path,
    hand: LeadersHand,
    told: Callable[[Outcome], None],
    work: Work | None = None,
) -> None:
    """Sign ``papers`` into the folder ``out``, each under its own name; ``told`` hears what became of each.

    Nothing that lies in ``out`` is overwritten; what was countersigned there before is left as it is, so that a run
    that was broken off can simply be repeated. A paper that has changed since it was examined, or that cannot be
    signed, is told as failed, and the next one follows. Raises UserError when ``out`` is gone or nothing can be written
    there, and Cancelled; what was told until then is whole and stays.
    """
    work = work or Work()
    for done, paper in enumerate(papers):
        work.report(_("Signing {name}").format(name=paper.path.name), done, len(papers))
        require_folder(out)
        told(_countersigned(paper, out / paper.path.name, hand))
    work.report(_("Signed"), len(papers), len(papers))


def signed_by_leader(pdf: bytes, hand: LeadersHand) -> tuple[bytes, LeaderPaper]:
    """``pdf``, a paper that can be countersigned, with the leader's signature, and what it is then, without its path.

    Raises UserError when the field is taken, when the expert has not signed yet, or when what came of it does not hold.
    """
    signed = sign_field(pdf, "PanelLeader", hand.credentials, name=hand.lead.name, handwriting=hand.handwriting)
    checked = examine(signed, hand.lead)
    if checked.standing is not Standing.SIGNED:
        raise UserError(checked.why)
    return signed, checked


def signed_before(paper: LeaderPaper, target: Path, lead: Leadership) -> Outcome | None:
    """That ``target`` is the countersigned copy of ``paper``, by what both files hold now; None where it is not."""
    try:
        pdf = read_paper(paper.path)
        if not paper.signable or sha256(pdf) != paper.digest or not target.exists():
            return None
        held = _held(paper.path, pdf, target, lead)
    except OSError:
        return None
    return replace(held, done=Done.SIGNED) if held.done is Done.THERE else None


def _countersigned(paper: LeaderPaper, target: Path, hand: LeadersHand) -> Outcome:
    try:
        pdf = read_paper(paper.path)
    except OSError as error:
        return Outcome(paper.path, Done.FAILED, why=os_reason(error))
    if sha256(pdf) != paper.digest:
        return Outcome(paper.path, Done.FAILED, why=_("it has changed since it was checked: look at it again"))
    try:
        if target.exists():
            return _held(paper.path, pdf, target, hand.lead)
    except OSError as error:
        raise atomic.disk_error(target, error) from error
    try:
        signed, checked = signed_by_leader(pdf, hand)
    except UserError as error:
        return Outcome(paper.path, Done.FAILED, why=sentences(error.what, error.why))
    atomic.write_bytes(target, signed, read_back=True)
    _require_written(target, checked.digest)
    return Outcome(paper.path, Done.SIGNED, target, signatures=checked.signatures)


def _held(source: Path, pdf: bytes, target: Path, lead: Leadership) -> Outcome:
    """What lies under the paper's name already: its countersigned copy, or something that is not overwritten.

    Raises OSError.
    """
    if target.samefile(source):
        why = _("the original lies in this folder: choose another one, so that it stays as it is")
        return Outcome(source, Done.FAILED, why=why)
    held = read_paper(target) if target.is_file() else b""
    found = examine(held, lead) if held.startswith(pdf) else None
    if found is not None and found.standing is Standing.SIGNED:
        return Outcome(source, Done.THERE, target, signatures=found.signatures)
    why = _("the folder holds another file of this name, which is not overwritten")
    return Outcome(source, Done.FAILED, why=why)


def _require_written(path: Path, digest: str) -> None:
    """Read the file under its final name again: what was checked is what lies there."""
    try:
        found = sha256(read_paper(path))
    except OSError as error:
        raise atomic.disk_error(path, error) from error
    if found != digest:
        raise UserError(
            _("{path} was not written correctly.").format(path=path),
            _("Reading it back gave other content: the drive is faulty."),
            _("Use another drive and try again."),
        )
