"""Files as applicants send them, good and bad, made by the tests."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pikepdf
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from qisp_desktop.domain.application import Application, Material, Project, ServedEnterprises
from qisp_desktop.domain.regulation import BodyKind, KeyArea, MaterialKind, ServiceCategory

FONT = Path(__file__).parents[3] / "resources" / "fonts" / "NotoSansSC-Regular.ttf"
A4 = (595.0, 842.0)


@cache
def pdf(pages: int, *, word: str = "metrology", sizes: tuple[tuple[float, float], ...] = (A4,)) -> bytes:
    """Each page says ``page N`` and ``word N``."""
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for page in range(pages):
        canvas.setPageSize(sizes[page % len(sizes)])
        canvas.setFont("Helvetica", 24)
        canvas.drawString(72, 400, f"page {page + 1}")
        canvas.drawString(72, 300, f"{word} {page + 1}")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


@cache
def chinese_pdf(*lines: str) -> bytes:
    """One page with these lines in the bundled font."""
    pdfmetrics.registerFont(TTFont("Noto", str(FONT)))
    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.setFont("Noto", 16)
    for number, line in enumerate(lines):
        canvas.drawString(72, 700 - 30 * number, line)
    canvas.save()
    return stream.getvalue()


def encrypted_pdf() -> bytes:
    """One that opens with a password only."""
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(2))) as document:
        document.save(stream, encryption=pikepdf.Encryption(owner="owner", user="user", R=6))
    return stream.getvalue()


def huge_png(side: int) -> bytes:
    """A white square of ``side`` pixels that never was in memory: 900 million pixels fit into 110 KB."""
    row = b"\0" + b"\xff" * (side // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    header = side.to_bytes(4, "big") * 2 + bytes((1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def picture(form: str, size: tuple[int, int] = (400, 200), *, orientation: int = 0) -> bytes:
    """A picture whose left half is red and whose right half is blue; with an EXIF orientation if one is given."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    stream = io.BytesIO()
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    image.save(stream, form, exif=exif, lossless=True)
    return stream.getvalue()


def tiff_of(pages: int) -> bytes:
    """A scan of several pages in one file."""
    images = [Image.new("RGB", (200, 300), "white") for _ in range(pages)]
    stream = io.BytesIO()
    images[0].save(stream, "TIFF", save_all=True, append_images=images[1:])
    return stream.getvalue()


class Papers:
    """An application with materials, and the way to read them, which counts what was read."""

    def __init__(self, *files: tuple[str, str, bytes], number: str = "QISP-2026-001") -> None:
        self.contents = {hashlib.sha256(content).hexdigest(): content for _kind, _name, content in files}
        self.reads: list[str] = []
        self.application = application(
            number,
            [
                Material(MaterialKind(kind), name, hashlib.sha256(content).hexdigest(), len(content))
                for kind, name, content in files
            ],
        )

    def read(self, material: Material) -> bytes:
        """The content of ``material``."""
        self.reads.append(material.name)
        return self.contents[material.sha256]

    def sha256(self, name: str) -> str:
        """The digest of the file of that name."""
        return next(one.sha256 for one in self.application.materials if one.name == name)


def application(number: str, materials: Sequence[Material]) -> Application:
    """An application with a full record."""
    return Application(
        number=number,
        platform="示例质量基础设施服务平台",
        summary="为中小企业提供一站式服务",
        applicant="示例计量检测研究院",
        uscc="12440300MB2C12345X",
        body_kind=BodyKind.INSTITUTION,
        started_on=date(2019, 3, 1),
        legal_representative="张三",
        address="示例路1号",
        district="南山区",
        contact="李四",
        phone="0755-1234",
        staff=36,
        categories=(ServiceCategory.METROLOGY, ServiceCategory.TESTING),
        key_areas=(KeyArea.EMERGING,),
        served=(ServedEnterprises(2024, 820), ServedEnterprises(2025, 1130)),
        audit_opinion="标准无保留意见",
        dishonest=None,
        premises=Decimal("2300.5"),
        projects=(Project("计量一站式", "客户甲", 2025, ServiceCategory.METROLOGY, Decimal("12.5"), "市级表彰"),),
        materials=tuple(materials),
    )


FORM = ("1", "申请书.pdf", pdf(9))


def seven_materials() -> Papers:
    """An application with files of most kinds, one of them twice."""
    return Papers(
        FORM,
        ("2", "证照.jpg", picture("JPEG")),
        ("3", "制度.txt", "第一条 计量\n第二条 标准".encode("gb18030")),
        ("5", "能力一.pdf", pdf(2, word="capability")),
        ("5", "能力二.pdf", pdf(3, word="testing")),
        ("6", "清单.docx", b"PK\x03\x04" + bytes(400)),
    )
