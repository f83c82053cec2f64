"""Bringing a round to this version's tables, and back: Alembic, driven from here and never from a working folder.

To change the tables: change ``aggregates`` or ``schema``, write ``migrations/versions/rNNNN_….py`` with ``upgrade`` and
``downgrade`` (both with data), raise ``schema.REVISION`` and ``schema.FORMAT``: the minor part when older programs
can still read the file, the major part when they cannot. Then keep a file of the old format in
``tests/data/old_files``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import OperationalError

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.store import dialect, schema
from qisp_desktop.store.errors import damaged
from qisp_desktop.store.places import RoundPlace

SCRIPTS = "qisp_desktop.store:migrations"


def format_of(connection: Connection, path: RoundPlace) -> schema.Format:
    """The format that the file says it has."""
    table = schema.file_format
    try:
        row = connection.execute(select(table.c.major, table.c.minor)).first()
    except OperationalError as error:
        if "no such table" in str(error.orig):
            raise damaged(path, _("It does not say which format it has.")) from error
        raise
    if row is None:
        raise damaged(path, _("It does not say which format it has."))
    return schema.Format(*row)


def refuse_newer(found: schema.Format, path: RoundPlace, *, write: bool) -> None:
    """Raise UserError for a format that this version cannot read, or cannot ``write`` without losing something."""
    if found.major > schema.FORMAT.major:
        raise UserError(
            _("{path} was made by a newer version of this program.").format(path=path),
            _("Its format is {found}; this version reads {known}.").format(found=found, known=schema.FORMAT),
            _("Install the newer version on this computer."),
        )
    if write and found > schema.FORMAT:
        raise UserError(
            _("{path} was last written by a newer version of this program.").format(path=path),
            _("Its format is {found}; this version writes {known}.").format(found=found, known=schema.FORMAT),
            _("Open it for reading only, or install the newer version on this computer."),
        )


def upgrade(connection: Connection, path: RoundPlace, revision: str = "head") -> None:
    """Bring the tables of the file at ``path`` up to ``revision`` in one transaction, with all data."""
    _migrate(connection, path, revision, up=True)


def downgrade(connection: Connection, path: RoundPlace, revision: str) -> None:
    """Bring the tables back to ``revision`` in one transaction; used by tests and by support."""
    _migrate(connection, path, revision, up=False)


def lock(connection: Connection) -> None:
    """Wait until nobody else changes a round on a server, and keep others from it until the transaction ends."""
    connection.execute(select(schema.audit_head.c.seq).with_for_update())


def _migrate(connection: Connection, path: RoundPlace, revision: str, *, up: bool) -> None:
    # Alembic takes 0.1 s to import and is needed once in a file's life.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.attributes["connection"] = connection
    with _transaction(connection, path):
        (command.upgrade if up else command.downgrade)(config, revision)


@contextmanager
def _transaction(connection: Connection, path: RoundPlace) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        with connection.begin():
            lock(connection)  # of several clerks who open a round with a new version one migrates it
            # References are checked by each statement: a table with checks still to come cannot be altered.
            connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            yield
        return
    with dialect.foreign_keys_off(connection), dialect.writing(connection):
        yield
        if broken := dialect.broken_references(connection):
            raise damaged(path, _("Records point to others that are not there: {rows}").format(rows=broken[:5]))
