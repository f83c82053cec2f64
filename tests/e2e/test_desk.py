"""The expert's side: scoring, stepping back, signing, revising, a lost passphrase, a certificate of one's own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from qisp_desktop.base import canonical
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.exchange.panel_package import open_panel_package
from qisp_desktop.services.desk import Desk
from qisp_desktop.services.desk_scoring import score
from tests.e2e.command import Ran, done, qisp, refused, write_json
from tests.e2e.small_round import ACCEPTED, EXPERTS, Place


def record_in(paper: Path) -> dict[str, Any]:
    """The record that a signed sheet carries."""
    with pikepdf.open(paper) as pdf:
        data = pdf.attachments["sheet.json"].get_file().read_bytes()
    record: dict[str, Any] = json.loads(data)
    return record


def digest_of_sheet(record: dict[str, Any]) -> str:
    return sha256(canonical.dumps(record["sheet"]))


def files_in(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its content and the moment of its last writing."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def other_than(*experts: str) -> str:
    return next(expert for expert in EXPERTS if expert not in experts)


def test_scores_are_taken_all_or_none_and_every_mistake_is_named(issued: Place) -> None:
    expert = other_than()
    number = issued.assigned[expert][0]
    foreign = next(one for one in (*ACCEPTED, "QISP-2026-999") if one not in issued.assigned[expert])
    issued.open(expert)
    good = issued.scores()[expert][number]
    secret = issued.letter(expert).read_text("utf-8").strip()

    def entry(**values: object) -> dict[str, object]:
        return {number: good, issued.assigned[expert][1]: values}

    wrong: list[tuple[object, str]] = [
        ([], "expected an object"),
        ({number: good, foreign: good}, "not assigned to you"),
        (entry(scores={"Q1": "4.5"}), "outside 0 to 4"),
        (entry(scores={"Q1": "-0.5"}), "not a number"),
        (entry(scores={"Q1": "0.25"}), "not a multiple of 0.5"),
        (entry(scores={"Q1": "1e0"}), "not a number"),
        (entry(scores={"Q1": 3}), "written as a string"),
        (entry(scores={"Q1": True}), "written as a string"),
        (entry(scores={"Z9": "1"}), "no such criterion"),
        (entry(scores=[]), "expected an object"),
        (entry(remarks={"Q1": 1}), "a remark is text"),
        (entry(remarks={"Q1": "x" * 100_001}), "longer than"),
        (entry(score={"Q1": "1"}), "unknown key score"),
        (entry(reason=""), "expected a sentence"),
        (entry(recuse={"ground": "boredom", "reason": "x"}), "expected one of employment"),
        (entry(recuse={"ground": "other", "reason": " "}), "needs a sentence"),
        (entry(recuse={"ground": "other"}), "expected an object"),
        (entry(recuse={"ground": "other", "reason": "x"}, scores={"Q1": "1"}), "not both"),
        (entry(evidence={"Q1": [{"material": "nothing.pdf", "page": 1}]}), "names a material"),
    ]
    with Desk.open(issued.desk(expert), secret) as desk:
        for document, words in wrong:
            with pytest.raises(UserError, match=words):
                score(desk, document)
        with pytest.raises(UserError, match=r"scores\.Q1.*scores\.Q2"):
            score(desk, entry(scores={"Q1": "9", "Q2": "9"}))
        assert {item.status.value for item in desk.items()} == {"new"}
        score(desk, {number: {"scores": {"Q1": " ３．５ "}}})
        assert desk.draft_or_new(number).items[0].points == 3.5


def test_a_call_may_name_some_applications_and_be_repeated(issued: Place) -> None:
    expert = other_than(issued.recusal()[0])
    numbers = issued.assigned[expert]
    issued.open(expert)
    scores = issued.scores()[expert]
    for _repeated in range(2):
        issued.score(expert, {numbers[0]: scores[numbers[0]], numbers[1]: {"scores": {"Q1": "4"}}})
        shown = issued.shown(expert)
        assert [shown[number]["status"] for number in numbers[:3]] == ["complete", "draft", "new"]
        assert (shown[numbers[0]]["revision"], shown[numbers[0]]["missing"]) == (1, [])
        assert shown[numbers[1]]["total"] == "4.0"
    issued.score(expert, {numbers[1]: {"scores": {"Q1": None}}})
    assert issued.shown(expert)[numbers[1]]["status"] == "new"


def test_signing_waits_for_everything_unless_told_to_sign_what_is_complete(issued: Place) -> None:
    expert = other_than(issued.recusal()[0])
    first, second, *rest = issued.assigned[expert]
    issued.open(expert)
    refused_at_all = issued.at_desk(expert, "sign", issued.returns, "--partial")
    assert (refused_at_all.code, "nothing to sign" in refused_at_all.err) == (1, True)
    issued.score(expert, {first: issued.scores()[expert][first], second: {"scores": {"Q1": "1"}}})

    ran = issued.at_desk(expert, "sign", issued.returns)
    assert ran.code == 1
    for words in (second, "Q1: a score under 2.4 needs a remark", "Q2: no score", *rest):
        assert words in ran.err
    assert not issued.returns.exists()

    ran = issued.sign(expert, "--partial")
    assert all(number in ran.err for number in (second, *rest))
    assert [path.name for path in (issued.returns / "papers").iterdir()] == [f"{first}_{expert}_r1.pdf"]
    assert [one["verdict"] for one in issued.collect().json["files"][0]["sheets"]] == ["accepted"]

    issued.score(expert, {number: issued.scores()[expert][number] for number in (second, *rest)})
    issued.sign(expert)
    verdicts = {
        s["application"]: s["verdict"] for s in issued.collect(issued.signed(expert, 2)).json["files"][0]["sheets"]
    }
    assert verdicts == {first: "unchanged", second: "accepted", **dict.fromkeys(rest, "accepted")}


def test_signing_again_without_a_change_says_so_and_writes_nothing_new(worked: Place) -> None:
    expert = other_than()
    before = files_in(worked.returns)
    ran = worked.sign(expert)
    assert "nothing new was signed" in ran.out
    assert files_in(worked.returns) == before
    worked.signed(expert).unlink()
    worked.sign(expert)
    assert worked.signed(expert).read_bytes() == before[f"{expert}-r1.qscore"][0]


def test_a_revision_has_a_reason_and_names_the_digest_of_the_one_before(worked: Place) -> None:
    expert, number = worked.recusal()[0], worked.assigned[worked.recusal()[0]][0]
    first = record_in(worked.returns / "papers" / f"{number}_{expert}_r1.pdf")
    assert (first["sheet"]["revision"], first["sheet"]["previous"], first["sheet"]["reason"]) == (1, "", "")

    # The same scores again change nothing; other scores reopen the sheet.
    worked.score(expert, {number: worked.scores()[expert][number]})
    assert worked.shown(expert)[number]["status"] == "signed"
    worked.score(expert, {number: {"scores": {"C1": "10"}, "reason": "补充材料后复核"}})
    assert worked.shown(expert)[number]["revision"] == 2
    worked.sign(expert)
    second = record_in(worked.returns / "papers" / f"{number}_{expert}_r2.pdf")["sheet"]
    assert (second["revision"], second["reason"]) == (2, "补充材料后复核")
    assert second["previous"] == digest_of_sheet(first)

    worked.score(expert, {number: {"scores": {"C1": "9.5"}}})
    worked.sign(expert)
    third = record_in(worked.returns / "papers" / f"{number}_{expert}_r3.pdf")["sheet"]
    assert third["reason"] == "revised by the expert"
    assert done(*worked.office("verify", worked.returns, "--round", worked.round)).code == 0


def test_a_recusal_that_was_handed_in_stands(worked: Place) -> None:
    expert, number = worked.recusal()
    for document, words in (
        ({number: {"scores": {"Q1": "1"}}}, "that stands"),
        ({number: {"recuse": {"ground": "kinship", "reason": "其他理由"}}}, "with other words"),
    ):
        scores = write_json(worked.folder / "scores.json", document)
        ran = worked.at_desk(expert, "score", scores)
        assert (ran.code, words in ran.err) == (1, True)
    assert worked.shown(expert)[number]["status"] == "recused"


def test_issuing_again_voids_the_older_package_and_carries_the_drafts_over(worked: Place) -> None:
    expert = other_than(worked.recusal()[0])
    number, other = worked.assigned[expert][:2]
    lost = worked.folder / "lost.qscore"
    worked.signed(expert).rename(lost)
    worked.score(expert, {other: {"scores": {"Q1": "4"}, "remarks": {"Q1": "草稿"}}})
    old_secret = worked.folder / "old.txt"
    old_secret.write_bytes(worked.letter(expert).read_bytes())
    old_package = worked.folder / "old.qpanel"
    old_package.write_bytes(worked.package(expert).read_bytes())
    issued = done(*worked.office("issue", worked.round, worked.out, "--expert", expert, "--plain-letters"))
    assert f"{expert}-2" in issued.out
    assert f"{expert}-1" in issued.out
    assert old_secret.read_text() != worked.letter(expert).read_text()

    assert worked.collect(lost).json["files"][0]["verdict"] == "bad_signature"
    open_new = ("desk", "open", worked.package(expert), worked.desk(expert), "--passphrase-file", worked.letter(expert))
    refused(*open_new, words="belongs to the earlier issue")
    wrong = write_json(worked.folder / "wrong.txt", "1111-1111-1111-1111-1111")
    refused(*open_new, "--old-passphrase-file", wrong, words="passphrase")
    ran = done(*open_new, "--old-passphrase-file", old_secret)
    assert "carried over" in ran.out
    assert number in ran.out
    assert ran.err == ""
    shown = worked.shown(expert)
    assert (shown[number]["status"], shown[other]["status"], shown[other]["revision"]) == ("signed", "complete", 2)
    refused("desk", "open", old_package, worked.desk(expert), "--passphrase-file", old_secret, words="older")

    worked.sign(expert)
    collected = worked.collect(worked.signed(expert), "--deep")
    assert (collected.code, collected.json["files"][0]["verdict"]) == (0, "accepted")
    voided = qisp("verify", old_package, "--round", worked.round, "--passphrase-file", old_secret, "--json")
    assert (voided.code, voided.json[0]["reasons"]) == (1, ["a later issue made it void"])


def test_issuing_again_names_what_does_not_apply_any_more(worked: Place) -> None:
    expert = other_than(worked.recusal()[0])
    gone = worked.assigned[expert][0]
    old_secret = worked.folder / "old.txt"
    old_secret.write_bytes(worked.letter(expert).read_bytes())
    done("screen", worked.round, "--decide", gone, "refused", "--reason", "申请材料不实。")
    done(*worked.office("issue", worked.round, worked.out, "--expert", expert, "--plain-letters"))
    package, secret = worked.package(expert), worked.letter(expert)
    ran = done(
        "desk", "open", package, worked.desk(expert), "--passphrase-file", secret, "--old-passphrase-file", old_secret
    )
    assert f"{gone}: the signed sheet left behind (no longer in the package)" in ran.err
    assert gone not in ran.out


def test_drafts_can_be_left_behind(worked: Place) -> None:
    expert = other_than(worked.recusal()[0])
    done(*worked.office("issue", worked.round, worked.out, "--expert", expert, "--plain-letters"))
    package, secret = worked.package(expert), worked.letter(expert)
    done("desk", "open", package, worked.desk(expert), "--passphrase-file", secret, "--leave-drafts")
    assert {one["status"] for one in worked.shown(expert).values()} == {"new"}
    assert worked.desk(expert).with_name(f"{expert}.{expert}-1.qwork").is_dir()


def test_a_recused_experts_new_package_holds_nothing_of_that_application(collected: Place) -> None:
    expert, number = collected.recusal()
    secret = collected.letter(expert).read_text("utf-8").strip()
    old = open_panel_package(collected.package(expert), secret).manifest
    (left,) = [one for one in old.records.applications if one.number == number]

    done(*collected.office("issue", collected.round, collected.out, "--expert", expert, "--plain-letters"))

    new = open_panel_package(collected.package(expert), collected.letter(expert).read_text("utf-8").strip())
    assert number not in new.manifest.records.assigned
    text = new.manifest_bytes.decode("utf-8")
    assert left.applicant not in text
    assert left.uscc not in text
    kept = {one.sha256 for application in new.manifest.records.applications for one in application.materials}
    assert {blob.sha256 for blob in new.manifest.blobs} == kept
    assert not {material.sha256 for material in left.materials} & kept
    # What was returned comes along: the recusal itself, and the sheets of all other applications.
    assert [one.application for one in new.manifest.records.recusals] == [number]
    assert {one.application for one in new.manifest.records.sheets} == set(collected.assigned[expert]) - {number}


def make_certificate(folder: Path, name: str) -> tuple[Path, Path, Path]:
    """A certificate with its key as PKCS #12 and the file with that one's passphrase, made by stock OpenSSL."""
    folder.mkdir(exist_ok=True)
    key, pem, p12 = folder / f"{name}.key", folder / f"{name}.pem", folder / f"{name}.p12"
    secret = folder / f"{name}.txt"
    secret.write_text("token passphrase\n", encoding="utf-8")
    subject = ["-subj", f"/C=CN/CN={name}", "-addext", "keyUsage=critical,digitalSignature,nonRepudiation"]
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650"]
    subprocess.run([*new, *subject, "-keyout", str(key), "-out", str(pem)], check=True, capture_output=True)
    export = ["openssl", "pkcs12", "-export", "-inkey", key, "-in", pem, "-passout", f"file:{secret}", "-out", p12]
    subprocess.run([str(part) for part in export], check=True, capture_output=True)
    return pem, p12, secret


