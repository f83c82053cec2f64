"""A package is written whole or not at all, and only its own parts are read from it."""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from qisp_desktop.base.digests import sha256_file
from qisp_desktop.base.errors import Cancelled, UserError
from qisp_desktop.base.work import Work
from qisp_desktop.exchange.container import (
    LARGEST_BLOB,
    Container,
    Contents,
    Peek,
    blob_path,
    peek,
    write_container,
)
from qisp_desktop.exchange.errors import ContainerError
from qisp_desktop.exchange.identity import LARGEST_IDENTITY, encrypt
from qisp_desktop.exchange.manifests import Blob
from tests.unit.exchange.samples import FILES, Keys, make_archive, make_blobs, read_members

CONTENTS = Contents(b"manifest", b"signature", b"authority", None)


def write(path: Path, keys: Keys, files: dict[str, bytes], work: Work | None = None) -> str:
    """A container of ``files`` for the office."""
    blobs = make_blobs(files)
    sources = [(blob, lambda name=blob.name: files[name]) for blob in blobs]
    recipients = [keys.office_identity.recipient]
    return write_container(path, CONTENTS, recipients=recipients, identity_file=None, blobs=sources, work=work)


@contextmanager
def full_disk(limit: int) -> Iterator[None]:
    """Inside, no file can grow beyond ``limit`` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_was_packed_comes_out(keys: Keys, tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "x.qscore"
    digest = write(path, keys, FILES)
    assert digest == sha256_file(path)
    container = Container.open(path)
    assert container.contents(keys.office_identity) == CONTENTS
    assert container.identity_file is None
    assert not container.is_panel
    assert container.blob_paths == [blob_path(n) for n in (1, 2, 3)]
    assert [container.blob(keys.office_identity, blob) for blob in make_blobs(FILES)] == list(FILES.values())


def test_a_look_without_a_key_tells_kind_and_size_only(panel_file: Path, return_file: Path) -> None:
    assert peek(panel_file) == Peek("panel", 3, panel_file.stat().st_size)
    assert peek(return_file) == Peek("return", 2, return_file.stat().st_size)


def test_nothing_readable_stands_in_a_package(keys: Keys, panel_file: Path) -> None:
    data = panel_file.read_bytes()
    for secret in (b"QISP-2026-001", "示例".encode(), b"%PDF", b"BEGIN CERTIFICATE"):
        assert secret not in data
    assert set(read_members(data)) == {"id_ed25519", "contents.age", *(blob_path(n) for n in (1, 2, 3))}


class Recorder(Work):
    """Keeps what was reported, and stops at a step when asked to."""

    def __init__(self, stop_at: int | None = None) -> None:
        super().__init__()
        self.steps: list[tuple[int, int]] = []
        self.stop_at = stop_at

    def show(self, what: str, done: int, total: int) -> None:
        self.steps.append((done, total))
        if done == self.stop_at:
            self.cancel()


def test_progress_counts_the_files(keys: Keys, tmp_path: Path) -> None:
    work = Recorder()
    write(tmp_path / "x.qscore", keys, FILES, work)
    assert work.steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
    work = Recorder()
    Container.open(tmp_path / "x.qscore").check_blobs(keys.office_identity, make_blobs(FILES), work)
    assert work.steps == [(0, 3), (1, 3), (2, 3)]


def test_a_stop_in_the_middle_leaves_the_old_file_whole_and_nothing_else(keys: Keys, tmp_path: Path) -> None:
    path = tmp_path / "x.qscore"
    path.write_bytes(b"the file before")
    with pytest.raises(Cancelled):
        write(path, keys, FILES, Recorder(stop_at=1))
    assert path.read_bytes() == b"the file before"
    assert os.listdir(tmp_path) == ["x.qscore"]


def test_a_full_disk_leaves_the_old_file_whole_and_says_so(keys: Keys, tmp_path: Path) -> None:
    path = tmp_path / "x.qscore"
    path.write_bytes(b"the file before")
    for limit in (0, 100, 2000, 40_000):
        with full_disk(limit), pytest.raises(UserError, match="could not be written"):
            write(path, keys, {"large": os.urandom(100_000)})
        assert path.read_bytes() == b"the file before"
        assert os.listdir(tmp_path) == ["x.qscore"]


@pytest.mark.parametrize("content", [b"other bytes", b"", FILES["申请书.pdf"] + b"x"])
def test_a_material_that_changed_on_the_disk_is_not_packed(keys: Keys, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "form.pdf").write_bytes(content)
    blob = make_blobs(FILES)[0]
    with pytest.raises(UserError, match="no longer the file"):
        write_container(
            tmp_path / "x.qscore",
            CONTENTS,
            recipients=[keys.office_identity.recipient],
            identity_file=None,
            blobs=[(blob, tmp_path / "form.pdf")],
        )
    assert not (tmp_path / "x.qscore").exists()


def test_a_material_that_is_gone_is_named(keys: Keys, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"申请书\.pdf could not be read"):
        write_container(
            tmp_path / "x.qscore",
            CONTENTS,
            recipients=[keys.office_identity.recipient],
            identity_file=None,
            blobs=[(make_blobs(FILES)[0], tmp_path / "gone.pdf")],
        )


@pytest.mark.parametrize(
    ("count", "size"), [(1, LARGEST_BLOB + 1), (9, LARGEST_BLOB), (20_000, 0)], ids=["one", "sum", "count"]
)
def test_what_no_package_can_hold_is_refused_before_anything_is_read(
    keys: Keys, tmp_path: Path, count: int, size: int
) -> None:
    blobs = [(Blob("film.mp4", "0" * 64, size, blob_path(n + 1)), tmp_path / "film.mp4") for n in range(count)]
    with pytest.raises(UserError, match="too large for one package"):
        write_container(tmp_path / "x", CONTENTS, recipients=[], identity_file=None, blobs=blobs)


@pytest.mark.skipif(os.name != "posix", reason="named pipes of POSIX")
def test_a_missing_folder_or_pipe_is_said_and_does_not_hang(tmp_path: Path, return_file: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "absent.qscore", tmp_path, tmp_path / "pipe", return_file / "below"):
        with pytest.raises(UserError, match="could not be read") as caught:
            peek(path)
        assert not isinstance(caught.value, ContainerError)


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7 a sheet", make_archive([]), b"\0" * 100_000])
def test_a_file_that_is_no_package_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.qscore").write_bytes(data)
    with pytest.raises(ContainerError) as caught:
        peek(tmp_path / "x.qscore")
    assert caught.value.kind == "damaged"


GOOD_NAMES = ["contents.age", "blobs/000001.age", "blobs/000002.age"]


@pytest.mark.parametrize(
    "names",
    [
        ["blobs/000001.age", "contents.age", "blobs/000002.age"],
        ["contents.age", "blobs/000002.age", "blobs/000001.age"],
        ["contents.age", "blobs/000001.age", "blobs/000003.age"],
        ["contents.age", "blobs/000000.age", "blobs/000001.age"],
        ["contents.age", "blobs/1.age", "blobs/2.age"],
        ["contents.age", "blobs/000001.age", "BLOBS/000001.age"],
        ["contents.age", "CONTENTS.AGE"],
        ["contents.age", "id_ed25519"],
        ["id_ed25519"],
        ["blobs/000001.age"],
        ["contents.age", "../contents.age"],
        ["contents.age", "/etc/passwd"],
        ["contents.age", "C:\\windows\\win.ini"],
        ["contents.age", "blobs/../../x.age"],
        ["contents.age", "CON"],
        ["contents.age", "blobs/aux.age"],
        ["contents.age", "blobs/"],
        ["contents.age", "blobs/000001.age", "readme.txt"],
        ["contents.age "],
    ],
)
def test_parts_that_do_not_belong_in_a_package_are_refused(tmp_path: Path, names: list[str]) -> None:
    path = tmp_path / "x.qscore"
    path.write_bytes(make_archive([(name, b"content") for name in GOOD_NAMES]))
    assert peek(path).blobs == 2
    path.write_bytes(make_archive([(name, b"content") for name in names]))
    with pytest.raises(ContainerError, match="parts") as caught:
        peek(path)
    assert caught.value.kind == "damaged"


def test_an_oversized_key_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "x.qpanel"
    path.write_bytes(make_archive([("id_ed25519", bytes(LARGEST_IDENTITY + 1)), ("contents.age", b"")]))
    with pytest.raises(ContainerError, match="larger than any"):
        peek(path)


@pytest.mark.parametrize(
    "members",
    [
        [],
        ["manifest.json"],
        ["manifest.json", "manifest.p7s"],
        ["manifest.p7s", "manifest.json", "round-ca.pem"],
        ["manifest.json", "manifest.p7s", "round-ca.pem", "signer.p12"],
        ["manifest.json", "manifest.p7s", "round-ca.pem", "readme"],
        ["manifest.json", "manifest.p7s", "round-ca.pem", "signer.p12", "readme"],
    ],
)
def test_contents_of_another_make_are_refused(keys: Keys, tmp_path: Path, members: list[str]) -> None:
    inner = make_archive([(name, b"content") for name in members])
    path = tmp_path / "x.qscore"
    path.write_bytes(make_archive([("contents.age", encrypt(inner, [keys.office_identity.recipient]))]))
    with pytest.raises(ContainerError, match="form of a package") as caught:
        Container.open(path).contents(keys.office_identity)
    assert caught.value.kind == "damaged"


def test_contents_that_are_no_archive_are_refused(keys: Keys, tmp_path: Path) -> None:
    path = tmp_path / "x.qscore"
    path.write_bytes(make_archive([("contents.age", encrypt(b"junk", [keys.office_identity.recipient]))]))
    with pytest.raises(ContainerError, match="form of a package"):
        Container.open(path).contents(keys.office_identity)


def test_a_blob_is_only_what_the_manifest_names(keys: Keys, return_file: Path) -> None:
    container = Container.open(return_file)
    good = make_blobs({"评分表.pdf": b"%PDF-1.7 signed sheet"})[0]
    assert container.blob(keys.office_identity, good) == b"%PDF-1.7 signed sheet"
    for wrong in (
        replace(good, sha256="0" * 64),
        replace(good, size=good.size + 1),
        replace(good, path=blob_path(2)),
        replace(good, path=blob_path(9)),
        replace(good, path="contents.age"),
    ):
        with pytest.raises(ContainerError) as caught:
            container.check_blobs(keys.office_identity, [wrong])
        assert caught.value.kind == "damaged"


def test_a_file_that_changes_after_it_was_opened_is_found_damaged(
    keys: Keys, return_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "x.qscore"
    path.write_bytes(return_file.read_bytes())
    container = Container.open(path)
    path.write_bytes(return_file.read_bytes()[:100])
    with pytest.raises(ContainerError, match="changed"):
        container.contents(keys.office_identity)
    path.unlink()
    with pytest.raises(UserError, match="could not be read"):
        container.contents(keys.office_identity)


def test_parts_can_be_read_from_several_threads_at_once(keys: Keys, return_file: Path) -> None:
    container = Container.open(return_file)
    found: list[Contents] = []
    threads = [
        threading.Thread(target=lambda: found.append(container.contents(keys.office_identity))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
