"""Two clerks on one round: of a file one writes and the other reads; on a server both write, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.issuing import Issue
from qisp_desktop.domain.panel import Expert
from qisp_desktop.store import server_database
from qisp_desktop.store.places import RoundPlace, ServerPlace
from qisp_desktop.store.round_store import RoundStore
from tests.postgres import PostgresServer
from tests.unit.store.past_the_program import rows
from tests.unit.store.samples import APPLICATION, EXPERT, application, check_signature, expert, full_round, new_round

LI, WANG = "李秘书", "王秘书"


def together(*works: Callable[[], object]) -> list[object]:
    """Each in a thread of its own, all begun at the same moment; what they return or raise."""
    start = Barrier(len(works))

    def begun(work: Callable[[], object]) -> object:
        start.wait()
        try:
            return work()
        except UserError as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begun, works))


# One file --------------------------------------------------------------------------------------------------------


def test_the_second_clerk_of_a_file_is_told_who_has_it_since_when_and_reads_one_state(path: Path) -> None:
    full_round(path)
    with RoundStore.open(path, actor=WANG, write=True) as store:
        (since,) = rows(path, "SELECT since FROM lease")[0]

        with pytest.raises(UserError, match="open for writing elsewhere") as refused:
            RoundStore.open(path, actor=LI, write=True)

        assert WANG in refused.value.why
        assert datetime.fromisoformat(since).astimezone().strftime("%Y-%m-%d %H:%M") in refused.value.why
        assert "for reading only" in refused.value.do
        with RoundStore.open(path, actor=LI) as reader, reader.snapshot():
            assert reader.all(Expert) == [EXPERT]
            with store.change("import") as change:
                change.put_all([expert(2), application(2)])
            assert reader.all(Expert) == [EXPERT]
            assert reader.verify_audit(check_signature) == []


# One server ------------------------------------------------------------------------------------------------------


def test_each_clerk_sees_what_the_other_did_and_whose_it_is(full_server_place: ServerPlace) -> None:
    with (
        RoundStore.open(full_server_place, actor=WANG, write=True) as wang,
        RoundStore.open(full_server_place, actor=LI, write=True) as li,
    ):
        assert li.several_writers
        head = li.audit_head()
        with wang.change("import") as change:
            change.put(expert(2))

        assert [(event.actor, event.subject) for event in li.changed_since(head)] == [(WANG, "expert:E002")]
        assert len(li.all(Expert)) == 2
        with li.change("edit") as change:
            assert change.put(replace(expert(2), phone="1"))
        assert wang.get(Expert, "E002") == replace(expert(2), phone="1")


def test_a_stale_change_is_refused_with_whose_change_it_was_and_can_be_repeated(full_server_place: ServerPlace) -> None:
    with (
        RoundStore.open(full_server_place, actor=WANG, write=True) as wang,
        RoundStore.open(full_server_place, actor=LI, write=True) as li,
    ):
        assert li.all(Expert) == [EXPERT]
        with wang.change("edit") as change:
            change.put(replace(EXPERT, phone="1"))
        head = li.audit_head()

        with pytest.raises(UserError, match="was changed by somebody else") as refused, li.change("edit") as change:
            change.put_all([application(2), replace(EXPERT, phone="2")])
        assert WANG in refused.value.why
        with pytest.raises(UserError, match=WANG), li.change("edit") as change:
            change.remove(Expert, "E001")
        assert li.audit_head() == head

        assert li.get(Expert, "E001") == replace(EXPERT, phone="1")
        with li.change("edit") as change:
            assert change.put(replace(EXPERT, phone="2"))


def test_what_the_other_added_after_a_list_was_read_is_not_overwritten(full_server_place: ServerPlace) -> None:
    def issue(by: str) -> Issue:
        return Issue("E001", 2, "E001-2", by, "PEM", "d" * 64)

    with (
        RoundStore.open(full_server_place, actor=WANG, write=True) as wang,
        RoundStore.open(full_server_place, actor=LI, write=True) as li,
    ):
        assert [one.number for one in li.all(Issue)] == [1]
        with wang.change("issue") as change:
            change.put(issue(WANG))

        with pytest.raises(UserError, match=WANG), li.change("issue") as change:
            change.put(issue(LI))
        assert li.listing(Issue, "number") == [(1,), (2,)]
        with li.change("issue") as change:  # having seen that it is there
            change.put(issue(LI))
        assert wang.all(Issue)[1] == issue(LI)


def test_what_was_there_when_a_list_was_read_may_be_replaced_unread(full_server_place: ServerPlace) -> None:
    with RoundStore.open(full_server_place, actor=LI, write=True) as li:
        assert li.all(Issue, expert="E404") == []
        with li.change("issue") as change:
            assert change.put(Issue("E001", 1, "E001-1", "again", "PEM", "d" * 64))


def test_what_rests_on_the_whole_round_is_refused_after_any_change(full_server_place: ServerPlace) -> None:
    with (
        RoundStore.open(full_server_place, actor=WANG, write=True) as wang,
        RoundStore.open(full_server_place, actor=LI, write=True) as li,
    ):
        head = li.audit_head()
        with li.change("freeze") as change:
            change.require_unchanged_since(head)
        with wang.change("import") as change:
            change.put(expert(2))

        with pytest.raises(UserError, match=WANG), li.change("freeze") as change:
            change.require_unchanged_since(head)


def test_changes_at_the_same_time_come_into_one_order(full_server_place: ServerPlace) -> None:
    turns = 12

    def clerk(name: str, first: int) -> None:
        with RoundStore.open(full_server_place, actor=name, write=True) as store:
            for turn in range(turns):
                with store.change("import") as change:
                    change.put_all([expert(first + turn), application(first + turn)])

    assert together(lambda: clerk(WANG, 100), lambda: clerk(LI, 500)) == [None, None]

    with RoundStore.open(full_server_place, actor="auditor") as store:
        assert store.verify_audit(check_signature) == []
        assert len(store.all(Expert)) == 1 + 2 * turns
        events = store.audit_events()[-4 * turns :]
        assert {event.actor for event in events} == {WANG, LI}
        # Nobody's change is torn apart by the other's.
        assert all(one.actor == two.actor for one, two in zip(events[::2], events[1::2], strict=True))


def test_of_two_who_change_the_same_record_at_once_one_is_refused(full_server_place: ServerPlace) -> None:
    stores = [RoundStore.open(full_server_place, actor=name, write=True) for name in (WANG, LI)]

    def edit(store: RoundStore, phone: str) -> str:
        with store.change("edit") as change:
            change.put(replace(EXPERT, phone=phone))
        return phone

    for store in stores:
        store.all(Expert)
    done = together(*(lambda store=store, n=n: edit(store, str(n)) for n, store in enumerate(stores)))

    (kept,) = [one for one in done if isinstance(one, str)]
    (refused,) = [one for one in done if isinstance(one, UserError)]
    winner = (WANG, LI)[int(kept)]
    assert winner in refused.why
    assert stores[0].all(Expert) == [replace(EXPERT, phone=kept)]
    for store in stores:
        store.close()


def test_who_waits_too_long_for_the_others_change_is_told(
    full_server_place: ServerPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_database, "LOCK_TIMEOUT", "50ms")
    with (
        RoundStore.open(full_server_place, actor=WANG, write=True) as wang,
        RoundStore.open(full_server_place, actor=LI, write=True) as li,
        wang.change("import") as change,
    ):
        change.put(expert(2))
        with pytest.raises(UserError, match="being written by somebody else"), li.change("import") as other:
            other.put(expert(3))
        assert li.all(Expert) == [EXPERT]  # reading waits for nobody


HOLD = """
import sys, time
from qisp_desktop.domain.panel import Expert
from qisp_desktop.store.places import parse_place
from qisp_desktop.store.round_store import RoundStore
store = RoundStore.open(parse_place(sys.argv[1]), actor="the killed one", write=True)
with store.change("never finished") as change:
    change.remove(Expert, "E001")
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_clerk_whose_program_is_killed_in_a_change_leaves_nothing_and_keeps_nobody_waiting(
    server_place: ServerPlace,
) -> None:
    with new_round(server_place) as store, store.change("import") as change:
        change.put(EXPERT)
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(server_place)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    with holder.stdout:
        assert holder.stdout.readline() == "held\n"
        holder.kill()
        holder.wait()

    with RoundStore.open(server_place, actor=LI, write=True) as li:
        with li.change("edit") as change:
            assert change.put(replace(EXPERT, phone="1"))
        assert li.verify_audit(check_signature) == []


