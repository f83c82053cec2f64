"""Which papers a round has, and how each is made: what export and the printing desk both start from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, using
from qisp_desktop.base.paths import safe_name
from qisp_desktop.base.work import Work
from qisp_desktop.documents.evaluation_report import render_evaluation_report
from qisp_desktop.documents.expert_summary import render_expert_summary
from qisp_desktop.documents.inspection_record import ShownPhoto, render_inspection_record
from qisp_desktop.documents.lists import render_assignment_list, render_deviation_list, render_sign_in_sheet
from qisp_desktop.documents.photos import UnusablePhotoError, printable_photo
from qisp_desktop.documents.round_report import render_round_report
from qisp_desktop.documents.score_sheet import render_score_sheet
from qisp_desktop.documents.supplement_letter import render_supplement_letter
from qisp_desktop.domain.inspection import SiteInspection
from qisp_desktop.domain.paper_scores import is_from_paper
from qisp_desktop.domain.papers import sheet_record
from qisp_desktop.domain.round import Freeze
from qisp_desktop.services import paper_data
from qisp_desktop.services.evaluation_reports import evaluation_reports
from qisp_desktop.services.office import Office
from qisp_desktop.services.paper_batches import PlannedPaper, Render
from qisp_desktop.services.paper_data import PaperData, gather
from qisp_desktop.services.papers import PaperKind, paper_name
from qisp_desktop.services.remark_order import remark_order
from qisp_desktop.services.returned_files import Reader, ReturnedFiles, returned_files
from qisp_desktop.services.round_reports import round_report
from qisp_desktop.store.round_store import RoundStore

ReplyBy = Callable[[], date | None]
RESULT_KINDS = (PaperKind.REPORT, PaperKind.ROUND_REPORT, PaperKind.DEVIATIONS)
"""What a result that is not frozen can still change: drafts until then."""


class _Planning:
    """What the plans of the kinds share; returns are opened only where a kind asks for them."""

    def __init__(self, store: RoundStore, office: Office | None, reply_by: ReplyBy, work: Work) -> None:
        self.store = store
        self.office = office
        self.reply_by = reply_by
        self.work = work
        self.data: PaperData = gather(store)
        self._returned: ReturnedFiles | None = None

    @property
    def returned(self) -> ReturnedFiles | None:
        """The files of the returns; None without the secretariat's keys."""
        if self._returned is None and self.office is not None:
            self._returned = returned_files(self.store, self.office, self.work)
        return self._returned

    def lost(self, expert: str) -> UserError | None:
        """Why a return of ``expert`` cannot be opened; None where all can, or where none is asked for."""
        return self.returned.lost.get(expert) if self.returned else None


def plan_papers(
    store: RoundStore,
    office: Office | None,
    kinds: Sequence[PaperKind],
    *,
    reply_by: ReplyBy = lambda: None,
    work: Work | None = None,
) -> list[PlannedPaper]:
    """The papers of ``kinds`` that the round has, kind by kind; nothing is rendered yet.

    ``office`` opens the returns, for signed originals and photos. ``reply_by`` is asked when a letter is made: the day
    for those of which the round has no notice. A plan may be made as long as ``store`` is open.
    """
    planning = _Planning(store, office, reply_by, work or Work())
    planned = [paper for kind in dict.fromkeys(kinds) for paper in _PLANS[kind](planning)]
    drafts = () if store.all(Freeze) else RESULT_KINDS
    return [replace(paper, draft=True) if paper.kind in drafts else paper for paper in planned]


def _score_sheets(planning: _Planning) -> list[PlannedPaper]:
    data, rubric = planning.data, planning.data.computed.data.rubric
    originals = planning.returned.papers if planning.returned else {}
    planned = []
    for sheet in data.computed.valid:
        record = sheet_record(
            sheet,
            office=data.head.office,
            round_name=data.head.round_name,
            year=data.head.year,
            expert=data.experts[sheet.expert],
            application=data.applications[sheet.application],
            rubric=rubric,
        )
        render = partial(render_score_sheet, record)
        name = paper_name(sheet)
        original = originals.get(sheet.digest)
        # What was entered from paper never had an original among the returns.
        lacking = None if original or is_from_paper(sheet) else planning.lost(sheet.expert)
        planned.append(
            PlannedPaper(
                PaperKind.SCORE_SHEET,
                sheet.application,
                sheet.expert,
                name,
                partial(_ready, render),
                original,
                lacking=lacking,
            )
        )
    return planned


def _summaries(planning: _Planning) -> list[PlannedPaper]:
    return [
        _planned(PaperKind.SUMMARY, "", one.expert, f"{one.expert}_summary", partial(render_expert_summary, one))
        for one in paper_data.expert_summaries(planning.data)
    ]


