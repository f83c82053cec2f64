"""What somebody with a database tool does to a round."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg

from qisp_desktop.store.places import RoundPlace, ServerPlace


@contextmanager
def raw(place: RoundPlace) -> Iterator[Any]:
    """A connection of the driver's own, each statement kept at once."""
    if isinstance(place, ServerPlace):
        with psycopg.connect(
            host=place.host, port=place.port, dbname=place.database, user=place.user, autocommit=True
        ) as server:
            yield server
    else:
        with closing(sqlite3.connect(place, isolation_level=None)) as file:
            yield file


def rows(place: RoundPlace, query: str) -> list[tuple[Any, ...]]:
    with raw(place) as connection:
        return [tuple(row) for row in connection.execute(query).fetchall()]


def edit(place: RoundPlace, *statements: str) -> None:
    """Each statement must hit something; fences are taken down first."""
    with raw(place) as connection:
        if isinstance(place, ServerPlace):
            connection.execute("SET session_replication_role = replica")  # no triggers, no references
            # Bytes are written otherwise.
            statements = tuple(re.sub(r"(signature|data) = x'00'", r"\1 = '\\x00'", one) for one in statements)
        else:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, statement
