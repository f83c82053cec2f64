"""What will probably be read next is opened while the person reads, so that its first page is there at once.

A process of its own opens it: a hostile file among the next ones must not end what is being read. What it gives is the
first picture and how many pages there are; whoever shows it opens the document itself behind that picture.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.application import Material
from qisp_desktop.gui.panel.materials.drawing import FirstLook
from qisp_desktop.gui.panel.materials.page_process import PageProcess, Reply, Request
from qisp_desktop.gui.panel.materials.recent_contents import RecentContents
from qisp_desktop.gui.tasks import Task, Tasks

LARGEST = 24 << 20
"""Bytes of a material that is opened ahead; to be wrong about a larger one would cost too much."""
KEPT = 4
"""First pages that are kept."""
PAUSE_MS = 250
"""So long the person must have been reading."""


class Next(NamedTuple):
    """A material that will probably be wanted: how a worker reads it (UserError where it cannot), and the page."""

    material: Material
    read: Callable[[Material], bytes]
    page: int


class Key(NamedTuple):
    """A first page: of which content, opened with which codec, looked at how."""

    sha256: str
    codec: str
    look: FirstLook


Plan = Callable[[Next, bytes], Key | None]
"""How a content will be looked at; None where there is nothing to draw ahead."""


class Ahead(QObject):
    """Opens the expected materials one after the other, each when the person has been reading for a moment."""

    def __init__(self, tasks: Tasks, contents: RecentContents, plan: Plan, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._contents = contents
        self._plan = plan
        self._process = PageProcess(tasks, self)
        self._expected: tuple[Next, ...] = ()
        self._waiting: deque[Next] = deque()
        self._task: Task[bytes] | None = None
        self._request: Request | None = None
        self._asked: Key | None = None
        self._ready: OrderedDict[Key, Reply] = OrderedDict()
        self._hopeless: set[str] = set()
        self._settled = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._begin)

    def expect(self, expected: Sequence[Next]) -> None:
        """These will probably be wanted next, the first one most."""
        self._expected = tuple(one for one in expected if one.material.size <= LARGEST)
        self._waiting.clear()
        if self._settled:
            self.settle()

    def hurry(self) -> None:
        """The person wants something: begin nothing until ``settle``."""
        self._settled = False
        self._pause.stop()
        self._waiting.clear()

    def settle(self) -> None:
        """The person reads."""
        self._settled = True
        if self._expected:
            self._pause.start()

    def take(self, key: Key) -> Reply | None:
        """What opening ``key`` gave, if it is here."""
        return self._ready.get(key)

    @property
    def idle(self) -> bool:
        """Whether nothing is being opened or waits for it."""
        return not (self._pause.isActive() or self._waiting or self._task or self._asked)

    def forget(self) -> None:
        """Keep nothing, here and in the process."""
        self.hurry()
        self._expected = ()
        if self._task is not None:
            self._task.cancel()
        self._task = self._request = self._asked = None
        self._ready.clear()
        self._process.stop()

    # ----------------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._waiting = deque(one for one in self._expected if one.material.sha256 not in self._hopeless)
        self._step()

    def _step(self) -> None:
        """Go on with the next one, unless one is under way."""
        if self._task is not None or self._asked is not None or not self._waiting:
            return
        following = self._waiting.popleft()
        content = self._contents.get(following.material.sha256)
        if content is not None:
            self._open(following, content)
            return
        self._task = self._tasks.run(
            self,
            lambda _job: following.read(following.material),
            lambda content: self._arrived(following, content),
            failed=lambda _error: self._unreadable(following, _error),
            cancelled=self._stopped,
            store=False,
        )

    def _arrived(self, following: Next, content: bytes) -> None:
        self._task = None
        self._contents.keep(following.material.sha256, content)
        self._open(following, content)

    def _unreadable(self, following: Next, _error: UserError) -> None:
        # Whoever wants to read it is told then.
        self._hopeless.add(following.material.sha256)
        self._stopped()

    def _stopped(self) -> None:
        self._task = None
        self._step()

    def _open(self, following: Next, content: bytes) -> None:
        key = self._plan(following, content)
        if key is None or key in self._ready:
            self._step()
            return
        fields = {"do": "open", "codec": key.codec, "look": key.look._asdict()}
        self._asked = key
        self._request = Request(fields, content, lambda reply: self._opened(key, reply))
        self._process.serve(self)

    def next_request(self) -> Request | None:
        """What the process is to open."""
        request, self._request = self._request, None
        return request

    def _opened(self, key: Key, reply: Reply) -> None:
        if key is not self._asked:
            return  # forgotten meanwhile
        self._asked = None
        if reply.trouble:
            self._hopeless.add(key.sha256)
        elif reply.payload:
            self._ready[key] = reply
            while len(self._ready) > KEPT:
                self._ready.popitem(last=False)
        if self._waiting:
            self._step()
        elif not reply.trouble:
            self._request = Request({"do": "close"}, b"", lambda _reply: None)  # nothing is left lying in its memory
            self._process.wake()
