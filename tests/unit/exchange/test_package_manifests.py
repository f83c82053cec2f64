"""A manifest that contradicts itself, its package or its written form is neither written nor read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.digests import sha256
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.exchange.certificates import certificate_to_pem
from qisp_desktop.exchange.container import Contents, blob_path, write_container
from qisp_desktop.exchange.errors import ContainerError
from qisp_desktop.exchange.manifest_checks import panel_problem, return_problem
from qisp_desktop.exchange.manifests import Blob, SheetPaper
from qisp_desktop.exchange.panel_package import open_panel_package
from qisp_desktop.exchange.return_package import read_return_package
from qisp_desktop.exchange.signatures import sign_detached
from tests.unit.exchange.raw_packages import return_sources, write_raw_panel, write_raw_return
from tests.unit.exchange.samples import (
    EXPERT,
    PASSPHRASE,
    RUBRIC,
    Keys,
    make_application,
    make_inspection,
    make_panel_manifest,
    make_return_manifest,
    make_sheet,
    write_panel,
    write_return,
)

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
