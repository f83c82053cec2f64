"""What is kept, each kind once: its class, its table, what names it and what it is searched by.

A record is kept as its canonical document (``base.codec``) beside the columns that are searched or constrained, so
there is no second set of classes to keep in step.

To add an aggregate to the round file: write the frozen dataclass in ``domain``, add one line to ``ROUND_AGGREGATES``,
write a migration that makes its table (``store/migrations/versions``, with the way back), raise ``schema.FORMAT``. A
column called ``expert`` or ``application`` becomes a foreign key by its name. To add a kind to the workspace: one
line in ``WORKSPACE_AGGREGATES``, and a new ``workspace_store.FORMAT`` only if an older program must not open what is
written.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias, TypeVar

from qisp_desktop.base.codec import CodecError, Remembered, all_from_own_bytes, decimal_text, to_bytes
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.calendar import DayOverride
from qisp_desktop.domain.desk_records import (
    Exclusion,
    Mending,
    PaperConfirmation,
    PaperEntry,
    Replacement,
    RoundOptions,
    SupplementNotice,
)
from qisp_desktop.domain.exports import Export
from qisp_desktop.domain.inspection import InspectionPlan, SiteInspection
from qisp_desktop.domain.inspection_draft import InspectionDraft
from qisp_desktop.domain.issuing import Explanation, Issue, OwnCertificate, Return, SignedPaper, SignedReturn
from qisp_desktop.domain.merging import Resolution
from qisp_desktop.domain.panel import Assignment, Declaration, Expert, Recusal
from qisp_desktop.domain.round import Freeze, Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import DraftSheet, ScoreSheet
from qisp_desktop.domain.screening import ScreeningDecision

T = TypeVar("T")
Cell: TypeAlias = str | int
Key: TypeAlias = tuple[Cell, ...]

DIGEST = "digest"
LARGEST_INTEGER = 2**31 - 1
"""What an integer column holds on every database."""


@dataclass(frozen=True)
class Setting:
    """Something the expert's desk remembers, such as where work stopped; the meaning is the desk's own."""

    name: str
    value: str


class Encoded(NamedTuple):
    """A value as it is kept: its key, its searched columns, the digest of its document, the document."""

    key: Key
    cells: tuple[Cell, ...]
    digest: str
    document: str


@dataclass(frozen=True)
class Prepared:
    """A value of class ``cls`` in the form in which it will be kept; made by ``prepared``.

    Of thousands of values that are put at once, each can be let go as soon as it was prepared: the next then lies in
    memory that the processor has at hand.
    """

    cls: type[Any]
    encoded: Encoded


@dataclass(frozen=True)
class Aggregate:
    """One kind of record: ``key`` and ``columns`` name fields of ``cls``; ``digest`` names the document's SHA-256."""

    cls: type[Any]
    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...] = ()

    @cached_property
    def integers(self) -> frozenset[str]:
        """Those of ``key`` and ``columns`` that are whole numbers; the others are text."""
        hints = typing.get_type_hints(self.cls)
        return frozenset(name for name in self.key + self.columns if hints.get(name) is int)

    def encoded(self, value: object) -> Encoded:
        """``value``, or what was prepared of it, as it is kept.

        Raises UserError for a whole number that no column can hold.
        """
        if isinstance(value, Prepared):
            return value.encoded
        data = to_bytes(value)
        if isinstance(value, Remembered):
            digest = value.digest
        else:
            digest = sha256(data)
            _remember_digest(self.cls, value, digest)
        return Encoded(
            tuple([_cell(value, name, digest) for name in self.key]),
            tuple([_cell(value, name, digest) for name in self.columns]),
            digest,
            data.decode("utf-8"),
        )

    def known_key(self, value: object) -> Key | None:
        """The key as far as it can be had without encoding ``value``; spares unchanged sheets the encoding."""
        if self.key == (DIGEST,):
            if isinstance(value, Prepared):
                return value.encoded.key
            digest = vars(value).get(DIGEST)  # filled once somebody asked for it
            return None if digest is None else (digest,)
        return None

    def decoded(self, document: str, digest: str) -> Any:
        """The value of a kept document. Raises ValueError when the document is not the one that ``digest`` names."""
        return self.all_decoded([(document, digest)])[0]

    def all_decoded(self, kept: Sequence[tuple[str, str]]) -> list[Any]:
        """``decoded`` for many documents, faster; the ``row`` of the CodecError that is raised says which is wrong."""
        written = [document.encode("utf-8", "surrogatepass") for document, _digest in kept]
        for row, (data, (_document, digest)) in enumerate(zip(written, kept, strict=True)):
            if sha256(data) != digest:
                raise CodecError("the document does not have its digest", row)
        values = all_from_own_bytes(self.cls, written)
        if isinstance(getattr(self.cls, DIGEST, None), cached_property):
            for value, (_document, digest) in zip(values, kept, strict=True):
                vars(value)[DIGEST] = digest
        return values

    def key_from(self, key: Iterable[Cell]) -> Key:
        """A key as callers give it (all text), with whole numbers where the columns hold them."""
        given = tuple(key)
        if len(given) != len(self.key):
            raise TypeError(f"{self.cls.__name__} is named by {', '.join(self.key)}, not by {len(given)} values")
        return tuple(self.cell_from(name, part) for name, part in zip(self.key, given, strict=True))

    def cell_from(self, name: str, value: Cell) -> Cell:
        """What to look for in column ``name``."""
        if name not in self.key + self.columns:
            raise TypeError(f"{self.cls.__name__} is not searched by {name}")
        return int(value) if name in self.integers else str(value)

    def subject(self, key: Key) -> str:
        """What the audit trail calls the record with ``key``; one subject is one record."""
        return f"{self.table}:{'/'.join(map(str, key))}"


