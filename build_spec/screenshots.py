"""A picture of each screen, in both themes, both languages and two sizes: ``screenshots.py OUTDIR [SCENE…]``.

The screens show a demonstration round made for the purpose, so that they look as they do in use. To add a screen, write
a function that brings the window there and put it into ``SCENES``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collecting_round import damaged_return, half_collected
from openpyxl import load_workbook
from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication, QDialog

from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.domain.inspection import Verdict
from qisp_desktop.domain.panel import Assignment
from qisp_desktop.gui import theme
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.desk.shortcuts import ShortcutSheet
from qisp_desktop.gui.panel.inspection.view import InspectionView
from qisp_desktop.gui.panel.signing.view import SigningView
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from qisp_desktop.gui.printing.page import PrintingPage, printing_screen
from qisp_desktop.gui.secretariat.applications.view import ApplicationsView
from qisp_desktop.gui.secretariat.audit.view import AuditView
from qisp_desktop.gui.secretariat.collecting.view import CollectingView
from qisp_desktop.gui.secretariat.desk_page import DeskPage as RoundPage
from qisp_desktop.gui.secretariat.desk_page import desk_screen
from qisp_desktop.gui.secretariat.experts.view import ExpertsView
from qisp_desktop.gui.secretariat.import_wizard.wizard import ImportWizard
from qisp_desktop.gui.secretariat.inspections.view import InspectionsView
from qisp_desktop.gui.secretariat.issuing.view import IssuingView
from qisp_desktop.gui.secretariat.new_round.page import NewRoundPage, new_round_screen
from qisp_desktop.gui.secretariat.results.view import ResultsView
from qisp_desktop.gui.secretariat.screening.view import ScreeningView
from qisp_desktop.gui.start.page import StartPage
from qisp_desktop.services.demo import OFFICE_PASSPHRASE, run_demo
from qisp_desktop.services.issuing import issue_packages
from qisp_desktop.store.round_store import RoundStore

SIZES = ((1366, 768), (1920, 1080))
LANGUAGES = ("zh_CN", "en")
THEMES = ("light", "dark")
SETTLE_MS = 150
LONGEST_WAIT_MS = 20_000


@dataclass(frozen=True)
class Stage:
    """The program and the demonstration that its screens show."""

    program: Application
    round: Path
    package: Path
    passphrase: str
    scratch: Path

    def settle(self) -> None:
        """Wait until nothing is running any more and all is painted."""
        deadline = QDeadlineTimer(LONGEST_WAIT_MS)
        while (not self.program.ready or self.program.tasks.busy) and not deadline.hasExpired():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        pause = QDeadlineTimer(SETTLE_MS)
        while not pause.hasExpired():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def unlock(self, passphrase: str) -> None:
        """Open the package and try ``passphrase``."""
        self.program.go.open(self.package)
        page = self.program.window.page
        if isinstance(page, UnlockPage):
            page.ui.passphrase.set_text(passphrase)
            page.ui.unlock.click()
        self.settle()


def first_empty(stage: Stage) -> None:
    """The first page of a new user."""
    stage.program.settings.set_recent([])
    stage.program.go.home()


def first(stage: Stage) -> None:
    """The first page with recent files, one of them gone."""
    for path in (stage.round.with_name("QISP-2025.qround"), stage.round, stage.package):
        stage.program.settings.remember(path)
    stage.program.go.home()


def not_ours(stage: Stage) -> None:
    """A file that is not ours was dropped."""
    first(stage)
    stage.program.go.open(stage.round.with_name("summary.xlsx"))


def settings(stage: Stage) -> None:
    """The settings."""
    stage.program.go.preferences()


def about(stage: Stage) -> None:
    """The About box."""
    stage.program.go.home()
    stage.settle()
    page = stage.program.window.page
    if isinstance(page, StartPage):
        page.about_button.click()


def unlock(stage: Stage) -> None:
    """A package waits for its passphrase."""
    stage.program.go.open(stage.package)


def unlock_wrong(stage: Stage) -> None:
    """The passphrase was wrong."""
    stage.unlock("1234" * 5)


def package(stage: Stage) -> None:
    """What is inside a package."""
    stage.unlock(stage.passphrase)


def declaration(stage: Stage) -> None:
    """The record of an application, and the question whether there is an interest in it."""
    stage.unlock(stage.passphrase)
    page = _desk_page(stage)
    undeclared = [n for n in page._presenter.sheets.numbers if not page._presenter.sheets.declared(n)]
    page._presenter.select((undeclared or page._presenter.sheets.numbers)[-1])
    page.scoring.reading.ask_for_recusal()
    stage.settle()


def scoring(stage: Stage) -> None:
    """A sheet being filled: a level picked, a score outside it, a remark that is missing, a page cited."""
    page = _desk(stage, "")
    desk = page._presenter
    desk.select(desk.sheets.numbers[0])
    desk.select_criterion("Q2")
    _wait_for_material(stage, page)
    page.scoring.cite()
    desk.pick_level("Q2", 1)
    desk.set_points("Q2", Decimal("2.5"))
    page.scoring.scores.focus_field()


def _wait_for_material(stage: Stage, page: DeskPage) -> None:
    """Until the first page of a material is on the screen."""
    stage.settle()
    deadline = QDeadlineTimer(LONGEST_WAIT_MS)
    while page.scoring.reading.citation() is None and not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)


def compare(stage: Stage) -> None:
    """The expert's own scores side by side."""
    _desk(stage, "compare")


