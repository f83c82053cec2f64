"""What the office hands out and what the expert hands in arrive as they were meant, or are refused with a word."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.digests import sha256, sha256_file
from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.exchange.authority import issue_credentials
from qisp_desktop.exchange.certificates import certificate_to_pem
from qisp_desktop.exchange.container import Container, Contents, Source, blob_path, write_container
from qisp_desktop.exchange.errors import ContainerError
from qisp_desktop.exchange.identity import unlock_identity
from qisp_desktop.exchange.key_files import to_p12
from qisp_desktop.exchange.manifest_checks import panel_problem, return_problem
from qisp_desktop.exchange.manifests import Blob, PanelManifest, ReturnManifest, SheetPaper
from qisp_desktop.exchange.panel_package import open_panel_package, write_panel_package
from qisp_desktop.exchange.return_package import (
    OpenedReturn,
    check_return,
    read_return_package,
    write_return_package,
)
from qisp_desktop.exchange.signatures import sign_detached
from tests.unit.exchange.samples import (
    EXPERT,
    FILES,
    PAPER,
    PASSPHRASE,
    PHOTO,
    RUBRIC,
    Keys,
    make_application,
    make_cheap_identity,
    make_inspection,
    make_panel_manifest,
    make_return_manifest,
    make_sheet,
    write_panel,
    write_return,
)


def panel_sources(manifest: PanelManifest) -> list[tuple[Blob, Source]]:
    """The blobs of the sample panel with their content."""
    return [(blob, lambda name=blob.name: FILES[name]) for blob in manifest.blobs]


def return_sources(manifest: ReturnManifest) -> list[tuple[Blob, Source]]:
    """The blobs of the sample return with their content."""
    return list(zip(manifest.blobs, (lambda: PAPER, lambda: PHOTO), strict=False))


def write_raw_panel(path: Path, keys: Keys, manifest: PanelManifest | bytes, **parts: Any) -> None:
    """A panel package that nothing checks while it is written; ``parts`` replace parts of its contents."""
    data = manifest if isinstance(manifest, bytes) else to_bytes(manifest)
    contents = Contents(data, sign_detached(data, keys.office), keys.ca_pem, keys.expert_p12)
    good = make_panel_manifest(keys)
    write_container(
        path,
        replace(contents, **parts),
        recipients=good.recipients,
        identity_file=keys.expert_identity_file,
        blobs=panel_sources(good if isinstance(manifest, bytes) else manifest),
    )


def write_raw_return(path: Path, keys: Keys, manifest: ReturnManifest | bytes, **parts: Any) -> None:
    """A return package that nothing checks while it is written; ``parts`` replace parts of its contents."""
    data = manifest if isinstance(manifest, bytes) else to_bytes(manifest)
    contents = Contents(data, sign_detached(data, keys.expert), keys.ca_pem, None)
    good = make_return_manifest(keys)
    write_container(
        path,
        replace(contents, **parts),
        recipients=good.recipients,
        identity_file=None,
        blobs=return_sources(good if isinstance(manifest, bytes) else manifest),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test writes its package."""
    return tmp_path / "package"


@pytest.fixture(scope="session")
def quick(keys: Keys) -> Keys:
    """The keys of the round, with an identity that unlocks in milliseconds."""
    file = make_cheap_identity()
    return replace(keys, expert_identity_file=file, expert_identity=unlock_identity(file, PASSPHRASE))


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


# What contradicts itself --------------------------------------------------------------------------------------------

Change = Callable[[Keys], dict[str, Any]]


def records_with(**changes: Any) -> Change:
    """A change of the panel's records."""
    return lambda keys: {"records": replace(make_panel_manifest(keys).records, **changes)}


def blobs_with(position: int, **changes: Any) -> Change:
    """A change of one entry of the list of files."""

    def change(keys: Keys) -> dict[str, Any]:
        blobs = list(make_panel_manifest(keys).blobs)
        blobs[position] = replace(blobs[position], **changes)
        return {"blobs": tuple(blobs)}

    return change


UNFIT_RUBRIC = replace(RUBRIC, step=Decimal(0))
HUGE_RUBRIC = replace(
    RUBRIC,
    groups=(replace(RUBRIC.groups[0], criteria=(replace(RUBRIC.groups[0].criteria[0], maximum=Decimal("9" * 39)),)),),
)

