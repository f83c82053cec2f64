"""What was done in a section, so that it can be undone and done again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from qisp_desktop.services.steps import Step


class Done(NamedTuple):
    """An act, in words, and what it changed."""

    what: str
    step: Step


class History:
    """The acts that can be undone, and those undone that can be done again."""

    def __init__(self) -> None:
        self._done: list[Done] = []
        self._undone: list[Done] = []

    def add(self, what: str, step: Step) -> None:
        """Remember an act; what was undone before it cannot be done again."""
        if step:
            self._done.append(Done(what, step))
            self._undone.clear()

    @property
    def last(self) -> Done | None:
        """What would be undone."""
        return self._done[-1] if self._done else None

    @property
    def next(self) -> Done | None:
        """What would be done again."""
        return self._undone[-1] if self._undone else None

    def undone(self) -> None:
        """The last act was undone."""
        self._undone.append(self._done.pop())

    def redone(self) -> None:
        """The act undone last was done again."""
        self._done.append(self._undone.pop())

    def forget_last(self) -> None:
        """The last act cannot be undone any more: what it was about changed."""
        self._done.pop()

    def forget_next(self) -> None:
        """What was undone cannot be done again any more."""
        self._undone.pop()
