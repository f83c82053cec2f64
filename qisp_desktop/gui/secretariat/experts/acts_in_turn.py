"""Acts that are asked for faster than they are done wait for each other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QTimer

from qisp_desktop.base.errors import UserError
from qisp_desktop.gui.secretariat.section import SectionPresenter
from qisp_desktop.gui.secretariat.session import RoundSession
from qisp_desktop.gui.tasks import Job

if TYPE_CHECKING:
    from qisp_desktop.store.round_store import RoundStore

D = TypeVar("D")


class ActsInTurn(SectionPresenter[D]):
    """A section in which a clerk need not wait: each act begins when the one before it is over and was told."""

    def __init__(self, session: RoundSession) -> None:
        super().__init__(session)
        self.quiet = False
        """Whether what is being done is over at once and needs no progress line."""
        self._waiting: deque[Callable[[], None]] = deque()
        # What was done is told first, then the next begins.
        self.busy_changed.connect(lambda what: what or QTimer.singleShot(0, self, self.go_on))

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being done, and nothing waits for that."""
        return not self.busy and not self._waiting

    def when_free(self, do: Callable[[], None]) -> None:
        """Call ``do`` when its turn comes; what it begins is an act, or ``go_on``."""
        if self.is_settled:
            do()
        else:
            self._waiting.append(do)

    def go_on(self) -> None:
        """Go on with what waited for the act before it."""
        if self._waiting and not self.busy:
            self._waiting.popleft()()

    def do(
        self,
        what: str,
        work: Callable[[RoundStore, Job], Any],
        done: Callable[[Any], None],
        failed: Callable[[UserError], None] | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        """Act now, in its turn."""
        self.quiet = quiet
        if not self.act(what, work, done, failed):
            self.go_on()

    def do_in_turn(
        self,
        what: str,
        work: Callable[[RoundStore, Job], Any],
        done: Callable[[Any], None],
        failed: Callable[[UserError], None] | None = None,
    ) -> None:
        """Act as soon as what is being done is over."""
        self.when_free(lambda: self.do(what, work, done, failed))
