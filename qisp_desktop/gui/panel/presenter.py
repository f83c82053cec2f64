"""Unlocking a panel package: one passphrase at a time, and the earlier one where the package was issued again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qisp_desktop.base.errors import UserError
from qisp_desktop.gui.presenter import Presenter
from qisp_desktop.gui.tasks import Job, Task, Tasks

if TYPE_CHECKING:
    from qisp_desktop.services.desk_editing import DeskContents


class UnlockPresenter(Presenter):
    """Tries passphrases on the package at ``path``, one at a time."""

    unlocked = Signal(object)
    """The DeskContents; whoever takes them closes the desk."""
    refused = Signal(UserError, bool)
    """Why not, and whether the passphrase is what was wrong (else it is the file, or the disk)."""
    reissued = Signal(UserError)
    """The package is a later issue: the earlier passphrase is wanted too, or the word that the drafts may stay."""
    busy_changed = Signal(bool)

    def __init__(
        self,
        path: Path,
        tasks: Tasks,
        home: Path | None = None,
        parent: QObject | None = None,
        *,
        copy: Path | None = None,
    ) -> None:
        """``copy`` is that of the package in its workspace, where it is known: it does while the stick is away."""
        super().__init__(parent)
        self._copy = copy
        self.path = path
        self._tasks = tasks
        self._home = home
        self._task: Task[DeskContents] | None = None
        self.wrong = 0
        """How many passphrases were wrong."""
        self.look()
        # What the desk needs takes longer to import than to open: now, while the person types.
        tasks.run(self, _import_desk, lambda _none: None, store=False)

    def look(self) -> None:
        """See whether the file is there, and a package: before twenty digits are typed for another one."""
        path, copy = self.path, self._copy
        self._tasks.run(
            self, lambda _job: _look_at(_there(path, copy)), lambda _none: None, failed=self._refuse_file, store=False
        )

    @property
    def busy(self) -> bool:
        """Whether a passphrase is being tried."""
        return self._task is not None

    def unlock(self, passphrase: str, earlier: str | None = None, *, leave_drafts: bool = False) -> None:
        """Try ``passphrase``; while one is tried, nothing happens.

        For a package that was issued again, ``earlier`` is the passphrase of the issue before, with which the drafts
        are carried over; with ``leave_drafts`` they stay behind.
        """
        if self.busy:
            return
        path, copy, home = self.path, self._copy, self._home
        self._task = self._tasks.run(
            self,
            lambda job: _open(_there(path, copy), passphrase, home, earlier, leave_drafts, job),
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

    def _opened(self, opened: DeskContents) -> None:
        self._ended()
        self.unlocked.emit(opened)

    def _refuse(self, error: UserError) -> None:
        from qisp_desktop.exchange.identity import WrongPassphraseError
        from qisp_desktop.services.desk_opening import EarlierIssue

        self._ended()
        if isinstance(error, EarlierIssue):
            self.reissued.emit(error)
            return
        wrong = isinstance(error, WrongPassphraseError)
        self.wrong += wrong
        self.refused.emit(error, wrong)

    def _refuse_file(self, error: UserError) -> None:
        self.refused.emit(error, False)

    def _ended(self) -> None:
        self._task = None
        self.busy_changed.emit(False)


def _import_desk(job: Job) -> None:
    import qisp_desktop.gui.panel.desk.page
    import qisp_desktop.services.desk_editing
    import qisp_desktop.services.workspaces  # noqa: F401


def _there(path: Path, copy: Path | None) -> Path:
    return path if copy is None or path.is_file() else copy


def _look_at(path: Path) -> None:
    from qisp_desktop.services.desk_opening import check_outer_form

    check_outer_form(path)


def _open(
    path: Path, passphrase: str, home: Path | None, earlier: str | None, leave_drafts: bool, job: Job
) -> DeskContents:
    from qisp_desktop.services.desk_editing import contents
    from qisp_desktop.services.workspaces import open_at_home

    desk = open_at_home(path, passphrase, home, old_passphrase=earlier, leave_drafts=leave_drafts)
    try:
        job.check()
        return contents(desk)
    except BaseException:
        desk.close()
        raise
