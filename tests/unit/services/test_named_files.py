"""Which files are meant by the files and folders that a person names; what cannot be looked into is said."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.services.named_files import look_through

RETURNS = (".qscore",)


def put(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return paths


@pytest.fixture
def too_deep(tmp_path: Path) -> Iterator[Path]:
    """A folder with one below it whose path is longer than the system takes, so that nobody can look into it."""
    top, here = tmp_path / "stick", os.open(tmp_path, os.O_RDONLY)
    try:
        for name in ("stick", *["d" * 200] * 25):
            os.mkdir(name, dir_fd=here)
            below = os.open(name, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
    finally:
        os.close(here)
    yield top
    shutil.rmtree(top)


def test_a_folder_gives_its_files_of_the_kind_and_names_the_others(tmp_path: Path) -> None:
    wanted = put(tmp_path, "E001-r1.qscore", "sub/E002-r1.QSCORE")
    others = put(tmp_path, "sub/papers/a.pdf", "说明.txt")
    lone = tmp_path / "gone.txt"

    found = look_through([lone, tmp_path], RETURNS)

    assert (found.files, set(found.others), found.closed) == ((lone, *wanted), set(others), {})


def test_what_was_deleted_or_belongs_to_the_system_is_not_meant(tmp_path: Path) -> None:
    put(
        tmp_path,
        ".Trash-1000/files/E001-r1.qscore",
        "$RECYCLE.BIN/E002-r1.qscore",
        "System Volume Information/x.qscore",
        ".E003-r1.qscore",
        "~$E004.qscore",
        "Thumbs.db",
    )

    found = look_through([tmp_path], RETURNS)

    assert (found.files, found.others) == ((), ())


@pytest.mark.skipif(os.name != "posix", reason="paths of POSIX")
def test_a_folder_that_cannot_be_looked_into_is_named_with_the_reason_beside_what_was_found(too_deep: Path) -> None:
    (whole,) = put(too_deep, "E001-r1.qscore")

    found = look_through([too_deep], RETURNS)

    assert found.files == (whole,)
    ((closed, why),) = found.closed.items()
    assert closed.is_relative_to(too_deep / ("d" * 200))
    assert why == "The name is too long."


@pytest.mark.skipif(os.name != "posix", reason="named pipes of POSIX")
def test_a_pipe_of_the_right_name_is_among_the_files_so_that_it_gets_a_verdict(tmp_path: Path) -> None:
    pipe = tmp_path / "E001-r1.qscore"
    os.mkfifo(pipe)

    assert look_through([tmp_path], RETURNS).files == (pipe,)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to root")
def test_a_named_folder_that_may_not_be_entered_is_refused(tmp_path: Path) -> None:
    closed = tmp_path / "stick"
    closed.mkdir(mode=0)

    with pytest.raises(UserError, match=r"stick could not be read\..*does not allow"):
        look_through([closed], RETURNS)
