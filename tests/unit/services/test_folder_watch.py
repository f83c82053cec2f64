"""A watched folder hands over each file once, when it is whole."""

from __future__ import annotations

import errno
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from qisp_desktop.services.folder_watch import CALM_S, GIVEN_UP_S, FolderWatch


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "back"
    made.mkdir()
    return made


def package(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("contents.age", os.urandom(5000))
    return path


def test_a_file_is_handed_over_once_it_has_been_calm_and_whole(folder: Path, clock: Clock) -> None:
    watch = FolderWatch(folder, clock)
    path = package(folder / "E001-r1.qscore")

    assert watch.look().waiting == (path,)
    clock.now += CALM_S
    assert watch.look().ready == (path,)
    clock.now += 100
    assert watch.look() == watch.look()
    assert watch.look().ready == watch.look().waiting == ()


def test_a_file_that_is_still_being_copied_is_waited_for(folder: Path, clock: Clock) -> None:
    watch = FolderWatch(folder, clock)
    whole = package(folder.parent / "whole.qscore").read_bytes()
    path = folder / "E002-r1.QSCORE"
    for part in (1000, 3000, len(whole) - 1):
        path.write_bytes(whole[:part])
        clock.now += CALM_S
        assert watch.look().waiting == (path,)
    clock.now += CALM_S
    assert watch.look().waiting == (path,), "calm, but its end is not there"
    path.write_bytes(whole)
    assert watch.look().waiting == (path,)
    clock.now += CALM_S
    assert watch.look().ready == (path,)


def test_a_file_that_never_becomes_whole_is_handed_over_to_be_told_as_damaged(folder: Path, clock: Clock) -> None:
    watch = FolderWatch(folder, clock)
    path = folder / "E003-r1.qscore"
    path.write_bytes(b"PK half of it")
    watch.look()
    clock.now += GIVEN_UP_S
    assert watch.look().ready == (path,)


def test_a_file_that_was_replaced_is_handed_over_again(folder: Path, clock: Clock) -> None:
    watch = FolderWatch(folder, clock)
    path = package(folder / "E001-r1.qscore")
    watch.look()
    clock.now += CALM_S
    watch.look()
    package(path)
    os.utime(path, ns=(1, 1))
    watch.look()
    clock.now += CALM_S
    assert watch.look().ready == (path,)


def test_what_was_not_taken_is_handed_over_again(folder: Path, clock: Clock) -> None:
    watch = FolderWatch(folder, clock)
    path = package(folder / "E001-r1.qscore")
    watch.look()
    clock.now += CALM_S
    watch.look()
    watch.forget(path)
    assert watch.look().ready == (path,)


def test_a_folder_that_vanishes_is_told_and_its_files_are_not_handed_over_twice(folder: Path, clock: Clock) -> None:
    watch = FolderWatch(folder, clock)
    path = package(folder / "E001-r1.qscore")
    watch.look()
    clock.now += CALM_S
    watch.look()
    away = folder.with_name("away")
    shutil.move(folder, away)
    assert watch.look().gone
    shutil.move(away, folder)
    clock.now += CALM_S
    found = watch.look()
    assert (found.gone, found.ready) == ("", ())
    assert path.exists()


class StaleEntry:
    """What a share gives of a file whose handle is stale: its name, and an error for whatever else is asked."""

    def __init__(self, entry: os.DirEntry[str]) -> None:
        self.name, self.path = entry.name, entry.path

    def is_dir(self, *, follow_symlinks: bool = True) -> NoReturn:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    is_file = stat = is_dir


def test_a_file_that_a_share_cannot_say_anything_about_does_not_take_the_folder_away(
    folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.scandir

    def with_a_stale_one(of: Path) -> Iterator[os.DirEntry[str] | StaleEntry]:
        with real(of) as entries:
            yield from [StaleEntry(one) if one.name.startswith("stale") else one for one in entries]

    wanted = {package(folder / "E001-r1.qscore"), package(folder / "E003-r1.qscore")}
    package(folder / "stale-E002-r1.qscore")
    monkeypatch.setattr(os, "scandir", with_a_stale_one)
    found = FolderWatch(folder, clock).look()
    assert (found.gone, set(found.waiting)) == ("", wanted)


def test_only_returns_and_score_forms_are_looked_at_also_in_folders_below(folder: Path, clock: Clock) -> None:
    below = folder / "E004" / "回传"
    below.mkdir(parents=True)
    wanted = {package(below / "E004-r1.qscore"), package(folder / "E005.xlsx")}
    for name in ("~$E005.xlsx", ".hidden.qscore", "note.txt", "E004.pdf"):
        package(folder / name)
    watch = FolderWatch(folder, clock)
    found = watch.look()
    assert set(found.waiting) == wanted
    assert (found.others, found.closed, found.full) == (2, 0, False), "the note and the paper are told, not passed over"


def test_more_files_than_are_looked_at_are_told(folder: Path, clock: Clock) -> None:
    for number in range(3):
        package(folder / f"E00{number}-r1.qscore")
    assert not FolderWatch(folder, clock, most=3).look().full
    found = FolderWatch(folder, clock, most=2).look()
    assert found.full
    assert len(found.waiting) == 2


def test_a_folder_that_lies_too_deep_is_told(folder: Path, clock: Clock) -> None:
    deep = folder / "1" / "2" / "3" / "4"
    deep.mkdir(parents=True)
    package(deep / "E001-r1.qscore")
    assert FolderWatch(folder, clock).look().closed == 0
    (deep / "5").mkdir()
    package(deep / "5" / "E002-r1.qscore")
    found = FolderWatch(folder, clock).look()
    assert (len(found.waiting), found.closed) == (1, 1)
