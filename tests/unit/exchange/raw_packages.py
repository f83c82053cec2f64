"""Packages that nothing checks while they are written."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from qisp_desktop.base.codec import to_bytes
from qisp_desktop.exchange.container import Contents, Source, write_container
from qisp_desktop.exchange.manifests import Blob, PanelManifest, ReturnManifest
from qisp_desktop.exchange.signatures import sign_detached
from tests.unit.exchange.samples import FILES, PAPER, PHOTO, Keys, make_panel_manifest, make_return_manifest


def panel_sources(manifest: PanelManifest) -> list[tuple[Blob, Source]]:
    """The blobs of the sample panel with their content."""
    return [(blob, partial(FILES.__getitem__, blob.name)) for blob in manifest.blobs]


def return_sources(manifest: ReturnManifest) -> list[tuple[Blob, Source]]:
    """The blobs of the sample return with their content."""
    return list(zip(manifest.blobs, (lambda: PAPER, lambda: PHOTO), strict=False))


def write_raw_panel(path: Path, keys: Keys, manifest: PanelManifest | bytes, **parts: Any) -> None:
    """A panel package that nothing checks while it is written; ``parts`` replace parts of its contents."""
    data = manifest if isinstance(manifest, bytes) else to_bytes(manifest)
    contents = Contents(data, sign_detached(data, keys.office), keys.ca_pem, keys.expert_p12)
    good = make_panel_manifest(keys)
    write_container(
        path,
        replace(contents, **parts),
        recipients=good.recipients,
        identity_file=keys.expert_identity_file,
        blobs=panel_sources(good if isinstance(manifest, bytes) else manifest),
    )


def write_raw_return(path: Path, keys: Keys, manifest: ReturnManifest | bytes, **parts: Any) -> None:
    """A return package that nothing checks while it is written; ``parts`` replace parts of its contents."""
    data = manifest if isinstance(manifest, bytes) else to_bytes(manifest)
    contents = Contents(data, sign_detached(data, keys.expert), keys.ca_pem, None)
    good = make_return_manifest(keys)
    write_container(
        path,
        replace(contents, **parts),
        recipients=good.recipients,
        identity_file=None,
        blobs=return_sources(good if isinstance(manifest, bytes) else manifest),
    )
