"""What a round holds of one expert's sheet of one application: every revision, and contents side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from qisp_desktop.base import canonical
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.desk_records import PaperConfirmation
from qisp_desktop.domain.issuing import Return
from qisp_desktop.domain.merging import Resolution, standing
from qisp_desktop.domain.panel import Recusal
from qisp_desktop.domain.paper_state import PaperState
from qisp_desktop.domain.score_sheet import ItemScore, ScoreSheet
from qisp_desktop.services.opened import RoundAt, reading
from qisp_desktop.services.paper_mismatches import known_mismatches
from qisp_desktop.services.paper_scores import paper_state
from qisp_desktop.store.round_store import RoundStore


@dataclass(frozen=True)
class HeldSheet:
    """A sheet that is held: its numbers, whether it ``counts``, where it came from, in which files; ``mismatch`` says
    in what its paper differs, where that was found."""

    digest: str
    revision: int
    total: str
    counts: bool
    origin: str
    reason: str
    files: tuple[str, ...]
    mismatch: str = ""


@dataclass(frozen=True)
class HeldOf:
    """All that is held of one expert and application; ``sheets`` newest first."""

    expert: str
    application: str
    platform: str
    sheets: tuple[HeldSheet, ...]
    recusal: Recusal | None
    paper: PaperState


@dataclass(frozen=True)
class ComparedCell:
    """A criterion in one content: points, remark and cited evidence as text."""

    points: str
    remark: str
    evidence: str


@dataclass(frozen=True)
class ComparedRow:
    """A criterion in all contents."""

    code: str
    name: str
    maximum: str
    cells: tuple[ComparedCell, ...]

    @property
    def differs(self) -> bool:
        """Whether the contents disagree in anything."""
        return len(set(self.cells)) > 1

    def differs_in(self, field: str) -> bool:
        """Whether they disagree in ``points``, ``remark`` or ``evidence``."""
        return len({getattr(cell, field) for cell in self.cells}) > 1


@dataclass(frozen=True)
class Comparison:
    """The contents of one revision side by side, in the order of their digests; ``decided`` where a clerk chose."""

    expert: str
    application: str
    platform: str
    revision: int
    contents: tuple[HeldSheet, ...]
    rows: tuple[ComparedRow, ...]
    decided: Resolution | None

    @property
    def differing(self) -> int:
        """In how many criteria the contents disagree."""
        return sum(row.differs for row in self.rows)


def held_of(round_at: RoundAt, expert: str, application: str) -> HeldOf:
    """What is held of this expert and application."""
    with reading(round_at) as store:
        asked = store.get(Application, application)
        return HeldOf(
            expert,
            application,
            asked.platform if asked else "",
            tuple(sorted(_held(store, expert, application), key=lambda one: (-one.revision, one.digest))),
            store.get(Recusal, expert, application),
            paper_state(store, expert, application),
        )


def compare(round_at: RoundAt, expert: str, application: str, revision: int) -> Comparison:
    """The contents of ``revision`` side by side."""
    with reading(round_at) as store:
        rubric = store.rubric()
        found = [s for s in store.all(ScoreSheet, expert=expert, application=application) if s.revision == revision]
        found.sort(key=lambda sheet: sheet.digest)
        heads = {one.digest: one for one in _held(store, expert, application)}
        asked = store.get(Application, application)
        resolution = store.get(Resolution, expert, application, revision)
    by_code = [{item.criterion: item for item in sheet.items} for sheet in found]
    rows = tuple(
        ComparedRow(
            criterion.code,
            criterion.label,
            rubric.points_text(criterion.maximum),
            tuple(_cell(items.get(criterion.code), rubric.points_text) for items in by_code),
        )
        for criterion in rubric.criteria
    )
    covered = resolution is not None and {sheet.digest for sheet in found} <= set(resolution.among)
    return Comparison(
        expert,
        application,
        asked.platform if asked else "",
        revision,
        tuple(heads[sheet.digest] for sheet in found),
        rows,
        resolution if covered else None,
    )


def _cell(item: ItemScore | None, text_of: Any) -> ComparedCell:
    if item is None:
        return ComparedCell("", "", "")
    cited = (
        _("{name} p. {page}").format(name=one.name, page=one.page) if one.page else one.name for one in item.evidence
    )
    return ComparedCell("" if item.points is None else text_of(item.points), item.remark, _(", ").join(cited))


def _held(store: RoundStore, expert: str, application: str) -> list[HeldSheet]:
    sheets = store.all(ScoreSheet, expert=expert, application=application)
    if not sheets:
        return []
    where = {"expert": expert, "application": application}
    counting = standing(sheets, store.all(Resolution, **where)).record
    if store.get(Recusal, expert, application) is not None:
        counting = None
    confirmed = {one.sheet: one for one in store.all(PaperConfirmation, **where)}
    files = _files_of(store, expert, application, {sheet.digest for sheet in sheets})
    text = store.rubric().points_text
    differing = known_mismatches(store)
    return [
        HeldSheet(
            sheet.digest,
            sheet.revision,
            text(sheet.total),
            counting is not None and sheet.digest == counting.digest,
            _origin(sheet, confirmed.get(sheet.digest)),
            sheet.reason,
            tuple(files.get(sheet.digest, ())),
            differing.get(sheet.digest, ""),
        )
        for sheet in sheets
    ]


def _origin(sheet: ScoreSheet, confirmation: PaperConfirmation | None) -> str:
    if sheet.issue:
        return _("signed under {issue}").format(issue=sheet.issue)
    if confirmation is None:
        return _("from paper, not confirmed: it does not count")
    return _("{origin}, confirmed by {by}: {reason}").format(
        origin=confirmation.source.label, by=confirmation.by, reason=confirmation.reason
    )


def _files_of(store: RoundStore, expert: str, application: str, digests: set[str]) -> dict[str, list[str]]:
    """In which returned files each sheet came."""
    found: dict[str, list[str]] = {}
    for received in store.all(Return, expert=expert):
        for digest in _sheets_in(store.kept(received.manifest), application):
            if digest in digests:
                found.setdefault(digest, []).append(received.name)
    return found


def _sheets_in(manifest: bytes | None, application: str) -> Iterable[str]:
    if manifest is None:
        return
    document: Any = canonical.loads(manifest)
    for sheet in document["sheets"]:
        if sheet["application"] == application:
            yield sha256(canonical.write(sheet))
