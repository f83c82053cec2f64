"""A clerk's whole round through the windows, from a new round to the frozen result and its workbook.

Experts work with the command line, on their own machines. Among what happens: a cell is mended while the workbook is
imported, a computed screening is overridden, one revision comes back with two contents, an expert steps back late, and
one file arrives damaged. What the windows come to must be what the command line says of the same file.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.desk_records import Mending
from qisp_desktop.domain.merging import Received
from qisp_desktop.domain.panel import Assignment
from qisp_desktop.domain.round import Freeze
from qisp_desktop.domain.screening import ScreeningStatus
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.applications.view import ApplicationsView
from qisp_desktop.gui.secretariat.collecting.presenter import CollectingPresenter
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.secretariat.experts.presenter import ExpertsPresenter, Proposal
from qisp_desktop.gui.secretariat.experts.view import ExpertsView
from qisp_desktop.gui.secretariat.inspections.presenter import InspectionsPresenter
from qisp_desktop.gui.secretariat.issuing.presenter import Folders, IssuingPresenter
from qisp_desktop.gui.secretariat.new_round.page import NewRoundPage, new_round_screen
from qisp_desktop.gui.secretariat.results.view import ResultsView
from qisp_desktop.gui.secretariat.screening.presenter import ScreeningPresenter
from qisp_desktop.services.sample import ACCEPTED_ON, YEAR, sample_round
from qisp_desktop.store.round_store import RoundStore
from tests.e2e.command import done, write_json
from tests.e2e.returned import make_returns
from tests.e2e.small_round import APPLICATIONS, EXPERTS, PASSPHRASE, READERS, VISITED, WAITING, Place
from tests.gui.program import page_of
from tests.gui.secretariat.desks import WAIT_MS, settled

SPOILED = "约二十"
"""A number of persons as a hurried clerk writes it."""


class Clerk:
    """The clerk at the desk: goes to a section, does something there, waits until it is done."""

    def __init__(self, qtbot: QtBot, program: Application, place: Place) -> None:
        self.qtbot, self.program, self.place = qtbot, program, place

    @property
    def page(self) -> DeskPage:
        return page_of(self.program, DeskPage)

    def wait(self, ready: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(ready, timeout=2 * WAIT_MS)

    def go(self, section: str) -> object:
        """The presenter of the section, which is shown and read."""
        self.page.presenter.go_to(section)
        settled(self.qtbot, self.page)
        return self.page.presenter.presenter_of(section)

    def done(self) -> None:
        """Wait for what was begun; nothing may have been refused."""
        settled(self.qtbot, self.page)
        presenter = self.page.presenter.presenter_of(self.page.presenter.section)
        assert presenter.saying is None or presenter.saying.meaning != "bad", presenter.saying

    # The steps of a round -------------------------------------------------------------------------------------------

    def found_the_round(self) -> None:
        shell = self.program.go.shell
        shell.go.show(new_round_screen(shell))
        page = page_of(self.program, NewRoundPage)
        plan = page.presenter
        self.wait(lambda: plan.rubric is not None)
        plan.set_year(YEAR)
        plan.set_name("2026年度评价")
        plan.set_passphrase(PASSPHRASE, PASSPHRASE)
        plan.set_place(self.place.round)
        self.wait(lambda: plan.first_problem is None and plan.strength is not None)
        with self.qtbot.waitSignal(plan.made, timeout=WAIT_MS):
            plan.create()
        with self.qtbot.waitSignal(plan.saved, timeout=WAIT_MS):
            plan.save_sheet(self.place.folder / "口令恢复单.pdf", printed=False)
        plan.open_desk()
        self.wait(lambda: isinstance(self.program.window.page, DeskPage) and self.page.session.writable)
        settled(self.qtbot, self.page)

    def import_applications(self) -> None:
        self.go("applications")
        view = self.page.view
        assert isinstance(view, ApplicationsView)
        view.begin_import()
        assert view.wizard is not None
        wizard = view.wizard.presenter
        wizard.choose(self.place.sample.applications_book)
        self.wait(lambda: wizard.look is not None and wizard.step != "choose")
        assert wizard.look is not None
        (cell,) = wizard.look.checked.cells
        assert [problem.code for problem in wizard.look.checked.cells[cell]] == ["bad_number"]
        wizard.mend(cell, "20", SPOILED)
        self.wait(lambda: wizard.look is not None and not wizard.look.checked.cells)
        wizard.choose_folder(self.place.sample.materials)
        self.wait(lambda: wizard.look is not None and wizard.look.found is not None)
        wizard.import_now()
        self.done()

    def import_experts(self) -> None:
        self.go("experts")
        view = self.page.view
        assert isinstance(view, ExpertsView)
        view.load.click()
        assert view.wizard is not None
        wizard = view.wizard.presenter
        wizard.choose(self.place.sample.experts_book)
        self.wait(lambda: wizard.look is not None and wizard.step != "choose")
        wizard.import_now()
        self.done()

    def screen(self) -> None:
        presenter = self.go("screening")
        assert isinstance(presenter, ScreeningPresenter)
        presenter.accept(ACCEPTED_ON)
        self.done()
        presenter.decide([WAITING], ScreeningStatus.ACCEPTED, "审计报告已当面核验原件")
        self.done()

    def assign(self) -> None:
        presenter = self.go("experts")
        assert isinstance(presenter, ExpertsPresenter)
        presenter.per_application = READERS
        with self.qtbot.waitSignal(presenter.proposed, timeout=WAIT_MS) as told:
            presenter.propose()
        proposal = told.args[0]
        assert isinstance(proposal, Proposal)
        assert proposal.step is not None, proposal
        presenter.take_proposal(proposal.step)
        self.done()

    def plan_the_visit(self) -> None:
        presenter = self.go("inspections")
        assert isinstance(presenter, InspectionsPresenter)
        presenter.plan(VISITED, tuple(self.place.visitors()), ())
        self.done()

    def unlock(self) -> None:
        self.page.session.unlock(self.page, PASSPHRASE, lambda: None, lambda error: pytest.fail(str(error)))
        self.wait(lambda: self.page.session.unlocked)

    def issue(self) -> None:
        presenter = self.go("issuing")
        assert isinstance(presenter, IssuingPresenter)
        presenter.plain_letters = True
        presenter.issue(Folders(self.place.out / "packages", self.place.out / "letters"), ())
        self.done()

    def collect(self, *files: Path) -> dict[str, Received]:
        """The verdicts by file name."""
        presenter = self.go("collecting")
        assert isinstance(presenter, CollectingPresenter)
        before = len(presenter.files)
        presenter.collect(files)
        self.wait(lambda: len(presenter.files) >= before + len(files) and not presenter.busy)
        settled(self.qtbot, self.page)
        return {one.path.name: one.file.verdict for one in presenter.files}

    def decide(self, expert: str, application: str, digest: str) -> None:
        presenter = self.go("collecting")
        assert isinstance(presenter, CollectingPresenter)
        assert presenter.data is not None
        (contested,) = presenter.data.board.contested
        assert (contested.expert, contested.application) == (expert, application)
        with self.qtbot.waitSignal(presenter.compared, timeout=WAIT_MS):
            presenter.ask_comparison(contested)
        assert presenter.comparison is not None
        presenter.decide(presenter.comparison, digest, "经电话核实，以先交回的为准")
        self.done()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """What the office has before the round: its workbooks, one cell of them spoiled, and materials."""
    place = Place(tmp_path / "office")
    place.folder.mkdir()
    place.secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    sample = sample_round(len(APPLICATIONS), len(EXPERTS), place.folder / "input")
    book = load_workbook(sample.applications_book)
    sheet = book.worksheets[0]
    heading = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "企业服务人员数")
    sheet.cell(heading.row + 2, heading.column).value = SPOILED
    book.save(sample.applications_book)
    return place


def digests(round: Path, expert: str, application: str) -> list[str]:
    """What was received from the expert for the application."""
    from qisp_desktop.domain.score_sheet import ScoreSheet

    with RoundStore.open(round, actor="test") as store:
        return sorted(sheet.digest for sheet in store.all(ScoreSheet, expert=expert, application=application))


def test_a_round_from_its_founding_to_the_frozen_result(
    program: Application, qtbot: QtBot, place: Place, tmp_path: Path
) -> None:
    clerk = Clerk(qtbot, program, place)
    clerk.found_the_round()
    clerk.import_applications()
    clerk.import_experts()
    clerk.screen()
    clerk.assign()
    with RoundStore.open(place.round, actor="test") as store:
        (mending,) = store.all(Mending)
        assert (mending.before, mending.after) == (SPOILED, "20")
        found: dict[str, list[str]] = {}
        for one in store.all(Assignment):
            found.setdefault(one.application, []).append(one.expert)
    write_json(
        place.folder / "assigned.json",
        {"applications": [{"number": number, "experts": readers} for number, readers in sorted(found.items())]},
    )
    clerk.plan_the_visit()
    clerk.unlock()
    clerk.issue()

    returned = make_returns(place)
    damaged = tmp_path / "damaged.qscore"
    damaged.write_bytes(returned.file("first").read_bytes()[:-2000])
    rival = Path(shutil.copy(returned.file("rival"), tmp_path / "rival.qscore"))
    plain = [path for name, path in returned.files.items() if name in EXPERTS]
    verdicts = clerk.collect(returned.file("first"), rival, damaged, returned.file("before"), *plain)
    assert verdicts["damaged.qscore"] is Received.DAMAGED
    assert verdicts["rival.qscore"] is Received.CONFLICT
    late = clerk.collect(returned.file("after"), returned.file("visit"))
    assert late[returned.file("after").name] is Received.ACCEPTED
    held = digests(place.round, returned.rivals, returned.contested)
    assert len(held) == 2
    clerk.decide(returned.rivals, returned.contested, held[0])

    presenter = clerk.go("results")
    view = clerk.page.view
    assert isinstance(view, ResultsView)
    shown = {result.number: result for result in view.presenter.results}
    for result in shown.values():
        for far in result.deviations:
            view.presenter.explain(far.expert, result.number, "已核实")
            clerk.done()
    view.presenter.freeze("经专家组会议确认", signed=True)
    clerk.done()
    view.presenter.export(tmp_path / "汇总.xlsx")
    clerk.done()
    assert presenter is view.presenter

    program.go.home()
    qtbot.waitUntil(lambda: not program.tasks.busy)
    said = {one["number"]: one for one in place.results()["applications"]}
    assert {number: f"{one.final:.2f}" if one.final is not None else None for number, one in shown.items()} == {
        number: one["final"] for number, one in said.items()
    }
    assert {number: (one.rank, one.status.value, list(one.dropped)) for number, one in shown.items()} == {
        number: (one["rank"], one["status"], one["dropped"]) for number, one in said.items()
    }
    assert returned.stepped_back not in said[returned.left]["sheet_totals"]
    assert returned.rivals in said[returned.contested]["sheet_totals"]
    assert said[WAITING]["status"] == "ok"
    with RoundStore.open(place.round, actor="test") as store:
        assert [one.reason for one in store.all(Freeze)] == ["经专家组会议确认"]
    assert json.loads(done("audit", place.round, "--verify", "--json").out)["valid"]
    assert load_workbook(tmp_path / "汇总.xlsx").sheetnames[0] == "排名"
