"""The evaluation report (评价报告) of one application as a paper: what the panel found, and places to sign."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from qisp_desktop.documents.charts import Bar, Bars, Dot, DotPlot, DotPlotData
from qisp_desktop.documents.grid import Cell, Grid, Row
from qisp_desktop.documents.house_style import (
    BODY,
    CELL_BOLD,
    CELL_TEXT,
    GRID,
    LABEL,
    SMALL,
    SOFT,
    TINT,
    WIDTH,
    Gap,
    SideBySide,
    facts,
    title_block,
)
from qisp_desktop.documents.paper import Face, Fact, render_paper, require_printable
from qisp_desktop.documents.report_record import (
    REPORT_FORMAT,
    REPORT_TEMPLATE,
    CriterionLine,
    DeviationLine,
    EvaluationReport,
    GroupLine,
    MaterialLine,
    RemarkPart,
    ResultPart,
    ScreeningPart,
)
from qisp_desktop.documents.result_box import ResultBox
from qisp_desktop.documents.score_sheet import UnknownTemplateError
from qisp_desktop.documents.sections import (
    LEAST_ROWS,
    WHOLE_ROWS,
    Ended,
    Section,
    SigningPlace,
    SigningPlaces,
    WritingBox,
    columns,
    fact_table,
    paragraphs,
    table,
)
from qisp_desktop.documents.text import Paragraph, Text, numbered

KIND = "report"
FIELDS = ("PanelLeader", "Secretariat")
"""The signature fields of the report, in the order of their boxes."""
_MOST_TOTALS = 1000
_MOST_BARS = 20
"""Of one picture, which is not parted between pages."""
_HIGHEST_FRONT = 120 * mm
_HOW_TO_CHECK = (
    "核验：本文件内嵌报告的全部数据（附件 record.json），不含专家姓名与编号。用任意 PDF 阅读器可查看电子签名；"
    "用评审工作台的“核验”可将页面与数据逐项比对；纸质件以二维码中的数据摘要与电子数据对应。"
)


def render_evaluation_report(report: EvaluationReport) -> bytes:
    """The report as PDF, with its record attached and empty signature fields of the panel leader and the secretariat.

    Raises UserError naming a character that no font has and where it stands, UnknownTemplateError for a record of
    another layout, and ValueError for one that no panel can have come to.
    """
    if report.format != REPORT_FORMAT or report.template != REPORT_TEMPLATE:
        raise UnknownTemplateError(f"{report.format}, template {report.template}")
    if len(report.result.totals) > _MOST_TOTALS:
        raise ValueError("more totals than any panel gives")
    require_printable(report, f"评价报告 {report.number}")
    face = Face(KIND, "评价报告", report.number)
    return render_paper(report, report.head, face, _story(report), attached=True)


def _story(report: EvaluationReport) -> list[Flowable]:
    return [
        *title_block(report.head.office, "评 价 报 告", report.head.round_name),
        *_front(report),
        *_platform(report),
        *_screening(report.screening),
        *_result(report.result),
        *_remarks(report.remarks),
        *_visits(report),
        *_recommendation(report),
    ]


def _front(report: EvaluationReport) -> list[Flowable]:
    """What it is about, and beside it the score; below it where the names are too long to stand beside anything."""
    result, found = report.result, report.recommendation
    side = 50 * mm
    left = WIDTH - side - 4 * mm
    rank = "　—" if result.rank is None else f"第 {result.rank} 名（共 {result.ranked} 个参与排名）"
    pairs = [
        ("申报编号", report.number),
        ("服务平台", report.platform),
        ("建设主体", report.applicant),
        ("有效评分", f"{len(result.totals)} 份"),
        ("排　　名", rank.strip()),
        ("推荐意见", found.text + (f"，建议等级 {found.grade}" if found.grade else "")),
    ]
    listed = facts(pairs, left, label_width=20 * mm)
    final = "未形成" if result.final is None else f"{result.final:.2f}"
    note = f"满分 {_plain(result.maximum)}　合格分 {_plain(result.pass_score)}"
    high = listed.height > _HIGHEST_FRONT
    said = note if result.final is not None else result.status
    box = ResultBox("最 终 得 分", final, said, 30 * mm if high else listed.height)
    if high:
        return [facts(pairs, WIDTH, label_width=20 * mm, after=4), box]
    return [SideBySide(((listed, left), (box, side)), gap=4 * mm, after=4)]


def _platform(report: EvaluationReport) -> list[Flowable]:
    parts: list[Flowable] = [Section("一、服务平台概况", fact_table(report.facts))]
    if report.summary.strip():
        parts += [Section("平台简介", body, level=1, before=6) for body in paragraphs(report.summary)[:1]]
        parts += paragraphs(report.summary)[1:]
    return parts


def _screening(screening: ScreeningPart) -> list[Flowable]:
    day = "未登记" if screening.accepted_on is None else _day(screening.accepted_on)
    said = [Fact("受理日期", day), Fact("审查结论", screening.status)]
    if screening.decided_by:
        said += [Fact("认定人", screening.decided_by), Fact("认定理由", screening.reason)]
    elif screening.reason:
        said.append(Fact("原　　因", screening.reason))
    marks = {True: "符合", False: "不符合", None: "待认定"}
    conditions = table(
        columns(("序", 9, "centre"), ("基本条件（第十三条）", 58), ("结论", 17, "centre"), ("依据", 0)),
        [(str(n), one.name, marks[one.met], one.why) for n, one in enumerate(screening.conditions, start=1)],
        after=6,
    )
    return [
        Section("二、形式审查", fact_table(said, after=6)),
        Section("申请材料（第十五条）", _materials(screening.materials), level=1, before=2),
        Section("基本条件", conditions, level=1, before=2),
    ]


def _materials(materials: tuple[MaterialLine, ...]) -> Grid:
    """The seven materials in two columns of name and answer."""
    said = [(f"{n}. {one.name}", "有" if one.present else "缺") for n, one in enumerate(materials, start=1)]
    half = (len(said) + 1) // 2
    said += [("", "")] * (2 * half - len(said))
    rows = [
        Row(
            tuple(
                Cell((Text(text, style),))
                for name, answer in (said[n], said[half + n])
                for text, style in ((name, CELL_TEXT), (answer, CELL_BOLD.aligned("centre")))
            )
        )
        for n in range(half)
    ]
    widths = (WIDTH / 2 - 14 * mm, 14 * mm) * 2
    return Grid(widths, (), rows, GRID, after=6, whole_up_to=WHOLE_ROWS, least_rows=LEAST_ROWS)


def _result(result: ResultPart) -> list[Flowable]:
    rule = f"计分规则：{result.rule}；不少于 {result.quorum} 份有效评分表方形成结果；四舍五入保留两位小数。"
    if not result.totals:
        return [Section("三、评审结果", Paragraph(Text(f"没有有效评分表（{result.status}）。", BODY), after=4))]
    dots = tuple(Dot(total.points, total.dropped) for total in result.totals)
    plot = DotPlot(DotPlotData(dots, result.maximum, result.pass_score, result.final, result.median))
    spread = Section("专家总分分布（不署名）", plot, level=1)
    parts: list[Flowable] = [Section("三、评审结果", spread, note=f"{rule}状态：{result.status}。")]
    bars = [
        Bar(f"{group.code} {group.name}", group.mean, group.maximum, group.median)
        for group in result.groups
        if group.mean is not None
    ]
    if bars:
        parts.append(Section("一级指标得分", Bars(bars[:_MOST_BARS]), level=1, before=2))
        parts += [Bars(bars[n : n + _MOST_BARS]) for n in range(_MOST_BARS, len(bars), _MOST_BARS)]
        parts.append(Section("各评分项平均得分", _criteria(result.groups), level=1, before=2))
    if result.deviations:
        parts.append(Section("评分偏差及说明（不署名）", _deviations(result.deviations), level=1, before=2))
    return parts


def _criteria(groups: tuple[GroupLine, ...]) -> Grid:
    """All criteria, two to a row within their group, the group's own line above them."""
    name_width = WIDTH / 2 - 42 * mm
    widths = (12 * mm, name_width, 14 * mm, 16 * mm) * 2
    rows: list[Row] = []
    for group in groups:
        title = Text(f"{group.code}　{group.name}", CELL_BOLD)
        score = Text(f"{_mean(group.mean)} / {_plain(group.maximum)}", CELL_BOLD.aligned("right"))
        rows.append(Row((Cell((title,), span=4), Cell((score,), span=4, joined=True)), fill=TINT, heads=True))
        cells = [_criterion_cells(criterion) for criterion in group.criteria]
        empty = tuple(Cell(()) for _n in range(4))
        for n in range(0, len(cells), 2):
            rows.append(Row((*cells[n], *(cells[n + 1] if n + 1 < len(cells) else empty))))
    heading = tuple(
        Cell((Text(text, LABEL.aligned("left" if text == "评分项" else "centre")),))
        for text in ("编号", "评分项", "满分", "平均分") * 2
    )
    return Grid(widths, [Row(heading, fill=SOFT)], rows, GRID, after=6, whole_up_to=WHOLE_ROWS, least_rows=LEAST_ROWS)


