"""What clerks record while they prepare and collect a round, beside what experts sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from qisp_desktop.base.digests import sha256
from qisp_desktop.domain.regulation import Term
from qisp_desktop.domain.score_sheet import ItemScore


@dataclass(frozen=True)
class Mending:
    """A value that a clerk corrected: the round keeps what stood there and what was taken.

    In a workbook, while it was imported: ``book`` is its SHA-256, ``row`` its own row number, ``column`` the heading as
    found, ``number`` the application or expert of the row (empty for a heading), ``reason`` empty. In the record of an
    application that the round held already: ``book`` is empty, ``sheet`` the application's number, ``row`` counts its
    corrections from 1, ``column`` is the usual heading, and ``reason`` is never empty.
    """

    book: str
    sheet: str
    row: int
    column: str
    number: str
    before: str
    after: str
    by: str
    reason: str


@dataclass(frozen=True)
class SupplementNotice:
    """A letter that asks an applicant for what is missing (Art. 14 (2)): what, and until which day."""

    application: str
    missing: tuple[str, ...]
    reply_by: date
    at: datetime
    by: str


@dataclass(frozen=True)
class Exclusion:
    """The office keeps an expert from an application, for a ground that the records do not show."""

    expert: str
    application: str
    reason: str
    by: str


@dataclass(frozen=True)
class Draw:
    """A draw by lot among ``candidates`` (ids in ascending order): ``seed`` is random, in hexadecimal.

    The one drawn is number ``int(SHA-256(seed + ":" + candidates joined by ","), 16) mod len(candidates)``, from 0, so
    that anybody can repeat it.
    """

    candidates: tuple[str, ...]
    seed: str


def drawn(draw: Draw) -> str:
    """The candidate whom ``draw`` chose; raises ValueError where there was none."""
    if not draw.candidates:
        raise ValueError("a draw among nobody")
    number = int(sha256(f"{draw.seed}:{','.join(draw.candidates)}".encode()), 16)
    return draw.candidates[number % len(draw.candidates)]


@dataclass(frozen=True)
class Replacement:
    """Another expert reads an application in the place of one who left it; ``draw`` when chosen by lot."""

    application: str
    leaving: str
    arriving: str
    reason: str
    by: str
    at: datetime
    draw: Draw | None


class EntrySource(Term):
    """Where scores that did not come in a signed package were read from."""

    FIRST = "first", "第一录入", "first entry"
    SECOND = "second", "第二录入", "second entry"
    FORM = "form", "电子评分表", "score form"


@dataclass(frozen=True)
class FormContent:
    """What one score form says of an application; ``file`` is the SHA-256 of the workbook."""

    file: str
    items: tuple[ItemScore, ...]


@dataclass(frozen=True)
class PaperEntry:
    """The scores of a hand-signed paper as one clerk typed them, or as a score form (Excel) held them.

    ``revision`` is the one that they become when they are confirmed. ``file`` is the SHA-256 of the form, empty for
    what was typed; ``others`` are other contents of the same form, in the order of their digests: a clerk chooses.
    Counts for nothing until it is confirmed.
    """

    expert: str
    application: str
    source: EntrySource
    revision: int
    items: tuple[ItemScore, ...]
    file: str
    others: tuple[FormContent, ...]
    by: str
    at: datetime


class PaperOrigin(Term):
    """How the scores of a hand-signed paper came into the round."""

    TYPED = "typed", "纸质评分表（双人录入）", "paper, typed by two clerks"
    FORM = "form", "纸质评分表（电子评分表导入）", "paper, read from a score form"


@dataclass(frozen=True)
class PaperConfirmation:
    """A clerk's word that the hand-signed paper says what ``sheet`` (a digest) says, and why it counts.

    ``entered_by`` are those whose entries agreed or were settled, ``entries`` the digests of these entries. Only with a
    confirmation a sheet without signature counts.
    """

    expert: str
    application: str
    revision: int
    sheet: str
    source: PaperOrigin
    entered_by: tuple[str, ...]
    entries: tuple[str, ...]
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class RoundOptions:
    """What the round asks of its experts' machines: whether photos keep the place where they were taken (never on
    papers)."""

    round: str
    photo_positions: bool
