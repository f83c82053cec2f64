"""Opening a round file: what is refused and in which words, who may write, which backups are kept."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import using
from qisp_desktop.domain.panel import Expert
from qisp_desktop.store import leases
from qisp_desktop.store.backups import KEEP, backups, folder_of
from qisp_desktop.store.round_store import RoundStore
from qisp_desktop.store.schema import FORMAT
from tests.unit.store.samples import EXPERT, check_signature, expert, full_round, new_round


def execute(path: Path, statement: str, *values: object) -> None:
    """What somebody does to the file past the program."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(statement, values)


def lease_row(path: Path) -> tuple[object, ...] | None:
    with closing(sqlite3.connect(path)) as raw:
        row: tuple[object, ...] | None = raw.execute("SELECT * FROM lease").fetchone()
        return row


# What is refused -------------------------------------------------------------------------------------------------


def test_a_folder_is_called_a_folder(path: Path) -> None:
    path.mkdir()
    with pytest.raises(UserError, match=r"is not a round file.*It is a folder"):
        RoundStore.open(path, actor="a", write=True)


def test_what_sqlite_finds_wrong_is_told_in_the_persons_language(path: Path) -> None:
    with new_round(path):
        pass
    for backup in folder_of(path).iterdir():
        backup.unlink()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with using("zh_CN"), pytest.raises(UserError) as refused:
        RoundStore.open(path, actor="a")
    assert refused.value.why == "文件内部的数据库结构已损坏。"


def test_a_file_that_is_not_there_is_not_made(path: Path) -> None:
    with pytest.raises(UserError, match="is not there"):
        RoundStore.open(path, actor="a", write=True)

    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00", b"PK\x03\x04" * 50, os.urandom(500)])
@pytest.mark.parametrize("write", [True, False])
def test_what_is_no_round_file_is_refused_and_left_alone(path: Path, content: bytes, write: bool) -> None:
    path.write_bytes(content)

    with pytest.raises(UserError, match="is not a round file"):
        RoundStore.open(path, actor="a", write=write)

    assert path.read_bytes() == content


def test_another_database_is_no_round_file(path: Path) -> None:
    execute(path, "CREATE TABLE round (id TEXT)")

    with pytest.raises(UserError, match="is not a round file"):
        RoundStore.open(path, actor="a")


def test_a_folder_is_no_round_file(path: Path) -> None:
    path.mkdir()

    with pytest.raises(UserError):
        RoundStore.open(path, actor="a")


def test_a_newer_major_format_is_refused_with_a_clear_word(path: Path) -> None:
    full_round(path)
    execute(path, "UPDATE file_format SET major = ?", FORMAT.major + 1)

    for write in (True, False):
        with pytest.raises(UserError, match="newer version"):
            RoundStore.open(path, actor="a", write=write)


def test_a_newer_minor_format_can_be_read_but_not_written(path: Path) -> None:
    full_round(path)
    execute(path, "UPDATE file_format SET minor = ?", FORMAT.minor + 1)

    with RoundStore.open(path, actor="a") as store:
        assert store.all(Expert) == [EXPERT]
    with pytest.raises(UserError, match="newer version"):
        RoundStore.open(path, actor="a", write=True)
    assert lease_row(path) is None


def test_a_file_that_does_not_say_its_format_is_damaged(path: Path) -> None:
    full_round(path)
    execute(path, "DELETE FROM file_format")
    with pytest.raises(UserError, match="which format"):
        RoundStore.open(path, actor="a")

    execute(path, "DROP TABLE file_format")
    with pytest.raises(UserError, match="which format"):
        RoundStore.open(path, actor="a")


# Damage and backups ----------------------------------------------------------------------------------------------


def damage(path: Path, start: int) -> None:
    content = bytearray(path.read_bytes())
    content[start:] = os.urandom(len(content) - start)
    path.write_bytes(content)


@pytest.mark.parametrize("start", [0, 100, 5000, 40000])
def test_a_damaged_file_is_refused_and_the_newest_good_backup_is_named_and_works(path: Path, start: int) -> None:
    full_round(path)
    RoundStore.open(path, actor="a", write=True).close()
    newest, older = backups(path)[:2]
    damage(newest, 5000)
    damage(path, start)

    with pytest.raises(UserError, match="is damaged") as refused:
        RoundStore.open(path, actor="a", write=True)

    assert str(older) in refused.value.do
    shutil.copyfile(older, path)
    with RoundStore.open(path, actor="a", write=True) as store:
        assert store.round().id == "7f3c"


