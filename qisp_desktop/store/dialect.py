"""All that is particular to SQLite: how a round file is opened, checked, copied, and what its first bytes say.

Everything else in the store is portable SQL through SQLAlchemy Core.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, StaticPool, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from qisp_desktop.base.atomic import disk_error, staged
from qisp_desktop.base.reading import unreadable
from qisp_desktop.store.errors import database_error

APPLICATION_ID = 0x51495350
"""``QISP`` in the header of a round file (``PRAGMA application_id``)."""
MAGIC = b"SQLite format 3\x00"
HEADER_SIZE = 100
APPLICATION_ID_AT = slice(68, 72)
BUSY_TIMEOUT_S = 5
_BEGIN = "qisp_begin"
_JOURNAL = "TRUNCATE"
"""Not WAL, which does not work on network shares, where offices keep round files."""
_JOURNAL_OF_UNFINISHED = "MEMORY"
"""Nobody reads a file before it is whole, so its journal on the disk would only be one more thing to leave behind."""


def is_round_file(path: Path) -> bool:
    """Whether the first bytes are those of a round file; raises UserError when ``path`` cannot be read."""
    try:
        with path.open("rb") as stream:
            header = stream.read(HEADER_SIZE)
    except OSError as error:
        raise unreadable(path, error) from error
    return header.startswith(MAGIC) and header[APPLICATION_ID_AT] == APPLICATION_ID.to_bytes(4, "big")


def engine_for(path: Path, *, write: bool, create: bool = False) -> Engine:
    """An engine on the file at ``path``; it never makes a file unless ``create``.

    A reader opens for reading and writing too, because only then can SQLite put back what a killed writer left
    half done; ``query_only`` keeps it from changing anything, and a drive that may only be read is opened so.
    """
    changeable = write or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
    uri = f"{_uri(path)}?mode={'rwc' if create else 'rw' if changeable else 'ro'}"
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, check_same_thread=False),
        poolclass=QueuePool,
        hide_parameters=True,  # what stands in the round stays out of logs
    )
    _prepare(engine, write=write, journal=_JOURNAL_OF_UNFINISHED if create else _JOURNAL)
    return engine


def engine_in_memory(path: Path) -> Engine:
    """An engine on a copy of the file at ``path`` that lives in memory only."""
    engine = create_engine(
        "sqlite+pysqlite://",
        poolclass=StaticPool,
        connect_args={"check_same_thread": False},
        hide_parameters=True,
    )
    _prepare(engine, write=True, journal=_JOURNAL_OF_UNFINISHED)
    with told(path), closing(plain(path)) as source, engine.connect() as connection:
        source.backup(_raw(connection))
    return engine


def _prepare(engine: Engine, *, write: bool, journal: str) -> None:
    @event.listens_for(engine, "connect")
    def set_up(raw: sqlite3.Connection, _record: object) -> None:
        # Transactions begin where SQLAlchemy says so, not where the driver guesses; DDL takes part in them.
        raw.isolation_level = None
        raw.execute("PRAGMA foreign_keys=ON")
        if write:
            raw.execute(f"PRAGMA journal_mode={journal}")
            raw.execute("PRAGMA synchronous=FULL")
            # Else a large change would lock readers out long before it commits.
            raw.execute("PRAGMA cache_spill=OFF")
        else:
            raw.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.info.get(_BEGIN, "BEGIN"))


@contextmanager
def reading(connection: Connection) -> Iterator[Connection]:
    """A transaction that sees one state of the file and keeps nothing."""
    connection.info[_BEGIN] = "BEGIN"
    with connection.begin() as transaction:
        try:
            yield connection
        finally:
            transaction.rollback()


@contextmanager
def writing(connection: Connection) -> Iterator[Connection]:
    """A transaction that is kept whole at the end of the block, or not at all when the block raises."""
    # The lock is taken at once: to find out at the commit that somebody else wrote would be too late.
    connection.info[_BEGIN] = "BEGIN IMMEDIATE"
    transaction = connection.begin()
    try:
        yield connection
        transaction.commit()
    except BaseException:
        transaction.rollback()
        # After a commit that failed (a reader in the way, a reference to nothing) SQLAlchemy takes the transaction for
        # ended, but SQLite has it still.
        connection.connection.rollback()
        raise


@contextmanager
def told(path: Path, find_backup: Callable[[Path], Path | None] = lambda _: None) -> Iterator[None]:
    """Turn trouble of the disk, of locks and of damaged content about ``path`` into UserError; bugs pass through.

    What to say of damaged content names what ``find_backup`` finds.
    """
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        origin = error.orig if isinstance(error, DBAPIError) else error
        known = database_error(path, origin, find_backup) if isinstance(origin, sqlite3.Error) else None
        if known is None:
            raise
        raise known from error


@contextmanager
def told_of_disk(path: Path) -> Iterator[None]:
    """Turn trouble of the file system about ``path`` into UserError."""
    try:
        yield
    except OSError as error:
        raise disk_error(path, error) from error


def mark_as_round_file(connection: Connection) -> None:
    """Write the application id into the header; outside a transaction."""
    _raw(connection).execute(f"PRAGMA application_id={APPLICATION_ID}")


@contextmanager
def foreign_keys_off(connection: Connection) -> Iterator[None]:
    """Let a migration make tables anew; begun and ended outside a transaction, because SQLite heeds it only there."""
    _raw(connection).execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        _raw(connection).execute("PRAGMA foreign_keys=ON")


def broken_references(connection: Connection) -> list[str]:
    """Rows that point to nothing, after a migration."""
    return [f"{row[0]} → {row[2]}" for row in connection.execute(text("PRAGMA foreign_key_check"))]


def fault(connection: Connection) -> str:
    """What ``quick_check`` finds wrong with the file; empty when it is sound."""
    try:
        found = [str(row[0]) for row in _raw(connection).execute("PRAGMA quick_check(5)")]
    except sqlite3.DatabaseError as error:
        found = [str(error)]
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
    return "" if found == ["ok"] else "; ".join(found)


def copy_to(connection: Connection, target: Path) -> None:
    """A consistent copy of the whole file at ``target`` (SQLite's backup): whole or not at all."""
    with told(target), staged(target) as temporary, closing(sqlite3.connect(temporary)) as copy:
        copy.execute(f"PRAGMA journal_mode={_JOURNAL_OF_UNFINISHED}")
        _raw(connection).backup(copy)


def is_sound(path: Path) -> bool:
    """Whether the file at ``path`` is a round file without a fault; used on backups."""
    try:
        if not is_round_file(path):
            return False
        with closing(plain(path)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)])
    except (sqlite3.Error, OSError):
        return False


def plain(path: Path) -> sqlite3.Connection:
    """The file at ``path`` as it is, for looking into what may be damaged."""
    return sqlite3.connect(f"{_uri(path)}?mode={'rw' if os.access(path, os.W_OK) else 'ro'}", uri=True)


def _uri(path: Path) -> str:
    # The authority stays empty, so that drives (/C:/...) and network shares (//server/share/...) work too.
    name = path.absolute().as_posix()
    return f"file://{'' if name.startswith('/') else '/'}{quote(name, safe='/:')}"


def _raw(connection: Connection) -> Any:
    # The driver's own connection, for what SQLAlchemy has no words for.
    return connection.connection.driver_connection