def _criterion_cells(criterion: CriterionLine) -> tuple[Cell, ...]:
    return (
        Cell((Text(criterion.code, CELL_TEXT.aligned("centre")),)),
        Cell((Text(criterion.name, CELL_TEXT),)),
        Cell((Text(_plain(criterion.maximum), LABEL.aligned("centre")),)),
        Cell((Text(_mean(criterion.mean), CELL_BOLD.aligned("centre")),)),
    )


def _deviations(found: tuple[DeviationLine, ...]) -> Grid:
    heads = columns(("总分", 20, "centre"), ("其他专家平均", 26, "centre"), ("相差", 20, "centre"), ("说明", 0))
    rows = [
        (_plain(one.total), f"{one.others_mean:.2f}", f"{one.difference:+.2f}", one.explanation or "尚未说明")
        for one in found
    ]
    return table(heads, rows, after=6)


def _remarks(remarks: tuple[RemarkPart, ...]) -> list[Flowable]:
    title = "四、专家评语"
    if not remarks:
        return [Section(title, Paragraph(Text("专家未填写评语。", BODY), after=4))]
    note = "评语照录专家原文，不署名；同一评分项内的次序随机排列，与专家无关。"
    rows = [
        Row(
            (
                Cell((Text(part.code, CELL_BOLD.aligned("centre")),), repeated=True),
                Cell((Text(part.name, CELL_TEXT),), repeated=True),
                Cell(tuple(numbered(n, text, CELL_TEXT) for n, text in enumerate(part.texts, start=1))),
            )
        )
        for part in remarks
    ]
    heading = tuple(
        Cell((Text(text, LABEL.aligned("centre" if text == "编号" else "left")),))
        for text in ("编号", "评分项", "评语")
    )
    widths = (12 * mm, 46 * mm, WIDTH - 58 * mm)
    grid = Grid(widths, [Row(heading, fill=SOFT)], rows, GRID, after=6, whole_up_to=WHOLE_ROWS, least_rows=LEAST_ROWS)
    return [Section(title, grid, note=note)]


