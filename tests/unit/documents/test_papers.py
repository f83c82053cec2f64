"""The other papers of a round: whole, findable, the same each time, in order whatever stands in them."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.units import mm

from qisp_desktop.base.codec import from_bytes
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.documents.charts import Dot, DotPlot, DotPlotData
from qisp_desktop.documents.evaluation_report import render_evaluation_report
from qisp_desktop.documents.expert_summary import render_expert_summary
from qisp_desktop.documents.house_style import MARGIN, PAGE_WIDTH, Gap
from qisp_desktop.documents.inspection_record import NOT_OPENED, render_inspection_record
from qisp_desktop.documents.lists import render_assignment_list, render_deviation_list, render_sign_in_sheet
from qisp_desktop.documents.paper import RecordCode
from qisp_desktop.documents.rendering import Furniture, render
from qisp_desktop.documents.report_record import REPORT_TEMPLATE, EvaluationReport
from qisp_desktop.documents.round_report import render_round_report
from qisp_desktop.documents.supplement_letter import render_supplement_letter
from qisp_desktop.documents.text import width_of
from tests.unit.documents.paper_samples import (
    Kind,
    kinds,
    make_inspection,
    make_report,
    photo_line,
    shown_photos,
    with_remark,
)
from tests.unit.documents.samples import PRIVATE, pages_of, run, text_of

ALL = kinds()
RENDER: dict[str, Callable[..., bytes]] = {
    "report": render_evaluation_report,
    "inspection": render_inspection_record,
    "summary": render_expert_summary,
    "round-report": render_round_report,
    "deviations": render_deviation_list,
    "assignments": render_assignment_list,
    "sign-in": render_sign_in_sheet,
    "letter": render_supplement_letter,
}
NOT_PRINTED = {
    "format",
    "round",
    "kind",
    "dropped",
    "digest",
    "sha256",
    "record",
    "side",
    "uscc_of",
    "taken",
    "article",
}
"""Fields that are not printed letter by letter: codes, digests that are shortened, articles (13.4 is 第13条(4))."""


@pytest.fixture(params=ALL, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param  # type: ignore[no-any-return]


def texts_of(value: object) -> Iterator[str]:
    """Every text of a record that its paper has to show."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from texts_of(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name not in NOT_PRINTED:
                yield from texts_of(getattr(value, field.name))


# What every kind keeps ---------------------------------------------------------------------------------------------


def test_every_text_of_the_record_stands_on_the_paper(kind: Kind, tmp_path: Path) -> None:
    text = text_of(kind.render(), tmp_path)
    for expected in texts_of(kind.record):
        assert "".join(expected.split()) in text, expected


