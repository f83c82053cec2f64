"""A signature stands for exactly what was signed, by exactly whom."""

from __future__ import annotations

import asyncio
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import algos, cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from qisp_desktop.base.credentials import Credentials
from qisp_desktop.exchange.authority import issue_credentials
from qisp_desktop.exchange.certificates import certificate_to_pem
from qisp_desktop.exchange.signatures import LARGEST_SIGNATURE, check_detached, sign_detached, signer_certificate
from tests.unit.exchange.samples import Keys

DATA = '{"total":"86.5","评语":"好"}'.encode()


@pytest.fixture(scope="module")
def signature(keys: Keys) -> bytes:
    return sign_detached(DATA, keys.expert)


def own_credentials(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> Credentials:
    """A certificate that an expert brings; expired, from nobody this program knows."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "own")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2010, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2011, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    return Credentials(key, certificate, ())


def test_what_was_signed_is_valid_for_the_signer_and_under_the_round(keys: Keys, signature: bytes) -> None:
    expert, root = keys.expert.certificate, keys.authority.certificate
    assert check_detached(DATA, signature, signer=expert, roots=[root]) == ""
    assert check_detached(DATA, signature, signer=expert, roots=[]) == ""
    assert check_detached(DATA, signature, signer=None, roots=[root]) == ""
    assert signer_certificate(signature) == expert


@given(st.binary())
def test_other_content_is_never_valid(keys: Keys, signature: bytes, other: bytes) -> None:
    valid = check_detached(other, signature, signer=keys.expert.certificate, roots=[]) == ""
    assert valid == (other == DATA)


def test_another_signer_or_another_round_is_named_as_such(keys: Keys, other_keys: Keys, signature: bytes) -> None:
    assert "another certificate" in check_detached(DATA, signature, signer=keys.office.certificate, roots=[])
    others = [other_keys.authority.certificate]
    assert "this round" in check_detached(DATA, signature, signer=None, roots=others)
    assert "this round" in check_detached(DATA, signature, signer=keys.expert.certificate, roots=others)
    assert "this round" in check_detached(DATA, signature, signer=None, roots=[])


def test_the_authority_itself_signs_nothing(keys: Keys) -> None:
    signature = sign_detached(DATA, keys.authority)
    root = keys.authority.certificate
    assert "this round" in check_detached(DATA, signature, signer=None, roots=[root])


def test_a_certificate_that_an_expert_issued_is_not_the_round_s(keys: Keys) -> None:
    forged = issue_credentials(keys.expert, "E001 forged")
    chained = Credentials(forged.key, forged.certificate, (keys.expert.certificate, keys.authority.certificate))
    signature = sign_detached(DATA, chained)
    assert "this round" in check_detached(DATA, signature, signer=None, roots=[keys.authority.certificate])


@pytest.mark.parametrize("kind", ["P-256", "RSA"])
def test_an_expert_s_own_certificate_counts_by_itself_whatever_its_dates(kind: str, keys: Keys) -> None:
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "P-256" else rsa.generate_private_key(65537, 2048)
    own = own_credentials(key)
    signature = sign_detached(DATA, own)
    assert check_detached(DATA, signature, signer=own.certificate, roots=[]) == ""
    assert check_detached(DATA + b" ", signature, signer=own.certificate, roots=[]) != ""
    assert check_detached(DATA, signature, signer=keys.expert.certificate, roots=[]) != ""


@pytest.mark.parametrize("kind", ["P-256", "RSA"])
def test_every_signature_of_a_signer_signs_all_that_pyhanko_signs_by_itself(kind: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "P-256" else rsa.generate_private_key(65537, 2048)
    own = own_credentials(key)
    signer = SimpleSigner(
        signing_cert=translate_pyca_cryptography_cert_to_asn1(own.certificate),
        signing_key=translate_pyca_cryptography_key_to_asn1(own.key),
        cert_registry=SimpleCertificateStore(),
    )
    for data in (DATA, b"", DATA * 2):
        ours = cms.ContentInfo.load(sign_detached(data, own), strict=True)["content"]
        theirs = asyncio.run(signer.async_sign_general_data(data, "sha256"))["content"]
        for signed in (ours, theirs):
            signed["signer_infos"][0]["signature"] = b""  # drawn anew each time
        assert ours.dump(force=True) == theirs.dump(force=True)


def test_the_same_certificate_with_another_key_s_signature_is_invalid(keys: Keys) -> None:
    posing = Credentials(keys.office.key, keys.expert.certificate, keys.expert.chain)
    signature = sign_detached(DATA, posing)
    assert "signer's key" in check_detached(DATA, signature, signer=keys.expert.certificate, roots=[])


def test_no_changed_byte_of_a_signature_makes_other_content_valid(keys: Keys, signature: bytes) -> None:
    expert, root = keys.expert.certificate, keys.authority.certificate
    for position in range(len(signature)):
        for bit in (0x01, 0x80):
            changed = bytearray(signature)
            changed[position] ^= bit
            assert check_detached(DATA + b" ", bytes(changed), signer=expert, roots=[root]) != ""


def test_a_signature_that_is_cut_off_or_followed_by_junk_is_malformed(keys: Keys, signature: bytes) -> None:
    expert = keys.expert.certificate
    for broken in (b"", signature[:-1], signature + b"\0", signature[: len(signature) // 2], b"\0" * 100):
        assert "malformed" in check_detached(DATA, broken, signer=expert, roots=[])
        assert signer_certificate(signature[:-1]) is None
    assert "malformed" in check_detached(DATA, bytes(LARGEST_SIGNATURE + 1), signer=expert, roots=[])


def rewritten(signature: bytes, change: str) -> bytes:
    """The signature with something in it that nobody signed, or in another form than is written here."""
    content = cms.ContentInfo.load(signature)
    signed = content["content"]
    info = signed["signer_infos"][0]
    if change == "not signed data":
        return bytes(cms.ContentInfo({"content_type": "data", "content": DATA}).dump())
    if change == "two signers":
        signed["signer_infos"].append(info.copy())
    elif change == "no signer":
        signed["signer_infos"] = []
    elif change == "content inside":
        signed["encap_content_info"]["content"] = DATA
    elif change == "another digest":
        signed["digest_algorithms"] = [algos.DigestAlgorithm({"algorithm": "sha1"})]
    elif change == "another digest of the signer":
        info["digest_algorithm"] = {"algorithm": "sha1"}
    elif change == "another algorithm":
        info["signature_algorithm"] = {"algorithm": "sha1_ecdsa"}
    elif change == "unsigned attributes":
        info["unsigned_attrs"] = [{"type": "signing_time", "values": [cms.Time({"utc_time": datetime.now(UTC)})]}]
    elif change == "no certificates":
        signed["certificates"] = []
    return bytes(content.dump(force=True))


@pytest.mark.parametrize(
    "change",
    [
        "not signed data",
        "two signers",
        "no signer",
        "content inside",
        "another digest",
        "another digest of the signer",
        "another algorithm",
        "unsigned attributes",
        "no certificates",
    ],
)
def test_a_signature_in_any_other_form_is_invalid(keys: Keys, signature: bytes, change: str) -> None:
    assert check_detached(DATA, rewritten(signature, "nothing"), signer=keys.expert.certificate, roots=[]) == ""
    assert check_detached(DATA, rewritten(signature, change), signer=keys.expert.certificate, roots=[]) != ""


def openssl_signature(keys: Keys, folder: Path, *options: str) -> bytes:
    """A signature of DATA by stock openssl."""
    pem = keys.expert.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    (folder / "cert.pem").write_bytes(certificate_to_pem(keys.expert.certificate))
    (folder / "data").write_bytes(DATA)
    command = ["openssl", "cms", "-sign", "-binary", "-outform", "DER", "-in", "data", "-out", "s.p7s"]
    command += ["-signer", "cert.pem", "-inkey", "key.pem", *options]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "s.p7s").read_bytes()


def test_a_detached_signature_by_openssl_is_as_good_and_other_forms_are_not(keys: Keys, tmp_path: Path) -> None:
    def check(*options: str) -> str:
        made = openssl_signature(keys, tmp_path, *options)
        return check_detached(DATA, made, signer=keys.expert.certificate, roots=[keys.authority.certificate])

    assert check("-md", "sha256") == ""
    assert check("-md", "sha256", "-nodetach") != ""
    assert check("-md", "sha256", "-noattr") != ""
    assert check("-md", "sha1") != ""
    assert check("-md", "sha512") != ""
    assert check("-md", "sha256", "-nocerts") != ""


def test_openssl_accepts_what_is_signed_here_and_refuses_what_was_changed(
    keys: Keys, signature: bytes, tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_bytes(keys.ca_pem)
    (tmp_path / "s.p7s").write_bytes(signature)
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER"]
    command += ["-in", "s.p7s", "-content", "data", "-CAfile", "ca.pem"]
    for data, code in ((DATA, 0), (DATA + b" ", 4)):
        (tmp_path / "data").write_bytes(data)
        done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True)
        assert done.returncode == code, done.stderr
