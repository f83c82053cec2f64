"""The desk's end of the process that opens what strangers sent: one request at a time, and patience that ends."""

from __future__ import annotations

import json
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any, NamedTuple, Protocol

import shiboken6
from PySide6.QtCore import QObject, QTimer

from qisp_desktop.gui.panel.materials.page_server import serve
from qisp_desktop.gui.tasks import Tasks

PATIENCE_MS = 20_000
"""An answer that takes longer does not come any more."""
GRACE_MS = 500
"""So long may the document before keep the next one waiting."""
LARGEST_REPLY = 256 << 20


class Reply(NamedTuple):
    """What came back: fields and bytes, or ``trouble`` (a code of ``troubles``) with a detail."""

    fields: dict[str, Any]
    payload: bytes
    trouble: str = ""


class Request(NamedTuple):
    """What is asked, and who is told the reply, on the UI thread."""

    fields: dict[str, Any]
    payload: bytes
    done: Callable[[Reply], None]


class Asking(Protocol):
    """Whoever has something to ask of the process."""

    def next_request(self) -> Request | None:
        """The most urgent request now, if any; it is sent at once."""


class PageProcess(QObject):
    """Starts the process when needed, asks it one thing at a time, and ends it when it fails or hangs."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._asking: Asking | None = None
        self._request: Request | None = None
        self._channel: _Channel | None = None
        self._watchdog = QTimer(self)
        self._watchdog.setSingleShot(True)
        self._watchdog.timeout.connect(lambda: self._lose("slow"))

    def start(self) -> None:
        """Start the process ahead of the first request, which would have to wait for it."""
        if self._channel is None:
            channel = _Channel(lambda reply: self._tasks.post(lambda: self._receive(channel, reply)))
            self._channel = channel
            self.destroyed.connect(channel.close)

    def serve(self, asking: Asking) -> None:
        """Take the requests of ``asking``, which has a new document, from now on, and of nobody else."""
        if self._request is not None:
            self._watchdog.start(GRACE_MS)
        self._asking = asking
        self.wake()

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._request is not None

    def wake(self) -> None:
        """There may be something to ask."""
        if self._request is not None or self._asking is None:
            return
        request = self._asking.next_request()
        if request is None:
            return
        self.start()
        self._request = request
        self._watchdog.start(PATIENCE_MS)
        if self._channel is not None:
            self._channel.send(request)

    def stop(self) -> None:
        """End the process and forget what was asked; nothing of any document is left in memory."""
        self._watchdog.stop()
        self._asking = self._request = None
        self._drop_channel()

    def _receive(self, channel: _Channel, reply: Reply | None) -> None:
        if not shiboken6.isValid(self) or channel is not self._channel:
            return
        if reply is None:
            self._lose("crashed")
        else:
            self._finish(reply)

    def _lose(self, trouble: str) -> None:
        self._drop_channel()
        self._finish(Reply({}, b"", trouble))

    def _finish(self, reply: Reply) -> None:
        self._watchdog.stop()
        request, self._request = self._request, None
        if request is not None:
            request.done(reply)
        self.wake()

    def _drop_channel(self) -> None:
        channel, self._channel = self._channel, None
        if channel is not None:
            self.destroyed.disconnect(channel.close)
            channel.close()


class _Channel:
    """One process and the thread that talks with it; ``tell`` is called in that thread, with None when it is lost."""

    def __init__(self, tell: Callable[[Reply | None], None]) -> None:
        self._tell = tell
        self._requests: SimpleQueue[Request | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._closed = False
        threading.Thread(target=self._run, name="page-process", daemon=True).start()

    def send(self, request: Request) -> None:
        """Send ``request`` when the process is up."""
        self._requests.put(request)

    def close(self) -> None:
        """End process and thread; nothing is told any more."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()
        self._requests.put(None)

    def _run(self) -> None:
        ours, theirs = multiprocessing.Pipe()
        try:
            process = multiprocessing.get_context("spawn").Process(
                target=serve, args=(theirs,), name="qisp-pages", daemon=True
            )
            with self._lock:
                if self._closed:
                    return
                process.start()
                self._process = process
            theirs.close()
            self._talk(ours)
            process.kill()
            process.join()
        finally:
            ours.close()
            theirs.close()

    def _talk(self, connection: Connection) -> None:
        while (request := self._requests.get()) is not None:
            try:
                reply: Reply | None = _exchange(connection, request)
            except (EOFError, OSError, ValueError):
                reply = None
            del request  # the document that it carried may be large, and the wait for the next one long
            if self._closed:
                return
            self._tell(reply)
            if reply is None:
                return


def _exchange(connection: Connection, request: Request) -> Reply:
    header = {**request.fields, "payload": bool(request.payload)}
    connection.send_bytes(json.dumps(header).encode())
    if request.payload:
        connection.send_bytes(request.payload)
    fields = json.loads(connection.recv_bytes(LARGEST_REPLY))
    payload = connection.recv_bytes(LARGEST_REPLY) if fields["payload"] else b""
    return Reply(fields, payload, fields.get("trouble", ""))