def test_stock_tools_find_a_sound_file_with_only_the_bundled_fonts(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(kind.render())
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", path)
    listed = [line.split() for line in run("pdffonts", path).splitlines()[2:]]
    assert {words[0].split("+")[1] for words in listed} <= {"NotoSansSC-Regular", "NotoSansSC-Bold"}
    # embedded, subset, with a way back to Unicode
    assert all(words[-5:-2] == ["yes", "yes", "yes"] for words in listed)


def test_every_page_carries_its_number_and_a_code_with_round_kind_subject_and_digest(
    kind: Kind, tmp_path: Path
) -> None:
    pages = pages_of(kind.render(), tmp_path)
    run("pdftoppm", "-r", "100", "-gray", tmp_path / "paper.pdf", tmp_path / "page")
    pictures = sorted(tmp_path.glob("page-*.pgm"))
    assert len(pictures) == len(pages)
    for number, (text, picture) in enumerate(zip(pages, pictures, strict=True), start=1):
        assert f"共{len(pages)}页·第{number}页" in "".join(text.split())
        assert kind.record.digest in text
        with Image.open(picture) as image:
            (code,) = zxingcpp.read_barcodes(image)
        said = RecordCode.parse(code.text)
        assert said is not None
        assert (said.kind, said.round, said.digest) == (kind.name, "round-a", kind.record.digest)


def test_the_same_record_gives_the_same_bytes(kind: Kind) -> None:
    assert kind.render() == kind.render()


def test_the_bytes_are_the_same_in_another_process_and_time_zone() -> None:
    program = (
        "import hashlib; from tests.unit.documents.paper_samples import kinds\n"
        "print(hashlib.sha256(b''.join(kind.render() for kind in kinds())).hexdigest())"
    )
    here = sha256(b"".join(kind.render() for kind in kinds()))
    elsewhere = os.environ | {"TZ": "Asia/Shanghai", "LC_ALL": "zh_CN.UTF-8", "PYTHONHASHSEED": "7"}
    there = subprocess.run(
        [sys.executable, "-c", program], env=elsewhere, capture_output=True, text=True, check=True, timeout=60
    )
    assert there.stdout.strip() == here


def test_title_language_and_the_archival_declaration_are_set(kind: Kind) -> None:
    with pikepdf.open(io.BytesIO(kind.render())) as paper:
        assert paper.Root.Lang == "zh-CN"
        assert paper.Root.ViewerPreferences.DisplayDocTitle
        title = str(paper.docinfo.Title)
        with paper.open_metadata() as metadata:
            assert metadata.pdfa_status == "3U"
            assert metadata["dc:title"] == title
        assert paper.Root.OutputIntents[0].S == pikepdf.Name.GTS_PDFA1
        # ISO 19005-3: no field without an appearance, no transparency, nothing that runs
        for field in paper.Root.AcroForm.Fields if "/AcroForm" in paper.Root else ():
            assert field.AP.N is not None
        for thing in paper.objects:
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                assert "/SMask" not in thing
                assert "/JS" not in thing


@pytest.mark.parametrize("name", ["report", "inspection", "round-report", "summary", "assignments", "letter"])
def test_bookmarks_lead_to_the_sections(name: str) -> None:
    kind = next(kind for kind in ALL if kind.name == name)
    with pikepdf.open(io.BytesIO(kind.render())) as paper, paper.open_outline() as outline:
        assert outline.root
        assert all(item.destination is not None or item.action is not None for item in outline.root)


def test_every_section_of_a_report_has_a_bookmark_of_its_own_name() -> None:
    with pikepdf.open(io.BytesIO(render_evaluation_report(make_report()))) as paper, paper.open_outline() as outline:
        found = {str(item.title): [str(one.title) for one in item.children] for item in outline.root}
    assert list(found) == [
        "一、服务平台概况",
        "二、形式审查",
        "三、评审结果",
        "四、专家评语",
        "五、现场核查",
        "六、推荐意见",
        "七、专家组组长意见与签名",
    ]
    assert found["三、评审结果"][0] == "专家总分分布（不署名）"
    assert found["五、现场核查"] == ["核查记录之1"]


# The report --------------------------------------------------------------------------------------------------------


def test_the_layout_of_this_template_version_has_not_changed() -> None:
    """When this fails, countersigned reports no longer compare: raise REPORT_TEMPLATE."""
    said = hashlib.sha256()
    for report in (with_remark("评语（含标点）与 words 2026。" * 90), make_report(remarks=())):
        with pikepdf.open(io.BytesIO(render_evaluation_report(report))) as paper:
            for page in paper.pages:
                said.update(page.Contents.read_bytes())
    assert (REPORT_TEMPLATE, said.hexdigest()) == (
        3,
        "2ecb970b688ebbdc743a6ea5efbd53d3496e19db603a98b5f46aafb5326606aa",
    )


def test_the_report_holds_its_record_and_no_expert() -> None:
    with pikepdf.open(io.BytesIO(render_evaluation_report(make_report()))) as paper:
        data = paper.attachments["record.json"].get_file().read_bytes()
        assert paper.Root.AF[0].AFRelationship == pikepdf.Name.Data
    assert from_bytes(EvaluationReport, data) == make_report()
    assert b"E00" not in data
    assert "欧阳".encode() not in data


def test_an_application_without_any_valid_sheet_has_a_report_that_says_so(tmp_path: Path) -> None:
    report = make_report(remarks=())
    groups = tuple(
        dataclasses.replace(
            group,
            mean=None,
            median=None,
            criteria=tuple(dataclasses.replace(one, mean=None) for one in group.criteria),
        )
        for group in report.result.groups
    )
    result = dataclasses.replace(
        report.result,
        status="有效评分表不足",
        totals=(),
        final=None,
        median=None,
        rank=None,
        groups=groups,
        deviations=(),
    )
    empty = dataclasses.replace(report, result=result, visits=(), visit_due=True)
    text = text_of(render_evaluation_report(empty), tmp_path)
    assert "没有有效评分表（有效评分表不足）" in text
    assert "专家未填写评语" in text
    assert "核查记录尚未交回" in text


def test_a_remark_of_twenty_thousand_characters_is_printed_whole_and_quickly(tmp_path: Path) -> None:
    remark = "".join(f"第{n}句，评语很长；“引用”（括号）。" for n in range(1100))
    begun = time.process_time()
    pdf = render_evaluation_report(with_remark(remark[:20_000]))
    assert time.process_time() - begun < 30
    pages = pages_of(pdf, tmp_path)
    printed = "".join("".join(page.split()) for page in pages)
    # A page may end in the middle of one of them.
    assert len([n for n in range(1, 1000) if f"第{n}句" not in printed]) < len(pages)
    assert "七、专家组组长意见与签名" in "".join(pages[-1].split())


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(tmp_path: Path) -> None:
    remark = "甲，乙；丙。“丁”（戊）、己" * 700
    for page in pages_of(render_evaluation_report(with_remark(remark)), tmp_path):
        for line in page.splitlines():
            assert line[:1] not in "，。；、”）", line
            assert line[-1:] not in "“（", line


@pytest.mark.parametrize(
    ("text", "seen"),
    [("前\t后", "前后"), ("前\x07\x00后", "前后"), ("第一行\r\n第二行", "第一行第二行"), ("䶮㛃𬭚", "䶮㛃𬭚")],
    ids=["tab", "control", "lines", "rare"],
)
def test_odd_characters_are_printed_or_left_out(text: str, seen: str, tmp_path: Path) -> None:
    assert seen in text_of(render_evaluation_report(with_remark(text)), tmp_path)


@pytest.mark.parametrize("text", ["很好\U0001f984", "שלום", PRIVATE], ids=["emoji", "right-to-left", "private"])
def test_a_character_that_no_font_has_is_named_with_its_place(text: str) -> None:
    with pytest.raises(UserError) as refused:
        render_evaluation_report(with_remark(text))
    assert f"U+{ord(text[-1] if text != 'שלום' else text[0]):04X}" in refused.value.what
    assert "QISP-2026-001, remarks 1, texts 1" in refused.value.why


def test_names_of_sixty_characters_break_into_lines_and_stay_whole(tmp_path: Path) -> None:
    name = "深圳市" + "质量基础设施" * 9 + "服务平台"
    assert name in text_of(render_evaluation_report(make_report(platform=name)), tmp_path)


def with_long_names(value: object) -> object:
    """The record with every name and organisation sixty characters long."""
    if isinstance(value, tuple):
        return tuple(map(with_long_names, value))
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    long = {"name", "platform", "applicant", "organisation", "expert_name", "received_by", "round_name", "office"}
    changes = {
        field.name: "很" * 60
        if field.name in long and value.__class__.__name__ != "PhotoLine"
        else with_long_names(old)
        for field in dataclasses.fields(value)
        if (old := getattr(value, field.name)) is not None
    }
    return dataclasses.replace(value, **changes)


def test_long_names_never_leave_the_page_or_run_into_each_other(kind: Kind, tmp_path: Path) -> None:
    record = with_long_names(kind.record)
    shown = {"photos": None} if kind.name == "inspection" else {}
    path = tmp_path / "paper.pdf"
    path.write_bytes(RENDER[kind.name](record, **shown))
    boxes = run("pdftotext", "-bbox", path, "-")
    words = [tuple(map(float, found)) for found in re.findall(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax', boxes)]
    assert words
    for left, _top, right in words:
        assert left >= MARGIN - 1
        assert right <= PAGE_WIDTH - MARGIN + 1


def test_names_of_thousands_of_characters_are_laid_out_too(tmp_path: Path) -> None:
    report = make_report(platform="鹏" * 5000)
    groups = tuple(dataclasses.replace(report.result.groups[0], code=f"G{n}", name="鹤" * 300) for n in range(45))
    report = dataclasses.replace(report, result=dataclasses.replace(report.result, groups=groups))
    text = text_of(render_evaluation_report(report), tmp_path)
    assert text.count("鹏") == 5000
    assert text.count("鹤") >= 45 * 300
    record = dataclasses.replace(make_inspection(photos=(photo_line("a.jpg", "鹊" * 5000),)), received_by="鹭" * 5000)
    text = text_of(render_inspection_record(record, shown_photos(record)), tmp_path)
    assert text.count("鹊") > 5000  # its beginning under the photo, the whole below
    assert text.count("鹭") > 5000  # the whole among the facts, its beginning above the signature


def test_what_fits_on_no_page_is_refused_with_a_word() -> None:
    with pytest.raises(UserError, match="评价报告 QISP-2026-001 cannot be laid out"):
        render(
            [Gap(2000)],
            Furniture(title="评价报告 QISP-2026-001", office="局", header="", header_right=""),
        )


# Plots -------------------------------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(st.lists(st.integers(0, 200), min_size=1, max_size=15))
def test_numbers_in_the_plot_never_lie_on_each_other(halves: list[int]) -> None:
    dots = tuple(Dot(Decimal(half) / 2, False) for half in sorted(halves))
    plot = DotPlot(DotPlotData(dots, Decimal(100), Decimal(75), None, None))
    plot.wrap(176 * mm, 0)
    from qisp_desktop.documents.charts import _LABEL, _text

    placed: dict[int, float] = {}
    for dot, level in zip(dots, plot._levels, strict=True):
        half = width_of(_text(dot.points), _LABEL) / 2
        x = plot._x(dot.points)
        assert placed.get(level, float("-inf")) <= x - half
        placed[level] = x + half


@pytest.mark.parametrize("count", [1, 60, 300])
def test_a_plot_of_equal_totals_fits_on_a_page(count: int) -> None:
    dots = tuple(Dot(Decimal(80), False) for _n in range(count))
    plot = DotPlot(DotPlotData(dots, Decimal(100), Decimal(75), Decimal(80), Decimal(80)))
    assert plot.wrap(176 * mm, 0)[1] < 500


@pytest.mark.parametrize("maximum", ["1", "19", "100", "2500", "1" + "0" * 38])
def test_an_axis_of_any_length_is_drawn_at_once(maximum: str) -> None:
    report = make_report()
    result = dataclasses.replace(report.result, maximum=Decimal(maximum))
    begun = time.process_time()
    assert render_evaluation_report(dataclasses.replace(report, result=result))
    assert time.process_time() - begun < 20


def test_a_record_that_no_panel_came_to_is_not_drawn() -> None:
    report = make_report()
    result = dataclasses.replace(report.result, totals=report.result.totals * 1000)
    with pytest.raises(ValueError, match="more totals"):
        render_evaluation_report(dataclasses.replace(report, result=result))


# Photos ------------------------------------------------------------------------------------------------------------


def test_photos_are_shown_with_caption_time_and_digest_and_say_why_not(tmp_path: Path) -> None:
    record = make_inspection()
    pdf = render_inspection_record(record, shown_photos(record))
    text = text_of(pdf, tmp_path)
    assert "照片1（核查发现1）受理窗口" in text
    assert "照片2拍摄时间" in text, "a photo without a caption is not called by its file's name twice"
    assert "第13条(4)" in text
    assert "2026-07-0309:42:10" in text
    assert record.photos[1].sha256[:16] in text
    assert "照片无法显示：照片已损坏" in text
    assert len(run("pdfimages", "-list", tmp_path / "paper.pdf").splitlines()) == 3


def test_without_the_passphrase_captions_and_whole_digests_are_listed_and_it_says_so(tmp_path: Path) -> None:
    record = make_inspection()
    text = text_of(render_inspection_record(record, None), tmp_path)
    assert "".join(NOT_OPENED.split()) in text
    assert all(photo.sha256 in text for photo in record.photos)


def test_a_drawn_signature_is_shown_and_the_other_side_signs_on_paper(tmp_path: Path) -> None:
    text = text_of(render_inspection_record(make_inspection(), None), tmp_path)
    assert "核查专家签名：欧阳䶮（现场在屏幕上手写）" in text
    assert "被核查方签名：接待人甲日期：年月日" in text
    drawn, plain = (render_inspection_record(make_inspection(drawn=on), None) for on in (True, False))
    assert len(drawn) != len(plain)