def shortcuts(stage: Stage) -> None:
    """All keys of the desk."""
    page = _desk(stage, "")
    ShortcutSheet(page.scoring).open()


def _desk_page(stage: Stage) -> DeskPage:
    page = stage.program.window.page
    if not isinstance(page, DeskPage):
        raise RuntimeError("the package did not open")
    return page


def _desk(stage: Stage, view: str) -> DeskPage:
    """The desk of the package, with everything scored, turned to ``view``."""
    stage.unlock(stage.passphrase)
    page = _desk_page(stage)
    desk = page._presenter
    for number in desk.sheets.numbers:
        desk.select(number)
        if not desk.sheets.declared(number):
            desk.declare()
            stage.settle()
        for place, criterion in enumerate(desk.rubric.criteria):
            desk.set_points(criterion.code, criterion.levels[place % 2].highest)
    page.turn_to(view)
    stage.settle()
    return page


def inspection(stage: Stage) -> None:
    """The record of a visit, half written, with its photos."""
    page = _desk(stage, "inspection")
    (view,) = page.findChildren(InspectionView)
    visit = view.presenter
    visit.set_date(date(2026, 7, 3))
    visit.set_received_by("示例联系人")
    for item, verdict in zip(visit.desk.rubric.checklist, (*Verdict, *Verdict), strict=False):
        visit.set_verdict(item.code, verdict)
    visit.set_note("I2", "1台设备的校准证书将在下月到期。")
    if not visit.draft.findings:
        visit.take_in_folder(stage.round.parent / "input" / "photos")
        visit.add_finding("I2", "")
        visit.set_finding(0, replace(visit.draft.findings[0], text="设备标签与清单一致,1台校准即将到期。"))
    stage.settle()


def signing(stage: Stage) -> None:
    """What is missing, the sheets as they will be printed, signature, folder, passphrase."""
    page = _desk(stage, "signing")
    (view,) = page.findChildren(SigningView)
    view.ui.folder.setText("/media/stick")
    view.ui.pad.pad.show_drawing(
        Handwriting(((150, 120, 260, 240, 300, 90, 380, 220, 420, 100), (470, 200, 620, 210), (540, 260, 530, 60)))
    )
    view.ui.pad.pad.changed.emit()


