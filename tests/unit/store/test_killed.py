"""A process killed at any moment leaves a round that is whole: each change entirely there or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qisp_desktop.domain.application import Application
from qisp_desktop.domain.panel import Expert
from qisp_desktop.store.places import RoundPlace
from qisp_desktop.store.round_store import RoundStore
from tests.unit.store.samples import check_signature, new_round

PAIRS = 40
"""Records of each of two kinds in one change; both or neither are there afterwards."""

WRITE = f"""
import sys
from qisp_desktop.store.places import parse_place
from qisp_desktop.store.round_store import RoundStore
from tests.unit.store.samples import application, expert, signature_of
print("up", flush=True)
for turn in range(10_000):
    with RoundStore.open(parse_place(sys.argv[1]), actor="the killed one", write=True) as store:
        with store.change("import") as change:
            numbers = range(turn * {PAIRS}, (turn + 1) * {PAIRS})
            store.add_file(str(turn).encode())
            change.put_all(expert(number) for number in numbers)
            change.put_all(application(number) for number in numbers)
            change.keep(str(turn).encode())
            change.seal(signature_of)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
@pytest.mark.parametrize("after_s", [0.03, 0.101, 0.17, 0.253, 0.4])
def test_a_killed_writer_leaves_whole_changes_only(place: RoundPlace, after_s: float) -> None:
    new_round(place).close()
    root = Path(__file__).resolve().parents[3]
    writer = subprocess.Popen([sys.executable, "-c", WRITE, str(place)], stdout=subprocess.PIPE, cwd=root)
    assert writer.stdout is not None
    with writer.stdout:
        writer.stdout.readline()
        time.sleep(after_s)
        writer.send_signal(signal.SIGKILL)
        writer.wait()

    with RoundStore.open(place, actor="reader") as reader:
        assert len(reader.all(Expert)) % PAIRS == 0
    with RoundStore.open(place, actor="b", write=True) as store:
        numbers = [int(one.id[1:]) for one in store.all(Expert)]
        assert sorted(numbers) == list(range(len(numbers)))
        assert len(numbers) % PAIRS == 0
        assert len(store.all(Application)) == len(numbers)
        assert store.verify_audit(check_signature) == []
        with store.change("afterwards") as change:
            change.note("look", "round")
