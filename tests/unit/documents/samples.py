"""A sheet as a round has it, and keys to sign it with."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from qisp_desktop.base.credentials import Credentials
from qisp_desktop.documents.grid import Grid
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.domain.papers import SHEET_FORMAT, SHEET_TEMPLATE, PrintedCriterion, PrintedGroup, SheetRecord
from qisp_desktop.domain.score_sheet import Evidence, ItemScore, ScoreSheet

GROUPS = (
    PrintedGroup(
        "Q",
        "资质",
        "9.0",
        (
            PrintedCriterion("Q1", "主体资格与持续运营", "4.0", "13.1"),
            PrintedCriterion("Q2", "制度、流程与质量保证", "5.0", "13.2"),
        ),
    ),
    PrintedGroup("C", "能力", "10.0", (PrintedCriterion("C1", "服务类别覆盖", "10.0", "9, 13.6"),)),
)
REMARKS: Mapping[str, str] = {
    "Q1": "自2019年3月起持续运营，证照齐全。",
    "Q2": "“𬭚材料计量溯源体系”由䶮㛃两位主任负责（审计意见：标准无保留）。",
}
POINTS: Mapping[str, str] = {"Q1": "3.5", "Q2": "2.5", "C1": "8"}
PRIVATE = "\ue123"
"""A character of the private use area: only a font of the office's own can have it."""
HANDWRITING = Handwriting(((100, 500, 300, 700, 500, 400, 700, 650), (120, 300, 880, 320), (900, 900)))


def make_record(
    remarks: Mapping[str, str] = REMARKS,
    points: Mapping[str, str] = POINTS,
    *,
    expert: str = "E007",
    revision: int = 1,
    template: int = SHEET_TEMPLATE,
    platform: str = "深圳市高端装备质量基础设施“一站式”服务平台",
) -> SheetRecord:
    """A complete sheet of three criteria."""
    evidence = (Evidence("0" * 64, "1-评价申请书.pdf", 3), Evidence("1" * 64, "IMG_2031.jpg", 0))
    items = tuple(
        ItemScore(code, Decimal(score), remarks.get(code, ""), evidence if code == "Q1" else ())
        for code, score in points.items()
    )
    total = sum((Decimal(score) for score in points.values()), Decimal(0))
    first = revision == 1
    sheet = ScoreSheet(
        "round-a",
        expert,
        "QISP-2026-001",
        revision,
        "" if first else "a" * 64,
        "" if first else "补充现场核查情况",
        f"{expert}-1",
        "c" * 64,
        template,
        items,
        total,
    )
    return SheetRecord(
        SHEET_FORMAT,
        sheet,
        "深圳市市场监督管理局",
        "2026年度质量基础设施“一站式”服务平台评价",
        2026,
        "欧阳䶮",
        "深圳市计量质量检测研究院",
        platform,
        "深圳市某某检验技术有限公司",
        "91440300MA5DA1234X",
        1,
        GROUPS,
    )


def with_remark(record: SheetRecord, remark: str) -> SheetRecord:
    """The same sheet with another remark on its second criterion."""
    items = tuple(replace(item, remark=remark) if item.criterion == "Q2" else item for item in record.sheet.items)
    return replace(record, sheet=replace(record.sheet, items=items))


@dataclass(frozen=True)
class Keys:
    """Who signs in a round: its authority, two experts (the second leads the panel) and the office."""

    authority: Credentials
    expert: Credentials
    leader: Credentials
    office: Credentials

    @property
    def roots(self) -> list[x509.Certificate]:
        """The round's authority."""
        return [self.authority.certificate]


def make_keys() -> Keys:
    """New keys for a round."""
    authority = make_credentials("2026 round-a", "authority")
    return Keys(
        authority,
        make_credentials("E007 欧阳䶮", "expert", authority),
        make_credentials("E001 王组长", "expert", authority),
        make_credentials("深圳市市场监督管理局", "office", authority),
    )


def make_credentials(name: str, unit: str, issuer: Credentials | None = None) -> Credentials:
    """A key with a certificate from ``issuer``, or one that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    ca = unit == "authority"
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2025, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2056, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
        .add_extension(_usage(certifies=ca), critical=True)
        .sign(issuer.key if issuer else key, hashes.SHA256())
    )
    return Credentials(key, certificate, (issuer.certificate,) if issuer else ())


def _usage(*, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies,
        content_commitment=not certifies,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=certifies,
        encipher_only=False,
        decipher_only=False,
    )


def make_font(path: Path, *, width: int = 1000, name: str = "Office-Regular") -> None:
    """A TrueType font that has one character: U+E123."""
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "own"])
    builder.setupCharacterMap({ord(PRIVATE): "own"})
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((0, 700))
    pen.lineTo((900, 700))
    pen.closePath()
    glyph = pen.glyph()
    builder.setupGlyf({".notdef": glyph, "own": glyph})
    builder.setupHorizontalMetrics({".notdef": (width, 0), "own": (width, 0)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Office", "styleName": "Regular", "psName": name})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120)
    builder.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    builder.save(path)


def run(*command: str | Path) -> str:
    """What a stock tool prints; it must succeed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    return done.stdout.decode("utf-8")


def text_of(pdf: bytes, folder: Path) -> str:
    """The text that ``pdftotext`` finds, without white space."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    return "".join(run("pdftotext", "-raw", path, "-").split())


def pages_of(pdf: bytes, folder: Path) -> list[str]:
    """The text of each page, in the order in which it was drawn."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    return run("pdftotext", "-raw", path, "-").split("\f")[:-1]


def split(grid: Grid, width: float, height: float) -> list[Grid]:
    """What fits into ``height`` and the rest, or nothing."""
    parts = grid.split(width, height)
    return [part for part in parts if isinstance(part, Grid)]
