"""Signing keys in PKCS#12 files (``.p12``, ``.pfx``) under a passphrase, ours and those that experts bring."""

from __future__ import annotations

from collections.abc import Iterator

from asn1crypto import pkcs12 as asn1
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.exchange.certificates import is_signing_key
from qisp_desktop.exchange.passphrases import passphrase_bytes

LARGEST = 1 << 20
MOST_ITERATIONS = 2_000_000
"""A file that asks for more rounds of key derivation is refused unread; usual are 2,048 to 600,000."""


def to_p12(credentials: Credentials, passphrase: str) -> bytes:
    """Key, certificate and chain under ``passphrase`` (normalised first); ``openssl pkcs12`` opens it.

    Raises UserError for a passphrase that cannot be used.
    """
    return pkcs12.serialize_key_and_certificates(
        None,
        credentials.key,
        credentials.certificate,
        list(credentials.chain),
        BestAvailableEncryption(passphrase_bytes(passphrase)),
    )


def from_p12(data: bytes, passphrase: str) -> Credentials:
    """The key and its certificates; raises UserError for a wrong passphrase and for any file that cannot serve."""
    _check_cost(data)
    for secret in _candidates(passphrase):
        try:
            key, certificate, chain = pkcs12.load_key_and_certificates(data, secret)
            break
        except Exception as error:  # the library tells a wrong passphrase from a broken file only by its texts
            failure = error
    else:
        raise UserError(
            _("The key file cannot be opened."),
            _("The passphrase is wrong, or the file was changed."),
            _("Type the passphrase again."),
        ) from failure
    if not isinstance(key, EllipticCurvePrivateKey | RSAPrivateKey) or certificate is None:
        raise _unusable(_("It does not hold a signing key with its certificate."))
    if not is_signing_key(key.public_key()) or key.public_key() != certificate.public_key():
        raise _unusable(_("Its key is of a kind that cannot be used here, or is not the certificate's."))
    return Credentials(key, certificate, tuple(chain))


def _candidates(passphrase: str) -> list[bytes]:
    """A file from elsewhere may have a passphrase that only looks like one of ours in another spelling."""
    typed = passphrase.encode("utf-8", "replace")
    return list(dict.fromkeys((passphrase_bytes(passphrase), typed)))


def _check_cost(data: bytes) -> None:
    """Refuse a file that would cost minutes before its passphrase is even tried."""
    try:
        if len(data) > LARGEST:
            raise ValueError("too large")
        costs = list(_iterations(asn1.Pfx.load(data, strict=True)))
    except Exception as error:  # whatever is wrong in the structure, the file is not one
        raise _unusable(_("It is not a PKCS#12 file of a usual kind.")) from error
    if max(costs) > MOST_ITERATIONS:
        raise _unusable(_("It asks for {count} rounds of key derivation.").format(count=max(costs)))


def _iterations(pfx: asn1.Pfx) -> Iterator[int]:
    """What each key derivation that is visible from outside costs; raises for those of unknown cost."""
    mac = pfx["mac_data"]
    if mac["mac"]["digest_algorithm"]["algorithm"].native not in ("sha1", "sha256", "sha384", "sha512"):
        raise ValueError("an unusual check sum")
    yield mac["iterations"].native
    for part in pfx.authenticated_safe:
        if part["content_type"].native == "encrypted_data":
            yield part["content"]["encrypted_content_info"]["content_encryption_algorithm"].kdf_iterations
            continue
        for bag in asn1.SafeContents.load(part["content"].native):
            if bag["bag_id"].native == "pkcs8_shrouded_key_bag":
                yield bag["bag_value"]["encryption_algorithm"].kdf_iterations


def _unusable(why: str) -> UserError:
    return UserError(_("The key file cannot be used."), why, _("Choose another key file."))
