"""Where a round stands, read from its file in the background."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from qisp_desktop.base.errors import UserError
from qisp_desktop.gui.presenter import Presenter
from qisp_desktop.gui.tasks import Job, Tasks

if TYPE_CHECKING:
    from qisp_desktop.domain.aggregation import Result
    from qisp_desktop.services.rounds import RoundOverview


class RoundContents(NamedTuple):
    """A round in numbers, and its results in the order of rank; empty where nothing is ranked yet."""

    overview: RoundOverview
    results: tuple[Result, ...]


class OverviewPresenter(Presenter):
    """Reads the round at ``path``; ``contents`` is None until it has been read."""

    changed = Signal()
    failed = Signal(UserError)

    def __init__(self, path: Path, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._tasks = tasks
        self.contents: RoundContents | None = None
        self.error: UserError | None = None

    def load(self) -> None:
        """Read the round, or read it again."""
        path = self.path
        self._tasks.run(self, lambda job: read_round_contents(path, job), self._loaded, failed=self._refused)

    def _loaded(self, contents: RoundContents) -> None:
        self.contents, self.error = contents, None
        self.changed.emit()

    def _refused(self, error: UserError) -> None:
        self.error = error
        self.failed.emit(error)


def read_round_contents(path: Path, job: Job) -> RoundContents:
    """The numbers and the ranking of the round at ``path``; UserError when it cannot be opened."""
    from qisp_desktop.services.results import round_results
    from qisp_desktop.services.rounds import overview

    numbers = overview(path)
    job.check()
    if not numbers.sheets:
        return RoundContents(numbers, ())
    found = round_results(path).results
    last = len(found) + 1
    return RoundContents(numbers, tuple(sorted(found, key=lambda result: (result.rank or last, result.number))))
