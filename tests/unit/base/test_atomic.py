"""Files are replaced whole or not at all, on real file systems: full ones, read-only ones, gone ones."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qisp_desktop.base import atomic
from qisp_desktop.base.digests import is_sha256, sha256, sha256_file
from qisp_desktop.base.errors import UserError

POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions, signals and mounts of POSIX")
ROOT = pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="only root mounts file systems")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_appears_with_its_folders(tmp_path: Path) -> None:
    atomic.write_bytes(tmp_path / "a" / "b" / "c.bin", b"data", read_back=True)
    assert (tmp_path / "a" / "b" / "c.bin").read_bytes() == b"data"
    assert names(tmp_path / "a" / "b") == ["c.bin"]


def test_text_is_utf8_with_plain_line_feeds_and_a_copy_is_the_same(tmp_path: Path) -> None:
    atomic.write_text(tmp_path / "a.txt", "评分\n𬭚\n")
    atomic.copy(tmp_path / "a.txt", tmp_path / "b.txt", read_back=True)
    assert (tmp_path / "b.txt").read_bytes() == "评分\n𬭚\n".encode()


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_the_permissions_are_set_before_the_first_byte_and_stay(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"old")
    path.chmod(0o644)
    with atomic.replacing(path, mode=mode) as stream:
        assert stat.S_IMODE(os.fstat(stream.fileno()).st_mode) == mode
        stream.write(b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_until_the_block_ends_the_old_content_is_what_everybody_reads(tmp_path: Path) -> None:
    path = tmp_path / "a"
    atomic.write_bytes(path, b"old")
    with atomic.replacing(path) as stream:
        stream.write(b"new")
        stream.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, UserError])
def test_an_exception_in_the_block_leaves_the_old_file_and_no_trace(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "a"
    atomic.write_bytes(path, b"old")
    with pytest.raises(error), atomic.replacing(path) as stream:  # noqa: PT012  the block is what is interrupted
        stream.write(b"half")
        raise error("stop")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_staged_file_appears_only_when_the_block_ends_well(tmp_path: Path) -> None:
    path = tmp_path / "package"
    with atomic.staged(path) as temporary:
        atomic.write_bytes(temporary, b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    with pytest.raises(ValueError, match="failed"), atomic.staged(path) as temporary:  # noqa: PT012  as above
        atomic.write_bytes(temporary, b"newer")
        raise ValueError("commit failed")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["package"]


def test_the_longest_name_that_the_file_system_takes_can_be_written(tmp_path: Path) -> None:
    name = "长" * 85
    atomic.write_bytes(tmp_path / name, b"x")
    assert names(tmp_path) == [name]


def test_a_name_that_is_too_long_or_a_place_that_is_a_file_is_told_to_the_person(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / ("x" * 300), tmp_path / "file" / "below", tmp_path / "folder"):
        with pytest.raises(UserError) as caught:
            atomic.write_bytes(path, b"y")
        assert str(path) in caught.value.what
        assert caught.value.do
    assert names(tmp_path) == ["file", "folder"]


def test_content_that_reads_back_differently_is_told_to_the_person(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"data")
    atomic.check_written(path, sha256(b"data"), path)
    with pytest.raises(UserError, match="was not written correctly"):
        atomic.check_written(path, sha256(b"other"), path)


def test_content_that_changes_under_way_to_the_drive_never_takes_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "a"
    atomic.write_bytes(path, b"old")
    with (  # noqa: PT012  the whole block is what a faulty drive does
        pytest.raises(UserError, match="was not written correctly"),
        atomic.staged(path) as temporary,
    ):
        atomic.write_bytes(temporary, b"new", read_back=True)
        temporary.write_bytes(b"nev")
        atomic.check_written(temporary, sha256(b"new"), path)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB."""
    folder = tmp_path / "stick"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine does not let file systems be mounted")
    yield folder
    subprocess.run(["umount", folder], check=True)


@ROOT
def test_a_full_disk_leaves_the_old_file_whole_and_says_what_to_do(small_disk: Path) -> None:
    path = small_disk / "a"
    atomic.write_bytes(path, b"old")
    with pytest.raises(UserError) as caught:
        atomic.write_bytes(path, b"x" * 200_000)
    assert caught.value.why == "The disk is full."
    assert caught.value.do == "Free some space or choose another place, then try again."
    assert path.read_bytes() == b"old"
    assert names(small_disk) == ["a"]


@ROOT
def test_a_read_only_stick_is_told_to_the_person(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(UserError, match="Choose a place that can be written to"):
        atomic.write_bytes(small_disk / "a", b"x")


def in_process(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@POSIX
def test_a_file_that_may_not_grow_that_large_leaves_the_old_one_whole(tmp_path: Path) -> None:
    atomic.write_bytes(tmp_path / "a", b"old")
    process = in_process(
        """
        import resource, sys
        from pathlib import Path
        from qisp_desktop.base import atomic
        from qisp_desktop.base.errors import UserError
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            atomic.write_bytes(Path(sys.argv[1]), b"x" * 100_000)
        except UserError as error:
            print(error.why)
        """,
        tmp_path / "a",
    )
    said, _none = process.communicate(timeout=60)
    assert said == "File too large\n"
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@POSIX
def test_a_killed_process_leaves_the_old_file_and_a_leftover_that_is_swept_when_it_is_old(tmp_path: Path) -> None:
    atomic.write_bytes(tmp_path / "a", b"old")
    process = in_process(
        """
        import sys, time
        from pathlib import Path
        from qisp_desktop.base import atomic
        with atomic.replacing(Path(sys.argv[1])) as stream:
            stream.write(b"half")
            stream.flush()
            print("writing", flush=True)
            time.sleep(60)
        """,
        tmp_path / "a",
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert (tmp_path / "a").read_bytes() == b"old"
    [leftover] = [path for path in tmp_path.iterdir() if path.name != "a"]
    assert atomic.sweep(tmp_path) == []
    an_hour_ago = time.time() - 3601
    os.utime(leftover, (an_hour_ago, an_hour_ago))
    assert atomic.sweep(tmp_path) == [leftover]
    assert names(tmp_path) == ["a"]


def test_sweeping_touches_nothing_else_and_a_folder_that_is_not_there_is_clean(tmp_path: Path) -> None:
    for name in ("a.part", ".hidden", "b"):
        (tmp_path / name).write_bytes(b"")
    assert atomic.sweep(tmp_path, older_than_s=0) == []
    assert atomic.sweep(tmp_path / "nowhere") == []


def test_a_folder_that_is_gone_cannot_be_synced_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        atomic.sync_folder(tmp_path / "nowhere")


def test_digests_are_64_lower_case_hex_digits(tmp_path: Path) -> None:
    atomic.write_bytes(tmp_path / "a", b"x" * 3_000_000)
    digest = sha256_file(tmp_path / "a")
    assert digest == sha256(b"x" * 3_000_000)
    assert is_sha256(digest)
    assert not is_sha256(digest.upper())
    assert not is_sha256(digest[:-1])
