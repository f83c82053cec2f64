"""The workbooks that an office or an expert fills in; a filled-in one reads back without a problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.domain.regulation import CLEAN_OPINION
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.spreadsheets.applications import APPLICATION_COLUMNS, BODY_KINDS, CATEGORIES, KEY_AREAS, YES_NO
from qisp_desktop.spreadsheets.applications import PROJECT_COLUMNS as PROJECTS
from qisp_desktop.spreadsheets.experts import EXPERT_COLUMNS, ROLES
from qisp_desktop.spreadsheets.rubrics import BASIC_COLUMNS, CHECKLIST_COLUMNS, CRITERION_COLUMNS, LEVEL_COLUMNS
from qisp_desktop.spreadsheets.score_form import write_score_form
from qisp_desktop.spreadsheets.tables import Column
from qisp_desktop.spreadsheets.writing import Publication, display_width, paged, plain, published

TemplateKind = Literal["applications", "experts", "rubric", "score-form"]
ROWS = 500
"""Rows below the headings that are prepared for entries."""
TEMPLATE_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands in a template's properties, so that the same template has the same bytes."""

_LIST_SEPARATOR = "、"


@dataclass(frozen=True)
class _Field:
    """How a column is to be filled in: what, an example, and what the cell accepts."""

    column: Column
    hint: str
    example: str
    kind: Literal["text", "count", "amount", "date", "choice"] = "text"
    choices: tuple[str, ...] = ()
    unit: str = ""

    @property
    def heading(self) -> str:
        """The heading as the template prints it."""
        unit = f"（{self.unit}）" if self.unit else ""
        return self.column.heading + unit + (" *" if self.column.required else "")


@dataclass(frozen=True)
class _Sheet:
    """A sheet to fill in, perhaps with rows that stand there already."""

    name: str
    fields: tuple[_Field, ...]
    rows: Sequence[Sequence[str]] = field(default=())


def write_template(kind: TemplateKind, path: Path, rubric: Rubric, year: int) -> None:
    """Write the template ``kind`` for the round of ``year`` to ``path``.

    The rubric's template holds ``rubric``, to be changed; the score form is made for it. Raises UserError where the
    place cannot be written.
    """
    builders: dict[TemplateKind, tuple[str, Callable[[Publication], None]]] = {
        "applications": ("申报信息导入模板", lambda book: _fill(book, _applications(year), _APPLICATION_RULES)),
        "experts": ("专家名单导入模板", lambda book: _fill(book, (_experts(),), _EXPERT_RULES)),
        "rubric": ("评分标准模板", lambda book: _fill(book, _rubric(rubric), _RUBRIC_RULES)),
        "score-form": ("评分表", lambda book: write_score_form(book, rubric, year)),
    }
    title, build = builders[kind]
    published(path, build, title=title, at=TEMPLATE_DATE)


_COMMON_RULES = (
    "带 * 的列必须填写；列的先后可以调整，表头文字请勿改动。",
    "一行填写一条；不需要的行留空即可，请勿插入合计行。",
)
_APPLICATION_RULES = (
    *_COMMON_RULES,
    "申报编号只用字母、数字、“-”和“_”，每个申报一个，不得重复；项目清单用同一编号对应。",
    "多个服务能力或重点领域之间用“、”分隔；日期可写作 2019年3月1日、2019.3.1、2019/03/01 或使用日期格式。",
    "人数、企业数填写整数；面积单位为平方米，合同金额单位为万元。",
)
_EXPERT_RULES = (*_COMMON_RULES, "角色填写“组长”或“成员”，留空视为成员；多个专业领域之间用“、”分隔。")
_RUBRIC_RULES = (
    *_COMMON_RULES,
    "本模板已填入当前评分标准，可直接修改；代码以大写字母开头，全表不得重复。",
    "同一一级指标的各评分项写同一代码和名称；各评分项满分须为计分步长的整数倍。",
    "等级按从高到低填写：最高一级的最高分等于满分，相邻两级相差一个步长，最低一级到 0 分为止。",
    "评语下限比例：得分低于满分的这一比例时，必须填写评语（0 到 1 之间，例如 0.6）。",
)


