"""Pipes, folders and names that no system takes, where a file is meant: told with the reason, and never waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.e2e.command import qisp, refused
from tests.e2e.small_round import Place


@pytest.mark.skipif(os.name != "posix", reason="named pipes of POSIX")
def test_a_pipe_among_the_papers_is_named_and_not_waited_for(worked: Place) -> None:
    pipe = worked.folder / "brought" / "paper.pdf"
    pipe.parent.mkdir()
    os.mkfifo(pipe)

    for named in (pipe, pipe.parent):
        (one,) = qisp("verify", named, "--round", worked.round, "--json").json
        assert (one["path"], one["valid"], one["reasons"]) == (str(pipe), False, ["It is not a file."])
        (one,) = qisp("verify", "--image", named, "--round", worked.round, "--json").json
        assert (one["path"], one["valid"]) == (str(pipe), False)
        assert "It is not a file." in one["reasons"][0]
    refused("round", "show", pipe, words="is not there")


@pytest.mark.parametrize("verb", [("round", "show"), ("verify",), ("results",), ("template", "experts")])
def test_a_name_that_no_system_takes_is_refused_and_no_fault_of_the_program(
    tmp_path: Path, verb: tuple[str, ...]
) -> None:
    refused(*verb, tmp_path / ("x" * 300), words="The name is too long.")


@pytest.mark.skipif(os.name != "posix", reason="named pipes of POSIX")
def test_what_is_no_file_is_told_and_waits_for_nobody(awaiting: Place, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.qscore")
    (tmp_path / "folder.qscore").mkdir()
    with (tmp_path / "huge.qscore").open("wb") as sparse:
        sparse.truncate(1 << 40)
    collected = awaiting.collect(tmp_path / "pipe.qscore", tmp_path / "huge.qscore", tmp_path / "gone.qscore")
    assert (collected.code, {file["verdict"] for file in collected.json["files"]}) == (1, {"damaged"})
    (unnamed,) = awaiting.collect(tmp_path / ("long" * 100)).json["files"]
    assert unnamed["message"] == "It cannot be read: The name is too long."
