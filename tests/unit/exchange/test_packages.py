"""What the office hands out and what the expert hands in arrive as they were meant, or are refused with a word."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.digests import sha256, sha256_file
from qisp_desktop.base.errors import UserError
from qisp_desktop.exchange.authority import issue_credentials
from qisp_desktop.exchange.certificates import certificate_to_pem
from qisp_desktop.exchange.container import Container, blob_path
from qisp_desktop.exchange.errors import ContainerError
from qisp_desktop.exchange.key_files import to_p12
from qisp_desktop.exchange.panel_package import open_panel_package, write_panel_package
from qisp_desktop.exchange.return_package import OpenedReturn, check_return, read_return_package, write_return_package
from qisp_desktop.exchange.signatures import sign_detached
from tests.unit.exchange.raw_packages import panel_sources, return_sources, write_raw_panel, write_raw_return
from tests.unit.exchange.samples import (
    FILES,
    PASSPHRASE,
    Keys,
    make_inspection,
    make_panel_manifest,
    make_return_manifest,
    make_sheet,
    write_panel,
    write_return,
)

# What is meant to be ------------------------------------------------------------------------------------------------


def test_the_expert_opens_the_package_and_reads_every_material(keys: Keys, panel_file: Path) -> None:
    panel = open_panel_package(panel_file, "４８２１ 0937 5526 1204 7788")
    assert panel.manifest == make_panel_manifest(keys)
    assert panel.manifest_digest == sha256(panel.manifest_bytes)
    assert panel.authority == keys.authority.certificate
    assert panel.identity == keys.expert_identity
    assert panel.credentials is not None
    assert panel.credentials.certificate == keys.expert.certificate
    assert [panel.container.blob(panel.identity, blob) for blob in panel.manifest.blobs] == list(FILES.values())
    panel.container.check_blobs(panel.identity, panel.manifest.blobs)


def test_the_office_reads_a_return_and_knows_who_signed_it(keys: Keys, return_file: Path) -> None:
    opened = read_return_package(return_file, keys.office_identity)
    assert opened.manifest == make_return_manifest(keys)
    assert opened.manifest_digest == sha256(to_bytes(opened.manifest))
    assert check_return(opened, keys.expert.certificate, keys.authority.certificate) == ""
    opened.container.check_blobs(keys.office_identity, opened.manifest.blobs)


def test_writing_tells_the_digest_of_the_file(keys: Keys, path: Path) -> None:
    manifest = make_return_manifest(keys)
    sources = {blob.path: source for blob, source in return_sources(manifest)}
    digest = write_return_package(path, manifest, signer=keys.expert, ca_pem=keys.ca_pem, blob_sources=sources)
    assert digest == sha256_file(path)


def test_records_that_the_office_already_holds_travel_back_to_the_expert(quick: Keys, path: Path) -> None:
    good = make_panel_manifest(quick)
    records = replace(
        good.records,
        sheets=(make_sheet(revision=2),),
        recusals=make_return_manifest(quick).recusals,
        site_inspections=(make_inspection(),),
        returned=3,
    )
    write_panel(path, quick, records=records, number=2, issue="E007-2")
    assert open_panel_package(path, PASSPHRASE).manifest.records == records


def test_an_expert_with_a_certificate_of_their_own_gets_no_key_and_signs_with_theirs(quick: Keys, path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Zhang")])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(datetime(2015, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2016, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    manifest = replace(make_panel_manifest(quick), certificate=certificate_to_pem(certificate).decode())
    write_panel_package(
        path,
        manifest,
        office=quick.office,
        expert_identity_file=quick.expert_identity_file,
        expert_p12=None,
        blob_sources={blob.path: source for blob, source in panel_sources(manifest)},
    )
    panel = open_panel_package(path, PASSPHRASE)
    assert panel.credentials is None
    own = replace(quick, expert=Credentials(key, certificate, ()))
    write_return(path, own)
    opened = read_return_package(path, quick.office_identity)
    assert check_return(opened, certificate, quick.authority.certificate) == ""
    assert check_return(opened, quick.expert.certificate, quick.authority.certificate) != ""


def test_a_package_opens_without_reading_its_blobs(quick: Keys, path: Path) -> None:
    write_panel(path, quick)
    members = Container.open(path)._members
    with path.open("r+b") as stream:
        stream.seek(members[blob_path(2)].offset)
        stream.write(bytes(members[blob_path(2)].size))
    panel = open_panel_package(path, PASSPHRASE)
    first, second, third = panel.manifest.blobs
    assert panel.container.blob(panel.identity, first) == FILES["申请书.pdf"]
    assert panel.container.blob(panel.identity, third) == b""
    with pytest.raises(ContainerError, match="changed"):
        panel.container.blob(panel.identity, second)


# Who may read, who must have signed ---------------------------------------------------------------------------------


def test_a_wrong_passphrase_is_not_a_damaged_package(quick: Keys, path: Path) -> None:
    write_panel(path, quick)
    with pytest.raises(UserError, match="does not open") as caught:
        open_panel_package(path, "4821-0937-5526-1204-7789")
    assert not isinstance(caught.value, ContainerError)


def test_a_panel_is_no_return_and_a_return_no_panel(keys: Keys, panel_file: Path, return_file: Path) -> None:
    with pytest.raises(ContainerError, match="another kind"):
        open_panel_package(return_file, PASSPHRASE)
    with pytest.raises(ContainerError, match="another kind"):
        read_return_package(panel_file, keys.office_identity)


def test_a_return_to_another_office_is_not_for_us(other_keys: Keys, return_file: Path) -> None:
    with pytest.raises(ContainerError) as caught:
        read_return_package(return_file, other_keys.office_identity)
    assert caught.value.kind == "not_for_us"


def test_a_return_that_somebody_passed_on_is_not_for_us(keys: Keys, other_keys: Keys, path: Path) -> None:
    # Decrypted by its addressee and encrypted again to another office: the signature is still good.
    signed_for_other = replace(make_return_manifest(keys), recipients=(other_keys.office_identity.recipient,))
    write_raw_return(path, keys, to_bytes(signed_for_other))
    with pytest.raises(ContainerError, match="encrypted again") as caught:
        read_return_package(path, keys.office_identity)
    assert caught.value.kind == "not_for_us"


def test_a_return_replayed_from_another_round_is_refused(keys: Keys, other_keys: Keys, path: Path) -> None:
    # Even where both rounds have one secretariat's key.
    shared = replace(other_keys, office_identity=keys.office_identity)
    write_raw_return(path, shared, make_return_manifest(shared, round_id="round-b"))
    opened = read_return_package(path, keys.office_identity)
    assert "another round" in check_return(opened, keys.expert.certificate, keys.authority.certificate)


def test_a_return_signed_with_another_s_key_is_refused(keys: Keys, path: Path) -> None:
    colleague = issue_credentials(keys.authority, "E008 Li")
    for signer in (colleague, keys.office):
        write_return(path, replace(keys, expert=signer))
        opened = read_return_package(path, keys.office_identity)
        assert "another certificate" in check_return(opened, keys.expert.certificate, keys.authority.certificate)


def test_a_return_whose_expert_poses_under_another_authority_of_the_same_name_is_refused(
    keys: Keys, other_keys: Keys, path: Path
) -> None:
    posing = issue_credentials(other_keys.authority, "E007 posing")
    write_raw_return(
        path, keys, make_return_manifest(keys), signature=sign_detached(to_bytes(make_return_manifest(keys)), posing)
    )
    opened = read_return_package(path, keys.office_identity)
    assert check_return(opened, keys.expert.certificate, keys.authority.certificate) != ""


def test_a_pinned_certificate_that_claims_the_round_but_was_not_issued_by_it_is_refused(
    keys: Keys, other_keys: Keys, path: Path
) -> None:
    forger = Credentials(other_keys.authority.key, keys.authority.certificate, ())
    posing = issue_credentials(forger, "E007 posing")
    write_return(path, replace(keys, expert=posing))
    opened = read_return_package(path, keys.office_identity)
    assert "this round" in check_return(opened, posing.certificate, keys.authority.certificate)


def test_a_panel_that_an_expert_signed_is_not_the_office_s(quick: Keys, path: Path) -> None:
    colleague = issue_credentials(quick.authority, "E008 Li")
    for signer, word in ((quick.expert, "office"), (colleague, "office"), (quick.authority, "this round")):
        data = to_bytes(make_panel_manifest(quick))
        write_raw_panel(path, quick, data, signature=sign_detached(data, signer))
        with pytest.raises(ContainerError, match=word) as caught:
            open_panel_package(path, PASSPHRASE)
        assert caught.value.kind == "bad_signature"


def test_a_panel_changed_after_signing_is_refused(quick: Keys, path: Path) -> None:
    good = make_panel_manifest(quick)
    data = to_bytes(replace(good, audit_head="e" * 64))
    write_raw_panel(path, quick, data, signature=sign_detached(to_bytes(good), quick.office))
    with pytest.raises(ContainerError, match="changed after signing") as caught:
        open_panel_package(path, PASSPHRASE)
    assert caught.value.kind == "bad_signature"


def test_a_panel_for_another_expert_under_this_expert_s_key_is_refused(
    quick: Keys, other_keys: Keys, path: Path
) -> None:
    manifest = replace(make_panel_manifest(quick), recipients=(other_keys.expert_identity.recipient,))
    write_raw_panel(path, quick, to_bytes(manifest))
    with pytest.raises(ContainerError) as caught:
        open_panel_package(path, PASSPHRASE)
    assert caught.value.kind == "not_for_us"


@pytest.mark.parametrize("part", ["ca_pem", "signer_p12"])
def test_a_panel_with_a_malformed_part_is_damaged(quick: Keys, path: Path, part: str) -> None:
    write_raw_panel(path, quick, make_panel_manifest(quick), **{part: b"junk"})
    with pytest.raises(ContainerError) as caught:
        open_panel_package(path, PASSPHRASE)
    assert caught.value.kind == "damaged"


def test_a_panel_with_another_signing_key_than_its_manifest_names_is_refused(quick: Keys, path: Path) -> None:
    other = issue_credentials(quick.authority, "E007 other")
    write_raw_panel(path, quick, make_panel_manifest(quick), signer_p12=to_p12(other, PASSPHRASE))
    with pytest.raises(ContainerError, match="does not belong"):
        open_panel_package(path, PASSPHRASE)


def test_a_panel_with_the_certificate_of_another_expert_or_round_is_refused(
    quick: Keys, other_keys: Keys, path: Path
) -> None:
    for credentials in (
        issue_credentials(quick.authority, "E0071 Li"),
        issue_credentials(quick.authority, "Li E007"),
        issue_credentials(other_keys.authority, "E007 Zhang"),
    ):
        manifest = replace(make_panel_manifest(quick), certificate=certificate_to_pem(credentials.certificate).decode())
        write_raw_panel(path, quick, manifest, signer_p12=to_p12(credentials, PASSPHRASE))
        with pytest.raises(ContainerError, match="not issued for this expert"):
            open_panel_package(path, PASSPHRASE)


# What is said and shown -----------------------------------------------------------------------------------------------


def test_errors_say_what_why_and_what_to_do() -> None:
    for kind in ("damaged", "not_for_us", "bad_signature", "newer_format"):
        error = ContainerError(kind, "because")
        assert error.what
        assert error.do
        assert error.message == error.why == "because"
        assert "because" in str(error)


def test_an_opened_return_does_not_print_what_it_holds(keys: Keys, return_file: Path) -> None:
    opened: OpenedReturn = read_return_package(return_file, keys.office_identity)
    assert "BEGIN CERTIFICATE" not in repr(opened)
    assert io.BytesIO(opened.signature).read(1) == b"\x30"
