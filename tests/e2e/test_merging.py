"""Collecting: what counts follows from the set of all files ever received, never from their order or repetition."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qisp_desktop.base.errors import Cancelled, UserError
from qisp_desktop.base.work import Work
from qisp_desktop.domain.aggregation import Recommendation
from qisp_desktop.domain.inspection import InspectionPlan
from qisp_desktop.domain.issuing import Return
from qisp_desktop.domain.merging import Resolution
from qisp_desktop.domain.panel import AssignedBy, Assignment
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.domain.round import Freeze
from qisp_desktop.domain.score_sheet import ItemScore
from qisp_desktop.services.collecting import collect_open
from qisp_desktop.services.compared_sheets import compare
from qisp_desktop.services.deciding import freeze, resolve
from qisp_desktop.services.excluding import exclude
from qisp_desktop.services.office import Office, unlock
from qisp_desktop.services.paper_scores import confirm_typed, enter, recuse_on_paper, take_back_recusal
from qisp_desktop.services.replacing import replace_expert
from qisp_desktop.services.results import compute, read_round
from qisp_desktop.store.round_store import RoundStore
from tests.e2e.command import done, qisp, refused
from tests.e2e.returned import Returned
from tests.e2e.small_round import PASSPHRASE, VISITED, Place

NAMES = ("first", "rival", "third", "second", "before", "after", "otherwise", "visit", "other_visit")


class Merger:
    """Collects files into fresh copies of the round; its keys are unlocked once."""

    def __init__(self, returned: Returned, round: Path) -> None:
        self.returned, self.round = returned, round
        with RoundStore.open(round, actor="clerk") as store:
            self.office: Office = unlock(store, PASSPHRASE)

    def visitor(self, store: RoundStore) -> str:
        """Who visits the application that is visited."""
        plan = store.get(InspectionPlan, VISITED)
        return plan.experts[0] if plan else ""

    def state_after(self, calls: Sequence[Sequence[str]]) -> tuple[dict[str, Any], str]:
        """The results' JSON, and the digest of all that they rest on, after collecting the files call by call."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "2026.qround"
            shutil.copyfile(self.round, path)
            with RoundStore.open(path, actor="clerk", write=True) as store:
                for names in calls:
                    collect_open(store, self.office, [self.returned.file(name) for name in names])
                found = compute(read_round(store))
                return found.to_json(), found.data.inputs_digest()


@pytest.fixture(scope="module")
def merger(returned: Returned) -> Merger:
    return Merger(returned, returned.place.round)


def in_calls(names: Sequence[str], cuts: Sequence[bool]) -> list[list[str]]:
    """``names`` in consecutive groups, a new one after each true cut."""
    calls: list[list[str]] = [[]]
    for name, cut in zip(names, cuts, strict=False):
        calls[-1].append(name)
        if cut:
            calls.append([])
    return calls


ANY_FILES = st.lists(st.sampled_from(NAMES), min_size=1, max_size=14)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=ANY_FILES, cuts=st.lists(st.booleans(), min_size=14, max_size=14))
def test_any_order_repetition_and_grouping_of_files_ends_in_the_state_of_their_set(
    merger: Merger, names: list[str], cuts: list[bool]
) -> None:
    state_of_set = cache(lambda files: merger.state_after([sorted(files)]))
    assert merger.state_after(in_calls(names, cuts)) == state_of_set(frozenset(names))


def test_all_files_one_by_one_in_both_directions_end_in_the_same_state(merger: Merger) -> None:
    forwards = [[name] for name in merger.returned.files]
    assert merger.state_after(forwards) == merger.state_after(forwards[::-1] + forwards)


def test_what_clerks_did_on_paper_before_does_not_make_the_order_matter(returned: Returned, tmp_path: Path) -> None:
    """A confirmed paper beside packages of its revision and of the next, a recusal on paper that comes in signed words
    too, an expert who was replaced, and one whom the office excluded."""
    place, path = returned.place, tmp_path / "2026.qround"
    shutil.copyfile(place.round, path)
    replaced, excluded = [one for one in returned.files if one in place.assigned][:2]
    with RoundStore.open(path, actor="clerk", write=True) as store:
        items = [ItemScore(c.code, c.maximum, "", ()) for c in store.rubric().criteria]
        for clerk in ("李", "王"):
            enter(store, returned.rivals, returned.contested, items, clerk=clerk)
        confirm_typed(store, returned.rivals, returned.contested, clerk="李", reason="与手签纸质件一致")
        recuse_on_paper(store, returned.stepped_back, returned.left, ground=RecusalGround.ADVISER, reason="A")
        replace_expert(store, replaced, place.assigned[replaced][:1], reason="因公出差")
        exclude(store, excluded, place.assigned[excluded][0], reason="曾参与其项目评审")

    merger = Merger(returned, path)
    forwards = [[name] for name in returned.files]
    state = merger.state_after(forwards)
    assert state == merger.state_after(forwards[::-1] + forwards)
    assert state == merger.state_after([sorted(returned.files, reverse=True)])
    results = {one["number"]: one for one in state[0]["applications"]}
    assert replaced not in results[place.assigned[replaced][0]]["sheet_totals"]
    assert excluded not in results[place.assigned[excluded][0]]["sheet_totals"]
    assert returned.stepped_back not in results[returned.left]["sheet_totals"]


