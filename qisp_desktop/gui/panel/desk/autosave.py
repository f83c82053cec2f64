"""Every change reaches the disk by itself; what cannot be written stays in memory and is tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.gui.tasks import Tasks

if TYPE_CHECKING:
    from qisp_desktop.services.desk import Desk
    from qisp_desktop.services.desk_editing import Entry, Place

PAUSE_MS = 100
"""From the first unsaved change to its commit; with the commit itself well below the 300 ms that are promised."""
PLACE_PAUSE_MS = 1000
"""Where the person is may be a second old."""
RETRY_MS = 3000
"""Between attempts while the disk fails."""


class BrokenOffError(UserError):
    """A bug kept what was entered from being saved: not tried again by itself, which would tell it every 3 seconds."""


class Autosave(QObject):
    """Keeps entries and the place in the workspace of ``desk``, in the store's worker.

    ``saved`` is sent when all that was entered is durable, with the local time; ``failed`` for each failed attempt.
    """

    saved = Signal(datetime)
    failed = Signal(UserError)

    def __init__(self, desk: Desk, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._tasks = tasks
        self._entries: dict[str, Entry] = {}
        self._place: Place | None = None
        self._writing: dict[str, Entry] | None = None
        self._waiting: list[Callable[[], None]] = []
        self._closed = False
        self._given_up = False
        self.problem: UserError | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.write)

    @property
    def pending(self) -> bool:
        """Whether anything entered is not durable yet."""
        return bool(self.unsaved)

    @property
    def unsaved(self) -> tuple[str, ...]:
        """The applications of which something is not durable yet, and is not given up either."""
        return () if self._given_up else tuple(sorted({*self._entries, *(self._writing or {})}))

    def keep(self, number: str, entry: Entry) -> None:
        """Make ``entry`` durable soon."""
        self._entries[number] = entry
        self._in(PAUSE_MS)

    def keep_place(self, place: Place) -> None:
        """Remember ``place`` soon."""
        self._place = place
        self._in(PLACE_PAUSE_MS)

    def when_saved(self, then: Callable[[], None]) -> None:
        """Call ``then`` once everything entered is durable: at once if it is, never while the disk fails."""
        if not self.pending:
            then()
            return
        self._waiting.append(then)
        self.write()

    def write(self) -> None:
        """Write what is pending now; nothing while a write is under way (it goes on by itself after)."""
        self._timer.stop()
        if self._closed or self._writing is not None or not (self._entries or self._place):
            return
        entries, place = self._entries, self._place
        self._entries, self._place, self._writing = {}, None, entries
        desk = self._desk

        def work(_job: object) -> None:
            from qisp_desktop.services.desk_editing import keep

            keep(desk, entries, place)

        self._tasks.run(
            self,
            work,
            lambda _none: self._written(),
            failed=lambda error: self._failed(error, entries, place),
            cancelled=lambda: self._broke_off(entries, place),
        )

    def give_up(self) -> None:
        """The person has said that what cannot be saved may be lost."""
        self._given_up = True

    def close(self) -> None:
        """Write what is left after what is under way, then close the desk; this object writes nothing more.

        What was given up is tried a last time.
        """
        given_up = self._given_up
        self._closed = True
        self._timer.stop()
        desk, entries, place = self._desk, {**(self._writing or {}), **self._entries}, self._place
        self._entries, self._place = {}, None

        def finish() -> None:
            from qisp_desktop.services.desk_editing import keep

            try:
                if entries or place:
                    keep(desk, entries, place)
            except UserError:
                if not given_up:
                    raise
            finally:
                desk.close()

        self._tasks.release(finish)

    def _in(self, pause: int) -> None:
        if self._closed or self._writing is not None:
            return  # the write that is under way takes it along
        if self.problem is not None:
            if not self._timer.isActive():
                self._timer.start(RETRY_MS)
            return  # the next attempt takes it along
        if not self._timer.isActive() or self._timer.remainingTime() > pause:
            self._timer.start(pause)

    def _written(self) -> None:
        had_entries, self._writing = bool(self._writing), None
        self.problem = None
        if self._entries:
            self._in(PAUSE_MS)
            return
        if self._place is not None:
            self._in(PLACE_PAUSE_MS)
        if had_entries:
            self.saved.emit(datetime.now().astimezone())
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()

    def _failed(self, error: UserError, entries: dict[str, Entry], place: Place | None) -> None:
        self._take_back(entries, place)
        self.problem = error
        if self._closed:
            return
        self._timer.start(RETRY_MS)
        self.failed.emit(error)

    def _broke_off(self, entries: dict[str, Entry], place: Place | None) -> None:
        """A bug, which is told elsewhere."""
        self._take_back(entries, place)
        self.problem = BrokenOffError(
            _("The last changes could not be saved."), _("Something went wrong inside the program.")
        )
        if not self._closed:
            self.failed.emit(self.problem)

    def _take_back(self, entries: dict[str, Entry], place: Place | None) -> None:
        self._entries = {**entries, **self._entries}
        self._place = self._place or place
        self._writing = None
