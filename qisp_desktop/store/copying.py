"""Copying a whole round from one database to another, of whatever kind, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, insert, select

from qisp_desktop.base.atomic import staged
from qisp_desktop.store import dialect, schema

ROWS_AT_A_TIME = 200
NOT_COPIED = frozenset({schema.lease.name})
"""Who has the round open says nothing of its copy."""


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy every row of the round into the empty tables of ``target``; both are in a transaction of the caller's."""
    for table in [*schema.metadata.sorted_tables, schema.alembic_version]:
        if table.name in NOT_COPIED:
            continue
        found = source.execution_options(yield_per=ROWS_AT_A_TIME).execute(select(table))
        for rows in found.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in rows])


def copy_to_file(source: Connection, path: Path) -> None:
    """A copy of the round as a new round file at ``path``: whole or not at all."""
    with new_file(path) as connection:
        copy_rows(source, connection)


@contextmanager
def new_file(path: Path) -> Iterator[Connection]:
    """A transaction on the empty tables of a round file that becomes ``path`` when the block ends without an error."""
    with dialect.told(path), staged(path) as temporary:
        engine = dialect.engine_for(temporary, write=True, create=True)
        try:
            with engine.connect() as connection:
                dialect.mark_as_round_file(connection)
                with dialect.writing(connection):
                    make_tables(connection)
                    yield connection
        finally:
            engine.dispose()


def make_tables(connection: Connection) -> None:
    """The empty tables of a round, as this version knows them."""
    schema.metadata.create_all(connection)
    schema.alembic_version.create(connection)