def _inspections(planning: _Planning) -> list[PlannedPaper]:
    # Without an inspection no return is opened for its photos.
    files = planning.returned.files if planning.data.inspections and planning.returned else None
    return [
        PlannedPaper(
            PaperKind.INSPECTION,
            one.application,
            one.expert,
            _file(f"{one.application}_{one.expert}_inspection_r{one.revision}"),
            partial(_inspection, planning.data, one, files, lost),
            lacking=lost,
        )
        for one in planning.data.inspections
        for lost in [_photos_lost(planning, one, files)]
    ]


def _photos_lost(
    planning: _Planning, inspection: SiteInspection, files: Mapping[str, Reader] | None
) -> UserError | None:
    """Why a photo of the record is not at hand, where the return that held it cannot be opened."""
    if files is None or all(photo.sha256 in files for photo in inspection.photos):
        return None
    return planning.lost(inspection.expert)


def _inspection(
    data: PaperData, inspection: SiteInspection, files: Mapping[str, Reader] | None, lost: UserError | None
) -> Render:
    record = paper_data.inspection_record(data, inspection)
    with using(data.language):
        photos = (
            None if files is None else {one.sha256: _shown(files.get(one.sha256), lost) for one in inspection.photos}
        )
    return partial(render_inspection_record, record, photos)


def _shown(read: Reader | None, lost: UserError | None) -> ShownPhoto:
    if read is None and lost is not None:
        return ShownPhoto(None, _("the return that holds it can no longer be opened"))
    if read is None:
        return ShownPhoto(None, _("the return does not hold it"))
    try:
        return ShownPhoto(printable_photo(read()), "")
    except UnusablePhotoError as error:
        return ShownPhoto(None, str(error))


def _reports(planning: _Planning) -> list[PlannedPaper]:
    if not planning.data.screenings:
        return []
    return [
        _planned(PaperKind.REPORT, one.number, "", f"{one.number}_report", partial(render_evaluation_report, one))
        for one in evaluation_reports(planning.data, remark_order(planning.store))
    ]


def _round_report(planning: _Planning) -> list[PlannedPaper]:
    if not planning.data.screenings:
        return []
    report = round_report(planning.data)
    return [_planned(PaperKind.ROUND_REPORT, "", "", "round-report", partial(render_round_report, report))]


def _deviations(planning: _Planning) -> list[PlannedPaper]:
    if not planning.data.sheets:
        return []
    found = paper_data.deviation_list(planning.data)
    return [_planned(PaperKind.DEVIATIONS, "", "", "deviations", partial(render_deviation_list, found))]


def _assignments(planning: _Planning) -> list[PlannedPaper]:
    if not planning.data.computed.data.assignments:
        return []
    found = paper_data.assignment_list(planning.data)
    return [_planned(PaperKind.ASSIGNMENTS, "", "", "assignments", partial(render_assignment_list, found))]


def _sign_in(planning: _Planning) -> list[PlannedPaper]:
    if not planning.data.experts:
        return []
    sheet = paper_data.sign_in_sheet(planning.data)
    return [_planned(PaperKind.SIGN_IN, "", "", "sign-in", partial(render_sign_in_sheet, sheet))]


def _letters(planning: _Planning) -> list[PlannedPaper]:
    return [
        PlannedPaper(
            PaperKind.LETTER,
            number,
            "",
            _file(f"{number}_supplement"),
            partial(_letter, planning.data, number, planning.reply_by),
        )
        for number in paper_data.to_supplement(planning.data)
    ]


def _letter(data: PaperData, number: str, reply_by: ReplyBy) -> Render:
    return partial(render_supplement_letter, paper_data.supplement_letter(data, number, reply_by()))


def _planned(kind: PaperKind, application: str, expert: str, name: str, render: Render) -> PlannedPaper:
    return PlannedPaper(kind, application, expert, _file(name), partial(_ready, render))


def _ready(render: Render) -> Render:
    return render


def _file(name: str) -> str:
    return safe_name(name, longest=120) + ".pdf"


_PLANS: Mapping[PaperKind, Callable[[_Planning], list[PlannedPaper]]] = {
    PaperKind.SCORE_SHEET: _score_sheets,
    PaperKind.SUMMARY: _summaries,
    PaperKind.INSPECTION: _inspections,
    PaperKind.REPORT: _reports,
    PaperKind.ROUND_REPORT: _round_report,
    PaperKind.DEVIATIONS: _deviations,
    PaperKind.ASSIGNMENTS: _assignments,
    PaperKind.SIGN_IN: _sign_in,
    PaperKind.LETTER: _letters,
}
