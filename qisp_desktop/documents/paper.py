"""What every paper of a round says besides its own matter: whose it is, its digest, its code, and its record inside.

A paper is rendered from a record, a frozen dataclass that the codec can write; the digest of the record stands on each
page and in the code, so that two prints can be told apart and one print can be found again in the round.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.platypus import Flowable

from qisp_desktop.base.codec import Remembered
from qisp_desktop.base.digests import is_sha256
from qisp_desktop.base.i18n import _
from qisp_desktop.documents import fonts
from qisp_desktop.documents.rendering import Attachment, Furniture, render

CODE_MARK = "QISP2"
RECORD_NAME = "record.json"


@dataclass(frozen=True)
class PaperHead:
    """Whose paper it is and of which round; ``round`` is the round's id."""

    office: str
    round: str
    round_name: str
    year: int


@dataclass(frozen=True)
class Fact:
    """A label and what is said under it."""

    label: str
    value: str


@dataclass(frozen=True)
class Face:
    """How a paper presents itself: a code for its ``kind``, its ``title``, and what it is about (a number, an id)."""

    kind: str
    title: str
    subject: str


def paper_code(head: PaperHead, face: Face, digest: str) -> str:
    """What the code on every page of a paper says; score sheets have a code of their own (``sheet_code``)."""
    return "|".join((CODE_MARK, face.kind, head.round, face.subject, digest))


@dataclass(frozen=True)
class RecordCode:
    """What ``paper_code`` wrote, read back."""

    kind: str
    round: str
    subject: str
    digest: str

    @classmethod
    def parse(cls, text: str) -> RecordCode | None:
        """The parts of a code, or None for a text that is none."""
        mark, *parts = text.split("|")
        if mark != CODE_MARK or len(parts) != 4 or not is_sha256(parts[3]):
            return None
        return cls(*parts)


def render_paper(
    record: Remembered, head: PaperHead, face: Face, story: Sequence[Flowable], *, attached: bool = False
) -> bytes:
    """The paper as PDF; the same record gives the same bytes.

    With ``attached`` the record lies in the file as ``record.json``, so that the paper can be checked against it.
    ``require_printable`` comes first: the story is made of printable text.
    """
    subject = f" {face.subject}" if face.subject else ""
    attachment = Attachment(RECORD_NAME, "application/json", "本文书的数据（规范化 JSON）", record.canonical_bytes)
    furniture = Furniture(
        title=f"{face.title}{subject}",
        office=head.office,
        header=f"{head.round_name} · {face.title}",
        header_right=face.subject or f"{head.year} 年度",
        footer=("二维码含轮次、文书种类、编号与数据摘要；数据摘要（SHA-256）：", record.digest, f"轮次 {head.round}"),
        code=paper_code(head, face, record.digest),
        attachments=(attachment,) if attached else (),
        archival=True,
    )
    return render(story, furniture)


def require_printable(record: object, title: str) -> None:
    """Raise UserError for the first character of any text in ``record`` that papers cannot show, with its place."""
    fonts.require_printable(
        (_("{paper}, {field}").format(paper=title, field=place), text) for place, text in _texts(record, "")
    )


def _texts(value: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, tuple):
        for number, one in enumerate(value, start=1):
            yield from _texts(one, f"{place} {number}")
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            step = field.name.replace("_", " ")
            yield from _texts(getattr(value, field.name), f"{place}, {step}" if place else step)
