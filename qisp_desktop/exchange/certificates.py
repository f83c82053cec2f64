"""Reading certificates: whom they name, who issued them, whether they can serve for signing here."""

from __future__ import annotations

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.panel import Expert

OFFICE = "office"
EXPERT = "expert"
"""What the organisational unit of a certificate says its holder is: both come from the same authority, and an expert's
key must not pass for the office's."""
LARGEST_PEM = 64 * 1024
RSA_BITS = range(2048, 8193)


def expert_name(expert: Expert) -> str:
    """The common name of an expert's certificate: the id, then the person's name where certificates can carry it.

    Names in certificates are compared after RFC 4518, which knows the characters of Unicode 3.2 only: a name such as
    王𬭚 would make every check of the certificate fail.
    """
    full = f"{expert.id} {expert.name}".strip()
    return full if _is_comparable(asn1_x509.Name.build({"common_name": full})) else expert.id


def common_name(certificate: x509.Certificate) -> str:
    """Whom a certificate names; empty when it has no common name."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def is_office(certificate: x509.Certificate) -> bool:
    """Whether a certificate that the round's authority issued is the office's, not an expert's."""
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return [unit.value for unit in units] == [OFFICE]


def is_issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Whether ``certificate`` carries the authority's signature."""
    try:
        certificate.verify_directly_issued_by(authority)
    except Exception:  # another issuer, another kind of key, a wrong signature
        return False
    return True


def certificate_to_pem(certificate: x509.Certificate) -> bytes:
    """The one PEM form of a certificate, with a line feed at the end."""
    return certificate.public_bytes(Encoding.PEM)


def certificate_from_pem(data: bytes) -> x509.Certificate:
    """The one certificate in a PEM file, such as one that an expert brings: anybody's, with a P-256 or RSA key.

    Raises UserError for anything else: no or several certificates, another kind of key, one not meant for signing.
    """
    try:
        if len(data) > LARGEST_PEM:
            raise ValueError("too large")
        (certificate,) = x509.load_pem_x509_certificates(data)
        key = certificate.public_key()
        signs = _may_sign(certificate)
        comparable = _has_comparable_names(certificate)
    except Exception as error:  # hostile certificates fail in many ways while their parts are read
        raise _unusable_certificate(_("The file does not hold exactly one certificate in PEM form.")) from error
    if not is_signing_key(key):
        raise _unusable_certificate(_("Its key is neither P-256 nor RSA of 2048 to 8192 bits."))
    if not comparable:
        raise _unusable_certificate(_("A name in it has characters that certificates cannot carry safely."))
    if not signs:
        raise _unusable_certificate(_("It is not meant for signing documents."))
    return certificate


def authority_from_pem(data: bytes) -> x509.Certificate:
    """A round's authority from its PEM; raises UserError for anything else."""
    try:
        if len(data) > LARGEST_PEM:
            raise ValueError("too large")
        (certificate,) = x509.load_pem_x509_certificates(data)
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        certifies = constraints.value.ca and is_signing_key(certificate.public_key())
    except Exception as error:
        raise _unusable_certificate(_("The file does not hold exactly one certificate in PEM form.")) from error
    if not certifies or not is_issued_by(certificate, certificate):
        raise _unusable_certificate(_("It is not the certificate of a round's authority."))
    return certificate


def is_signing_key(key: object) -> bool:
    """Whether a public key is of a kind that this program accepts: P-256, or RSA of 2048 to 8192 bits."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return isinstance(key.curve, ec.SECP256R1)
    return isinstance(key, rsa.RSAPublicKey) and key.key_size in RSA_BITS


def _has_comparable_names(certificate: x509.Certificate) -> bool:
    names = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    return _is_comparable(names.subject) and _is_comparable(names.issuer)


def _is_comparable(name: asn1_x509.Name) -> bool:
    """Whether a check can compare ``name`` with another (see ``expert_name``)."""
    try:
        return isinstance(name.hashable, str)
    except ValueError:
        return False


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _unusable_certificate(why: str) -> UserError:
    return UserError(
        _("The certificate cannot be used."),
        why,
        _("Ask its owner for the certificate as a PEM file."),
    )
