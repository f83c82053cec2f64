"""The JSON that scripts rely on has exactly the documented keys, with decimals as strings."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import done, qisp, refused, write_json
from tests.e2e.small_round import ACCEPTED, APPLICATIONS, EXPERTS, READERS, VISITED, WAITING, Place

POINTS = re.compile(r"[0-9]+\.[0-9]")
DEFAULT_POLICY = {
    "aggregate": "trimmed",
    "trim_min": 5,
    "quorum": 3,
    "pass_score": "75",
    "deviation": "15",
    "tie_break": ["P", "C", "Q", "R"],
    "grades": {"A": "90", "B": "80"},
    "days": "calendar",
}
ROUNDED = re.compile(r"[0-9]+\.[0-9]{2}")


def test_import_counts_what_was_taken_and_lists_every_problem(prepared: Place) -> None:
    round_path = prepared.folder / "new.qround"
    done(*prepared.office("round", "new", round_path, "--year", 2026, "--name", "空"))
    command = ("import", "applications", round_path, prepared.sample.applications_book)
    dry = done(*command, "--materials", prepared.sample.materials, "--dry-run", "--json").json
    assert dry == {"imported": len(APPLICATIONS), "skipped": 0, "problems": []}
    assert done("round", "show", round_path, "--json").json["applications"] == 0
    assert done(*command, "--materials", prepared.sample.materials, "--json").json == dry

    again = qisp(*command, "--json")
    assert (again.code, again.json["imported"], again.json["skipped"]) == (1, 0, len(APPLICATIONS))
    for problem in again.json["problems"]:
        assert list(problem) == ["level", "sheet", "row", "column", "value", "code", "message"]
    assert {problem["code"] for problem in again.json["problems"]} == {"duplicate_number"}


def test_screen_says_status_materials_and_conditions_of_each_application(prepared: Place) -> None:
    document = done("screen", prepared.round, "--json").json
    assert set(document) == {"applications", "accepted_on", "evaluation_ends"}
    assert (document["accepted_on"], document["evaluation_ends"]) == ("2026-07-01", "2026-07-31")
    assert [one["number"] for one in document["applications"]] == list(APPLICATIONS)
    for one in document["applications"]:
        assert list(one) == ["number", "status", "materials", "conditions", "decided_by", "reason"]
        assert list(one["materials"]) == list(one["conditions"]) == [str(n) for n in range(1, 8)]
        assert set(one["materials"].values()) <= {"present", "missing"}
        for condition in one["conditions"].values():
            assert list(condition) == ["met", "why"]
            assert condition["met"] in (True, False, None)
            assert condition["why"]
    statuses = {one["number"]: one["status"] for one in document["applications"]}
    assert statuses == {**dict.fromkeys(ACCEPTED, "accepted"), WAITING: "to_supplement"}
    waiting = document["applications"][-1]
    assert [number for number, state in waiting["materials"].items() if state == "missing"] == ["4"]
    assert (waiting["decided_by"], "4. " in waiting["reason"]) == (None, True)


def test_a_clerks_decision_is_named_with_its_reason(prepared: Place) -> None:
    decided = ("screen", prepared.round, "--decide", WAITING, "accepted", "--json")
    refused(*decided, words="needs a reason")
    refused(*decided, "--reason", "\t \n", words="needs a reason")
    refused("screen", prepared.round, "--decide", WAITING, "to_decide", "--reason", "x", words="not a decision")
    refused("screen", prepared.round, "--decide", "QISP-2026-099", "accepted", "--reason", "x", words="no application")
    one = done(*decided, "--reason", "审计报告原件已核对").json["applications"][-1]
    assert (one["status"], one["reason"]) == ("accepted", "审计报告原件已核对")
    assert one["decided_by"]


def test_a_supplement_makes_the_application_ready(prepared: Place) -> None:
    supplement = prepared.folder / "supplement" / WAITING
    supplement.mkdir(parents=True)
    (supplement / "四、审计报告.pdf").write_bytes(b"%PDF-1.7 supplement")
    document = done("import", "materials", prepared.round, supplement.parent, "--json").json
    assert (document["matched"], document["unmatched"]) == (1, [])
    statuses = [one["status"] for one in done("screen", prepared.round, "--json").json["applications"]]
    assert set(statuses) == {"accepted"}


def test_assign_gives_everyone_readers_and_says_why_it_cannot(prepared: Place) -> None:
    document = done("assign", prepared.round, "--per-application", READERS, "--json").json
    assert set(document) == {"applications", "loads", "conflicts", "to_reissue"}
    for one in document["applications"]:
        assert list(one) == ["number", "experts"]
        assert len(set(one["experts"])) == READERS
    assert [one["number"] for one in document["applications"]] == list(ACCEPTED)
    assert max(document["loads"].values()) - min(document["loads"].values()) <= 1
    (conflict,) = document["conflicts"]
    assert set(conflict) == {"expert", "application", "ground"}

    before = done("audit", prepared.round, "--json").json["head"]
    impossible = qisp("assign", prepared.round, "--per-application", 6, "--json")
    assert impossible.code == 1
    (short,) = impossible.json["short"]
    assert (short["application"], short["needed"], short["possible"]) == (conflict["application"], 6, 5)
    limited = refused("assign", prepared.round, "--per-application", 5, "--max-load", 3, words="maximum load of 3")
    assert "18 times, and 20 readings" in limited.err
    assert all(number in limited.err for number in ACCEPTED)
    refused("assign", prepared.round, "--per-application", 0, words="positive")
    refused("assign", prepared.round, "--per-application", 10**9, words="6 experts, 1000000000 needed")
    assert done("audit", prepared.round, "--json").json["head"] == before


def test_desk_show_says_where_each_application_stands(worked: Place) -> None:
    expert, recused = worked.recusal()
    ran = worked.at_desk(expert, "show", "--json")
    assert set(ran.json) == {"round", "expert", "applications"}
    assert ran.json["expert"] == expert
    for one in ran.json["applications"]:
        assert list(one) == ["number", "applicant", "status", "total", "revision", "missing"]
        if one["number"] == recused:
            assert (one["status"], one["total"]) == ("recused", None)
        else:
            assert (one["status"], one["revision"], one["missing"]) == ("signed", 1, [])
            assert POINTS.fullmatch(one["total"])


def test_collect_gives_a_verdict_for_every_file_and_every_sheet(worked: Place) -> None:
    noise = worked.returns / "noise.qscore"
    noise.write_bytes(b"no package")
    missing = worked.folder / "absent.qscore"
    ran = worked.collect(worked.returns, missing)
    assert ran.code == 1
    assert set(ran.json) == {"files", "counts"}
    assert ran.json["counts"] == {"accepted": len(EXPERTS), "damaged": 2}
    for file in ran.json["files"]:
        assert list(file) == ["path", "verdict", "expert", "sheets", "message"]
        assert file["message"]
        for sheet in file["sheets"]:
            assert list(sheet) == ["application", "revision", "verdict", "message"]
            assert (sheet["revision"], sheet["verdict"]) == (1, "accepted")
    assert sum(len(file["sheets"]) for file in ran.json["files"]) == len(ACCEPTED) * READERS - 1
    empty = worked.folder / "nothing"
    empty.mkdir()
    refused(*worked.office("collect", worked.round, empty, "--json"), words="nothing to collect")


def test_results_show_each_number_with_its_ways(collected: Place) -> None:
    document = collected.results()
    assert set(document) == {"round", "policy", "applications"}
    assert document["policy"] == DEFAULT_POLICY
    applications = {one["number"]: one for one in document["applications"]}
    assert list(applications) == list(APPLICATIONS)
    for one in applications.values():
        assert set(one) == {
            *("number", "applicant", "valid_sheets", "sheet_totals", "dropped", "final", "groups", "criteria", "rank"),
            *("grade", "status", "recommendation", "reasons", "deviations"),
        }
    for number in ACCEPTED:
        _check_result(applications[number], applications[number]["valid_sheets"])
    assert sorted(applications[number]["rank"] for number in ACCEPTED) == [1, 2, 3, 4]
    waiting = applications[WAITING]
    assert (waiting["status"], waiting["final"], waiting["rank"], waiting["sheet_totals"]) == (
        "not_screened",
        None,
        None,
        {},
    )
    assert waiting["recommendation"] == "undecided"
    deviations = [deviation for one in applications.values() for deviation in one["deviations"]]
    assert [set(one) for one in deviations] == [{"expert", "total", "others_mean", "difference"}]


def _check_result(one: dict[str, Any], count: int) -> None:
    """The final score recomputed from the totals, by the rule as the design writes it."""
    assert one["status"] == "ok"
    totals = {expert: Decimal(total) for expert, total in one["sheet_totals"].items()}
    assert list(totals) == sorted(totals)
    assert all(POINTS.fullmatch(total) for total in one["sheet_totals"].values())
    assert len(totals) == count
    kept = [total for expert, total in totals.items() if expert not in one["dropped"]]
    assert sorted(kept) == (sorted(totals.values())[1:-1] if count >= 5 else sorted(totals.values()))
    exact = sum(kept, Decimal(0)) / len(kept)
    assert abs(Decimal(one["final"]) - exact) <= Decimal("0.005")
    assert all(ROUNDED.fullmatch(points) for points in (one["final"], *one["groups"].values()))
    assert list(one["groups"]) == ["Q", "C", "P", "R"]


def test_verify_says_of_each_file_what_it_is_and_why_it_is_not_valid(worked: Place) -> None:
    paper = sorted((worked.returns / "papers").iterdir())[0]
    ran = done("verify", paper, "--round", worked.round, "--json")
    (one,) = ran.json
    assert list(one) == ["path", "kind", "valid", "reasons", "signers"]
    assert (one["path"], one["kind"], one["valid"], one["reasons"]) == (str(paper), "score-sheet", True, [])
    assert len(one["signers"]) == 1
    done("verify", paper, "--ca", worked.out / "round-ca.pem")

    unknown = qisp("verify", paper, "--json")
    assert (unknown.code, unknown.json[0]["valid"], unknown.json[0]["reasons"][0]) == (1, False, "unknown signer")
    package = worked.package(EXPERTS[0])
    structure = qisp("verify", package, "--round", worked.round, "--json")
    assert (structure.code, structure.json[0]["kind"], structure.json[0]["valid"]) == (1, "panel-package", False)
    absent = qisp("verify", worked.folder / "absent.pdf", paper, "--round", worked.round, "--json")
    assert (absent.code, [one["valid"] for one in absent.json]) == (1, [False, True])
    empty = worked.folder / "empty"
    empty.mkdir()
    assert (
        "nothing to check"
        in refused("verify", empty, "--round", worked.round, "--json", words="").json["error"]["what"]
    )


def test_a_refusal_is_one_json_document_too(collected: Place, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.qround"
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("not the passphrase\n", encoding="utf-8")
    for command in (
        ("round", "show", nowhere),
        ("import", "applications", collected.round, tmp_path / "none.xlsx"),
        ("import", "applications", collected.round, collected.sample.applications_book, "--materials", tmp_path / "no"),
        ("import", "experts", collected.round, tmp_path),
        ("screen", nowhere),
        ("assign", nowhere, "--per-application", 5),
        ("results", nowhere),
        ("audit", nowhere, "--verify"),
        ("collect", collected.round, collected.returns, "--passphrase-file", wrong),
        ("desk", "show", collected.desk(EXPERTS[0]), "--passphrase-file", wrong),
        ("verify", collected.returns, "--round", nowhere),
    ):
        ran = qisp(*command, "--json")
        assert ran.code == 1, (command, ran)
        assert isinstance(ran.json, dict), command
        assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("no-such-verb",),
        ("round", "new", "x.qround"),
        ("round", "new", "x.qround", "--year", "soon", "--name", "x"),
        ("round", "day", "x.qround", "2026-13-01", "off", "--reason", "x"),
        ("round", "day", "x.qround", "2026-10-10", "maybe", "--reason", "x"),
        ("screen", "x.qround", "--accepted-on", "yesterday"),
        ("assign", "x.qround"),
        ("results", "x.qround", "--passphrase", "secret"),
        ("export", "papers", "x.qround", "out", "--kind", "poster"),
        ("collect", "x.qround", "some.qscore"),  # nobody to ask for a passphrase
    ],
)
def test_wrong_usage_ends_with_exit_code_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ran = qisp(*arguments)
    assert (ran.code, "Traceback" in ran.err) == (2, False), ran


def test_a_fault_of_the_program_ends_with_exit_code_3_and_goes_to_the_log(
    collected: Place, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError(collected.round)

    monkeypatch.setattr("qisp_desktop.services.results.compute", broken)
    ran = qisp("results", collected.round)
    assert (ran.code, ran.out, "Traceback" in ran.err) == (3, "", False)
    (log,) = home.rglob("qisp.log")
    assert "RuntimeError" in log.read_text("utf-8")
    assert str(collected.round) not in log.read_text("utf-8"), "no values of the round's"


def test_no_verb_takes_a_passphrase_as_an_argument() -> None:
    def helps(*verb: str) -> list[str]:
        text = qisp(*verb, "--help").out
        commands = re.findall(r"^│ ([a-z-]+)  ", text.partition("Commands")[2], re.MULTILINE)
        return [text, *(one for command in commands for one in helps(*verb, command))]

    texts = helps()
    assert len(texts) > 25
    for text in texts:
        for option, kind in re.findall(r"(--[a-z0-9-]*passphrase[a-z-]*) +(<bool>)?", text):
            assert option.endswith("-file") or kind  # a flag takes nothing


def test_a_frozen_result_says_so_and_later_changes_show(collected: Place) -> None:
    refused(*collected.office("freeze", collected.round, "--reason", " "), words="A reason is needed")
    done(*collected.office("freeze", collected.round, "--reason", "评审会议确认"))
    frozen = collected.results()["frozen"]
    assert set(frozen) == {"at", "by", "reason", "result", "changed_since"}
    assert (frozen["reason"], frozen["changed_since"]) == ("评审会议确认", False)
    done("screen", collected.round, "--decide", VISITED, "refused", "--reason", "材料虚假")
    assert collected.results()["frozen"]["changed_since"] is True
    assert collected.result(VISITED)["status"] == "screened_out"


def test_only_a_deviating_total_is_explained(collected: Place) -> None:
    ((number, deviation),) = [
        (one["number"], deviation) for one in collected.results()["applications"] for deviation in one["deviations"]
    ]
    expert = deviation["expert"]
    line = f"{expert} × {number}, {deviation['total']} against {deviation['others_mean']} ({deviation['difference']})"
    assert line in done("results", collected.round).out
    done("explain", collected.round, expert, number, "--text", "把握较严,依据充分。")
    refused("explain", collected.round, expert, number, "--text", "", words="A reason is needed")
    other = next(one for one in collected.result(number)["sheet_totals"] if one != expert)
    refused("explain", collected.round, other, number, "--text", "x", words="does not deviate")
    refused("explain", collected.round, expert, "QISP-2026-099", "--text", "x", words="does not deviate")


def test_a_policy_decides_how_the_result_is_made(prepared: Place) -> None:
    def new(name: str, policy: object) -> object:
        file = write_json(prepared.folder / "policy.json", policy)
        path = prepared.folder / f"{name}.qround"
        arguments = ("round", "new", path, "--year", 2026, "--name", name, "--policy", file)
        ran = qisp(*prepared.office(*arguments))
        assert path.exists() == (ran.code == 0)
        return done("round", "show", path, "--json").json["policy"] if ran.code == 0 else ran.err

    assert new("a", {"aggregate": "mean", "quorum": 1, "pass_score": "60.5"}) == {
        **DEFAULT_POLICY,
        "aggregate": "mean",
        "quorum": 1,
        "pass_score": "60.5",
    }
    assert "unknown key" in str(new("b", {"agregate": "mean"}))
    assert "quorum" in str(new("c", {"quorum": 0}))
    assert "string" in str(new("d", {"pass_score": 75}))
