"""The database of a workspace: made whole, taken by one program only, its troubles put into words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from qisp_desktop.base.atomic import staged
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.store.errors import PRIMARY_CODE, damaged, database_error

FORMAT = "qisp-work/1"
APPLICATION_ID = 0x51495357
"""``QISW`` in the header of the database."""
DATABASE = "workspace.sqlite"
PRIVATE = 0o700
PRIVATE_FILE = 0o600


@dataclass(frozen=True)
class WorkspaceHeader:
    """What can be read without the passphrase: whose workspace this is; nothing of any application."""

    format: str
    round: str
    round_name: str
    expert: str
    issue: str


_HEADER = tuple(field.name for field in fields(WorkspaceHeader))
_TABLES = (
    f"CREATE TABLE header ({', '.join(f'{name} TEXT NOT NULL' for name in _HEADER)})",
    "CREATE TABLE document (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL, updated TEXT NOT NULL)",
)


def make_database(folder: Path, header: WorkspaceHeader) -> None:
    """Make the database of a new workspace: whole under its name, or not there at all."""
    with (
        told(folder),
        staged(folder / DATABASE) as temporary,
        closing(sqlite3.connect(temporary, isolation_level=None)) as connection,
    ):
        temporary.chmod(PRIVATE_FILE)
        # Nobody reads it before it is whole, so its journal would only be one more thing to leave behind.
        for pragma in (f"application_id={APPLICATION_ID}", "journal_mode=MEMORY", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        with transaction(connection):
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute("INSERT INTO header VALUES (?, ?, ?, ?, ?)", astuple(header))


def take_database(connection: sqlite3.Connection, folder: Path) -> WorkspaceHeader:
    """Become the only program that has the workspace open, look whether it is sound, and read its header."""
    try:
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        with transaction(connection):
            marked = connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
            sound = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            rows = connection.execute("SELECT * FROM header").fetchall() if marked and sound else []
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE != sqlite3.SQLITE_BUSY:
            raise
        raise UserError(
            _("{path} is open in another window already.").format(path=folder),
            "",
            _("Go on there, or close it first."),
        ) from error
    if not sound or len(rows) != 1:
        raise damaged(folder, _("Its database is not what was written."))
    header = WorkspaceHeader(*rows[0])
    _refuse_other_formats(header, folder)
    return header


def _refuse_other_formats(header: WorkspaceHeader, folder: Path) -> None:
    if header.format == FORMAT:
        return
    raise UserError(
        _("{path} was made by a newer version of this program.").format(path=folder),
        _("Its format is {found}; this version reads {known}.").format(found=header.format, known=FORMAT),
        _("Install the newer version on this computer."),
    )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Durable at the end of the block, undone when it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk can have ended the transaction already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Turn trouble of the database in ``folder`` into UserError; bugs pass through."""
    try:
        yield
    except sqlite3.Error as error:
        known = database_error(folder, error)
        if known is None:
            raise
        raise known from error