def carried_over(stage: Stage) -> None:
    """The package was issued again: what came along, and what was left behind."""
    folder = Path(tempfile.mkdtemp(prefix="qisp-scene-", dir=stage.scratch))
    home = os.environ["XDG_DATA_HOME"]
    # A workspace of the scene's own: that of the other pictures belongs to the issue before.
    os.environ["XDG_DATA_HOME"] = os.environ["LOCALAPPDATA"] = str(folder / "data")
    page = _desk(stage, "")
    first, second = page._presenter.sheets.numbers[:2]
    expert = page._presenter.expert.id
    stage.program.go.home()
    stage.settle()
    for path in stage.round.parent.glob(f"{stage.round.name}*"):
        (shutil.copytree if path.is_dir() else shutil.copyfile)(path, folder / path.name)
    copy = RoundStore.open(folder / stage.round.name, actor="clerk", write=True)
    with copy as store, store.change("assign") as change:
        change.remove(Assignment, expert, second)
    (one,) = issue_packages(
        folder / stage.round.name, folder / "out", passphrase=OFFICE_PASSPHRASE, only=[expert], plain_letters=True
    )
    stage.program.go.open(one.package)
    asked = stage.program.window.page
    if isinstance(asked, UnlockPage):
        asked.ui.passphrase.set_text(one.letter.with_suffix(".txt").read_text("utf-8").splitlines()[0])
        asked.ui.unlock.click()
        stage.settle()
        asked.ui.earlier.set_text(stage.passphrase)
        asked.ui.unlock.click()
    stage.settle()
    os.environ["XDG_DATA_HOME"] = os.environ["LOCALAPPDATA"] = home
    page = _desk_page(stage)
    page._presenter.select(first)
    _wait_for_material(stage, page)


def unsaved(stage: Stage) -> None:
    """The window is to be closed while the disk takes nothing any more."""
    page = _desk(stage, "")
    desk = page._presenter
    stage.settle()
    database = desk._desk.store._connection
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count={pages}")
    desk.set_remark("Q1", "证明材料齐全，现场查阅了原件。" * 3000)
    deadline = QDeadlineTimer(LONGEST_WAIT_MS)
    while desk.save_problem is None and not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
    stage.program.window.close()
    database.execute("PRAGMA max_page_count=1000000")  # so that the next picture can leave it


def _new_round(stage: Stage, step: str) -> None:
    """A new round at ``step``, with a passphrase that is too weak."""
    stage.program.go.home()
    stage.program.go.show(new_round_screen(stage.program.go.shell))
    stage.settle()
    page = stage.program.window.page
    if isinstance(page, NewRoundPage):
        page.presenter.set_place(Path("/media/share/round-2026.qround"))
        for line in page.passphrase_lines:
            line.setText("shenzhen2026")
        page.presenter.set_passphrase("shenzhen2026", "shenzhen2026")
        page.presenter.go_to(step)
        page.presenter.touched = False  # so that the next picture can leave it


def _round_settings(stage: Stage, part: str) -> None:
    """A part of the settings of the round."""
    round_overview(stage)
    stage.settle()
    page = stage.program.window.page
    if isinstance(page, RoundPage):
        page.presenter.go_to("settings", part)


def round_overview(stage: Stage) -> None:
    """Where a round stands, and what waits for the clerk."""
    stage.program.go.open(stage.round)
    page, deadline = stage.program.window.page, QDeadlineTimer(LONGEST_WAIT_MS)
    while isinstance(page, RoundPage) and not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        board = page.presenter.presenter_of("overview").data
        if board is not None and board.waiting is not None:
            break


def _section(stage: Stage, key: str) -> RoundPage | None:
    """The secretariat's desk, its section ``key`` shown and read."""
    stage.program.go.show(desk_screen(stage.program.go.shell, stage.round, key))
    stage.settle()
    page = stage.program.window.page
    if not isinstance(page, RoundPage):
        return None
    deadline = QDeadlineTimer(LONGEST_WAIT_MS)
    while page.presenter.presenter_of(key).data is None and not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
    stage.settle()
    return page


