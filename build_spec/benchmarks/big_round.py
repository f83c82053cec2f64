"""A large round for benchmarks: real keys, real signed and encrypted returns, scores drawn from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.digests import sha256
from qisp_desktop.domain.application import Application, Material, Project, ServedEnterprises
from qisp_desktop.domain.issuing import Issue, Return
from qisp_desktop.domain.panel import AssignedBy, Assignment, Expert, Role
from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.regulation import BodyKind, KeyArea, MaterialKind, ServiceCategory
from qisp_desktop.domain.round import Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ItemScore, ScoreSheet
from qisp_desktop.domain.screening import screen
from qisp_desktop.exchange import authority
from qisp_desktop.exchange.certificates import certificate_to_pem, expert_name
from qisp_desktop.exchange.manifests import RETURN_FORMAT, ReturnManifest
from qisp_desktop.exchange.return_package import write_return_package
from qisp_desktop.services.office import Office, unlock
from qisp_desktop.services.results import RoundData
from qisp_desktop.services.rounds import new_round
from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.services.screening import screen_round
from qisp_desktop.store.round_store import RoundStore

PASSPHRASE = "benchmark passphrase"


@dataclass(frozen=True)
class BigRound:
    """The round file and the returns of its experts, one file each."""

    path: Path
    returns: tuple[Path, ...]
    rubric: Rubric


def make_round(folder: Path, *, applications: int, experts: int, returned: bool = True) -> BigRound:
    """A round in ``folder`` in which every expert has scored every application; ``returned`` makes the files."""
    rubric = default_rubric()
    path = folder / "big.qround"
    new_round(path, year=2026, name="Benchmark", passphrase=PASSPHRASE)
    numbers = [f"QISP-2026-{n:04d}" for n in range(1, applications + 1)]
    panel = [_expert(n) for n in range(1, experts + 1)]
    with RoundStore.open(path, actor="bench", write=True) as store:
        office = unlock(store, PASSPHRASE)
        keys = {expert.id: authority.issue_credentials(office.authority, expert_name(expert)) for expert in panel}
        issues = [_issue(expert, keys[expert.id], store.round().recipient) for expert in panel]
        with store.change("benchmark") as change:
            change.put_all(application(number) for number in numbers)
            change.put_all(panel)
        with store.change("benchmark") as change:
            change.put_all(Assignment(e.id, number, AssignedBy.AUTO) for e in panel for number in numbers)
            change.put_all(issues)
        back = issues if returned else []
        returns = tuple(_return(folder, store, office, issue, keys[issue.expert], numbers, rubric) for issue in back)
    screen_round(path, accepted_on=date(2026, 7, 1))
    return BigRound(path, returns, rubric)


def make_scored_round(folder: Path, *, applications: int, experts: int) -> BigRound:
    """``make_round`` with all sheets merged already; there are no returned files."""
    big = make_round(folder, applications=applications, experts=experts, returned=False)
    with RoundStore.open(big.path, actor="bench", write=True) as store:
        numbers = [str(number) for (number,) in store.listing(Application, "number")]
        with store.change("benchmark") as change:
            for issue in store.all(Issue):
                change.put_all(sheets_of(store.round().id, issue.id, issue.expert, numbers, big.rubric))
                file = sha256(issue.id.encode())
                change.put(Return(issue.expert, 1, issue.id, issue.manifest, file, file, f"{issue.expert}-r1.qscore"))
    return big


def sheets_of(round_id: str, issue: str, expert: str, numbers: list[str], rubric: Rubric) -> tuple[ScoreSheet, ...]:
    """Complete sheets with a remark for every fourth item."""
    draw = random.Random(f"{expert} sheets")
    return tuple(_sheet(round_id, issue, expert, number, rubric, draw) for number in numbers)


def _sheet(round_id: str, issue: str, expert: str, number: str, rubric: Rubric, draw: random.Random) -> ScoreSheet:
    items = []
    for n, criterion in enumerate(rubric.criteria):
        steps = int(criterion.maximum / rubric.step)
        points = rubric.step * draw.randint(steps * 6 // 10 + 1, steps)
        points = Decimal(str(points).removesuffix(".0"))
        items.append(ItemScore(criterion.code, points, "材料齐全,证据充分,建议完善。" if n % 4 == 0 else "", ()))
    total = sum((item.points for item in items if item.points is not None), Decimal(0))
    return ScoreSheet(round_id, expert, number, 1, "", "", issue, rubric.digest, 1, tuple(items), total)


def _return(
    folder: Path,
    store: RoundStore,
    office: Office,
    issue: Issue,
    signer: Credentials,
    numbers: list[str],
    rubric: Rubric,
) -> Path:
    value = store.round()
    path = folder / "returns" / f"{issue.expert}-r1.qscore"
    manifest = ReturnManifest(
        RETURN_FORMAT,
        value.id,
        issue.expert,
        issue.id,
        1,
        (value.recipient,),
        issue.manifest,
        rubric.digest,
        (),
        sheets_of(value.id, issue.id, issue.expert, numbers, rubric),
        (),
        (),
        (),
    )
    ca_pem = certificate_to_pem(office.authority.certificate)
    write_return_package(path, manifest, signer=signer, ca_pem=ca_pem, blob_sources={})
    return path


def _issue(expert: Expert, keys: Credentials, recipient: str) -> Issue:
    pem = certificate_to_pem(keys.certificate).decode("ascii")
    return Issue(expert.id, 1, f"{expert.id}-1", recipient, pem, sha256(expert.id.encode()))


def _expert(n: int) -> Expert:
    fields = (ServiceCategory.METROLOGY,)
    role = Role.LEADER if n == 1 else Role.MEMBER
    return Expert(f"E{n:03d}", f"专家{n}", f"示例大学第{n}研究所", "", "研究员", fields, "", role)


def application(number: str) -> Application:
    return Application(
        number=number,
        platform=f"示例产业质量基础设施一站式服务平台{number[-4:]}",
        summary="面向示例产业集群,提供计量、标准、检验检测等多要素服务。",
        applicant=f"深圳市示例检测机构{number[-4:]}",
        uscc="12440300GYGLUY3W7B",
        body_kind=BodyKind.INSTITUTION,
        started_on=date(2012, 1, 1),
        legal_representative="赵明远",
        address="深圳市示例路1号",
        district="南山区",
        contact="钱昕",
        phone="13800000000",
        staff=50,
        categories=tuple(ServiceCategory)[:6],
        key_areas=(KeyArea.INNOVATIVE,),
        served=(ServedEnterprises(2024, 100), ServedEnterprises(2025, 130)),
        audit_opinion="标准无保留意见",
        dishonest=False,
        premises=Decimal(1000),
        projects=(Project("示例项目", "示例客户", 2025, ServiceCategory.TESTING, Decimal("12.5"), "获区级立项"),),
        materials=tuple(Material(kind, f"{kind}_材料.pdf", sha256(kind.encode()), 1) for kind in MaterialKind),
    )


def made_round_data(*, applications: int, experts: int) -> RoundData:
    """The same round as loaded values, without a file."""
    rubric = default_rubric()
    numbers = [f"QISP-2026-{n:04d}" for n in range(1, applications + 1)]
    panel = [_expert(n) for n in range(1, experts + 1)]
    asked = tuple(application(number) for number in numbers)
    accepted_on = date(2026, 7, 1)
    value = Round("bench", 2026, "Benchmark", "", "zh_CN", Policy(), rubric.digest, "", "", accepted_on)
    return RoundData(
        round=value,
        rubric=rubric,
        applications=asked,
        screenings=tuple(screen(application, accepted_on, 2026) for application in asked),
        assignments=tuple(Assignment(e.id, number, AssignedBy.AUTO) for e in panel for number in numbers),
        recusals=(),
        sheets=tuple(s for e in panel for s in sheets_of("bench", f"{e.id}-1", e.id, numbers, rubric)),
        resolutions=(),
        plans=(),
        inspections=(),
        freeze=None,
    )
