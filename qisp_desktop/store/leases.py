"""Who may write a round file: one program at a time, told by name to the others, and taken over when it died.

The lease is a row in the file itself, so it travels with it over any network share. It is held while its process
lives on this host, or while its heartbeat is younger than two minutes on another. A clock that is wrong can at worst
take a lease over too early; every change looks first whether the lease is still its own, so nothing is overwritten by
that.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.store import schema

STALE_AFTER = timedelta(minutes=2)
HEARTBEAT_S = 30

_held_here: set[str] = set()
"""Tokens of the leases that this process holds, to know its own leftovers from its own open files."""


@dataclass(frozen=True)
class Lease:
    """A right to write: who holds it, on which computer, since when (UTC) and when it was last confirmed."""

    token: str
    actor: str
    host: str
    pid: int
    since: str
    heartbeat: str


def holder(connection: Connection) -> Lease | None:
    """Who holds the lease on the file, alive or not."""
    columns = [schema.lease.c[name] for name in Lease.__dataclass_fields__]
    row = connection.execute(select(*columns)).first()
    return None if row is None else Lease(*row)


def take(connection: Connection, path: Path, actor: str) -> Lease:
    """Take the lease inside a transaction of the caller's; UserError names a living holder."""
    held = holder(connection)
    if held is not None and is_alive(held, datetime.now(UTC)):
        raise _taken(path, held)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    lease = Lease(secrets.token_hex(16), actor, socket.gethostname(), os.getpid(), now, now)
    connection.execute(delete(schema.lease))
    connection.execute(insert(schema.lease).values(id=1, **vars(lease)))
    _held_here.add(lease.token)
    return lease


def require(connection: Connection, path: Path, lease: Lease) -> None:
    """Raise UserError when somebody took the lease over, for example while this computer slept."""
    held = holder(connection)
    if held is None or held.token != lease.token:
        raise UserError(
            _("{path} was opened for writing by somebody else meanwhile.").format(path=path),
            _describe(held) if held else "",
            _("Your last change was not saved. Open the file again and repeat it."),
        )


def beat(connection: Connection, lease: Lease) -> None:
    """Confirm that the holder is alive."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    connection.execute(update(schema.lease).where(schema.lease.c.token == lease.token).values(heartbeat=now))


def release(connection: Connection, lease: Lease) -> None:
    """Give the lease back; one that was taken over stays with its new holder."""
    connection.execute(delete(schema.lease).where(schema.lease.c.token == lease.token))


def forget(lease: Lease) -> None:
    """This process holds ``lease`` no longer, whether or not the file could be told."""
    _held_here.discard(lease.token)


def is_alive(lease: Lease, now: datetime) -> bool:
    """Whether the holder must be taken to be still writing."""
    if lease.host == socket.gethostname():
        if lease.pid == os.getpid():
            return lease.token in _held_here
        if not _process_lives(lease.pid):
            return False
    try:
        heartbeat = datetime.fromisoformat(lease.heartbeat)
    except ValueError:
        return False
    return abs(now - heartbeat) < STALE_AFTER


def _process_lives(pid: int) -> bool:
    if sys.platform == "win32":
        import ctypes

        query_limited_information, still_active = 0x1000, 259
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(query_limited_information, False, pid)
        if not handle:
            return False
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.CloseHandle(handle)
        return code.value == still_active
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _taken(path: Path, held: Lease) -> UserError:
    return UserError(
        _("{path} is open for writing elsewhere.").format(path=path),
        _describe(held),
        _("Close it there, or open it here for reading only."),
    )


def _describe(held: Lease) -> str:
    try:
        since = datetime.fromisoformat(held.since).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        since = held.since
    return _("{actor} has it open on {host} since {since}.").format(actor=held.actor, host=held.host, since=since)


class Heartbeat:
    """Confirms a lease now and then from a thread of its own, until it is stopped."""

    def __init__(self, confirm: Callable[[], None], every_s: float = HEARTBEAT_S) -> None:
        """``confirm`` must not raise; it is called every ``every_s`` seconds, not at once."""
        self._confirm = confirm
        self._every_s = every_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="round-file-heartbeat", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait until a confirmation that is under way has ended."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(self._every_s):
            self._confirm()
