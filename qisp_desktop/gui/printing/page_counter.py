"""How many pages there are to print: counted in passing, once the choice has rested."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from qisp_desktop.gui.tasks import Job, Progress, Task, Tasks

if TYPE_CHECKING:
    from qisp_desktop.services.printing import ListedPaper, PaperStock

COUNT_PAUSE_MS = 400
"""Pages are counted once the choice has rested for so long: the paper to look at comes first."""


class Uncounted(NamedTuple):
    """Papers of a stock, of some of which it is not known yet how many pages they have."""

    stock: PaperStock
    papers: tuple[ListedPaper, ...]


class PageCounter(QObject):
    """Counts what ``uncounted`` gives, if anything, a moment after it was asked to."""

    progressed = Signal(object)
    """How far it is (Progress), or None when it ended."""
    counted = Signal()
    """More is known of how many pages there are."""

    def __init__(self, tasks: Tasks, uncounted: Callable[[], Uncounted | None], parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._uncounted = uncounted
        self._task: Task[None] | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(COUNT_PAUSE_MS)
        self._pause.timeout.connect(self._count)

    def soon(self) -> None:
        """Count when nothing more is asked for a moment."""
        self._pause.start()

    def stop(self) -> None:
        """Count no more until ``soon``."""
        self._pause.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.progressed.emit(None)

    def _count(self) -> None:
        todo = self._uncounted()
        if todo is None:
            return
        stock, papers = todo

        def work(job: Job) -> None:
            for _paper, _pages in stock.count_pages(papers, job):
                job.check()

        self._task = self._tasks.run(
            self, work, lambda _none: self._ended(), progress=self._tell, cancelled=lambda: None, store=False
        )

    def _tell(self, progress: Progress) -> None:
        if self._task is not None:
            self.progressed.emit(progress)
            self.counted.emit()

    def _ended(self) -> None:
        self._task = None
        self.progressed.emit(None)
        self.counted.emit()
