"""Experts without the program, through the command line: a form in Excel, a paper entered twice, a recusal on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from qisp_desktop.services.rubrics import default_rubric
from tests.e2e.command import done, qisp, refused, write_json
from tests.e2e.small_round import ACCEPTED, EXPERTS, Place


@pytest.fixture
def reader(prepared: Place) -> tuple[str, str]:
    """An expert and what they read."""
    expert = EXPERTS[0]
    return expert, prepared.assigned[expert][0]


def scores(folder: Path, name: str, **points: str) -> Path:
    document: dict[str, Any] = {
        "scores": {c.code: points.get(c.code, str(c.maximum)) for c in default_rubric().criteria},
        "remarks": dict.fromkeys(points, "见原件"),
    }
    return write_json(folder / name, document)


def test_two_clerks_enter_a_paper_and_it_counts_like_a_signed_one(prepared: Place, reader: tuple[str, str]) -> None:
    one, two = scores(prepared.folder, "one.json"), scores(prepared.folder, "two.json", Q1="2")
    done("paper", "enter", prepared.round, *reader, one, "--clerk", "李")
    done("paper", "enter", prepared.round, *reader, two, "--clerk", "王")
    third = ("paper", "enter", prepared.round, *reader, two, "--clerk", "赵")
    refused(*third, words="twice already")
    (shown,) = done("paper", "show", prepared.round, "--json").json
    assert (shown["entered_by"], shown["differences"], shown["confirmed"]) == (["李", "王"], ["Q1"], None)
    confirm = ("paper", "confirm", prepared.round, *reader, "--clerk", "李", "--reason", "与原件核对")
    refused(*confirm, words="differ")
    settle = write_json(prepared.folder / "settle.json", {"scores": {"Q1": "3"}, "remarks": {"Q1": "原件为3分"}})
    done(*confirm, "--settle", settle)
    assert prepared.result(reader[1])["sheet_totals"] == {reader[0]: "99.0"}
    done("audit", prepared.round, "--verify")


def test_a_form_goes_out_comes_back_and_counts_once_confirmed(prepared: Place, reader: tuple[str, str]) -> None:
    path = prepared.folder / "form.xlsx"
    done("paper", "form", prepared.round, reader[0], path)
    book = openpyxl.load_workbook(path)
    for row in range(9, 9 + len(default_rubric().criteria)):
        book[reader[1]][f"G{row}"] = book[reader[1]][f"D{row}"].value
    book.save(path)
    report = done("import", "forms", prepared.round, path, "--json").json
    assert report["counts"] == {"accepted": 1}
    assert prepared.result(reader[1])["sheet_totals"] == {}
    done("paper", "confirm", prepared.round, *reader, "--form", "--clerk", "李", "--reason", "手签原件已核")
    assert prepared.result(reader[1])["sheet_totals"] == {reader[0]: "100.0"}

    plain = openpyxl.Workbook()
    plain.save(prepared.folder / "plain.xlsx")
    ran = qisp("import", "forms", prepared.round, prepared.folder / "plain.xlsx", "--json")
    assert (ran.code, ran.json["counts"]) == (1, {"damaged": 1})


def test_a_recusal_on_paper_is_recorded_with_its_ground(prepared: Place, reader: tuple[str, str]) -> None:
    done("paper", "recuse", prepared.round, *reader, "kinship", "--reason", "书面申明")
    one = scores(prepared.folder, "one.json")
    refused("paper", "enter", prepared.round, *reader, one, "--clerk", "李", words="stepped back")
    assert qisp("paper", "recuse", prepared.round, *reader, "boredom", "--reason", "x").code == 2


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "expected an object"),
        ({"scores": {"Q1": 3}}, "number as text"),
        ({"scores": {"X9": "3"}}, "not in the scoring standard"),
        ({"scores": {}, "remarks": {"Q1": 1}}, "must be a text"),
        ({"scores": {"Q1": "4"}}, "no score"),
        ({"scores": {"Q1": "NaN"}}, "number as text"),
    ],
)
def test_a_document_that_is_none_is_refused_and_keeps_nothing(
    prepared: Place, reader: tuple[str, str], document: object, words: str
) -> None:
    path = write_json(prepared.folder / "wrong.json", document)
    refused("paper", "enter", prepared.round, *reader, path, "--clerk", "李", words=words)
    assert done("paper", "show", prepared.round, "--json").json == []


def test_what_came_on_paper_goes_back_to_its_expert_in_a_package_and_comes_home_unchanged(
    prepared: Place, reader: tuple[str, str]
) -> None:
    expert, number = reader
    document = scores(prepared.folder, "one.json")
    for clerk in ("李", "王"):
        done("paper", "enter", prepared.round, *reader, document, "--clerk", clerk)
    done("paper", "confirm", prepared.round, *reader, "--clerk", "李", "--reason", "与原件核对")
    done(*prepared.office("issue", prepared.round, prepared.out, "--plain-letters", "--expert", expert))
    prepared.open(expert)
    shown = prepared.shown(expert)
    assert (shown[number]["status"], shown[number]["revision"]) == ("signed", 1)
    others = {n: {"scores": {c.code: str(c.maximum) for c in default_rubric().criteria}} for n in shown if n != number}
    prepared.score(expert, others)
    prepared.sign(expert)
    report = prepared.collect().json
    verdicts = {one["application"]: one["verdict"] for one in report["files"][0]["sheets"]}
    assert verdicts.pop(number) == "unchanged"
    assert set(verdicts.values()) == {"accepted"}
    assert number in ACCEPTED
