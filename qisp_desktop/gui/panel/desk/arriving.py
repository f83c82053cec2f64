"""What is on its way into the desk and takes a while: the desk is not left, and does not lock itself, meanwhile."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Arriving(QObject):
    """A child, near or far, of a desk's presenter; ``ended`` is sent whenever it is no longer ``busy``."""

    ended = Signal(list)
    """All are through, or the person stopped it; carries the UserErrors of those that were refused."""

    @property
    def busy(self) -> bool:
        """Whether anything is on its way."""
        raise NotImplementedError

    def cancel(self) -> None:
        """Leave out what is not there yet."""
        raise NotImplementedError
