"""A small round as data: one expert, two applications, three materials, and what the expert hands in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat

from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.digests import sha256
from qisp_desktop.domain.application import Application, Material, ServedEnterprises
from qisp_desktop.domain.inspection import Finding, InspectionPlan, ItemVerdict, Overall, Photo, SiteInspection, Verdict
from qisp_desktop.domain.panel import Expert, Recusal, Role
from qisp_desktop.domain.regulation import BodyKind, KeyArea, MaterialKind, RecusalGround, ServiceCategory
from qisp_desktop.domain.rubric import ChecklistItem, Criterion, CriterionGroup, Level, Rubric
from qisp_desktop.domain.score_sheet import Evidence, ItemScore, ScoreSheet
from qisp_desktop.exchange.archive import writing
from qisp_desktop.exchange.authority import issue_credentials, new_authority
from qisp_desktop.exchange.certificates import certificate_to_pem, expert_name
from qisp_desktop.exchange.container import blob_path
from qisp_desktop.exchange.identity import Identity, new_identity
from qisp_desktop.exchange.key_files import to_p12
from qisp_desktop.exchange.manifests import (
    PANEL_FORMAT,
    RETURN_FORMAT,
    Blob,
    PanelManifest,
    PanelRecords,
    ReturnManifest,
    SheetPaper,
)
from qisp_desktop.exchange.panel_package import write_panel_package
from qisp_desktop.exchange.return_package import write_return_package

PASSPHRASE = "4821-0937-5526-1204-7788"
YEAR = 2026

LEVELS = (
    Level("优", "good", Decimal("2.5"), Decimal(4), "制度完备", "complete"),
    Level("差", "poor", Decimal(0), Decimal(2), "制度缺失", "missing"),
)
RUBRIC = Rubric(
    "评分标准",
    "1",
    Decimal("0.5"),
    Decimal("0.6"),
    (
        CriterionGroup(
            "Q",
            "资质",
            "qualification",
            (
                Criterion("Q1", "主体资格", "eligibility", Decimal(4), "13", LEVELS),
                Criterion("Q2", "制度", "rules", Decimal(4), "13", LEVELS),
            ),
        ),
    ),
    (ChecklistItem("I1", "场所与申报一致", "premises as stated", "13"),),
)
EXPERT = Expert("E007", "张㛃", "示例计量院", "", "研究员", (ServiceCategory.METROLOGY,), "13800000000", Role.LEADER)
FILES = {"申请书.pdf": b"%PDF-1.7 application", "证照.pdf": b"%PDF-1.7 licence " * 4000, "空白.txt": b""}
PHOTO = b"\xff\xd8 a photo"
PAPER = b"%PDF-1.7 signed sheet"


@dataclass(frozen=True)
class Keys:
    """All keys of a round with one expert, made once for all tests: each identity costs half a second."""

    authority: Credentials
    office: Credentials
    office_identity: Identity
    expert: Credentials
    expert_identity: Identity
    expert_identity_file: bytes
    expert_p12: bytes

    @property
    def ca_pem(self) -> bytes:
        """The round's certificate."""
        return certificate_to_pem(self.authority.certificate)


def make_keys(round_id: str = "round-a") -> Keys:
    """Fresh keys of a round."""
    authority = new_authority(round_id, YEAR)
    expert = issue_credentials(authority, expert_name(EXPERT))
    identity_file, expert_identity = new_identity(PASSPHRASE)
    return Keys(
        authority,
        issue_credentials(authority, "示例市市场监督管理局", office=True),
        new_identity("office passphrase")[1],
        expert,
        expert_identity,
        identity_file,
        to_p12(expert, PASSPHRASE),
    )


def make_blobs(files: dict[str, bytes]) -> tuple[Blob, ...]:
    """The blobs of ``files`` in their order."""
    return tuple(
        Blob(name, sha256(content), len(content), blob_path(number))
        for number, (name, content) in enumerate(files.items(), start=1)
    )


def make_application(number: str, files: dict[str, bytes]) -> Application:
    """An application that submits ``files``."""
    return Application(
        number,
        "示例平台",
        "一站式服务",
        "示例检验中心",
        "91440300MA5EXAMPLE",
        BodyKind.INSTITUTION,
        date(2019, 3, 1),
        "李䶮",
        "示例路1号",
        "示例区",
        "王𬭚",
        "0755-0000000",
        16,
        tuple(ServiceCategory),
        (KeyArea.EMERGING,),
        (ServedEnterprises(2024, 10), ServedEnterprises(2025, 20)),
        "标准无保留意见",
        False,
        Decimal("1200.5"),
        (),
        tuple(
            Material(MaterialKind.APPLICATION_FORM, name, sha256(content), len(content))
            for name, content in files.items()
        ),
    )


