"""The ``qisp`` command: the same services as the windows."""

from __future__ import annotations

from qisp_desktop.cli.app import main

__all__ = ["main"]
