"""Rounds made for the tests: any number of applications and experts, scores from a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files

from qisp_desktop.domain.aggregation import Entry, results
from qisp_desktop.domain.application import Application, Project, ServedEnterprises
from qisp_desktop.domain.inspection import Finding, ItemVerdict, Overall, SiteInspection, Verdict
from qisp_desktop.domain.issuing import Explanation
from qisp_desktop.domain.panel import Conflict, ConflictGround, Expert, Recusal, Role
from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.regulation import BodyKind, KeyArea, RecusalGround, ServiceCategory
from qisp_desktop.domain.round import Round
from qisp_desktop.domain.rubric import Criterion, CriterionGroup, Level, Rubric
from qisp_desktop.domain.rubric_file import load_rubric
from qisp_desktop.domain.score_sheet import ItemScore, ScoreSheet
from qisp_desktop.domain.screening import ScreeningStatus, screen
from qisp_desktop.spreadsheets.summary_data import SummaryData

DEFAULT_RUBRIC = load_rubric(files("qisp_desktop.resources").joinpath("rubrics/default.json").read_text("utf-8"))
MADE_AT = datetime(2026, 8, 1, 6, 30, tzinfo=UTC)


def small_rubric(step: str, maxima: Sequence[Sequence[str]]) -> Rubric:
    """A rubric of groups G1, G2 … whose criteria have these maxima and one level each."""
    groups = []
    for g, group in enumerate(maxima, start=1):
        criteria = [
            Criterion(
                f"G{g}C{c}", f"项{c}", "", Decimal(top), "13", (Level("全", "", Decimal(0), Decimal(top), "整", ""),)
            )
            for c, top in enumerate(group, start=1)
        ]
        groups.append(CriterionGroup(f"G{g}", f"组{g}", "", tuple(criteria)))
    return Rubric("小标准", "1", Decimal(step), Decimal("0.6"), tuple(groups), ())


def application(number: str, name: str = "示例") -> Application:
    """An application that every condition accepts."""
    return Application(
        number=number,
        platform=f"{name}质量基础设施一站式服务平台",
        summary="",
        applicant=f"深圳市{name}检测研究院",
        uscc="12440300676TY39FYU",
        body_kind=BodyKind.INSTITUTION,
        started_on=date(2015, 3, 1),
        legal_representative="张三",
        address="深圳市南山区示例路1号",
        district="南山区",
        contact="李四",
        phone="13800000000",
        staff=38,
        categories=tuple(ServiceCategory)[:6],
        key_areas=(KeyArea.EMERGING,),
        served=(ServedEnterprises(2024, 120), ServedEnterprises(2025, 156)),
        audit_opinion="标准无保留意见",
        dishonest=False,
        premises=Decimal("1200.5"),
        projects=(Project("项目", "客户", 2025, ServiceCategory.TESTING, Decimal("10.5"), "列入示范案例"),),
        materials=(),
    )


def expert(number: int, name: str = "王五") -> Expert:
    """An expert ``E001``, ``E002`` …"""
    role = Role.LEADER if number == 1 else Role.MEMBER
    return Expert(f"E{number:03d}", name, "示例大学", "", "教授", (), "13900000000", role)


def sheet(expert_id: str, number: str, rubric: Rubric, points: Sequence[Decimal]) -> ScoreSheet:
    """A signed sheet with these points in the rubric's order; low ones have a remark."""
    items = tuple(
        ItemScore(c.code, value, "证据不足，需补充说明。" if rubric.remark_required(c, value) else "", ())
        for c, value in zip(rubric.criteria, points, strict=True)
    )
    total = sum(points, Decimal(0))
    return ScoreSheet("round", expert_id, number, 1, "", "", "issue", rubric.digest, 1, items, total)


def random_points(generator: random.Random, rubric: Rubric, *, lowest: Decimal = Decimal("0.5")) -> list[Decimal]:
    """Points on the step for every criterion, from ``lowest`` of its maximum on."""
    found = []
    for criterion in rubric.criteria:
        steps = int(criterion.maximum / rubric.step)
        found.append(generator.randint(int(steps * lowest), steps) * rubric.step)
    return found


def random_round(
    applications: int,
    experts: int,
    *,
    seed: int = 1,
    rubric: Rubric = DEFAULT_RUBRIC,
    policy: Policy | None = None,
    least_sheets: int | None = None,
    lowest: str = "0.5",
) -> SummaryData:
    """A round in which each application has between ``least_sheets`` (default all) and ``experts`` sheets."""
    generator = random.Random(seed)
    policy = policy or Policy(tie_break=tuple(group.code for group in rubric.groups))
    panel = [expert(n, generator.choice(["王五", "沈㛃", "陈𬭚", "欧阳文博"])) for n in range(1, experts + 1)]
    requests = [
        application(f"QISP-2026-{n:03d}", generator.choice(["无人机", "医疗器械"])) for n in range(1, applications + 1)
    ]
    sheets = []
    for request in requests:
        count = generator.randint(experts if least_sheets is None else least_sheets, experts)
        for one in generator.sample(panel, count):
            sheets.append(
                sheet(one.id, request.number, rubric, random_points(generator, rubric, lowest=Decimal(lowest)))
            )
    return assembled(requests, panel, sheets, rubric, policy)


def assembled(
    requests: Sequence[Application],
    panel: Sequence[Expert],
    sheets: Sequence[ScoreSheet],
    rubric: Rubric,
    policy: Policy,
) -> SummaryData:
    """The round's data with results computed by the domain; every application is accepted."""
    entries = [
        Entry(
            one.number,
            one.applicant,
            ScreeningStatus.ACCEPTED,
            tuple(s for s in sheets if s.application == one.number),
            False,
            (),
            False,
        )
        for one in requests
    ]
    found = results(entries, rubric, policy)
    deviations = [(one.expert, result.number) for result in found for one in result.deviations]
    round_ = Round(
        "r-1", 2026, "2026年度评审", "深圳市市场监督管理局", "zh_CN", policy, rubric.digest, "", "", date(2026, 7, 1)
    )
    return SummaryData(
        round=round_,
        rubric=rubric,
        results=found,
        applications=requests,
        experts=panel,
        sheets=sheets,
        screenings=[screen(one, date(2026, 7, 1), 2026) for one in requests],
        inspections=[inspection(panel[0].id, one.number, rubric) for one in requests[:3]] if panel else [],
        explanations=[Explanation(who, number, "已复核，评分依据充分。", "秘书处") for who, number in deviations[:1]],
        recusals=[Recusal("E001", "QISP-2026-999", RecusalGround.ADVISER, "曾任顾问")],
        conflicts=[Conflict("E002", "QISP-2026-998", ConflictGround.SAME_USCC)],
        previous=None,
        inputs_digest="ab" * 32,
        audit_head="cd" * 32,
        made_at=MADE_AT,
        program_version="0.1.0",
    )


def inspection(expert_id: str, number: str, rubric: Rubric) -> SiteInspection:
    """A record of a visit with one observation."""
    items = tuple(
        ItemVerdict(item.code, Verdict.OBSERVATION if n == 1 else Verdict.CONFORM, "标识不清" if n == 1 else "")
        for n, item in enumerate(rubric.checklist)
    )
    findings = (Finding("受理窗口未公示收费标准", "I2" if rubric.checklist else "", ""),)
    return SiteInspection(
        "round", expert_id, number, 1, "", date(2026, 7, 3), "赵主任", items, findings, (), Overall.RECTIFY
    )
