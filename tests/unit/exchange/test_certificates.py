"""Who signs: the round's authority, the certificates under it, and those that experts bring."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.errors import UserError
from qisp_desktop.exchange.authority import issue_credentials, new_authority
from qisp_desktop.exchange.certificates import (
    authority_from_pem,
    certificate_from_pem,
    certificate_to_pem,
    common_name,
    expert_name,
    is_issued_by,
    is_office,
)
from qisp_desktop.exchange.key_files import from_p12, to_p12
from qisp_desktop.exchange.signatures import check_detached, sign_detached
from tests.unit.exchange.samples import EXPERT, PASSPHRASE, Keys

SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


def self_signed(key: SigningKey, *extensions: x509.ExtensionType, name: str = "own") -> x509.Certificate:
    """A certificate as an expert might bring it."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)] if name else [])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2021, 1, 1, tzinfo=UTC))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())


def usage(*, signs: bool, commits: bool = False) -> x509.KeyUsage:
    """What a key is meant for: signing, or only encrypting."""
    return x509.KeyUsage(signs, commits, True, False, False, False, False, False, False)


@pytest.fixture(scope="module")
def p256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def test_the_authority_is_valid_long_before_and_after_its_round() -> None:
    for year in (2022, 2026, 2100):
        certificate = new_authority("round", year).certificate
        assert certificate.not_valid_before_utc.year == year - 1
        assert certificate.not_valid_after_utc.year == year + 30
        assert authority_from_pem(certificate_to_pem(certificate)) == certificate


def test_certificates_say_whether_their_holder_is_the_office_or_an_expert(keys: Keys) -> None:
    assert is_office(keys.office.certificate)
    assert not is_office(keys.expert.certificate)
    assert common_name(keys.expert.certificate) == "E007 张㛃"
    assert keys.expert.chain == (keys.authority.certificate,)
    assert is_issued_by(keys.expert.certificate, keys.authority.certificate)
    assert not is_issued_by(keys.expert.certificate, keys.office.certificate)


def test_an_expert_s_certificate_cannot_issue_others(keys: Keys) -> None:
    constraints = keys.expert.certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical
    assert not constraints.value.ca


def test_a_very_long_name_is_cut_to_what_certificates_carry(keys: Keys) -> None:
    expert = replace(EXPERT, name="名" * 200)
    certificate = issue_credentials(keys.authority, expert_name(expert)).certificate
    assert common_name(certificate) == "E007 " + "名" * 19


@pytest.mark.parametrize("name", ["杨䶮", "王𬭚", "张㛃", "Zoë O'Neil", "علي", "\ue000", ""])
def test_an_expert_with_any_name_gets_a_certificate_whose_signatures_can_be_checked(keys: Keys, name: str) -> None:
    issued = issue_credentials(keys.authority, expert_name(replace(EXPERT, name=name)))
    assert common_name(issued.certificate).split()[0] == EXPERT.id
    assert (name in common_name(issued.certificate)) == (name in ("杨䶮", "张㛃", "Zoë O'Neil", ""))
    signature = sign_detached(b"data", issued)
    assert check_detached(b"data", signature, signer=issued.certificate, roots=[keys.authority.certificate]) == ""
    assert certificate_from_pem(certificate_to_pem(issued.certificate)) == issued.certificate


def test_a_certificate_whose_names_no_check_can_compare_is_refused_when_it_is_brought(
    p256: ec.EllipticCurvePrivateKey,
) -> None:
    with pytest.raises(UserError, match="characters"):
        certificate_from_pem(certificate_to_pem(self_signed(p256, name="王𬭚")))


def test_a_certificate_without_a_name_has_an_empty_one(p256: ec.EllipticCurvePrivateKey) -> None:
    assert common_name(self_signed(p256, name="")) == ""


