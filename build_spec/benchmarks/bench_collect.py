"""Collecting 9 returns of 200 applications × 16 criteria, against bare libraries doing the least for the same rows."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tempfile
import zipfile
from pathlib import Path

import pyrage
from big_round import PASSPHRASE, BigRound, make_round
from harness import Row, best_of, seconds

from qisp_desktop.exchange.certificates import authority_from_pem
from qisp_desktop.exchange.identity import unlock_identity
from qisp_desktop.exchange.signatures import check_detached
from qisp_desktop.services.collecting import collect_open
from qisp_desktop.services.office import IDENTITY, Office, unlock
from qisp_desktop.store.round_store import RoundStore

APPLICATIONS, EXPERTS, TIMES = 200, 9, 4


def run() -> list[Row]:
    """The rows of issue 'one whole round': collect, and collect the same again."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        big = make_round(folder, applications=APPLICATIONS, experts=EXPERTS)
        with RoundStore.open(big.path, actor="bench") as store:
            office = unlock(store, PASSPHRASE)
            root = store.round().authority
            openssh = store.secret(IDENTITY) or b""
        # pyrage's own key object, as a bare script would hold it
        key = unlock_identity(openssh, PASSPHRASE)._key
        first, again = _collect(folder, big, office)
        rows = _written_rows(folder / "copy.qround")
        floor = best_of(TIMES, lambda: _bare(folder, big, key, root, rows))
    work = f"collect {EXPERTS} returns × {APPLICATIONS} applications × 16 criteria"
    return [
        Row(work, "bare pyrage + CMS + json + executemany of the same rows", first, floor, 2.5),
        Row("collect the same again, unchanged", "the first time", again, first, 0.3),
    ]


def _collect(folder: Path, big: BigRound, office: Office) -> tuple[float, float]:
    """The best first and second time, each on a fresh copy of the round."""
    first, again = float("inf"), float("inf")
    for _ in range(TIMES):
        copy = folder / "copy.qround"
        shutil.copyfile(big.path, copy)
        shutil.rmtree(folder / "copy.qround.files", ignore_errors=True)
        with RoundStore.open(copy, actor="bench", write=True) as store:
            first = min(first, seconds(lambda: _checked(store, office, big, "accepted")))
            again = min(again, seconds(lambda: _checked(store, office, big, "unchanged")))
    return first, again


def _checked(store: RoundStore, office: Office, big: BigRound, verdict: str) -> None:
    report = collect_open(store, office, big.returns)
    if {file.verdict.value for file in report.files} != {verdict}:
        raise RuntimeError(f"expected {verdict}: {report.to_json()['counts']}")


def _written_rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What collecting wrote, so that the floor writes the same."""
    connection = sqlite3.connect(path)
    try:
        collected = "SELECT * FROM audit_event WHERE action = 'collect'"
        return {
            "score_sheet": connection.execute("SELECT * FROM score_sheet").fetchall(),
            "audit_event": connection.execute(collected).fetchall(),
            "returned_file": connection.execute("SELECT * FROM returned_file").fetchall(),
            "kept": connection.execute("SELECT * FROM kept").fetchall(),
        }
    finally:
        connection.close()


def _bare(
    folder: Path, big: BigRound, key: pyrage.ssh.Identity, root: str, rows: dict[str, list[tuple[object, ...]]]
) -> None:
    authority = authority_from_pem(root.encode("ascii"))
    for path in big.returns:
        with zipfile.ZipFile(path) as outer:
            plain = pyrage.decrypt(outer.read("contents.age"), [key])
        with zipfile.ZipFile(io.BytesIO(plain)) as inner:
            manifest, signature = inner.read("manifest.json"), inner.read("manifest.p7s")
        if check_detached(manifest, signature, signer=None, roots=[authority]):
            raise RuntimeError("the floor's signature check failed")
        json.loads(manifest)
    bare = folder / "bare.sqlite"
    bare.unlink(missing_ok=True)
    connection = sqlite3.connect(bare)
    connection.execute("PRAGMA journal_mode=TRUNCATE")
    connection.execute("PRAGMA synchronous=FULL")
    for table, values in rows.items():
        columns = ", ".join(f"c{n}" for n in range(len(values[0])))
        connection.execute(f"CREATE TABLE {table} ({columns}, PRIMARY KEY (c0))")
    connection.commit()
    for table, values in rows.items():
        marks = ", ".join("?" * len(values[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
    connection.commit()
    connection.close()
