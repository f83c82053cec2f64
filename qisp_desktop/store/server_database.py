"""A round in a PostgreSQL database: several clerks work on it at once.

There is no lease. Each change locks the head of the audit trail first, which puts all changes, and so the chain, in
one order; version counters (``change``) refuse what was decided on a state that somebody else changed meanwhile. A
connection that broke is made anew by the next use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from sqlalchemy import Connection, Engine, RootTransaction, String, collate, create_engine, func, inspect, select
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.round import Round
from qisp_desktop.store import backups, contents, copying, migrating, schema, server_errors, server_files, trail
from qisp_desktop.store.audit import EMPTY, AuditHead
from qisp_desktop.store.database import RoundDatabase
from qisp_desktop.store.errors import Damaged
from qisp_desktop.store.places import SCHEME, ServerPlace

CONNECT_TIMEOUT_S = 10
LOCK_TIMEOUT = "10s"
"""Who waits longer to change something is told that somebody else is writing."""
IDLE_IN_CHANGE = "10min"
"""A computer that fell asleep in the middle of a change keeps the others waiting so long at most."""
KEEPALIVE = {"keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 4, "tcp_user_timeout": 40_000}
"""A server that is gone without a word is noticed within 40 seconds."""
BACKUPS_S = 3600
"""Several clerks open a round all day: their automatic backups are at least so many seconds apart."""
BACKUP_FOLDER = "backups"
ENCODING = "UTF8"


class ServerDatabase(RoundDatabase):
    """A round on a server that is open; made by ``open_server``."""

    several_writers: ClassVar[bool] = True

    def __init__(self, place: ServerPlace, *, writable: bool) -> None:
        """Connects when it is used."""
        self.place: ServerPlace = place
        self.files = place.files or Path()
        # Two, because a session that was told to be read-only cannot be left to the server's own setting again.
        self._reader = engine_for(place, isolation="REPEATABLE READ").execution_options(postgresql_readonly=True)
        self._writer = engine_for(place)
        self._writable = writable
        self._snapshot: Connection | None = None

    @property
    def writable(self) -> bool:
        return self._writable

    def prepare(self) -> None:
        """Check that the database holds a round of this version's format, and its files; made ready for writing."""
        with self.reading() as connection:
            refuse_what_is_no_round(connection, self.place)
            found = migrating.format_of(connection, self.place)
        migrating.refuse_newer(found, self.place, write=self.writable)
        if found < schema.FORMAT:
            self._upgrade()
        with self.reading() as connection:
            self.files = (self.place.files or _recorded_files(connection)).absolute()
            round_id = connection.execute(select(schema.TABLES[Round].c.id)).scalar() or ""
            head = trail.head_of(connection)
            if self.writable and (fault := _fault(connection, head)):
                raise self.damaged(fault)
        if self.writable:
            server_files.check(self.files, round_id, self.place)
            contents.sweep_leftovers(self.files)
            backups.back_up(self.files / BACKUP_FOLDER, head, self.copy_to, at_most_every_s=BACKUPS_S)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        if self._snapshot is not None:
            with told(self.place):
                yield self._snapshot
            return
        with connected(self._reader, self.place) as connection, _undone(connection):
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        with connected(self._reader, self.place) as connection, _undone(connection):
            self._snapshot = connection
            try:
                yield
            finally:
                self._snapshot = None

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        if not self.writable:
            raise ValueError("the round was opened for reading")
        with connected(self._writer, self.place, changing=True) as connection:
            transaction = connection.begin()
            try:
                connection.execute(select(func.set_config("idle_in_transaction_session_timeout", IDLE_IN_CHANGE, True)))
                migrating.lock(connection)
                # A newer version of the program may have changed the tables since the round was opened.
                migrating.refuse_newer(migrating.format_of(connection, self.place), self.place, write=True)
                yield connection
                self._commit(transaction, trail.head_of(connection))
            except BaseException:
                with suppress(DBAPIError):  # on a connection that broke there is nothing left to undo
                    transaction.rollback()
                raise

    def ordered(self, columns: Iterable[Any]) -> list[Any]:
        # The database's own collation may be that of a language.
        return [collate(column, "C") if isinstance(column.type, String) else column for column in columns]

    def damaged(self, why: str) -> UserError:
        backup = backups.newest_good_in(self.files / BACKUP_FOLDER)
        if backup is None:
            remedy = _("Ask who looks after the server to put back a copy of the database from before.")
        else:
            remedy = _("Make a new database and copy {backup} into it: that is the newest good backup.").format(
                backup=backup
            )
        # Not offered as a file's backup is, to be opened in its place: the other clerks would go on without it.
        return Damaged(_("{path} is damaged.").format(path=self.place.address), why, remedy)

    def copy_to(self, target: Path) -> None:
        with self.reading() as connection:
            copying.copy_to_file(connection, target)

    def close(self) -> None:
        self._reader.dispose()
        self._writer.dispose()

    def _upgrade(self) -> None:
        if not self.writable:
            raise UserError(
                _("{path} was last written by an older version of this program.").format(path=self.place.address),
                _("Its tables must be brought to this version's before it can be read."),
                _("Open it for writing once: that does it."),
            )
        with connected(self._writer, self.place) as connection:
            migrating.upgrade(connection, self.place)

    def _commit(self, transaction: RootTransaction, head: AuditHead) -> None:
        try:
            transaction.commit()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            # The server may have kept the change and died before it could say so.
            match self._was_kept(head):
                case True:
                    return
                case None:
                    raise server_errors.commit_unknown(self.place, "") from error
            raise

    def _was_kept(self, head: AuditHead) -> bool | None:
        """Whether the trail now has ``head``; None when the server cannot be asked."""
        event = schema.audit_event
        try:
            with self.reading() as connection:
                query = select(event.c.digest).where(event.c.seq == head.seq)
                return head == EMPTY or connection.execute(query).scalar() == head.digest
        except UserError:
            return None


