"""The panel changes after the packages went out: exclusion, replacement by lot, another issue, results."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tests.e2e.command import done, qisp
from tests.e2e.small_round import EXPERTS, Place
from tests.unit.domain.values import inspection
from tests.unit.services.panel_rounds import RUBRIC, make_panel, put


def with_somebody_free(place: Place) -> dict[str, set[str]]:
    """The readers of each application that somebody else could read without a conflict."""
    report = json.loads((place.folder / "assigned.json").read_text("utf-8"))
    against = {(one["expert"], one["application"]) for one in report["conflicts"]}
    readers = {one["number"]: set(one["experts"]) for one in report["applications"]}
    return {
        number: who
        for number, who in readers.items()
        if any(one not in who and (one, number) not in against for one in EXPERTS)
    }


def test_a_draw_by_lot_can_be_repeated_from_the_trail_and_who_arrives_is_issued_to(issued: Place) -> None:
    leaving = "E001"
    number, others = next(
        (number, readers) for number, readers in sorted(with_somebody_free(issued).items()) if leaving in readers
    )

    ran = qisp("experts", "replace", issued.round, leaving, "--application", number, "--reason", "因病", "--json")
    assert ran.code == 0, ran

    (made,) = ran.json["replacements"]
    draw = made["draw"]
    among = f"{draw['seed']}:{','.join(draw['candidates'])}".encode()
    place = int(hashlib.sha256(among).hexdigest(), 16) % len(draw["candidates"])
    assert made["arriving"] == draw["candidates"][place]
    assert made["arriving"] not in others
    assert ran.json["to_reissue"] == sorted([leaving, made["arriving"]])
    events = done("audit", issued.round, "--json").json["events"]
    assert [f"{draw['seed']} {','.join(draw['candidates'])} {made['arriving']}"] == [
        event["detail"] for event in events if event["action"] == "draw"
    ]
    again = [part for expert in ran.json["to_reissue"] for part in ("--expert", expert)]
    done(*issued.office("issue", issued.round, issued.out, "--plain-letters", "--reason", "替换专家", *again))
    issued.open(made["arriving"])
    assert number in issued.shown(made["arriving"])


def test_the_office_keeps_an_expert_out_and_lets_them_in_again(issued: Place) -> None:
    expert, number = next((expert, numbers[0]) for expert, numbers in sorted(issued.assigned.items()))

    ran = qisp("experts", "exclude", issued.round, expert, number, "--reason", "曾为其顾问")
    assert ran.code == 0, ran
    assert expert in ran.err
    refused = qisp("inspection", "plan", issued.round, number, expert)
    assert refused.code == 1
    assert qisp("experts", "exclude", issued.round, expert, number, "--reason", "再次").code == 1
    assert qisp("experts", "readmit", issued.round, expert, number).code == 0
    assert qisp("experts", "readmit", issued.round, expert, number).code == 1


def test_planning_a_visit_anew_says_whose_record_counts_no_longer(tmp_path: Path) -> None:
    path = tmp_path / "panel.qround"
    with make_panel(path) as store:
        put(store, inspection(RUBRIC, expert="E004"))
    first = qisp("inspection", "plan", path, "A-1", "E004")
    assert (first.code, first.err) == (0, "")

    ran = qisp("inspection", "plan", path, "A-1", "E005")

    assert ran.code == 0, ran
    assert "E005" in ran.out
    assert "E004" in ran.err
