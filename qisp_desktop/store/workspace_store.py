"""The expert's workspace (``*.qwork``): a folder of mode 0700 with a small database whose documents are all encrypted.

```
E007.qwork/
  workspace.sqlite   header (plain: which round, expert, issue) and documents (each one age file)
  package.qpanel     a copy of the panel package
  blobs/<sha256>.age photos and papers, sealed
```

Plain sqlite3 instead of SQLAlchemy: there is one table of sealed blobs and no query, so nothing would be gained, and
the expert's desk starts 0.2 s earlier. Sealing and unsealing are handed in, because keys are ``exchange``'s.

A row says nothing of what it holds: kind and key are sealed with the document, else whoever finds the laptop could
read which applications were recused. So ``unlock`` unseals everything once (0.1 ms each) and reading is from memory;
a change is sealed and committed before it shows. The database is WAL with ``synchronous=FULL`` (a commit is durable
when it returns), and in exclusive locking mode: a second program that opens the workspace is told, and the system
lets go when one is killed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from qisp_desktop.base.atomic import disk_error, sweep, write_bytes
from qisp_desktop.base.digests import is_sha256, sha256
from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.store.aggregates import WORKSPACE_AGGREGATES, Aggregate, Cell, Key
from qisp_desktop.store.errors import damaged
from qisp_desktop.store.workspace_database import (
    DATABASE,
    FORMAT,
    PRIVATE,
    PRIVATE_FILE,
    WorkspaceHeader,
    make_database,
    take_database,
    told,
    transaction,
)

__all__ = ["FORMAT", "PACKAGE", "Sealing", "WorkspaceChange", "WorkspaceHeader", "WorkspaceStore"]

T = TypeVar("T")
Sealing = Callable[[bytes], bytes]
"""Encrypts to the expert's own recipient, or decrypts with the expert's identity."""

PACKAGE = "package.qpanel"
BLOBS = "blobs"

_BY_CLASS = {aggregate.cls: aggregate for aggregate in WORKSPACE_AGGREGATES}
_BY_TABLE = {aggregate.table: aggregate for aggregate in WORKSPACE_AGGREGATES}


class _Held(NamedTuple):
    row: int
    digest: str
    value: Any


_Place = tuple[str, Key]
_Documents = dict[_Place, _Held]


class WorkspaceChange:
    """Made by ``WorkspaceStore.change``: what is put and removed is committed at once, at the end of the block."""

    def __init__(self, connection: sqlite3.Connection, held: _Documents, seal: Sealing) -> None:
        """``held`` is what the workspace holds; it is replaced in one step once the change is durable."""
        self.documents = dict(held)
        self._connection = connection
        self._seal = seal
        self._time = datetime.now(UTC).isoformat(timespec="seconds")

    def put(self, *values: object) -> int:
        """Insert or update each of ``values`` by its key; returns how many differ from what was there."""
        return self.put_all(values)

    def put_all(self, values: Iterable[object]) -> int:
        """``put`` for many values."""
        return sum(self._put(value) for value in values)

    def remove(self, cls: type[Any], *key: Cell) -> bool:
        """Remove the document with ``key``; returns whether it was there."""
        aggregate = _aggregate_of(cls)
        held = self.documents.pop((aggregate.table, aggregate.key_from(key)), None)
        if held is not None:
            self._connection.execute("DELETE FROM document WHERE id = ?", (held.row,))
        return held is not None

    def _put(self, value: object) -> bool:
        aggregate = _aggregate_of(type(value))
        encoded = aggregate.encoded(value)
        place = (aggregate.table, encoded.key)
        held = self.documents.get(place)
        if held is not None and held.digest == encoded.digest:
            return False
        sealed = self._seal(f"{aggregate.table}\n{encoded.document}".encode())
        row = self._write(None if held is None else held.row, sealed)
        self.documents[place] = _Held(row, encoded.digest, value)
        return True

    def _write(self, row: int | None, sealed: bytes) -> int:
        if row is None:
            statement = "INSERT INTO document (sealed, updated) VALUES (?, ?)"
            return self._connection.execute(statement, (sealed, self._time)).lastrowid or 0
        statement = "UPDATE document SET sealed = ?, updated = ? WHERE id = ?"
        self._connection.execute(statement, (sealed, self._time, row))
        return row


class WorkspaceStore:
    """An open workspace; use it in a ``with`` statement, or ``close`` it. One thread uses it at a time."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, header: WorkspaceHeader) -> None:
        """Made by ``create`` and ``open``; ``connection`` belongs to the store."""
        self.folder = folder
        self.header = header
        self._connection = connection
        self._seal: Sealing | None = None
        self._unseal: Sealing | None = None
        self._documents: _Documents = {}
        self._change: WorkspaceChange | None = None

    # Opening and closing --------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, folder: Path, header: WorkspaceHeader, seal: Sealing) -> Self:
        """Make a new, empty workspace and open it for writing; ``unlock`` it to read blobs too.

        UserError when a workspace is in ``folder`` already.
        """
        if (folder / DATABASE).exists():
            raise UserError(
                _("{path} is there already.").format(path=folder),
                _("A workspace is never overwritten."),
                _("Open it, or choose another folder."),
            )
        try:
            folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            folder.chmod(PRIVATE)
            (folder / BLOBS).mkdir(mode=PRIVATE, exist_ok=True)
        except OSError as error:
            raise disk_error(folder, error) from error
        make_database(folder, header)
        store = cls.open(folder)
        store._seal = seal
        return store

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the workspace in ``folder``: its header can be read, its documents after ``unlock``.

        UserError when there is none, when it is open in another program, is damaged, or has a newer format.
        """
        database = folder / DATABASE
        if not database.is_file():
            raise UserError(
                _("{path} is not a workspace.").format(path=folder),
                _("It holds no {name}.").format(name=DATABASE),
                _("Choose a folder whose name ends with .qwork, or open the panel package again."),
            )
        with told(folder):
            connection = sqlite3.connect(database, timeout=0, isolation_level=None, check_same_thread=False)
            try:
                header = take_database(connection, folder)
            except BaseException:
                connection.close()
                raise
        # Nobody else has it open, so whatever is half written belongs to nobody.
        sweep(folder, older_than_s=0)
        sweep(folder / BLOBS, older_than_s=0)
        return cls(folder, connection, header)

    def unlock(self, seal: Sealing, unseal: Sealing) -> None:
        """Read all documents with the expert's identity; from then on they can be changed too.

        UserError when one of them cannot be unsealed or is not what was written.
        """
        with told(self.folder):
            rows = self._connection.execute("SELECT id, sealed FROM document").fetchall()
        documents: _Documents = {}
        for row, sealed in rows:
            place, held = self._unsealed(row, sealed, unseal)
            documents[place] = held
        self._documents, self._seal, self._unseal = documents, seal, unseal

    def lock(self) -> None:
        """Forget the keys and everything that was read with them (the screen was left alone)."""
        self._documents, self._seal, self._unseal = {}, None, None

    @property
    def unlocked(self) -> bool:
        """Whether documents can be read and changed."""
        return self._seal is not None

    def close(self) -> None:
        """Let go of the workspace; may be called twice."""
        self.lock()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Documents ------------------------------------------------------------------------------------------------------

    def get(self, cls: type[T], *key: Cell) -> T | None:
        """The document of ``cls`` with ``key``, or None."""
        aggregate = _aggregate_of(cls)
        held = self._current().get((aggregate.table, aggregate.key_from(key)))
        return None if held is None else held.value

    def all(self, cls: type[T], **where: Cell) -> list[T]:
        """All documents of ``cls``, or those with these values in key or searched columns, in the order of their
        keys."""
        aggregate = _aggregate_of(cls)
        wanted = {name: aggregate.cell_from(name, value) for name, value in where.items()}
        here = ((key, held.value) for (table, key), held in self._current().items() if table == aggregate.table)
        found = sorted(here, key=itemgetter(0))
        return [value for _key, value in found if all(getattr(value, n) == w for n, w in wanted.items())]

    def put(self, *values: object) -> int:
        """Insert or update ``values`` in one durable commit; returns how many differ from what was there."""
        with self.change() as change:
            return change.put_all(values)

    def remove(self, cls: type[Any], *key: Cell) -> bool:
        """Remove one document durably; returns whether it was there."""
        with self.change() as change:
            return change.remove(cls, *key)

    @contextmanager
    def change(self) -> Iterator[WorkspaceChange]:
        """Several puts and removals in one commit: durable when the block has ended, undone whole when it raises."""
        if self._seal is None:
            raise ValueError("the workspace is locked")
        if self._change is not None:
            raise ValueError("a change is under way already")
        self._change = change = WorkspaceChange(self._connection, self._documents, self._seal)
        try:
            with told(self.folder), transaction(self._connection):
                yield change
            self._documents = change.documents
        finally:
            self._change = None

    # Files ----------------------------------------------------------------------------------------------------------

    @property
    def package(self) -> Path:
        """Where the copy of the panel package lies, or will lie."""
        return self.folder / PACKAGE

    def add_blob(self, data: bytes) -> str:
        """Seal ``data`` (a photo, a signed paper) into a file of its own; returns the SHA-256 of ``data``."""
        if self._seal is None:
            raise ValueError("the workspace is locked")
        digest = sha256(data)
        path = self._blob_path(digest)
        if not path.is_file():
            write_bytes(path, self._seal(data), mode=PRIVATE_FILE)
        return digest

    def blob(self, digest: str) -> bytes:
        """What was sealed under ``digest``; UserError when it is missing or damaged."""
        if self._unseal is None:
            raise ValueError("the workspace is locked")
        path = self._blob_path(digest)
        try:
            sealed = path.read_bytes()
        except OSError as error:
            raise damaged(path, os_reason(error)) from error
        data = _unsealed_bytes(path, sealed, self._unseal)
        if sha256(data) != digest:
            raise damaged(path, _("Its content is not the one it was kept for."))
        return data

    def has_blob(self, digest: str) -> bool:
        """Whether something was sealed under ``digest``."""
        return self._blob_path(digest).is_file()

    def keep_blobs(self, digests: Collection[str]) -> None:
        """Remove every sealed file but those of ``digests``; what the disk does not let go stays."""
        for path in (self.folder / BLOBS).glob("*.age"):
            if is_sha256(path.stem) and path.stem not in digests:
                with suppress(OSError):
                    path.unlink()

    # ----------------------------------------------------------------------------------------------------------------

    def _current(self) -> _Documents:
        if self._seal is None:
            raise ValueError("the workspace is locked")
        return self._documents if self._change is None else self._change.documents

    def _unsealed(self, row: int, sealed: bytes, unseal: Sealing) -> tuple[_Place, _Held]:
        plain = _unsealed_bytes(self.folder, sealed, unseal)
        kind, _newline, document = plain.partition(b"\n")
        aggregate = _BY_TABLE.get(kind.decode("utf-8", "replace"))
        try:
            if aggregate is None:
                raise ValueError("an unknown kind of document")
            digest = sha256(document)
            value = aggregate.decoded(document.decode("utf-8"), digest)
            return (aggregate.table, aggregate.encoded(value).key), _Held(row, digest, value)
        except ValueError as error:
            raise damaged(self.folder, _("A document is not what was written.")) from error

    def _blob_path(self, digest: str) -> Path:
        if not is_sha256(digest):
            raise ValueError(f"{digest[:80]!r} is not a SHA-256")
        return self.folder / BLOBS / f"{digest}.age"


def _aggregate_of(cls: type[Any]) -> Aggregate:
    try:
        return _BY_CLASS[cls]
    except KeyError:
        raise TypeError(f"a workspace keeps no {cls.__name__}") from None


def _unsealed_bytes(path: Path, sealed: bytes, unseal: Sealing) -> bytes:
    try:
        return unseal(sealed)
    except UserError:
        raise
    except Exception as error:  # whatever the handed-in decryption raises, the content cannot be had
        raise damaged(path, _("It cannot be decrypted with this expert's key.")) from error