@pytest.mark.parametrize("order", [("first", "rival"), ("rival", "first")])
def test_one_revision_with_two_contents_is_a_conflict_in_either_order(
    awaiting: Place, returned: Returned, order: tuple[str, str]
) -> None:
    assert awaiting.collect(returned.file(order[0])).json["files"][0]["verdict"] == "accepted"
    again = awaiting.collect(returned.file(order[1]))
    assert again.code == 1
    (file,) = again.json["files"]
    assert file["verdict"] == "conflict"
    verdicts = {sheet["application"]: sheet["verdict"] for sheet in file["sheets"]}
    assert verdicts.pop(returned.contested) == "conflict"
    assert set(verdicts.values()) == {"unchanged"}
    result = awaiting.result(returned.contested)
    assert (result["status"], result["final"], result["rank"]) == ("conflict", None, None)
    refused(*awaiting.office("freeze", awaiting.round, "--reason", "x"), words=returned.contested)
    # What is said of the conflict is what deciding it takes.
    (sheet,) = [one for one in file["sheets"] if one["application"] == returned.contested]
    (repeated,) = awaiting.collect(returned.file(order[0])).json["files"]
    assert sheet["message"] in [one["message"] for one in repeated["sheets"]]
    first, second = re.findall(r"\b[0-9a-f]{12}\b", sheet["message"])
    decided = ("resolve", awaiting.round, file["expert"], returned.contested, sheet["revision"])
    assert first in done(*decided, first, "--reason", "x").out
    assert second in done(*decided, second, "--reason", "x").out


def test_what_lies_beside_the_returns_is_named_and_changes_nothing(
    awaiting: Place, returned: Returned, tmp_path: Path
) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    shutil.copy(returned.file("first"), folder)
    (folder / "说明.txt").write_text("请查收", encoding="utf-8")
    (folder / "sheet.pdf").write_bytes(b"%PDF-1.7")

    ran = awaiting.collect(folder)

    assert ran.code == 0
    assert set(ran.json) == {"files", "counts"}
    assert "2 other files were not looked at: sheet.pdf, 说明.txt" in ran.err
    lone = qisp(*awaiting.office("collect", awaiting.round, folder / "sheet.pdf"))
    assert lone.code == 1
    assert "no return" in lone.out
    assert "It is a PDF" in lone.out


def test_a_clerks_decision_counts_until_a_content_comes_that_the_clerk_had_not_seen(
    awaiting: Place, returned: Returned
) -> None:
    awaiting.collect(returned.file("first"), returned.file("rival"))
    identity = (returned.rivals, returned.contested, 1)
    listed = refused("resolve", awaiting.round, *identity, "0" * 64, "--reason", "x", words="Choose one of").err
    rivals = [word.strip(".,") for word in listed.split() if len(word.strip(".,")) == 64][-2:]
    totals = set()
    for chosen in rivals:
        done("resolve", awaiting.round, *identity, chosen[:12], "--reason", "以纸质评分表为准")
        result = awaiting.result(returned.contested)
        assert result["status"] != "conflict"
        totals.add(result["sheet_totals"][returned.rivals])
        verdicts = {
            sheet["verdict"]
            for file in awaiting.collect(returned.file("first"), returned.file("rival")).json["files"]
            for sheet in file["sheets"]
            if sheet["application"] == returned.contested
        }
        assert verdicts == {"unchanged", "superseded"}
    assert len(totals) == 2

    for _repeated in range(2):
        third = awaiting.collect(returned.file("third"))
        assert (third.code, third.json["files"][0]["verdict"]) == (1, "conflict")
        assert awaiting.result(returned.contested)["status"] == "conflict"

    # The expert's next revision settles it without a clerk.
    assert awaiting.collect(returned.file("second")).code == 0
    assert awaiting.result(returned.contested)["status"] != "conflict"