def open_server(place: ServerPlace, *, write: bool) -> ServerDatabase:
    """The round at ``place``, as ``RoundStore.open`` says."""
    database = ServerDatabase(place, writable=write)
    try:
        database.prepare()
    except BaseException:
        database.close()
        raise
    return database


def engine_for(place: ServerPlace, *, isolation: IsolationLevel = "READ COMMITTED") -> Engine:
    """An engine on the database at ``place``; it connects when it is used."""
    return create_engine(
        URL.create(SCHEME, place.user or None, place.password, place.host, place.port, place.database),
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "client_encoding": ENCODING,
            "application_name": "QISP Desktop",
            "options": f"-c lock_timeout={LOCK_TIMEOUT}",
            **KEEPALIVE,
            **dict(place.tls),
        },
        isolation_level=isolation,
        pool_size=1,
        max_overflow=2,
        pool_timeout=CONNECT_TIMEOUT_S,
        pool_pre_ping=True,
        hide_parameters=True,
    )


def asks_for_password(place: ServerPlace) -> bool:
    """Whether the server lets the user of ``place`` in with a password only, and neither ``place`` nor PostgreSQL's own
    ways (``~/.pgpass``, ``PGPASSWORD``) have one. False also where anything else is wrong: using it says what."""
    engine = engine_for(place)
    try:
        engine.connect().close()
    except (DBAPIError, psycopg.Error) as error:
        origin = error.orig if isinstance(error, DBAPIError) else error
        connection = origin.pgconn if isinstance(origin, psycopg.Error) else None
        return connection is not None and bool(connection.needs_password)
    finally:
        engine.dispose()
    return False


@contextmanager
def connected(engine: Engine, place: ServerPlace, *, changing: bool = False) -> Iterator[Connection]:
    """A connection, made anew when the one before broke; trouble with it and on it comes out as UserError."""
    try:
        connection = engine.connect()
    except (DBAPIError, psycopg.Error) as error:
        origin = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(origin, psycopg.OperationalError):
            raise
        raise server_errors.connection_refused(place, origin) from error
    except PoolTimeout as error:
        raise server_errors.connection_lost(place, str(error), changing=changing) from error
    with told(place, changing=changing), connection:
        yield connection


@contextmanager
def told(place: ServerPlace, *, changing: bool = False) -> Iterator[None]:
    """Turn trouble of network, server, rights and space into UserError; bugs pass through."""
    try:
        yield
    except PendingRollbackError as error:
        # A snapshot whose connection broke stays broken until its end.
        raise server_errors.connection_lost(place, "", changing=changing) from error
    except (psycopg.Error, DBAPIError) as error:
        origin = error.orig if isinstance(error, DBAPIError) else error
        known = (
            server_errors.server_error(place, origin, changing=changing) if isinstance(origin, psycopg.Error) else None
        )
        if known is None:
            raise
        raise known from error


@contextmanager
def _undone(connection: Connection) -> Iterator[None]:
    transaction = connection.begin()
    try:
        yield
    finally:
        with suppress(DBAPIError):
            transaction.rollback()


def refuse_what_is_no_round(connection: Connection, place: ServerPlace) -> None:
    """Raise UserError when the database holds no round."""
    if not inspect(connection).has_table(schema.file_format.name):
        raise UserError(
            _("There is no round in {path}.").format(path=place.address),
            "",
            _("Check the name of the database, or make a new round in it."),
        )


def _recorded_files(connection: Connection) -> Path:
    return Path(connection.execute(select(schema.server_files.c.folder)).scalar_one())


def _fault(connection: Connection, head: AuditHead) -> str:
    """What the server cannot watch over by itself; empty when it is sound. ``verify_audit`` looks at everything."""
    event = schema.audit_event
    last = connection.execute(select(event.c.seq, event.c.digest).order_by(event.c.seq.desc()).limit(1)).first()
    if (AuditHead(*last) if last else EMPTY) != head:
        return _(
            "The trail ends at event {last}, but its head is event {head}: its end was cut off or changed."
        ).format(last=last[0] if last else 0, head=head.seq)
    return ""
