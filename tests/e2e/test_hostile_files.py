"""Packages, returns and sheets that were changed, cut, swapped or made by somebody else: a clear word, nothing changed.

Exhaustive sweeps over every byte are unit tests; here samples go through the commands that a clerk or expert types.
"""

from __future__ import annotations

import base64
import random
import re
import shutil
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from qisp_desktop.base.credentials import Credentials
from qisp_desktop.documents.checking import check_score_sheet
from qisp_desktop.documents.score_sheet import render_score_sheet
from qisp_desktop.documents.signing import sign_field
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.exchange.manifests import ReturnManifest
from qisp_desktop.exchange.panel_package import open_panel_package
from qisp_desktop.exchange.return_package import OpenedReturn, read_return_package, write_return_package
from qisp_desktop.services.compared_sheets import held_of
from qisp_desktop.services.office import unlock
from qisp_desktop.store.round_store import RoundStore
from tests.e2e.command import done, qisp, refused
from tests.e2e.small_round import ACCEPTED, EXPERTS, PASSPHRASE, Place
from tests.unit.exchange.samples import make_archive, read_members

EXPERT, OTHER = EXPERTS[0], EXPERTS[1]


@contextmanager
def nothing_changes(place: Place) -> Iterator[None]:
    """The round's audit trail ends where it ended, and it verifies."""
    before = done("audit", place.round, "--verify", "--json").json["head"]
    yield
    after = done("audit", place.round, "--verify", "--json").json
    assert (after["head"], after["valid"]) == (before, True)


def members(package: Path) -> dict[str, bytes]:
    return read_members(package.read_bytes())


def rebuilt(package: Path, target: Path, **parts: bytes) -> Path:
    """A package of the same plain form with other ``parts``."""
    renamed = {name.replace("__", "."): data for name, data in parts.items()}
    target.write_bytes(make_archive((members(package) | renamed).items()))
    return target


