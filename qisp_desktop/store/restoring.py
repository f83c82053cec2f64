"""Taking up work again from a backup: what it lacks, and a copy of it as a round file of its own."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from qisp_desktop.base.atomic import staged
from qisp_desktop.store import contents, dialect
from qisp_desktop.store.file_database import files_of


class LastEvent(NamedTuple):
    """The last audit event that can be read in a round file: its number, and when it was."""

    seq: int
    at: datetime


def last_event(path: Path) -> LastEvent | None:
    """The last event of the trail in a round file, a damaged one included; None where nothing of it can be read."""
    try:
        with closing(dialect.plain(path)) as connection:
            row = connection.execute("SELECT seq, time FROM audit_event ORDER BY seq DESC LIMIT 1").fetchone()
        return None if row is None else LastEvent(int(row[0]), datetime.fromisoformat(row[1]))
    except (sqlite3.Error, OSError, ValueError, TypeError):
        return None


def restore(backup: Path, damaged: Path, target: Path, show: Callable[[int, int], None]) -> None:
    """Make ``backup`` a round file at ``target``, with the materials of the ``damaged`` one; nothing else is touched.

    ``show`` is told how many of the materials are there. Materials are named by their content and never changed, so
    both files may share them on the disk. UserError when something cannot be read or written.
    """
    with dialect.told(backup), staged(target) as temporary:
        with closing(dialect.plain(backup)) as source, closing(sqlite3.connect(temporary)) as copy:
            source.backup(copy)
            # Who had the round open when the backup was made says nothing of its copy.
            copy.execute("DELETE FROM lease")
            copy.commit()
        materials = contents.kept_in(files_of(damaged))
        for done, source_file in enumerate(materials):
            show(done, len(materials))
            _share(source_file, files_of(target))


def _share(source: Path, folder: Path) -> None:
    place = contents.place_of(folder, source.name)
    if place.exists():
        return
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, place)
    except OSError:
        contents.add(folder, source)  # a drive without links
