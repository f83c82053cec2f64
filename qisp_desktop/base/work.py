"""How long work says where it is and learns that the person wants it to stop."""

from __future__ import annotations

from qisp_desktop.base.errors import Cancelled


class Work:
    """Told of progress by whatever takes long; the faces (command line, window) show it.

    ``report`` is called between steps, from the thread that works. It raises Cancelled after ``cancel``, which may be
    called from any thread; what works must then leave nothing half-done.
    """

    def __init__(self) -> None:
        self._cancelled = False

    def cancel(self) -> None:
        """Ask for a stop at the next step."""
        self._cancelled = True

    def report(self, what: str, done: int, total: int) -> None:
        """``done`` of ``total`` steps of ``what`` (in the person's language) are finished."""
        if self._cancelled:
            raise Cancelled
        self.show(what, done, total)

    def show(self, what: str, done: int, total: int) -> None:
        """Show the progress; nothing by default."""


class Part(Work):
    """The work on one of several things, of which ``done`` of ``total`` are finished: its own steps are said with the
    place of the whole, so that bar and time left do not jump; of a whole of one thing they are the whole's.

    It is stopped with the whole.
    """

    def __init__(self, whole: Work, done: int, total: int) -> None:
        super().__init__()
        self._whole = whole
        self._place = (done, total)

    def cancel(self) -> None:
        """Ask the whole for a stop."""
        self._whole.cancel()

    def report(self, what: str, done: int, total: int) -> None:
        """As for any work; raises Cancelled after the whole was asked for a stop."""
        self._whole.report(what, *((done, total) if self._place[1] == 1 else self._place))
