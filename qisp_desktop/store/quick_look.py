"""A look at a round file with SQLite alone, while the database library is still being loaded.

It gives what ``RoundStore`` gives, or nothing: whatever is wrong with the file, opening it properly says.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from qisp_desktop.domain.round import Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.store.aggregates import DIGEST, Cell, aggregate_of
from qisp_desktop.store.formats import FORMAT

T = TypeVar("T")
R = TypeVar("R")
PATIENCE_S = 0.2
"""A writer that holds the file longer is waited for by who opens it."""


class QuickLook:
    """A round file as it is now, for reading; used by ``look``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def round(self) -> Round:
        """The round that the file holds."""
        (value,) = self.all(Round)
        return value

    def rubric(self) -> Rubric:
        """The scoring standard of the round."""
        wanted = self.round().rubric
        return next(rubric for rubric in self.all(Rubric) if rubric.digest == wanted)

    def all(self, cls: type[T]) -> list[T]:
        """All records of ``cls`` in the order of their keys."""
        aggregate = aggregate_of(cls)
        order = ", ".join(f'"{name}"' for name in aggregate.key)
        query = f'SELECT document, "{DIGEST}" FROM "{aggregate.table}" ORDER BY {order}'  # noqa: S608  names of our own
        rows = self._connection.execute(query)
        return [aggregate.decoded(document, digest) for document, digest in rows]

    def distinct(self, cls: type[Any], *columns: str) -> set[tuple[Cell, ...]]:
        """The different values of these key or searched ``columns`` among the records of ``cls``."""
        aggregate = aggregate_of(cls)
        names = ", ".join(f'"{name}"' for name in columns)
        query = f'SELECT DISTINCT {names} FROM "{aggregate.table}"'  # noqa: S608  names of our own
        return set(self._connection.execute(query))


def look(path: Path, read: Callable[[QuickLook], R]) -> R | None:
    """What ``read`` finds in the round file at ``path``; None where a quick look is not enough.

    That is so for a file that is not there, not sound, of another format or being written, and one whose last writer
    was killed: only opening it properly puts that right.
    """
    if _unfinished(path):
        return None
    address = path.absolute().as_posix()
    uri = f"file://{'' if address.startswith('/') else '/'}{quote(address, safe='/:')}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE_S, isolation_level=None)) as connection:
            connection.execute("BEGIN")  # one state of the file throughout
            if tuple(connection.execute("SELECT major, minor FROM file_format").fetchone() or ()) != FORMAT:
                return None
            return read(QuickLook(connection))
    except (sqlite3.Error, OSError, ValueError, StopIteration):
        return None


def _unfinished(path: Path) -> bool:
    """Whether a journal lies beside the file that says something."""
    try:
        return os.stat(f"{path}-journal").st_size > 0
    except OSError:
        return False
