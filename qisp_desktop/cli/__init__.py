"""The ``qisp`` command: the same services as the windows."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors are printed, never raised.

    Only here is the command imported, so that Ctrl-C in this first moment ends it as quietly as later.
    """
    try:
        from qisp_desktop.cli.app import STOPPED
        from qisp_desktop.cli.app import main as run
    except KeyboardInterrupt:
        return 130
    try:
        return run(arguments)
    except KeyboardInterrupt:  # between two moments that are looked after
        return STOPPED