def _visits(report: EvaluationReport) -> list[Flowable]:
    title = "五、现场核查"
    if not report.visits:
        why = "已安排现场核查，核查记录尚未交回。" if report.visit_due else "本申报未安排现场核查。"
        return [Section(title, Paragraph(Text(why, BODY), after=4))]
    note = f"共 {len(report.visits)} 份核查记录，核查人员不署名；全文见现场核查记录。"
    parts: list[Flowable] = []
    for number, visit in enumerate(report.visits, start=1):
        said = [
            Fact("核查日期", _day(visit.day)),
            Fact("核查结论", visit.overall),
            Fact("符合项数", f"{visit.conforming} 项"),
            Fact("照　　片", f"{visit.photos} 张"),
        ]
        body = Section(f"核查记录之{number}", fact_table(said, after=6), level=1, before=2)
        parts.append(Section(title, body, note=note) if number == 1 else body)
        if visit.items:
            heads = columns(("观察项与不符合项", 62), ("说明", 0))
            parts.append(table(heads, [(item.label, item.value) for item in visit.items], after=6))
        if visit.findings:
            heads = columns(("序", 9, "centre"), ("核查发现", 0))
            rows = [(str(n), text) for n, text in enumerate(visit.findings, start=1)]
            parts.append(table(heads, rows, after=6))
    return parts


def _recommendation(report: EvaluationReport) -> list[Flowable]:
    found = report.recommendation
    said = [Fact("推荐意见", found.text), Fact("建议等级", found.grade or "—")]
    said.append(Fact("理　　由", "\n".join(found.reasons) or _grounds(report.result)))
    places = (SigningPlace("专家组组长签名", FIELDS[0]), SigningPlace("秘书处盖章", FIELDS[1]))
    ending = [
        Section("七、专家组组长意见与签名", WritingBox("组长意见：", 38 * mm, after=6)),
        SigningPlaces(places),
        Gap(6),
        Paragraph(Text(_HOW_TO_CHECK, SMALL)),
    ]
    return [Ended(Section("六、推荐意见", fact_table(said, after=6)), *ending)]


def _grounds(result: ResultPart) -> str:
    """Why it is recommended: what rule 6 asks for is met."""
    return f"最终得分不低于合格分 {_plain(result.pass_score)} 分，形式审查已受理，现场核查未见不通过。"


def _mean(mean: Decimal | None) -> str:
    return "—" if mean is None else f"{mean:.2f}"


def _plain(points: Decimal) -> str:
    text = f"{points:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
