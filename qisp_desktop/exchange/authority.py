"""The round's certificate authority and the signing certificates under it: X.509, P-256, made by ``cryptography``.

Validity spans decades around the round's year, so that no clock decides whether a signature counts.
"""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from qisp_desktop.base.credentials import Credentials
from qisp_desktop.exchange.certificates import EXPERT, OFFICE

ORGANISATION = "QISP"
LONGEST_NAME = 64
"""UTF-8 bytes of a common name, at most: X.520 says characters, many programs count bytes."""
YEARS_BEFORE, YEARS_AFTER = 1, 30


def new_authority(round_id: str, year: int) -> Credentials:
    """A self-signed authority for one round; valid from the year before ``year`` until 30 years after it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"{year} {round_id}", "authority")
    certificate = (
        _builder(name, name, key.public_key(), key.public_key())
        .not_valid_before(datetime(year - YEARS_BEFORE, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(year + YEARS_AFTER, 12, 31, 23, 59, 59, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(certifies=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Credentials(key, certificate, ())


def issue_credentials(ca: Credentials, common_name: str, *, office: bool = False) -> Credentials:
    """A new key with a signing certificate from ``ca``, valid as long: an expert's or, with ``office``, the office's.

    ``common_name`` is what PDF readers show; of an expert it is ``certificates.expert_name``. What goes beyond 64
    bytes is cut off.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    authority = ca.certificate
    certificate = (
        _builder(
            _name(common_name, OFFICE if office else EXPERT),
            authority.subject,
            key.public_key(),
            ca.key.public_key(),
        )
        .not_valid_before(authority.not_valid_before_utc)
        .not_valid_after(authority.not_valid_after_utc)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(certifies=False), critical=True)
        .sign(ca.key, hashes.SHA256())
    )
    return Credentials(key, certificate, (authority,))


def _name(common: str, unit: str) -> x509.Name:
    shortened = common.encode("utf-8")[:LONGEST_NAME].decode("utf-8", "ignore")
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COMMON_NAME, shortened),
        ]
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _key_usage(*, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies,
        content_commitment=not certifies,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=certifies,
        encipher_only=False,
        decipher_only=False,
    )
