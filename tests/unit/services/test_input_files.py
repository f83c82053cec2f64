"""JSON files that people hand in: strict, and every mistake with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.services import input_files
from qisp_desktop.services.input_files import read_document


def test_a_file_of_any_editor_is_read(tmp_path: Path) -> None:
    file = tmp_path / "scores.json"
    for data in (b'{"a": ["3.5"]}', b'\xef\xbb\xbf{"a": ["3.5"]}\r\n', b'\n\t{ "a" :\n["3.5"] }'):
        file.write_bytes(data)
        assert read_document(file) == {"a": ["3.5"]}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "line 1, column 1"),
        (b'{"a": 1,\n "a": 2}', "stands here a second time"),
        (b'{"a": 3.5}', "line 1, column 7: 3.5: a number with decimals is written as a string"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": 1e999}', "written as a string"),
        (b"[" * 100_000, "nesting"),
        (b"1" * 10_000, "too long"),
        ("{“a”: 1}".encode(), "line 1, column 2"),
        ("评分".encode("gbk"), "UTF-8"),
        (b'{"a": "\\ud800"}', "by half"),
    ],
    ids=["empty", "twice", "float", "nan", "exponent", "deep", "long", "curly", "gbk", "half"],
)
def test_what_is_no_strict_json_is_refused_with_its_place(tmp_path: Path, data: bytes, why: str) -> None:
    file = tmp_path / "scores.json"
    file.write_bytes(data)
    with pytest.raises(UserError) as caught:
        read_document(file)
    assert str(file) in caught.value.what
    assert why in caught.value.why


def test_a_file_beyond_all_reason_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_files, "LARGEST", 1000)
    file = tmp_path / "scores.json"
    file.write_bytes(b" " * 1001)
    with pytest.raises(UserError, match="larger than"):
        read_document(file)


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(UserError):
            read_document(path)