def damage(data: bytes, seed: int) -> dict[str, bytes]:
    """``data`` flipped at some places, cut, lengthened, emptied."""
    chance = random.Random(seed)
    found = {
        "empty": b"",
        "cut": data[: len(data) // 2],
        "cut_last": data[:-1],
        "longer": data + b"\0",
        "zeros": bytes(9),
    }
    for n in range(12):
        at = chance.randrange(len(data))
        found[f"flip{n}"] = data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
    return found


def test_no_damaged_return_is_accepted_as_other_content(worked: Place) -> None:
    folder = worked.folder / "damaged"
    folder.mkdir()
    for name, data in damage(worked.signed(EXPERT).read_bytes(), seed=1).items():
        (folder / f"{name}.qscore").write_bytes(data)
    ran = worked.collect(folder)
    verdicts = {Path(file["path"]).stem: file["verdict"] for file in ran.json["files"]}
    assert set(verdicts.values()) <= {"damaged", "bad_signature", "not_for_us"}
    assert ran.code == 1
    own = {s["application"]: s["verdict"] for s in worked.collect(worked.signed(EXPERT)).json["files"][0]["sheets"]}
    assert set(own.values()) == {"accepted"}


def test_a_damaged_paper_in_a_return_does_not_stand_in_the_way_of_a_whole_copy(worked: Place) -> None:
    whole = worked.signed(EXPERT)
    changed = bytearray(whole.read_bytes())
    with zipfile.ZipFile(whole) as archive:
        paper = archive.getinfo("blobs/000001.age")
    changed[paper.header_offset + paper.file_size // 2] ^= 1
    copy = worked.folder / "copy.qscore"
    copy.write_bytes(changed)

    damaged = worked.collect(copy)
    assert (damaged.code, damaged.json["counts"]) == (1, {"damaged": 1})
    assert damaged.json["files"][0]["expert"] == EXPERT
    assert worked.collect(copy, "--deep").json["counts"] == {"damaged": 1}
    assert worked.collect(whole).json["counts"] == {"accepted": 1}
    papers = worked.folder / "papers"
    done(*worked.office("export", "papers", worked.round, papers, "--kind", "score-sheet"))
    assert len(list(papers.rglob(f"*_{EXPERT}_*.pdf"))) == len(worked.assigned[EXPERT])


def test_no_damaged_package_opens_a_desk_on_other_content(issued: Place) -> None:
    package, secret = issued.package(EXPERT), issued.letter(EXPERT)
    # Only the parts that opening reads: a damaged material shows when it is read.
    head = members(package)
    for part in ("id_ed25519", "contents.age"):
        for name, data in damage(head[part], seed=2).items():
            if name.startswith("flip") and int(name[4:]) > 1:
                continue
            changed = rebuilt(package, issued.folder / "changed.qpanel", **{part: data})
            desk = issued.folder / f"{part}.{name}.qwork"
            ran = qisp("desk", "open", changed, desk, "--passphrase-file", secret)
            # Without its last line end the key is still the same key, and what it opens is what was signed.
            same_key = (part, name) == ("id_ed25519", "cut_last")
            assert (ran.code, desk.exists()) == ((0, True) if same_key else (1, False)), (part, name, ran)
            assert "Traceback" not in ran.err


def test_swapped_renamed_and_replayed_packages_are_told_apart(worked: Place) -> None:
    contents = members(worked.signed(OTHER))["contents.age"]
    mixed = rebuilt(worked.signed(EXPERT), worked.folder / "mixed.qscore", contents__age=contents)
    renamed = worked.folder / f"{OTHER}-r9.qscore"
    shutil.copy(worked.signed(EXPERT), renamed)
    panel = worked.folder / "panel.qscore"
    shutil.copy(worked.package(EXPERT), panel)
    with nothing_changes(worked):
        assert worked.collect(panel).json["files"][0]["verdict"] == "damaged"
        assert worked.collect(mixed).json["files"][0]["verdict"] == "damaged"
        key = members(worked.package(OTHER))["id_ed25519"]
        foreign = rebuilt(worked.package(EXPERT), worked.folder / "foreign.qpanel", id_ed25519=key)
        arguments = (foreign, worked.folder / "foreign.qwork", "--passphrase-file", worked.letter(OTHER))
        refused("desk", "open", *arguments, words="meant for somebody else")
    # A name says nothing: what counts is what was signed.
    (file,) = worked.collect(renamed).json["files"]
    assert (file["verdict"], file["expert"]) == ("accepted", EXPERT)
    assert worked.collect(worked.signed(EXPERT)).json["counts"] == {"unchanged": 1}


def test_a_return_of_another_round_or_to_somebody_else_is_not_merged(worked: Place, tmp_path: Path) -> None:
    other = Place(tmp_path / "other")
    other.folder.mkdir()
    shutil.copy(worked.secret, other.secret)
    done(*other.office("round", "new", other.round, "--year", 2026, "--name", "另一轮次"))
    ran = other.collect(worked.returns)
    assert (ran.code, ran.json["counts"]) == (1, {"not_for_us": len(EXPERTS)})


def test_a_package_of_somebody_else_stays_shut(issued: Place) -> None:
    desk = issued.desk(EXPERT)
    wrong = (issued.letter(OTHER), "passphrase")
    command = ("desk", "open", issued.package(EXPERT), desk, "--passphrase-file")
    refused(*command, wrong[0], words=wrong[1])
    refused(*command, issued.folder / "no-such-file", words="cannot be read")
    empty = issued.folder / "empty.txt"
    empty.write_text("\n", encoding="utf-8")
    refused(*command, empty, words="no passphrase in its first line")
    assert not desk.exists()
    checked = qisp("verify", issued.package(EXPERT), "--round", issued.round, "--passphrase-file", wrong[0], "--json")
    assert (checked.code, checked.json[0]["valid"]) == (1, False)


def test_an_identity_that_asks_for_years_of_work_is_refused_at_once(issued: Place) -> None:
    lines = members(issued.package(EXPERT))["id_ed25519"].decode("ascii").strip().splitlines()
    raw = bytearray(base64.b64decode("".join(lines[1:-1])))
    at = raw.index(struct.pack(">I", 64), raw.index(b"bcrypt"))
    raw[at : at + 4] = struct.pack(">I", 2**31)
    body = base64.b64encode(bytes(raw)).decode("ascii")
    folded = "\n".join(body[n : n + 70] for n in range(0, len(body), 70))
    key = f"{lines[0]}\n{folded}\n{lines[-1]}\n".encode("ascii")
    package = rebuilt(issued.package(EXPERT), issued.folder / "slow.qpanel", id_ed25519=key)
    desk = issued.folder / "slow.qwork"
    refused(
        "desk",
        "open",
        package,
        desk,
        "--passphrase-file",
        issued.letter(EXPERT),
        words="2147483648 rounds of key derivation",
    )


def test_zip_bombs_and_names_that_lead_elsewhere_are_refused(worked: Place) -> None:
    own = members(worked.signed(EXPERT))

    def stored(names: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
        data = BytesIO()
        with zipfile.ZipFile(data, "w", how) as archive:
            for name, content in names.items():
                archive.writestr(zipfile.ZipInfo(name), content, how)
        return data.getvalue()

    bomb = stored(own | {"blobs/999999.age": bytes(50_000_000)}, zipfile.ZIP_DEFLATED)
    lying = bytearray(stored(own))
    at = lying.rindex(b"PK\x01\x02") + 24
    lying[at : at + 4] = struct.pack("<I", 2**31)
    hostile = {
        "bomb": bomb,
        "lying": bytes(lying),
        **{
            name: stored(own | {name: b"x"})
            for name in ("../x", "/etc/x", "C:\\x", "BLOBS/000001.age", "con", "a/../../x")
        },
    }
    folder = worked.folder / "hostile"
    folder.mkdir()
    for n, data in enumerate(hostile.values()):
        (folder / f"{n}.qscore").write_bytes(data)
    with nothing_changes(worked):
        assert worked.collect(folder).json["counts"] == {"damaged": len(hostile)}
        checked = qisp(*worked.office("verify", folder, "--round", worked.round), "--json")
        assert (checked.code, [one["valid"] for one in checked.json]) == (1, [False] * len(hostile))


# Forged returns ---------------------------------------------------------------------------------------------------


def key_of(place: Place, expert: str) -> Credentials:
    """The signing key out of the expert's own package."""
    credentials = open_panel_package(place.package(expert), place.letter(expert).read_text("utf-8").strip()).credentials
    assert credentials is not None
    return credentials


class Forger:
    """Writes returns in the form of this program, with whatever in them, signed with an expert's own key."""

    def __init__(self, place: Place) -> None:
        self.place = place
        with RoundStore.open(place.round, actor="x") as store:
            office = unlock(store, PASSPHRASE)
        self._identity = office.identity
        self.opened: OpenedReturn = read_return_package(place.signed(EXPERT), office.identity)
        self.signer = key_of(place, EXPERT)

    def write(self, name: str, signer: Credentials | None = None, **changes: object) -> Path:
        manifest: ReturnManifest = replace(self.opened.manifest, **changes)  # type: ignore[arg-type]
        path = self.place.folder / "forged" / f"{name}.qscore"
        write_return_package(
            path,
            manifest,
            signer=signer or self.signer,
            ca_pem=self.opened.ca_pem,
            blob_sources={
                blob.path: lambda blob=blob: self.opened.container.blob(self._identity, blob)  # type: ignore[misc]
                for blob in manifest.blobs
            },
        )
        return path

    def sheets(self, **changes: object) -> tuple[ScoreSheet, ...]:
        """The sheets of the return, the first of them changed."""
        first, *others = self.opened.manifest.sheets
        return replace(first, **changes), *others  # type: ignore[arg-type]


def test_forged_returns_get_the_verdict_that_fits_and_change_nothing(worked: Place) -> None:
    forger = Forger(worked)
    own = {sheet.application for sheet in forger.opened.manifest.sheets}
    foreign = next(number for number in (*ACCEPTED, "QISP-2026-005") if number not in own)
    first = forger.opened.manifest.sheets[0]
    high = (replace(first.items[0], points=Decimal("4.5")), *first.items[1:])
    elsewhere = "0" * 16
    sheets = tuple(replace(sheet, round=elsewhere) for sheet in forger.opened.manifest.sheets)
    other_rubric = tuple(replace(sheet, rubric="0" * 64) for sheet in forger.opened.manifest.sheets)
    visits = tuple(replace(visit, round=elsewhere) for visit in forger.opened.manifest.inspections)
    forged = {
        "another experts key": (forger.write("key", key_of(worked, OTHER)), "bad_signature"),
        "another round": (forger.write("round", round=elsewhere, sheets=sheets, inspections=visits), "wrong_round"),
        "nobody": (
            forger.write("nobody", expert="E999", issue="E999-1", sheets=(), recusals=(), inspections=(), papers=()),
            "unknown_expert",
        ),
        "an issue that never was": (forger.write("issue", issue=f"{EXPERT}-7"), "bad_signature"),
        "another package": (forger.write("package", issue_manifest="0" * 64), "bad_signature"),
        "another rubric": (forger.write("rubric", rubric="0" * 64, sheets=other_rubric), "damaged"),
    }
    folder = worked.folder / "forged"
    with nothing_changes(worked):
        files = {Path(file["path"]): file for file in worked.collect(folder).json["files"]}
        assert {what: files[path]["verdict"] for what, (path, _verdict) in forged.items()} == {
            what: verdict for what, (_path, verdict) in forged.items()
        }
        assert all(file["message"] for file in files.values())
        checked = qisp(*worked.office("verify", folder, "--round", worked.round), "--json")
        assert (checked.code, {one["valid"] for one in checked.json}) == (1, {False})

    papers = forger.opened.manifest.papers[1:]
    wrong_sheets = {
        "not_assigned": forger.write("foreign", sheets=forger.sheets(application=foreign), papers=papers),
        "damaged": forger.write("total", sheets=forger.sheets(total=first.total + 1), papers=papers),
    }
    wrong_points = forger.write("points", sheets=forger.sheets(items=high, total=first.total + 1), papers=papers)
    expected = {wrong_points: "damaged"} | {path: verdict for verdict, path in wrong_sheets.items()}
    for _repeated in range(2):
        files = {Path(file["path"]): file for file in worked.collect(*expected).json["files"]}
        for path, verdict in expected.items():
            assert (files[path]["verdict"], files[path]["sheets"][0]["verdict"]) == (verdict, verdict)
            assert {sheet["verdict"] for sheet in files[path]["sheets"][1:]} <= {"accepted", "unchanged"}
    assert EXPERT not in worked.result(first.application)["sheet_totals"]


def test_a_paper_that_shows_another_sheet_is_shown_beside_what_was_signed(worked: Place) -> None:
    forger = Forger(worked)
    one, two, *rest = forger.opened.manifest.papers
    swapped = (replace(one, path=two.path), replace(two, path=one.path), *rest)
    path = forger.write("papers", papers=swapped)
    assert worked.collect(path).code == 0
    (file,) = worked.collect(path, "--deep").json["files"]
    assert file["verdict"] == "paper_mismatch"
    assert [sheet["verdict"] for sheet in file["sheets"]].count("paper_mismatch") == 2
    assert EXPERT in worked.result(one.application)["sheet_totals"]

    # The round keeps it, once, however often it is compared, and whoever looks at the sheet sees it.
    assert worked.collect(path, "--deep").json["counts"] == {"paper_mismatch": 1}
    events = done("audit", worked.round, "--verify", "--json").json["events"]
    noted = [event["subject"] for event in events if event["action"] == "paper mismatch"]
    assert sorted(noted) == sorted(f"paper:{EXPERT}/{paper.application}" for paper in (one, two))
    (held,) = held_of(worked.round, EXPERT, one.application).sheets
    assert held.counts
    assert held.mismatch


# Sheets -----------------------------------------------------------------------------------------------------------


def paper_of(place: Place, expert: str = EXPERT) -> Path:
    return sorted((place.returns / "papers").glob(f"*_{expert}_r1.pdf"))[0]


def test_a_sheet_that_was_changed_after_signing_is_not_valid(worked: Place) -> None:
    paper = paper_of(worked)
    data = paper.read_bytes()
    signature = re.search(rb"/Contents <([0-9a-f]+)>", data)
    assert signature
    start, end = signature.span(1)
    value = data[start:end]
    changed = {
        **damage(data, seed=3),
        "junk": data + b"\n% a harmless remark\n",
        "update": data + b"\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        "upper": data[:start] + value.upper() + data[end:],
        "padding": data[: end - 2] + b"01" + data[end:],
        "no_signature": data[: data.rindex(b"%%EOF", 0, start) + 6] if b"%%EOF" in data[:start] else data[:start],
    }
    folder = worked.folder / "changed"
    folder.mkdir()
    for name, content in changed.items():
        (folder / f"{name}.pdf").write_bytes(content)
    ran = qisp("verify", folder, "--round", worked.round, "--json")
    assert ran.code == 1
    assert len(ran.json) == len(changed)
    for one in ran.json:
        assert not one["valid"], one
        assert one["reasons"], one
    assert qisp("verify", paper, "--round", worked.round).code == 0


def test_a_sheet_of_another_round_is_not_valid(worked: Place, tmp_path: Path) -> None:
    other = tmp_path / "other.qround"
    done(*worked.office("round", "new", other, "--year", 2026, "--name", "另一轮次"))
    (one,) = qisp("verify", paper_of(worked), "--round", other, "--json").json
    assert (one["valid"], "another round" in one["reasons"][0]) == (False, True)


def test_a_round_and_a_certificate_that_do_not_belong_together_are_refused(worked: Place, tmp_path: Path) -> None:
    other = tmp_path / "other.qround"
    done(*worked.office("round", "new", other, "--year", 2026, "--name", "另一轮次"))
    certificate = worked.out / "round-ca.pem"

    refused("verify", paper_of(worked), "--round", other, "--ca", certificate, words="not the certificate of this")

    done("verify", paper_of(worked), "--round", worked.round, "--ca", certificate)


def test_a_sheet_signed_with_another_experts_key_is_not_valid(worked: Place) -> None:
    """The forger takes the key out of their own package and signs a sheet in the name of another expert."""
    record = check_score_sheet(paper_of(worked).read_bytes(), signer=None, roots=()).record
    assert record is not None
    forged = worked.folder / "forged.pdf"
    pages = render_score_sheet(record)
    forged.write_bytes(sign_field(pages, "Expert", key_of(worked, OTHER), name=record.expert_name))
    for trust in (("--round", worked.round), ("--ca", worked.out / "round-ca.pem")):
        (one,) = qisp("verify", forged, *trust, "--json").json
        assert not one["valid"]