def make_sheet(application: str = "QISP-2026-001", *, revision: int = 1, round_id: str = "round-a") -> ScoreSheet:
    """A complete sheet of the expert."""
    items = (
        ItemScore("Q1", Decimal("3.5"), "", (Evidence("a" * 64, "申请书.pdf", 3),)),
        ItemScore("Q2", Decimal(2), "缺少投诉处理记录", ()),
    )
    previous = "" if revision == 1 else "b" * 64
    return ScoreSheet(
        round_id, EXPERT.id, application, revision, previous, "", "E007-1", RUBRIC.digest, 1, items, Decimal("5.5")
    )


def make_inspection(round_id: str = "round-a") -> SiteInspection:
    """A site inspection with one photo."""
    return SiteInspection(
        round_id,
        EXPERT.id,
        "QISP-2026-002",
        1,
        "",
        date(2026, 7, 3),
        "陈经理",
        (ItemVerdict("I1", Verdict.CONFORM, ""),),
        (Finding("标识清楚", "I1", "IMG_0001.jpg"),),
        (Photo("IMG_0001.jpg", sha256(PHOTO), len(PHOTO), "2026-07-03T09:00:00", "大门"),),
        Overall.PASS,
    )


def make_panel_manifest(keys: Keys, *, round_id: str = "round-a") -> PanelManifest:
    """What the office hands out to the expert."""
    records = PanelRecords(
        year=YEAR,
        round_name="2026年度评审",
        office="示例市市场监督管理局",
        language="zh_CN",
        expert=EXPERT,
        rubric=RUBRIC,
        applications=(
            make_application("QISP-2026-001", FILES),
            make_application("QISP-2026-002", {"申请书.pdf": FILES["申请书.pdf"]}),
        ),
        assigned=("QISP-2026-001", "QISP-2026-002"),
        inspections=(InspectionPlan("QISP-2026-002", ("E007",)),),
        sheets=(),
        recusals=(),
        site_inspections=(),
        returned=0,
    )
    return PanelManifest(
        PANEL_FORMAT,
        round_id,
        EXPERT.id,
        "E007-1",
        1,
        datetime(2026, 7, 1, 8, 30, tzinfo=UTC),
        (keys.expert_identity.recipient,),
        (keys.office_identity.recipient,),
        certificate_to_pem(keys.expert.certificate).decode("ascii"),
        RUBRIC.digest,
        "c" * 64,
        make_blobs(FILES),
        records,
    )


def make_return_manifest(keys: Keys, *, round_id: str = "round-a") -> ReturnManifest:
    """What the expert hands in: one sheet with its paper, one recusal, one inspection with a photo."""
    return ReturnManifest(
        RETURN_FORMAT,
        round_id,
        EXPERT.id,
        "E007-1",
        1,
        (keys.office_identity.recipient,),
        "d" * 64,
        RUBRIC.digest,
        make_blobs({"评分表.pdf": PAPER, "IMG_0001.jpg": PHOTO}),
        (make_sheet(round_id=round_id),),
        (Recusal("E007", "QISP-2026-003", RecusalGround.KINSHIP, "亲属任职"),),
        (make_inspection(round_id),),
        (SheetPaper("QISP-2026-001", 1, blob_path(1)),),
    )


def write_panel(path: Path, keys: Keys, **changes: object) -> PanelManifest:
    """A panel package at ``path``; ``changes`` replace fields of the manifest."""
    manifest = replace(make_panel_manifest(keys), **changes)  # type: ignore[arg-type]
    write_panel_package(
        path,
        manifest,
        office=keys.office,
        expert_identity_file=keys.expert_identity_file,
        expert_p12=keys.expert_p12,
        blob_sources={blob.path: partial(FILES.__getitem__, blob.name) for blob in manifest.blobs},
    )
    return manifest


def write_return(path: Path, keys: Keys, **changes: object) -> ReturnManifest:
    """A return package at ``path``; ``changes`` replace fields of the manifest."""
    manifest = replace(make_return_manifest(keys), **changes)  # type: ignore[arg-type]
    write_return_package(
        path,
        manifest,
        signer=keys.expert,
        ca_pem=keys.ca_pem,
        blob_sources={blob_path(1): lambda: PAPER, blob_path(2): lambda: PHOTO},
    )
    return manifest


def make_cheap_identity(passphrase: str = PASSPHRASE, *, rounds: int = 1) -> bytes:
    """An identity file that unlocks in milliseconds, for sweeps that unlock it a thousand times."""
    protection = PrivateFormat.OpenSSH.encryption_builder().kdf_rounds(rounds).build(passphrase.encode())
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, protection)


def read_members(data: bytes) -> dict[str, bytes]:
    """The members of a stored ZIP, as a stock library sees them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def make_archive(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP in the form of this program, of any members."""
    stream = io.BytesIO()
    with writing(stream) as add:
        for name, content in members:
            add(name, content)
    return stream.getvalue()
