"""What the office hands out and what the expert hands in arrive as they were meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from qisp_desktop.exchange.panel_package import open_panel_package
from qisp_desktop.exchange.return_package import check_return, read_return_package
from tests.unit.exchange.samples import FILES, PASSPHRASE, Keys, make_panel_manifest, make_return_manifest


def test_the_expert_opens_the_package_and_reads_every_material(keys: Keys, panel_file: Path) -> None:
    panel = open_panel_package(panel_file, PASSPHRASE)
    assert panel.manifest == make_panel_manifest(keys)
    assert panel.authority == keys.authority.certificate
    assert panel.identity == keys.expert_identity
    assert panel.credentials is not None
    assert panel.credentials.certificate == keys.expert.certificate
    assert [panel.container.blob(panel.identity, blob) for blob in panel.manifest.blobs] == list(FILES.values())
    panel.container.check_blobs(panel.identity, panel.manifest.blobs)


def test_the_office_reads_a_return_and_knows_who_signed_it(keys: Keys, return_file: Path) -> None:
    opened = read_return_package(return_file, keys.office_identity)
    assert opened.manifest == make_return_manifest(keys)
    assert check_return(opened, keys.expert.certificate, keys.authority.certificate) == ""
    assert "another certificate" in check_return(opened, keys.office.certificate, keys.authority.certificate)
