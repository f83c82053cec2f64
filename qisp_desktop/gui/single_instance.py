"""One window for one person: a second start hands its file to the first and ends."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

LONGEST_MESSAGE = 16_384
LONGEST_SOCKET_PATH = 100
"""Bytes of a socket's path that every Unix takes."""
PATIENCE_S = 5.0
"""How long a second start waits for a first that is just starting itself."""
END = b"\0"
TAKEN = b"taken\0"


class SingleInstance(QObject):
    """``acquire`` says who is first; the first listens, every other one ``pass_on``s its file.

    The network library is imported by who listens or passes on, never before the first window is painted.
    """

    asked = Signal(str)
    """Another start wants this path opened; empty when it only wants the window."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._lock = QLockFile(str(folder / "instance.lock"))
        self._lock.setStaleLockTime(0)  # by the process id alone: a window may be open for days
        self._server: QLocalServer | None = None

    @property
    def address(self) -> str:
        """The name of the local socket, the person's own."""
        inside = str(self._folder / "instance.socket")
        if sys.platform != "win32" and len(os.fsencode(inside)) <= LONGEST_SOCKET_PATH:
            return inside
        from hashlib import sha256

        return "qisp-" + sha256(os.fsencode(self._folder)).hexdigest()[:24]

    def acquire(self) -> bool:
        """Whether this start is the first; if so it holds the place until ``release``."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return True  # a home that cannot be written to: then everybody is first
        if self._lock.tryLock(0):
            return True
        return self._lock.error() is not QLockFile.LockError.LockFailedError

    def listen(self) -> None:
        """Take what later starts pass on."""
        from PySide6.QtNetwork import QLocalServer

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        if not server.listen(self.address):
            QLocalServer.removeServer(self.address)  # left by a killed process; the lock says that it is gone
            server.listen(self.address)
        server.newConnection.connect(self._accept)
        self._server = server

    def pass_on(self, path: str) -> bool:
        """Give ``path`` (may be empty) to the first start; False when it does not answer."""
        from PySide6.QtNetwork import QLocalSocket

        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            socket = QLocalSocket()
            socket.connectToServer(self.address)
            if socket.waitForConnected(500):
                socket.write(os.fsencode(path) + END)
                answered = socket.waitForReadyRead(2000) and bytes(socket.readAll().data()) == TAKEN
                socket.disconnectFromServer()
                return answered
            time.sleep(0.05)
        return False

    def release(self) -> None:
        """Give the place free."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _accept(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        waiting = bytes(socket.peek(LONGEST_MESSAGE + 1).data())
        if len(waiting) > LONGEST_MESSAGE:
            socket.abort()
        elif END in waiting:
            message = bytes(socket.readAll().data()).split(END, 1)[0]
            socket.write(TAKEN)
            socket.flush()
            self.asked.emit(os.fsdecode(message))
