"""Rotating copies of the round file, in ``<name>.qround.backups/`` beside it.

They are numbered, because clocks go wrong: ``00012-3fa8b2c1d4e5.qround`` is the twelfth, taken at the audit head
whose digest begins so. Materials need no backup: they are named by their content and never change.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection

from qisp_desktop.base.atomic import sweep
from qisp_desktop.store import dialect
from qisp_desktop.store.audit import AuditHead

KEEP = 5
_NAME = re.compile(r"(\d{5,})-([0-9a-f]*)\.qround")


def folder_of(path: Path) -> Path:
    """Where the backups of the round file at ``path`` lie."""
    return path.with_name(f"{path.name}.backups")


def backups(path: Path) -> list[Path]:
    """The backups of ``path``, newest first."""
    folder = folder_of(path)
    entries = folder.iterdir() if folder.is_dir() else ()
    found = [(match, entry) for entry in entries if (match := _NAME.fullmatch(entry.name))]
    return [entry for match, entry in sorted(found, key=lambda pair: int(pair[0][1]), reverse=True)]


def newest_good(path: Path) -> Path | None:
    """The newest backup that is itself sound."""
    return next((backup for backup in backups(path) if dialect.is_sound(backup)), None)


def back_up(connection: Connection, path: Path, head: AuditHead) -> Path | None:
    """Copy the file if anything was done since the newest backup; return the new one, or None.

    ``connection`` is in no transaction. The oldest backups beyond ``KEEP`` are removed after the new one is whole.
    """
    sweep(folder_of(path))
    before = backups(path)
    newest = _NAME.fullmatch(before[0].name) if before else None
    mark = head.digest[:12]
    if newest and newest[2] == mark:
        return None
    number = int(newest[1]) + 1 if newest else 1
    target = folder_of(path) / f"{number:05}-{mark}.qround"
    dialect.copy_to(connection, target)
    for old in backups(path)[KEEP:]:
        # One that somebody has open stays until the next time.
        with suppress(OSError):
            old.unlink()
    return target