PANEL_CHANGES: dict[str, Change] = {
    "two experts": records_with(expert=replace(EXPERT, id="E008")),
    "malformed expert": lambda keys: {
        "expert": "E/7",
        "records": replace(make_panel_manifest(keys).records, expert=replace(EXPERT, id="E/7")),
    },
    "no round": lambda keys: {"round": ""},
    "endless round": lambda keys: {"round": "r" * 101},
    "number 0": lambda keys: {"number": 0, "issue": "E007-0"},
    "negative number": lambda keys: {"number": -1, "issue": "E007--1"},
    "huge number": lambda keys: {"number": (2**53 - 1), "issue": f"E007-{(2**53 - 1)}"},
    "issue of another number": lambda keys: {"issue": "E007-2"},
    "issue of another expert": lambda keys: {"issue": "E008-1"},
    "no recipient": lambda keys: {"recipients": ()},
    "twice the same recipient": lambda keys: {"recipients": (keys.expert_identity.recipient,) * 2},
    "malformed recipient": lambda keys: {"recipients": (keys.expert_identity.recipient, "age1")},
    "nobody to return to": lambda keys: {"return_to": ()},
    "malformed certificate": lambda keys: {"certificate": "junk"},
    "certificate in another spelling": lambda keys: {
        "certificate": "\n" + certificate_to_pem(keys.expert.certificate).decode()
    },
    "other rubric": lambda keys: {"rubric": "0" * 64},
    "unfit rubric": lambda keys: {**records_with(rubric=UNFIT_RUBRIC)(keys), "rubric": UNFIT_RUBRIC.digest},
    "rubric beyond reckoning": lambda keys: {**records_with(rubric=HUGE_RUBRIC)(keys), "rubric": HUGE_RUBRIC.digest},
    "gap in the paths": blobs_with(1, path=blob_path(7)),
    "path outside": blobs_with(1, path="../../x"),
    "malformed digest": blobs_with(1, sha256="x" * 64),
    "negative size": blobs_with(2, size=-1),
    "huge size": blobs_with(2, size=(2**53 - 1)),
    "same application twice": records_with(applications=(make_application("A", {}),) * 2),
    "malformed application number": records_with(applications=(make_application("A/1", {}),)),
    "assigned and not there": records_with(assigned=("QISP-2026-009",)),
    "material not packed": records_with(
        applications=(make_application("QISP-2026-001", {"missing.pdf": b"?"}),), assigned=()
    ),
    "returns below zero": records_with(returned=-1),
    "too many returns": records_with(returned=10**9),
    "sheet of another expert": records_with(sheets=(replace(make_sheet(), expert="E008"),)),
    "sheet of another round": records_with(sheets=(make_sheet(round_id="round-b"),)),
    "inspection of another round": records_with(site_inspections=(make_inspection("round-b"),)),
    "recusal of another expert": lambda keys: records_with(
        recusals=(replace(make_return_manifest(keys).recusals[0], expert="E008"),)
    )(keys),
}


@pytest.mark.parametrize("change", sorted(PANEL_CHANGES))
def test_a_panel_that_contradicts_itself_is_neither_written_nor_opened(quick: Keys, path: Path, change: str) -> None:
    manifest = replace(make_panel_manifest(quick), **PANEL_CHANGES[change](quick))
    assert panel_problem(manifest) != ""
    with pytest.raises(ValueError, match="contradictory"):
        write_panel(path, quick, **PANEL_CHANGES[change](quick))
    assert not path.exists()
    write_raw_panel(path, quick, to_bytes(manifest))
    with pytest.raises(ContainerError) as caught:
        open_panel_package(path, PASSPHRASE)
    assert caught.value.kind == "damaged"


