"""The round remembers what its last workbook showed, unless it cannot be written, and then says so."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import Cancelled, UserError
from qisp_desktop.base.work import Work
from qisp_desktop.domain.exports import Export
from qisp_desktop.domain.panel import AssignedBy, Assignment
from qisp_desktop.domain.screening import ScreeningDecision, ScreeningStatus
from qisp_desktop.services.exporting import export_open, export_workbook
from qisp_desktop.store.round_store import RoundStore
from tests.unit.spreadsheets.rounds import DEFAULT_RUBRIC, random_round

LISTED = "变更"
DATA = random_round(3, 5, seed=5)


@pytest.fixture
def round_path(tmp_path: Path) -> Path:
    """A round of three accepted applications with the sheets of five experts."""
    path = tmp_path / "2026.qround"
    with RoundStore.create(path, DATA.round, DEFAULT_RUBRIC, actor="秘书") as store, store.change("fill") as change:
        change.put_all([*DATA.applications, *DATA.experts, *DATA.sheets])
        change.put_all(Assignment(one.expert, one.application, AssignedBy.AUTO) for one in DATA.sheets)
        accepted = ScreeningStatus.ACCEPTED
        change.put_all(ScreeningDecision(one.number, accepted, "秘书", "材料齐全") for one in DATA.applications)
    return path


def revise(path: Path) -> None:
    """The first sheet comes back with its first score lowered by one."""
    first = DATA.sheets[0]
    points = (first.items[0].points or Decimal(0)) - 1
    items = (dataclasses.replace(first.items[0], points=points), *first.items[1:])
    later = dataclasses.replace(first, revision=2, previous=first.digest, items=items, total=first.total - 1)
    with RoundStore.open(path, actor="秘书", write=True) as store, store.change("collect") as change:
        change.put(later)


def remembered(path: Path) -> Export | None:
    with RoundStore.open(path, actor="test") as store:
        return store.get(Export, DATA.round.id)


def listed(workbook: Path) -> list[tuple[object, ...]]:
    rows = openpyxl.load_workbook(workbook, data_only=True)[LISTED].iter_rows(min_row=5, values_only=True)
    return [(row[1], row[3], row[5], *row[7:9]) for row in rows if row[1]]


def test_the_round_remembers_the_numbers_of_its_last_export(round_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "一稿.xlsx"

    exported = export_workbook(round_path, out)

    kept = remembered(round_path)
    assert (exported.differences, exported.not_recorded) == (None, None)
    assert kept is not None
    assert (kept.file, kept.workbook) == ("一稿.xlsx", sha256(out.read_bytes()))
    assert [one.number for one in kept.applications] == [one.number for one in DATA.applications]
    assert sum(len(one.sheets) for one in kept.applications) == len(DATA.sheets)


def test_the_audit_trail_says_which_workbook_was_written(round_path: Path, tmp_path: Path) -> None:
    export_workbook(round_path, tmp_path / "一稿.xlsx")

    with RoundStore.open(round_path, actor="test") as store:
        last = store.audit_events()[-1]
        assert store.verify_audit(lambda _data, _signature: "") == []
    assert (last.action, last.subject, last.detail) == ("export workbook", "export:r-1", "一稿.xlsx")


def test_the_next_export_lists_what_a_late_return_changed(round_path: Path, tmp_path: Path) -> None:
    export_workbook(round_path, tmp_path / "first.xlsx")
    revise(round_path)

    exported = export_workbook(round_path, tmp_path / "second.xlsx")

    rows = listed(tmp_path / "second.xlsx")
    first = DATA.sheets[0]
    total = float(first.total)
    assert len(rows) == exported.differences
    assert (first.application, "专家合计", first.expert, total, total - 1) in rows
    assert (first.application, "评分表版次", first.expert, 1, 2) in rows
    assert {row[0] for row in rows if row[2]} == {first.application}

    assert export_workbook(round_path, tmp_path / "third.xlsx").differences == 0


def test_a_round_that_somebody_else_has_open_gives_its_workbook_and_says_what_is_missing(
    round_path: Path, tmp_path: Path
) -> None:
    export_workbook(round_path, tmp_path / "first.xlsx")
    revise(round_path)
    before = remembered(round_path)

    with RoundStore.open(round_path, actor="王秘书", write=True):
        exported = export_workbook(round_path, tmp_path / "second.xlsx")

    assert exported.not_recorded is not None
    assert "王秘书" in str(exported.not_recorded)
    assert exported.differences
    assert listed(tmp_path / "second.xlsx")
    assert remembered(round_path) == before


def test_an_open_round_is_exported_and_remembers_it_only_when_it_may_be_written(
    round_path: Path, tmp_path: Path
) -> None:
    with RoundStore.open(round_path, actor="test") as store:
        assert export_open(store, tmp_path / "read.xlsx").not_recorded is not None
    assert remembered(round_path) is None

    with RoundStore.open(round_path, actor="test", write=True) as store:
        assert export_open(store, tmp_path / "written.xlsx").not_recorded is None
    kept = remembered(round_path)
    assert kept is not None
    assert kept.file == "written.xlsx"


def test_a_round_that_was_taken_over_meanwhile_gives_its_workbook_too(round_path: Path, tmp_path: Path) -> None:
    with RoundStore.open(round_path, actor="test", write=True) as store:
        with closing(sqlite3.connect(round_path)) as raw, raw:
            raw.execute("UPDATE lease SET token = 'somebody else'")
        exported = export_open(store, tmp_path / "summary.xlsx")

    assert "somebody else" in str(exported.not_recorded)
    assert listed(tmp_path / "summary.xlsx") == []
    assert remembered(round_path) is None


def test_a_workbook_that_cannot_be_written_is_not_remembered(round_path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")

    with pytest.raises(UserError):
        export_workbook(round_path, tmp_path / "file" / "summary.xlsx")

    assert remembered(round_path) is None


def test_the_round_itself_is_never_overwritten_by_its_workbook(round_path: Path) -> None:
    with pytest.raises(UserError, match="is the round itself"):
        export_workbook(round_path, round_path)

    assert remembered(round_path) is None


def test_a_cancelled_export_leaves_nothing(round_path: Path, tmp_path: Path) -> None:
    work = Work()
    work.cancel()

    with pytest.raises(Cancelled):
        export_workbook(round_path, tmp_path / "summary.xlsx", work=work)

    assert not (tmp_path / "summary.xlsx").exists()


def test_a_file_that_is_no_round_is_refused_once(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x" * 200, encoding="utf-8")

    with pytest.raises(UserError, match="is not a round file"):
        export_workbook(tmp_path / "notes.txt", tmp_path / "summary.xlsx")


def test_a_name_with_odd_bytes_is_remembered_without_them(round_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "a\udcffb\n.xlsx"

    exported = export_workbook(round_path, out)

    kept = remembered(round_path)
    assert exported.not_recorded is None
    assert kept is not None
    assert kept.file == "ab\n.xlsx"
