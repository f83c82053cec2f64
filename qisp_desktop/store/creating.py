"""Making a new round: whole at its place, or not there at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, text
from sqlalchemy.exc import DBAPIError

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.round import Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.store import copying, dialect, schema, server_files
from qisp_desktop.store.audit import EMPTY
from qisp_desktop.store.change import Change
from qisp_desktop.store.file_database import files_of
from qisp_desktop.store.opening import require_driver
from qisp_desktop.store.places import RoundPlace, ServerPlace

Fill = Callable[[Connection, Path], None]
"""Puts a round into tables that are empty, and its materials into their folder."""


def create(place: RoundPlace, round: Round, rubric: Rubric, actor: str) -> None:
    """Make ``round`` with its ``rubric`` at ``place``; UserError when something is there already."""
    if round.rubric != rubric.digest:
        raise ValueError("the round names another rubric")

    def fill(connection: Connection, _files: Path) -> None:
        connection.execute(insert(schema.alembic_version).values(version_num=schema.REVISION))
        connection.execute(insert(schema.file_format).values(id=1, **schema.FORMAT._asdict()))
        connection.execute(insert(schema.audit_head).values(id=1, **EMPTY._asdict()))
        change = Change(connection, actor, "create round", {})
        change.put_all((rubric, round))
        change.finish()

    make(place, round.id, fill)


def make(place: RoundPlace, round_id: str, fill: Fill) -> None:
    """A new round at ``place`` with what ``fill`` puts into its tables; UserError when something is there already."""
    if isinstance(place, ServerPlace):
        _make_on_server(place, round_id, fill)
    else:
        _make_file(place, fill)


def _make_file(path: Path, fill: Fill) -> None:
    if path.exists():
        raise UserError(
            _("{path} is there already.").format(path=path),
            _("A round is never overwritten."),
            _("Choose another name."),
        )
    with copying.new_file(path) as connection:
        fill(connection, files_of(path))


def _make_on_server(place: ServerPlace, round_id: str, fill: Fill) -> None:
    require_driver(place)
    from qisp_desktop.store import server_database as server

    folder = server_files.chosen(place)
    engine = server.engine_for(place)
    try:
        with server.connected(engine, place, changing=True) as connection:
            with connection.begin():
                # Held until the session ends: another clerk may make a round here at this moment.
                connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": dialect.APPLICATION_ID})
                _refuse_what_is_not_empty(connection, place)
            with _claimed(folder, round_id), connection.begin():
                copying.make_tables(connection)
                schema.server_metadata.create_all(connection)
                connection.execute(insert(schema.server_files).values(id=1, folder=folder.as_posix()))
                fill(connection, folder)
    finally:
        engine.dispose()


@contextmanager
def _claimed(folder: Path, round_id: str) -> Iterator[None]:
    """Mark ``folder`` as that of the round; the mark goes again when the round cannot be made."""
    is_new = server_files.claim(folder, round_id)
    try:
        yield
    except BaseException as error:
        # When the server went away at the very end it may have kept the round, which needs its mark.
        lost = isinstance(error, DBAPIError) and error.connection_invalidated
        if is_new and not lost:
            server_files.give_up(folder, round_id)
        raise


def _refuse_what_is_not_empty(connection: Connection, place: ServerPlace) -> None:
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise UserError(
            _("{path} cannot hold a round.").format(path=place.address),
            _("Its texts are kept as {encoding}, which does not have all Chinese characters.").format(
                encoding=encoding
            ),
            _("Ask who looks after the server for an empty database with the encoding UTF8."),
        )
    tables = inspect(connection).get_table_names()
    if schema.file_format.name in tables:
        raise UserError(
            _("There is a round in {path} already.").format(path=place.address),
            _("A round is never overwritten."),
            _("Choose another database."),
        )
    if tables:
        raise UserError(
            _("{path} is not empty.").format(path=place.address),
            _("It holds other tables, such as {table}.").format(table=tables[0]),
            _("Ask who looks after the server for an empty database with the encoding UTF8."),
        )
