"""Who is at work, as the audit trail names them."""

from __future__ import annotations

import getpass
import socket

from qisp_desktop.base.texts import clean_text

_named: str = ""


def set_clerk(name: str) -> None:
    """From now on this process acts in the name of the clerk ``name``, who shares the system's account with others."""
    global _named
    _named = clean_text(name)


def current_actor() -> str:
    """The clerk's name or the system's user, and the host, such as ``li@office-3``; ``unknown`` where nobody tells."""
    if _named:
        return f"{_named}@{socket.gethostname()}"
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = "unknown"
    return f"{user}@{socket.gethostname()}"