def results(stage: Stage) -> None:
    """The ranking with the detail of its first application."""
    page = _section(stage, "results")
    view = page.view if page is not None else None
    if isinstance(view, ResultsView):
        view.table.go_to(lambda result: bool(result.deviations) or result.rank == 1)


def what_if(stage: Stage) -> None:
    """Another rule is tried on the ranking."""
    results(stage)
    page = stage.program.window.page
    if isinstance(page, RoundPage) and isinstance(page.view, ResultsView):
        page.view.try_rule.click()
        page.view.what_if.aggregate.buttons["mean"].click()


def audit(stage: Stage) -> None:
    """The audit trail, verified."""
    page = _section(stage, "audit")
    if page is not None and isinstance(page.view, AuditView):
        page.view.verify.click()


def _collecting(stage: Stage, pane: str) -> CollectingView | None:
    """The middle of collecting, with ``pane`` shown."""
    stage.program.go.home()  # who copies a round that is open copies its lease too
    stage.settle()
    folder = Path(tempfile.mkdtemp(prefix="qisp-scene-", dir=stage.scratch))
    middle = replace(stage, round=half_collected(stage.round, folder))
    page = _section(middle, "collecting")
    view = page.view if page is not None else None
    if not isinstance(view, CollectingView):
        return None
    view.presenter.clerk = "王涛"
    view.papers.clerk.setText("王涛")
    view.tabs.picked.emit(pane)
    stage.settle()
    return view


def collecting(stage: Stage) -> None:
    """Files with their verdicts, one of them damaged."""
    view = _collecting(stage, "files")
    if view is not None:
        view.presenter.session.unlock(view, OFFICE_PASSPHRASE, lambda: None, lambda error: None)
        stage.settle()
        view.presenter.collect([stage.round.parent / "returns", damaged_return(stage.scratch)])


def collecting_board(stage: Stage) -> None:
    """The board, with the keyboard on a conflict."""
    view = _collecting(stage, "board")
    if view is not None:
        view.board.matrix.setCurrentIndex(view.board.model.index(0, 3))


def collecting_conflict(stage: Stage) -> None:
    """Two contents of one sheet side by side."""
    view = _collecting(stage, "conflicts")
    if view is not None:
        view.conflicts.comparison.choices[0].setChecked(True)


def papers(stage: Stage) -> None:
    """The list of papers."""
    view = _collecting(stage, "papers")
    if view is not None:
        view.papers.table.go_to(lambda one: len(one.differences) > 0)


def paper_entry(stage: Stage) -> None:
    """The second clerk enters a paper."""
    papers(stage)
    page = stage.program.window.page
    view = page.view if isinstance(page, RoundPage) else None
    if isinstance(view, CollectingView):
        view.papers.table.go_to(lambda one: one.second is None and one.first is not None)
        view.papers.enter.click()
        view.papers.entry.model.set_points(0, Decimal("3.5"))
        view.papers.entry.model.set_points(1, Decimal(2))


def paper_settling(stage: Stage) -> None:
    """Two entries that differ."""
    papers(stage)
    page = stage.program.window.page
    if isinstance(page, RoundPage) and isinstance(page.view, CollectingView):
        page.view.papers.check.click()


def experts(stage: Stage) -> None:
    """Who reads what, with the keyboard on a conflict and a late recusal beside it."""
    page = _section(stage, "experts")
    if page is not None and isinstance(page.view, ExpertsView):
        page.view.matrix.go_to_cell(lambda row: bool(row.number.endswith("002")), "E003")


def experts_replacing(stage: Stage) -> None:
    """Somebody else in the place of who stepped back."""
    page = _section(stage, "experts")
    if page is not None and isinstance(page.view, ExpertsView) and page.view.presenter.data is not None:
        late = page.view.presenter.data.late[0].recusal
        page.view.recusals.draw_wanted.emit(late.expert, late.application)


def experts_panel(stage: Stage) -> None:
    """The panel, and an expert who is corrected."""
    page = _section(stage, "experts")
    if page is not None and isinstance(page.view, ExpertsView):
        page.view.mode.buttons["panel"].click()
        page.view.panel.go_to("E002")
        page.view.panel.edit.click()


