"""The return package (评分回传包, ``*.qscore``): what an expert hands in, signed, and encrypted to the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography import x509

from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.exchange.certificates import certificate_to_pem
from qisp_desktop.exchange.container import Container, Contents, Source, write_container
from qisp_desktop.exchange.errors import damaged
from qisp_desktop.exchange.identity import Identity
from qisp_desktop.exchange.manifest_checks import check_addressee, check_members, decode_manifest, return_problem
from qisp_desktop.exchange.manifests import RETURN_FORMAT, ReturnManifest
from qisp_desktop.exchange.signatures import check_detached, sign_detached


@dataclass(frozen=True)
class OpenedReturn:
    """A decrypted return whose form is right; who signed it is not known before ``check_return``."""

    manifest: ReturnManifest
    manifest_bytes: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    ca_pem: bytes = field(repr=False)
    container: Container

    @cached_property
    def manifest_digest(self) -> str:
        """SHA-256 of the signed bytes."""
        return sha256(self.manifest_bytes)


def write_return_package(
    path: Path,
    manifest: ReturnManifest,
    *,
    signer: Credentials,
    ca_pem: bytes,
    blob_sources: Mapping[str, Source],
    work: Work | None = None,
) -> str:
    """Write a return, whole or not at all, and return its SHA-256.

    ``signer`` are the expert's credentials, ``ca_pem`` the certificate of the round's authority, ``blob_sources`` the
    plain content for each blob's path. Raises UserError as ``write_container``, and ValueError for a manifest that
    the office would refuse.
    """
    problem = return_problem(manifest)
    if problem or manifest.format != RETURN_FORMAT:
        raise ValueError(f"a contradictory return manifest: {problem or manifest.format}")
    data = to_bytes(manifest)
    return write_container(
        path,
        Contents(data, sign_detached(data, signer), ca_pem, None),
        recipients=manifest.recipients,
        identity_file=None,
        blobs=[(blob, blob_sources[blob.path]) for blob in manifest.blobs],
        work=work,
    )


def read_return_package(path: Path, identity: Identity) -> OpenedReturn:
    """Decrypt a return and read its manifest strictly; the signature and the blobs are checked by the caller.

    Raises ContainerError for what cannot be accepted, plain UserError for an unreadable file.
    """
    container = Container.open(path)
    if container.is_panel:
        raise damaged(_("It is another kind of package than expected."))
    contents = container.contents(identity)
    manifest = decode_manifest(ReturnManifest, contents.manifest, RETURN_FORMAT)
    problem = return_problem(manifest)
    if problem:
        raise damaged(problem)
    check_addressee(manifest.recipients, identity.recipient)
    check_members(container, manifest.blobs)
    return OpenedReturn(manifest, contents.manifest, contents.signature, contents.ca_pem, container)


def check_return(opened: OpenedReturn, certificate: x509.Certificate, authority: x509.Certificate) -> str:
    """Why a return was not signed as the round expects, or an empty string.

    ``certificate`` is the one that the issue names for the expert: exactly it must have signed. Where it comes from the
    round's ``authority`` it must do so validly; an expert's own stands for itself.
    """
    if opened.ca_pem != certificate_to_pem(authority):
        return _("It was made for another round.")
    own = certificate.issuer != authority.subject
    return check_detached(opened.manifest_bytes, opened.signature, signer=certificate, roots=[] if own else [authority])
