"""Unlocking a panel package, and what is inside once it is unlocked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.gui.presenter import Presenter
from qisp_desktop.gui.tasks import Job, Task, Tasks

if TYPE_CHECKING:
    from qisp_desktop.services.desk import Desk, DeskItem


class OpenedDesk(NamedTuple):
    """An unlocked desk and the list of its applications as they stood then."""

    desk: Desk
    items: tuple[DeskItem, ...]


class UnlockPresenter(Presenter):
    """Tries passphrases on the package at ``path``, one at a time."""

    unlocked = Signal(object)
    """The OpenedDesk; whoever takes it closes it."""
    refused = Signal(UserError, bool)
    """Why not, and whether the passphrase is what was wrong (else it is the file)."""
    busy_changed = Signal(bool)

    def __init__(self, path: Path, tasks: Tasks, home: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._tasks = tasks
        self._home = home
        self._task: Task[OpenedDesk] | None = None

    @property
    def busy(self) -> bool:
        """Whether a passphrase is being tried."""
        return self._task is not None

    def unlock(self, passphrase: str) -> None:
        """Try ``passphrase``; while one is tried, nothing happens."""
        if self.busy:
            return
        path, home = self.path, self._home
        self._task = self._tasks.run(
            self,
            lambda job: _open(path, passphrase, home, job),
            self._opened,
            failed=self._refuse,
            cancelled=self._ended,
            discard=lambda opened: opened.desk.close(),
        )
        self.busy_changed.emit(True)

    def close(self) -> None:
        """Stop trying; a desk that opens all the same is closed again."""
        if self._task is not None:
            self._task.cancel()

    def _opened(self, opened: OpenedDesk) -> None:
        self._ended()
        self.unlocked.emit(opened)

    def _refuse(self, error: UserError) -> None:
        from qisp_desktop.exchange.errors import ContainerError

        self._ended()
        self.refused.emit(error, not isinstance(error, ContainerError) and self.path.exists())

    def _ended(self) -> None:
        self._task = None
        self.busy_changed.emit(False)


def _open(path: Path, passphrase: str, home: Path | None, job: Job) -> OpenedDesk:
    from qisp_desktop.services.workspaces import open_at_home

    desk = open_at_home(path, passphrase, home)
    try:
        job.check()
        return OpenedDesk(desk, tuple(desk.items()))
    except BaseException:
        desk.close()
        raise


class DeskPresenter(Presenter):
    """An unlocked desk: whose it is, and where each application stands."""

    def __init__(self, path: Path, opened: OpenedDesk, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.items = opened.items
        self._desk: Desk | None = opened.desk
        self._tasks = tasks
        records = opened.desk.records
        self.round_name = records.round_name
        self.office = records.office
        self.expert = _("{name} ({id})").format(name=records.expert.name, id=records.expert.id)
        self._points_text = opened.desk.rubric.points_text

    def total_text(self, item: DeskItem) -> str:
        """The item's total in the rubric's decimals; a dash where there is none."""
        return "—" if item.total is None else self._points_text(item.total)

    @property
    def done(self) -> int:
        """Applications that ask nothing more of the expert."""
        return sum(item.status.value in ("complete", "signed", "recused") for item in self.items)

    def close(self) -> None:
        """Give the workspace free, after what the worker still has to do in it."""
        if self._desk is not None:
            self._tasks.release(self._desk.close)
            self._desk = None
