"""Rotating copies of a round, each a round file: in ``<name>.qround.backups/`` beside a round file, in the folder of
the materials for a round on a server.

They are numbered, because clocks go wrong: ``00012-3fa8b2c1d4e5.qround`` is the twelfth, taken at the audit head
whose digest begins so. Materials need no backup: they are named by their content and never change.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from qisp_desktop.base.atomic import sweep
from qisp_desktop.store import dialect
from qisp_desktop.store.audit import AuditHead

KEEP = 5
_NAME = re.compile(r"(\d{5,})-([0-9a-f]*)\.qround")


def folder_of(path: Path) -> Path:
    """Where the backups of the round file at ``path`` lie."""
    return path.with_name(f"{path.name}.backups")


def backups(path: Path) -> list[Path]:
    """The backups of the round file at ``path``, newest first."""
    return backups_in(folder_of(path))


def backups_in(folder: Path) -> list[Path]:
    """The backups in ``folder``, newest first."""
    entries = folder.iterdir() if folder.is_dir() else ()
    found = [(match, entry) for entry in entries if (match := _NAME.fullmatch(entry.name))]
    return [entry for match, entry in sorted(found, key=lambda pair: int(pair[0][1]), reverse=True)]


def newest_good(path: Path) -> Path | None:
    """The newest backup of the round file at ``path`` that is itself sound."""
    return newest_good_in(folder_of(path))


def newest_good_in(folder: Path) -> Path | None:
    """The newest sound backup in ``folder``."""
    return next((backup for backup in backups_in(folder) if dialect.is_sound(backup)), None)


def back_up(folder: Path, head: AuditHead, copy_to: Callable[[Path], None], *, at_most_every_s: int = 0) -> Path | None:
    """Make a copy in ``folder`` if anything was done since the newest backup; return the new one, or None.

    ``copy_to`` makes it. Nor is there a new one while the newest is younger than ``at_most_every_s`` by this
    computer's clock. The oldest backups beyond ``KEEP`` are removed after the new one is whole.
    """
    sweep(folder)
    before = backups_in(folder)
    newest = _NAME.fullmatch(before[0].name) if before else None
    mark = head.digest[:12]
    if newest and (newest[2] == mark or _is_younger(before[0], at_most_every_s)):
        return None
    number = int(newest[1]) + 1 if newest else 1
    target = folder / f"{number:05}-{mark}.qround"
    copy_to(target)
    for old in backups_in(folder)[KEEP:]:
        # One that somebody has open stays until the next time.
        with suppress(OSError):
            old.unlink()
    return target


def _is_younger(path: Path, seconds: int) -> bool:
    with suppress(OSError):
        return 0 <= time.time() - path.stat().st_mtime < seconds
    return False
