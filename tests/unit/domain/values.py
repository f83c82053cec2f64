"""Valid values that the tests of the domain build on; a test changes what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from qisp_desktop.domain.application import Application, Material, Project, ServedEnterprises
from qisp_desktop.domain.inspection import ItemVerdict, Overall, SiteInspection, Verdict
from qisp_desktop.domain.panel import Expert, Role
from qisp_desktop.domain.regulation import CLEAN_OPINION, BodyKind, MaterialKind, ServiceCategory
from qisp_desktop.domain.rubric import ChecklistItem, Criterion, CriterionGroup, Level, Rubric
from qisp_desktop.domain.score_sheet import ItemScore, ScoreSheet

YEAR = 2026
ACCEPTED_ON = date(2026, 7, 1)


def criterion(code: str, maximum: str, step: Decimal = Decimal("0.5")) -> Criterion:
    """A criterion with two levels: the upper half and the rest."""
    most = Decimal(maximum)
    middle = (most / 2 // step) * step
    levels = (
        Level("优", "excellent", middle, most, "证据充分", "well proved"),
        Level("差", "poor", Decimal(0), middle - step, "证据不足", "not proved"),
    )
    return Criterion(code, f"评分项{code}", f"criterion {code}", most, "13.1", levels if middle else levels[:1])


def rubric(step: str = "0.5", **groups: Sequence[str]) -> Rubric:
    """A rubric of groups with the maxima of their criteria; by default P and Q with 12, 8 and 10 points."""
    size = Decimal(step)
    made = tuple(
        CriterionGroup(
            code,
            f"组{code}",
            f"group {code}",
            tuple(criterion(f"{code}{n}", maximum, size) for n, maximum in enumerate(maxima, start=1)),
        )
        for code, maxima in (groups or {"P": ("12", "8"), "Q": ("10",)}).items()
    )
    checklist = (ChecklistItem("I1", "场所一致", "premises", "13.4"), ChecklistItem("I2", "窗口运行", "window", "10"))
    return Rubric("评分标准", "1", size, Decimal("0.6"), made, checklist)


def sheet(of: Rubric, points: Sequence[str | Decimal], expert: str = "E001", application: str = "A-1") -> ScoreSheet:
    """A first, complete sheet with ``points`` for the criteria in their order; every item is remarked."""
    scores = [Decimal(one) for one in points]
    items = tuple(ItemScore(code, one, "依据充分", ()) for code, one in zip(of.codes, scores, strict=True))
    return ScoreSheet(
        "round", expert, application, 1, "", "", f"{expert}-1", of.digest, 1, items, sum(scores, Decimal(0))
    )


def application(**changes: object) -> Application:
    """An application that is complete and meets all seven conditions on ACCEPTED_ON."""
    value = Application(
        number="A-1",
        platform="示例服务平台",
        summary="面向产业集群",
        applicant="深圳市示例计量院",
        uscc="12440300XNB58M9F2R",
        body_kind=BodyKind.INSTITUTION,
        started_on=date(2015, 1, 1),
        legal_representative="林知远",
        address="示例路1号",
        district="南山区",
        contact="何晓岚",
        phone="13800000101",
        staff=10,
        categories=tuple(ServiceCategory)[:5],
        key_areas=(),
        served=(ServedEnterprises(2024, 100), ServedEnterprises(2025, 101)),
        audit_opinion=CLEAN_OPINION,
        dishonest=False,
        premises=Decimal("0.5"),
        projects=(Project("项目", "客户", 2023, None, Decimal("1.5"), "市级认可"),),
        materials=tuple(Material(kind, f"{kind}.pdf", "0" * 64, 1) for kind in MaterialKind),
    )
    return replace(value, **changes)  # type: ignore[arg-type]


def expert(id: str = "E001", organisation: str = "示例大学", uscc: str = "") -> Expert:
    """A member of the panel."""
    return Expert(id, "顾维桢", organisation, uscc, "教授", (ServiceCategory.METROLOGY,), "13900000201", Role.MEMBER)


def inspection(of: Rubric, **changes: object) -> SiteInspection:
    """A passed inspection with the whole checklist of ``of``."""
    items = tuple(ItemVerdict(item.code, Verdict.CONFORM, "") for item in of.checklist)
    value = SiteInspection(
        "round", "E001", "A-1", 1, "", date(2026, 7, 3), "联系人", items, findings=(), photos=(), overall=Overall.PASS
    )
    return replace(value, **changes)  # type: ignore[arg-type]
