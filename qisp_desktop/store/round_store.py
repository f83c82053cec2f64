"""The round file (``*.qround``): one SQLite database with the round's records, audit trail and keys, materials beside
it.

One thread uses a store at a time. Reading is possible beside a writer at any moment; who writes holds the lease
(``lease``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, and_, select
from sqlalchemy.exc import DBAPIError

from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.round import Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.store import backups, contents, creating, dialect, leases, migrating, schema, trail
from qisp_desktop.store.aggregates import Cell, Key, aggregate_of
from qisp_desktop.store.audit import AuditEvent, AuditHead
from qisp_desktop.store.change import ABSENT, Change, Seen, Version
from qisp_desktop.store.errors import damaged

__all__ = ["Change", "RoundStore"]

T = TypeVar("T")


class RoundStore:
    """An open round file; use it in a ``with`` statement, or ``close`` it."""

    def __init__(self, path: Path, engine: Engine, connection: Connection, actor: str) -> None:
        """Made by ``create`` and ``open``; ``connection`` is one of ``engine``'s and belongs to the store."""
        self.path = path
        self.files = path.with_name(f"{path.name}.files")
        self._engine = engine
        self._connection = connection
        self._actor = actor
        self._lease: leases.Lease | None = None
        self._heartbeat: leases.Heartbeat | None = None
        self._change: Change | None = None
        self._seen: Seen = {}

    # Opening and closing --------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, path: Path, round: Round, rubric: Rubric, *, actor: str) -> Self:
        """Make a new round file and open it for writing. UserError when something is at ``path`` already."""
        creating.create(path, round, rubric, actor)
        return cls.open(path, actor=actor, write=True)

    @classmethod
    def open(cls, path: Path, *, actor: str, write: bool = False) -> Self:
        """Open a round file, an older format included; ``actor`` is who will stand in the audit trail.

        Opening for writing takes the lease, checks the whole file, migrates it and keeps a backup; opening for reading
        changes nothing. UserError when the file is not there, is no round file, is damaged (the newest good backup is
        named), has a newer format, or is being written by somebody else.
        """
        _refuse_what_is_no_round_file(path)
        with _told(path), dialect.told_of_disk(path):
            return cls._open_for_writing(path, actor) if write else cls._open_for_reading(path, actor)

    @classmethod
    def _open_for_reading(cls, path: Path, actor: str) -> Self:
        engine = dialect.engine_for(path, write=False)
        store = cls(path, engine, engine.connect(), actor)
        try:
            with dialect.reading(store._connection):
                found = migrating.format_of(store._connection, path)
            migrating.refuse_newer(found, path, write=False)
            if found < schema.FORMAT:
                # A reader changes no file, so it looks at a migrated copy.
                store.close()
                engine = dialect.engine_in_memory(path)
                store = cls(path, engine, engine.connect(), actor)
                migrating.upgrade(store._connection, path)
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def _open_for_writing(cls, path: Path, actor: str) -> Self:
        engine = dialect.engine_for(path, write=True)
        store = cls(path, engine, engine.connect(), actor)
        try:
            store._prepare_for_writing()
        except BaseException:
            store.close()
            raise
        return store

    def _prepare_for_writing(self) -> None:
        connection, path = self._connection, self.path
        if fault := dialect.fault(connection):
            raise damaged(path, fault, backups.newest_good(path))
        with dialect.reading(connection):
            found = migrating.format_of(connection, path)
        migrating.refuse_newer(found, path, write=True)
        with dialect.writing(connection):
            self._lease = leases.take(connection, path, self._actor)
        with dialect.reading(connection):
            head = trail.head_of(connection)
        backups.back_up(connection, path, head)
        if found < schema.FORMAT:
            migrating.upgrade(connection, path)
        contents.sweep_leftovers(self.files)
        self._heartbeat = leases.Heartbeat(self._beat)

    def close(self) -> None:
        """Give the lease back and let go of the file; may be called twice."""
        if self._heartbeat is not None:
            self._heartbeat.stop()
            self._heartbeat = None
        if self._lease is not None:
            # The drive may be gone or full: then others see that this process ended, which says the same.
            with suppress(UserError), _told(self.path), dialect.writing(self._connection):
                leases.release(self._connection, self._lease)
            leases.forget(self._lease)
            self._lease = None
        self._connection.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Reading --------------------------------------------------------------------------------------------------------

    @property
    def writable(self) -> bool:
        """Whether the file was opened for writing."""
        return self._lease is not None

    def round(self) -> Round:
        """The round that the file holds."""
        rounds = self.all(Round)
        if len(rounds) != 1:
            raise damaged(self.path, _("It does not hold exactly one round."), backups.newest_good(self.path))
        return rounds[0]

    def rubric(self) -> Rubric:
        """The scoring standard of the round."""
        rubric = self.get(Rubric, self.round().rubric)
        if rubric is None:
            raise damaged(self.path, _("It does not hold the round's rubric."), backups.newest_good(self.path))
        return rubric

    def get(self, cls: type[T], *key: Cell) -> T | None:
        """The record of ``cls`` with ``key``, or None."""
        aggregate = aggregate_of(cls)
        exact = aggregate.key_from(key)
        found = self._read(cls, dict(zip(aggregate.key, exact, strict=True)))
        if not found:
            self._seen.setdefault((aggregate.table, exact), ABSENT)
        return found[0] if found else None

    def all(self, cls: type[T], **where: Cell) -> list[T]:
        """All records of ``cls``, or those with these values in searched columns, in the order of their keys."""
        aggregate = aggregate_of(cls)
        return self._read(cls, {name: aggregate.cell_from(name, value) for name, value in where.items()})

    def listing(self, cls: type[Any], *columns: str, **where: Cell) -> list[tuple[Cell, ...]]:
        """Only these key or searched ``columns`` of the records of ``cls``, in the order of their keys.

        Costs no reading of documents: what of thousands of sheets is known already, for example.
        """
        aggregate, table = aggregate_of(cls), schema.TABLES[cls]
        cells = [table.c[name] for name in columns]
        wanted = [table.c[name] == aggregate.cell_from(name, value) for name, value in where.items()]
        query = select(*cells).where(and_(True, *wanted)).order_by(*(table.c[name] for name in aggregate.key))
        with self._reading() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def secret(self, name: str) -> bytes | None:
        """Key material as it was put, encrypted under the clerk's passphrase."""
        table = schema.secret
        with self._reading() as connection:
            return connection.execute(select(table.c.data).where(table.c.name == name)).scalar()

    def kept(self, digest: str) -> bytes | None:
        """Signed bytes as they were received, by their SHA-256; UserError when they are no longer the same."""
        table = schema.kept
        with self._reading() as connection:
            data = connection.execute(select(table.c.data).where(table.c.sha256 == digest)).scalar()
        if data is not None and sha256(data) != digest:
            raise self._changed_outside(f"kept:{digest}")
        return data

    # Changing -------------------------------------------------------------------------------------------------------

    @contextmanager
    def change(self, action: str) -> Iterator[Change]:
        """One transaction: kept at the end of the block with all its audit events; undone whole when it raises.

        ``action`` is the verb of its events. Reading inside the block sees what the change has done so far. Not nested.
        """
        if self._lease is None:
            raise ValueError("the round file was opened for reading")
        if self._change is not None:
            raise ValueError("a change is under way already")
        try:
            with _told(self.path), dialect.writing(self._connection) as connection:
                leases.require(connection, self.path, self._lease)
                self._change = change = Change(self.path, connection, self._actor, action, self._seen)
                yield change
                change.finish()
            self._seen.update(change.learned)
        finally:
            self._change = None

    # Materials ------------------------------------------------------------------------------------------------------

    def add_file(self, source: Path | bytes) -> str:
        """Keep a file beside the round, named by its content; returns its SHA-256. Adding it again does nothing."""
        return contents.add(self.files, source)

    def add_files(self, sources: Iterable[Path]) -> Iterator[str]:
        """``add_file`` for many files, faster; their SHA-256 in the order of ``sources``, as they become safe."""
        return contents.add_all(self.files, sources)

    def file(self, digest: str) -> Path:
        """Where a kept file lies, after reading it through; UserError when it is missing or damaged."""
        return contents.checked(self.files, digest)

    # The audit trail ------------------------------------------------------------------------------------------------

    def audit_events(self) -> list[AuditEvent]:
        """The whole trail in its order. UserError when an event is not even readable; ``verify_audit`` says more."""
        with self._reading() as connection:
            rows = trail.events_of(connection)
        try:
            return [trail.event_from(row) for row in rows]
        except (TypeError, ValueError) as error:
            raise self._changed_outside("audit_event") from error

    def audit_head(self) -> AuditHead:
        """The number and digest of the last event: what papers and packages carry."""
        if self._change is not None:
            return self._change.head
        with self._reading() as connection:
            return trail.head_of(connection)

    def verify_audit(
        self, check_signature: Callable[[bytes, bytes], str], known_heads: Iterable[AuditHead] = ()
    ) -> list[str]:
        """What is wrong with the trail and with the records it speaks of, in words; empty when nothing is.

        ``check_signature(data, signature)`` returns why a seal's signature does not hold, or "". ``known_heads`` are
        heads that stand on papers or in packages: they must still be in the trail.
        """
        with self._reading() as connection:
            return trail.verify(connection, check_signature, known_heads)

    # ----------------------------------------------------------------------------------------------------------------

    def _read(self, cls: type[T], where: dict[str, Cell]) -> list[T]:
        aggregate, table = aggregate_of(cls), schema.TABLES[cls]
        keys = [table.c[name] for name in aggregate.key]
        wanted = [table.c[name] == value for name, value in where.items()]
        query = select(table.c.document, table.c.digest, table.c.version, *keys).where(and_(True, *wanted))
        with self._reading() as connection:
            rows = connection.execute(query.order_by(*keys)).all()
        found: list[T] = []
        for document, digest, version, *key_cells in rows:
            key: Key = tuple(key_cells)
            if self._change is None:
                self._seen[aggregate.table, key] = Version(version, digest)
            try:
                found.append(aggregate.decoded(document, digest))
            except ValueError as error:
                raise self._changed_outside(aggregate.subject(key)) from error
        return found

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _told(self.path):
            if self._change is not None:
                yield self._connection
            else:
                with dialect.reading(self._connection):
                    yield self._connection

    def _changed_outside(self, subject: str) -> UserError:
        return damaged(
            self.path,
            _("{subject} was changed past this program.").format(subject=subject),
            backups.newest_good(self.path),
        )

    def _beat(self) -> None:
        lease = self._lease
        # One beat that a full disk or a long change prevents is made up for by the next.
        with suppress(DBAPIError, sqlite3.Error):
            if lease is not None:
                with self._engine.connect() as connection, dialect.writing(connection):
                    leases.beat(connection, lease)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    with dialect.told(path, backups.newest_good):
        yield


def _refuse_what_is_no_round_file(path: Path) -> None:
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
