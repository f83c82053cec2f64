"""``python -m qisp_desktop.cli`` is ``qisp``."""

from __future__ import annotations

import sys

from qisp_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main())
