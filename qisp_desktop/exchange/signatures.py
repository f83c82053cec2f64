"""Detached CMS signatures by pyHanko, checked strictly: one signer, SHA-256, nothing that is not signed.

The clock of this machine plays no part: a certificate is looked at as of the day on which it became valid.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.sign.signers import ExternalSigner, SimpleSigner
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    validate_sig_integrity,
)
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.i18n import _

DIGEST = "sha256"
ALGORITHMS = ("sha256_ecdsa", "sha256_rsa")
LARGEST_SIGNATURE = 64 * 1024


def sign_detached(data: bytes, credentials: Credentials) -> bytes:
    """A detached CMS signature of ``data`` in DER, with the signer's certificate and no other inside."""
    certificate = translate_pyca_cryptography_cert_to_asn1(credentials.certificate)
    signer = SimpleSigner(
        signing_cert=certificate,
        signing_key=translate_pyca_cryptography_key_to_asn1(credentials.key),
        cert_registry=_no_certificates(),
    )
    lasting = [cms.CMSAttribute.load(der) for der in _lasting_attributes(certificate.dump())]
    own = cms.CMSAttribute({"type": "message_digest", "values": [_sha256(data)]})
    attributes = cms.CMSAttributes([*lasting, own])
    signed = asyncio.run(signer.async_sign_prescribed_attributes(DIGEST, attributes))
    return bytes(signed.dump())


@lru_cache(maxsize=256)
def _lasting_attributes(certificate: bytes) -> tuple[bytes, ...]:
    """What a signature by ``certificate`` signs besides the digest of the data: the same every time, and remembered
    because making it takes several times as long as signing."""
    signer = ExternalSigner(asn1_x509.Certificate.load(certificate), _no_certificates(), signature_value=1)
    attributes = asyncio.run(signer.signed_attrs(_sha256(b""), DIGEST, is_pdf_sig=False))
    return tuple(one.dump() for one in attributes if one["type"].native != "message_digest")


def _no_certificates() -> Any:
    new_store: Any = SimpleCertificateStore  # it has no types of its own
    return new_store()


def check_detached(
    data: bytes,
    signature: bytes,
    *,
    signer: x509.Certificate | None,
    roots: Sequence[x509.Certificate],
) -> str:
    """Why ``signature`` does not stand for ``data``, or an empty string when it does.

    With ``signer`` the signature must come from exactly that certificate. With ``roots`` the signer's certificate must
    also have been issued under one of them. One of the two must be given. Anything unexpected means invalid.
    """
    try:
        return _problem(data, signature, signer, roots)
    except Exception:  # the readers of hostile signatures fail in ways without number; all of them mean invalid
        return _("The signature is malformed.")


def signer_certificate(signature: bytes) -> x509.Certificate | None:
    """The certificate inside a signature that claims to be the signer's; None when there is none. Checks nothing."""
    try:
        certificate = extract_certs_for_validation(_signed_data(signature)).signer_cert
        return x509.load_der_x509_certificate(certificate.dump())
    except Exception:  # as in check_detached
        return None


def _problem(
    data: bytes,
    signature: bytes,
    signer: x509.Certificate | None,
    roots: Sequence[x509.Certificate],
) -> str:
    signed = _signed_data(signature)
    info = signed["signer_infos"][0]
    if not _is_plain(signed, info):
        return _("The signature has parts that do not belong there.")
    certificate = extract_certs_for_validation(signed).signer_cert
    der = certificate.dump()
    if signer is not None and der != signer.public_bytes(Encoding.DER):
        return _("It was signed with another certificate.")
    if roots or signer is None:
        anchors = tuple(root.public_bytes(Encoding.DER) for root in roots)
        if not _is_trusted(der, anchors):
            return _("The signer's certificate does not come from this round.")
    intact, valid = validate_sig_integrity(info, certificate, "data", _sha256(data))
    if not intact:
        return _("The content was changed after signing.")
    return "" if valid else _("The signature was not made with the signer's key.")


def _signed_data(signature: bytes) -> Any:
    if len(signature) > LARGEST_SIGNATURE:
        raise ValueError("too large")
    content = cms.ContentInfo.load(signature, strict=True)
    if content["content_type"].native != "signed_data":
        raise ValueError("not signed data")
    return content["content"]


def _is_plain(signed: Any, info: Any) -> bool:
    """Whether a signature has the one form that is written here, with nothing in it that nobody signed."""
    content = signed["encap_content_info"]
    return (
        len(signed["signer_infos"]) == 1
        and content["content_type"].native == "data"
        and content["content"] is core.VOID
        and [one["algorithm"].native for one in signed["digest_algorithms"]] == [DIGEST]
        and info["digest_algorithm"]["algorithm"].native == DIGEST
        and info["signature_algorithm"]["algorithm"].native in ALGORITHMS
        and info["signed_attrs"] is not core.VOID
        and info["unsigned_attrs"] is core.VOID
        and signed["crls"] is core.VOID
        and [one.name for one in signed["certificates"]] == ["certificate"]
    )


@lru_cache(maxsize=256)
def _is_trusted(certificate: bytes, anchors: tuple[bytes, ...]) -> bool:
    """Whether a path after RFC 5280 leads from one of ``anchors`` to a certificate that may sign documents.

    Remembered: a round's returns come from few certificates, and a path costs more than all else in a check.
    """
    end = asn1_x509.Certificate.load(certificate)
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(anchor) for anchor in anchors],
        allow_fetching=False,
        moment=end.not_valid_before,
    )
    validator: Any = CertificateValidator(end, validation_context=context)
    try:
        asyncio.run(validator.async_validate_usage({"digital_signature", "non_repudiation"}))
    except (PathError, ValidationError):
        return False
    return certificate not in anchors


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
