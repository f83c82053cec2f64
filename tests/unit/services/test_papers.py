"""The papers of a round: which there are, what they say, and that none is lost without a word."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from qisp_desktop.base.errors import Cancelled, UserError
from qisp_desktop.base.work import Work
from qisp_desktop.documents.report_record import EvaluationReport
from qisp_desktop.documents.signatures import read_signatures
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.desk_records import SupplementNotice
from qisp_desktop.services.evaluation_reports import evaluation_reports
from qisp_desktop.services.paper_data import gather, median
from qisp_desktop.services.paper_saving import save_archive, save_single
from qisp_desktop.services.papers import PaperKind, PapersMissing, WrittenPaper, export_papers
from qisp_desktop.services.printing import open_stock
from qisp_desktop.services.remark_order import SECRET, RemarkOrder, new_key, remark_order
from qisp_desktop.store.round_store import RoundStore
from tests.unit.services.paper_rounds import (
    EXPERTS,
    NUMBERS,
    PASSPHRASE,
    UNSCORED,
    VISITED,
    WAITING,
    make_round,
    remark_of,
)

EVERY_KIND = {
    PaperKind.SCORE_SHEET: 14,
    PaperKind.SUMMARY: 5,
    PaperKind.INSPECTION: 1,
    PaperKind.REPORT: 5,
    PaperKind.ROUND_REPORT: 1,
    PaperKind.DEVIATIONS: 1,
    PaperKind.ASSIGNMENTS: 1,
    PaperKind.SIGN_IN: 1,
    PaperKind.LETTER: 1,
}


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_round(tmp_path_factory.mktemp("round"))


@pytest.fixture
def path(made_once: Path, tmp_path: Path) -> Path:
    """A copy of the round."""
    copy = tmp_path / "round.qround"
    shutil.copy(made_once, copy)
    return copy


@pytest.fixture
def store(path: Path) -> Iterator[RoundStore]:
    with RoundStore.open(path, actor="clerk") as store:
        yield store


def text_of(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True, timeout=60)
    return "".join(done.stdout.decode().split())


def reports(store: RoundStore, order: RemarkOrder | None = None) -> dict[str, EvaluationReport]:
    made = evaluation_reports(gather(store), order or remark_order(store))
    return {report.number: report for report in made}


def break_text(path: Path, number: str) -> None:
    """Give an application's platform a character that no font has."""
    with RoundStore.open(path, actor="clerk", write=True) as store:
        application = store.get(Application, number)
        assert application is not None
        with store.change("import") as change:
            change.put(replace(application, platform="平台\ue999"))


# Which papers there are --------------------------------------------------------------------------------------------


def test_every_kind_that_the_round_has_is_written_into_a_folder_of_its_own(path: Path, tmp_path: Path) -> None:
    written = export_papers(path, tmp_path / "out", reply_by=date(2026, 7, 15))
    assert {kind: sum(one.kind is kind for one in written) for kind in PaperKind} == EVERY_KIND
    assert all(one.path.parent == tmp_path / "out" / one.kind.value and one.path.is_file() for one in written)
    assert not any(one.signed for one in written)
    letter = next(one for one in written if one.kind is PaperKind.LETTER)
    assert letter.application == WAITING
    assert "4.上年度财务审计报告" in text_of(letter.path)
    assert "请于2026年7月15日前" in text_of(letter.path)


def test_a_letter_names_the_day_of_the_notice_that_the_round_holds(path: Path, tmp_path: Path) -> None:
    with RoundStore.open(path, actor="clerk", write=True) as store, store.change("ask for supplements") as change:
        change.put(SupplementNotice(WAITING, ("4",), date(2026, 7, 28), datetime(2026, 7, 8, 9, tzinfo=UTC), "clerk"))
    (letter,) = export_papers(path, tmp_path / "out", kinds=[PaperKind.LETTER], reply_by=date(2026, 7, 15))
    assert "请于2026年7月28日前" in text_of(letter.path)


def test_the_day_of_a_letter_can_change_until_it_is_printed(path: Path, tmp_path: Path) -> None:
    stock = open_stock(path)
    (letter,) = (paper for paper in stock.papers if paper.kind is PaperKind.LETTER)
    first = stock.finished(letter).pdf
    stock.reply_by = date(2026, 8, 3)
    (tmp_path / "letter.pdf").write_bytes(stock.finished(letter).pdf)
    assert "请于2026年8月3日前" in text_of(tmp_path / "letter.pdf")
    stock.reply_by = None
    assert stock.finished(letter).pdf == first


