"""Opens the windows: ``python -m qisp_desktop [FILE]``."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the program with the arguments of the process; the exit code."""
    if getattr(sys, "frozen", False):
        # A packaged program starts its worker processes by starting itself; this call does their work and ends them.
        import multiprocessing

        multiprocessing.freeze_support()
    # Thousands of objects are made on the way to the first window and none of them is garbage; the application turns
    # collecting on again when it is shown.
    gc.disable()
    from qisp_desktop.gui.app import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
