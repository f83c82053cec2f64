"""What is put into a round comes out again, whole or not at all, from a file as from a server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.issuing import Issue
from qisp_desktop.domain.panel import AssignedBy, Assignment, Expert
from qisp_desktop.domain.round import Freeze
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.store.aggregates import ROUND_AGGREGATES, aggregate_of, prepared
from qisp_desktop.store.places import RoundPlace
from qisp_desktop.store.round_store import Change, RoundStore
from tests.unit.store.samples import (
    APPLICATION,
    CLERK,
    EXPERT,
    ROUND,
    ROUND_RECORDS,
    RUBRIC,
    application,
    check_signature,
    expert,
    new_round,
    sheet,
    signature_of,
)


def test_a_new_round_file_holds_the_round_and_its_rubric(store: RoundStore) -> None:
    assert store.round() == ROUND
    assert store.rubric() == RUBRIC
    assert store.writable


def test_a_round_file_is_never_overwritten(path: Path) -> None:
    path.write_bytes(b"somebody's work")

    with pytest.raises(UserError, match="is there already"):
        new_round(path)

    assert path.read_bytes() == b"somebody's work"
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_making_a_round_file_leaves_nothing_beside_it_but_its_backup(path: Path) -> None:
    new_round(path).close()

    left = {entry.name for entry in path.parent.iterdir()}
    assert left - {f"{path.name}-journal"} == {path.name, f"{path.name}.backups"}


def test_every_kind_of_record_has_a_sample() -> None:
    assert {type(record) for record in ROUND_RECORDS} == {aggregate.cls for aggregate in ROUND_AGGREGATES}


def test_every_kind_of_record_comes_back_as_it_was(filled: RoundStore) -> None:
    for record in ROUND_RECORDS:
        key = aggregate_of(type(record)).encoded(record).key
        assert filled.get(type(record), *map(str, key)) == record
        assert filled.all(type(record)) == [record]


def test_what_is_not_there_is_none(store: RoundStore) -> None:
    assert store.get(Expert, "E999") is None
    assert store.secret("identity") is None
    assert store.kept("0" * 64) is None


def test_records_come_in_the_order_of_their_keys_with_numbers_as_numbers(store: RoundStore) -> None:
    with store.change("issue") as change:
        change.put_all(Issue("E001", number, f"E001-{number}", "", "", "") for number in (10, 2, 1))
        change.put(EXPERT)

    assert [issue.number for issue in store.all(Issue)] == [1, 2, 10]
    assert store.get(Issue, "E001", "10") == Issue("E001", 10, "E001-10", "", "", "")


def test_records_are_found_by_their_searched_columns(store: RoundStore) -> None:
    with store.change("collect") as change:
        change.put_all([expert(1), expert(2), application(1), application(2)])
        change.put_all(sheet(f"E00{e}", f"QISP-2026-00{a}") for e in (1, 2) for a in (1, 2))

    assert {s.application for s in store.all(ScoreSheet, expert="E001")} == {"QISP-2026-001", "QISP-2026-002"}
    assert store.all(ScoreSheet, expert="E002", application="QISP-2026-002") == [sheet("E002", "QISP-2026-002")]
    assert len(store.all(ScoreSheet, total="3.5", revision="1")) == 4
    assert store.all(ScoreSheet, expert="E009") == []


def test_columns_can_be_listed_without_reading_documents(filled: RoundStore) -> None:
    assert filled.listing(ScoreSheet, "digest", "revision", expert="E001") == [(sheet().digest, 1)]


def test_asking_for_what_is_not_kept_is_a_mistake_of_the_program(store: RoundStore) -> None:
    with pytest.raises(TypeError):
        store.all(Expert, name="张三")
    with pytest.raises(TypeError):
        store.get(Assignment, "E001")
    with pytest.raises(TypeError):
        store.all(int)


def test_putting_the_same_again_writes_nothing(filled: RoundStore) -> None:
    before = filled.audit_head()

    with filled.change("collect again") as change:
        assert change.put_all(ROUND_RECORDS) == 0
        assert not change.put(sheet())
        change.keep(b"signed manifest")
        change.put_secret("identity", b"encrypted key")

    assert filled.audit_head() == before


def test_a_record_put_twice_in_one_change_is_the_later_one(store: RoundStore) -> None:
    with store.change("import") as change:
        change.put_all([EXPERT, replace(EXPERT, name="张三")])
        change.put(replace(EXPERT, name="李四"))

    assert store.all(Expert) == [replace(EXPERT, name="李四")]


def test_many_records_are_updated_as_few_are(store: RoundStore) -> None:
    with store.change("import") as change:
        change.put_all(expert(number) for number in range(50))
    with store.change("import") as change:
        changed = change.put_all(replace(expert(number), phone="1") for number in range(25, 75))

    assert changed == 50
    assert [one.phone for one in store.all(Expert)] == [EXPERT.phone] * 25 + ["1"] * 50


def test_what_was_prepared_is_put_as_the_value_itself_would_be(store: RoundStore) -> None:
    values = [EXPERT, APPLICATION, expert(7)]
    with store.change("import") as change:
        assert change.put_all([prepared(EXPERT), APPLICATION, prepared(expert(7)), prepared(sheet())]) == 4
    with store.change("import") as change:
        assert change.put_all([*values, sheet()]) == 0
        assert change.put_all(map(prepared, [*values, sheet()])) == 0
        assert change.put(prepared(replace(EXPERT, name="张三")))

    assert store.all(ScoreSheet) == [sheet()]
    assert store.get(Expert, EXPERT.id) == replace(EXPERT, name="张三")
    with pytest.raises(TypeError):
        prepared("no record")


def test_signed_bytes_are_kept_once_and_in_their_order(store: RoundStore) -> None:
    contents = [f"manifest {number}".encode() for number in range(30)]

    with store.change("collect") as change:
        change.keep(contents[3])
        named = change.keep_all([*contents, contents[0]])
        assert change.keep_all([]) == []

    assert named == [sha256(data) for data in [*contents, contents[0]]]
    assert [store.kept(digest) for digest in named] == [*contents, contents[0]]
    kept = [event.subject for event in store.audit_events() if event.subject.startswith("kept:")]
    assert kept == [f"kept:{sha256(data)}" for data in [contents[3], *contents[:3], *contents[4:]]]


def test_a_change_that_fails_leaves_nothing(filled: RoundStore) -> None:
    before = filled.audit_head()

    def fail(change: Change) -> None:
        change.put_all([replace(EXPERT, name="张三"), application(2)])
        change.remove(Freeze, str(filled.listing(Freeze, "at")[0][0]))
        change.keep(b"more")
        change.put_secret("identity", b"other key")
        change.note("export", "workbook")
        raise RuntimeError("the program is at fault")

    with pytest.raises(RuntimeError), filled.change("collect") as change:
        fail(change)

    assert filled.audit_head() == before
    assert len(filled.audit_events()) == before.seq
    assert filled.all(Expert) == [EXPERT]
    assert filled.all(Application) == [APPLICATION]
    assert len(filled.all(Freeze)) == 1
    assert filled.kept(sha256(b"more")) is None
    assert filled.secret("identity") == b"encrypted key"
    with filled.change("afterwards") as change:
        assert change.put(replace(EXPERT, name="张三"))


def test_reading_inside_a_change_sees_what_it_has_done(store: RoundStore) -> None:
    with store.change("import") as change:
        change.put(EXPERT)
        assert store.all(Expert) == [EXPERT]
        assert store.audit_head() == change.head


def test_what_was_done_since_a_head_is_told_in_its_order(store: RoundStore) -> None:
    before = store.audit_head()
    assert store.changed_since(before) == []

    with store.change("import") as change:
        change.put_all([EXPERT, expert(2)])

    assert [(event.actor, event.subject) for event in store.changed_since(before)] == [
        (CLERK, "expert:E001"),
        (CLERK, "expert:E002"),
    ]


def test_a_snapshot_is_one_state_whatever_is_written_meanwhile(store: RoundStore) -> None:
    with RoundStore.open(store.place, actor="b") as reader:
        with reader.snapshot():
            assert reader.all(Expert) == []
            with store.change("import") as change:
                change.put_all([EXPERT, application(1)])
            with reader.snapshot():
                assert reader.all(Application) == []
                assert reader.audit_head() == reader.audit_head()
        assert reader.all(Expert) == [EXPERT]


def test_a_snapshot_inside_a_change_sees_what_the_change_has_done(store: RoundStore) -> None:
    with store.change("import") as change:
        change.put(EXPERT)
        with store.snapshot():
            assert store.all(Expert) == [EXPERT]


def test_a_change_inside_a_snapshot_is_kept(store: RoundStore) -> None:
    with store.snapshot():
        assert store.all(Expert) == []
        with store.change("keys") as change:
            change.put_secret("order", b"key")

    assert store.secret("order") == b"key"


def test_texts_are_ordered_by_their_characters_and_not_by_a_language(store: RoundStore) -> None:
    numbers = ["b", "B", "a", "A-1", "A1", "_", "中", "é"]
    with store.change("import") as change:
        change.put_all(replace(EXPERT, id=number) for number in numbers)

    assert [one.id for one in store.all(Expert)] == sorted(numbers)
    assert store.listing(Expert, "id") == [(number,) for number in sorted(numbers)]


@pytest.mark.parametrize("to", ["file", "server"])
def test_a_copy_is_the_whole_round_with_its_trail_and_materials(
    filled: RoundStore, to: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    copy: RoundPlace = tmp_path / "copy.qround"
    if to == "server":
        copy = request.getfixturevalue("postgres").new_place(tmp_path / "copied")
    digest = filled.add_file(b"content")

    filled.copy_to(copy)

    with RoundStore.open(copy, actor="b", write=True) as copied:
        for aggregate in ROUND_AGGREGATES:
            assert copied.all(aggregate.cls) == filled.all(aggregate.cls)
        assert copied.audit_events() == filled.audit_events()
        assert copied.verify_audit(check_signature) == []
        assert copied.file(digest).read_bytes() == b"content"
        with copied.change("go on") as change:
            assert change.put(replace(EXPERT, name="张三"))
    with pytest.raises(UserError, match="already"):
        filled.copy_to(copy)


@pytest.mark.parametrize("to", ["file", "server"])
def test_a_copy_without_room_for_its_materials_is_not_made(
    filled: RoundStore, to: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    copy: RoundPlace = tmp_path / "copy.qround"
    files = tmp_path / "copy.qround.files"
    if to == "server":
        files = tmp_path / "copied"
        copy = request.getfixturevalue("postgres").new_place(files)
    digest = filled.add_file(b"content")
    files.mkdir()
    (files / digest[:2]).write_bytes(b"in the way")

    with pytest.raises(UserError, match="could not be written"):
        filled.copy_to(copy)
    with pytest.raises(UserError, match=r"is not there|no round"):
        RoundStore.open(copy, actor="b")
    (files / digest[:2]).unlink()
    filled.copy_to(copy)

    with RoundStore.open(copy, actor="b") as copied:
        assert copied.file(digest).read_bytes() == b"content"


def test_a_damaged_material_is_not_copied_as_if_it_were_sound(filled: RoundStore, tmp_path: Path) -> None:
    filled.file(filled.add_file(b"content")).write_bytes(b"CONTENT")

    with pytest.raises(UserError, match="is damaged"):
        filled.copy_to(tmp_path / "copy.qround")

    assert not (tmp_path / "copy.qround").exists()


def test_removing_takes_a_record_out_and_says_whether_it_was_there(filled: RoundStore) -> None:
    with filled.change("assign") as change:
        assert change.remove(Assignment, "E001", "QISP-2026-001")
        assert not change.remove(Assignment, "E001", "QISP-2026-001")

    assert filled.all(Assignment) == []


def test_a_record_cannot_point_to_an_expert_who_is_not_there(store: RoundStore) -> None:
    with pytest.raises(UserError, match="what it rests on is gone"), store.change("assign") as change:
        change.put(Assignment("E404", "QISP-2026-404", AssignedBy.HAND))

    assert store.all(Assignment) == []


def test_a_number_beyond_any_column_is_refused(filled: RoundStore) -> None:
    with pytest.raises(UserError, match="too large"), filled.change("collect") as change:
        change.put(sheet(revision=2**40))

    assert filled.all(ScoreSheet) == [sheet()]


def test_changes_need_a_file_opened_for_writing_and_are_not_nested(store: RoundStore) -> None:
    with (
        RoundStore.open(store.place, actor="b") as reader,
        pytest.raises(ValueError, match="reading"),
        reader.change("x"),
    ):
        pass
    with store.change("a"), pytest.raises(ValueError, match="under way"), store.change("b"):
        pass


def test_nothing_follows_a_seal_in_its_change(filled: RoundStore) -> None:
    with filled.change("issue") as change:
        change.put(expert(2))
        change.seal(signature_of)
        with pytest.raises(ValueError, match="sealed"):
            change.note("print", "letters")

    assert filled.audit_events()[-1].action == "seal"


def test_a_digest_that_is_held_spares_the_sheet_its_encoding(filled: RoundStore) -> None:
    received = sheet()
    held = received.digest

    with filled.change("collect") as change:
        assert change.put_all([received, sheet(points="4")]) == 1

    assert {s.digest for s in filled.all(ScoreSheet)} == {held, sheet(points="4").digest}


def test_events_name_the_clerk_the_verb_and_the_record(store: RoundStore) -> None:
    with store.change("import experts") as change:
        change.put(EXPERT)
        change.note("print", "letters", "12 pages")

    put, printed = store.audit_events()[-2:]
    assert (put.actor, put.action, put.subject, put.before) == (CLERK, "import experts", "expert:E001", "")
    assert put.after == aggregate_of(Expert).encoded(EXPERT).digest
    assert (printed.action, printed.subject, printed.detail) == ("print", "letters", "12 pages")
    assert printed.previous == put.digest
