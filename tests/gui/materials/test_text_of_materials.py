"""Decoding what people call a text file, and comparing text in a search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.gui.panel.materials.folding import folded
from qisp_desktop.gui.panel.materials.recent_contents import RecentContents
from qisp_desktop.gui.panel.materials.text_decoding import LONGEST_LINE, MOST_BYTES, decode_text, looks_like_text

plain = st.text(st.characters(min_codepoint=0x20, exclude_categories=("Cs", "Cc")), max_size=200)


@given(plain)
def test_utf8_is_read_as_it_was_written(text: str) -> None:
    assert decode_text(text.encode()).text == text.removeprefix("\ufeff")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_is_read_in_every_common_encoding(encoding: str) -> None:
    text = "质量基础设施“一站式”服务平台 㛃䶮 ½"

    decoded = decode_text(text.encode(encoding))

    assert decoded.text == text
    assert not decoded.doubtful


@given(st.binary(max_size=3000))
def test_any_bytes_become_text_without_control_characters(content: bytes) -> None:
    text = decode_text(content).text

    assert not {c for c in text if ord(c) < 32} - {"\n", "\t", "\x0c"}
    assert all(len(line) <= LONGEST_LINE for line in text.split("\n"))


def test_a_character_cut_in_half_at_the_end_is_no_fault_of_the_file() -> None:
    decoded = decode_text("计".encode() * MOST_BYTES)

    assert decoded.cut
    assert not decoded.doubtful
    assert decoded.encoding == "utf-8"


def test_documents_that_are_not_text_do_not_look_like_it() -> None:
    assert looks_like_text("第一条 计量".encode("gb18030"))
    assert not looks_like_text(b"PK\x03\x04\0\0")
    assert not looks_like_text(b"")


@given(plain)
def test_every_character_is_found_where_it_stands(text: str) -> None:
    units = text.encode("utf-16-le")

    for character in set(text):
        wanted = folded(character).text
        if wanted:
            places = [units[2 * start : 2 * (start + 1)] for start, _length in folded(text).places(wanted)]
            assert places


def test_case_width_and_line_breaks_do_not_matter_in_a_search() -> None:
    content = folded("质量 ISO\r\n９００１ 体系")

    assert content.places(folded("iso9001").text) == [(3, 9)]
    assert folded("𬭚计量").places("计量") == [(2, 2)]


def test_contents_are_kept_up_to_a_bound_and_the_oldest_goes_first() -> None:
    contents = RecentContents(100)
    contents.keep("a", bytes(60))
    contents.keep("b", bytes(30))
    assert contents.get("a") is not None

    contents.keep("c", bytes(40))
    contents.keep("d", bytes(101))

    assert contents.get("b") is None
    assert contents.get("d") is None
    assert contents.get("a") is not None or contents.get("c") is not None
    assert contents.bytes_held <= 100
    contents.forget()
    assert (contents.bytes_held, contents.get("c")) == (0, None)
