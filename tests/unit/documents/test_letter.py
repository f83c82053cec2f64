"""The passphrase letter says what the expert must type and compare, on one page."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.documents.letter import PassphraseLetter, render_letter
from tests.unit.documents.samples import run, text_of

LETTER = PassphraseLetter(
    office="深圳市市场监督管理局",
    round_name="2026年度质量基础设施“一站式”服务平台评价",
    year=2026,
    expert_id="E007",
    expert_name="欧阳䶮",
    organisation="深圳市计量质量检测研究院",
    issue="E007-1",
    passphrase="4821-0937-5526-1204-7788",
    ca_fingerprint="0123456789abcdef" * 4,
    package_name="E007.qpanel",
)


def test_the_letter_says_all_that_the_expert_needs(tmp_path: Path) -> None:
    pdf = render_letter(LETTER)
    text = text_of(pdf, tmp_path)
    for expected in (LETTER.passphrase, "欧阳䶮", "E007-1", "E007.qpanel", "0123456789ABCDEF" * 4, "共1页·第1页"):
        assert expected in text
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", tmp_path / "paper.pdf")


def test_the_same_letter_is_the_same_file_and_one_page() -> None:
    pdf = render_letter(LETTER)
    assert pdf == render_letter(LETTER)
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        assert len(paper.pages) == 1


def test_a_name_that_cannot_be_printed_is_said_before_anything_is_handed_out() -> None:
    with pytest.raises(UserError, match=r"U\+E123.*expert name, character 2"):
        render_letter(replace(LETTER, expert_name="李\ue123"))
