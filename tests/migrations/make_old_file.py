"""Writes a round file of an older format for ``tests/data/old_files``; run once, before a format is left behind.

.venv/bin/python -m tests.migrations.make_old_file r0001 tests/data/old_files/round-1.0.qround
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from qisp_desktop.store import dialect, migrating
from tests.unit.store.samples import RECORDS_OF_1_1, full_round


def make(revision: str, target: Path) -> None:
    """A round with one record of every kind that the format of ``revision`` knows."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / target.name
        # Seals came with 1.1, so a file of 1.0 has none.
        full_round(path, sealed=revision != "r0001", records=RECORDS_OF_1_1)
        engine = dialect.engine_for(path, write=True)
        with engine.connect() as connection:
            migrating.downgrade(connection, path, revision)
        with engine.connect() as connection:
            dialect.copy_to(connection, target)
        engine.dispose()


if __name__ == "__main__":
    make(sys.argv[1], Path(sys.argv[2]))
