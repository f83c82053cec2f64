"""A round's rubric comes from the bundled file or from one of the office's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qisp_desktop.base.codec import encode
from qisp_desktop.base.errors import UserError
from qisp_desktop.services.rubrics import default_rubric, read_rubric


def test_the_bundled_rubric_is_read_once() -> None:
    assert default_rubric() is default_rubric()


def test_a_rubric_of_the_office_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "评分标准.json"
    file.write_text(json.dumps(encode(default_rubric()), ensure_ascii=False, indent=4), encoding="utf-8")
    assert read_rubric(file) == default_rubric()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"name": "x"}', "line 1, column 1: missing field 'checklist'"),
        (b"{", "line 1, column 2: Expecting property name"),
        ("评分".encode("gbk"), "It is not a UTF-8 text file."),
        (b" " * 5_000_000, "the file is too large for a rubric"),
        (b"PK\x03\x04\xff\xff", "It is not a UTF-8 text file."),
    ],
    ids=["incomplete", "cut off", "gbk", "huge", "zip"],
)
def test_a_file_that_is_no_rubric_is_refused_with_the_reason(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "rubric.json"
    file.write_bytes(content)
    with pytest.raises(UserError) as caught:
        read_rubric(file)
    assert caught.value.why.startswith(why)
    assert str(file) in caught.value.what


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(UserError):
            read_rubric(path)
