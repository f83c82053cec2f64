"""A round that is open at the secretariat's desk: one store, used by one worker, shared by all sections."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.gui.presenter import Presenter
from qisp_desktop.gui.tasks import Job, Progress, Task, Tasks

if TYPE_CHECKING:
    from qisp_desktop.domain.round import Round
    from qisp_desktop.services.office import Office
    from qisp_desktop.store.audit import AuditHead
    from qisp_desktop.store.places import RoundPlace
    from qisp_desktop.store.round_store import RoundStore

T = TypeVar("T")
LOOK_AGAIN_MS = 5000
"""How often to look whether others changed the round, where others can."""


class OpenRound(NamedTuple):
    """What the session holds of the round from the moment it is open."""

    store: RoundStore
    round: Round
    read_only: UserError | None
    """Why the round can only be read (somebody else has it, no right to write); None when it can be changed."""
    head: AuditHead


class RoundSession(Presenter):
    """Opens the round at ``place`` for writing, or for reading where that is refused, and runs all work on it.

    The store belongs to the worker: it is only touched inside ``read`` and ``act``.
    """

    opened = Signal()
    failed = Signal(UserError)
    """The round could not even be opened for reading."""
    changed = Signal()
    """The round is another one than before, by our act or somebody else's: what is shown must be read again."""
    trouble = Signal(UserError)
    """The round cannot be reached any more, or turned out to be damaged, while it was worked with."""
    office_changed = Signal()
    """The secretariat's keys were unlocked, or locked again."""

    def __init__(self, place: RoundPlace, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.tasks = tasks
        self.open_round: OpenRound | None = None
        self.error: UserError | None = None
        self._office: Office | None = None
        self._opening: Task[OpenRound] | None = None
        self._looking = False
        self._watch = QTimer(self)
        self._watch.setInterval(LOOK_AGAIN_MS)
        self._watch.timeout.connect(self.look_for_changes)

    # Opening --------------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Open the round, or open it again; ends in ``opened`` or ``failed``."""
        if self._opening is not None:
            return
        self._let_go()
        place = self.place
        self._opening = self.tasks.run(
            self,
            lambda job: _open(place),
            self._opened,
            failed=self._refused,
            cancelled=self._not_opened,
            discard=lambda found: found.store.close(),
        )

    @property
    def writable(self) -> bool:
        """Whether the round can be changed here."""
        return self.open_round is not None and self.open_round.read_only is None

    @property
    def name(self) -> str:
        """The round's name; that of its file until it is open."""
        if self.open_round is not None:
            return self.open_round.round.name
        return self.place.stem if isinstance(self.place, Path) else self.place.name

    @property
    def unlocked(self) -> bool:
        """Whether the secretariat's keys are at hand."""
        return self._office is not None

    def close(self) -> None:
        """Let go of the round."""
        if self._opening is not None:
            self._opening.cancel()
        self._let_go()

    # Working --------------------------------------------------------------------------------------------------------

    def read(
        self,
        owner: QObject,
        work: Callable[[RoundStore, Job], T],
        done: Callable[[T], None],
        failed: Callable[[UserError], None] | None = None,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], None] | None = None,
    ) -> Task[T] | None:
        """Run ``work`` on the store in its worker; None, and nothing happens, while no round is open."""
        held = self.open_round
        if held is None:
            return None
        store = held.store

        def told(error: UserError) -> None:
            self.tasks.deliver_failure(failed, error)
            if self.is_trouble(error):
                self.trouble.emit(error)

        return self.tasks.run(
            owner, lambda job: work(store, job), done, failed=told, progress=progress, cancelled=cancelled
        )

    def is_trouble(self, error: UserError) -> bool:
        """Whether ``error`` is about the round as a whole, so that ``trouble`` tells it."""
        from qisp_desktop.store.errors import Damaged, Unreachable

        return isinstance(error, Damaged | Unreachable)

    def act(
        self,
        owner: QObject,
        work: Callable[[RoundStore, Job], T],
        done: Callable[[T], None],
        failed: Callable[[UserError], None],
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], None] | None = None,
    ) -> Task[T] | None:
        """``read`` for work that changes the round: afterwards, however it ended, ``changed`` is sent.

        Work that fails or is stopped may have kept a part (a package issued, say), so all is read again then too.
        """
        held = self.open_round
        if held is not None and held.read_only is not None:
            failed(held.read_only)
            return None

        def done_first(result: T) -> None:
            done(result)
            self.changed.emit()

        def failed_first(error: UserError) -> None:
            failed(error)
            self.changed.emit()

        def cancelled_first() -> None:
            if cancelled is not None:
                cancelled()
            self.changed.emit()

        return self.read(owner, work, done_first, failed_first, progress, cancelled_first)

    # The secretariat's keys -----------------------------------------------------------------------------------------

    def unlock(
        self, owner: QObject, passphrase: str, done: Callable[[], None], failed: Callable[[UserError], None]
    ) -> None:
        """Unlock the secretariat's keys with the clerk's ``passphrase``; they stay until ``lock``."""

        def keep(office: Office) -> None:
            self._office = office
            self.office_changed.emit()
            done()

        self.read(owner, lambda store, job: _unlock(store, passphrase), keep, failed)

    def lock(self) -> None:
        """Forget the keys."""
        if self._office is not None:
            self._office = None
            self.office_changed.emit()

    def office(self) -> Office:
        """The unlocked keys, for work that signs or decrypts; UserError while they are locked."""
        if self._office is None:
            raise UserError(
                _("The secretariat's keys are locked."), "", _("Type the secretariat's passphrase and try again.")
            )
        return self._office

    # Others ---------------------------------------------------------------------------------------------------------

    def look_for_changes(self) -> None:
        """Ask the round whether it is still the one that was read; sends ``changed`` if not."""
        held = self.open_round
        if held is None or self._looking or self.tasks.busy:
            return
        self._looking, store = True, held.store
        self.tasks.run(
            self,
            lambda job: store.audit_head(),
            self._looked,
            failed=self._not_looked,
            cancelled=self._not_looked,
        )

    def _looked(self, head: AuditHead) -> None:
        self._looking = False
        held = self.open_round
        if held is not None and head != held.head:
            self.open_round = held._replace(head=head)
            self.changed.emit()

    def _not_looked(self, _error: UserError | None = None) -> None:
        # Whoever works with the round is told; a look in passing need not.
        self._looking = False

    # ----------------------------------------------------------------------------------------------------------------

    def _opened(self, found: OpenRound) -> None:
        self._opening = None
        self.open_round, self.error = found, None
        if found.read_only is not None or not isinstance(found.store.place, Path):
            self._watch.start()
        self.opened.emit()

    def _refused(self, error: UserError) -> None:
        self._opening = None
        self.error = error
        self.failed.emit(error)

    def _not_opened(self) -> None:
        self._opening = None

    def _let_go(self) -> None:
        self._watch.stop()
        self.lock()
        held, self.open_round = self.open_round, None
        if held is not None:
            self.tasks.release(held.store.close)


def _open(place: RoundPlace) -> OpenRound:
    from qisp_desktop.services.actors import current_actor
    from qisp_desktop.store.round_store import RoundStore

    refused: UserError | None = None
    try:
        store = RoundStore.open(place, actor=current_actor(), write=True)
    except UserError as error:
        # Whatever else is wrong with the file, opening it for reading says again.
        store, refused = RoundStore.open(place, actor=current_actor()), error
    try:
        return OpenRound(store, store.round(), refused, store.audit_head())
    except BaseException:
        store.close()
        raise


def _unlock(store: RoundStore, passphrase: str) -> Office:
    from qisp_desktop.services.office import unlock

    return unlock(store, passphrase)
