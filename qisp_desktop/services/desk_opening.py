"""From a panel package to a workspace, and from an older issue's workspace to a newer one's."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from qisp_desktop.base import atomic
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.exchange.container import Container
from qisp_desktop.exchange.errors import damaged
from qisp_desktop.exchange.manifests import PanelManifest
from qisp_desktop.exchange.panel_package import OpenPanel, open_panel_package
from qisp_desktop.services.desk import CarriedOver, Desk, seals
from qisp_desktop.services.desk_carrying import Carried
from qisp_desktop.store.workspace_store import FORMAT, PACKAGE, WorkspaceHeader, WorkspaceStore


class EarlierIssue(UserError):
    """The workspace belongs to an earlier issue: its passphrase is needed to carry the drafts over."""


def check_outer_form(package: Path) -> None:
    """Refuse, before any passphrase is asked for, what is no whole panel package. Raises UserError."""
    if not Container.open(package).is_panel:
        raise damaged(_("It is another kind of package than expected."))


def open_package(
    package: Path,
    workspace: Path,
    passphrase: str,
    *,
    old_passphrase: str | None = None,
    leave_drafts: bool = False,
) -> Desk:
    """An unlocked desk in the folder ``workspace`` from the panel package.

    Opening the same package again opens the workspace as it is. A later issue for the same expert takes the
    workspace over: with ``old_passphrase`` drafts, declarations and records that still apply are carried over (the
    desk's ``carried`` tells what was and what was not), with ``leave_drafts`` they stay behind (with neither:
    EarlierIssue); the old folder is kept beside it. An older issue, another round's or another expert's package is
    refused. The folder appears whole or not at all.
    """
    panel = open_panel_package(package, passphrase)
    return open_panel(panel, package, workspace, passphrase, old_passphrase=old_passphrase, leave_drafts=leave_drafts)


def open_panel(
    panel: OpenPanel,
    package: Path,
    workspace: Path,
    passphrase: str,
    *,
    old_passphrase: str | None = None,
    leave_drafts: bool = False,
) -> Desk:
    """``open_package`` for a package that is unlocked already, which spares the slow derivation."""
    try:
        _undo_half_a_move(workspace, panel.manifest)
    except OSError as error:
        raise atomic.disk_error(workspace, error) from error
    if not workspace.exists() or _is_empty_folder(workspace):
        return _make(package, workspace, panel, lambda desk: None)
    with WorkspaceStore.open(workspace) as held:
        header = held.header
    if (header.round, header.issue) == (panel.manifest.round, panel.manifest.issue):
        return _as_it_is(workspace, panel) or Desk.open(workspace, passphrase)
    _require_later(workspace, header, panel)
    if leave_drafts:
        return _replace(package, workspace, panel, header, lambda desk: None)
    if old_passphrase is None:
        raise EarlierIssue(
            _("{path} belongs to the earlier issue {issue}.").format(path=workspace, issue=header.issue),
            _("This package ({issue}) takes its place.").format(issue=panel.manifest.issue),
            _(
                "Give the earlier passphrase too (--old-passphrase-file), so that drafts are carried over, or start "
                "without them (--leave-drafts)."
            ),
        )
    with Desk.open(workspace, old_passphrase) as old:
        # Everything is in memory now; the old folder can be moved aside.
        carried = Carried(old)
    told: list[CarriedOver] = []
    desk = _replace(package, workspace, panel, header, lambda made: told.append(carried.into(made)))
    desk.carried = told[0]
    return desk


def _make(
    package: Path, workspace: Path, panel: OpenPanel, fill: Callable[[Desk], None], aside: Path | None = None
) -> Desk:
    """Make the workspace beside its place and move it there when it is whole; what is there goes to ``aside``."""
    for leftover in _leftovers(workspace):
        shutil.rmtree(leftover, ignore_errors=True)
    temporary = workspace.with_name(f".{workspace.name}.{secrets.token_hex(4)}{atomic.PART}")
    seal, unseal = seals(panel)
    header = WorkspaceHeader(
        FORMAT, panel.manifest.round, panel.manifest.records.round_name, panel.manifest.expert, panel.manifest.issue
    )
    try:
        with WorkspaceStore.create(temporary, header, seal) as store:
            store.unlock(seal, unseal)
            desk = Desk(temporary, panel, store)
            with store.change() as change:
                change.put_all(panel.manifest.records.sheets)
                change.put_all(panel.manifest.records.recusals)
                change.put_all(panel.manifest.records.site_inspections)
            desk.restore_photos()
            fill(desk)
            atomic.copy(package, temporary / PACKAGE, mode=0o600, read_back=True)
        _take_place(temporary, workspace, aside)
    except OSError as error:
        raise atomic.disk_error(workspace, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    # From the copy on, so that the stick can be pulled out.
    return Desk.unlocked(workspace, replace(panel, container=Container.open(workspace / PACKAGE)))


def _take_place(made: Path, workspace: Path, aside: Path | None) -> None:
    if aside is not None:
        os.rename(workspace, aside)
    elif workspace.exists():
        workspace.rmdir()
    try:
        os.rename(made, workspace)
    except BaseException:
        if aside is not None:
            os.rename(aside, workspace)
        raise
    atomic.sync_folder(workspace.parent)


def _undo_half_a_move(workspace: Path, manifest: PanelManifest) -> None:
    """Put the earlier workspace back if the machine stopped after it was moved aside and before the new one came.

    Then its drafts are carried over as if nothing had been begun.
    """
    if workspace.exists() or not any((left / PACKAGE).is_file() for left in _leftovers(workspace)):
        return
    whose = (manifest.round, manifest.expert)
    found = [(header, path) for path in _moved_aside(workspace) if (header := _header(path)) is not None]
    earlier = [(_number(header.issue), path) for header, path in found if (header.round, header.expert) == whose]
    if earlier:
        os.rename(max(earlier)[1], workspace)
        atomic.sync_folder(workspace.parent)


def _header(workspace: Path) -> WorkspaceHeader | None:
    try:
        with WorkspaceStore.open(workspace) as held:
            return held.header
    except UserError:
        return None


def _leftovers(workspace: Path) -> list[Path]:
    """Workspaces for this place whose making was broken off."""
    return [path for path in _beside(workspace, f".{workspace.name}.") if path.name.endswith(atomic.PART)]


def _moved_aside(workspace: Path) -> list[Path]:
    return [path for path in _beside(workspace, f"{workspace.stem}.") if path != workspace]


def _beside(workspace: Path, begin: str) -> list[Path]:
    folder = workspace.parent
    return [path for path in folder.iterdir() if path.name.startswith(begin)] if folder.is_dir() else []


def _as_it_is(workspace: Path, panel: OpenPanel) -> Desk | None:
    """The desk in ``workspace`` with the keys that are unlocked already; None where its package is another one."""
    try:
        container = Container.open(workspace / PACKAGE)
        same = sha256(container.contents(panel.identity).manifest) == panel.manifest_digest
    except UserError:
        return None
    return Desk.unlocked(workspace, replace(panel, container=container)) if same else None


def _replace(
    package: Path, workspace: Path, panel: OpenPanel, header: WorkspaceHeader, fill: Callable[[Desk], None]
) -> Desk:
    aside = workspace.with_name(f"{workspace.stem}.{header.issue}{workspace.suffix}")
    if aside.exists():
        aside = aside.with_name(f"{aside.name}.{secrets.token_hex(4)}")
    return _make(package, workspace, panel, fill, aside)


def _require_later(workspace: Path, header: WorkspaceHeader, panel: OpenPanel) -> None:
    manifest = panel.manifest
    if (header.round, header.expert) != (manifest.round, manifest.expert):
        raise UserError(
            _("{path} is the workspace of another round or expert.").format(path=workspace),
            _("It belongs to {expert}, {round}.").format(expert=header.expert, round=header.round_name),
            _("Choose another folder for this package."),
        )
    if manifest.number < _number(header.issue):
        raise UserError(
            _("This package is older than the workspace."),
            _("{newer} made {older} void.").format(newer=header.issue, older=manifest.issue),
            _("Open the newest package that the secretariat gave you."),
        )


def _number(issue: str) -> int:
    number = issue.rpartition("-")[2]
    return int(number) if number.isascii() and number.isdigit() else 0


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())
