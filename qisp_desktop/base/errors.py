"""The one kind of error that is meant for the person at the screen."""

from __future__ import annotations


class UserError(Exception):
    """Something the person can understand and act on; anything else that is raised is a bug.

    ``what`` went wrong, ``why`` (may be empty) and what to ``do`` next (may be empty); all three are already in
    the person's language. Whoever raises it has changed nothing, or has put back what it changed.
    """

    def __init__(self, what: str, why: str = "", do: str = "") -> None:
        super().__init__(what, why, do)
        self.what = what
        self.why = why
        self.do = do

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.do) if part)


class Cancelled(Exception):
    """The person asked for the running work to stop; nothing of it was kept."""
