"""A small round as data: one record of every kind that the stores keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from qisp_desktop.domain.aggregation import Recommendation, ResultStatus
from qisp_desktop.domain.application import Application, Material, ServedEnterprises
from qisp_desktop.domain.calendar import DayKind, DayOverride
from qisp_desktop.domain.desk_records import (
    Draw,
    EntrySource,
    Exclusion,
    FormContent,
    Mending,
    PaperConfirmation,
    PaperEntry,
    PaperOrigin,
    Replacement,
    RoundOptions,
    SupplementNotice,
)
from qisp_desktop.domain.exports import Export, ExportedApplication, ExportedInspection, ExportedSheet
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.domain.inspection import (
    DrawnSignature,
    InspectionPlan,
    ItemVerdict,
    Overall,
    Photo,
    Side,
    SiteInspection,
    Verdict,
)
from qisp_desktop.domain.inspection_draft import reopened_inspection
from qisp_desktop.domain.issuing import Explanation, Issue, OwnCertificate, Return, SignedPaper, SignedReturn
from qisp_desktop.domain.merging import Resolution
from qisp_desktop.domain.panel import AssignedBy, Assignment, Declaration, Expert, Recusal, Role
from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.regulation import BodyKind, KeyArea, MaterialKind, RecusalGround, ServiceCategory
from qisp_desktop.domain.round import Freeze, Round
from qisp_desktop.domain.rubric import ChecklistItem, Criterion, CriterionGroup, Level, Rubric
from qisp_desktop.domain.score_sheet import DraftSheet, Evidence, ItemScore, ScoreSheet
from qisp_desktop.domain.screening import ScreeningDecision, ScreeningStatus
from qisp_desktop.store.aggregates import Setting
from qisp_desktop.store.places import RoundPlace
from qisp_desktop.store.round_store import RoundStore

CLERK = "李秘书"
LEVELS = (Level("优", "good", Decimal(0), Decimal(4), "制度完备", "complete"),)
RUBRIC = Rubric(
    "评分标准",
    "1",
    Decimal("0.5"),
    Decimal("0.6"),
    (CriterionGroup("Q", "资质", "qualification", (Criterion("Q1", "主体", "body", Decimal(4), "13", LEVELS),)),),
    (ChecklistItem("I1", "场所与申报一致", "premises as stated", "13"),),
)
ROUND = Round(
    "7f3c", 2026, "2026年度评价", "示例市市场监督管理局", "zh_CN", Policy(), RUBRIC.digest, "PEM", "age1office", None
)
EXPERT = Expert("E001", "张㛃", "示例计量院", "", "研究员", (ServiceCategory.METROLOGY,), "13800000000", Role.LEADER)
APPLICATION = Application(
    "QISP-2026-001",
    "示例平台",
    "",
    "示例检测有限公司",
    "91110000MA00000000",
    BodyKind.ENTERPRISE,
    date(2019, 3, 1),
    "王五",
    "示例路1号",
    "示例区",
    "赵六",
    "010-00000000",
    16,
    (ServiceCategory.METROLOGY,),
    (KeyArea.EMERGING,),
    (ServedEnterprises(2025, 120),),
    "标准无保留意见",
    False,
    Decimal("350.5"),
    (),
    (Material(MaterialKind.APPLICATION_FORM, "申请书.pdf", "a" * 64, 1024),),
)


def expert(number: int) -> Expert:
    return replace(EXPERT, id=f"E{number:03}", name=f"专家{number}")


def application(number: int) -> Application:
    return replace(APPLICATION, number=f"QISP-2026-{number:03}")


def sheet(
    expert: str = "E001", application: str = "QISP-2026-001", *, points: str = "3.5", revision: int = 1
) -> ScoreSheet:
    item = ItemScore("Q1", Decimal(points), "依据充分", (Evidence("a" * 64, "申请书.pdf", 3),))
    previous = "" if revision == 1 else "b" * 64
    return ScoreSheet(
        "7f3c", expert, application, revision, previous, "", "E001-1", RUBRIC.digest, 1, (item,), Decimal(points)
    )


INSPECTION = SiteInspection(
    "7f3c",
    "E001",
    "QISP-2026-001",
    1,
    "",
    date(2026, 7, 3),
    "王五",
    (ItemVerdict("I1", Verdict.CONFORM, ""),),
    (),
    (Photo("IMG_0001.jpg", "c" * 64, 2048, "2026:07:03 09:00:00", "前台"),),
    Overall.PASS,
    (DrawnSignature(Side.HOST, "王五", Handwriting(((0, 0, 900, 300),))),),
)

EXPORT = Export(
    "7f3c",
    datetime(2026, 8, 1, 2, 30, tzinfo=UTC),
    CLERK,
    "汇总.xlsx",
    "6" * 64,
    "2" * 64,
    "7" * 64,
    (
        ExportedApplication(
            "QISP-2026-001",
            Decimal("3.5"),
            1,
            "A",
            Recommendation.RECOMMENDED,
            ResultStatus.OK,
            ScreeningStatus.ACCEPTED,
            (ExportedSheet("E001", 1, Decimal("3.5")),),
            (ExportedInspection("E001", Overall.PASS),),
        ),
    ),
)

RECORDS_OF_1_1: tuple[object, ...] = (
    RUBRIC,
    ROUND,
    APPLICATION,
    EXPERT,
    ScreeningDecision("QISP-2026-001", ScreeningStatus.ACCEPTED, CLERK, "补正后齐全"),
    Assignment("E001", "QISP-2026-001", AssignedBy.AUTO),
    Recusal("E001", "QISP-2026-001", RecusalGround.ADVISER, "曾任顾问"),
    InspectionPlan("QISP-2026-001", ("E001",)),
    OwnCertificate("E001", "PEM"),
    Issue("E001", 1, "E001-1", "age1expert", "PEM", "d" * 64),
    Return("E001", 1, "E001-1", "e" * 64, "f" * 64, "0" * 64, "E001-r1.qscore"),
    sheet(),
    INSPECTION,
    Resolution("E001", "QISP-2026-001", 1, sheet().digest, (sheet().digest, "9" * 64), CLERK, "以纸质为准"),
    Explanation("E001", "QISP-2026-001", "评分依据不同", CLERK),
    Freeze(datetime(2026, 8, 1, 2, 30, tzinfo=UTC), CLERK, "结果公示", "1" * 64, "2" * 64, "3" * 64),
)
"""One of each kind that a round file of the formats 1.0 and 1.1 holds."""

ROUND_RECORDS: tuple[object, ...] = (
    *RECORDS_OF_1_1,
    DayOverride(date(2026, 10, 10), DayKind.OFF, "市政府通知放假"),
    EXPORT,
    Mending("3" * 64, "申报", 7, "企业服务人员数", "QISP-2026-001", "约二十", "20", CLERK, ""),
    SupplementNotice("QISP-2026-001", ("4",), date(2026, 7, 8), datetime(2026, 7, 1, 2, 0, tzinfo=UTC), CLERK),
    Exclusion("E001", "QISP-2026-001", "曾为其顾问单位出具报告", CLERK),
    Replacement(
        "QISP-2026-001",
        "E001",
        "E002",
        "因病退出",
        CLERK,
        datetime(2026, 7, 4, 2, 0, tzinfo=UTC),
        Draw(("E002", "E003"), "5e"),
    ),
    PaperEntry(
        "E001",
        "QISP-2026-001",
        EntrySource.FIRST,
        1,
        (ItemScore("Q1", Decimal("3.5"), "", ()),),
        "",
        (FormContent("7" * 64, (ItemScore("Q1", Decimal("4"), "", ()),)),),
        CLERK,
        datetime(2026, 7, 5, 2, 0, tzinfo=UTC),
    ),
    PaperConfirmation(
        "E001",
        "QISP-2026-001",
        1,
        "8" * 64,
        PaperOrigin.TYPED,
        (CLERK, "wang@office-2"),
        ("9" * 64,),
        CLERK,
        "纸质评分表已核对",
        datetime(2026, 7, 5, 3, 0, tzinfo=UTC),
    ),
    RoundOptions("7f3c", True),
)
"""One of each kind in the round file."""

WORKSPACE_RECORDS: tuple[object, ...] = (
    DraftSheet("QISP-2026-001", 1, "", "", (ItemScore("Q1", None, "待核实", ()),)),
    sheet(),
    Declaration("QISP-2026-001", datetime(2026, 7, 1, 1, 0, tzinfo=UTC)),
    Recusal("E001", "QISP-2026-002", RecusalGround.KINSHIP, "亲属在该单位任职"),
    INSPECTION,
    reopened_inspection(INSPECTION),
    SignedPaper("QISP-2026-001", 1, sheet().digest, "4" * 64, 4096, "QISP-2026-001-r1.pdf"),
    SignedReturn(1, "E001-r1.qscore", "e" * 64, "0" * 64, "5" * 64, (INSPECTION.digest,), ("QISP-2026-002",)),
    Setting("place", "QISP-2026-001/Q1"),
)
"""One of each kind in a workspace."""


def new_round(place: RoundPlace, *, actor: str = CLERK) -> RoundStore:
    return RoundStore.create(place, ROUND, RUBRIC, actor=actor)


def full_round(place: RoundPlace, *, sealed: bool = True, records: tuple[object, ...] = ROUND_RECORDS) -> None:
    """A round at ``place`` with ``records``, kept bytes, a secret and a seal; closed again."""
    with new_round(place) as store, store.change("fill") as change:
        change.put_all(records)
        change.keep(b"signed manifest")
        change.put_secret("identity", b"encrypted key")
        change.note("export workbook", "workbook", "out.xlsx")
        if sealed:
            change.seal(signature_of)


def signature_of(data: bytes) -> bytes:
    """Stands for the office's signature, which the store only passes on."""
    return b"signed:" + data


def check_signature(data: bytes, signature: bytes) -> str:
    """The other half of ``signature_of``."""
    return "" if signature == signature_of(data) else "other data was signed"
