"""A workbook looked through before it is imported: what stands, what is wrong, what is remembered, what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.desk_records import Mending
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.services.column_memory import FILE_NAME, MOST_HEADINGS, recalled, remember
from qisp_desktop.services.import_drafts import (
    Draft,
    ImportKind,
    check,
    choices,
    explained,
    located,
    moved,
    open_draft,
    take_in,
)
from qisp_desktop.services.importing import import_applications
from qisp_desktop.services.rounds import new_round
from qisp_desktop.spreadsheets.corrections import CellAt, Corrections
from qisp_desktop.store.round_store import RoundStore
from tests.unit.spreadsheets.office_books import HEADINGS, good_project, good_row, write_book

SHEET = "申报信息"
STAFF = HEADINGS.index("企业服务人员数")


@pytest.fixture(scope="module")
def empty_round(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "round.qround"
    new_round(path, year=2026, name="评价", passphrase="only for the tests")
    return path


@pytest.fixture
def store(empty_round: Path, tmp_path: Path) -> Iterator[RoundStore]:
    own = tmp_path / "round.qround"
    own.write_bytes(empty_round.read_bytes())
    with RoundStore.open(own, actor="li@office", write=True) as store:
        yield store


def drafted(store: RoundStore, path: Path) -> Draft:
    return open_draft(store, path, ImportKind.APPLICATIONS)


def test_what_is_mended_is_checked_at_once_and_imported_with_both_values(store: RoundStore, tmp_path: Path) -> None:
    rows = [good_row("A1"), good_row("A2", 企业服务人员数="约二十"), good_row("A2", 平台名称="重复")]
    draft = drafted(store, write_book(tmp_path / "book.xlsx", rows, [good_project("A2")]))
    first = check(draft, located(draft, {}))
    assert (first.ready, first.wrong) == (1, 2)
    assert list(first.places) == [CellAt(SHEET, 3, STAFF), CellAt(SHEET, 4, 0)]

    corrections = Corrections(draft.book.digest, {CellAt(SHEET, 3, STAFF): "20"}, frozenset({(SHEET, 4)}))
    mended = check(draft, corrections)
    report = take_in(store, draft, corrections)

    assert (mended.ready, mended.wrong, mended.left_out) == (2, 0, 1)
    assert (report.imported, report.skipped) == (2, 1)
    application = store.get(Application, "A2")
    assert application is not None
    assert (application.staff, len(application.projects)) == (20, 1)
    (kept,) = store.all(Mending)
    assert (kept.book, kept.row, kept.column, kept.number) == (draft.book.digest, 3, "企业服务人员数", "A2")
    assert (kept.before, kept.after) == ("约二十", "20")
    events = store.audit_events()
    assert {one.action for one in events if one.subject.startswith(("mending:", "application:"))} == {
        "import applications"
    }


def test_the_window_and_the_command_line_say_the_same_of_a_workbook(store: RoundStore, tmp_path: Path) -> None:
    rows = [good_row("A1", 统一社会信用代码="1"), good_row("合计"), good_row("A3", 运营起始日期="2019年13月40日")]
    path = write_book(tmp_path / "book.xlsx", rows)
    draft = drafted(store, path)

    shown = check(draft, located(draft, {})).problems

    assert shown == import_applications(store, path, dry_run=True).problems


def test_a_workbook_changed_since_it_was_shown_is_not_imported(store: RoundStore, tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx", [good_row()])
    draft = drafted(store, path)
    corrections = located(draft, {})
    write_book(path, [good_row(平台名称="另一个")])

    with pytest.raises(UserError):
        take_in(store, draft, corrections)

    assert store.all(Application) == []


def test_what_is_no_workbook_is_said_in_words(store: RoundStore, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"PK\x03\x04 not really")

    with pytest.raises(UserError) as refused:
        drafted(store, path)

    assert "book.xlsx" in refused.value.what


def test_a_heading_explained_once_is_found_the_next_time(store: RoundStore, tmp_path: Path) -> None:
    headings = tuple("人手" if name == "企业服务人员数" else name for name in HEADINGS)
    row = good_row() | {"人手": 38}
    draft = drafted(store, write_book(tmp_path / "book.xlsx", [row], headings=headings))
    corrections = located(draft, {})
    map_ = check(draft, corrections).tables["applications"]
    said = Corrections(
        draft.book.digest,
        tables={"applications": type(map_)(map_.sheet, map_.heading_row, {**map_.columns, STAFF: "staff"})},
    )

    for table, found in explained(draft, said).items():
        remember(tmp_path, draft.office, table, found)
    again = located(draft, {"applications": recalled(tmp_path, draft.office, "applications")})

    assert check(draft, corrections).ready == 0
    assert check(draft, again).ready == 1
    assert recalled(tmp_path, "别的局", "applications") == {}


@pytest.mark.parametrize("key", ["served2019", "nonsense", "number"])
def test_a_remembered_column_that_this_round_does_not_have_is_passed_over(
    store: RoundStore, tmp_path: Path, key: str
) -> None:
    """The years of another round, a memory that somebody edited, or a column that is found already."""
    headings = tuple("人手" if name == "企业服务人员数" else name for name in HEADINGS)
    draft = drafted(store, write_book(tmp_path / "book.xlsx", [good_row() | {"人手": 38}], headings=headings))

    corrections = located(draft, {"applications": {"人手": key}})

    assert STAFF not in check(draft, corrections).tables["applications"].columns
    assert [one.code for one in check(draft, corrections).problems] == ["missing_column"]


@pytest.mark.parametrize(("heading", "lasts"), [("上年服务家数", False), ("2025年家数", True)])
def test_a_heading_that_means_another_year_each_time_is_not_remembered(
    store: RoundStore, tmp_path: Path, heading: str, lasts: bool
) -> None:
    usual, place = "2025年服务企业数", HEADINGS.index("2025年服务企业数")
    headings = tuple(heading if name == usual else name for name in HEADINGS)
    draft = drafted(store, write_book(tmp_path / "book.xlsx", [good_row() | {heading: 9}], headings=headings))
    map_ = check(draft, located(draft, {})).tables["applications"]
    said = Corrections(
        draft.book.digest, tables={"applications": replace(map_, columns={**map_.columns, place: "served2025"})}
    )

    assert explained(draft, said) == ({"applications": {heading: "served2025"}} if lasts else {})
    old = {"applications": {heading: "served2025"}}
    found = located(draft, old).tables.get("applications", map_).columns
    assert (place in found) == lasts


def test_a_table_that_is_not_found_is_proposed_to_begin_at_the_fullest_row(store: RoundStore, tmp_path: Path) -> None:
    headings = tuple(f"第{n}项" for n in range(len(HEADINGS)))
    row = dict(zip(headings, good_row().values(), strict=True))
    path = write_book(tmp_path / "book.xlsx", [row], headings=headings, top=[["申报汇总"]])
    draft = drafted(store, path)

    corrections = located(draft, {})

    assert (corrections.tables["applications"].sheet, corrections.tables["applications"].heading_row) == (SHEET, 2)
    assert check(draft, corrections).ready == 0


def test_columns_are_matched_anew_where_the_clerk_says_the_headings_are(store: RoundStore, tmp_path: Path) -> None:
    draft = drafted(store, write_book(tmp_path / "book.xlsx", [good_row()], top=[["标题"], ["说明"]]))

    assert (
        moved(draft, "applications", SHEET, 3, {}).columns
        == check(draft, located(draft, {})).tables["applications"].columns
    )
    assert moved(draft, "applications", SHEET, 1, {}).columns == {}


def test_the_years_of_the_round_can_be_chosen_for_columns(store: RoundStore, tmp_path: Path) -> None:
    draft = drafted(store, write_book(tmp_path / "book.xlsx", [good_row()]))

    required = {one.key for one in choices(draft, "applications") if one.required}

    assert {"served2024", "served2025", "uscc"} <= required


def test_files_without_a_telling_name_go_where_the_clerk_puts_them(store: RoundStore, tmp_path: Path) -> None:
    folder = tmp_path / "materials" / "A1"
    folder.mkdir(parents=True)
    (folder / "扫描件001.pdf").write_bytes(b"%PDF-1.4 one")
    (folder / "1_申请书.pdf").write_bytes(b"%PDF-1.4 two")
    draft = drafted(store, write_book(tmp_path / "book.xlsx", [good_row("A1")]))

    take_in(
        store,
        draft,
        located(draft, {}),
        materials=folder.parent,
        by_hand={"A1/扫描件001.pdf": ("A1", MaterialKind.AUDIT_REPORT)},
    )

    application = store.get(Application, "A1")
    assert application is not None
    assert [(one.kind.value, one.name) for one in application.materials] == [
        ("1", "1_申请书.pdf"),
        ("4", "扫描件001.pdf"),
    ]


@pytest.mark.parametrize("content", ["", "[]", '{"局": 3}', '{"局": {"applications": {"a": 1}}}', "{"])
def test_a_spoiled_memory_of_columns_forgets_and_does_no_harm(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_text(content, "utf-8")

    assert recalled(tmp_path, "局", "applications") == {}
    remember(tmp_path, "局", "applications", {"人手": "staff"})

    assert recalled(tmp_path, "局", "applications") == {"人手": "staff"}


def test_the_memory_of_columns_does_not_grow_without_end(tmp_path: Path) -> None:
    remember(tmp_path, "局", "experts", {f"列{n}": "" for n in range(MOST_HEADINGS + 20)})

    assert len(recalled(tmp_path, "局", "experts")) == MOST_HEADINGS
