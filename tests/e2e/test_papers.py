"""The papers of a whole round through the command line: signed originals, photos, seals, scans."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from qisp_desktop.exchange.authority import issue_credentials, new_authority
from qisp_desktop.exchange.key_files import to_p12
from tests.e2e.command import done, qisp, refused
from tests.e2e.small_round import ACCEPTED, APPLICATIONS, EXPERTS, VISITED, WAITING, Place

LEADER = EXPERTS[0]


def stock(*command: object) -> str:
    ran = subprocess.run([str(part) for part in command], capture_output=True, timeout=60, check=True)
    return ran.stdout.decode()


def text_of(path: Path) -> str:
    return "".join(stock("pdftotext", "-raw", path, "-").split())


def signatures(path: Path) -> int:
    """How many signatures pdfsig finds valid; every one must be."""
    said = stock("pdfsig", "-nocert", path)
    assert said.count("Signature Validation") == said.count("Signature is Valid")
    return said.count("Signature is Valid")


def test_every_kind_comes_out_of_a_collected_round_with_photos_and_signed_originals(collected: Place) -> None:
    out = collected.folder / "papers"
    ran = done(*collected.office("export", "papers", collected.round, out, "--reply-by", "2026-07-20"))
    assert "unsigned copies" not in ran.err
    assert "drafts" in ran.err
    sheets = list((out / "score-sheet").iterdir())
    assert len(sheets) == sum(map(len, collected.assigned.values())) - 1  # one recusal
    assert signatures(sheets[0]) == 1
    inspections = sorted((out / "inspection").iterdir())
    assert [one.name for one in inspections] == [f"{VISITED}_{e}_inspection_r1.pdf" for e in collected.visitors()]
    assert len(stock("pdfimages", "-list", inspections[0]).splitlines()) > 2
    assert {one.name for one in (out / "report").iterdir()} == {f"{number}_report.pdf" for number in APPLICATIONS}
    assert "请于2026年7月20日前" in text_of(out / "letter" / f"{WAITING}_supplement.pdf")
    report = text_of(out / "report" / f"{ACCEPTED[0]}_report.pdf")
    assert not any(expert in report for expert in EXPERTS)


def test_an_export_that_finds_nothing_says_so(prepared: Place) -> None:
    ran = done(*prepared.office("export", "papers", prepared.round, prepared.folder / "none", "--kind", "score-sheet"))
    assert ran.out.startswith("0 papers")
    assert "has nothing for papers of these kinds yet" in ran.err
    assert not (prepared.folder / "none").exists()


def test_the_secretariat_seals_and_the_leader_countersigns_and_all_stay_valid(collected: Place) -> None:
    papers, led = collected.folder / "papers", collected.folder / "led"
    kinds = ("--kind", "report", "--kind", "score-sheet")
    done(*collected.office("export", "papers", collected.round, papers, "--seal", *kinds))
    report = papers / "report" / f"{ACCEPTED[0]}_report.pdf"
    sheet = next((papers / "score-sheet").glob(f"{ACCEPTED[0]}_*.pdf"))
    assert (signatures(report), signatures(sheet)) == (1, 2)
    done("verify", papers, "--round", collected.round)

    collected.sign(LEADER, "--countersign", report, "--countersign", sheet, out=led)
    assert (signatures(led / report.name), signatures(led / sheet.name)) == (2, 3)
    checked = done("verify", led, "--round", collected.round, "--json").json
    assert [(one["kind"], one["valid"], len(one["signers"])) for one in checked] == [
        ("score-sheet", True, 3),
        ("evaluation-report", True, 2),
    ]
    events = done("audit", collected.round, "--verify", "--json").json
    assert events["valid"]


def test_what_the_leader_signed_first_is_sealed_afterwards_and_the_trail_says_so(collected: Place) -> None:
    papers, led, sealed = (collected.folder / name for name in ("papers", "led", "sealed"))
    done(*collected.office("export", "papers", collected.round, papers, "--kind", "report", "--kind", "score-sheet"))
    report = papers / "report" / f"{ACCEPTED[0]}_report.pdf"
    sheet = next((papers / "score-sheet").glob(f"{ACCEPTED[0]}_*.pdf"))
    collected.sign(LEADER, "--countersign", report, "--countersign", sheet, out=led)
    done(*collected.office("seal", collected.round, led, "--out", sealed))
    assert (signatures(sealed / report.name), signatures(sealed / sheet.name)) == (2, 3)
    assert (sealed / sheet.name).read_bytes().startswith((led / sheet.name).read_bytes())
    done("verify", sealed, "--round", collected.round)
    events = done("audit", collected.round, "--verify", "--json").json
    assert (events["events"][-1]["action"], events["events"][-1]["detail"]) == ("seal papers", "2")

    again = collected.office("seal", collected.round, sealed, "--out", collected.folder / "twice")
    refused(*again, words="already signed")
    assert not (collected.folder / "twice").exists()


def test_nothing_is_sealed_that_the_round_does_not_hold_or_that_has_changed(collected: Place) -> None:
    papers, out = collected.folder / "papers", collected.folder / "sealed"
    done("export", "papers", collected.round, papers, "--kind", "report", "--kind", "score-sheet")

    def refuse(*what: object, words: str) -> None:
        refused(*collected.office("seal", collected.round, *what, "--out", out), words=words)
        assert not out.exists()

    refuse(papers / "score-sheet", words="not signed")
    refuse(papers / "report", papers / "report", words="have the name")
    refuse(collected.folder / "nothing", words="could not be read")
    empty = collected.folder / "empty"
    empty.mkdir()
    refuse(empty, words="nothing to sign")
    done("screen", collected.round, "--decide", WAITING, "refused", "--reason", "逾期未补正")
    refuse(papers / "report" / f"{WAITING}_report.pdf", words="has changed since")


def test_only_the_leader_countersigns_and_only_what_is_sound(collected: Place) -> None:
    papers = collected.folder / "papers"
    done("export", "papers", collected.round, papers, "--kind", "report")
    report = papers / "report" / f"{ACCEPTED[0]}_report.pdf"
    ran = collected.at_desk(EXPERTS[1], "sign", papers / "led", "--countersign", report)
    assert ran.code == 1
    assert "Only the leader" in ran.err
    own = papers / "own.p12"
    own.write_bytes(to_p12(issue_credentials(new_authority("elsewhere", 2026), f"{LEADER} own"), "secret"))
    (papers / "own.txt").write_text("secret\n", "utf-8")
    stranger = ("--p12", own, "--p12-passphrase-file", papers / "own.txt")
    ran = collected.at_desk(LEADER, "sign", papers / "led", "--countersign", report, *stranger)
    assert ran.code == 1
    assert "not the certificate that the secretariat entered" in ran.err
    data = report.read_bytes()
    report.write_bytes(data[: len(data) // 2] + b"x" + data[len(data) // 2 + 1 :])
    ran = collected.at_desk(LEADER, "sign", papers / "led", "--countersign", report)
    assert ran.code == 1
    assert "is not signed" in ran.err
    assert not (papers / "led").exists()


def test_a_paper_that_carries_no_record_is_called_neither_a_sheet_nor_broken(collected: Place) -> None:
    papers = collected.folder / "papers"
    done("export", "papers", collected.round, papers, "--kind", "sign-in", "--kind", "inspection")
    ran = refused("verify", papers, "--round", collected.round, "--json", words="no signed record")
    found = json.loads(ran.out)
    assert {one["kind"] for one in found} == {"unknown"}
    assert len(found) == 1 + len(collected.visitors())
    sign_in = papers / "sign-in" / "sign-in.pdf"
    same = "there is no signed record to compare it with; the round says the same now"
    refused("verify", "--image", sign_in, "--round", collected.round, "--json", words=same)


def test_a_scan_is_compared_with_the_round(collected: Place) -> None:
    papers = collected.folder / "papers"
    done("export", "papers", collected.round, papers, "--kind", "score-sheet")
    sheet = next((papers / "score-sheet").iterdir())
    scan = papers / "scan"
    stock("pdftoppm", "-r", "150", "-gray", "-png", "-l", "1", "-singlefile", sheet, scan)
    ran = done("verify", "--image", scan.with_suffix(".png"), "--round", collected.round, "--json")
    (checked,) = json.loads(ran.out)
    assert (checked["kind"], checked["valid"], checked["reasons"]) == ("scan", True, [])
    blank = papers / "blank.png"
    from PIL import Image

    Image.new("L", (500, 700), 255).save(blank)
    refused("verify", "--image", blank, "--round", collected.round, words="no code of a paper")
    assert qisp("verify", "--image", blank).code == 2
    assert qisp("verify").code == 2
