"""What the store asks of the database that a round lies in; ``file_database`` and ``server_database`` give it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from sqlalchemy import Connection

from qisp_desktop.base.errors import UserError
from qisp_desktop.store.places import RoundPlace


class RoundDatabase(ABC):
    """An open database with one round. One thread uses it at a time."""

    several_writers: ClassVar[bool]
    """Whether others may change the round while it is open for writing here."""
    place: RoundPlace
    files: Path
    """The folder of the round's materials."""

    @property
    @abstractmethod
    def writable(self) -> bool:
        """Whether the round was opened for writing."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that sees one state of the round and keeps nothing; inside ``snapshot`` the state of that.

        Trouble of the disk, of the network or of damaged content comes out as UserError.
        """

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[None]:
        """Until the end of the block all ``reading`` sees one state of the round, whoever changes it meanwhile.

        Nobody is kept from changing it. Not nested.
        """

    @abstractmethod
    def changing(self) -> AbstractContextManager[Connection]:
        """A transaction that is kept whole at the end of the block, or not at all when the block or the end raises.

        UserError as ``reading``, and when the right to write was lost meanwhile.
        """

    @abstractmethod
    def ordered(self, columns: Iterable[Any]) -> list[Any]:
        """What to order rows by, so that every database orders them alike: text by its characters' numbers."""

    @abstractmethod
    def damaged(self, why: str) -> UserError:
        """That the round is not as it was written, and what can take its place."""

    @abstractmethod
    def copy_to(self, target: Path) -> None:
        """A consistent copy of the round as a round file at ``target``, without its materials: whole or not at all."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the database; may be called twice."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
