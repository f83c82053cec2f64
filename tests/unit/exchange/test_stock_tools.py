"""Both kinds of package open with the tools of any Debian, as docs/formats.md shows."""

from __future__ import annotations

import dataclasses
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from qisp_desktop.base.codec import from_bytes
from qisp_desktop.exchange.identity import unlock_identity
from qisp_desktop.exchange.manifests import PanelManifest, ReturnManifest
from tests.terminal import run_at_terminal
from tests.unit.exchange.samples import (
    FILES,
    PAPER,
    PASSPHRASE,
    Keys,
    make_panel_manifest,
    make_return_manifest,
    write_return,
)

VERIFY = [
    *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "manifest.p7s"),
    *("-content", "manifest.json", "-CAfile", "round-ca.pem", "-out", "verified.json"),
]


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[bytes]:
    """A stock tool, which must succeed."""
    return subprocess.run(command, cwd=folder, check=True, capture_output=True)


def run_with_terminal(folder: Path, typed: str, *command: str) -> bytes:
    """What a stock tool prints that asks for a passphrase on its terminal."""
    ran = run_at_terminal(command, "passphrase", typed, folder)
    assert ran.code == 0, ran.shown
    return ran.output


def test_unzip_age_and_openssl_open_a_panel_package(keys: Keys, panel_file: Path, tmp_path: Path) -> None:
    run(tmp_path, "unzip", "-q", str(panel_file))
    assert (tmp_path / "id_ed25519").stat().st_mode & 0o777 == 0o600
    run(tmp_path, "chmod", "600", "id_ed25519")
    opened = run_with_terminal(tmp_path, PASSPHRASE, "age", "-d", "-i", "id_ed25519", "contents.age")
    (tmp_path / "c.zip").write_bytes(opened)
    run(tmp_path, "unzip", "-q", "c.zip")
    run(tmp_path, *VERIFY)
    verified = (tmp_path / "verified.json").read_bytes()
    assert verified == (tmp_path / "manifest.json").read_bytes()
    assert from_bytes(PanelManifest, verified) == make_panel_manifest(keys)
    shown = run(tmp_path, "openssl", "pkcs12", "-in", "signer.p12", "-passin", f"pass:{PASSPHRASE}", "-nodes")
    assert b"BEGIN PRIVATE KEY" in shown.stdout
    material = run_with_terminal(tmp_path, PASSPHRASE, "age", "-d", "-i", "id_ed25519", "blobs/000001.age")
    assert material == FILES["申请书.pdf"]


def test_a_changed_manifest_does_not_verify_with_openssl(keys: Keys, panel_file: Path, tmp_path: Path) -> None:
    run(tmp_path, "unzip", "-q", str(panel_file))
    (tmp_path / "c.zip").write_bytes(keys.expert_identity.decrypt((tmp_path / "contents.age").read_bytes()))
    run(tmp_path, "unzip", "-q", "c.zip")
    manifest = (tmp_path / "manifest.json").read_bytes()
    (tmp_path / "manifest.json").write_bytes(manifest.replace(b"2026", b"2027", 1))
    with pytest.raises(subprocess.CalledProcessError):
        run(tmp_path, *VERIFY)


def test_unzip_age_and_openssl_open_a_return_package(keys: Keys, tmp_path: Path) -> None:
    # The office's key as a file: in a round it lies in the round file, under the clerk's passphrase.
    key = Ed25519PrivateKey.generate()
    protection = PrivateFormat.OpenSSH.encryption_builder().kdf_rounds(1).build(PASSPHRASE.encode())
    office = unlock_identity(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, protection), PASSPHRASE)
    (tmp_path / "office").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    write_return(tmp_path / "E007-r1.qscore", keys, recipients=(office.recipient,))
    run(tmp_path, "unzip", "-q", "E007-r1.qscore")
    run(tmp_path, "age", "-d", "-i", "office", "-o", "c.zip", "contents.age")
    run(tmp_path, "unzip", "-q", "c.zip")
    run(tmp_path, *VERIFY)
    manifest = from_bytes(ReturnManifest, (tmp_path / "verified.json").read_bytes())
    assert manifest.sheets == make_return_manifest(keys).sheets
    assert run(tmp_path, "age", "-d", "-i", "office", "blobs/000001.age").stdout == PAPER


def test_the_format_s_description_shows_these_commands_and_every_field() -> None:
    text = (Path(__file__).parents[3] / "docs" / "formats.md").read_text("utf-8")
    shown = ("unzip E007.qpanel", "chmod 600 id_ed25519", "age -d -i id_ed25519 contents.age", " ".join(VERIFY))
    for command in shown:
        assert command in text
    for manifest in (PanelManifest, ReturnManifest):
        for field in dataclasses.fields(manifest):
            assert f"`{field.name}`" in text
    for spared in ("`records.photo_positions`", "`original`"):
        assert spared in text