def _cell(value: object, name: str, digest: str) -> Cell:
    cell = digest if name == DIGEST else getattr(value, name)
    if cell.__class__ is str:
        return cell
    if isinstance(cell, str):
        return str(cell)
    if isinstance(cell, int):
        if abs(cell) > LARGEST_INTEGER:
            raise UserError(
                _("A record holds a number too large to keep."),
                f"{type(value).__name__}.{name}",
                _("Have the record made anew."),
            )
        return cell
    if isinstance(cell, Decimal):
        return decimal_text(cell)
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(cell, date):
        return cell.isoformat()
    raise TypeError(f"{type(value).__name__}.{name} cannot be a column")


def _remember_digest(cls: type[Any], value: object, digest: str) -> None:
    # Merging asks each sheet for its digest; having just computed it, spare the second encoding.
    if isinstance(getattr(cls, DIGEST, None), cached_property):
        vars(value)[DIGEST] = digest


ROUND_AGGREGATES = (
    Aggregate(Round, "round", key=("id",)),
    Aggregate(Rubric, "rubric", key=("digest",)),
    Aggregate(Application, "application", key=("number",), columns=("uscc",)),
    Aggregate(Expert, "expert", key=("id",)),
    Aggregate(ScreeningDecision, "screening_decision", key=("application",), columns=("status",)),
    Aggregate(Assignment, "assignment", key=("expert", "application")),
    Aggregate(Recusal, "recusal", key=("expert", "application")),
    Aggregate(InspectionPlan, "inspection_plan", key=("application",)),
    Aggregate(OwnCertificate, "own_certificate", key=("expert",)),
    Aggregate(Issue, "issue", key=("expert", "number"), columns=("id", "manifest")),
    Aggregate(Return, "returned_file", key=("manifest",), columns=("expert", "number", "file")),
    Aggregate(ScoreSheet, "score_sheet", key=("digest",), columns=("expert", "application", "revision", "total")),
    Aggregate(SiteInspection, "site_inspection", key=("digest",), columns=("expert", "application", "revision")),
    Aggregate(Resolution, "resolution", key=("expert", "application", "revision")),
    Aggregate(Explanation, "explanation", key=("expert", "application")),
    Aggregate(Freeze, "freeze", key=("at",)),
    Aggregate(DayOverride, "day_override", key=("day",)),
    Aggregate(Export, "export", key=("round",), columns=("file",)),
    Aggregate(Mending, "mending", key=("book", "sheet", "row", "column"), columns=("number",)),
    Aggregate(SupplementNotice, "supplement_notice", key=("application",)),
    Aggregate(Exclusion, "exclusion", key=("expert", "application")),
    Aggregate(Replacement, "replacement", key=("application", "leaving"), columns=("arriving",)),
    Aggregate(PaperEntry, "paper_entry", key=("expert", "application", "source")),
    Aggregate(PaperConfirmation, "paper_confirmation", key=("expert", "application", "revision"), columns=("sheet",)),
    Aggregate(RoundOptions, "round_options", key=("round",)),
)

WORKSPACE_AGGREGATES = (
    Aggregate(DraftSheet, "draft_sheet", key=("application",)),
    Aggregate(ScoreSheet, "score_sheet", key=("digest",), columns=("application", "revision")),
    Aggregate(Declaration, "declaration", key=("application",)),
    Aggregate(Recusal, "recusal", key=("application",)),
    Aggregate(InspectionDraft, "inspection_draft", key=("application",)),
    Aggregate(SiteInspection, "site_inspection", key=("digest",), columns=("application", "revision")),
    Aggregate(SignedReturn, "signed_return", key=("number",)),
    Aggregate(SignedPaper, "signed_paper", key=("sheet",), columns=("application",)),
    Aggregate(Setting, "setting", key=("name",)),
)

_BY_CLASS = {aggregate.cls: aggregate for aggregate in ROUND_AGGREGATES}


def aggregate_of(cls: type[Any]) -> Aggregate:
    """How the round file keeps ``cls``; raises TypeError for what it does not keep."""
    try:
        return _BY_CLASS[cls]
    except KeyError:
        raise TypeError(f"the round file keeps no {cls.__name__}") from None


def prepared(value: object) -> Prepared:
    """``value``, which the round file keeps, ready to be put; raises as ``aggregate_of`` and ``Aggregate.encoded``."""
    return Prepared(type(value), aggregate_of(type(value)).encoded(value))