def issuing(stage: Stage) -> None:
    """Everybody's package, and the question before one is issued again."""
    page = _section(stage, "issuing")
    if page is not None and isinstance(page.view, IssuingView):
        page.view.folders.packages.setText("/media/stick")
        page.view.folders.letters.setText("/home/office/letters")
        page.view.table.go_to(lambda line: bool(line.expert.id == "E003"))
        page.view.again.click()


def inspections(stage: Stage) -> None:
    """The visits, and a record with its photos."""
    page = _section(stage, "inspections")
    if page is not None and isinstance(page.view, InspectionsView):
        view = page.view
        view.table.go_to(lambda line: bool(line.records))
        view.presenter.session.unlock(view, OFFICE_PASSPHRASE, lambda: None, lambda error: None)
        stage.settle()
        for card in view.cards[:1]:
            card.open.click()


def applications(stage: Stage) -> None:
    """The applications, and the record of one."""
    page = _section(stage, "applications")
    if page is not None and isinstance(page.view, ApplicationsView):
        page.view.table.go_to(lambda row: bool(row.number.endswith("003")))


def applications_materials(stage: Stage) -> None:
    """The materials of an application."""
    applications(stage)
    page = stage.program.window.page
    if isinstance(page, RoundPage) and isinstance(page.view, ApplicationsView):
        page.view.detail.parts.buttons["materials"].click()


def _import(stage: Stage, heading: str) -> ImportWizard | None:
    """The import of a workbook with mistakes; the column of the staff has this ``heading``."""
    book = load_workbook(stage.round.parent / "input" / "applications.xlsx")
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = cell.value.replace("QISP-2026-0", "QISP-2026-1")
                    cell.value = heading if cell.value == "企业服务人员数" else cell.value
    first = book.worksheets[0]
    names = {str(cell.value): cell.column for row in first.iter_rows(max_row=5) for cell in row if cell.value}
    first.cell(7, names[heading]).value = "约二十"
    first.cell(9, names["统一社会信用代码"]).value = "91440300MA5EXAMPLE"
    path = stage.round.with_name("as-received.xlsx")
    book.save(path)
    page = _section(stage, "applications")
    if page is None or not isinstance(page.view, ApplicationsView):
        return None
    page.view.begin_import()
    wizard = page.view.wizard
    if wizard is not None:
        wizard.presenter.choose(path)
        stage.settle()
    return wizard


def importing(stage: Stage) -> None:
    """A workbook looked through before it is imported: one cell mended, another still wrong."""
    wizard = _import(stage, "企业服务人员数")
    if wizard is not None and (place := wizard.presenter.problem_after(None, forward=True)) is not None:
        wizard.presenter.mend(place, "20", "约二十")
        stage.settle()
        wizard.preview.go_to(place)


def importing_columns(stage: Stage) -> None:
    """A heading that nobody knows waits for a word of the clerk."""
    _import(stage, "服务人手")


def screening(stage: Stage) -> None:
    """The formal check, with the keyboard on a verdict that explains itself."""
    page = _section(stage, "screening")
    if page is not None and isinstance(page.view, ScreeningView):
        page.view.matrix.go_to_cell(lambda row: bool(row.number.endswith("004")), "c7")


def printing(stage: Stage) -> None:
    """The printing desk, with its first list counted."""
    stage.program.go.show(printing_screen(stage.program.go.shell, stage.round))
    stage.settle()
    page = stage.program.window.page
    deadline = QDeadlineTimer(LONGEST_WAIT_MS)
    while isinstance(page, PrintingPage) and not page.presenter.page_total[1] and not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)


def scans(stage: Stage) -> None:
    """Scanned papers at the printing desk, and what each is to the round."""
    stage.program.go.show(printing_screen(stage.program.go.shell, stage.round))
    stage.settle()
    page = stage.program.window.page
    if isinstance(page, PrintingPage):
        page.presenter.stop_counting()
        page.turn_to("scans")
        page.scans.take_in(sorted((stage.round.parent / "papers" / "score-sheet").iterdir())[:5])