def test_a_truncated_file_is_damaged(path: Path) -> None:
    full_round(path)
    path.write_bytes(path.read_bytes()[:20000])

    with pytest.raises(UserError, match="is damaged"):
        RoundStore.open(path, actor="a", write=True)


def test_a_reader_of_a_damaged_file_gets_a_clear_word_too(path: Path) -> None:
    full_round(path)
    damage(path, 4096)

    with pytest.raises(UserError, match="is damaged"), RoundStore.open(path, actor="a") as store:
        store.all(Expert)


def test_a_backup_is_kept_only_when_something_was_done_since_the_last(path: Path) -> None:
    new_round(path).close()
    for _ in range(3):
        RoundStore.open(path, actor="a", write=True).close()

    assert len(backups(path)) == 1


def test_reading_keeps_no_backup_and_changes_no_byte(path: Path) -> None:
    full_round(path)
    before, kept = path.read_bytes(), backups(path)

    with RoundStore.open(path, actor="a") as store:
        assert store.round().year == 2026
        assert store.audit_events()

    assert path.read_bytes() == before
    assert backups(path) == kept


def test_the_newest_backups_are_kept_and_each_is_a_whole_round(path: Path) -> None:
    new_round(path).close()
    for number in range(KEEP + 2):
        with RoundStore.open(path, actor="a", write=True) as store, store.change("import") as change:
            change.put(expert(number))

    kept = backups(path)
    assert len(kept) == KEEP
    assert [entry.name[:5] for entry in kept] == ["00007", "00006", "00005", "00004", "00003"]
    assert sorted(folder_of(path).iterdir()) == sorted(kept)
    with RoundStore.open(kept[0], actor="a") as backup:
        assert len(backup.all(Expert)) == KEEP + 1


# The lease -------------------------------------------------------------------------------------------------------


def test_a_second_writer_is_told_who_has_it_open_and_a_reader_is_not_kept_out(path: Path) -> None:
    with new_round(path, actor="王秘书") as store:
        with pytest.raises(UserError) as refused:
            RoundStore.open(path, actor="李秘书", write=True)
        assert "王秘书" in refused.value.why
        assert socket.gethostname() in refused.value.why
        with RoundStore.open(path, actor="李秘书") as reader, store.change("import") as change:
            change.put(EXPERT)
            assert reader.all(Expert) == []

    with RoundStore.open(path, actor="李秘书", write=True) as store:
        assert store.all(Expert) == [EXPERT]


def test_a_reader_is_not_kept_out_by_a_large_change_under_way(path: Path) -> None:
    with new_round(path) as store, RoundStore.open(path, actor="b") as reader, store.change("import") as change:
        # More than SQLite's cache holds, which would be written out early.
        change.put_all(replace(expert(number), title="职" * 5000) for number in range(300))
        assert reader.all(Expert) == []  # who is kept out is refused


HOLD = """
import sys, time
from pathlib import Path
from qisp_desktop.domain.panel import Expert
from qisp_desktop.store.round_store import RoundStore
store = RoundStore.open(Path(sys.argv[1]), actor="the killed one", write=True)
with store.change("never finished") as change:
    change.remove(Expert, "E001") if len(sys.argv) > 2 else None
    print("held", flush=True)
    time.sleep(60)
"""


