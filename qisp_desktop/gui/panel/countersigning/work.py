"""What the workers do for the leader; what is slow to import is imported there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.gui.panel.countersigning.paper_list import Looked

if TYPE_CHECKING:
    from qisp_desktop.gui.panel.signing.presenter import Proof
    from qisp_desktop.services.desk import Desk
    from qisp_desktop.services.leader_checking import Leadership
    from qisp_desktop.services.leader_papers import LeaderPaper, Outcome
    from qisp_desktop.services.leader_signing import LeadersHand


def lead_of(desk: Desk) -> Leadership:
    """What the desk knows as a leader's; UserError when it is not one's."""
    from qisp_desktop.services.leader_checking import leadership

    return leadership(desk)


def leaders_hand(desk: Desk, proof: Proof, drawing: Handwriting | None) -> LeadersHand:
    """With what the leader signs; UserError for a wrong passphrase or another certificate."""
    from qisp_desktop.services.desk_signing import confirm, own_credentials, signer_of
    from qisp_desktop.services.leader_checking import leadership
    from qisp_desktop.services.leader_signing import LeadersHand

    own = None
    if proof.certificate is not None:
        own = own_credentials(proof.certificate, proof.passphrase)
    else:
        confirm(desk, proof.passphrase)
    return LeadersHand(leadership(desk), signer_of(desk, own), drawing)


def examine(
    given: Sequence[Path],
    lead: Leadership,
    written: Mapping[Path, Path],
    told: Callable[[Looked], None],
    work: Work,
) -> int:
    """Tell what each file is, and whether ``written`` still names its countersigned copy; how many there were."""
    from qisp_desktop.services.leader_checking import examine_files
    from qisp_desktop.services.leader_signing import signed_before

    def found(paper: LeaderPaper) -> None:
        target = written.get(paper.path)
        told(Looked(paper, signed_before(paper, target, lead) if target is not None else None))

    return examine_files(given, lead, found, work)


def sign(
    papers: Sequence[LeaderPaper], folder: Path, hand: LeadersHand, told: Callable[[Outcome], None], work: Work
) -> None:
    """Sign ``papers`` into ``folder`` and tell what became of each."""
    from qisp_desktop.services.leader_signing import countersign_papers

    countersign_papers(papers, folder, hand, told, work)


def read(path: Path) -> bytes:
    """The file at ``path``; UserError where it cannot be read."""
    from qisp_desktop.services.leader_checking import read_paper

    try:
        return read_paper(path)
    except OSError as error:
        raise UserError(_("{name} could not be read.").format(name=path.name), os_reason(error)) from error
