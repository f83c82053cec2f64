"""Watching a folder from the window: woken by the system where it can, else by the clock; it is read in a worker."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from qisp_desktop.gui.tasks import Job, Tasks

if TYPE_CHECKING:
    from qisp_desktop.services.folder_watch import FolderWatch, Looked

POLL_MS = 2000
"""Between looks: network shares tell nobody of changes."""
WOKEN_MS = 300
"""From a change that the system told of to the look; copying tells of many."""


class FolderWatcher(QObject):
    """Looks into a folder from time to time; ``found`` carries the files that are whole (list of Path)."""

    found = Signal(list)
    changed = Signal()
    """The folder, the number of waiting files or the trouble is another one."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._watch: FolderWatch | None = None
        self._looking = False
        self.folder: Path | None = None
        self.waiting = 0
        """Files that are still being copied."""
        self.trouble = ""
        """Why the folder cannot be read now; empty while it can."""
        self.others = 0
        """Files that are neither returns nor score forms by their names."""
        self.closed = 0
        """Folders that lie too deep or cannot be read."""
        self.full = False
        """Whether there are more files than are looked at."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        self._system = QFileSystemWatcher(self)
        self._system.directoryChanged.connect(lambda _path: self._timer.start(WOKEN_MS))

    def watch(self, folder: Path) -> None:
        """Watch ``folder`` instead of any other."""
        from qisp_desktop.services.folder_watch import FolderWatch

        self.stop()
        self.folder, self._watch = folder, FolderWatch(folder)
        self.changed.emit()
        self.look()

    def stop(self) -> None:
        """Watch nothing any more."""
        self._timer.stop()
        if self._system.directories():
            self._system.removePaths(self._system.directories())
        self.folder = self._watch = None
        self._note("", 0, 0, 0, full=False)
        self.changed.emit()

    def forget(self, paths: Iterable[Path]) -> None:
        """Find ``paths`` again: they were not collected."""
        watch = self._watch
        if watch is not None:
            for path in paths:
                watch.forget(path)

    def look(self) -> None:
        """Look now, in a worker: a share may take its time to answer."""
        watch = self._watch
        if watch is None or self._looking:
            return
        self._looking = True

        def work(job: Job) -> Looked:
            return watch.look()

        def done(looked: Looked) -> None:
            self._looking = False
            if watch is self._watch:
                self._looked(looked)
            else:
                self.look()

        self._tasks.run(self, work, done, cancelled=self._not_looked, store=False)

    def _looked(self, looked: Looked) -> None:
        if self._note(looked.gone, len(looked.waiting), looked.others, looked.closed, full=looked.full):
            self.changed.emit()
        if looked.gone:
            if self._system.directories():
                self._system.removePaths(self._system.directories())
        elif not self._system.directories():
            # Only a folder that has just answered: asking the system for a dead share would block the window.
            self._system.addPath(str(self.folder))
        self._timer.start(POLL_MS)
        if looked.ready:
            self.found.emit(list(looked.ready))

    def _note(self, trouble: str, waiting: int, others: int, closed: int, *, full: bool) -> bool:
        """Keep what a look found; whether it is something else than before."""
        before = (self.trouble, self.waiting, self.others, self.closed, self.full)
        self.trouble, self.waiting, self.others, self.closed, self.full = trouble, waiting, others, closed, full
        return before != (trouble, waiting, others, closed, full)

    def _not_looked(self) -> None:
        self._looking = False
        self._timer.start(POLL_MS)