def test_a_decision_needs_a_conflict_a_reason_and_a_content_that_is_held(awaiting: Place, returned: Returned) -> None:
    awaiting.collect(returned.file("first"))
    identity = (returned.rivals, returned.contested, 1)
    refused("resolve", awaiting.round, *identity, "0" * 64, "--reason", " ", words="A reason is needed")
    refused("resolve", awaiting.round, returned.rivals, "QISP-2026-999", 1, "0" * 64, "--reason", "x", words="held")
    text = refused("resolve", awaiting.round, *identity, "0" * 64, "--reason", "x", words="Choose one of").err
    (digest,) = [word.strip(".,") for word in text.split() if len(word.strip(".,")) == 64 and set(word) != {"0"}]
    refused("resolve", awaiting.round, *identity, digest, "--reason", "x", words="nothing to decide")
    refused("resolve", awaiting.round, *identity, digest[:7], "--reason", "x", words="names none")
    assert qisp("resolve", awaiting.round, *identity, digest).code == 2


def test_a_newer_revision_supersedes_and_an_older_one_changes_nothing(awaiting: Place, returned: Returned) -> None:
    assert awaiting.collect(returned.file("second")).code == 0
    newer = awaiting.results()
    older = awaiting.collect(returned.file("first"))
    verdicts = {sheet["application"]: sheet["verdict"] for sheet in older.json["files"][0]["sheets"]}
    assert older.code == 0
    assert verdicts.pop(returned.contested) == "superseded"
    assert set(verdicts.values()) <= {"unchanged"}
    assert awaiting.results() == newer


def test_a_late_recusal_voids_the_sheet_whatever_comes_first(awaiting: Place, returned: Returned) -> None:
    awaiting.collect(returned.file("before"))
    assert returned.stepped_back in awaiting.result(returned.left)["sheet_totals"]
    assert awaiting.collect(returned.file("after")).code == 0
    assert returned.stepped_back not in awaiting.result(returned.left)["sheet_totals"]
    again = awaiting.collect(returned.file("before"))
    assert again.code == 1
    assert {s["verdict"] for s in again.json["files"][0]["sheets"] if s["application"] == returned.left} == {"recused"}
    assert returned.stepped_back not in awaiting.result(returned.left)["sheet_totals"]


def test_an_inspection_in_two_versions_is_told_and_neither_counts(awaiting: Place, returned: Returned) -> None:
    assert awaiting.collect(returned.file("visit")).code == 0
    for _repeated in range(2):
        other = awaiting.collect(returned.file("other_visit"))
        assert (other.code, other.json["files"][0]["verdict"]) == (1, "conflict")
        assert VISITED in other.json["files"][0]["message"]
    assert any("inspection came back in two versions" in reason for reason in awaiting.result(VISITED)["reasons"])


def test_a_visit_that_nobody_planned_in_two_versions_leaves_the_application_undecided(
    awaiting: Place, returned: Returned, merger: Merger
) -> None:
    """One of them says that it failed."""
    with RoundStore.open(awaiting.round, actor="clerk", write=True) as store:
        visitor = merger.visitor(store)
        with store.change("plan inspection") as change:
            change.remove(InspectionPlan, VISITED)
            change.put(Assignment(visitor, VISITED, AssignedBy.HAND))
        collect_open(store, merger.office, list(returned.files.values()))

        (result,) = [one for one in compute(read_round(store)).results if one.number == VISITED]
        assert result.recommendation is not Recommendation.RECOMMENDED
        assert any("inspection came back in two versions" in reason for reason in result.reasons)


def test_collecting_the_same_file_again_says_so_and_writes_nothing(awaiting: Place, returned: Returned) -> None:
    awaiting.collect(returned.file("visit"))
    head = done("audit", awaiting.round, "--json").json["head"]
    again = awaiting.collect(returned.file("visit"))
    assert (again.code, again.json["counts"]) == (0, {"unchanged": 1})
    assert done("audit", awaiting.round, "--json").json["head"] == head


def test_a_recusal_on_paper_that_the_expert_has_signed_since_is_final(
    awaiting: Place, returned: Returned, merger: Merger
) -> None:
    """Whatever the wording that is kept: of two recusals one record is held."""
    identity = (returned.stepped_back, returned.left)
    with RoundStore.open(awaiting.round, actor="clerk", write=True) as store:
        on_paper = recuse_on_paper(store, *identity, ground=RecusalGround.ADVISER, reason="A")
        collect_open(store, merger.office, [returned.file("after")])

        with pytest.raises(UserError, match="cannot be taken back"):
            take_back_recusal(store, on_paper)
        assert identity in {(one.expert, one.application) for one in read_round(store).recusals}