def test_a_new_round_has_no_papers_and_that_is_no_error(tmp_path: Path) -> None:
    from qisp_desktop.services.rounds import new_round

    new_round(tmp_path / "new.qround", year=2026, name="评价", passphrase=PASSPHRASE)
    assert export_papers(tmp_path / "new.qround", tmp_path / "out") == []


def test_the_summary_shows_an_experts_own_totals_and_recusals_and_nobody_elses(path: Path, tmp_path: Path) -> None:
    written = export_papers(path, tmp_path / "out", kinds=[PaperKind.SUMMARY])
    text = text_of(next(one.path for one in written if one.expert == EXPERTS[-1]))
    assert all(number in text for number in (*NUMBERS, UNSCORED))
    assert "回避" in text
    assert "未形成有效评分" in text
    assert not any(f"专家{expert[-1]}" in text for expert in EXPERTS[:-1])


def test_the_round_report_names_panel_recusals_ranking_and_the_list_for_the_notice(path: Path, tmp_path: Path) -> None:
    (written,) = export_papers(path, tmp_path / "out", kinds=[PaperKind.ROUND_REPORT])
    text = text_of(written.path)
    for expected in (
        "2026年7月1日受理，2026年7月31日届满",
        "专家5",
        "曾任顾问",
        "第A-2号服务平台",
        "向社会公示10日",
        "审计链",
    ):
        assert expected in text


def test_the_clock_counts_the_days_on_which_this_office_works(path: Path, tmp_path: Path) -> None:
    from qisp_desktop.domain.calendar import DayCount, DayKind
    from qisp_desktop.services.working_days import override_day

    with RoundStore.open(path, actor="clerk", write=True) as store:
        value = store.round()
        with store.change("test") as change:
            change.put(replace(value, policy=replace(value.policy, days=DayCount.WORKING)))
    (before,) = export_papers(path, tmp_path / "before", kinds=[PaperKind.ROUND_REPORT])
    assert "2026年8月12日届满" in text_of(before.path)
    override_day(path, date(2026, 7, 2), DayKind.OFF, reason="台风停工")
    (after,) = export_papers(path, tmp_path / "after", kinds=[PaperKind.ROUND_REPORT])
    assert "2026年8月13日届满" in text_of(after.path)


def test_without_the_passphrase_an_inspection_lists_its_photos_with_their_digests(path: Path, tmp_path: Path) -> None:
    (written,) = export_papers(path, tmp_path / "out", kinds=[PaperKind.INSPECTION])
    assert "未用口令打开回传包" in text_of(written.path)
    assert "a" * 64 in text_of(written.path)


# Evaluation reports name nobody ------------------------------------------------------------------------------------


def test_a_report_shows_every_remark_and_no_expert(path: Path, store: RoundStore) -> None:
    report = reports(store)["A-2"]
    shown = [text for part in report.remarks for text in part.texts]
    codes = store.rubric().codes
    assert sorted(shown) == sorted(remark_of(expert, "A-2", code) for expert in EXPERTS for code in codes)
    # What the experts wrote is printed as it is; without it, nothing in the record points to one of them.
    record = replace(report, remarks=()).canonical_bytes.decode()
    assert not any(expert in record or f"专家{expert[-1]}" in record for expert in EXPERTS)


def test_the_order_of_remarks_is_the_same_at_each_export(path: Path, store: RoundStore) -> None:
    first = reports(store)
    store.close()
    with RoundStore.open(path, actor="another") as again:
        assert reports(again) == first


def test_the_place_of_a_remark_does_not_tell_whose_it_is(tmp_path: Path) -> None:
    order = RemarkOrder(b"k" * 32)
    firsts = [order.sorted(f"A-{n}", "Q1", EXPERTS)[0] for n in range(2000)]
    within = [order.sorted("A-1", f"Q{n}", EXPERTS)[0] for n in range(2000)]
    for found in (firsts, within):
        for expert in EXPERTS:
            # 2000 draws of 1 in 5: 400 expected, 7 standard deviations are 125
            assert abs(found.count(expert) - 400) < 125


