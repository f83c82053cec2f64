"""A scanned page against the round: what its code says must be what is signed and what counts."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from qisp_desktop.base.errors import Cancelled
from qisp_desktop.base.work import Work
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services.papers import PaperKind, export_papers
from qisp_desktop.services.printing import kind_name
from qisp_desktop.services.scanning import ScanVerdict, check_scans, verify_images
from qisp_desktop.services.verifying import Checked
from qisp_desktop.store.round_store import RoundStore
from tests.unit.services.paper_rounds import make_round

SHEET = "A-2_E002_r1.pdf"


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_round(tmp_path_factory.mktemp("round"))


@pytest.fixture(scope="module")
def scans(made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each sheet and report of the round, its first page scanned in grey at 150 dpi."""
    out = tmp_path_factory.mktemp("papers")
    wanted = {SHEET, "A-2_report.pdf"}
    written = export_papers(made_once, out, kinds=[PaperKind.SCORE_SHEET, PaperKind.REPORT])
    return {one.path.name: scanned(one.path) for one in written if one.path.name in wanted}


@pytest.fixture
def path(made_once: Path, tmp_path: Path) -> Path:
    """A copy of the round."""
    return Path(shutil.copy(made_once, tmp_path / "round.qround"))


def scanned(pdf: Path) -> Path:
    picture = pdf.with_suffix("")
    command = ["pdftoppm", "-r", "150", "-gray", "-png", "-l", "1", "-singlefile", str(pdf), str(picture)]
    subprocess.run(command, check=True, timeout=60)
    return picture.with_suffix(".png")


def verdict(image: Path, round_path: Path) -> Checked:
    (checked,) = verify_images([image], round_path)
    assert checked.kind == "scan"
    assert checked.valid == (not checked.reasons)
    return checked


def change_sheet(path: Path, **changes: object) -> None:
    """Put another sheet of the same expert and application beside the signed one, or in its place."""
    with RoundStore.open(path, actor="clerk", write=True) as store:
        (sheet,) = store.all(ScoreSheet, expert="E002", application="A-2")
        other = replace(sheet, **changes)  # type: ignore[arg-type]
        with store.change("collect") as change:
            if other.revision == sheet.revision:
                change.remove(ScoreSheet, sheet.digest)
            change.put(other)


def test_a_scan_that_matches_the_signed_record_is_valid_and_names_the_expert(
    scans: dict[str, Path], path: Path
) -> None:
    checked = verdict(scans[SHEET], path)
    assert checked.valid, checked.reasons
    assert checked.signers == ("E002",)
    assert checked.to_json()["kind"] == "scan"


def test_a_scan_of_a_report_is_compared_with_what_the_round_gives_now(scans: dict[str, Path], path: Path) -> None:
    scan = scans["A-2_report.pdf"]
    assert verdict(scan, path).valid
    change_sheet(path, total=change_total(path))
    assert "has changed since" in verdict(scan, path).reasons[0]


def change_total(path: Path) -> object:
    with RoundStore.open(path, actor="clerk") as store:
        (sheet,) = store.all(ScoreSheet, expert="E002", application="A-2")
    return sheet.total - 1


def test_a_sheet_with_another_total_is_not_what_the_round_holds(scans: dict[str, Path], path: Path) -> None:
    change_sheet(path, total=change_total(path))
    assert "another content of this revision: total 99 instead of 100" in verdict(scans[SHEET], path).reasons[0]


def test_a_sheet_that_a_newer_revision_replaced_matches_but_does_not_count(scans: dict[str, Path], path: Path) -> None:
    change_sheet(path, revision=2, previous="0" * 64)
    assert verdict(scans[SHEET], path).reasons == ("it matches revision 1, but revision 2 counts",)


def test_a_sheet_that_the_round_never_received_is_not_held(scans: dict[str, Path], path: Path) -> None:
    with RoundStore.open(path, actor="clerk", write=True) as store:
        (sheet,) = store.all(ScoreSheet, expert="E002", application="A-2")
        with store.change("test") as change:
            change.remove(ScoreSheet, sheet.digest)
    assert verdict(scans[SHEET], path).reasons == ("the round holds no sheet of E002 for A-2 with revision 1",)


def test_a_page_of_another_round_is_refused(scans: dict[str, Path], tmp_path: Path) -> None:
    other = make_round(tmp_path)
    assert verdict(scans[SHEET], other).reasons == ("it belongs to another round",)
    assert verdict(scans["A-2_report.pdf"], other).reasons == ("it belongs to another round",)


def test_what_cannot_be_read_is_said_and_never_raised(scans: dict[str, Path], path: Path, tmp_path: Path) -> None:
    (tmp_path / "no.png").write_bytes(b"nothing")
    Image.new("L", (400, 400), 255).save(tmp_path / "white.png")
    pages = [Image.open(scan) for scan in scans.values()]
    both = Image.new("L", (pages[0].width * 2, pages[0].height), 255)
    for n, page in enumerate(pages):
        both.paste(page, (n * pages[0].width, 0))
    both.save(tmp_path / "both.png")
    found = verify_images([tmp_path / name for name in ("absent.png", "no.png", "white.png", "both.png")], path)
    assert [one.valid for one in found] == [False] * 4
    assert "not an image" in found[1].reasons[0]
    assert "no code of a paper" in found[2].reasons[0]
    assert "several papers" in found[3].reasons[0]


