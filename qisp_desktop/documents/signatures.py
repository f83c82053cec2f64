"""The signatures of a paper: read by pyHanko, verified against the certificates that the round knows."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from qisp_desktop.base.i18n import _

# pyHanko logs what a hostile certificate makes it stumble over, with a traceback; without a handler Python would print
# that on the person's screen. A log file that the program sets up still gets it.
logging.getLogger("pyhanko").addHandler(logging.NullHandler())
logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())

OFFICE = "office"
"""The organisational unit in the certificate with which the secretariat signs."""
_SIGNED_OBJECT_KEYS = frozenset(
    {"/Type", "/Filter", "/SubFilter", "/Contents", "/ByteRange", "/M", "/Name", "/Reference"}
)


class SignatureProblem(Exception):
    """A signature does not hold; the message is for the person."""


@dataclass(frozen=True)
class PaperSignature:
    """One filled signature field; ``revision`` counts from 1, ``value`` is the CMS signature in DER."""

    field: str
    revision: int
    byte_range: tuple[int, int, int, int]
    value: bytes
    certificate: x509.Certificate
    certifies: bool
    embedded: EmbeddedPdfSignature

    @property
    def signer_name(self) -> str:
        """Whom the certificate names."""
        return _common_name(self.certificate)


def read_signatures(pdf: bytes) -> list[PaperSignature]:
    """The signatures of ``pdf`` in the order of signing; raises whatever a broken file makes the reader raise."""
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    found = [_signature(embedded) for embedded in reader.embedded_signatures]
    return sorted(found, key=lambda signature: signature.revision)


def _signature(embedded: EmbeddedPdfSignature) -> PaperSignature:
    start, length, rest_start, rest = (int(value) for value in embedded.byte_range)
    value = cms.ContentInfo.load(embedded.pkcs7_content).dump()
    return PaperSignature(
        embedded.field_name,
        embedded.signed_revision,
        (start, start + length, rest_start, rest),
        value,
        x509.load_der_x509_certificate(embedded.signer_cert.dump()),
        embedded.docmdp_level is MDPPerm.FILL_FORMS and "/Reference" in embedded.sig_object,
        embedded,
    )


def verify_signature(
    signature: PaperSignature,
    *,
    signer: x509.Certificate | None,
    roots: Sequence[x509.Certificate],
    expert: str,
    leaders: Collection[x509.Certificate] = (),
) -> None:
    """Raise SignatureProblem unless the signature holds and comes from whom the field is meant for.

    ``leaders`` are the panel leaders' certificates, empty where they are not known.
    """
    anchors = _anchors(signature, signer, roots, expert)
    if signature.field == "PanelLeader" and leaders:
        anchors = _leader(signature, leaders)
    context = ValidationContext(
        trust_roots=[_asn1(anchor) for anchor in anchors],
        # No clock decides: the certificate is judged as of its first moment.
        moment=signature.certificate.not_valid_before_utc,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    usage = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
    status = validate_pdf_signature(signature.embedded, context, key_usage_settings=usage)
    if not (status.intact and status.valid):
        raise SignatureProblem(_("the signature in {field} is broken").format(field=signature.field))
    if not status.trusted:
        raise _unknown(signature)
    if not status.bottom_line:
        raise SignatureProblem(_("it was changed after the signature in {field}").format(field=signature.field))
    _require_plain(signature, {*anchors, *roots})


def _anchors(
    signature: PaperSignature, signer: x509.Certificate | None, roots: Sequence[x509.Certificate], expert: str
) -> list[x509.Certificate]:
    """The certificates from which the signer's must come; a pinned certificate stands for itself."""
    certificate = signature.certificate
    if signature.field == "Expert" and signer is not None:
        if certificate != signer:
            other = _("it was signed with another certificate ({name}) than the expert's")
            raise SignatureProblem(other.format(name=signature.signer_name))
        return [signer]
    if not roots:
        raise _unknown(signature)
    if (_unit(certificate) == OFFICE) != (signature.field == "Secretariat"):
        raise SignatureProblem(
            _("{name} may not sign in {field}").format(name=signature.signer_name, field=signature.field)
        )
    # The common name of an expert's certificate begins with the expert's id.
    if signature.field == "Expert" and signature.signer_name.split(" ")[0] != expert:
        raise SignatureProblem(
            _("it is the sheet of {expert}, but {name} signed it").format(expert=expert, name=signature.signer_name)
        )
    return list(roots)


def _leader(signature: PaperSignature, leaders: Collection[x509.Certificate]) -> list[x509.Certificate]:
    """The leader's certificate, which stands for itself as it stands in the roster."""
    if signature.certificate not in leaders:
        raise SignatureProblem(_("{name} does not lead the panel").format(name=signature.signer_name))
    return [signature.certificate]


def _require_plain(signature: PaperSignature, known: Collection[x509.Certificate]) -> None:
    """Nothing in the signature that is not signed itself, or else known: no room for changes that nobody would see."""
    signed = signature.embedded.signed_data
    familiar = {one.public_bytes(Encoding.DER) for one in known}
    others = (one.dump() for one in signature.embedded.other_embedded_certs)
    extra = [x509.load_der_x509_certificate(one) for one in others if one not in familiar]
    plain = (
        _written_anew(signed, signature.embedded.signer_cert) == signature.value
        and all(_verifies(one, extra, known) for one in extra)
        and set(signature.embedded.sig_object.keys()) <= _SIGNED_OBJECT_KEYS
        and signature.embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    )
    if not plain:
        raise SignatureProblem(_("the signature in {field} is not in its plain form").format(field=signature.field))


def _written_anew(signed: cms.SignedData, certificate: asn1_x509.Certificate) -> bytes:
    """The CMS value with the parts that are signed themselves, and with everything around them as pyHanko writes it."""
    (info,) = signed["signer_infos"]
    holder = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    digest = {"algorithm": "sha256", "parameters": core.Null()}
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": holder}),
        "digest_algorithm": digest,
        "signed_attrs": info["signed_attrs"],
        "signature_algorithm": info["signature_algorithm"],
        "signature": info["signature"],
    }
    content = {
        "version": "v1",
        "digest_algorithms": [digest],
        "encap_content_info": {"content_type": "data"},
        "certificates": signed["certificates"],
        "signer_infos": [cms.SignerInfo(signer)],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)}).dump())


def _verifies(
    certificate: x509.Certificate, extra: Sequence[x509.Certificate], known: Collection[x509.Certificate]
) -> bool:
    """Whether an unknown certificate beside a signature is no altered copy of a known one, and its signature holds."""
    copies = any(certificate.subject == one.subject for one in known)
    return not copies and any(is_issued(certificate, issuer) for issuer in (*extra, *known))


def is_issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether ``certificate`` names ``issuer`` and carries its signature."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except Exception:  # another issuer, another kind of key, a wrong signature
        return False
    return True


def _unknown(signature: PaperSignature) -> SignatureProblem:
    return SignatureProblem(_("unknown signer: {name}").format(name=signature.signer_name))


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def _unit(certificate: x509.Certificate) -> str:
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return str(units[0].value) if len(units) == 1 else ""


def _asn1(certificate: x509.Certificate) -> Any:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