def test_the_order_depends_on_the_rounds_secret_and_not_on_what_is_published() -> None:
    orders = {tuple(RemarkOrder(new_key()).sorted("A-1", "Q1", EXPERTS)) for _n in range(50)}
    assert len(orders) > 10


def test_the_secret_is_made_with_the_round_and_stands_in_no_paper(
    path: Path, store: RoundStore, tmp_path: Path
) -> None:
    key = store.secret(SECRET)
    assert key is not None
    assert len(key) == 32
    store.close()
    for one in export_papers(path, tmp_path / "out", kinds=[PaperKind.REPORT, PaperKind.ROUND_REPORT]):
        data = one.path.read_bytes()
        assert key not in data
        assert key.hex().encode() not in data


def test_an_older_round_gets_its_secret_at_first_need_and_keeps_it(path: Path) -> None:
    import sqlite3

    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM secret WHERE name = ?", (SECRET,))
    with RoundStore.open(path, actor="clerk") as reading:
        assert reading.secret(SECRET) is None
        first = reports(reading)
        assert reports(reading) == first


def test_totals_stand_in_order_of_size_with_the_dropped_ones_marked(store: RoundStore) -> None:
    result = reports(store)["A-2"].result
    assert [total.points for total in result.totals] == sorted(total.points for total in result.totals)
    assert sum(total.dropped for total in result.totals) == 2
    assert len(result.totals) == 5


def test_a_report_exists_for_an_application_without_any_sheet(store: RoundStore) -> None:
    report = reports(store)[UNSCORED]
    assert report.result.totals == ()
    assert report.result.final is None
    assert report.remarks == ()
    assert report.recommendation.text == "待定"


def test_a_visit_is_reported_without_the_visitors(store: RoundStore) -> None:
    (visit,) = reports(store)[VISITED].visits
    assert (visit.day, visit.photos) == (date(2026, 7, 3), 1)


@pytest.mark.parametrize(("values", "middle"), [("", None), ("1", "1.00"), ("1 2", "1.50"), ("3 1 2.005", "2.01")])
def test_the_median_is_exact_and_rounded_once(values: str, middle: str | None) -> None:
    from decimal import Decimal

    assert median(map(Decimal, values.split())) == (None if middle is None else Decimal(middle))


# When something goes wrong -----------------------------------------------------------------------------------------


def test_a_paper_that_cannot_be_printed_is_named_and_all_others_are_written(path: Path, tmp_path: Path) -> None:
    break_text(path, "A-2")
    with pytest.raises(PapersMissing) as refused:
        export_papers(path, tmp_path / "out", kinds=[PaperKind.REPORT])
    assert refused.value.missing == ("A-2_report.pdf",)
    assert "U+E999" in refused.value.why
    assert "A-2_report.pdf" in refused.value.do
    assert sorted(one.name for one in (tmp_path / "out" / "report").iterdir()) == [
        f"{number}_report.pdf" for number in ("A-1", "A-3", UNSCORED, WAITING)
    ]


def test_copies_are_named_also_where_another_paper_is_missing() -> None:
    lost = UserError("The return is lost.", "It is gone.", "Collect it again.")
    copy = WrittenPaper(Path("A-1_E001_r1.pdf"), PaperKind.SCORE_SHEET, "A-1", "E001", signed=False, lacking=lost)
    error = PapersMissing([("A-2_report.pdf", "No font has it.")], [copy])
    assert error.do.startswith("Missing: A-2_report.pdf.")
    for said in (
        "1 paper is a copy",
        "The return is lost. It is gone.",
        "Collect it again.",
        "Copies: A-1_E001_r1.pdf.",
    ):
        assert said in error.do


def test_sealing_without_the_passphrase_is_refused(path: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="passphrase"):
        export_papers(path, tmp_path / "out", seal=True)


def test_seals_enter_the_audit_trail_also_when_a_paper_is_missing(path: Path, tmp_path: Path) -> None:
    break_text(path, "A-2")
    with pytest.raises(PapersMissing) as refused:
        export_papers(path, tmp_path / "out", kinds=[PaperKind.REPORT], passphrase=PASSPHRASE, seal=True)
    assert all(one.signed for one in refused.value.written)
    assert last_seals(path) == "4"


def last_seals(path: Path) -> str:
    """How many papers the newest event of the trail says were sealed; empty when it says something else."""
    with RoundStore.open(path, actor="clerk") as store:
        event = store.audit_events()[-1]
    return event.detail if event.action == "seal papers" else ""


