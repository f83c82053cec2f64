"""Make ``resources/sample``: the workbooks, application papers and site photos of the sample round.

    .venv/bin/python build_spec/make_sample.py

The same program gives the same files, so that a change of the sample shows in review as what was meant.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "build_spec"))

from sample_data import AREAS, BODIES, CATEGORIES, EXPERTS, YEAR, Body, number_of, projects_of  # noqa: E402

from qisp_desktop.services.sample import example_code, write_book  # noqa: E402

SAMPLE = ROOT / "resources" / "sample"
FONT = ROOT / "resources" / "fonts" / "NotoSansSC-Regular.ttf"
PREFIX = {"企业": "91440300", "社会组织": "52440300"}

_BODY = ParagraphStyle("body", fontName="Noto", fontSize=10.5, leading=17, wordWrap="CJK")
_CELL = ParagraphStyle("cell", parent=_BODY, fontSize=9.5, leading=14)
_TITLE = ParagraphStyle("title", parent=_BODY, fontSize=18, leading=28, alignment=TA_CENTER, spaceAfter=8)
_HEAD = ParagraphStyle("head", parent=_BODY, fontSize=12.5, leading=20, spaceBefore=10, spaceAfter=4)
_NOTE = "示例材料,不代表任何真实单位"

Story = list[Flowable]


def main() -> None:
    pdfmetrics.registerFont(TTFont("Noto", str(FONT)))
    shutil.rmtree(SAMPLE, ignore_errors=True)
    write_books()
    for position, body in enumerate(BODIES):
        folder = SAMPLE / "materials" / number_of(position)
        folder.mkdir(parents=True)
        for kind, (name, story) in enumerate(MATERIALS, start=1):
            if kind not in body.missing:
                write_pdf(folder / f"{kind}_{name}.pdf", name, body, story(position, body))
    write_photos()


# Workbooks --------------------------------------------------------------------------------------------------------


def code_of(position: int) -> str:
    body = BODIES[position]
    return example_code(PREFIX.get(body.kind, "12440300"), f"sample body {position}")


def write_books() -> None:
    write_book(SAMPLE / "applications.xlsx", {"申报信息": application_rows(), "项目清单": project_rows()})
    write_book(SAMPLE / "experts.xlsx", {"专家名单": expert_rows()})


def application_rows() -> list[tuple[Any, ...]]:
    head = (
        "申报编号", "平台名称", "建设主体", "统一社会信用代码", "主体类型", "运营起始日期", "法定代表人", "注册地址",
        "所在区", "联系人", "联系电话", "企业服务人员数", "服务能力", "重点领域", f"{YEAR - 2}年服务企业数",
        f"{YEAR - 1}年服务企业数", "审计意见", "严重失信主体", "场所面积(㎡)", "平台简介",
    )  # fmt: skip
    rows = [
        (
            number_of(n), body.platform, body.name, code_of(n), body.kind, body.started, body.representative,
            f"深圳市{body.district}{body.street}", body.district, body.contact, f"1380000{n + 101:04d}", body.staff,
            ";".join(CATEGORIES[c] for c in body.categories), AREAS[body.area], *body.served, "标准无保留意见", "否",
            body.premises, f"面向{body.cluster}产业集群,提供{CATEGORIES[body.categories[0]]}等多要素质量服务。",
        )
        for n, body in enumerate(BODIES)
    ]  # fmt: skip
    return [head, *rows]


def project_rows() -> list[tuple[Any, ...]]:
    head = ("申报编号", "项目名称", "服务对象", "年度", "服务类别", "合同金额(万元)", "成效与认可")
    rows = [
        (number_of(n), work.name, work.client, work.year, work.category, work.amount / 100, work.recognition)
        for n in range(len(BODIES))
        for work in projects_of(n)
    ]
    return [head, *rows]


def expert_rows() -> list[tuple[Any, ...]]:
    head = ("专家编号", "姓名", "工作单位", "单位统一社会信用代码", "职称", "专业领域", "手机号码", "角色")
    rows = [
        (
            f"E{n:03d}",
            person.name,
            person.organisation(n),
            example_code("12440300", f"sample expert {n}") if person.body is None else code_of(person.body),
            person.title,
            ";".join(CATEGORIES[c] for c in person.fields),
            f"1390000{n + 200:04d}",
            "组长" if n == 1 else "成员",
        )
        for n, person in enumerate(EXPERTS, start=1)
    ]
    return [head, *rows]


# Papers -----------------------------------------------------------------------------------------------------------


def write_pdf(path: Path, name: str, body: Body, story: Story) -> None:
    data = io.BytesIO()
    document = SimpleDocTemplate(
        data, pagesize=A4, title=name, author=body.name, invariant=1, leftMargin=24 * mm, rightMargin=24 * mm,
        topMargin=22 * mm, bottomMargin=22 * mm,
    )  # fmt: skip

    def footer(canvas: Any, _document: Any) -> None:
        canvas.setFont("Noto", 8)
        canvas.setFillColor(colors.grey)
        canvas.drawCentredString(A4[0] / 2, 12 * mm, f"{_NOTE} · {canvas.getPageNumber()}")

    document.build([_p(name, _TITLE), _p(f"申报单位:{body.name}"), Spacer(0, 8), *story], footer, footer)
    pikepdf.settings.set_flate_compression_level(9)
    with pikepdf.open(data) as pdf:
        # Binary streams instead of reportlab's ASCII ones: a third smaller.
        pdf.save(
            path,
            recompress_flate=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            deterministic_id=True,
        )


def _p(text: str, style: ParagraphStyle = _BODY) -> Paragraph:
    return Paragraph(text, style)


def _h(text: str) -> Paragraph:
    return _p(text, _HEAD)


def _page(text: str) -> Story:
    """A section that begins a new page."""
    return [PageBreak(), _h(text)]


def _table(rows: list[tuple[Any, ...]], *widths: int) -> Table:
    table = Table([[_p(str(cell), _CELL) for cell in row] for row in rows], [w * mm for w in widths], repeatRows=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table


def _list(*sentences: str) -> Story:
    return [_p(f"{n}. {sentence}") for n, sentence in enumerate(sentences, start=1)]


def application_form(n: int, body: Body) -> Story:
    before, last = body.served
    growth = (last - before) * 1000 // before
    return [
        _h("一、基本情况"),
        _table(
            [
                ("申报编号", number_of(n)), ("平台名称", body.platform), ("统一社会信用代码", code_of(n)),
                ("主体类型", body.kind), ("运营起始日期", f"{body.started:%Y年%m月%d日}"),
                ("地址", f"深圳市{body.district}{body.street}"), ("企业服务人员", f"{body.staff}人"),
                ("场所面积", f"{body.premises}平方米"), ("重点领域", AREAS[body.area]),
            ],
            40, 120,
        ),
        *_page("二、服务成效"),
        *_list(
            f"{YEAR - 2}年服务企业{before}家,{YEAR - 1}年{last}家,增长{growth // 10}.{growth % 10}%。",
            f"其中小微企业{last * (35 + n * 3) // 100}家,按公开的优惠标准减免收费。",
            f"满意度调查{last // 4}份,满意{last // 4 - n % 5 - 1}份,原始记录留存备查。",
        ),
        *_page("三、一站式服务"),
        *_list(
            f"线下窗口设在{body.street},受理{'、'.join(CATEGORIES[c] for c in body.categories)}。",
            f"线上系统全年受理{last * 3}件,按时办结{last * 3 - last // 20}件。",
            f"服务目录、收费和时限在窗口和线上同时公开。针对{body.cluster}集群形成整体解决方案{2 + n % 3}个。",
        ),
    ]  # fmt: skip


def registration(n: int, body: Body) -> Story:
    return [
        Spacer(0, 20),
        _table(
            [
                ("名称", body.name), ("统一社会信用代码", code_of(n)), ("类型", body.kind),
                ("法定代表人", body.representative), ("住所", f"深圳市{body.district}{body.street}"),
                ("成立日期", f"{body.started:%Y年%m月%d日}"), ("有效期", "长期"),
                ("业务范围", f"{body.cluster}领域的{'、'.join(CATEGORIES[c] for c in body.categories)}服务"),
            ],
            45, 115,
        ),
        Spacer(0, 30),
        _p("本页为登记证书副本的示例,无登记机关印章。"),
    ]  # fmt: skip


def rules(n: int, body: Body) -> Story:
    names = (
        "服务受理与交接",
        "合同评审",
        "仪器设备管理",
        "人员能力管理",
        "报告审核签发",
        "投诉处理",
        "内部审核",
        "信息保密",
    )
    listed = [("编号", "名称", "版本", "生效日期")]
    listed += [(f"QP-{k:02d}", f"{name}程序", f"{1 + (n + k) % 4}.0", f"{YEAR - 1}年{1 + (n + k) % 12}月1日")
               for k, name in enumerate(names, start=1)]  # fmt: skip
    return [
        _h("一、现行文件清单"),
        _table(listed, 25, 75, 20, 40),
        *_page("二、服务流程"),
        *_list(
            "窗口或线上受理,当日登记并告知办理时限。",
            "组织合同评审,确定各服务要素的承办部门和合作机构。",
            "实施服务,过程记录与原始数据当日归档。",
            "报告经审核、批准后签发,十日内回访。",
        ),
        *_page("三、执行记录"),
        *_list(
            f"{YEAR - 1}年内部审核1次,发现不符合{2 + n % 4}项,全部完成整改。",
            f"{YEAR - 1}年受理投诉{n % 3}件,平均{3 + n % 4}日办结。",
            "管理评审提出改进措施3项,已列入当年计划。",
        ),
    ]


def audit_report(n: int, body: Body) -> Story:
    assets = 2100 + n * 370
    income = body.staff * 34 + n * 41
    figures = [
        ("项目(万元)", f"{YEAR - 2}年", f"{YEAR - 1}年"),
        ("资产总额", assets - 180, assets),
        ("负债总额", assets * 38 // 100, assets * (34 + n) // 100),
        ("服务收入", income - income // 9, income),
        ("经营活动现金流量净额", income // 14, income // 12),
        ("结余", income // 20, income // 17),
    ]
    return [
        _h("一、审计意见"),
        _p(f"我们审计了{body.name}{YEAR - 1}年度财务报表。我们认为,财务报表在所有重大方面按照会计准则的规定编制,"
           "公允反映了财务状况、经营成果和现金流量。"),
        _p("意见类型:标准无保留意见"),
        *_page("二、主要数据"),
        _table(figures, 70, 40, 40),
        Spacer(0, 24),
        _p("示例会计师事务所"),
        _p(f"{YEAR}年3月{10 + n}日"),
    ]  # fmt: skip


def capability(n: int, body: Body) -> Story:
    rows = [("服务能力", "持证人员", "近两年合同", "证明")]
    for k, category in enumerate(body.categories):
        proof = ("资质证书", "人员证书", "合同与报告")[(n + k) % 3]
        rows.append((CATEGORIES[category], f"{2 + (n + k) % 6}人", f"{6 + (n * 5 + k * 3) % 30}份", proof))
    return [
        _h("一、服务能力"),
        _table(rows, 45, 30, 35, 50),
        *_page("二、人员与设备"),
        *_list(
            f"企业服务人员{body.staff}人,高级职称或注册资格{body.staff * (18 + n) // 100}人,社保记录与名册一致。",
            f"主要仪器设备{20 + body.premises // 90}台,检定校准均在有效期内。",
            f"与{3 + n % 7}家机构签有现行合作协议,近一年由合作机构完成服务{2 + n % 5}项。",
        ),
        *_page("三、数字化与创新"),
        *_list(
            f"建有{body.cluster}质量基础数据库,收录数据{3 + n}万条。",
            f"近一年发布产业质量分析报告{n % 3}份,自有方法、软件和专利共{1 + n % 4}项用于服务。",
        ),
    ]


def project_list(n: int, body: Body) -> Story:
    rows: list[tuple[Any, ...]] = [("年度", "项目", "服务对象", "类别", "万元", "成效与认可")]
    for work in projects_of(n):
        amount = f"{work.amount // 100}.{work.amount % 100:02d}"
        rows.append((work.year, work.name, work.client, work.category, amount, work.recognition))
    return [_h("近三年质量技术服务项目"), _table(rows, 14, 48, 36, 20, 16, 30)]


def declaration(n: int, body: Body) -> Story:
    return [
        _p(f"本单位就申报深圳市质量基础设施“一站式”服务平台({number_of(n)})郑重声明:"),
        *_list(
            "所提交的申请材料真实、完整,复印件与原件一致。",
            "本单位依法不属于严重失信主体。",
            "接受现场核查,并对提交虚假材料的后果承担责任。",
        ),
        Spacer(0, 40),
        _p(f"法定代表人:{body.representative}(示例,未签字)"),
        _p(f"{YEAR}年5月{12 + n}日"),
    ]


MATERIALS: tuple[tuple[str, Callable[[int, Body], Story]], ...] = (
    ("评价申请书", application_form),
    ("注册登记证书副本", registration),
    ("管理制度和程序文件", rules),
    ("上年度财务审计报告", audit_report),
    ("服务能力证明材料", capability),
    ("近三年服务项目清单", project_list),
    ("申报材料真实性声明", declaration),
)


# Photos -----------------------------------------------------------------------------------------------------------

# What is drawn, when it was taken, and how the camera was held (EXIF orientation).
PHOTOS = (
    ("受理窗口", "2026:07:03 09:42:10", 1),
    ("检测实验室", "2026:07:03 10:05:33", 6),
    ("设备与标签", "2026:07:03 10:18:47", 3),
    ("档案室", "2026:07:03 10:40:02", 8),
)
_TURN_BACK = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
_DATE_TIME_ORIGINAL, _ORIENTATION, _EXIF_IFD = 0x9003, 0x0112, 0x8769


def write_photos() -> None:
    folder = SAMPLE / "photos"
    folder.mkdir(parents=True)
    for n, (what, taken, orientation) in enumerate(PHOTOS, start=1):
        image = _scene(what, n)
        turn = _TURN_BACK[orientation]
        stored = image if turn is None else image.transpose(turn)
        exif = Image.Exif()
        exif[_ORIENTATION] = orientation
        exif.get_ifd(_EXIF_IFD)[_DATE_TIME_ORIGINAL] = taken
        stored.save(folder / f"IMG_{n:04d}.jpg", quality=72, exif=exif)


def _scene(what: str, n: int) -> Image.Image:
    """A room drawn with a few shapes; upright pictures for cameras that were held upright."""
    size = (900, 1200) if PHOTOS[n - 1][2] in (6, 8) else (1200, 900)
    image = Image.new("RGB", size, (226, 231, 236))
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.rectangle((0, height * 3 // 4, width, height), fill=(176, 166, 150))
    for k in range(5):
        left = width * (k * 19 + 4) // 100
        top = height * (30 + (k * n * 7) % 25) // 100
        draw.rectangle((left, top, left + width * 15 // 100, height * 3 // 4), fill=(70 + 25 * k, 105 + 12 * n, 150))
        draw.rectangle((left + 12, top + 14, left + width * 13 // 100, top + 60), fill=(245, 245, 240))
    font = ImageFont.truetype(str(FONT), 56)
    draw.text((width // 2, height // 8), f"示例 {what}", font=font, fill=(30, 40, 60), anchor="mm")
    return image


if __name__ == "__main__":
    main()
