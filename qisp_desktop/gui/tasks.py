"""Work that is not for the UI thread: one worker for all that touches a store, a small pool for the rest.

``tasks.run(owner, work, done, …)`` runs ``work(job)`` in a worker and calls ``done(result)`` on the UI thread. The work
belongs to its owner: when that is deleted, the work is asked to stop and nothing is delivered. Inside, ``job.report``
tells how far it is and raises ``Cancelled`` once the person has had enough, so that one call serves both.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QThread, Signal, Slot

from qisp_desktop.base.errors import Cancelled, UserError
from qisp_desktop.base.work import Work

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")
POOL_WORKERS = 2
REPORT_INTERVAL_S = 0.05
"""Reports that follow each other faster are not shown; the last one always is."""
ESTIMATE_AFTER_S = 1.0
"""Before, an estimate of the time that is left would jump."""


class Progress(NamedTuple):
    """How far a piece of work is: ``done`` of ``total`` (0 when not known), and the seconds that are left if known."""

    text: str
    done: int
    total: int
    seconds_left: float | None


class Job(Work):
    """What the work sees of the task that runs it: services take it as their ``Work``."""

    def __init__(self, send: Callable[[Progress], None]) -> None:
        super().__init__()
        self._send = send
        self._started = time.monotonic()
        self._sent = 0.0

    def check(self) -> None:
        """Raise Cancelled if the person asked to stop."""
        if self._cancelled:
            raise Cancelled

    @property
    def is_stopping(self) -> bool:
        """Whether the person asked to stop."""
        return self._cancelled

    def show(self, what: str, done: int, total: int) -> None:
        """Send the progress to the UI thread, with the time that is left once it can be told."""
        now = time.monotonic()
        if done < total and now - self._sent < REPORT_INTERVAL_S:
            return
        self._sent = now
        spent = now - self._started
        left = spent / done * (total - done) if 0 < done <= total and spent > ESTIMATE_AFTER_S else None
        self._send(Progress(what, done, total, left))


class Task(Generic[T]):
    """A piece of work that was handed over: ``cancel`` asks it to stop, ``finished`` says whether it is over."""

    def __init__(
        self,
        tasks: Tasks,
        owner: QObject,
        work: Callable[[Job], T],
        done: Callable[[T], None],
        failed: Callable[[UserError], None] | None,
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], None] | None,
        discard: Callable[[T], None] | None,
    ) -> None:
        self._tasks = tasks
        self._owner = owner
        self._work = work
        self._done = done
        self._failed = failed
        self._cancelled = cancelled
        self._progress = progress
        self._discard = discard
        self._give_back: Callable[[], None] | None = None
        """Throws the result away; set while it is on its way to the UI thread."""
        self.finished = False
        self.job = Job(self._send_progress)
        owner.destroyed.connect(self.job.cancel)

    def cancel(self) -> None:
        """Ask the work to stop; ``cancelled`` is called when it has, unless it was through already.

        What has a ``discard`` is never done after this: its result would find nobody who lets go of it.
        """
        self.job.cancel()

    def abandon(self) -> None:
        """Ask the work to stop, and throw a result away that waits to be delivered; called when the program ends."""
        self.job.cancel()
        if self._give_back is not None:
            self._tasks.release(self._give_back)

    def execute(self) -> None:
        """Run the work in this thread and send what came of it; called by the worker."""
        try:
            self.job.check()
            result = self._work(self.job)
        except Cancelled:
            self._send(lambda: self._end(self._cancelled))
        except UserError as error:
            problem = error  # the name of the except clause is gone when the lambda runs
            self._send(lambda: self._end(lambda: self._tasks.deliver_failure(self._failed, problem)))
        except BaseException as error:
            bug = error
            self._send(lambda: self._end(lambda: self._tasks.deliver_bug(self._cancelled, bug)))
        else:
            self._hand_over(result)

    @property
    def wanted(self) -> bool:
        """Whether there still is somebody to deliver to."""
        return shiboken6.isValid(self._owner)

    def _hand_over(self, result: T) -> None:
        # The program may end between the result and its delivery, or while that waits: whoever comes second of this
        # and ``shut_down`` knows, so that an open round is let go of once.
        with self._tasks.handing_over:
            too_late = self._tasks.closed
            if not too_late:
                if self._discard is not None:
                    self._give_back = partial(self._discard, result)
                self._send(lambda: self._deliver(result))
        if too_late and self._discard is not None:
            self._discard(result)

    def _deliver(self, result: T) -> None:
        if self._give_back is not None and (self.job.is_stopping or not self.wanted):
            self._tasks.release(self._give_back)
            self._end(self._cancelled)
        else:
            self._end(lambda: self._done(result))

    def _end(self, deliver: Callable[[], None] | None) -> None:
        self.finished = True
        del self._work  # it may hold very much, and a task lies about until the collector comes
        self._tasks.forget(self)
        if self.wanted:
            self._owner.destroyed.disconnect(self.job.cancel)
            if deliver is not None:
                deliver()

    def _send(self, delivery: Callable[[], None]) -> None:
        self._tasks.post(delivery)

    def _send_progress(self, progress: Progress) -> None:
        show = self._progress
        if show is not None:
            self._tasks.post(lambda: show(progress) if self.wanted and not self.finished else None)


class Tasks(QObject):
    """The workers of the process. Made on the UI thread; ``shut_down`` before the application object goes."""

    failed = Signal(UserError)
    """A failure that nobody else shows."""
    bug = Signal(object)
    """An exception (BaseException) that was not meant for the person."""
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store: ThreadPoolExecutor | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._running: set[Task[Any]] = set()
        self.closed = False
        self.handing_over = threading.Lock()
        """Held while a result is handed over, and while ``closed`` is set."""
        self._posted.connect(self._make_call)  # queued where a worker emits it

    def run(
        self,
        owner: QObject,
        work: Callable[[Job], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[UserError], None] | None = None,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], None] | None = None,
        discard: Callable[[T], None] | None = None,
        store: bool = True,
    ) -> Task[T]:
        """Run ``work`` in the store's worker (in the pool with ``store=False``) for ``owner``.

        Exactly one of ``done``, ``failed`` (UserError) and ``cancelled`` (stopped, or broken off by a bug) is called,
        on the UI thread, if ``owner`` still lives; without ``failed`` the program shows the error itself. Work for
        the store runs in the order given. A result that nobody waits for any more goes to ``discard``, in a worker.
        """
        task: Task[T] = Task(self, owner, work, done, failed, progress, cancelled, discard)
        if self.closed:
            task.finished = True
            return task
        self._running.add(task)
        self._executor(store).submit(task.execute)
        return task

    def release(self, close: Callable[[], None]) -> None:
        """Call ``close`` in the store's worker after what is waiting there, even if the program is ending."""
        self._executor(store=True).submit(self._release, close)

    @property
    def busy(self) -> bool:
        """Whether anything is running or waiting to run."""
        return bool(self._running)

    def shut_down(self) -> None:
        """Ask all work to stop and wait until the workers are gone; nothing is delivered any more.

        What waits is not begun, but what was handed to ``release`` is done.
        """
        with self.handing_over:
            self.closed = True
        for task in tuple(self._running):
            task.abandon()
        for executor in (self._store, self._pool):
            if executor is not None:
                executor.shutdown(wait=True)
        self._store = self._pool = None
        self._running.clear()
        QCoreApplication.removePostedEvents(self)

    def post(self, call: Callable[[], None]) -> None:
        """Make ``call`` on the UI thread soon; may be called from any thread."""
        if not self.closed:
            self._posted.emit(call)

    @Slot(object)
    def _make_call(self, call: Callable[[], None]) -> None:
        if not self.closed:
            call()

    def deliver_failure(self, failed: Callable[[UserError], None] | None, error: UserError) -> None:
        """Hand ``error`` to who asked, or to who shows the program's own errors."""
        if failed is not None:
            failed(error)
        else:
            self.failed.emit(error)

    def deliver_bug(self, cancelled: Callable[[], None] | None, error: BaseException) -> None:
        """Hand an unforeseen exception to who logs it; for the screen, the work has just stopped."""
        if cancelled is not None:
            cancelled()
        self.bug.emit(error)

    def forget(self, task: Task[T]) -> None:
        """Called by a task that is over."""
        self._running.discard(task)

    def _release(self, close: Callable[[], None]) -> None:
        try:
            close()
        except BaseException as error:
            bug = error
            self.post(lambda: self.bug.emit(bug))

    def _executor(self, store: bool) -> ThreadPoolExecutor:
        # Made when first needed: the first window must not wait for it.
        from concurrent.futures import ThreadPoolExecutor

        if QThread.currentThread() is not self.thread():
            raise RuntimeError("work is handed over on the UI thread only")
        if store:
            self._store = self._store or ThreadPoolExecutor(1, "qisp-store")
            return self._store
        self._pool = self._pool or ThreadPoolExecutor(POOL_WORKERS, "qisp-pool")
        return self._pool