def test_the_desk_seals_what_it_saves_as_files_and_as_an_archive(path: Path, tmp_path: Path) -> None:
    stock = open_stock(path, passphrase=PASSPHRASE)
    papers = [paper for paper in stock.papers if paper.kind in (PaperKind.REPORT, PaperKind.SIGN_IN)]
    written = save_single(stock, papers, tmp_path / "out", Work(), sealed_in=path)
    assert {one.kind for one in written if one.signed} == {PaperKind.REPORT}
    assert last_seals(path) == str(len(papers) - 1)
    save_archive(stock, papers[:1], tmp_path / "all.zip", Work(), sealed_in=path)
    with ZipFile(tmp_path / "all.zip") as archive:
        (pdf,) = (archive.read(name) for name in archive.namelist())
    assert [one.field for one in read_signatures(pdf)] == ["Secretariat"]
    assert last_seals(path) == "1"


def test_the_desk_seals_nothing_without_the_keys_or_while_another_clerk_writes(path: Path, tmp_path: Path) -> None:
    copies = open_stock(path)
    reports = [paper for paper in copies.papers if paper.kind is PaperKind.REPORT]
    with pytest.raises(UserError, match="passphrase"):
        save_single(copies, reports, tmp_path / "out", Work(), sealed_in=path)
    stock = open_stock(path, passphrase=PASSPHRASE)
    with RoundStore.open(path, actor="another clerk", write=True), pytest.raises(UserError):
        save_archive(stock, reports, tmp_path / "out.zip", Work(), sealed_in=path)
    assert not list(tmp_path.glob("out*"))


def test_a_stop_leaves_whole_papers_only(path: Path, tmp_path: Path) -> None:
    class Impatient(Work):
        def show(self, what: str, done: int, total: int) -> None:
            if done == 3:
                self.cancel()

    with pytest.raises(Cancelled):
        export_papers(path, tmp_path / "out", kinds=[PaperKind.REPORT], work=Impatient())
    left = list((tmp_path / "out" / "report").iterdir())
    assert len(left) == 4
    assert all(b"%%EOF" in one.read_bytes()[-10:] for one in left)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a small file system of its own")
def test_a_full_disk_leaves_whole_papers_and_the_error_names_the_missing_ones(path: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    program = (
        "import sys; from pathlib import Path\n"
        "from qisp_desktop.services.papers import PaperKind, PapersMissing, export_papers\n"
        "try: export_papers(Path(sys.argv[1]), Path(sys.argv[2]), kinds=[PaperKind.SCORE_SHEET])\n"
        "except PapersMissing as error:\n"
        "    names = sorted(p.name for p in Path(sys.argv[2]).rglob('*') if p.is_file())\n"
        "    sound = all(p.read_bytes().endswith(b'%%EOF\\n') for p in Path(sys.argv[2]).rglob('*.pdf'))\n"
        "    print(len(error.written), len(error.missing), len(names), sound, error.why)"
    )
    mounted = f'mount -t tmpfs -o size=300k none "{small}" && exec "{sys.executable}" -c "$1" "{path}" "{small}/out"'
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounted, "sh", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip("no file system of its own may be mounted here")
    written, missing, files, sound, *why = done.stdout.split()
    assert int(written) > 0
    assert int(written) + int(missing) == EVERY_KIND[PaperKind.SCORE_SHEET]
    assert files == written
    assert sound == "True"
    assert "disk is full" in " ".join(why)


# Many at a time ----------------------------------------------------------------------------------------------------


def contents(written: list[WrittenPaper]) -> dict[str, bytes]:
    return {one.path.name: one.path.read_bytes() for one in written}


def test_several_processes_write_the_same_papers_and_name_the_same_missing_one(path: Path, tmp_path: Path) -> None:
    break_text(path, "A-2")
    found = []
    for workers in (1, 2):
        out = tmp_path / str(workers)
        with pytest.raises(PapersMissing) as refused:
            export_papers(
                path, out, kinds=[PaperKind.SCORE_SHEET, PaperKind.REPORT, PaperKind.SUMMARY], workers=workers
            )
        found.append((refused.value.missing, str(refused.value), contents(list(refused.value.written))))
    assert found[0] == found[1]
    assert len(found[0][2]) > 10