RETURN_CHANGES: dict[str, dict[str, Any]] = {
    "malformed digest of the issue": {"issue_manifest": "x"},
    "malformed digest of the rubric": {"rubric": "x"},
    "malformed expert": {"expert": ""},
    "issue of another expert": {"issue": "E008-1"},
    "issue number 0": {"issue": "E007-0"},
    "number 0": {"number": 0},
    "huge number": {"number": 1_000_000},
    "no recipient": {"recipients": ()},
    "sheet of another round": {"sheets": (make_sheet(round_id="round-b"),)},
    "sheet of another expert": {"sheets": (replace(make_sheet(), expert="E008"),)},
    "sheet under another rubric": {"sheets": (replace(make_sheet(), rubric="0" * 64),)},
    "two sheets of one application": {"sheets": (make_sheet(), make_sheet(revision=2))},
    "malformed application": {"sheets": (make_sheet("a b"),), "papers": ()},
    "revision 0": {"sheets": (make_sheet(revision=0),), "papers": ()},
    "huge revision": {"sheets": (make_sheet(revision=2**53 - 1),), "papers": ()},
    "inspection of another expert": {"inspections": (replace(make_inspection(), expert="E008"),)},
    "two inspections of one application": {"inspections": (make_inspection(), make_inspection())},
    "paper of no sheet": {"papers": (SheetPaper("QISP-2026-009", 1, blob_path(1)),)},
    "paper of another revision": {"papers": (SheetPaper("QISP-2026-001", 2, blob_path(1)),)},
    "two papers of one sheet": {
        "papers": (SheetPaper("QISP-2026-001", 1, blob_path(1)), SheetPaper("QISP-2026-001", 1, blob_path(2)))
    },
    "one paper of two sheets": {
        "sheets": (make_sheet(), make_sheet("QISP-2026-002")),
        "papers": (SheetPaper("QISP-2026-001", 1, blob_path(1)), SheetPaper("QISP-2026-002", 1, blob_path(1))),
    },
    "paper not packed": {"papers": (SheetPaper("QISP-2026-001", 1, blob_path(9)),)},
}


@pytest.mark.parametrize("change", sorted(RETURN_CHANGES))
def test_a_return_that_contradicts_itself_is_neither_written_nor_read(keys: Keys, path: Path, change: str) -> None:
    manifest = replace(make_return_manifest(keys), **RETURN_CHANGES[change])
    assert return_problem(manifest) != ""
    with pytest.raises(ValueError, match="contradictory"):
        write_return(path, keys, **RETURN_CHANGES[change])
    assert not path.exists()
    write_raw_return(path, keys, to_bytes(manifest))
    with pytest.raises(ContainerError) as caught:
        read_return_package(path, keys.office_identity)
    assert caught.value.kind == "damaged"


def test_recusals_and_photos_of_a_return_must_be_the_expert_s_and_packed(keys: Keys) -> None:
    good = make_return_manifest(keys)
    assert return_problem(good) == ""
    foreign = replace(good.recusals[0], expert="E008")
    assert return_problem(replace(good, recusals=(foreign,))) != ""
    again = replace(good.recusals[0], ground=RecusalGround.OTHER)
    assert return_problem(replace(good, recusals=(*good.recusals, again))) != ""
    assert "photo" in return_problem(replace(good, blobs=good.blobs[:1]))
    (inspection,) = good.inspections
    for original, problem in (("e" * 64, ""), ("../camera", "A digest in it is malformed.")):
        photos = (replace(inspection.photos[0], original=original),)
        assert return_problem(replace(good, inspections=(replace(inspection, photos=photos),))) == problem


def test_a_package_with_more_or_fewer_files_than_its_manifest_names_is_refused(keys: Keys, path: Path) -> None:
    good = make_return_manifest(keys)
    data = to_bytes(good)
    contents = Contents(data, sign_detached(data, keys.expert), keys.ca_pem, None)
    extra = Blob("more", sha256(b"more"), 4, blob_path(3))
    for blobs in (return_sources(good)[:1], [*return_sources(good), (extra, lambda: b"more")]):
        write_container(path, contents, recipients=good.recipients, identity_file=None, blobs=blobs)
        with pytest.raises(ContainerError, match="files in it"):
            read_return_package(path, keys.office_identity)


# Form and version ---------------------------------------------------------------------------------------------------

UNREADABLE = {
    "empty": (b"", "damaged"),
    "text": (b"hello", "damaged"),
    "not utf-8": (b"\xff\xfe", "damaged"),
    "a list": (b"[]", "damaged"),
    "no format": (b"{}", "damaged"),
    "format is a number": (b'{"format":2}', "damaged"),
    "other product": (b'{"format":"zip/2"}', "damaged"),
    "version 0": (b'{"format":"qisp-return/0"}', "damaged"),
    "version 1 without the rest": (b'{"format":"qisp-return/1"}', "damaged"),
    "version with zeros": (b'{"format":"qisp-return/02"}', "damaged"),
    "version with a word": (b'{"format":"qisp-return/2beta"}', "damaged"),
    "a panel of the next version": (b'{"format":"qisp-panel/2"}', "damaged"),
    "endless version": (b'{"format":"qisp-return/' + b"9" * 5000 + b'"}', "damaged"),
    "nested without end": (b"[" * 100_000, "damaged"),
    "next version": (b'{"format":"qisp-return/2"}', "newer_format"),
    "much later version": (b'{"sheets":1.5,"format":"qisp-return/17","anything":[1,2.5]}', "newer_format"),
}