def test_stock_openssl_accepts_the_chain(keys: Keys, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(keys.ca_pem)
    (tmp_path / "expert.pem").write_bytes(certificate_to_pem(keys.expert.certificate))
    command = ["openssl", "verify", "-x509_strict", "-purpose", "smimesign", "-CAfile", "ca.pem", "expert.pem"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "expert.pem: OK", done.stderr


def test_an_expert_may_bring_a_p256_or_rsa_certificate_of_anybody(
    p256: ec.EllipticCurvePrivateKey, rsa_key: rsa.RSAPrivateKey
) -> None:
    for certificate in (
        self_signed(p256),
        self_signed(rsa_key),
        self_signed(p256, usage(signs=True)),
        self_signed(p256, usage(signs=False, commits=True)),
    ):
        assert certificate_from_pem(certificate_to_pem(certificate)) == certificate


@cache
def unusable_certificates() -> dict[str, bytes]:
    """Files that an expert might bring by mistake or in bad faith."""
    key = ec.generate_private_key(ec.SECP256R1())
    good = certificate_to_pem(self_signed(key))
    return {
        "empty": b"",
        "text": b"my certificate",
        "der": self_signed(key).public_bytes(Encoding.DER),
        "two": good + good,
        "key only": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        "cut off": good[: len(good) // 2],
        "too large": good + b"\n" * 70_000,
        "another curve": certificate_to_pem(self_signed(ec.generate_private_key(ec.SECP384R1()))),
        "short rsa": certificate_to_pem(self_signed(rsa.generate_private_key(65537, 1024))),
        "ed25519": certificate_to_pem(self_signed(ed25519.Ed25519PrivateKey.generate())),
        "encrypts only": certificate_to_pem(self_signed(key, usage(signs=False))),
    }


@pytest.mark.parametrize("kind", sorted(unusable_certificates()))
def test_a_certificate_that_cannot_serve_is_refused_in_words(kind: str) -> None:
    with pytest.raises(UserError, match="cannot be used"):
        certificate_from_pem(unusable_certificates()[kind])


def test_only_a_self_signed_authority_passes_for_one(keys: Keys, p256: ec.EllipticCurvePrivateKey) -> None:
    own = self_signed(p256)
    posing = self_signed(ec.generate_private_key(ec.SECP384R1()), x509.BasicConstraints(ca=True, path_length=0))
    pretender = issue_credentials(keys.authority, "posing").certificate
    for certificate in (own, posing, pretender, keys.office.certificate):
        with pytest.raises(UserError, match="cannot be used"):
            authority_from_pem(certificate_to_pem(certificate))
    for data in (b"", keys.ca_pem * 2, keys.ca_pem + b"\n" * 70_000):
        with pytest.raises(UserError, match="cannot be used"):
            authority_from_pem(data)


def test_an_authority_whose_signature_is_another_s_is_refused(keys: Keys, other_keys: Keys) -> None:
    # The same name and all extensions, signed by somebody else's key.
    posing = (
        x509.CertificateBuilder()
        .subject_name(keys.authority.certificate.subject)
        .issuer_name(keys.authority.certificate.subject)
        .public_key(keys.authority.key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2025, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2056, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(other_keys.authority.key, hashes.SHA256())
    )
    with pytest.raises(UserError, match="authority"):
        authority_from_pem(certificate_to_pem(posing))


def test_a_key_file_opens_with_its_passphrase_and_with_no_other(keys: Keys) -> None:
    opened = from_p12(keys.expert_p12, "４８２１ 0937 5526 1204 7788")
    assert opened.certificate == keys.expert.certificate
    assert opened.chain == keys.expert.chain
    assert opened.key.private_numbers() == keys.expert.key.private_numbers()
    with pytest.raises(UserError, match="passphrase is wrong"):
        from_p12(keys.expert_p12, "4821-0937-5526-1204-7789")


def test_the_authority_s_own_key_file_has_no_chain(keys: Keys) -> None:
    opened = from_p12(to_p12(keys.authority, PASSPHRASE), PASSPHRASE)
    assert opened.certificate == keys.authority.certificate
    assert opened.chain == ()


def test_an_rsa_key_file_from_elsewhere_opens_with_its_passphrase_as_typed(rsa_key: rsa.RSAPrivateKey) -> None:
    # 20 digits without dashes would be written in groups, were it a passphrase of ours.
    typed = "12345678901234567890"
    certificate = self_signed(rsa_key)
    data = pkcs12.serialize_key_and_certificates(
        b"mine", rsa_key, certificate, None, BestAvailableEncryption(typed.encode())
    )
    assert from_p12(data, typed).certificate == certificate


def test_a_key_file_made_by_openssl_opens(keys: Keys, tmp_path: Path) -> None:
    pem = keys.expert.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "both.pem").write_bytes(pem + certificate_to_pem(keys.expert.certificate))
    command = ["openssl", "pkcs12", "-export", "-in", "both.pem", "-out", "own.p12", "-passout", "pass:geheim"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert from_p12((tmp_path / "own.p12").read_bytes(), "geheim").certificate == keys.expert.certificate


def hostile_p12(credentials: Credentials, place: str) -> bytes:
    """A key file that asks for two billion rounds at ``place``, or for a derivation that costs memory."""
    pfx = asn1_pkcs12.Pfx.load(to_p12(credentials, PASSPHRASE))
    if place == "mac":
        pfx["mac_data"]["iterations"] = 2**31 - 1
        return bytes(pfx.dump())
    safe = asn1_pkcs12.AuthenticatedSafe.load(pfx["auth_safe"]["content"].native)
    if place == "certificates":
        algorithm = safe[0]["content"]["encrypted_content_info"]["content_encryption_algorithm"]
        algorithm["parameters"]["key_derivation_func"]["parameters"]["iteration_count"] = 2**31 - 1
    else:
        bags = asn1_pkcs12.SafeContents.load(safe[1]["content"].native)
        algorithm = bags[0]["bag_value"]["encryption_algorithm"]
        algorithm["parameters"]["key_derivation_func"]["parameters"]["iteration_count"] = 2**31 - 1
        safe[1]["content"] = bags.dump(force=True)
    pfx["auth_safe"]["content"] = safe.dump(force=True)
    return bytes(pfx.dump(force=True))


@pytest.mark.parametrize("place", ["mac", "certificates", "key"])
def test_a_key_file_that_asks_for_minutes_of_work_is_refused_at_once(keys: Keys, place: str) -> None:
    with pytest.raises(UserError, match="2147483647 rounds"):
        from_p12(hostile_p12(keys.expert, place), PASSPHRASE)


def test_a_file_that_is_no_key_file_is_refused_in_words(keys: Keys) -> None:
    unprotected = pkcs12.serialize_key_and_certificates(
        None, keys.expert.key, keys.expert.certificate, None, NoEncryption()
    )
    pfx = asn1_pkcs12.Pfx.load(keys.expert_p12)
    pfx["mac_data"]["mac"]["digest_algorithm"] = {"algorithm": "md5"}
    for data in (b"", b"text", keys.expert_p12[:-1], keys.expert_p12 + b"x", bytes(2 << 20), pfx.dump()):
        with pytest.raises(UserError, match="cannot be used"):
            from_p12(bytes(data), PASSPHRASE)
    with pytest.raises(UserError):
        from_p12(unprotected, PASSPHRASE)


def test_a_key_file_without_a_usable_key_is_refused(keys: Keys, p256: ec.EllipticCurvePrivateKey) -> None:
    protection = BestAvailableEncryption(PASSPHRASE.encode())
    unusual = ec.generate_private_key(ec.SECP384R1())
    edwards = ed25519.Ed25519PrivateKey.generate()
    for data in (
        pkcs12.serialize_key_and_certificates(None, None, keys.expert.certificate, None, protection),
        pkcs12.serialize_key_and_certificates(None, p256, None, None, protection),
        pkcs12.serialize_key_and_certificates(None, edwards, self_signed(edwards), None, protection),
        pkcs12.serialize_key_and_certificates(None, unusual, self_signed(unusual), None, protection),
    ):
        with pytest.raises(UserError, match="cannot be used"):
            from_p12(data, PASSPHRASE)
