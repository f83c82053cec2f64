"""Whether scanned or photographed pages say what the round holds.

The code ties the page to the data: what it says is compared with the signed record. What is printed beside the code is
for people's eyes; only the signed file can be compared letter by letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from qisp_desktop.base.codec import Remembered, decimal_text
from qisp_desktop.base.errors import os_reason
from qisp_desktop.base.i18n import N_, _, labelled
from qisp_desktop.base.reading import is_folder, open_file
from qisp_desktop.base.work import Work
from qisp_desktop.documents.inspection_record import InspectionRecord
from qisp_desktop.documents.paper import CODE_MARK, RecordCode
from qisp_desktop.documents.qr_code import SheetCode
from qisp_desktop.documents.report_record import EvaluationReport
from qisp_desktop.documents.scanning import UnreadableImageError, read_pages
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services import paper_data
from qisp_desktop.services.evaluation_reports import evaluation_reports
from qisp_desktop.services.opened import RoundAt, reading
from qisp_desktop.services.paper_data import PaperData, gather
from qisp_desktop.services.papers import PaperKind
from qisp_desktop.services.printing import kind_name
from qisp_desktop.services.remark_order import known_remark_order
from qisp_desktop.services.round_reports import made_at
from qisp_desktop.services.verifying import Checked
from qisp_desktop.store.round_store import RoundStore

LARGEST_SCAN = 500 << 20
"""Bytes of a scan, at most: a stack of some hundred pages in colour."""
SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".pdf")
"""How the names of scans end."""


class ScanVerdict(StrEnum):
    """What a scanned paper is to the round."""

    MATCHES = "matches"
    AGREES = "agrees"
    """Nobody signed its data, so that nothing proves it; but it says what the round says now."""
    NOT_COUNTED = "not_counted"
    """The round holds exactly this sheet, but another revision counts, or none."""
    DIFFERS = "differs"
    """It is not what the round holds."""
    NOT_COMPARED = "not_compared"
    """A paper of this round about which nothing can be said."""
    UNREADABLE = "unreadable"
    """No code of a paper can be read, or no file."""

    @property
    def label(self) -> str:
        """The verdict in words."""
        return _(_VERDICTS[self])


_VERDICTS = {
    ScanVerdict.MATCHES: N_("matches the round"),
    ScanVerdict.AGREES: N_("agrees, unsigned"),
    ScanVerdict.NOT_COUNTED: N_("does not count"),
    ScanVerdict.DIFFERS: N_("does not match"),
    ScanVerdict.NOT_COMPARED: N_("not compared"),
    ScanVerdict.UNREADABLE: N_("cannot be read"),
}


@dataclass(frozen=True)
class ScannedPaper:
    """A paper found in a scan: on which ``pages`` of the file (from 1; none where the file cannot be read) out of how
    many, what its code says, and what it is to the round; ``reason`` says why it does not match."""

    path: Path
    pages: tuple[int, ...]
    page_count: int
    verdict: ScanVerdict
    reason: str
    kind: str = ""
    application: str = ""
    expert: str = ""
    revision: int | None = None
    total: str = ""
    digest: str = ""

    @property
    def kind_name(self) -> str:
        """The kind of paper, in words; empty where it is not known."""
        return kind_name(PaperKind(self.kind)) if self.kind in set(PaperKind) else self.kind

    @property
    def pages_text(self) -> str:
        """``1-2, 5``: the pages in the file; empty for a file of one page."""
        if self.page_count < 2 or not self.pages:
            return ""
        spans: list[list[int]] = []
        for page in self.pages:
            if spans and spans[-1][-1] == page - 1:
                spans[-1].append(page)
            else:
                spans.append([page])
        return ", ".join(str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans)

    def to_checked(self) -> Checked:
        """The same as what ``qisp verify`` prints."""
        reason = self.reason
        if self.kind in _UNSIGNED:
            reason = labelled(self.kind_name, reason)
        if reason and self.pages_text:
            reason = _("page {pages}: {what}").format(pages=self.pages_text, what=reason)
        signers = (self.expert,) if self.expert else ()
        return Checked(self.path, "scan", self.verdict is ScanVerdict.MATCHES, (reason,) if reason else (), signers)


def verify_images(images: Sequence[Path], round_at: RoundAt) -> list[Checked]:
    """Each paper on the scans with whether its code matches the round's signed record; never raises for what an image
    holds."""
    return [one.to_checked() for one in check_scans(images, round_at)]


def check_scans(
    scans: Sequence[Path],
    round_at: RoundAt,
    work: Work | None = None,
    *,
    found: Callable[[ScannedPaper], None] = lambda paper: None,
) -> list[ScannedPaper]:
    """The papers on ``scans`` (images, TIFFs and PDFs of one page or many; folders are searched), file by file in the
    order of their pages; ``found`` gets each as soon as its file is read.

    Never raises for what a file holds. Raises UserError when the round cannot be read.
    """
    work = work or Work()
    paths = [path for given in scans for path in _files(given)]
    papers: list[ScannedPaper] = []
    with reading(round_at) as store:
        comparison = _Comparison(store)
        for path in paths:
            for paper in _check(path, comparison, work):
                papers.append(paper)
                found(paper)
    return papers


def _files(given: Path) -> list[Path]:
    if not is_folder(given):
        return [given]
    return sorted(path for path in given.rglob("*") if path.suffix.lower() in SUFFIXES and not path.is_dir())


def _check(path: Path, comparison: _Comparison, work: Work) -> Iterator[ScannedPaper]:
    """The papers of one file: the pages of a paper belong together, also when another lies between them."""
    found: dict[str, list[int]] = {}
    blank: list[int] = []
    several: list[int] = []
    count = 1
    try:
        with closing(read_pages(_read(path))) as pages:
            for count, page in pages:
                work.report(_("Reading {name}").format(name=path.name), page.number - 1, count)
                ours = [text for text in page.codes if SheetCode.looks_like(text) or text.startswith(CODE_MARK)]
                if len(ours) == 1:
                    found.setdefault(ours[0], []).append(page.number)
                else:
                    (several if ours else blank).append(page.number)
    except UnreadableImageError as error:
        yield ScannedPaper(path, (), 0, ScanVerdict.UNREADABLE, str(error))
        return
    except OSError as error:
        yield ScannedPaper(path, (), 0, ScanVerdict.UNREADABLE, os_reason(error))
        return
    for text, numbers in found.items():
        yield comparison.compare(text, path, tuple(numbers), count)
    if several:
        why = _("it shows the codes of several papers; scan one page at a time")
        yield ScannedPaper(path, tuple(several), count, ScanVerdict.UNREADABLE, why)
    if blank:
        why = _("no code of a paper can be read on it")
        yield ScannedPaper(path, tuple(blank), count, ScanVerdict.UNREADABLE, why)


def _read(path: Path) -> bytes:
    with open_file(path) as stream:
        data = stream.read(LARGEST_SCAN + 1)
    if len(data) > LARGEST_SCAN:
        raise UnreadableImageError(_("it is larger than any scan"))
    return data


class _Comparison:
    """What codes are compared with; each part is read from the round when the first code asks for it."""

    def __init__(self, store: RoundStore) -> None:
        self._store = store
        self._round = store.round().id
        self._records: dict[str, Mapping[str, Remembered] | None] = {}

    @cached_property
    def _data(self) -> PaperData:
        return gather(self._store)

    def compare(self, text: str, path: Path, pages: tuple[int, ...], count: int) -> ScannedPaper:
        """What the code ``text`` on these pages of the file is to the round."""
        if SheetCode.looks_like(text):
            return self._sheet(SheetCode.parse(text), path, pages, count)
        return self._record(RecordCode.parse(text), path, pages, count)

    def _sheet(self, code: SheetCode | None, path: Path, pages: tuple[int, ...], count: int) -> ScannedPaper:
        if code is None:
            return ScannedPaper(path, pages, count, ScanVerdict.DIFFERS, _("its code is damaged"))
        verdict, reason = self._sheet_verdict(code)
        said = (PaperKind.SCORE_SHEET.value, code.application, code.expert, code.revision, code.total, code.digest)
        return ScannedPaper(path, pages, count, verdict, reason, *said)

    def _sheet_verdict(self, code: SheetCode) -> tuple[ScanVerdict, str]:
        if code.round != self._round:
            return ScanVerdict.DIFFERS, _("it belongs to another round")
        held = self._store.all(ScoreSheet, expert=code.expert, application=code.application)
        same = next((sheet for sheet in held if sheet.digest == code.digest), None)
        if same is None:
            return ScanVerdict.DIFFERS, _not_held(code, held)
        if (decimal_text(same.total), same.revision) != (code.total, code.revision):
            why = _(
                "its code says revision {revision} and total {total}, the signed record {held} and {points}"
            ).format(revision=code.revision, total=code.total, held=same.revision, points=decimal_text(same.total))
            return ScanVerdict.DIFFERS, why
        counts = self._data.sheets.get(same.identity)
        if counts is None:
            return ScanVerdict.NOT_COUNTED, _("it matches a signed sheet that does not count in the round")
        if counts.digest != same.digest:
            why = _("it matches revision {revision}, but revision {newer} counts")
            return ScanVerdict.NOT_COUNTED, why.format(revision=same.revision, newer=counts.revision)
        return ScanVerdict.MATCHES, ""

    def _record(self, code: RecordCode | None, path: Path, pages: tuple[int, ...], count: int) -> ScannedPaper:
        if code is None:
            return ScannedPaper(path, pages, count, ScanVerdict.DIFFERS, _("its code is damaged"))
        verdict, reason = self._record_verdict(code)
        held = (self._records.get(code.kind) or {}).get(code.digest)
        expert, revision, total, number = "", None, "", code.subject
        if code.kind == PaperKind.SUMMARY:
            expert, number = code.subject, ""
        if isinstance(held, InspectionRecord):
            expert, revision = held.expert, held.revision
        if isinstance(held, EvaluationReport) and held.result.final is not None:
            total = f"{held.result.final:.2f}"
        return ScannedPaper(
            path, pages, count, verdict, reason, code.kind, number, expert, revision, total, code.digest
        )

    def _record_verdict(self, code: RecordCode) -> tuple[ScanVerdict, str]:
        if code.round != self._round:
            return ScanVerdict.DIFFERS, _("it belongs to another round")
        if code.kind not in self._records:
            self._records[code.kind] = self._known(code.kind)
        known = self._records[code.kind]
        if code.kind in _UNSIGNED:
            return self._unsigned_verdict(code, known or {})
        if known is None:
            return ScanVerdict.NOT_COMPARED, _("papers of this kind are not compared with the round")
        if code.digest in known:
            return ScanVerdict.MATCHES, ""
        if code.kind == PaperKind.REPORT and code.subject not in self._data.screenings:
            return ScanVerdict.DIFFERS, _("the round has no report on {number}").format(number=code.subject)
        return ScanVerdict.DIFFERS, _("the round has changed since this paper was made, or it was never made from it")

    def _unsigned_verdict(self, code: RecordCode, known: Mapping[str, Remembered]) -> tuple[ScanVerdict, str]:
        """Of a paper whose data nobody signed: whether it says what the round says now, never more."""
        if code.digest in known:
            return ScanVerdict.AGREES, _("there is no signed record to compare it with; the round says the same now")
        if code.kind == PaperKind.ROUND_REPORT and (seq := made_at(self._data, code.digest)) is not None:
            why = _(
                "there is no signed record to compare it with; the round says the same now, and the report was made at "
                "event {seq} of the audit trail"
            )
            return ScanVerdict.AGREES, why.format(seq=seq)
        if code.kind == PaperKind.LETTER:
            why = _(
                "there is no signed record to compare it with; the day in it may have been chosen when it was printed, "
                "so that nothing can be said"
            )
            return ScanVerdict.NOT_COMPARED, why
        why = _(
            "there is no signed record to compare it with; the round has changed since this paper was made, or it was "
            "never made from it"
        )
        return ScanVerdict.DIFFERS, why

    def _known(self, kind: str) -> Mapping[str, Remembered] | None:
        """The records of a kind by their digests; None for one that changes with every step or by hand."""
        gathering = _RECORDS.get(kind)
        if gathering is None:
            return None
        return {one.digest: one for one in gathering(self._store, self._data)}


def _reports(store: RoundStore, data: PaperData) -> Sequence[Remembered]:
    order = known_remark_order(store)
    return evaluation_reports(data, order) if order is not None else ()


_RECORDS: Mapping[str, Callable[[RoundStore, PaperData], Sequence[Remembered]]] = {
    PaperKind.REPORT: _reports,
    PaperKind.INSPECTION: lambda _store, data: [paper_data.inspection_record(data, one) for one in data.inspections],
    PaperKind.SUMMARY: lambda _store, data: paper_data.expert_summaries(data),
    PaperKind.DEVIATIONS: lambda _store, data: [paper_data.deviation_list(data)],
    PaperKind.ASSIGNMENTS: lambda _store, data: [paper_data.assignment_list(data)],
    PaperKind.SIGN_IN: lambda _store, data: [paper_data.sign_in_sheet(data)],
    PaperKind.LETTER: lambda _store, data: [
        paper_data.supplement_letter(data, number, None) for number in paper_data.to_supplement(data)
    ],
}
"""The kinds that are compared by their whole record. The round report names the audit trail's head besides; letters may
name a day that was chosen when they were printed."""
_UNSIGNED = frozenset(
    (PaperKind.ROUND_REPORT, PaperKind.DEVIATIONS, PaperKind.ASSIGNMENTS, PaperKind.SIGN_IN, PaperKind.LETTER)
)
"""The kinds whose data nobody signs: what they say is the office's own word."""


def _not_held(code: SheetCode, held: list[ScoreSheet]) -> str:
    rivals = [sheet for sheet in held if sheet.revision == code.revision]
    if not rivals:
        return _("the round holds no sheet of {expert} for {number} with revision {revision}").format(
            expert=code.expert, number=code.application, revision=code.revision
        )
    return _("the round holds another content of this revision: total {total} instead of {said}").format(
        total=decimal_text(rivals[0].total), said=code.total
    )