def test_of_two_who_make_a_round_in_one_database_one_is_refused(postgres: PostgresServer, tmp_path: Path) -> None:
    place = postgres.new_place(tmp_path / "files")

    done = together(*(lambda: new_round(place).close() for _ in range(2)))

    assert done.count(None) == 1
    assert any("already" in str(one) for one in done)
    with RoundStore.open(place, actor=LI, write=True) as store:
        assert store.verify_audit(check_signature) == []
    postgres.drop(place.database)


def test_a_reader_never_sees_half_of_anothers_change(full_place: RoundPlace) -> None:
    """Each change renames an expert and an application alike; the reader looks at them in two steps."""
    turns = 30

    def writer() -> None:
        with RoundStore.open(full_place, actor=WANG, write=True) as store:
            for turn in range(turns):
                with store.change("rename") as change:
                    change.put(replace(EXPERT, name=str(turn)))
                    change.put(replace(APPLICATION, platform=str(turn)))

    def reader() -> set[bool]:
        found = set()
        with RoundStore.open(full_place, actor=LI) as store:
            for _turn in range(turns):
                with store.snapshot():
                    (one,), (other,) = store.all(Expert), store.all(Application)
                    found.add((one.name == EXPERT.name) == (other.platform == APPLICATION.platform))
                    found.add(one.name in (other.platform, EXPERT.name))
        return found

    assert together(writer, reader) == [None, {True}]


