"""One of each paper besides the score sheet, with everything in it that the kind can show."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from PIL import Image

from qisp_desktop.base.codec import Remembered
from qisp_desktop.documents.evaluation_report import render_evaluation_report
from qisp_desktop.documents.expert_summary import ExpertSummary, GroupHeading, SummaryLine, render_expert_summary
from qisp_desktop.documents.inspection_record import (
    CheckedItem,
    Found,
    InspectionRecord,
    PhotoLine,
    ShownPhoto,
    Signed,
    render_inspection_record,
)
from qisp_desktop.documents.lists import (
    AssignmentList,
    Attendee,
    Deviating,
    DeviationList,
    Reader,
    Reading,
    SignInSheet,
    render_assignment_list,
    render_deviation_list,
    render_sign_in_sheet,
)
from qisp_desktop.documents.paper import Fact, PaperHead
from qisp_desktop.documents.photos import printable_photo
from qisp_desktop.documents.report_record import (
    REPORT_FORMAT,
    REPORT_TEMPLATE,
    ConditionLine,
    CriterionLine,
    DeviationLine,
    EvaluationReport,
    GroupLine,
    MaterialLine,
    Recommended,
    RemarkPart,
    ResultPart,
    ScreeningPart,
    TotalLine,
    VisitPart,
)
from qisp_desktop.documents.round_report import (
    Member,
    Ranked,
    RoundReport,
    Spread,
    Step,
    SteppedBack,
    render_round_report,
)
from qisp_desktop.documents.supplement_letter import SupplementLetter, Wanted, render_supplement_letter
from qisp_desktop.domain.regulation import Condition, MaterialKind
from tests.unit.documents.samples import HANDWRITING

HEAD = PaperHead("深圳市市场监督管理局", "round-a", "2026年度评价", 2026)
GROUPS = (
    GroupLine(
        "Q",
        "资质",
        Decimal(9),
        Decimal("7.25"),
        Decimal("7.90"),
        (
            CriterionLine("Q1", "主体资格与持续运营", Decimal(4), Decimal("3.25")),
            CriterionLine("Q2", "制度、流程与质量保证", Decimal(5), Decimal("4.00")),
        ),
    ),
    GroupLine(
        "C",
        "能力",
        Decimal(10),
        Decimal("8.13"),
        None,
        (CriterionLine("C1", "服务类别覆盖", Decimal(10), Decimal("8.13")),),
    ),
)
REMARKS = (
    RemarkPart("Q1", "主体资格与持续运营", ("证照齐全。", "“𬭚材料计量溯源体系”由䶮㛃两位主任负责。")),
    RemarkPart("C1", "服务类别覆盖", ("覆盖七类服务。",)),
)


def make_report(*, remarks: tuple[RemarkPart, ...] = REMARKS, platform: str = "示例服务平台") -> EvaluationReport:
    """A report with all its parts."""
    return EvaluationReport(
        REPORT_FORMAT,
        REPORT_TEMPLATE,
        HEAD,
        "QISP-2026-001",
        platform,
        "深圳市某某检验技术有限公司",
        (
            Fact("信用代码", "91440300MA5DA1234X"),
            Fact("服务能力", "计量、标准、检验检测、认证认可、质量管理、知识产权"),
        ),
        "面向产业集群。\n提供一站式服务。",
        ScreeningPart(
            date(2026, 7, 1),
            "受理",
            tuple(MaterialLine(kind.zh, kind is not MaterialKind.RULES) for kind in MaterialKind),
            tuple(
                ConditionLine(condition.zh, None if condition is Condition.RULES else True, "依据充分")
                for condition in Condition
            ),
            "张三@办公室",
            "材料已当场补齐",
        ),
        ResultPart(
            "有效",
            "去掉一个最高分和一个最低分后的平均分",
            3,
            Decimal(19),
            Decimal(14),
            tuple(
                TotalLine(Decimal(points), dropped)
                for points, dropped in (("9.5", True), ("15", False), ("15", False), ("15.5", False), ("17", True))
            ),
            Decimal("15.17"),
            Decimal("15.60"),
            2,
            5,
            GROUPS,
            (DeviationLine(Decimal("9.5"), Decimal("15.63"), Decimal("-6.13"), "经核实予以保留。"),),
        ),
        remarks,
        (
            VisitPart(
                date(2026, 7, 3),
                "限期整改",
                11,
                (Fact("I3 抽查仪器设备：观察项", "一台校准即将到期"),),
                ("窗口已公示收费。", "标签一致。"),
                2,
            ),
        ),
        False,
        Recommended("推荐", "B", ()),
    )


def make_inspection(*, photos: tuple[PhotoLine, ...] | None = None, drawn: bool = True) -> InspectionRecord:
    """A record with two photos, one finding to each, and the expert's drawn signature."""
    listed = (photo_line("IMG_0001.jpg", "受理窗口"), photo_line("IMG_0002.jpg", "")) if photos is None else photos
    return InspectionRecord(
        HEAD,
        "QISP-2026-001",
        "示例服务平台",
        "深圳市某某检验技术有限公司",
        "深圳市南山区示例路18号",
        "E007",
        "欧阳䶮",
        "深圳市计量质量检测研究院",
        ("E007 欧阳䶮", "E001 王组长"),
        1,
        date(2026, 7, 3),
        "接待人甲",
        tuple(
            CheckedItem(f"I{n}", f"第{n}项核查内容，实物与清单一致", "13.4", "观察项" if n == 3 else "符合", n != 3, "")
            for n in range(1, 13)
        ),
        (Found("窗口已公示服务目录。", "I2", "IMG_0001.jpg"), Found("没有照片的发现。", "", "")),
        listed,
        "通过",
        (Signed("expert", "欧阳䶮", HANDWRITING),) if drawn else (),
        "d" * 64,
    )


