"""Opens the windows: ``python -m qisp_desktop [FILE]``."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the program with the arguments of the process; the exit code."""
    from qisp_desktop.gui.app import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
