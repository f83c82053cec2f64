"""Evaluation reports: on two cores against one, and one report against bare reportlab drawing the same marks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.resources import files
from io import BytesIO
from typing import Any

from big_round import made_round_data
from harness import Row, best_of_both
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from qisp_desktop.documents.evaluation_report import render_evaluation_report
from qisp_desktop.documents.paper import PaperHead
from qisp_desktop.documents.report_record import EvaluationReport
from qisp_desktop.domain.panel import Expert, Role
from qisp_desktop.services.evaluation_reports import evaluation_reports
from qisp_desktop.services.paper_batches import PlannedPaper, make_all
from qisp_desktop.services.paper_data import PaperData
from qisp_desktop.services.papers import PaperKind
from qisp_desktop.services.public_calendar import is_working_day
from qisp_desktop.services.remark_order import RemarkOrder
from qisp_desktop.services.results import compute
from qisp_desktop.store.audit import EMPTY

REPORTS, EXPERTS, TIMES, BATCHES = 300, 9, 7, 3
FONTS = {"QISP-Regular": "NotoSansSC-Regular.ttf", "QISP-Bold": "NotoSansSC-Bold.ttf"}
Mark = Callable[[Canvas], Any]


def run() -> list[Row]:
    """The rows of the issue."""
    reports = _reports()
    planned = [_planned(report) for report in reports]
    list(make_all(planned[:1]))  # the fonts are read once in any process
    two, one = best_of_both(BATCHES, partial(_make, planned, 2), partial(_make, planned, 1))
    ours, floor = best_of_both(TIMES, partial(render_evaluation_report, reports[0]), _bare(reports[0]))
    return [
        Row(f"{REPORTS} evaluation reports on 2 cores", "on 1 core", two, one, 0.6),
        Row("one evaluation report", "bare reportlab, the same text and lines", ours, floor, 2.0),
    ]


def _reports() -> list[EvaluationReport]:
    data = made_round_data(applications=REPORTS, experts=EXPERTS)
    computed = compute(data)
    panel = {e: Expert(e, e, "", "", "", (), "", Role.MEMBER) for e in {one.expert for one in data.assignments}}
    gathered = PaperData(
        PaperHead("示例市市场监督管理局", "bench", "2026年度评价", 2026),
        computed,
        {one.number: one for one in data.applications},
        panel,
        {one.number: one for one in data.screenings},
        {one.number: one for one in computed.results},
        {sheet.identity: sheet for sheet in computed.valid},
        (),
        {},
        (),
        EMPTY,
        is_working_day,
    )
    return evaluation_reports(gathered, RemarkOrder(b"benchmark"))


def _make(planned: list[PlannedPaper], workers: int) -> None:
    for made in make_all(planned, workers):
        if made.problem:
            raise made.problem


def _planned(report: EvaluationReport) -> PlannedPaper:
    render = partial(render_evaluation_report, report)
    return PlannedPaper(PaperKind.REPORT, report.number, "", f"{report.number}.pdf", lambda: render)


# The floor ---------------------------------------------------------------------------------------------------------


def _bare(report: EvaluationReport) -> Callable[[], bytes]:
    """A function that draws what the report draws, mark by mark, with nothing but reportlab."""
    pages = _marks(report)
    resources = files("qisp_desktop.resources")

    def draw() -> bytes:
        output = BytesIO()
        canvas = Canvas(output, invariant=1, pageCompression=1)
        for page in pages:
            for mark in page:
                mark(canvas)
            canvas.showPage()
        canvas.save()
        return output.getvalue()

    for name, file in FONTS.items():
        data = resources.joinpath("fonts", file).read_bytes()
        pdfmetrics.registerFont(TTFont(f"bare-{name}", BytesIO(data)))
    return draw


def _marks(report: EvaluationReport) -> list[list[Mark]]:
    """Every text, line and area of the report with its place, page by page."""
    pages: list[list[Mark]] = [[]]
    place: list[Any] = ["", 0.0, 0.0, 0.0]
    kept = {name: getattr(Canvas, name) for name in ("line", "rect", "setLineWidth", "showPage", "beginText")}
    set_font, text_out = PDFTextObject.setFont, PDFTextObject.textOut

    def begin(canvas: Any, x: float = 0, y: float = 0, *rest: Any) -> Any:
        place[2:] = canvas.absolutePosition(x, y)
        return kept["beginText"](canvas, x, y, *rest)

    def font(drawn: Any, name: str, size: float, leading: float | None = None) -> None:
        place[:2] = (f"bare-{name}", size)
        set_font(drawn, name, size, leading)

    def out(drawn: Any, text: str) -> None:
        pages[-1].append(partial(_draw_text, text, *place))
        text_out(drawn, text)

    def shape(name: str, canvas: Any, *numbers: float, **how: Any) -> None:
        x, y = canvas.absolutePosition(*numbers[:2])
        end = canvas.absolutePosition(*numbers[2:4]) if name == "line" else numbers[2:4]
        pages[-1].append(partial(_draw_shape, name, (x, y, *end), how))
        kept[name](canvas, *numbers, **how)

    def turn(canvas: Any) -> None:
        pages.append([])
        kept["showPage"](canvas)

    patched: dict[str, Any] = {"beginText": begin, "showPage": turn}
    patched |= {
        name: (lambda canvas, *n, _name=name, **how: shape(_name, canvas, *n, **how)) for name in ("line", "rect")
    }
    try:
        for name, replacement in patched.items():
            setattr(Canvas, name, replacement)
        PDFTextObject.setFont, PDFTextObject.textOut = font, out  # type: ignore[method-assign,assignment]
        render_evaluation_report(report)
    finally:
        for name, original in kept.items():
            setattr(Canvas, name, original)
        PDFTextObject.setFont, PDFTextObject.textOut = set_font, text_out  # type: ignore[method-assign]
    return [page for page in pages if page]


def _draw_text(text: str, font: str, size: float, x: float, y: float, canvas: Canvas) -> None:
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)


def _draw_shape(name: str, numbers: tuple[float, ...], how: dict[str, Any], canvas: Canvas) -> None:
    getattr(canvas, name)(*numbers, **how)
