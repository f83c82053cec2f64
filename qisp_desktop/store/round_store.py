"""An open round with its records, audit trail, keys and materials: a round file (``*.qround``, SQLite), or a database
on a PostgreSQL server that several clerks work on at once.

One thread uses a store at a time. Reading is possible beside a writer at any moment. Of a round file one program at a
time may write (``leases``); on a server all may, and what was decided on a state that somebody else changed meanwhile
is refused (``change``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, and_, select
from sqlalchemy.exc import IntegrityError

from qisp_desktop.base.codec import CodecError
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.round import Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.store import contents, copying, creating, schema, trail
from qisp_desktop.store.aggregates import Aggregate, Cell, Key, aggregate_of
from qisp_desktop.store.audit import AuditEvent, AuditHead, EventRow
from qisp_desktop.store.change import ABSENT, Change, Seen, Version
from qisp_desktop.store.database import RoundDatabase
from qisp_desktop.store.errors import is_broken_reference
from qisp_desktop.store.opening import open_database
from qisp_desktop.store.places import RoundPlace

__all__ = ["Change", "RoundStore"]

T = TypeVar("T")


class RoundStore:
    """An open round; use it in a ``with`` statement, or ``close`` it."""

    def __init__(self, database: RoundDatabase, actor: str) -> None:
        """Made by ``create`` and ``open``; ``database`` belongs to the store."""
        self.place = database.place
        """Where the round lies; its text is for messages and never holds a password."""
        self.files = database.files
        self._database = database
        self._actor = actor
        self._connection: Connection | None = None  # of the change that is under way
        self._change: Change | None = None
        self._in_snapshot = False
        self._seen: Seen = {}
        self._read_at: dict[str, int] = {}

    # Opening and closing --------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, place: RoundPlace, round: Round, rubric: Rubric, *, actor: str) -> Self:
        """Make a new round and open it for writing. UserError when something is at ``place`` already.

        On a server ``place`` is an empty database, and names the folder of the materials.
        """
        creating.create(place, round, rubric, actor)
        return cls.open(place, actor=actor, write=True)

    @classmethod
    def open(cls, place: RoundPlace, *, actor: str, write: bool = False) -> Self:
        """Open a round, an older format included; ``actor`` is who will stand in the audit trail.

        Opening for writing checks the round, migrates it and keeps a backup; of a file it takes the lease. Opening for
        reading changes nothing. UserError when it is not there, is no round, is damaged (the newest good backup is
        named), has a newer format, or is a file that somebody else is writing; ``Unreachable`` when its server is not
        there now.
        """
        return cls(open_database(place, actor, write=write), actor)

    def close(self) -> None:
        """Give a lease back and let go of the round; may be called twice."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def copy_to(self, place: RoundPlace) -> None:
        """Make a copy of the round with its trail and its materials at ``place``, whole or not at all.

        From a server into a file (to take along, or as a backup), from a file onto a server, or between two of a kind.
        UserError when something is at ``place`` already.
        """
        with self.snapshot():
            round_id = self.round().id
            with self._reading() as source:

                def fill(target: Connection, files: Path) -> None:
                    copying.copy_rows(source, target)
                    contents.copy_all(self.files, files)

                creating.make(place, round_id, fill)

    # Reading --------------------------------------------------------------------------------------------------------

    @property
    def writable(self) -> bool:
        """Whether the round was opened for writing."""
        return self._database.writable

    @property
    def several_writers(self) -> bool:
        """Whether others may change the round while it is open for writing here; see ``changed_since``."""
        return self._database.several_writers

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Until the end of the block all reading sees one state of the round, whoever changes it meanwhile.

        Keeps nobody from changing it. Inside a change, and inside another snapshot, it is that which one sees.
        """
        if self._in_snapshot or self._change is not None:
            yield
            return
        self._in_snapshot = True
        try:
            with self._database.snapshot():
                yield
        finally:
            self._in_snapshot = False

    def round(self) -> Round:
        """The round that the file holds."""
        rounds = self.all(Round)
        if len(rounds) != 1:
            raise self._database.damaged(_("It does not hold exactly one round."))
        return rounds[0]

    def rubric(self) -> Rubric:
        """The scoring standard of the round."""
        rubric = self.get(Rubric, self.round().rubric)
        if rubric is None:
            raise self._database.damaged(_("It does not hold the round's rubric."))
        return rubric

    def get(self, cls: type[T], *key: Cell) -> T | None:
        """The record of ``cls`` with ``key``, or None."""
        aggregate = aggregate_of(cls)
        exact = aggregate.key_from(key)
        found = self._read(cls, dict(zip(aggregate.key, exact, strict=True)))
        if not found and self._change is None:
            self._seen[aggregate.table, exact] = ABSENT
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
        order = self._database.ordered(table.c[name] for name in aggregate.key)
        with self._reading() as connection:
            self._note_reading(aggregate, where, connection)
            query = select(*cells).where(and_(True, *wanted)).order_by(*order)
            return [tuple(row) for row in connection.execute(query).all()]

    def distinct(self, cls: type[Any], *columns: str) -> set[tuple[Cell, ...]]:
        """The different values of these key or searched ``columns`` among the records of ``cls``; as ``listing``, but
        quicker where an index holds them."""
        aggregate, table = aggregate_of(cls), schema.TABLES[cls]
        with self._reading() as connection:
            self._note_reading(aggregate, (), connection)
            query = select(*(table.c[name] for name in columns)).distinct()
            return {tuple(row) for row in connection.execute(query)}

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
        Raises UserError when a record would be left that refers to nothing: another clerk has removed or added one.
        """
        if not self.writable:
            raise ValueError("the round was opened for reading")
        if self._change is not None:
            raise ValueError("a change is under way already")
        try:
            with self._database.changing() as connection:
                self._connection = connection
                self._change = change = Change(connection, self._actor, action, self._seen, self._read_at)
                yield change
                change.finish()
            self._seen.update(change.learned)
        except IntegrityError as error:
            if not is_broken_reference(error.orig):
                raise
            raise UserError(
                _("This cannot be done any more."),
                _("Something else in the round rests on it, or what it rests on is gone."),
                _("Look at what stands now and change that."),
            ) from error
        finally:
            self._change = self._connection = None

    # Materials ------------------------------------------------------------------------------------------------------

    def add_file(self, source: Path | bytes) -> str:
        """Keep a file beside the round, named by its content; returns its SHA-256. Adding it again does nothing."""
        return contents.add(self.files, source)

    def add_files(self, sources: Iterable[Path]) -> Iterator[str]:
        """``add_file`` for many files, faster; their SHA-256 in the order of ``sources``, as they become safe."""
        return contents.add_all(self.files, sources)

    def keeps(self, digest: str, size: int) -> bool:
        """Whether a file of this digest and size lies beside the round; only ``file`` reads it through."""
        return contents.is_whole(contents.place_of(self.files, digest), size)

    def file(self, digest: str) -> Path:
        """Where a kept file lies, after reading it through; UserError when it is missing or damaged."""
        return contents.checked(self.files, digest)

    # The audit trail ------------------------------------------------------------------------------------------------

    def audit_events(self) -> list[AuditEvent]:
        """The whole trail in its order. UserError when an event is not even readable; ``verify_audit`` says more."""
        with self._reading() as connection:
            rows = trail.events_of(connection)
        return self._events(rows)

    def audit_events_about(self, subject: str) -> list[AuditEvent]:
        """What was done to one record, such as ``application:QISP-2026-001``, and when."""
        with self._reading() as connection:
            rows = trail.events_about(connection, subject)
        return self._events(rows)

    def audit_events_of(self, action: str) -> list[AuditEvent]:
        """All that was done under one verb, such as ``draw``, in the order of the trail."""
        with self._reading() as connection:
            rows = trail.events_of_action(connection, action)
        return self._events(rows)

    def changed_since(self, head: AuditHead) -> list[AuditEvent]:
        """What was done after ``head``, by whomever; cheap enough to be asked every few seconds.

        So a window on a round that several work on knows which lists to read again, and whose changes they show.
        """
        with self._reading() as connection:
            rows = [] if trail.head_of(connection) == head else trail.events_of(connection, after=head.seq)
        return self._events(rows)

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
            self._note_reading(aggregate, where, connection)
            rows = connection.execute(query.order_by(*self._database.ordered(keys))).all()
        found: list[Key] = [tuple(row[3:]) for row in rows]
        if self._change is None:
            if self.several_writers and not where:
                # The whole list shows what is no longer there, too.
                self._seen = {place: version for place, version in self._seen.items() if place[0] != aggregate.table}
            for key, row in zip(found, rows, strict=True):
                self._seen[aggregate.table, key] = Version(row.version, row.digest)
        try:
            values: list[T] = aggregate.all_decoded([(row.document, row.digest) for row in rows])
        except CodecError as error:
            raise self._changed_outside(aggregate.subject(found[error.row])) from error
        return values

    def _note_reading(self, aggregate: Aggregate, where: Iterable[str], connection: Connection) -> None:
        # Where nobody else writes, nothing can come in between reading and writing. Of a single record its version says
        # all. Who read a part of the others does not know the rest any better than before.
        wanted = set(where)
        if not self.several_writers or not self.writable or self._change is not None or wanted == set(aggregate.key):
            return
        if not wanted or aggregate.table not in self._read_at:
            self._read_at[aggregate.table] = trail.head_of(connection).seq

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._connection is not None:
            yield self._connection  # what goes wrong is told by the change
        else:
            with self._database.reading() as connection:
                yield connection

    def _events(self, rows: Iterable[EventRow]) -> list[AuditEvent]:
        try:
            return [trail.event_from(row) for row in rows]
        except (TypeError, ValueError) as error:
            raise self._changed_outside("audit_event") from error

    def _changed_outside(self, subject: str) -> UserError:
        return self._database.damaged(_("{subject} was changed past this program.").format(subject=subject))
