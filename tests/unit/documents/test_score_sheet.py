"""The score sheet as people and machines get it: complete, findable, the same everywhere, no boxes for letters."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.paths import fonts_folder
from qisp_desktop.documents.fonts import forget_fonts, printed, unprintable
from qisp_desktop.documents.qr_code import sheet_code
from qisp_desktop.documents.score_sheet import FIELDS, UnknownTemplateError, printed_texts, render_score_sheet
from qisp_desktop.domain.papers import SHEET_TEMPLATE, SHEET_TEMPLATES
from tests.unit.documents.samples import PRIVATE, make_font, make_record, run, text_of, with_remark

HANAZONO = Path("/usr/share/fonts/truetype/hanazono/HanaMinA.ttf")
LAYOUTS = {
    1: (
        "a3beacf11109f0be9f339185daf67527f2d189c1f4a6f9b77c9949bf922ded17",
        "1bf1ddedd2df27254e532f702dd807a6a08a104d8ea619e5e9105b56e3f290df",
    ),
    2: (
        "60c4946ab6ec52a557b9f06cd12fe41f39c24b8ab82fc0d9a8e992e0a35e6912",
        "73e43a8fa7852bb424616fc0605e23c022e2a93b7cf3c22409aeddb894188020",
    ),
}
"""What the pages of a short and of a long sheet say, by version of the layout."""


def decoded_digest(pdf: bytes) -> str:
    """SHA-256 over what the pages' streams say, whatever packed them."""
    digest = hashlib.sha256()
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        for page in paper.pages:
            digest.update(page.Contents.read_bytes())
    return digest.hexdigest()


# What it says ------------------------------------------------------------------------------------------------------


def test_every_text_of_the_record_can_be_found_in_the_sheet(unsigned: bytes, tmp_path: Path) -> None:
    text = text_of(unsigned, tmp_path)
    for place, expected in printed_texts(make_record()):
        if place not in ("group Q", "group C") and not place.startswith("criterion") and expected != "c" * 64:
            assert "".join(expected.split()) in text, place
    for expected in (
        "评分表",
        "小计6.0/9.0",
        "小计8.0/10.0",
        "合计14.0/19.0",
        "第13条(1)",
        "第9条第13条(6)",
        "第1版",
        "1-评价申请书.pdf第3页",
    ):
        assert expected in text


@pytest.mark.parametrize("character", ["㛃", "䶮", "𬭚"])
def test_rare_characters_are_read_back_as_they_are(character: str, tmp_path: Path) -> None:
    pdf = render_score_sheet(make_record(remarks={"Q2": f"前{character}后"}, platform=f"台{character}台"))
    text = text_of(pdf, tmp_path)
    assert f"前{character}后" in text
    assert f"台{character}台" in text


