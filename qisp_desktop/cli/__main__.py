"""``python -m qisp_desktop.cli`` is ``qisp``."""

from __future__ import annotations

from qisp_desktop.cli.app import run

if __name__ == "__main__":
    run()