SCENES: dict[str, Callable[[Stage], None]] = {
    "first-empty": first_empty,
    "first": first,
    "not-ours": not_ours,
    "settings": settings,
    "about": about,
    "unlock": unlock,
    "unlock-wrong": unlock_wrong,
    "package": package,
    "declaration": declaration,
    "scoring": scoring,
    "compare": compare,
    "shortcuts": shortcuts,
    "inspection": inspection,
    "signing": signing,
    "carried-over": carried_over,
    "unsaved": unsaved,
    "round": round_overview,
    "new-round": lambda stage: _new_round(stage, "basics"),
    "new-round-standard": lambda stage: _new_round(stage, "rubric"),
    "new-round-rule": lambda stage: _new_round(stage, "policy"),
    "new-round-passphrase": lambda stage: _new_round(stage, "passphrase"),
    "new-round-place": lambda stage: _new_round(stage, "place"),
    "round-settings": lambda stage: _round_settings(stage, "basics"),
    "round-settings-days": lambda stage: _round_settings(stage, "days"),
    "round-settings-passphrase": lambda stage: _round_settings(stage, "keys"),
    "results": results,
    "what-if": what_if,
    "audit": audit,
    "applications": applications,
    "applications-materials": applications_materials,
    "import": importing,
    "import-columns": importing_columns,
    "screening": screening,
    "experts": experts,
    "experts-replacing": experts_replacing,
    "experts-panel": experts_panel,
    "issuing": issuing,
    "inspections": inspections,
    "collecting": collecting,
    "collecting-board": collecting_board,
    "collecting-conflict": collecting_conflict,
    "papers": papers,
    "paper-entry": paper_entry,
    "paper-settling": paper_settling,
    "printing": printing,
    "scans": scans,
}


def take(stage: Stage, scenes: list[str], folder: Path) -> int:
    """Take every picture; how many there are."""
    taken = 0
    program = stage.program
    for look in THEMES:
        program.settings.theme = look
        for language in LANGUAGES:
            program.settings.language = language
            for size in SIZES:
                program.window.resize(*size)
                for scene in scenes:
                    SCENES[scene](stage)
                    stage.settle()
                    _save(program, folder / f"{scene}-{look}-{language}-{size[0]}.png")
                    taken += 1
    return taken


def _save(program: Application, path: Path) -> None:
    dialog = QApplication.activeModalWidget()
    picture = (dialog or program.window).grab()
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(str(path))
    if isinstance(dialog, QDialog):
        dialog.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def main(arguments: list[str] | None = None) -> int:
    """Make the demonstration and take the pictures; the exit code."""
    parser = argparse.ArgumentParser(description="A picture of each screen.")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=f"which ones, of: {', '.join(SCENES)}")
    parser.add_argument("--demo", type=Path, help="a folder that `qisp demo` filled, instead of a new one")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.scenes) - set(SCENES)):
        parser.error(f"no such screen: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory() as scratch:
        demo = options.demo or Path(scratch) / "qisp"
        if options.demo is None:
            print("making the demonstration round …")
            run_demo(demo)
        # The workspaces of the screens are the pictures' own.
        os.environ["XDG_DATA_HOME"] = os.environ["LOCALAPPDATA"] = str(Path(scratch) / "data")
        app = theme.application(sys.argv[:1])
        program = Application(app, Path(scratch) / "config")
        program.settings.auto_lock_minutes = 0
        program.start()
        letter = (demo / "out" / "letters" / "E007.txt").read_text("utf-8")
        package_path = demo / "out" / "packages" / "E007.qpanel"
        stage = Stage(program, demo / "round-2026.qround", package_path, letter.splitlines()[0], Path(scratch))
        stage.settle()
        taken = take(stage, options.scenes or list(SCENES), options.folder)
        program.stop()
    print(f"{taken} pictures in {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
