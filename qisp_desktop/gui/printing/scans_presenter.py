"""Scanned papers against the round, without widgets: what was dropped, and what each paper on it is to the round."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qisp_desktop.base.errors import UserError
from qisp_desktop.gui.printing.work import read_scans
from qisp_desktop.gui.tasks import Progress, Task, Tasks

if TYPE_CHECKING:
    from qisp_desktop.services.scanning import ScannedPaper
    from qisp_desktop.store.places import RoundPlace


class ScansPresenter(QObject):
    """Reads scans for the round at ``place``, file after file; what was read of them stays when it is stopped."""

    changed = Signal()
    """``papers`` are others, or more."""
    busy_changed = Signal()
    progressed = Signal(object)
    failed = Signal(UserError)

    def __init__(self, place: RoundPlace, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._tasks = tasks
        self.papers: tuple[ScannedPaper, ...] = ()
        self._waiting: list[Path] = []
        self._fresh: deque[ScannedPaper] = deque()
        """What the worker has found; it appends, the UI thread takes."""
        self._task: Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether scans are being read."""
        return self._task is not None

    def add(self, scans: list[Path]) -> None:
        """Read ``scans`` (files and folders) after those that are being read; a file that was read is read anew."""
        self.papers = tuple(paper for paper in self.papers if not _is_among(paper.path, scans))
        self._waiting += scans
        self.changed.emit()
        self._next()

    def clear(self) -> None:
        """Begin with an empty list."""
        self.papers = ()
        self.changed.emit()

    def stop(self) -> None:
        """Read no more; what was found stays."""
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    def _next(self) -> None:
        if self._task is not None or not self._waiting:
            return
        scans, place, found = tuple(self._waiting), self._place, self._fresh.append
        self._waiting.clear()
        self._task = self._tasks.run(
            self,
            lambda job: read_scans(place, scans, found, job),
            lambda _none: self._ended(),
            failed=self._refused,
            progress=self._progress,
            cancelled=self._ended,
            store=False,
        )
        self.busy_changed.emit()

    def _progress(self, progress: Progress) -> None:
        self._take()
        self.progressed.emit(progress)

    def _refused(self, error: UserError) -> None:
        self._ended()
        self.failed.emit(error)

    def _ended(self) -> None:
        self._take()
        self._task = None
        self.busy_changed.emit()
        self._next()

    def _take(self) -> None:
        if not self._fresh:
            return
        fresh = []
        while self._fresh:
            fresh.append(self._fresh.popleft())
        self.papers = (*self.papers, *fresh)
        self.changed.emit()


def _is_among(path: Path, given: list[Path]) -> bool:
    """Whether ``path`` is one of the files and folders ``given``, or lies in one."""
    return any(path == one or one in path.parents for one in given)
