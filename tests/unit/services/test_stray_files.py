"""What was never a return is called what it is, and what lies beside returns is not passed over in silence."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from qisp_desktop.domain.merging import Received
from qisp_desktop.services.collect_report import FileVerdict, Note, SheetVerdict
from qisp_desktop.services.collected_files import CollectedFile, Keeping, passed_over
from qisp_desktop.services.named_files import look_through
from qisp_desktop.services.stray_files import what_it_is


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("scan.pdf", b"%PDF-1.7 of a scanner", "It is a PDF"),
        ("E001-r1.qscore", b"\n%PDF-1.7 renamed", "It is a PDF"),
        ("E001.qpanel", b"PK\x03\x04", "the office hands out"),
        ("note.TXT", b"hello", "another kind (TXT)"),
        ("sheet.docx", b"PK\x03\x04", "another kind (Word)"),
        ("unknown.bin", b"\0\1\2", "no file that an expert's desk hands in"),
        ("E001-r1.qscore", b"PK half of it", ""),
        ("E001-r1.qscore", b"", ""),
        ("E001-r1.qscore.part", b"PK\x03\x04", ""),
    ],
)
def test_a_file_is_told_by_its_content_and_what_may_be_a_damaged_return_is_left_to_be_called_that(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    found = what_it_is(path)
    assert words in found if words else found == ""
    assert what_it_is(tmp_path / "gone.pdf") == ""


def test_what_lies_in_a_folder_besides_returns_is_named_papers_are_only_counted(tmp_path: Path) -> None:
    for name in ("E001-r1.qscore", "E002.XLSX", "papers/a.pdf", "papers/b.PDF", "说明.txt", ".hidden", "~$E002.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "Thumbs.db").write_bytes(b"")

    others = look_through([tmp_path], (".qscore", ".xlsx")).others
    assert {path.name for path in others} == {"a.pdf", "b.PDF", "说明.txt"}
    (found,) = passed_over([tmp_path, tmp_path / "E001-r1.qscore"], others, 1)
    assert found.keeping is Keeping.PASSED_OVER
    assert found.why_not.split("\n") == ["1 other file was not looked at: 说明.txt", "2 papers as PDF lie there too."]
    assert found.wants_attention
    (papers,) = passed_over([tmp_path], [path for path in others if path.suffix != ".txt"], 1)
    assert not papers.wants_attention


def test_each_folder_names_what_lies_in_it_at_any_depth_once() -> None:
    stick, office, lone = Path("stick"), Path("stick/office"), Path("lone.qscore")
    others = [stick / "a.txt", office / "b.txt", office / "b.txt"]
    whole, part = passed_over([stick, office, lone], others, 1)
    assert (whole.path, whole.why_not) == (stick, "2 other files were not looked at: a.txt, office/b.txt")
    assert (part.path, part.why_not) == (office, "1 other file was not looked at: b.txt")


def test_a_stick_full_of_papers_and_photos_is_sorted_through_at_once() -> None:
    stick = Path("stick")
    others = [stick / f"{number}{suffix}" for number in range(3_000) for suffix in (".pdf", ".jpg")]
    before = process_time()
    (found,) = passed_over([stick], others, 1)
    assert process_time() - before < 1, "each file costs what it costs alone"
    assert found.why_not.startswith("3000 other files were not looked at: 0.jpg, 1.jpg, ")


def test_many_other_files_are_counted_and_the_first_ones_named() -> None:
    folder = Path("stick")
    (found,) = passed_over([folder], [folder / f"{number:02}.txt" for number in range(12)], 1)
    assert found.why_not.startswith("12 other files were not looked at: 00.txt, ")
    assert found.why_not.endswith("07.txt, …")


def test_a_conflict_needs_no_look_once_decided_but_whatever_else_is_wrong_with_the_file_still_does() -> None:
    conflict, fine = SheetVerdict("A-1", 1, Received.CONFLICT), SheetVerdict("A-2", 1, Received.ACCEPTED)
    rival_visit = Note(Received.CONFLICT, "two versions of a visit")

    def file(*sheets: SheetVerdict, notes: tuple[Note, ...] = ()) -> CollectedFile:
        return CollectedFile(FileVerdict(Path("E001.qscore"), Received.CONFLICT, "E001", sheets, "", notes), 1)

    assert file(conflict, fine).wants_attention
    decided = file(conflict, fine).with_decisions([])
    assert (decided.wants_attention, decided.is_decided) == (False, True)
    assert decided.with_decisions([("E001", "A-1")]).wants_attention
    assert file(conflict, notes=(rival_visit,)).with_decisions([]).wants_attention
    assert not file(conflict, notes=(rival_visit,)).with_decisions([]).is_decided


def test_a_paper_of_no_sheet_asks_for_a_look_though_every_sheet_is_fine() -> None:
    fine = SheetVerdict("A-2", 1, Received.ACCEPTED)
    verdict = FileVerdict(Path("E001.qscore"), Received.PAPER_MISMATCH, "E001", (fine,), "a paper of no sheet")
    assert CollectedFile(verdict, 1).wants_attention
