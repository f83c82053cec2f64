"""The expert's workspace: sealed, durable with every commit, open in one program only."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.panel import Declaration, Recusal
from qisp_desktop.domain.score_sheet import DraftSheet, ScoreSheet
from qisp_desktop.store.aggregates import WORKSPACE_AGGREGATES, Setting
from qisp_desktop.store.workspace_database import DATABASE
from qisp_desktop.store.workspace_store import FORMAT, Sealing, WorkspaceChange, WorkspaceHeader, WorkspaceStore
from tests.unit.store.samples import WORKSPACE_RECORDS, sheet

HEADER = WorkspaceHeader(FORMAT, "7f3c", "2026年度评价", "E001", "E001-1")
DRAFT = next(record for record in WORKSPACE_RECORDS if isinstance(record, DraftSheet))


def keys() -> tuple[Sealing, Sealing]:
    identity = pyrage.x25519.Identity.generate()
    recipient = identity.to_public()
    return lambda data: pyrage.encrypt(data, [recipient]), lambda data: pyrage.decrypt(data, [identity])


@pytest.fixture
def pair() -> tuple[Sealing, Sealing]:
    return keys()


@pytest.fixture
def workspace(tmp_path: Path, pair: tuple[Sealing, Sealing]) -> Iterator[WorkspaceStore]:
    with WorkspaceStore.create(tmp_path / "E001.qwork", HEADER, pair[0]) as store:
        store.unlock(*pair)
        yield store


def reopened(store: WorkspaceStore, pair: tuple[Sealing, Sealing]) -> WorkspaceStore:
    store.close()
    again = WorkspaceStore.open(store.folder)
    again.unlock(*pair)
    return again


def test_every_kind_of_document_has_a_sample() -> None:
    assert {type(record) for record in WORKSPACE_RECORDS} == {aggregate.cls for aggregate in WORKSPACE_AGGREGATES}


def test_what_was_put_is_there_after_opening_again(workspace: WorkspaceStore, pair: tuple[Sealing, Sealing]) -> None:
    assert workspace.put(*WORKSPACE_RECORDS) == len(WORKSPACE_RECORDS)

    with reopened(workspace, pair) as again:
        assert again.header == HEADER
        for record in WORKSPACE_RECORDS:
            assert again.all(type(record)) == [record]
        assert again.get(DraftSheet, "QISP-2026-001") == DRAFT
        assert again.get(Setting, "nothing") is None
        assert again.all(ScoreSheet, application="QISP-2026-001", revision="1") == [sheet()]
        assert again.all(ScoreSheet, application="QISP-2026-002") == []


def test_an_edit_replaces_the_document_and_the_same_again_writes_nothing(
    workspace: WorkspaceStore, pair: tuple[Sealing, Sealing]
) -> None:
    edited = replace(DRAFT, reason="订正")
    assert [workspace.put(DRAFT), workspace.put(DRAFT), workspace.put(edited)] == [1, 0, 1]
    assert workspace.remove(Setting, "place") is False

    with reopened(workspace, pair) as again:
        assert again.all(DraftSheet) == [edited]
        assert again.remove(DraftSheet, "QISP-2026-001")
        assert again.all(DraftSheet) == []


def test_documents_come_in_the_order_of_their_keys(workspace: WorkspaceStore) -> None:
    workspace.put(*(Setting(name, "") for name in "cab"))

    assert [setting.name for setting in workspace.all(Setting)] == ["a", "b", "c"]


def test_a_change_that_fails_leaves_nothing(workspace: WorkspaceStore, pair: tuple[Sealing, Sealing]) -> None:
    workspace.put(DRAFT)

    def fail(change: WorkspaceChange) -> None:
        change.put(replace(DRAFT, reason="订正"), Setting("place", "x"))
        assert workspace.get(Setting, "place") == Setting("place", "x")
        raise RuntimeError("the program is at fault")

    with pytest.raises(RuntimeError), workspace.change() as change:
        fail(change)

    assert workspace.all(DraftSheet) == [DRAFT]
    assert workspace.all(Setting) == []
    with reopened(workspace, pair) as again:
        assert again.all(DraftSheet) == [DRAFT]
        assert again.all(Setting) == []


def test_nothing_on_the_disk_tells_what_the_documents_are(workspace: WorkspaceStore) -> None:
    workspace.put(*WORKSPACE_RECORDS)
    workspace.add_blob(b"%PDF-1.7 QISP-2026-001")

    def plain(text: str) -> list[Path]:
        files = [path for path in workspace.folder.rglob("*") if path.is_file()]
        return [path for path in files if text.encode() in path.read_bytes()]

    assert plain("7f3c") != []  # the header, as a check of the check
    for text in ("QISP-2026", "recusal", "亲属", "待核实", "draft_sheet", "PDF-1.7"):
        assert plain(text) == []


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_only_the_owner_may_look_into_the_folder(workspace: WorkspaceStore) -> None:
    workspace.put(DRAFT)
    workspace.add_blob(b"photo")

    assert stat.S_IMODE(workspace.folder.stat().st_mode) == 0o700
    for path in workspace.folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_blobs_are_sealed_and_checked(workspace: WorkspaceStore, pair: tuple[Sealing, Sealing]) -> None:
    digest = workspace.add_blob(b"\xff\xd8 a photo")
    path = workspace.folder / "blobs" / f"{digest}.age"

    assert workspace.add_blob(b"\xff\xd8 a photo") == digest
    assert workspace.blob(digest) == b"\xff\xd8 a photo"
    assert workspace.has_blob(digest)
    assert not workspace.has_blob("0" * 64)
    path.write_bytes(pair[0](b"another photo"))
    with pytest.raises(UserError, match="damaged"):
        workspace.blob(digest)
    path.write_bytes(b"no age file")
    with pytest.raises(UserError, match="damaged"):
        workspace.blob(digest)
    path.unlink()
    with pytest.raises(UserError, match="damaged"):
        workspace.blob(digest)
    with pytest.raises(ValueError, match="SHA-256"):
        workspace.blob("../workspace.sqlite")


def test_a_locked_workspace_shows_its_header_only(workspace: WorkspaceStore) -> None:
    workspace.put(DRAFT)
    digest = workspace.add_blob(b"photo")
    workspace.lock()

    assert not workspace.unlocked
    assert workspace.header == HEADER
    for attempt in (
        lambda: workspace.get(DraftSheet, "QISP-2026-001"),
        lambda: workspace.put(DRAFT),
        lambda: workspace.blob(digest),
        lambda: workspace.add_blob(b""),
    ):
        with pytest.raises(ValueError, match="locked"):
            attempt()


def test_another_experts_key_unlocks_nothing(workspace: WorkspaceStore) -> None:
    workspace.put(DRAFT)
    workspace.lock()

    with pytest.raises(UserError, match="cannot be decrypted"):
        workspace.unlock(*keys())

    assert not workspace.unlocked


@pytest.mark.parametrize(
    "content", [b"", b"setting\n{}", b"unknown\n{}", b"setting", b"\xff\n\xff", b'setting\n{"name":"a","value":1}']
)
def test_a_sealed_document_that_is_none_of_ours_is_damage(
    workspace: WorkspaceStore, pair: tuple[Sealing, Sealing], content: bytes
) -> None:
    workspace.close()
    with closing(sqlite3.connect(workspace.folder / DATABASE)) as raw, raw:
        raw.execute("INSERT INTO document (sealed, updated) VALUES (?, '')", (pair[0](content),))

    with (
        WorkspaceStore.open(workspace.folder) as again,
        pytest.raises(UserError, match="not what was written"),
    ):
        again.unlock(*pair)


# Opening ---------------------------------------------------------------------------------------------------------


def test_a_workspace_is_never_overwritten(workspace: WorkspaceStore, pair: tuple[Sealing, Sealing]) -> None:
    with pytest.raises(UserError, match="is there already"):
        WorkspaceStore.create(workspace.folder, HEADER, pair[0])


def test_a_second_window_is_told_and_the_first_goes_on(
    workspace: WorkspaceStore, pair: tuple[Sealing, Sealing]
) -> None:
    with pytest.raises(UserError, match="another window"):
        WorkspaceStore.open(workspace.folder)
    script = (
        "import sys; from pathlib import Path; from qisp_desktop.store.workspace_store import WorkspaceStore\n"
        "WorkspaceStore.open(Path(sys.argv[1]))"
    )
    other = subprocess.run([sys.executable, "-c", script, str(workspace.folder)], capture_output=True, text=True)

    assert "another window" in other.stderr
    assert workspace.put(DRAFT) == 1


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a workspace"):
        WorkspaceStore.open(tmp_path)
    with pytest.raises(UserError, match="is not a workspace"):
        WorkspaceStore.open(tmp_path / "nowhere")


@pytest.mark.parametrize("content", [b"", b"no database at all" * 400])
def test_a_database_that_is_not_ours_is_damage(workspace: WorkspaceStore, content: bytes) -> None:
    workspace.close()
    (workspace.folder / DATABASE).write_bytes(content)

    with pytest.raises(UserError, match="damaged"):
        WorkspaceStore.open(workspace.folder)


def test_a_newer_format_is_refused(workspace: WorkspaceStore) -> None:
    workspace.close()
    with closing(sqlite3.connect(workspace.folder / DATABASE)) as raw, raw:
        raw.execute("UPDATE header SET format = 'qisp-work/2'")

    with pytest.raises(UserError, match="newer version"):
        WorkspaceStore.open(workspace.folder)


def test_leftovers_of_a_killed_process_are_swept(workspace: WorkspaceStore) -> None:
    workspace.close()
    leftovers = [workspace.folder / ".package.qpanel.0badcafe.part", workspace.folder / "blobs" / ".x.age.0bad.part"]
    for leftover in leftovers:
        leftover.write_bytes(b"half")

    WorkspaceStore.open(workspace.folder).close()

    assert not any(leftover.exists() for leftover in leftovers)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, pair: tuple[Sealing, Sealing]) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(UserError):
        WorkspaceStore.create(tmp_path / "file" / "E001.qwork", HEADER, pair[0])


def test_a_full_disk_costs_only_the_edit_that_did_not_fit(
    workspace: WorkspaceStore, pair: tuple[Sealing, Sealing]
) -> None:
    workspace.put(DRAFT)
    pages = workspace._connection.execute("PRAGMA page_count").fetchone()[0]
    workspace._connection.execute(f"PRAGMA max_page_count={pages + 1}")

    with pytest.raises(UserError, match="disk is full"):
        workspace.put(Setting("note", "x" * 100_000))

    assert workspace.all(Setting) == []
    assert workspace.put(replace(DRAFT, reason="订正")) == 1
    with reopened(workspace, pair) as again:
        assert again.all(DraftSheet) == [replace(DRAFT, reason="订正")]


WRITE = """
import sys
from pathlib import Path
from qisp_desktop.store.aggregates import Setting
from qisp_desktop.store.workspace_store import WorkspaceStore
store = WorkspaceStore.open(Path(sys.argv[1]))
same = lambda data: data
store.unlock(same, same)
for number in range(1_000_000):
    with store.change() as change:
        change.put(Setting("left", str(number)), Setting("right", str(number)))
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.13])
def test_whatever_was_saved_survives_a_kill(tmp_path: Path, after_s: float) -> None:
    def same(data: bytes) -> bytes:
        return data

    folder = tmp_path / "E001.qwork"
    WorkspaceStore.create(folder, HEADER, same).close()
    with (tmp_path / "out").open("w") as out:
        writer = subprocess.Popen([sys.executable, "-c", WRITE, str(folder)], stdout=out)
        try:
            deadline = time.monotonic() + 60
            while not (tmp_path / "out").stat().st_size:
                assert writer.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.01)
            time.sleep(after_s)
        finally:
            writer.kill()
            writer.wait()
    saved = (tmp_path / "out").read_text().splitlines()

    with WorkspaceStore.open(folder) as store:
        store.unlock(same, same)
        left, right = store.all(Setting)
        assert left.value == right.value
        # The last commit may have become durable without having been reported.
        assert int(left.value) - int(saved[-1]) in (0, 1)


def test_declarations_and_recusals_are_one_for_each_application(workspace: WorkspaceStore) -> None:
    first = next(record for record in WORKSPACE_RECORDS if isinstance(record, Declaration))
    recusal = next(record for record in WORKSPACE_RECORDS if isinstance(record, Recusal))
    workspace.put(first, replace(first, application="QISP-2026-009"), recusal, replace(recusal, reason="更正"))

    assert len(workspace.all(Declaration)) == 2
    assert workspace.all(Recusal) == [replace(recusal, reason="更正")]
