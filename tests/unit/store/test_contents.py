"""Materials beside the round file are named by their content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.store import contents
from qisp_desktop.store.round_store import RoundStore


def test_a_file_is_kept_once_under_its_digest(store: RoundStore, tmp_path: Path) -> None:
    source = tmp_path / "申请书.pdf"
    source.write_bytes(b"%PDF-1.7" * 1000)

    digest = store.add_file(source)

    assert digest == sha256(source.read_bytes()) == store.add_file(source.read_bytes())
    kept = store.file(digest)
    assert kept == store.files / digest[:2] / digest
    assert kept.read_bytes() == source.read_bytes()
    assert contents.kept_in(store.files) == [kept]
    assert [entry for entry in kept.parent.iterdir() if entry.is_file()] == [kept]


def test_large_files_are_kept_as_small_ones_are(store: RoundStore, tmp_path: Path) -> None:
    source = tmp_path / "scan.pdf"
    source.write_bytes(bytes(contents.SMALL + 1))

    digest = store.add_file(source)

    assert digest == sha256(source.read_bytes())
    assert store.file(digest).stat().st_size == contents.SMALL + 1


def test_many_files_are_kept_in_their_order(store: RoundStore, tmp_path: Path) -> None:
    sources = [tmp_path / f"{number}.pdf" for number in range(40)]
    for number, source in enumerate(sources):
        source.write_bytes(b"%PDF" + bytes(number % 30))

    assert list(store.add_files(sources)) == [sha256(source.read_bytes()) for source in sources]
    assert list(store.add_files([])) == []
    with pytest.raises(UserError, match="could not be read"):
        list(store.add_files([*sources, tmp_path / "nowhere.pdf"]))


def test_adding_again_does_not_touch_what_is_kept(store: RoundStore) -> None:
    kept = store.file(store.add_file(b"content"))
    before = kept.stat().st_mtime_ns

    store.add_file(b"content")

    assert kept.stat().st_mtime_ns == before


def test_adding_again_mends_what_was_cut_short(store: RoundStore) -> None:
    digest = store.add_file(b"content")
    store.file(digest).write_bytes(b"cont")

    store.add_file(b"content")

    assert store.file(digest).read_bytes() == b"content"


def test_a_missing_file_and_a_damaged_one_are_told_apart(store: RoundStore) -> None:
    digest = store.add_file(b"content")
    store.file(digest).write_bytes(b"CONTENT")

    with pytest.raises(UserError, match="damaged"):
        store.file(digest)
    with pytest.raises(UserError, match="missing"):
        store.file("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a/" * 32])
def test_only_a_digest_becomes_a_path(store: RoundStore, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        store.file(name)


def test_what_cannot_be_read_is_told(store: RoundStore, tmp_path: Path) -> None:
    for source in (tmp_path / "nowhere.pdf", tmp_path):
        with pytest.raises(UserError, match="could not be read"):
            store.add_file(source)


def test_leftovers_of_killed_processes_are_swept_when_the_round_is_opened(store: RoundStore) -> None:
    kept = store.file(store.add_file(b"content"))
    leftover = kept.with_name(f".{kept.name}.0badcafe.part")
    leftover.write_bytes(b"con")
    os.utime(leftover, (0, 0))
    store.close()

    RoundStore.open(store.place, actor="a", write=True).close()

    assert sorted(kept.parent.iterdir()) == [kept]


def test_a_file_that_changes_while_it_is_copied_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "growing.pdf"
    source.write_bytes(bytes(contents.SMALL + 1))
    monkeypatch.setattr(contents, "sha256_file", lambda path: sha256(b"before"))

    with pytest.raises(UserError, match="changed while"):
        contents.add(tmp_path / "files", source)

    assert [entry for entry in (tmp_path / "files").rglob("*") if entry.is_file()] == []
