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