@pytest.mark.parametrize("case", sorted(UNREADABLE))
def test_what_is_no_manifest_is_damaged_and_what_is_newer_says_so(keys: Keys, path: Path, case: str) -> None:
    data, kind = UNREADABLE[case]
    write_raw_return(path, keys, data)
    with pytest.raises(ContainerError) as caught:
        read_return_package(path, keys.office_identity)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("form", "kind"),
    [("qisp-return/2", "newer_format"), ("qisp-return/999999", "newer_format"), ("qisp-panel/1", "damaged")],
)
def test_a_later_version_of_the_same_shape_is_not_taken_for_this_one(
    keys: Keys, path: Path, form: str, kind: str
) -> None:
    with pytest.raises(ValueError, match="contradictory"):
        write_return(path, keys, format=form)
    write_raw_return(path, keys, replace(make_return_manifest(keys), format=form))
    with pytest.raises(ContainerError) as caught:
        read_return_package(path, keys.office_identity)
    assert caught.value.kind == kind


def test_a_newer_panel_says_so_even_before_its_signature_is_looked_at(quick: Keys, path: Path) -> None:
    write_raw_panel(path, quick, b'{"format":"qisp-panel/2"}', signature=b"of another kind", ca_pem=b"elsewhere")
    with pytest.raises(ContainerError, match="newer version") as caught:
        open_panel_package(path, PASSPHRASE)
    assert caught.value.kind == "newer_format"


def spellings(data: bytes) -> dict[str, bytes]:
    """The same manifest written in ways that mean the same to a lenient reader, and more to a careless one."""
    return {
        "blank": data.replace(b'":', b'": ', 1),
        "line end": data + b"\n",
        "byte order mark": b"\xef\xbb\xbf" + data,
        "duplicate key": data.replace(b"{", b'{"round":"round-b",', 1),
        "duplicate key, same value": data[:-1] + b',"sheets":[]}',
        "unsorted": b'{"zzz":1,' + data[1:],
        "unknown field": data[:-1] + b',"zzz":null}',
        "float": data.replace(b'"number":1', b'"number":1.0'),
        "exponent": data.replace(b'"number":1', b'"number":1e0'),
        "true for one": data.replace(b'"number":1', b'"number":true'),
        "string for one": data.replace(b'"number":1', b'"number":"1"'),
        "missing field": data.replace(b'"number":1,', b""),
        "escaped": data.replace("评".encode(), b"\\u8bc4", 1),
        "points with zero": data.replace(b'"3.5"', b'"3.50"'),
        "points with exponent": data.replace(b'"3.5"', b'"35E-1"'),
        "points as number": data.replace(b'"3.5"', b"3.5"),
        "points without end": data.replace(b'"3.5"', b'"1E999999999"'),
        "points not a number": data.replace(b'"3.5"', b'"NaN"'),
        "another date": data.replace(b'"2026-07-03"', b'"20260703"'),
        "unknown ground": data.replace(b'"kinship"', b'"friendship"'),
        "lone surrogate": data.replace("评".encode(), b"\\ud800", 1),
    }


@pytest.mark.parametrize("spelling", sorted(spellings(b"{}")))
def test_a_manifest_in_any_other_spelling_is_refused(keys: Keys, path: Path, spelling: str) -> None:
    data = to_bytes(make_return_manifest(keys))
    changed = spellings(data)[spelling]
    assert changed != data
    write_raw_return(path, keys, changed)
    with pytest.raises(ContainerError) as caught:
        read_return_package(path, keys.office_identity)
    assert caught.value.kind == "damaged"


def test_errors_say_what_why_and_what_to_do() -> None:
    for kind in ("damaged", "not_for_us", "bad_signature", "newer_format"):
        error = ContainerError(kind, "because")  # type: ignore[arg-type]
        assert error.what
        assert error.do
        assert error.message == error.why == "because"
        assert "because" in str(error)


def test_an_opened_return_does_not_print_what_it_holds(keys: Keys, return_file: Path) -> None:
    opened: OpenedReturn = read_return_package(return_file, keys.office_identity)
    assert "BEGIN CERTIFICATE" not in repr(opened)
    assert io.BytesIO(opened.signature).read(1) == b"\x30"