def photo_line(name: str, caption: str, sha256: str = "") -> PhotoLine:
    """A photo's line; its digest follows from its name."""
    return PhotoLine(name, sha256 or f"{sum(name.encode()):064x}", 123456, "2026:07:03 09:42:10", caption)


def make_photo(colour: str = "navy", size: tuple[int, int] = (640, 480), **options: object) -> bytes:
    """A JPEG of one colour with a white upper half, so that it shows which side is up."""
    image = Image.new("RGB", size, colour)
    image.paste("white", (0, 0, size[0], size[1] // 2))
    output = io.BytesIO()
    image.save(output, "JPEG", **options)
    return output.getvalue()


def shown_photos(record: InspectionRecord) -> dict[str, ShownPhoto]:
    """The first photo as it is, the others not to be shown."""
    found = {one.sha256: ShownPhoto(None, "照片已损坏") for one in record.photos}
    if record.photos:
        found[record.photos[0].sha256] = ShownPhoto(printable_photo(make_photo()), "")
    return found


def make_summary(lines: int = 3) -> ExpertSummary:
    """An expert's summary of so many applications; the second is recused."""
    return ExpertSummary(
        HEAD,
        "E007",
        "欧阳䶮",
        "深圳市计量质量检测研究院",
        "研究员",
        "19.0",
        (GroupHeading("Q", "资质", "9.0"), GroupHeading("C", "能力", "10.0")),
        tuple(
            SummaryLine(f"QISP-2026-{n:03d}", f"第{n}家建设主体", ("", ""), "", "回避", "")
            if n == 2
            else SummaryLine(f"QISP-2026-{n:03d}", f"第{n}家建设主体", ("7.0", "8.0"), "15.0", "已签署", f"{n:064x}")
            for n in range(1, lines + 1)
        ),
        lines - 1,
        1,
        Decimal("15.00"),
        "15.0",
        "15.0",
    )


DEVIATING = Deviating(
    "QISP-2026-001",
    "深圳市某某检验技术有限公司",
    "E007 欧阳䶮",
    "9.5",
    Decimal("15.63"),
    Decimal("-6.13"),
    "予以保留。",
    "张三",
)


def make_round_report() -> RoundReport:
    """A round of two applications."""
    first = Ranked("1", "QISP-2026-001", "示例服务平台", "某某公司", 5, "15.17", "B", "推荐", True, "")
    second = Ranked("", "QISP-2026-002", "另一平台", "另一公司", 0, "", "", "待定", False, "形式审查未完成")
    return RoundReport(
        HEAD,
        (Fact("评价年度", "2026 年"), Fact("合格分", "14 分")),
        "自受理之日起评价时间不超过 30 日。",
        (
            Step("形式审查", "2026年7月1日", "第 0 日", "受理 1 项"),
            Step("确认结果", "2026年7月20日", "第 19 日", "已确认"),
        ),
        (Fact("受理", "1 项"),),
        (Member("E007", "欧阳䶮", "深圳市计量质量检测研究院", "研究员", "组长", 2, 1, 1),),
        (SteppedBack("E007 欧阳䶮", "QISP-2026-002", "本人申明：顾问或咨询关系", "曾任顾问"),),
        (first, second),
        (DEVIATING,),
        Spread(1, Decimal("15.17"), Decimal("15.17"), Decimal("15.17"), Decimal("15.17"), (Fact("14～16", "1"),)),
        (first,),
        10,
        17,
        "e" * 64,
    )


@dataclass(frozen=True)
class Kind:
    """A kind of paper: a record with all that it can show, and how it is rendered."""

    name: str
    record: Remembered
    render: Callable[[], bytes]


def kinds() -> list[Kind]:
    """One of each kind."""
    report, record, summary, whole = make_report(), make_inspection(), make_summary(), make_round_report()
    deviations = DeviationList(HEAD, "5", (DEVIATING,))
    experts = ("E007 欧阳䶮", "E001 王组长", "E002 李成员")
    assignments = AssignmentList(
        HEAD,
        (Reading("QISP-2026-001", "示例服务平台", "某某公司", experts, experts[:1]),),
        (Reader("E007", "欧阳䶮", "研究院", "组长", ("QISP-2026-001", "QISP-2026-002")),),
    )
    sign_in = SignInSheet(HEAD, (Attendee("E007", "欧阳䶮", "研究院", "研究员", "组长"),))
    letter = SupplementLetter(
        HEAD,
        "QISP-2026-005",
        "示例服务平台",
        "某某公司",
        "91440300MA5DA1234X",
        (Wanted("4. 上年度财务审计报告", "尚未提交"),),
        (Wanted("2. 制度流程健全", "登记信息没有审计意见"),),
        "",
        date(2026, 7, 15),
    )
    return [
        Kind("report", report, lambda: render_evaluation_report(report)),
        Kind("inspection", record, lambda: render_inspection_record(record, shown_photos(record))),
        Kind("summary", summary, lambda: render_expert_summary(summary)),
        Kind("round-report", whole, lambda: render_round_report(whole)),
        Kind("deviations", deviations, lambda: render_deviation_list(deviations)),
        Kind("assignments", assignments, lambda: render_assignment_list(assignments)),
        Kind("sign-in", sign_in, lambda: render_sign_in_sheet(sign_in)),
        Kind("letter", letter, lambda: render_supplement_letter(letter)),
    ]


def with_remark(text: str) -> EvaluationReport:
    """The report with one remark."""
    return replace(make_report(), remarks=(RemarkPart("Q1", "主体资格与持续运营", (text,)),))