def _applications(year: int) -> tuple[_Sheet, ...]:
    by_key = {column.key: column for column in APPLICATION_COLUMNS}
    categories = _LIST_SEPARATOR.join(CATEGORIES)
    areas = _LIST_SEPARATOR.join(KEY_AREAS)
    served = [
        _Field(Column(f"served{y}", (f"{y}年服务企业数",), required=True), "整数，单位：家", example, "count")
        for y, example in ((year - 2, "120"), (year - 1, "156"))
    ]
    fields = (
        _Field(by_key["number"], "本轮唯一的编号", f"QISP-{year}-001"),
        _Field(by_key["platform"], "服务平台全称", "示例产业质量基础设施一站式服务平台"),
        _Field(by_key["applicant"], "建设主体全称，与登记证书一致", "深圳市示例检测技术研究院"),
        _Field(by_key["uscc"], "18位统一社会信用代码", "12440300676TY39FYU"),
        _Field(by_key["body_kind"], "从列表选择", "事业单位", "choice", tuple(BODY_KINDS)),
        _Field(by_key["started_on"], "平台开始持续运营的日期", "2019-03-01", "date"),
        _Field(by_key["legal_representative"], "姓名", "张三"),
        _Field(by_key["address"], "登记证书上的住所", "深圳市南山区示例路1号"),
        _Field(by_key["district"], "所在行政区", "南山区"),
        _Field(by_key["contact"], "姓名", "李四"),
        _Field(by_key["phone"], "手机或座机", "13800000000"),
        _Field(by_key["staff"], "整数，直接服务企业的人员", "38", "count"),
        _Field(by_key["categories"], f"可填：{categories}", "计量、标准、检验检测、认证认可、质量管理"),
        _Field(by_key["key_areas"], f"可填：{areas}", "战略性新兴产业和未来产业"),
        *served,
        _Field(by_key["audit_opinion"], "上年度审计报告的意见类型", CLEAN_OPINION),
        _Field(by_key["dishonest"], "是否列入严重失信主体名单", "否", "choice", tuple(YES_NO)),
        _Field(by_key["premises"], "固定场所面积", "1200", "amount", unit="㎡"),
        _Field(by_key["summary"], "平台简介，不超过5000字", "面向示例产业集群，提供多要素服务。"),
    )
    project = {column.key: column for column in PROJECTS}
    projects = (
        _Field(project["number"], "与申报信息中的编号一致", f"QISP-{year}-001"),
        _Field(project["name"], "项目名称", "示例产业质量提升项目"),
        _Field(project["client"], "服务对象", "示例客户公司"),
        _Field(project["year"], f"近三年：{year - 3}、{year - 2} 或 {year - 1}", str(year - 1), "count"),
        _Field(project["category"], "从列表选择", "检验检测", "choice", tuple(CATEGORIES)),
        _Field(project["amount"], "单位：万元", "108.37", "amount", unit="万元"),
        _Field(project["recognition"], "项目成效与获得的认可；没有则留空", "列入示范案例"),
    )
    return _Sheet("申报信息", fields), _Sheet("项目清单", projects)


def _experts() -> _Sheet:
    by_key = {column.key: column for column in EXPERT_COLUMNS}
    return _Sheet(
        "专家名单",
        (
            _Field(by_key["id"], "本轮唯一的编号", "E001"),
            _Field(by_key["name"], "姓名", "王五"),
            _Field(by_key["organisation"], "工作单位全称，用于核对利益关系", "示例大学计量研究所"),
            _Field(by_key["uscc"], "18位统一社会信用代码，用于核对利益关系", "12440300676TY39FYU"),
            _Field(by_key["title"], "职称", "高级工程师"),
            _Field(by_key["fields"], f"可填：{_LIST_SEPARATOR.join(CATEGORIES)}", "计量、检验检测"),
            _Field(by_key["phone"], "手机号码", "13900000000"),
            _Field(by_key["role"], "从列表选择", "成员", "choice", tuple(ROLES)),
        ),
    )


def _rubric(rubric: Rubric) -> tuple[_Sheet, ...]:
    basic = (rubric.name, rubric.version, decimal_text(rubric.step), decimal_text(rubric.remark_below))
    criteria = [
        (g.code, g.name, g.name_en, c.code, c.name, c.name_en, decimal_text(c.maximum), c.article)
        for g in rubric.groups
        for c in g.criteria
    ]
    levels = [
        (c.code, v.name, v.name_en, decimal_text(v.lowest), decimal_text(v.highest), v.sentence, v.sentence_en)
        for c in rubric.criteria
        for v in c.levels
    ]
    checklist = [(item.code, item.text, item.text_en, item.article) for item in rubric.checklist]
    return (
        _Sheet("基本信息", _rubric_fields(BASIC_COLUMNS), [basic]),
        _Sheet("评分项", _rubric_fields(CRITERION_COLUMNS), criteria),
        _Sheet("等级", _rubric_fields(LEVEL_COLUMNS), levels),
        _Sheet("核查清单", _rubric_fields(CHECKLIST_COLUMNS), checklist),
    )


