"""The panel package (评审包, ``*.qpanel``): what an expert receives, encrypted to them and signed by the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509

from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.exchange.certificates import (
    authority_from_pem,
    certificate_to_pem,
    common_name,
    is_issued_by,
    is_office,
)
from qisp_desktop.exchange.container import Container, Contents, Source, write_container
from qisp_desktop.exchange.errors import ContainerError, damaged
from qisp_desktop.exchange.identity import Identity, unlock_identity
from qisp_desktop.exchange.key_files import from_p12
from qisp_desktop.exchange.manifest_checks import check_addressee, check_members, decode_manifest, panel_problem
from qisp_desktop.exchange.manifests import PANEL_FORMAT, PanelManifest
from qisp_desktop.exchange.signatures import check_detached, sign_detached, signer_certificate


@dataclass(frozen=True)
class OpenPanel:
    """An opened and checked package, with the keys that the passphrase unlocked, in memory only.

    ``credentials`` are None where the expert signs with a certificate of their own. ``authority`` is the round's, as
    the package says: its fingerprint is printed on the expert's letter, and only comparing the two shows who sent it.
    """

    manifest: PanelManifest
    manifest_bytes: bytes = field(repr=False)
    manifest_digest: str
    identity: Identity
    credentials: Credentials | None = field(repr=False)
    authority: x509.Certificate
    container: Container


def write_panel_package(
    path: Path,
    manifest: PanelManifest,
    *,
    office: Credentials,
    expert_identity_file: bytes,
    expert_p12: bytes | None,
    blob_sources: Mapping[str, Source],
    work: Work | None = None,
) -> str:
    """Write a package, whole or not at all, and return its SHA-256.

    ``blob_sources`` gives the plain content for each blob's path. ``expert_p12`` is under the same passphrase as
    ``expert_identity_file``, or None for an expert with a certificate of their own. Raises UserError as
    ``write_container``, and ValueError for a manifest that nobody could open.
    """
    problem = panel_problem(manifest)
    if problem or manifest.format != PANEL_FORMAT:
        raise ValueError(f"a contradictory panel manifest: {problem or manifest.format}")
    data = to_bytes(manifest)
    contents = Contents(data, sign_detached(data, office), certificate_to_pem(office.chain[-1]), expert_p12)
    return write_container(
        path,
        contents,
        recipients=manifest.recipients,
        identity_file=expert_identity_file,
        blobs=[(blob, blob_sources[blob.path]) for blob in manifest.blobs],
        work=work,
    )


def open_panel_package(path: Path, passphrase: str) -> OpenPanel:
    """Unlock a package and check all of it but its blobs, which are checked one by one when they are read.

    Takes about half a second, whatever its size. Raises ContainerError for a package that cannot be accepted and
    plain UserError for a wrong passphrase or an unreadable file.
    """
    container = Container.open(path)
    identity_file = container.identity_file
    if identity_file is None:
        raise damaged(_("It is another kind of package than expected."))
    identity = unlock_identity(identity_file, passphrase)
    contents = container.contents(identity)
    manifest = decode_manifest(PanelManifest, contents.manifest, PANEL_FORMAT)
    authority = _authority(contents.ca_pem)
    _check_signature(contents, authority)
    problem = panel_problem(manifest)
    if problem:
        raise damaged(problem)
    check_addressee(manifest.recipients, identity.recipient)
    check_members(container, manifest.blobs)
    credentials = _credentials(contents.signer_p12, passphrase, manifest, authority)
    return OpenPanel(
        manifest, contents.manifest, sha256(contents.manifest), identity, credentials, authority, container
    )


def _authority(pem: bytes) -> x509.Certificate:
    try:
        return authority_from_pem(pem)
    except UserError as error:
        raise damaged(_("The certificate of the round in it is malformed.")) from error


def _check_signature(contents: Contents, authority: x509.Certificate) -> None:
    problem = check_detached(contents.manifest, contents.signature, signer=None, roots=[authority])
    if problem:
        raise ContainerError("bad_signature", problem)
    signer = signer_certificate(contents.signature)
    if signer is None or not is_office(signer):
        raise ContainerError("bad_signature", _("It was not signed by the office."))


def _credentials(
    p12: bytes | None, passphrase: str, manifest: PanelManifest, authority: x509.Certificate
) -> Credentials | None:
    """The expert's signing key; it must be the one of the certificate in the signed manifest."""
    if p12 is None:
        return None
    try:
        credentials = from_p12(p12, passphrase)
    except UserError as error:
        raise damaged(_("The signing key in it cannot be opened.")) from error
    certificate = credentials.certificate
    if certificate_to_pem(certificate).decode("ascii") != manifest.certificate:
        raise damaged(_("The signing key in it does not belong to the expert's certificate."))
    if not is_issued_by(certificate, authority) or common_name(certificate).split()[:1] != [manifest.expert]:
        raise damaged(_("The expert's certificate was not issued for this expert in this round."))
    return credentials
