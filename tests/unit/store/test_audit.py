"""The audit trail shows whatever was changed, removed, reordered, cut off or edited past the program."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qisp_desktop.domain.panel import Expert
from qisp_desktop.store.audit import EMPTY, AuditHead, EventRow, chained, problems, seal_bytes
from qisp_desktop.store.places import RoundPlace
from qisp_desktop.store.round_store import RoundStore
from tests.unit.store.past_the_program import edit, raw, rows
from tests.unit.store.samples import EXPERT, check_signature, expert, sheet, signature_of

SEALED = 29
"""The event of the seal: the last one of a round that holds one record of every kind."""


def problems_of(place: RoundPlace, known: tuple[AuditHead, ...] = ()) -> list[str]:
    with RoundStore.open(place, actor="auditor") as store:
        return store.verify_audit(check_signature, known)


def test_an_honest_trail_has_no_problem(full_place: RoundPlace) -> None:
    assert problems_of(full_place) == []


CUT = "DELETE FROM audit_event WHERE seq > 2"
HEAD_TO_END = (
    "UPDATE audit_head SET seq = (SELECT max(seq) FROM audit_event), "
    "digest = (SELECT digest FROM audit_event ORDER BY seq DESC LIMIT 1)"
)


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE audit_event SET actor = 'somebody else' WHERE seq = 5"], "Event 5 was changed"),
        (["UPDATE audit_event SET time = '2020-01-01T00:00:00Z' WHERE seq = 1"], "Event 1 was changed"),
        (["UPDATE audit_event SET detail = 1.5 WHERE seq = 3"], "Event 3 was changed"),
        (["UPDATE audit_event SET digest = x'00' WHERE seq = 3"], "Event 4 does not follow"),
        (["DELETE FROM audit_event WHERE seq = 4"], "Event 5 follows event 3"),
        (["DELETE FROM audit_event WHERE seq = 1"], "Event 2 follows event 0"),
        (["DELETE FROM audit_event"], "its end was cut off"),
        (
            [
                "UPDATE audit_event SET seq = 99 WHERE seq = 3",
                "UPDATE audit_event SET seq = 3 WHERE seq = 4",
                "UPDATE audit_event SET seq = 4 WHERE seq = 99",
            ],
            "Event 3 does not follow",
        ),
        ([CUT], "its end was cut off"),
        ([CUT, HEAD_TO_END], "was sealed but is no longer there"),
        ([CUT, HEAD_TO_END, "DELETE FROM seal"], "is stored, but no event put it there"),
        (["UPDATE audit_head SET seq = seq - 1"], "its end was cut off or changed"),
        (["DELETE FROM seal"], f"seal at event {SEALED} was removed"),
        (["UPDATE seal SET signature = x'00'"], f"seal at event {SEALED} is not valid: other data was signed"),
        (["UPDATE seal SET digest = '0'"], "is not the one that was sealed"),
        (["UPDATE score_sheet SET document = replace(document, '3.5', '4')"], "is not as its last event left it"),
        (["UPDATE score_sheet SET total = '4'"], "is not as its last event left it"),
        (["UPDATE score_sheet SET expert = 'E002'"], "is not as its last event left it"),
        (["UPDATE round SET digest = 'x'"], "round:7f3c is not as its last event left it"),
        (["UPDATE expert SET document = '{}'"], "expert:E001 is not as its last event left it"),
        (["UPDATE expert SET document = x'ff'"], "expert:E001 is not as its last event left it"),
        (["DELETE FROM score_sheet"], "is no longer there, and no event removed it"),
        (["DELETE FROM kept"], "is no longer there, and no event removed it"),
        (["UPDATE secret SET data = x'00'"], "secret:identity is not as its last event left it"),
        (
            ["INSERT INTO explanation SELECT 'E001', 'X', digest, 1, document FROM explanation"],
            "explanation:E001/X is stored, but no event put it there",
        ),
    ],
)
def test_an_edit_past_the_program_shows(full_place: RoundPlace, statements: list[str], found: str) -> None:
    edit(full_place, *statements)

    assert found in "\n".join(problems_of(full_place))


def test_a_trail_written_anew_does_not_fit_its_seals_nor_what_was_printed(full_place: RoundPlace) -> None:
    with RoundStore.open(full_place, actor="b") as store:
        printed = store.audit_head()
        events = [event._asdict() for event in _rows(full_place)]
    head, statements = EMPTY, ["DELETE FROM audit_event"]
    for row in events:
        content = {name: row[name] for name in EventRow._fields[1:8]} | {"actor": "forged"}
        new = chained(head, content)
        head = AuditHead(head.seq + 1, str(new["digest"]))
        cells = ", ".join(repr(new[name]) for name in EventRow._fields)
        statements.append(f"INSERT INTO audit_event ({', '.join(EventRow._fields)}) VALUES ({cells})")
    edit(full_place, *statements, HEAD_TO_END)

    found = problems_of(full_place)
    assert found == [f"Event {SEALED} is not the one that was sealed."]
    assert len(problems_of(full_place, (printed,))) == 2


def _rows(place: RoundPlace) -> list[EventRow]:
    return [
        EventRow(*row) for row in rows(place, f"SELECT {', '.join(EventRow._fields)} FROM audit_event ORDER BY seq")
    ]


def test_a_head_that_was_printed_stays_in_the_trail(full_place: RoundPlace) -> None:
    with RoundStore.open(full_place, actor="b", write=True) as store:
        printed = store.audit_head()
        with store.change("import") as change:
            change.put(expert(2))

    assert problems_of(full_place, (printed, EMPTY)) == []
    assert problems_of(full_place, (AuditHead(2, "0" * 64),)) != []
    assert problems_of(full_place, (AuditHead(2000, "0" * 64),)) != []


@pytest.mark.parametrize("table", ["audit_event", "seal"])
def test_the_database_itself_refuses_to_change_or_remove_what_is_append_only(
    full_place: RoundPlace, table: str
) -> None:
    with raw(full_place) as connection:
        for statement in (f"UPDATE {table} SET digest = ''", f"DELETE FROM {table}"):
            with pytest.raises((sqlite3.IntegrityError, psycopg.Error), match="append-only"):
                connection.execute(statement)


def test_a_removed_and_an_updated_record_are_as_their_last_event_left_them(full_place: RoundPlace) -> None:
    with RoundStore.open(full_place, actor="b", write=True) as store:
        with store.change("edit") as change:
            change.put_all([expert(2), replace(EXPERT, phone="1")])
        with store.change("edit") as change:
            change.remove(Expert, "E002")
            change.put_secret("identity", b"under another passphrase")
        with store.change("edit") as change:
            change.put(expert(2))

    assert problems_of(full_place) == []


def test_a_head_is_sealed_once(full_place: RoundPlace) -> None:
    with RoundStore.open(full_place, actor="b", write=True) as store:
        before = store.audit_head()
        with store.change("collect") as change:
            change.put(sheet())
            change.seal(signature_of)
        assert store.audit_head() == before
        with store.change("collect") as change:
            change.put(sheet(points="4"))
            change.seal(signature_of)
        assert store.audit_head().seq == before.seq + 2

    assert problems_of(full_place) == []


def test_a_seal_signs_the_round_and_the_head_with_its_own_event(full_place: RoundPlace) -> None:
    signed: list[bytes] = []

    def sign(data: bytes) -> bytes:
        signed.append(data)
        return b""

    with RoundStore.open(full_place, actor="b", write=True) as store:
        with store.change("freeze") as change:
            change.note("freeze", "result")
            change.seal(sign)
        assert signed == [seal_bytes("7f3c", store.audit_head())]


CELL = st.one_of(st.text(max_size=5), st.integers(-3, 30), st.none(), st.floats(), st.binary(max_size=3))


def _honest_chain(length: int) -> tuple[list[EventRow], AuditHead]:
    head, rows = EMPTY, []
    names = EventRow._fields[1:8]
    for number in range(length):
        row = chained(head, {name: f"{name}{number}" for name in names} | {"before": "", "after": ""})
        rows.append(EventRow(**row))
        head = AuditHead(number + 1, str(row["digest"]))
    return rows, head


def _problems(rows: list[EventRow], head: AuditHead) -> list[str]:
    return problems(rows, head, [], {}, round_id="r", check_signature=check_signature)


@given(length=st.integers(1, 12), data=st.data(), column=st.sampled_from(EventRow._fields), cell=CELL)
def test_any_changed_cell_of_any_event_shows(length: int, data: st.DataObject, column: str, cell: Any) -> None:
    rows, head = _honest_chain(length)
    place = data.draw(st.integers(0, length - 1))
    if getattr(rows[place], column) != cell:
        rows[place] = rows[place]._replace(**{column: cell})
        assert _problems(rows, head)


@given(length=st.integers(1, 12), data=st.data())
def test_any_other_selection_or_order_of_events_shows(length: int, data: st.DataObject) -> None:
    rows, head = _honest_chain(length)
    assert _problems(rows, head) == []

    other = data.draw(st.lists(st.sampled_from(rows), max_size=length + 2))

    assert bool(_problems(other, head)) == (other != rows)
