"""The secretariat's and the printing desk, brought to what is worth a picture."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from collecting_round import damaged_return, half_collected
from openpyxl import load_workbook
from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication
from stage import LONGEST_WAIT_MS, Stage

from qisp_desktop.gui.printing.page import PREVIEW, PrintingPage, printing_screen
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
from qisp_desktop.services.demo import OFFICE_PASSPHRASE


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


def printing_large(stage: Stage) -> None:
    """A paper over the whole page of the printing desk."""
    printing(stage)
    page = stage.program.window.page
    if isinstance(page, PrintingPage):
        page.turn_to(PREVIEW)


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
    "printing-large": printing_large,
    "scans": scans,
}
