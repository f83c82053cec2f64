"""A round file that was edited past the program: the audit says what, and no number is shown as if nothing had been."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.command import done, qisp, refused
from tests.e2e.small_round import ACCEPTED, EXPERTS, Place


def edit(path: Path, *statements: str) -> None:
    """Run SQL on the file as somebody with a database browser would, the fences against accidents taken down first."""
    with closing(sqlite3.connect(path)) as raw, raw:
        triggers = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(statement)


CUT_LAST = "DELETE FROM audit_event WHERE seq > (SELECT max(seq) - 5 FROM audit_event)"
HEAD_TO_END = (
    "UPDATE audit_head SET seq = (SELECT max(seq) FROM audit_event), "
    "digest = (SELECT digest FROM audit_event ORDER BY seq DESC LIMIT 1)"
)
CUT_SEALS = "DELETE FROM seal WHERE seq > (SELECT max(seq) FROM audit_event)"
ONE_SHEET = "(SELECT digest FROM score_sheet ORDER BY digest LIMIT 1)"


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ([CUT_LAST], "its end was cut off"),
        ([CUT_LAST, HEAD_TO_END], "was sealed but is no longer there"),
        ([CUT_LAST, HEAD_TO_END, CUT_SEALS], "no event put it there"),
        (["DELETE FROM audit_event WHERE seq = 5"], "events in between were removed"),
        (["UPDATE audit_event SET actor = 'nobody' WHERE seq = 5"], "Event 5 was changed"),
        (
            [f"UPDATE audit_event SET seq = {new} WHERE seq = {old}" for old, new in ((5, -5), (6, 5), (-5, 6))],
            "Event 5 was changed",
        ),
        ([f"UPDATE score_sheet SET total = '100' WHERE digest = {ONE_SHEET}"], "is not as its last event left it"),
        ([f"DELETE FROM score_sheet WHERE digest = {ONE_SHEET}"], "no event removed it"),
        (["UPDATE seal SET signature = x'00'"], "is not valid"),
        (["DELETE FROM seal"], "was removed"),
        (["DELETE FROM recusal"], "no event removed it"),
    ],
    ids=[
        "end",
        "end_head",
        "end_head_seals",
        "middle",
        "actor",
        "swapped",
        "total",
        "sheet",
        "seal",
        "seals",
        "recusal",
    ],
)
def test_an_edit_past_the_program_shows(collected: Place, statements: list[str], words: str) -> None:
    edit(collected.round, *statements)
    ran = refused("audit", collected.round, "--verify", "--json", words=words)
    assert ran.json["valid"] is False
    assert qisp("audit", collected.round, "--verify").code == 1


def test_an_edited_score_is_never_shown_as_a_result(collected: Place) -> None:
    with closing(sqlite3.connect(collected.round)) as raw, raw:
        digest, document = raw.execute("SELECT digest, document FROM score_sheet ORDER BY digest LIMIT 1").fetchone()
        sheet = json.loads(document)
        sheet["items"][0]["points"], sheet["total"] = "0", "1"
        values = (json.dumps(sheet, ensure_ascii=False, sort_keys=True, separators=(",", ":")), digest)
        raw.execute("UPDATE score_sheet SET document = ? WHERE digest = ?", values)
    for command in (
        ("results", collected.round),
        ("export", "workbook", collected.round, collected.folder / "out.xlsx"),
    ):
        refused(*command, words="changed past this program")
    refused(*collected.office("freeze", collected.round, "--reason", "x"), words="changed past this program")
    assert not (collected.folder / "out.xlsx").exists()
    assert "score_sheet" in refused("audit", collected.round, "--verify", words="is not as its last event left it").err


def test_a_trail_that_is_older_than_a_package_says_so_when_the_package_is_verified(issued: Place) -> None:
    """Who puts an older copy of the round back leaves a file in itself whole; what was handed out since tells."""
    secret = issued.letter(EXPERTS[-1])
    package = issued.package(EXPERTS[-1])
    done("verify", package, "--round", issued.round, "--passphrase-file", secret)
    edit(issued.round, CUT_LAST, HEAD_TO_END, CUT_SEALS)
    (one,) = qisp("verify", package, "--round", issued.round, "--passphrase-file", secret, "--json").json
    assert "audit trail no longer holds" in " ".join(one["reasons"])


def test_every_step_of_a_round_is_in_the_trail(collected: Place) -> None:
    document = done("audit", collected.round, "--verify", "--json").json
    assert (document["valid"], document["problems"]) == (True, [])
    actions = [event["action"] for event in document["events"]]
    for action in ("import applications", "import experts", "screen", "assign", "issue", "collect", "seal"):
        assert action in actions
    subjects = {event["subject"] for event in document["events"]}
    assert {f"application:{number}" for number in ACCEPTED} <= subjects
    assert document["head"]["seq"] == len(document["events"])


def test_files_that_are_no_round_are_refused_in_words(collected: Place) -> None:
    folder = collected.folder
    data = collected.round.read_bytes()
    hostile = {
        "text": b"no database",
        "empty": b"",
        "cut": data[: len(data) // 2],
        "other": data[:68] + b"\0\0\0\0" + data[72:],
        "zeros": data[:4096] + bytes(len(data) - 4096),
    }
    for name, content in hostile.items():
        path = folder / f"{name}.qround"
        path.write_bytes(content)
        for command in (("results", path), ("audit", path, "--verify"), ("screen", path)):
            ran = qisp(*command)
            assert (ran.code, "Traceback" in ran.err, bool(ran.err.strip())) == (1, False, True), (name, command, ran)
    refused("results", folder, words="It is a folder")