def test_a_decision_among_contents_that_are_not_all_there_are_is_refused(
    awaiting: Place, returned: Returned, merger: Merger
) -> None:
    identity = (returned.rivals, returned.contested, 1)
    with RoundStore.open(awaiting.round, actor="clerk", write=True) as store:
        collect_open(store, merger.office, [returned.file("first"), returned.file("rival")])
        seen = [content.digest for content in compare(store, *identity).contents]
        collect_open(store, merger.office, [returned.file("third")])

        with pytest.raises(UserError, match="Another content"):
            resolve(store, *identity, seen[0], reason="以纸质评分表为准", among=seen)
        assert store.all(Resolution) == []
        seen = [content.digest for content in compare(store, *identity).contents]
        assert resolve(store, *identity, seen[0], reason="以纸质评分表为准", among=seen).digest == seen[0]


def test_only_the_result_that_was_looked_at_is_frozen(awaiting: Place, returned: Returned, merger: Merger) -> None:
    with RoundStore.open(awaiting.round, actor="clerk", write=True) as store:
        collect_open(store, merger.office, [file for name, file in returned.files.items() if name != "second"])
        seen = compute(read_round(store)).digests()
        assert compute(read_round(store)).digests() == seen, "it is the same as long as nothing comes in"
        collect_open(store, merger.office, [returned.file("second")])

        with pytest.raises(UserError, match="is another one by now"):
            freeze(store, reason="专家组会议通过", seen=seen)
        assert store.all(Freeze) == []
        assert freeze(store, reason="专家组会议通过", seen=compute(read_round(store)).digests()) in store.all(Freeze)


def test_a_file_that_changes_while_it_is_collected_is_not_kept_under_another_name(
    awaiting: Place, returned: Returned, merger: Merger, tmp_path: Path
) -> None:
    """A stick's file may be replaced between its verdict and the end of the call."""
    file = tmp_path / "on_the_stick.qscore"
    shutil.copyfile(returned.file("first"), file)

    def replace_by(other: Path) -> None:
        shutil.copyfile(other, file)

    with RoundStore.open(awaiting.round, actor="clerk", write=True) as store:
        with pytest.raises(UserError, match="changed while"):
            collect_open(store, merger.office, [file], told=lambda _told: replace_by(returned.file("second")))
        assert store.all(Return) == []

        collect_open(store, merger.office, [file])
        assert [store.file(one.file).read_bytes() for one in store.all(Return)] == [file.read_bytes()]


class Watching(Work):
    """Remembers the steps (what, done, total), and asks for a stop while something whose name begins so is done."""

    def __init__(self, stop_at: str = "") -> None:
        super().__init__()
        self.steps: list[tuple[str, int, int]] = []
        self._stop_at = stop_at

    def show(self, what: str, done: int, total: int) -> None:
        self.steps.append((what, done, total))
        if self._stop_at and what.startswith(self._stop_at):
            self.cancel()


def test_the_photos_of_a_return_are_checked_step_by_step_and_a_stop_among_them_keeps_nothing(
    awaiting: Place, returned: Returned, merger: Merger
) -> None:
    file, work = returned.file("visit"), Watching(stop_at="Checking")
    with RoundStore.open(awaiting.round, actor="clerk", write=True) as store:
        with pytest.raises(Cancelled):
            collect_open(store, merger.office, [file], work=work)
        assert store.all(Return) == []

        whole = Watching()
        collect_open(store, merger.office, [file], work=whole)
        parts = [(done, total) for what, done, total in whole.steps if what.startswith("Checking")]
        assert len(parts) > 1
        assert parts == [(place, len(parts)) for place in range(len(parts))]


def test_of_several_returns_the_progress_is_that_of_the_files(
    awaiting: Place, returned: Returned, merger: Merger
) -> None:
    work = Watching()
    with RoundStore.open(awaiting.round, actor="clerk", write=True) as store:
        collect_open(store, merger.office, [returned.file("visit"), returned.file("first")], work=work)
    places = [(done, total) for _what, done, total in work.steps]
    assert set(places) == {(0, 2), (1, 2), (2, 2)}
    assert places == sorted(places), "the bar never goes back"
    assert sum(what.startswith("Checking") for what, _done, _total in work.steps) > 2


def test_a_sheet_that_was_left_out_once_is_not_taken_for_the_one_that_is_held(
    awaiting: Place, returned: Returned, merger: Merger
) -> None:
    assignment = Assignment(returned.rivals, returned.contested, AssignedBy.HAND)
    with RoundStore.open(awaiting.round, actor="clerk", write=True) as store:

        def verdict_of(name: str) -> str:
            (file,) = collect_open(store, merger.office, [returned.file(name)]).files
            return next(one.verdict for one in file.sheets if one.application == returned.contested).value

        with store.change("assign") as change:
            change.remove(Assignment, returned.rivals, returned.contested)
        assert verdict_of("first") == "not_assigned"
        with store.change("assign") as change:
            change.put(assignment)
        assert verdict_of("rival") == "accepted"

        assert verdict_of("first") == "conflict"
        assert verdict_of("first") == "conflict"
