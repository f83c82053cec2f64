"""Rendering many papers: on all cores where that is worth the start of more processes, in order, a few ahead."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import TYPE_CHECKING

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import language, set_language

if TYPE_CHECKING:
    from qisp_desktop.services.papers import PaperKind

Render = Callable[[], bytes]
WORTH_PROCESSES = 20
"""Papers to render from which on starting processes (a third of a second each) pays."""
_AHEAD = 4
"""Papers under way for each process: enough to keep it busy, few enough to keep photos out of memory."""
_AT_ONCE = 3
"""Of these, the papers given to another process: the one it makes, and two that wait at its door."""


@dataclass(frozen=True)
class PlannedPaper:
    """A paper that can be made; ``name`` is its file name. A ``draft`` shows a result that may still change.

    ``original`` gives a signed paper as it was returned. Where there is none, ``prepare`` gives what renders the paper:
    a call without arguments that can travel to another process. ``lacking`` says why a signed original, or a
    photo, that the round once had is not at hand: the paper is a copy then.
    """

    kind: PaperKind
    application: str
    expert: str
    name: str
    prepare: Callable[[], Render]
    original: Render | None = None
    draft: bool = False
    lacking: UserError | None = None

    def make(self) -> bytes:
        """The paper as PDF. Raises UserError for text that cannot be printed or a return that cannot be read."""
        return self.original() if self.original else self.prepare()()


@dataclass(frozen=True)
class MadePaper:
    """A planned paper with its PDF, or with why it could not be made."""

    planned: PlannedPaper
    pdf: bytes
    problem: UserError | None


def make_all(planned: Sequence[PlannedPaper], workers: int | None = None) -> Iterator[MadePaper]:
    """Make the papers one after the other in their order; ``workers`` processes (default: as many as cores).

    This process is one of them: it renders until another has started, and whenever it would have to wait for them.
    """
    count = _cores() if workers is None else workers
    rendered = sum(paper.original is None for paper in planned)
    if count < 2 or rendered < WORTH_PROCESSES:
        yield from map(_made, planned)
        return
    # Spawned, not forked: threads of a window or a database must not be copied.
    pool = ProcessPoolExecutor(count - 1, mp_context=get_context("spawn"), initializer=_begin, initargs=(language(),))
    try:
        yield from _made_by(pool, planned, count - 1)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(text_language: str) -> None:
    """In a new process: speak the language of the old one, and end with it, also when it is killed."""
    set_language(text_language)
    Thread(target=_end_with_parent, daemon=True).start()


def _get_ready() -> None:
    """In a new process: read what every paper needs."""
    from qisp_desktop.documents import fonts
    from qisp_desktop.documents import paper as _layout  # noqa: F401

    fonts.regular()
    fonts.bold()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


class _Coming:
    """A paper on its way: in another process (``future``), or to be made here."""

    def __init__(self, paper: PlannedPaper, render: Render, future: Future[bytes] | None = None) -> None:
        self._paper = paper
        self._render = render
        self._future = future
        self._done: MadePaper | None = None

    @property
    def ready(self) -> bool:
        """Whether nobody has to be waited for."""
        return self._future is None or self._future.done()

    def make_here(self) -> None:
        """Render the paper now, and keep it until its turn comes; what is only read is read then."""
        if self._paper.original is None:
            self._done = _result(self._paper, self._render)

    def made(self) -> MadePaper:
        """The paper, waited for if need be."""
        return self._done or _result(self._paper, self._awaited)

    def _awaited(self) -> bytes:
        if self._future is None:
            return self._render()
        try:
            return self._future.result()
        except BrokenProcessPool:
            return self._render()  # the system ended the other process (it took the memory, say)


def _made_by(pool: ProcessPoolExecutor, planned: Sequence[PlannedPaper], others: int) -> Iterator[MadePaper]:
    """The papers, made by ``others`` processes and this one. No call is ever cancelled: a pool that breaks with
    cancelled calls in it forgets to say so of the rest, and whoever waits for one of them waits for ever.
    """
    coming = deque(planned)
    started = _start(pool, others)
    while coming and not any(one.done() for one in started):
        yield _made(coming.popleft())
    waiting: deque[_Coming] = deque()
    while coming or waiting:
        room = (others + 1) * _AHEAD - len(waiting)
        idle = others * _AT_ONCE - sum(not one.ready for one in waiting)
        for _turn in range(min(room, idle, len(coming))):
            waiting.append(_begun(coming.popleft(), pool))
        if not waiting[0].ready and coming and len(waiting) < (others + 1) * _AHEAD:
            waiting.append(_begun(coming.popleft()))
            waiting[-1].make_here()
        else:
            yield waiting.popleft().made()


def _start(pool: ProcessPoolExecutor, processes: int) -> list[Future[None]]:
    started: list[Future[None]] = []
    with suppress(BrokenProcessPool):  # the first one has ended already; its call says so
        for _process in range(processes):
            started.append(pool.submit(_get_ready))
    return started


def _begun(paper: PlannedPaper, pool: ProcessPoolExecutor | None = None) -> _Coming:
    """The paper, on its way (in ``pool``); what only this process can read is read when its turn comes."""
    if paper.original is not None:
        return _Coming(paper, paper.original)
    try:
        render = paper.prepare()
    except UserError as error:
        return _Coming(paper, partial(_raise, error))
    try:
        return _Coming(paper, render, pool.submit(render) if pool else None)
    except BrokenProcessPool:
        return _Coming(paper, render)


def _raise(error: UserError) -> bytes:
    raise error


def _made(paper: PlannedPaper) -> MadePaper:
    return _result(paper, paper.make)


def _result(paper: PlannedPaper, wait: Callable[[], bytes]) -> MadePaper:
    try:
        return MadePaper(paper, wait(), None)
    except UserError as error:
        return MadePaper(paper, b"", error)


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