def test_an_expert_signs_with_a_certificate_of_their_own(prepared: Place) -> None:
    expert, other = EXPERTS[0], EXPERTS[1]
    keys = prepared.folder / "keys"
    pem, p12, secret = make_certificate(keys, "expert")
    _other_pem, other_p12, _secret = make_certificate(keys, "stranger")
    done("experts", "certificate", prepared.round, expert, pem)
    refused("experts", "certificate", prepared.round, other, pem, words="This is the certificate of")
    refused("experts", "certificate", prepared.round, "E999", pem, words="no expert E999")
    refused("experts", "certificate", prepared.round, other, p12, words="certificate")
    done(*prepared.office("issue", prepared.round, prepared.out, "--expert", expert, "--plain-letters"))
    prepared.open(expert)
    prepared.score(expert, prepared.scores()[expert])

    def sign(*arguments: object) -> Ran:
        return prepared.at_desk(expert, "sign", prepared.returns, *arguments)

    assert "--p12" in sign().err
    assert (
        "not the certificate that the secretariat entered"
        in sign("--p12", other_p12, "--p12-passphrase-file", secret).err
    )
    assert sign("--p12", p12).code == 1  # the package's passphrase does not open it
    assert not prepared.returns.exists()
    assert sign("--p12", p12, "--p12-passphrase-file", secret).code == 0
    assert prepared.collect().code == 0
    done("verify", prepared.returns / "papers", "--round", prepared.round)
    done(*prepared.office("verify", prepared.returns, "--round", prepared.round))


def test_opening_a_package_again_opens_the_workspace_as_it_is(issued: Place) -> None:
    expert = other_than(issued.recusal()[0])
    issued.open(expert)
    issued.score(expert, issued.scores()[expert])
    before = issued.shown(expert)
    issued.open(expert)
    assert issued.shown(expert) == before
    stranger = other_than(expert)
    command = ("desk", "open", issued.package(stranger), issued.desk(expert))
    refused(*command, "--passphrase-file", issued.letter(stranger), words="another round or expert")
    assert issued.shown(expert) == before