def test_who_read_a_part_of_a_list_later_does_not_know_the_rest_better(full_server_place: ServerPlace) -> None:
    with (
        RoundStore.open(full_server_place, actor=WANG, write=True) as wang,
        RoundStore.open(full_server_place, actor=LI, write=True) as li,
    ):
        assert len(li.all(Issue)) == 1
        with wang.change("issue") as change:
            change.put(Issue("E001", 2, "E001-2", WANG, "PEM", "d" * 64))
        assert li.get(Issue, "E001", "1") is not None
        assert li.all(Issue, expert="E404") == []

        with pytest.raises(UserError, match=WANG), li.change("issue") as change:
            change.put(Issue("E001", 2, "E001-2", LI, "PEM", "d" * 64))


CLERKS, NUMBERS = st.sampled_from([0, 1]), st.sampled_from([1, 2])
STEP = st.one_of(
    st.tuples(st.just("look at one"), CLERKS, NUMBERS, st.just("")),
    st.tuples(st.just("look at all"), CLERKS, NUMBERS, st.just("")),
    st.tuples(st.just("put"), CLERKS, NUMBERS, st.sampled_from("abc")),
    st.tuples(st.just("remove"), CLERKS, NUMBERS, st.just("")),
)


@pytest.fixture(scope="module")
def two_stores(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RoundStore]]:
    """Two clerks on one round, for as long as the examples last."""
    database = postgres.new_database()
    place = postgres.place(database, tmp_path_factory.mktemp("files"))
    new_round(place).close()
    stores = [RoundStore.open(place, actor=name, write=True) for name in (WANG, LI)]
    yield stores
    for store in stores:
        store.close()
    postgres.drop(database)


def attempt(store: RoundStore, step: str, value: Expert) -> bool | UserError:
    """Whether anything was changed, or why not."""
    try:
        with store.change(step) as change:
            return change.put(value) if step == "put" else change.remove(Expert, value.id)
    except UserError as error:
        return error


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=14))
def test_nobody_overwrites_what_they_have_not_seen(
    two_stores: list[RoundStore], steps: list[tuple[str, int, int, str]]
) -> None:
    """Who knows the newest state can change it; who does not is refused, unless it is just as they know it."""
    for store in two_stores:
        held = store.all(Expert)
        with store.change("clear") as change:
            for one in held:
                change.remove(Expert, one.id)
    assert [store.all(Expert) for store in two_stores] == [[], []]
    now: dict[int, tuple[int, str]] = {1: (0, ""), 2: (0, "")}
    """How often each record was written, and its phone as it is; empty when it is not there."""
    known = [dict(now), dict(now)]

    for step, clerk, number, phone in steps:
        store, value = two_stores[clerk], replace(expert(number), phone=phone)
        if step == "look at one":
            found = store.get(Expert, value.id)
            assert (found.phone if found else "") == now[number][1]
            known[clerk][number] = now[number]
        elif step == "look at all":
            assert [one.phone for one in store.all(Expert)] == [phone for _count, phone in now.values() if phone]
            known[clerk] = dict(now)
        else:
            done = attempt(store, step, value)
            if isinstance(done, UserError):
                assert (WANG, LI)[1 - clerk] in done.why
                assert known[clerk][number] != now[number]
            else:
                assert done == (phone != now[number][1])
                if done:
                    assert known[clerk][number][1] == now[number][1]
                    now[number] = known[clerk][number] = (now[number][0] + 1, phone)

    assert two_stores[0].verify_audit(check_signature) == []
