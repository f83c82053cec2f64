"""What the first page knows: the recent files and which of them are still there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.opening import FileKind, kind_of
from qisp_desktop.gui.presenter import Presenter

if TYPE_CHECKING:
    from datetime import datetime

    from qisp_desktop.gui.settings import RecentFile, Settings
    from qisp_desktop.gui.tasks import Job, Tasks


class RecentEntry(NamedTuple):
    """A recent file as the page lists it; ``missing`` until now only if it was looked for and not found."""

    path: Path
    opened: datetime
    kind: FileKind | None
    missing: bool

    @property
    def kind_name(self) -> str:
        """The kind in the person's language."""
        return _(self.kind.name) if self.kind is not None else ""


class StartPresenter(Presenter):
    """Reads and changes the list of recent files; ``changed`` is sent when the list is another one."""

    changed = Signal()

    def __init__(self, settings: Settings, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._tasks = tasks
        self._missing: set[Path] = set()
        self._removed: list[RecentFile] | None = None
        settings.changed.connect(self._settings_changed)

    @property
    def entries(self) -> list[RecentEntry]:
        """The recent files, the newest first."""
        return [
            RecentEntry(recent.path, recent.opened, kind_of(recent.path), recent.path in self._missing)
            for recent in self._settings.recent
        ]

    def look_for_files(self) -> None:
        """Find out in the background which files are gone: a share that hangs must not hang the page."""
        paths = [recent.path for recent in self._settings.recent]
        if paths:
            self._tasks.run(self, lambda job: _absent(paths, job), self._found, store=False)

    def remove(self, path: Path) -> None:
        """Take ``path`` off the list; ``undo_remove`` puts it back."""
        before = self._settings.recent
        self._removed = before
        self._settings.set_recent([recent for recent in before if recent.path != path])

    def undo_remove(self) -> None:
        """Put back what was removed last."""
        if self._removed is not None:
            self._settings.set_recent(self._removed)
            self._removed = None

    def _found(self, missing: set[Path]) -> None:
        if missing != self._missing:
            self._missing = missing
            self.changed.emit()

    def _settings_changed(self, key: str) -> None:
        if key == "recent":
            self.changed.emit()


def _absent(paths: list[Path], job: Job) -> set[Path]:
    absent = set()
    for path in paths:
        job.check()
        try:
            there = path.exists()
        except OSError:
            there = False
        if not there:
            absent.add(path)
    return absent
