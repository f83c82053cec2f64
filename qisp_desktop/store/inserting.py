"""Putting very many rows into a table at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter

from sqlalchemy import Connection, Table, insert

from qisp_desktop.store.aggregates import Cell

FEW = 20
"""Up to so many rows go the usual way, whose statement SQLAlchemy remembers."""


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Cell]]) -> None:
    """Insert ``rows``, each with a cell for every column of ``table``, text or whole number as the driver takes them.

    More than FEW are handed to the driver as they are: SQLAlchemy would first look at each of their cells, which takes
    longer than the database needs for them.
    """
    if len(rows) <= FEW:
        connection.execute(insert(table), rows)
        return
    statement = insert(table).compile(dialect=connection.dialect)
    positions: Sequence[str] | None = getattr(statement, "positiontup", None)
    # SQLite takes cells by their position, PostgreSQL by their name.
    cells = rows if positions is None else list(map(itemgetter(*positions), rows))
    connection.exec_driver_sql(str(statement), cells)
