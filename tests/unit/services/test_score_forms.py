"""Score forms in Excel: given out, filled in by any office program, read back with a verdict for every sheet."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.desk_records import PaperOrigin
from qisp_desktop.domain.merging import Received
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.services.board import collecting_board
from qisp_desktop.services.board_data import BoardState
from qisp_desktop.services.collect_report import FileVerdict
from qisp_desktop.services.collected_files import SUFFIXES, returns_and_forms
from qisp_desktop.services.named_files import look_through
from qisp_desktop.services.paper_scores import confirm_form, paper_state, paper_states, recuse_on_paper
from qisp_desktop.services.results import compute, read_round
from qisp_desktop.services.score_forms import read_forms, write_form
from qisp_desktop.spreadsheets.score_form import FormIdentity, write_score_forms
from qisp_desktop.spreadsheets.writing import published
from qisp_desktop.store.round_store import RoundStore
from tests.unit.services import paper_rounds
from tests.unit.services.paper_rounds import NUMBERS, UNSCORED

EXPERT = "E001"
POINTS, REMARK, FIRST = "G", "H", 9
Fill = Callable[[Any], None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paper_rounds.make_round(tmp_path_factory.mktemp("forms"))


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Iterator[RoundStore]:
    path = tmp_path / made.name
    shutil.copyfile(made, path)
    with RoundStore.open(path, actor="clerk", write=True) as opened:
        yield opened


@pytest.fixture
def form(store: RoundStore, tmp_path: Path) -> Path:
    return write_form(store, EXPERT, tmp_path / "E001.xlsx").path


def filled(form: Path, name: str, fill: Fill, sheet: str = UNSCORED) -> Path:
    """A copy of the form with ``sheet`` filled in."""
    book = openpyxl.load_workbook(form)
    fill(book[sheet])
    path = form.with_name(name)
    book.save(path)
    return path


def full_marks(sheet: Any, **points: object) -> None:
    """Full marks, but for ``points``, with a remark there."""
    row = FIRST
    while sheet[f"B{row}"].value:
        code = sheet[f"B{row}"].value
        sheet[f"{POINTS}{row}"] = points.get(code, sheet[f"D{row}"].value)
        if code in points:
            sheet[f"{REMARK}{row}"] = "材料不全"
        row += 1


def altered(place: str, value: object, **points: object) -> Fill:
    """Full marks, then another value in the cell at ``place``."""

    def fill(sheet: Any) -> None:
        full_marks(sheet, **points)
        sheet[place] = value

    return fill


def take(store: RoundStore, *paths: Path) -> FileVerdict:
    return read_forms(store, paths).files[-1]


def judged(file: FileVerdict, number: str = UNSCORED) -> Received:
    return {one.application: one.verdict for one in file.sheets}[number]


def why(file: FileVerdict, number: str = UNSCORED) -> str:
    return {one.application: one.message for one in file.sheets}[number]


def counted(store: RoundStore) -> dict[str, Decimal]:
    (result,) = [one for one in compute(read_round(store)).results if one.number == UNSCORED]
    return dict(result.sheet_totals)


def test_a_form_counts_once_the_signed_paper_is_confirmed(store: RoundStore, form: Path) -> None:
    path = filled(form, "back.xlsx", lambda sheet: full_marks(sheet, Q1=2.5))
    file = take(store, path)
    assert (file.verdict, file.expert, judged(file)) == (Received.ACCEPTED, EXPERT, Received.ACCEPTED)
    assert "3 sheets were not filled in" in file.message
    assert counted(store) == {}
    again = take(store, path)
    assert (again.verdict, judged(again)) == (Received.UNCHANGED, Received.UNCHANGED)

    with pytest.raises(UserError, match="reason"):
        confirm_form(store, EXPERT, UNSCORED, clerk="李", reason="")
    made = confirm_form(store, EXPERT, UNSCORED, clerk="李", reason="与手签纸质件一致")

    assert made.source is PaperOrigin.FORM
    assert counted(store) == {EXPERT: Decimal("98.5")}
    assert judged(take(store, path)) is Received.UNCHANGED
    board = collecting_board(store)
    row = next(row for row in board.rows if row.number == UNSCORED)
    assert row.cells[0].state is BoardState.PAPER


@pytest.mark.parametrize("backwards", [False, True])
def test_two_contents_of_one_form_are_a_conflict_in_either_order_and_a_clerk_chooses(
    store: RoundStore, form: Path, backwards: bool
) -> None:
    one = filled(form, "one.xlsx", lambda sheet: full_marks(sheet, Q1=2))
    two = filled(form, "two.xlsx", lambda sheet: full_marks(sheet, Q1=3))
    order = [two, one] if backwards else [one, two]
    assert [judged(take(store, path)) for path in order] == [Received.ACCEPTED, Received.CONFLICT]
    assert judged(take(store, order[0])) is Received.CONFLICT
    held = paper_state(store, EXPERT, UNSCORED).form
    assert held is not None
    contents = {held.file, *(other.file for other in held.others)}
    assert len(contents) == 2
    # What is kept does not depend on the order.
    assert [held.items[0].points, held.others[0].items[0].points] == sorted(
        [Decimal(2), Decimal(3)], reverse=held.items[0].points == Decimal(3)
    )
    with pytest.raises(UserError, match="several contents"):
        confirm_form(store, EXPERT, UNSCORED, clerk="李", reason="原件")
    confirm_form(store, EXPERT, UNSCORED, clerk="李", reason="原件", file=held.others[0].file)
    assert counted(store) == {EXPERT: Decimal(96) + (held.others[0].items[0].points or 0)}


@pytest.mark.parametrize(
    ("fill", "cell", "words"),
    [
        (lambda sheet: full_marks(sheet, Q1=4.5), "G9", "outside"),
        (lambda sheet: full_marks(sheet, Q1=-1), "G9", "outside"),
        (lambda sheet: full_marks(sheet, Q1=3.3), "G9", "multiple"),
        (lambda sheet: full_marks(sheet, Q1="四分"), "G9", "number"),
        (lambda sheet: full_marks(sheet, Q1="=4"), "G9", "formula"),
        (lambda sheet: full_marks(sheet, Q1=None), "G9", "no score"),
        (altered("H9", " ", Q1=1), "H9", "needs a remark"),
        (altered("H9", "长" * 5001), "H9", "longer"),
        (altered("B9", "Q2"), "B9", "Q1 is expected"),
        (altered("D9", 40), "B9", "Q1 is expected"),
        (altered("B5", NUMBERS[0]), "B5", "changed"),
        (altered("B3", "E002"), "B3", "changed"),
        (altered("G5", "7"), "G3:G6", "changed"),
    ],
)
def test_what_cannot_stand_is_refused_with_its_cell(
    store: RoundStore, form: Path, fill: Fill, cell: str, words: str
) -> None:
    file = take(store, filled(form, "wrong.xlsx", fill))
    assert file.verdict is Received.DAMAGED
    (sheet,) = [one for one in file.sheets if one.verdict is Received.DAMAGED]
    assert cell in sheet.message
    assert words in sheet.message
    assert paper_states(store) == []


def test_numbers_as_people_write_them_are_taken(store: RoundStore, form: Path) -> None:
    path = filled(form, "back.xlsx", lambda sheet: full_marks(sheet, Q1="３.５", Q2="4 分", C1=9.5))
    assert judged(take(store, path)) is Received.ACCEPTED
    confirm_form(store, EXPERT, UNSCORED, clerk="李", reason="原件")
    assert counted(store) == {EXPERT: Decimal(98)}


def test_a_form_of_a_revision_that_is_held_is_told(store: RoundStore, form: Path, tmp_path: Path) -> None:
    number = NUMBERS[0]
    file = take(store, filled(form, "next.xlsx", full_marks, number))
    assert (judged(file, number), file.sheets[0].revision) == (Received.ACCEPTED, 2)
    confirm_form(store, EXPERT, number, clerk="李", reason="专家更正")
    other = filled(form, "other.xlsx", lambda sheet: full_marks(sheet, Q1=2), number)
    assert judged(take(store, other), number) is Received.CONFLICT
    newer = write_form(store, EXPERT, tmp_path / "newer.xlsx").path
    take(store, filled(newer, "third.xlsx", lambda sheet: full_marks(sheet, Q1=3), number))
    confirm_form(store, EXPERT, number, clerk="李", reason="再次更正")
    assert judged(take(store, other), number) is Received.SUPERSEDED


def test_a_form_of_another_round_or_of_nobody_here_and_a_recused_one_are_refused(
    store: RoundStore, form: Path, tmp_path: Path
) -> None:
    recuse_on_paper(store, EXPERT, UNSCORED, ground=RecusalGround.KINSHIP, reason="书面申明")
    assert judged(take(store, filled(form, "recused.xlsx", full_marks))) is Received.RECUSED
    after = openpyxl.load_workbook(write_form(store, EXPERT, tmp_path / "after.xlsx").path)
    assert UNSCORED not in after.sheetnames
    with pytest.raises(UserError, match="no expert"):
        write_form(store, "E999", tmp_path / "none.xlsx")


def test_the_trail_says_who_was_given_a_form_and_for_what(store: RoundStore, tmp_path: Path) -> None:
    given = write_form(store, EXPERT, tmp_path / "given.xlsx")
    last = store.audit_events()[-1]
    assert (last.action, last.subject) == ("give form", f"form:{EXPERT}")
    assert last.detail.startswith("given.xlsx: ")
    assert last.detail.count(" r") == given.applications
    with pytest.raises(UserError):
        write_form(store, EXPERT, tmp_path / "given.xlsx" / "below a file.xlsx")
    assert store.audit_events()[-1] == last, "what was not written was not handed out"


@pytest.mark.skipif(os.name != "posix", reason="named pipes of POSIX")
def test_what_is_no_form_is_told_and_never_harms(store: RoundStore, tmp_path: Path) -> None:
    plain = openpyxl.Workbook()
    plain.save(tmp_path / "plain.xlsx")
    (tmp_path / "text.xlsx").write_text("not a workbook", "utf-8")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (30 << 20))
    report = read_forms(store, [tmp_path])
    told = {file.path.name: (file.verdict, file.message) for file in report.files}
    assert {verdict for verdict, _why in told.values()} == {Received.DAMAGED}
    assert "not a score form" in told["plain.xlsx"][1]
    assert "not an .xlsx" in told["text.xlsx"][1]
    assert "attack" in told["bomb.xlsx"][1]
    missing = read_forms(store, [tmp_path / "gone.xlsx"]).files[0]
    assert missing.verdict is Received.DAMAGED
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert read_forms(store, [tmp_path / "pipe.xlsx"]).files[0].verdict is Received.DAMAGED
    assert len(read_forms(store, [tmp_path]).files) == 4
    assert "name is too long" in read_forms(store, [tmp_path / ("long" * 100)]).files[0].message


def test_a_form_whose_name_is_in_capitals_is_found_in_its_folder(store: RoundStore, form: Path, tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "E001.XLSX").write_bytes(filled(form, "back.xlsx", full_marks).read_bytes())

    assert returns_and_forms(look_through([folder], SUFFIXES).files) == ([], [folder / "E001.XLSX"])
    assert judged(take(store, folder)) is Received.ACCEPTED


def test_the_form_is_protected_but_for_what_is_to_be_filled_in(form: Path) -> None:
    book = openpyxl.load_workbook(form)
    assert book.sheetnames == ["填写说明", *NUMBERS, UNSCORED]
    sheet = book[UNSCORED]
    assert sheet.protection.sheet
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked == {f"{column}{row}" for column in "GH" for row in range(FIRST, FIRST + 16)}
    assert len(sheet.data_validations.dataValidation) == 16


def test_libreoffice_saves_a_filled_form_and_it_reads_back(store: RoundStore, form: Path, tmp_path: Path) -> None:
    path = filled(form, "office.xlsx", lambda sheet: full_marks(sheet, Q1=2.5))
    out = tmp_path / "saved"
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path),
        ],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    saved = out / "office.xlsx"
    total = openpyxl.load_workbook(saved, data_only=True)[UNSCORED][f"G{FIRST + 16}"].value
    assert total == 98.5
    assert judged(take(store, saved)) is Received.ACCEPTED
    assert judged(take(store, path)) is Received.UNCHANGED, "the same scores in another file"


@pytest.mark.parametrize(
    ("changes", "verdict", "words"),
    [
        ({"round": "another"}, Received.WRONG_ROUND, "another round"),
        ({"expert": "E999"}, Received.UNKNOWN_EXPERT, "No such expert"),
        ({"rubric": "0" * 64}, Received.DAMAGED, "another scoring standard"),
    ],
)
def test_a_form_that_is_not_of_this_round_is_refused(
    store: RoundStore, tmp_path: Path, changes: dict[str, Any], verdict: Received, words: str
) -> None:
    own = FormIdentity(store.round().id, store.rubric().digest, EXPERT, "专家", UNSCORED, "平台", 1)
    path = tmp_path / "foreign.xlsx"
    forms = [replace(own, **changes)]
    rubric = store.rubric()
    published(
        path, lambda book: write_score_forms(book, rubric, 2026, "另一轮次", forms), title="x", at=datetime.now(UTC)
    )
    file = take(store, filled(path, "filled.xlsx", full_marks))
    assert file.verdict is verdict
    assert words in file.message
    assert paper_states(store) == []


def test_sheets_of_two_experts_of_one_application_twice_and_of_strangers_are_told(
    store: RoundStore, tmp_path: Path
) -> None:
    own = FormIdentity(store.round().id, store.rubric().digest, EXPERT, "专家", UNSCORED, "平台", 1)
    rubric = store.rubric()

    def book_of(name: str, *forms: FormIdentity) -> Path:
        path = tmp_path / name
        published(
            path, lambda book: write_score_forms(book, rubric, 2026, "轮次", forms), title="x", at=datetime.now(UTC)
        )
        book = openpyxl.load_workbook(path)
        for sheet in book.worksheets[1:]:
            full_marks(sheet)
        book.save(path)
        return path

    mixed = take(store, book_of("mixed.xlsx", own, replace(own, expert="E002", application=NUMBERS[0])))
    assert (mixed.verdict, "several experts" in mixed.message) == (Received.DAMAGED, True)
    twice = take(store, book_of("twice.xlsx", own, own))
    assert [one.verdict for one in twice.sheets] == [Received.ACCEPTED, Received.DAMAGED]
    assert "second sheet" in twice.sheets[1].message
    stranger = take(store, book_of("stranger.xlsx", replace(own, application="A-5")))
    assert [one.verdict for one in stranger.sheets] == [Received.NOT_ASSIGNED]