_RUBRIC_HINTS = {
    "评分标准名称": ("印在文书上的名称", "评价评分标准"),
    "版本": ("自行编排", "1"),
    "计分步长": ("最小计分单位", "0.5"),
    "评语下限比例": ("低于满分的这一比例须写评语", "0.6"),
    "一级指标代码": ("大写字母开头", "Q"),
    "一级指标": ("一级指标名称", "资质"),
    "评分项代码": ("大写字母开头，后接字母或数字", "Q1"),
    "评分项": ("评分项名称", "主体资格与持续运营"),
    "满分": ("步长的整数倍", "4"),
    "依据条款": ("管理办法的条款", "13.1"),
    "等级": ("等级名称", "优"),
    "最低分": ("本等级的最低分", "3.5"),
    "最高分": ("本等级的最高分", "4"),
    "等级描述": ("可对照证据判断的一句话", "运营满5年，每年都有服务记录。"),
    "核查项代码": ("大写字母开头，后接字母或数字", "I1"),
    "核查内容": ("现场核查的问题", "场所地址、面积与申请材料一致"),
}


def _rubric_fields(columns: tuple[Column, ...]) -> tuple[_Field, ...]:
    return tuple(
        _Field(
            column,
            *_RUBRIC_HINTS.get(column.heading, ("可留空", "")),
            kind="amount" if column.units or column.key == "remark_below" else "text",
        )
        for column in columns
    )


def _fill(book: Publication, sheets: Sequence[_Sheet], rules: Sequence[str]) -> None:
    for sheet in sheets:
        _entry_sheet(book, sheet)
    _instructions(book, sheets, rules)


_CELL_FORMATS = {"text": "@", "count": "0", "amount": "General", "date": "yyyy-mm-dd", "choice": "@"}


def _entry_sheet(book: Publication, content: _Sheet) -> None:
    sheet = book.sheet(content.name)
    text, number = book.framed(text_wrap=True, num_format="@", valign="top"), book.framed(valign="top")
    for index, one in enumerate(content.fields):
        sheet.write_string(0, index, one.heading, book.heading)
        longest = max(display_width(text) for text in (one.heading, one.example, *(row[index] for row in content.rows)))
        width = min(60, max(10, longest + 2))
        sheet.set_column(index, index, width, book.format(num_format=_CELL_FORMATS[one.kind]))
        _validate(sheet, index, one)
    for row, values in enumerate(content.rows, start=1):
        for index, (one, value) in enumerate(zip(content.fields, values, strict=True)):
            if one.kind == "amount":
                sheet.write_number(row, index, Decimal(value), number)
            else:
                sheet.write_string(row, index, plain(value), text)
    sheet.set_row(0, 24)
    sheet.freeze_panes(1, 1)
    paged(sheet, header=content.name, rows=(0, 0))


def _validate(sheet: Any, column: int, one: _Field) -> None:
    """Let the cells below the heading accept what the reading accepts, and say what is wanted."""
    rule: dict[str, Any] = {
        "input_title": one.column.heading[:32],
        "input_message": one.hint[:255],
        "error_title": one.column.heading[:32],
        "error_message": one.hint[:255],
    }
    if one.kind == "choice":
        rule |= {"validate": "list", "source": list(one.choices)}
    elif one.kind == "count":
        rule |= {"validate": "integer", "criteria": ">=", "value": 0}
    elif one.kind == "amount":
        rule |= {"validate": "decimal", "criteria": ">=", "value": 0}
    elif one.kind == "date":
        rule |= {"validate": "date", "criteria": ">=", "value": date(1949, 10, 1), "error_type": "warning"}
    else:
        rule |= {"validate": "any"}
    sheet.data_validation(1, column, ROWS, column, rule)


def _instructions(book: Publication, sheets: Sequence[_Sheet], rules: Sequence[str]) -> None:
    sheet = book.sheet("填写说明")
    sheet.write_string(0, 0, "填写说明", book.title)
    row = 2
    for number, rule in enumerate(rules, start=1):
        sheet.write_string(row, 0, f"{number}. {rule}", book.format())
        row += 1
    row += 1
    for content in sheets:
        sheet.write_string(row, 0, f"工作表“{content.name}”", book.format(bold=True))
        row += 1
        for index, heading in enumerate(("列名", "是否必填", "填写要求", "示例")):
            sheet.write_string(row, index, heading, book.heading)
        for one in content.fields:
            row += 1
            required = "必填" if one.column.required else "选填"
            for index, text in enumerate((one.column.heading, required, one.hint, one.example)):
                sheet.write_string(row, index, text, book.framed(text_wrap=True))
        row += 2
    for index, width in enumerate((24, 10, 60, 40)):
        sheet.set_column(index, index, width)
    paged(sheet, header="填写说明", landscape=False)
