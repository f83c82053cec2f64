"""What to tell the person when the database cannot do its work. Needs sqlite3 only, so the workspace can use it too."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from qisp_desktop.base.atomic import disk_error
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import N_, _
from qisp_desktop.store.places import RoundPlace


class Unreachable(UserError):
    """A server or a folder that cannot be reached now; the same is worth trying again when it can."""


class Damaged(UserError):
    """A file whose content is not what was written; ``backup`` is the newest good copy of it, if there is one."""

    def __init__(self, what: str, why: str = "", do: str = "", backup: Path | None = None) -> None:
        super().__init__(what, why, do)
        self.backup = backup


SQLITE_WORDS = (
    N_("database disk image is malformed"),
    N_("file is not a database"),
    N_("unable to open database file"),
    N_("disk I/O error"),
)
"""What SQLite says most often of a file, in its words; marked for the catalogue."""
PRIMARY_CODE = 0xFF
"""SQLite's extended result codes carry the primary one in their lowest byte."""


def database_error(
    path: Path, error: sqlite3.Error, find_backup: Callable[[Path], Path | None] = lambda _: None
) -> UserError | None:
    """The trouble of disk, lock or content that ``error`` reports about ``path``; None when it is a bug of ours."""
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(code, int):
        return None
    match code & PRIMARY_CODE:
        case sqlite3.SQLITE_FULL:
            return UserError(
                _("{path} could not be written.").format(path=path),
                _("The disk is full. Nothing was changed."),
                _("Free some space, then try again."),
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            # A file that was moved away under SQLite counts as read-only too.
            return _read_only(path) if path.exists() else _gone(path, _("There is no such file or folder."))
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return UserError(
                _("{path} is being written by somebody else.").format(path=path),
                "",
                _("Wait a moment, then try again."),
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(path, _(str(error)), find_backup(path))
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN if path.exists() and not os.access(path, os.W_OK):
            return _read_only(path)  # what a write-ahead log on a read-only drive comes to
        case sqlite3.SQLITE_CANTOPEN if path.parent.is_dir() and not os.access(path.parent, os.W_OK):
            return disk_error(path, OSError(errno.EROFS, os.strerror(errno.EROFS)))  # it was to be made there
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PROTOCOL:
            return _gone(path, _(str(error)))
    return None


def _gone(path: Path, why: str) -> Unreachable:
    return Unreachable(
        _("{path} could not be reached.").format(path=path),
        why,
        _("Check that the drive or the network folder is still there, then try again."),
    )


def _read_only(path: Path) -> UserError:
    return UserError(
        _("{path} could not be written.").format(path=path),
        _("The file or its drive may only be read."),
        _("Copy it to a place where you may write, and open it there."),
    )


def damaged(path: RoundPlace, why: str, backup: Path | None = None) -> Damaged:
    """That the content of ``path`` is not what was written, and which ``backup`` can take its place."""
    if backup is None:
        remedy = _("Use a copy of the file from before.")
    else:
        remedy = _("Close the program and copy {backup} over it: that is the newest good backup.").format(backup=backup)
    return Damaged(_("{path} is damaged.").format(path=path), why, remedy, backup)


_FOREIGN_KEY_VIOLATION = "23503"
"""What the SQL standard calls it; PostgreSQL's drivers say so."""


def is_broken_reference(error: BaseException | None) -> bool:
    """Whether a database refused to leave a row that points to nothing; any other broken rule is a bug of ours."""
    if isinstance(error, sqlite3.IntegrityError):
        return error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
    return getattr(error, "sqlstate", "") == _FOREIGN_KEY_VIOLATION
