"""Photos on their way into the desk: read, checked and made small off the UI thread, then sealed; one at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.inspection import Photo
from qisp_desktop.gui.panel.desk.arriving import Arriving
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.tasks import Progress, Task, Tasks

if TYPE_CHECKING:
    from qisp_desktop.services.photos import Picture

Source = Callable[[], tuple[Photo, bytes]]
"""Reads a photo in a worker; UserError when it cannot."""


class Taken(NamedTuple):
    """A photo that the desk keeps now: for which application, its record, and how it looks when small."""

    number: str
    photo: Photo
    small: Picture


class PhotoIntake(Arriving):
    """Takes photos in for a desk. One is in memory at a time, so that a full card does no harm."""

    taken = Signal(object)
    """A photo (Taken) is sealed in the workspace."""
    progressed = Signal(object)
    """How far it is (Progress)."""

    def __init__(self, desk: DeskPresenter, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._tasks = tasks
        self._waiting: deque[tuple[str, Source]] = deque()
        self._task: Task[tuple[Photo, bytes, Picture]] | Task[str] | None = None
        self._refused: list[UserError] = []
        self._done = 0

    @property
    def busy(self) -> bool:
        """Whether photos are being taken in."""
        return self._task is not None

    def add(self, number: str, sources: list[Source]) -> None:
        """Take the photos of ``sources`` in for the application ``number``."""
        self._waiting += [(number, source) for source in sources]
        if not self.busy:
            self._next()

    def cancel(self) -> None:
        """Leave out what was not taken in yet."""
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    def _next(self) -> None:
        self._task = None
        total = self._done + len(self._waiting)
        if not self._waiting:
            refused, self._refused, self._done = self._refused, [], 0
            if total:
                self.ended.emit(refused)
            return
        number, source = self._waiting.popleft()
        self.progressed.emit(Progress(_("Taking photos in"), self._done, total, None))
        self._task = self._tasks.run(
            self,
            lambda _job: _read(source),
            lambda read: self._seal(number, *read),
            failed=self._refuse,
            cancelled=self._over,
            store=False,
        )

    def _seal(self, number: str, photo: Photo, data: bytes, small: Picture) -> None:
        def kept(_digest: str) -> None:
            self.taken.emit(Taken(number, photo, small))
            self._over()

        self._task = self._desk.run(
            lambda desk, _job: desk.store.add_blob(data), kept, failed=self._refuse, cancelled=self._over
        )

    def _refuse(self, error: UserError) -> None:
        self._refused.append(error)
        self._over()

    def _over(self) -> None:
        self._done += 1
        self._next()


def _read(source: Source) -> tuple[Photo, bytes, Picture]:
    from qisp_desktop.services.photos import picture

    photo, data = source()
    return photo, data, picture(photo.name, data)
