"""Papers that a panel leader is to countersign, as values: what each is, who has signed it, and whether it can be.

``leader_checking`` tells what a file is on its own. What the papers of a list are to each other, twice the same one or
an older revision, is for the desk alone, where the leader sees the list; the command refuses two of one name itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Literal

from qisp_desktop.base.i18n import _

Kind = Literal["score-sheet", "evaluation-report", "unknown"]


class Standing(Enum):
    """Whether a paper can be countersigned."""

    READY = "ready"
    OLDER = "older"
    """It can be; a newer revision of the same sheet is among the papers."""
    TWICE = "twice"
    """Another of the papers has the same content, or would be written under the same name."""
    SIGNED = "signed"
    """This leader has countersigned it already."""
    REFUSED = "refused"
    UNREAD = "unread"
    """Nobody has looked at the file yet; only its name is known."""


@dataclass(frozen=True)
class PaperSignature:
    """A signature in a paper: the field, whom its certificate names, and why it does not hold (empty: it holds)."""

    field: str
    signer: str
    problem: str


@dataclass(frozen=True)
class LeaderPaper:
    """A file and what it is to the leader.

    ``digest`` is the SHA-256 of the file as it was read, empty where it could not be. ``expert`` is empty in a report,
    ``points`` a sheet's total or a report's final score, ``own_round`` None where the file does not say. ``why`` says,
    in the language of the check, why it cannot be signed, or what is to know before it is.
    """

    path: Path
    digest: str
    kind: Kind
    standing: Standing
    why: str = ""
    application: str = ""
    applicant: str = ""
    expert: str = ""
    expert_name: str = ""
    revision: int | None = None
    points: Decimal | None = None
    points_text: str = ""
    own_round: bool | None = None
    hidden: bool = False
    """Whether the leader stepped back from the application, and so is to see nothing of it."""
    signatures: tuple[PaperSignature, ...] = ()

    @property
    def signable(self) -> bool:
        """Whether it can be countersigned, if the leader wants to."""
        return self.standing in (Standing.READY, Standing.OLDER)


class Done(Enum):
    """What became of a paper."""

    SIGNED = "signed"
    THERE = "there"
    """The folder held it already, countersigned."""
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """What became of the paper at ``source``: ``written`` is the countersigned file (None: there is none), and
    ``signatures`` are those in it."""

    source: Path
    done: Done
    written: Path | None = None
    why: str = ""
    signatures: tuple[PaperSignature, ...] = ()


def settled(papers: Sequence[LeaderPaper]) -> list[LeaderPaper]:
    """``papers``, in their order, with what each is to the others: of two with one content, or with one file name, the
    later cannot be signed along; of two revisions of one sheet the older is not what counts.

    A paper that stands as it did is the same object.
    """
    newest = _newest_revisions(papers)
    digests: set[str] = set()
    names: set[str] = set()
    found = []
    for paper in papers:
        if paper.standing is Standing.READY:
            paper = _among_others(paper, newest, digests, names)
        if paper.signable:
            digests.add(paper.digest)
            names.add(paper.path.name.casefold())
        found.append(paper)
    return found


def _newest_revisions(papers: Sequence[LeaderPaper]) -> dict[tuple[str, str], int]:
    newest: dict[tuple[str, str], int] = {}
    for paper in papers:
        if paper.revision is not None and paper.standing is not Standing.REFUSED:
            key = (paper.expert, paper.application)
            newest[key] = max(paper.revision, newest.get(key, 0))
    return newest


def _among_others(
    paper: LeaderPaper, newest: dict[tuple[str, str], int], digests: set[str], names: set[str]
) -> LeaderPaper:
    if paper.digest in digests:
        return replace(paper, standing=Standing.TWICE, why=_("the same paper is in the list already"))
    if paper.path.name.casefold() in names:
        why = _("another paper in the list has the same file name: sign it afterwards, into another folder")
        return replace(paper, standing=Standing.TWICE, why=why)
    latest = newest.get((paper.expert, paper.application), 0)
    if paper.revision is not None and paper.revision < latest:
        why = _("revision {revision} of the same sheet is in the list too").format(revision=latest)
        return replace(paper, standing=Standing.OLDER, why=why)
    return paper
