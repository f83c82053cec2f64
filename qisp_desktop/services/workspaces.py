"""Where an expert's workspaces lie on this machine, so that a window need not ask for a folder."""

from __future__ import annotations

from pathlib import Path

from qisp_desktop.base.paths import data_folder, safe_name
from qisp_desktop.exchange.manifests import PanelManifest
from qisp_desktop.exchange.panel_package import open_panel_package
from qisp_desktop.services.desk import Desk
from qisp_desktop.services.desk_opening import open_panel

SUFFIX = ".qwork"


def workspace_folder(manifest: PanelManifest, home: Path | None = None) -> Path:
    """The workspace of the manifest's expert in its round, below ``home`` (default: the person's data folder).

    Every issue for the same expert has the same one, so that a later issue finds the work on the earlier.
    """
    name = safe_name(f"{manifest.round}-{manifest.expert}")
    return (home or data_folder() / "workspaces") / f"{name}{SUFFIX}"


def open_at_home(
    package: Path,
    passphrase: str,
    home: Path | None = None,
    *,
    old_passphrase: str | None = None,
    leave_drafts: bool = False,
) -> Desk:
    """The unlocked desk of a panel package in its place on this machine; made there when it is new.

    ``old_passphrase`` and ``leave_drafts`` are for a package that was issued again. Raises UserError and EarlierIssue
    as ``open_package`` does, ContainerError for a package that cannot be accepted.
    """
    panel = open_panel_package(package, passphrase)
    folder = workspace_folder(panel.manifest, home)
    return open_panel(panel, package, folder, passphrase, old_passphrase=old_passphrase, leave_drafts=leave_drafts)
