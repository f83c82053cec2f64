"""What a person names is read at most as far as it can be of use, and never waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qisp_desktop.base import atomic
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.reading import pieces_of, read_whole
from qisp_desktop.store.dialect import is_round_file


def test_a_file_is_read_up_to_its_most(tmp_path: Path) -> None:
    path = tmp_path / "cert.pem"
    path.write_bytes(b"x" * 10)

    assert read_whole(path, at_most=10) == b"x" * 10
    with pytest.raises(UserError, match="larger than any file of its kind") as refused:
        read_whole(path, at_most=9)
    assert refused.value.do


def test_what_is_not_there_or_is_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="gone could not be read"):
        read_whole(tmp_path / "gone", at_most=10)
    with pytest.raises(UserError, match=r"could not be read\..*It is a folder"):
        read_whole(tmp_path, at_most=10)


@pytest.mark.skipif(os.name != "posix", reason="named pipes of POSIX")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(UserError, match=r"could not be read\..*It is not a file"):
        read_whole(pipe, at_most=10)
    with pytest.raises(UserError, match="It is not a file"):
        next(pieces_of(pipe))


def test_a_large_file_comes_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(bytes(3_000_000))

    pieces = list(pieces_of(path))

    assert len(pieces) > 1
    assert b"".join(pieces) == bytes(3_000_000)


def test_a_copy_whose_source_is_gone_says_so_of_the_source_and_leaves_what_was_there(tmp_path: Path) -> None:
    copy = tmp_path / "package.qpanel"
    copy.write_bytes(b"good")

    with pytest.raises(UserError, match=r"stick.E001\.qpanel could not be read"):
        atomic.copy(tmp_path / "stick" / "E001.qpanel", copy)

    assert copy.read_bytes() == b"good"
    assert [path.name for path in tmp_path.iterdir()] == ["package.qpanel"]


def test_a_round_that_cannot_be_read_is_not_said_to_be_unwritable(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="could not be read"):
        is_round_file(tmp_path / "a" / "2026.qround")
