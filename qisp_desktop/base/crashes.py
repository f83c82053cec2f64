"""What a crash may leave behind: nothing that was in memory."""

from __future__ import annotations

from contextlib import suppress


def forbid_core_dumps() -> None:
    """Let the system write no image of this process's memory, with keys and opened papers, when it crashes.

    It holds for the processes that this one starts, too. Where the system knows no such limit (Windows makes such
    images only when an administrator asks for them), nothing happens.
    """
    try:
        import resource
    except ImportError:
        return
    with suppress(ValueError, OSError):
        _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
