"""Putting very many rows into a table at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, insert

from qisp_desktop.store.aggregates import Cell

FEW = 20
"""Up to so many rows go the usual way, whose statement SQLAlchemy remembers."""

Row = tuple[Cell, ...]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert ``rows``, each with a cell for every column of ``table`` in their order: text or whole numbers.

    More than FEW are handed to the driver as they are: SQLAlchemy would first look at each of their cells, which takes
    longer than the database needs for them.
    """
    names = [column.name for column in table.columns]
    if len(rows) <= FEW:
        connection.execute(insert(table), _named(names, rows))
        return
    statement = insert(table).compile(dialect=connection.dialect)
    # SQLite takes cells by their position, PostgreSQL by their name.
    by_position = getattr(statement, "positiontup", None) == names
    connection.exec_driver_sql(str(statement), list(rows) if by_position else _named(names, rows))


def _named(names: Sequence[str], rows: Sequence[Row]) -> list[dict[str, Cell]]:
    return [dict(zip(names, row, strict=True)) for row in rows]