# Stacks of papers --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stacked(made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scanner's PDF: a sheet, a page of nobody's between, a report of several pages, the sheet once more."""
    out = tmp_path_factory.mktemp("stack")
    kinds = [PaperKind.SCORE_SHEET, PaperKind.REPORT]
    written = {one.path.name: one.path for one in export_papers(made_once, out, kinds=kinds)}
    for name in (SHEET, "A-2_report.pdf"):
        subprocess.run(["pdftoppm", "-r", "150", "-gray", written[name], out / name[:-4]], check=True, timeout=60)
    pages: dict[str, Image.Image] = {path.name: Image.open(path) for path in sorted(out.glob("*.pgm"))}
    sheet = [page for name, page in pages.items() if name.startswith(SHEET[:-4])]
    report = [page for name, page in pages.items() if name.startswith("A-2_report")]
    blank = Image.new("L", sheet[0].size, 255)
    stack: list[Image.Image] = [*sheet, blank, *report, *sheet]
    path = out / "stack.pdf"
    stack[0].save(path, save_all=True, append_images=stack[1:], resolution=150)
    return path


def test_a_stack_of_papers_gives_a_row_for_each_paper_with_its_pages(stacked: Path, path: Path) -> None:
    sheet, report, blank = check_scans([stacked], path)
    assert (sheet.verdict, sheet.kind, sheet.application, sheet.expert) == ("matches", "score-sheet", "A-2", "E002")
    assert (sheet.revision, sheet.total, len(sheet.digest)) == (1, "100", 64)
    assert (report.verdict, report.kind, report.application) == ("matches", "report", "A-2")
    assert report.total
    assert blank.verdict == ScanVerdict.UNREADABLE
    seen = sorted([*sheet.pages, *report.pages, *blank.pages])
    assert seen == list(range(1, sheet.page_count + 1))
    assert blank.pages_text == str(blank.pages[0])
    assert "-" in report.pages_text
    assert ", " in sheet.pages_text
    assert f"page {blank.pages[0]}: no code" in blank.to_checked().reasons[0]


SIGNED_KINDS = [PaperKind.INSPECTION, PaperKind.SUMMARY]
UNSIGNED_KINDS = [
    PaperKind.ROUND_REPORT,
    PaperKind.DEVIATIONS,
    PaperKind.ASSIGNMENTS,
    PaperKind.SIGN_IN,
    PaperKind.LETTER,
]


def note(path: Path, action: str) -> None:
    """Move the audit trail on without a change to what papers say."""
    with RoundStore.open(path, actor="clerk", write=True) as store, store.change(action) as change:
        change.note(action, "paper:test", "")


def test_papers_signed_by_hand_on_site_are_compared_too(path: Path, tmp_path: Path) -> None:
    written = export_papers(path, tmp_path / "out", kinds=SIGNED_KINDS)
    found = check_scans([tmp_path / "out"], path)
    assert {one.kind for one in written} <= set(SIGNED_KINDS)
    assert len(found) == len(written)
    assert {one.verdict for one in found} == {ScanVerdict.MATCHES}
    assert {(one.expert, one.revision) for one in found if one.kind == "inspection"} == {("E001", 1)}
    assert all(one.kind_name != one.kind for one in found)


def test_a_paper_without_signed_data_is_never_valid_and_says_what_it_is_and_that_the_round_says_the_same(
    path: Path, tmp_path: Path
) -> None:
    export_papers(path, tmp_path / "out", kinds=UNSIGNED_KINDS)
    note(path, "print")
    found = {one.kind: one for one in check_scans([tmp_path / "out"], path)}
    assert set(found) == set(UNSIGNED_KINDS)
    assert {one.verdict for one in found.values()} == {ScanVerdict.AGREES}
    checked = {kind: one.to_checked() for kind, one in found.items()}
    assert not any(one.valid for one in checked.values())
    for kind, one in checked.items():
        assert f"{kind_name(PaperKind(kind))}: there is no signed record" in one.reasons[0]
    with RoundStore.open(path, actor="clerk") as store:
        made = store.audit_head().seq - 1
    assert f"made at event {made} of the audit trail" in found["round-report"].reason


def test_a_paper_without_signed_data_does_not_match_once_the_round_says_something_else(
    path: Path, tmp_path: Path
) -> None:
    export_papers(path, tmp_path / "out", kinds=[PaperKind.ROUND_REPORT, PaperKind.ASSIGNMENTS])
    with RoundStore.open(path, actor="clerk", write=True) as store:
        value = store.round()
        with store.change("test") as change:
            change.put(replace(value, name="另一个名称"))
    found = check_scans([tmp_path / "out"], path)
    assert {one.verdict for one in found} == {ScanVerdict.DIFFERS}
    assert all("has changed since" in one.reason and "no signed record" in one.reason for one in found)


def test_nothing_is_said_of_a_letter_whose_day_was_chosen_when_it_was_printed(path: Path, tmp_path: Path) -> None:
    export_papers(path, tmp_path / "out", kinds=[PaperKind.LETTER], reply_by=date(2026, 8, 3))
    (found,) = check_scans([tmp_path / "out"], path)
    assert found.verdict is ScanVerdict.NOT_COMPARED
    assert "no signed record" in found.reason
    assert "the day in it" in found.reason
    assert not found.to_checked().valid


def test_what_a_newer_revision_replaced_is_said_not_to_count(scans: dict[str, Path], path: Path) -> None:
    change_sheet(path, revision=2, previous="0" * 64)
    (found,) = check_scans([scans[SHEET]], path)
    assert (found.verdict, found.revision) == (ScanVerdict.NOT_COUNTED, 1)


def test_reading_a_stack_can_be_stopped(stacked: Path, path: Path) -> None:
    work = Work()
    work.cancel()
    with pytest.raises(Cancelled):
        check_scans([stacked], path, work)