def killed_holder(path: Path) -> None:
    """A process that dies with the file open and a change half done."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    with holder.stdout:
        said = holder.stdout.readline()
        holder.kill()
        code = holder.wait()
    assert said == "held\n"
    assert code == -signal.SIGKILL if os.name == "posix" else code != 0


def test_what_a_killed_process_held_is_taken_over_at_once(path: Path) -> None:
    full_round(path)
    killed_holder(path)
    assert lease_row(path) is not None

    with RoundStore.open(path, actor="b", write=True) as store:
        assert store.all(Expert) == [EXPERT]
        assert store.verify_audit(check_signature) == []


def hold_elsewhere(path: Path, age: timedelta) -> None:
    beat = (datetime.now(UTC) - age).isoformat(timespec="seconds")
    execute(path, "INSERT INTO lease VALUES (1, 't', '王秘书', 'another-host', 1, ?, ?)", beat, beat)


def test_another_computer_keeps_the_file_while_its_heart_beats(path: Path) -> None:
    new_round(path).close()
    hold_elsewhere(path, timedelta(seconds=90))

    with pytest.raises(UserError, match="another-host"):
        RoundStore.open(path, actor="b", write=True)


def test_another_computer_loses_the_file_two_minutes_after_its_last_heartbeat(path: Path) -> None:
    new_round(path).close()
    hold_elsewhere(path, timedelta(minutes=2, seconds=1))

    with RoundStore.open(path, actor="b", write=True) as store:
        assert store.writable


def test_a_lease_that_makes_no_sense_is_nobodys(path: Path) -> None:
    new_round(path).close()
    execute(path, "INSERT INTO lease VALUES (1, 't', 'x', 'another-host', 1, 'once', 'upon a time')")

    RoundStore.open(path, actor="b", write=True).close()


def test_who_was_taken_over_while_asleep_cannot_overwrite_anything(path: Path) -> None:
    with new_round(path, actor="asleep") as sleeper:
        execute(path, "UPDATE lease SET host = 'another-host', heartbeat = '2020-01-01T00:00:00+00:00'")
        with RoundStore.open(path, actor="王秘书", write=True) as other:
            with other.change("import") as change:
                change.put(EXPERT)

            with pytest.raises(UserError, match="王秘书"), sleeper.change("import") as change:
                change.put(replace(EXPERT, name="older"))
            sleeper.close()
            assert lease_row(path) is not None

    with RoundStore.open(path, actor="b") as reader:
        assert reader.all(Expert) == [EXPERT]


def test_a_stale_change_is_refused_and_says_whose_was_in_between(path: Path) -> None:
    full_round(path)
    with RoundStore.open(path, actor="slow", write=True) as slow:
        assert slow.get(Expert, "E001") == EXPERT
        assert slow.get(Expert, "E002") is None
        mine = lease_row(path)
        execute(path, "DELETE FROM lease")
        with RoundStore.open(path, actor="王秘书", write=True) as quick, quick.change("edit") as change:
            change.put_all([replace(EXPERT, phone="1"), expert(2)])
        execute(path, "INSERT INTO lease VALUES (?, ?, ?, ?, ?, ?, ?)", *(mine or ()))

        for stale in (replace(EXPERT, phone="2"), replace(expert(2), phone="2")):
            with pytest.raises(UserError, match="王秘书"), slow.change("edit") as change:
                change.put(stale)
        with pytest.raises(UserError, match="王秘书"), slow.change("edit") as change:
            change.remove(Expert, "E001")
        assert slow.get(Expert, "E001") == replace(EXPERT, phone="1")
        with slow.change("edit again") as change:
            assert change.put(replace(EXPERT, phone="2"))


def test_the_heartbeat_confirms_the_lease_and_stops_with_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases.Heartbeat.__init__, "__defaults__", (0.02,))
    with new_round(path):
        execute(path, "UPDATE lease SET heartbeat = 'old'")
        deadline = time.monotonic() + 5
        while (lease_row(path) or ())[-1] == "old" and time.monotonic() < deadline:
            time.sleep(0.01)
        assert (lease_row(path) or ())[-1] != "old"

    assert lease_row(path) is None


def test_closing_twice_is_harmless(path: Path) -> None:
    store = new_round(path)
    store.close()
    store.close()


def test_closing_is_possible_when_the_drive_is_gone(path: Path) -> None:
    store = new_round(path)
    for entry in path.parent.glob(f"{path.name}*"):
        entry.unlink() if entry.is_file() else shutil.rmtree(entry)

    store.close()


def test_a_drive_that_may_only_be_read_can_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full_round(path)
    monkeypatch.setattr(os, "access", lambda *_: False)  # tests may run as root, whom no permission keeps out

    with RoundStore.open(path, actor="a") as store:
        assert store.all(Expert) == [EXPERT]
