"""Workspaces of a package whose passphrase was tried once: the key derivation takes half a second each time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qisp_desktop.exchange.panel_package import OpenPanel
from qisp_desktop.services.desk import Desk, seals
from qisp_desktop.store.workspace_store import WorkspaceStore

OpenAgain = Callable[[Path], Desk]
"""Opens the workspace in a folder."""


def open_with(panel: OpenPanel, folder: Path) -> Desk:
    """The desk in ``folder``, unlocked with the identity of ``panel``."""
    store = WorkspaceStore.open(folder)
    store.unlock(*seals(panel))
    return Desk(folder, panel, store)
