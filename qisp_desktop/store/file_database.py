"""A round in a file of its own (SQLite): one program writes it at a time, others may read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.store import backups, contents, dialect, leases, migrating, schema, trail
from qisp_desktop.store.database import RoundDatabase
from qisp_desktop.store.errors import damaged


class FileDatabase(RoundDatabase):
    """A round file that is open; made by ``open_file``."""

    several_writers: ClassVar[bool] = False

    def __init__(self, path: Path, engine: Engine, *, is_copy: bool = False) -> None:
        """``engine`` is on the file at ``path``, or on a copy of it in memory, and belongs to this database."""
        self.place: Path = path
        self.files = files_of(path)
        self.connection = engine.connect()
        self._engine = engine
        self._is_copy = is_copy
        self._snapshot: Connection | None = None
        self._lease: leases.Lease | None = None
        self._heartbeat: leases.Heartbeat | None = None

    @property
    def writable(self) -> bool:
        return self._lease is not None

    def prepare_for_writing(self, actor: str) -> None:
        """Check the whole file, take its lease for ``actor``, keep a backup, bring its tables to this version's."""
        connection, path = self.connection, self.place
        if fault := dialect.fault(connection):
            raise self.damaged(fault)
        with dialect.reading(connection):
            found = migrating.format_of(connection, path)
        migrating.refuse_newer(found, path, write=True)
        with dialect.writing(connection):
            self._lease = leases.take(connection, path, actor)
        with dialect.reading(connection):
            head = trail.head_of(connection)
        backups.back_up(backups.folder_of(path), head, partial(dialect.copy_to, connection))
        if found < schema.FORMAT:
            migrating.upgrade(connection, path)
        contents.sweep_leftovers(self.files)
        self._heartbeat = leases.Heartbeat(self._beat)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turn trouble of the disk, of locks and of damaged content into UserError; bugs pass through."""
        with dialect.told(self.place, backups.newest_good):
            yield

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.told(), dialect.reading(self._snapshot or self.connection) as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        if self.writable or self._is_copy:
            yield  # nobody else changes it
            return
        # A copy, because a reader that kept its lock would keep the writer from finishing anything.
        with self.told():
            engine = dialect.engine_in_memory(self.place)
        try:
            with engine.connect() as connection:
                self._snapshot = connection
                yield
        finally:
            self._snapshot = None
            engine.dispose()

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        if self._lease is None:
            raise ValueError("the round file was opened for reading")
        with self.told(), dialect.writing(self.connection) as connection:
            leases.require(connection, self.place, self._lease)
            yield connection

    def ordered(self, columns: Iterable[Any]) -> list[Any]:
        return list(columns)

    def damaged(self, why: str) -> UserError:
        return damaged(self.place, why, backups.newest_good(self.place))

    def copy_to(self, target: Path) -> None:
        with self.told():
            dialect.copy_to(self.connection, target)

    def close(self) -> None:
        if self._heartbeat is not None:
            self._heartbeat.stop()
            self._heartbeat = None
        if self._lease is not None:
            # The drive may be gone or full: then others see that this process ended, which says the same.
            with suppress(UserError), self.told(), dialect.writing(self.connection):
                leases.release(self.connection, self._lease)
            leases.forget(self._lease)
            self._lease = None
        self.connection.close()
        self._engine.dispose()

    def _beat(self) -> None:
        lease = self._lease
        # One beat that a full disk or a long change prevents is made up for by the next.
        with suppress(DBAPIError, sqlite3.Error):
            if lease is not None:
                with self._engine.connect() as connection, dialect.writing(connection):
                    leases.beat(connection, lease)


def open_file(path: Path, actor: str, *, write: bool) -> FileDatabase:
    """The round file at ``path``, as ``RoundStore.open`` says."""
    _refuse_what_is_no_round_file(path)
    with dialect.told(path, backups.newest_good), dialect.told_of_disk(path):
        return _open_for_writing(path, actor) if write else _open_for_reading(path)


def files_of(path: Path) -> Path:
    """Where the materials of the round file at ``path`` lie."""
    return path.with_name(f"{path.name}.files")


def _open_for_writing(path: Path, actor: str) -> FileDatabase:
    database = FileDatabase(path, dialect.engine_for(path, write=True))
    try:
        database.prepare_for_writing(actor)
    except BaseException:
        database.close()
        raise
    return database


def _open_for_reading(path: Path) -> FileDatabase:
    database = FileDatabase(path, dialect.engine_for(path, write=False))
    try:
        with dialect.reading(database.connection) as connection:
            found = migrating.format_of(connection, path)
        migrating.refuse_newer(found, path, write=False)
        if found < schema.FORMAT:
            # A reader changes no file, so it looks at a migrated copy.
            database.close()
            database = FileDatabase(path, dialect.engine_in_memory(path), is_copy=True)
            migrating.upgrade(database.connection, path)
    except BaseException:
        database.close()
        raise
    return database


def _refuse_what_is_no_round_file(path: Path) -> None:
    if path.is_dir():
        raise UserError(
            _("{path} is not a round file.").format(path=path),
            _("It is a folder."),
            _("Choose a file whose name ends with .qround."),
        )
    if not path.is_file():
        raise UserError(_("{path} is not there.").format(path=path), "", _("Check the name, or make a new round."))
    if dialect.is_round_file(path):
        return
    if (backup := backups.newest_good(path)) is not None:
        raise damaged(path, _("Its first bytes are not those of a round file."), backup)
    raise UserError(
        _("{path} is not a round file.").format(path=path),
        _("Its first bytes are not those of a round file."),
        _("Choose a file whose name ends with .qround."),
    )
