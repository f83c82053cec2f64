"""Who is at work, as the audit trail names them."""

from __future__ import annotations

import getpass
import socket


def current_actor() -> str:
    """The system's user and the host, such as ``li@office-3``; ``unknown`` where nobody tells."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = "unknown"
    return f"{user}@{socket.gethostname()}"