def test_stock_tools_find_nothing_to_complain_about(unsigned: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(unsigned)
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", path)
    listed = [line.split() for line in run("pdffonts", path).splitlines()[2:]]
    assert {words[0].split("+")[1] for words in listed} == {"NotoSansSC-Regular", "NotoSansSC-Bold"}
    # embedded, subset, with a way back to Unicode
    assert all(words[-5:-2] == ["yes", "yes", "yes"] for words in listed)


def test_the_attachment_is_the_canonical_record(unsigned: bytes, tmp_path: Path) -> None:
    path, attached = tmp_path / "sheet.pdf", tmp_path / "sheet.json"
    path.write_bytes(unsigned)
    run("pdfdetach", "-save", "1", "-o", attached, path)
    assert attached.read_bytes() == to_bytes(make_record())


def test_every_page_carries_its_number_the_digest_and_the_code(tmp_path: Path) -> None:
    record = make_record(remarks={"Q2": "评语" * 3000})
    path = tmp_path / "sheet.pdf"
    path.write_bytes(render_score_sheet(record))
    pages = run("pdftotext", "-raw", path, "-").split("\f")[:-1]
    run("pdftoppm", "-r", "110", "-gray", path, tmp_path / "page")
    pictures = sorted(tmp_path.glob("page-*.pgm"))
    assert len(pages) == len(pictures) > 3
    for number, (text, picture) in enumerate(zip(pages, pictures, strict=True), start=1):
        folded = "".join(text.split())
        assert f"共{len(pages)}页·第{number}页" in folded
        assert record.sheet.digest in folded
        with Image.open(picture) as image:
            assert [code.text for code in zxingcpp.read_barcodes(image)] == [sheet_code(record.sheet)]


def test_the_fields_stand_empty_in_their_order_on_the_last_page(unsigned: bytes) -> None:
    with pikepdf.open(io.BytesIO(unsigned)) as paper:
        fields = list(paper.Root.AcroForm.Fields)
        assert [str(field.T) for field in fields] == list(FIELDS)
        assert all(field.P.objgen == paper.pages[-1].objgen and "/V" not in field for field in fields)


def test_a_revision_says_so_and_why(tmp_path: Path) -> None:
    assert "第2版（修订原因：补充现场核查情况）" in text_of(render_score_sheet(make_record(revision=2)), tmp_path)


# Long and odd texts ------------------------------------------------------------------------------------------------


def test_a_remark_of_20000_characters_goes_on_over_pages_without_losing_one(tmp_path: Path) -> None:
    # Numbered, so that a lost or repeated line would show.
    remark = "".join(f"第{number}条评语，内容完整；" for number in range(1700))[:20_000]
    start = time.process_time()
    pdf = render_score_sheet(make_record(remarks={"Q2": remark}))
    assert time.process_time() - start < 10
    path = tmp_path / "sheet.pdf"
    path.write_bytes(pdf)
    column = ("-x", "346", "-y", "60", "-W", "205", "-H", "695")
    pages = run("pdftotext", "-raw", *column, path, "-").split("\f")[:-1]
    assert len(pages) > 8
    folded = ["".join(page.split()) for page in pages]
    assert all(page.startswith("小计6.0/9.0评语与佐证") for page in folded[1:-1]), "each page repeats the heading"
    found = "".join(page.replace("小计6.0/9.0评语与佐证", "") for page in folded)
    assert remark in found


@pytest.mark.parametrize(
    "remark",
    [
        "。" * 20_000,
        "a" * 20_000,
        "\n" * 300 + "完",
        " " * 20_000 + "完",
        "（" * 5000,
        "甲\r\n" * 2000,
        "\t\x07\u202e\u200d甲" * 900,
    ],
    ids=["stops", "one word", "blank lines", "blanks", "opening marks", "lines", "controls"],
)
def test_no_text_breaks_the_layout(remark: str) -> None:
    with pikepdf.open(io.BytesIO(render_score_sheet(make_record(remarks={"Q2": remark})))) as paper:
        assert len(paper.pages) >= 1


def test_control_and_format_characters_have_no_form_and_are_left_out() -> None:
    assert printed("甲\x00\x07乙\u202e丙\u200d\ufe0f丁\U000e0101") == "甲乙丙丁"
    assert printed("甲\r\n乙\r丙\u2028丁\t戊\xa0己") == "甲\n乙\n丙\n丁    戊 己"


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_any_text_is_either_printed_or_named(text: str) -> None:
    record = make_record(remarks={"Q2": "评" + text})
    if missing := unprintable(text):
        with pytest.raises(UserError) as raised:
            render_score_sheet(record)
        assert f"U+{ord(missing[0][1]):04X}" in raised.value.what
    else:
        assert render_score_sheet(record).startswith(b"%PDF-")


@pytest.mark.parametrize(("character", "name"), [(PRIVATE, "U+E123"), ("\U0010ffff", "U+10FFFF")])
def test_a_character_that_cannot_be_shown_is_named_with_its_place(character: str, name: str) -> None:
    with pytest.raises(UserError) as raised:
        render_score_sheet(make_record(remarks={"Q2": f"好{character}"}))
    assert name in raised.value.what
    assert "remark on Q2, character 2" in raised.value.why
    assert str(fonts_folder()) in raised.value.do


@pytest.mark.parametrize("character", ["ש", "م"])
def test_no_font_is_asked_for_where_none_would_help(character: str) -> None:
    with pytest.raises(UserError) as raised:
        render_score_sheet(make_record(remarks={"Q2": f"好{character}"}))
    assert f"U+{ord(character):04X}" in raised.value.what
    assert "from right to left" in raised.value.why
    assert "font" not in raised.value.do


# Fonts -------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not HANAZONO.exists(), reason="fonts-hanazono is not installed")
def test_hanamin_prints_what_the_bundled_font_lacks(tmp_path: Path) -> None:
    pdf = render_score_sheet(make_record(remarks={"Q2": "土口𠮷先生"}))
    assert "土口𠮷先生" in text_of(pdf, tmp_path)
    assert "HanaMin" in run("pdffonts", tmp_path / "paper.pdf")


def test_a_font_of_the_office_comes_before_an_error(own_font: Path, tmp_path: Path) -> None:
    pdf = render_score_sheet(make_record(remarks={"Q2": f"字{PRIVATE}字"}))
    assert f"字{PRIVATE}字" in text_of(pdf, tmp_path)
    assert "Office-Regular" in run("pdffonts", tmp_path / "paper.pdf")


def test_another_release_of_the_bundled_font_is_told_from_it(own_font: Path, tmp_path: Path) -> None:
    make_font(own_font, name="NotoSansSC-Regular")
    forget_fonts()
    pdf = render_score_sheet(make_record(remarks={"Q2": f"字{PRIVATE}字"}))
    assert f"字{PRIVATE}字" in text_of(pdf, tmp_path)
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        programs = [len(font.FontDescriptor.FontFile2.read_bytes()) for font in paper.pages[0].Resources.Font.values()]
    assert min(programs) < 2000 < max(programs), "the small font was embedded beside the bundled one"


def test_a_broken_font_of_the_office_is_passed_over(own_font: Path, caplog: pytest.LogCaptureFixture) -> None:
    own_font.with_name("a-broken.ttf").write_bytes(own_font.read_bytes()[:200])
    forget_fonts()
    assert not unprintable(PRIVATE)
    assert "a-broken.ttf" in caplog.text


# Always the same ---------------------------------------------------------------------------------------------------


def test_the_same_record_gives_the_same_bytes(unsigned: bytes) -> None:
    render_score_sheet(make_record(remarks={"Q2": "别的评语"}))
    assert render_score_sheet(make_record()) == unsigned


@pytest.mark.parametrize(("zone", "language"), [("Asia/Shanghai", "zh_CN.UTF-8"), ("America/St_Johns", "de_DE.UTF-8")])
def test_the_bytes_are_the_same_in_another_process_time_zone_and_locale(
    unsigned: bytes, zone: str, language: str, tmp_path: Path
) -> None:
    program = (
        "import sys; from tests.unit.documents.samples import make_record;"
        "from qisp_desktop.documents.score_sheet import render_score_sheet;"
        "sys.stdout.buffer.write(render_score_sheet(make_record()))"
    )
    environment = {
        **os.environ,
        "TZ": zone,
        "LC_ALL": language,
        "QISP_LANGUAGE": language,
        "PYTHONHASHSEED": "7",
        "RL_useA85": "1",
        "HOME": str(tmp_path),
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True, timeout=60)
    assert done.stdout == unsigned


def test_another_record_gives_another_paper(unsigned: bytes) -> None:
    record = make_record()
    for other in (
        with_remark(record, "别的"),
        make_record(points={"Q1": "3.5", "Q2": "2", "C1": "8"}),
        make_record(revision=2),
        replace(record, expert_name="李四"),
        replace(record, decimals=2),
    ):
        assert decoded_digest(render_score_sheet(other)) != decoded_digest(unsigned)


@pytest.mark.parametrize("template", SHEET_TEMPLATES)
def test_the_layout_of_no_template_version_has_changed(template: int) -> None:
    """When this fails, signed papers no longer compare: raise SHEET_TEMPLATE and keep this layout beside the new."""
    short = render_score_sheet(make_record(template=template))
    remarks = {"Q1": "评语（含标点）与 words 2026。" * 150}
    long = render_score_sheet(make_record(remarks=remarks, revision=2, template=template))
    assert (decoded_digest(short), decoded_digest(long)) == LAYOUTS[template]
    assert max(SHEET_TEMPLATES) == SHEET_TEMPLATE


@pytest.mark.parametrize(("template", "archival"), [(1, False), (2, True)])
def test_sheets_are_archival_from_their_second_layout_on(template: int, archival: bool) -> None:
    with pikepdf.open(io.BytesIO(render_score_sheet(make_record(template=template)))) as paper:
        assert ("/OutputIntents" in paper.Root) == archival
        with paper.open_metadata() as metadata:
            assert (metadata.pdfa_status == "3U") == archival


# What is no sheet --------------------------------------------------------------------------------------------------


def test_a_record_of_another_layout_is_not_rendered() -> None:
    with pytest.raises(UnknownTemplateError):
        render_score_sheet(make_record(template=SHEET_TEMPLATE + 1))
    with pytest.raises(UnknownTemplateError):
        render_score_sheet(replace(make_record(), format="qisp-sheet/2"))


def test_what_no_expert_could_have_signed_is_not_rendered() -> None:
    record = make_record()
    unscored = replace(record.sheet, items=(replace(record.sheet.items[0], points=None), *record.sheet.items[1:]))
    for odd in (
        replace(record, sheet=unscored),
        replace(record, groups=record.groups[:1]),
        replace(record, groups=()),
        replace(record, decimals=10**9),
        replace(record, platform="台" * 5000),
    ):
        with pytest.raises(ValueError):  # noqa: PT011
            render_score_sheet(odd)


def test_a_very_long_name_stays_in_its_box_and_stands_whole_in_the_head(tmp_path: Path) -> None:
    name = "示例单位派驻的评审专家" * 5
    sheet = render_score_sheet(replace(make_record(), expert_name=name))
    assert name in text_of(sheet, tmp_path)
    (tmp_path / "sheet.pdf").write_bytes(sheet)
    words = run("pdftotext", "-layout", tmp_path / "sheet.pdf", "-")
    (line,) = (line for line in words.splitlines() if "组长签名" in line)
    assert "…" in line.partition("组长签名")[0]
    assert name not in line
