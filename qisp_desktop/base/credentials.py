"""A signing key with its certificate, as exchange (CMS) and documents (PDF) both need it."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


@dataclass(frozen=True)
class Credentials:
    """A key, its certificate and the certificates above it (the round's CA; empty for a self-signed one).

    Keys made here are P-256; an expert's own may also be RSA.
    """

    key: EllipticCurvePrivateKey | RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate in DER, 64 lower-case hex digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()
