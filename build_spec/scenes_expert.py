"""The first window and the expert's desk, brought to what is worth a picture."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication
from stage import LONGEST_WAIT_MS, Stage

from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.domain.inspection import Verdict
from qisp_desktop.domain.panel import Assignment
from qisp_desktop.gui.panel.countersigning.view import CountersigningView
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.desk.shortcuts import ShortcutSheet
from qisp_desktop.gui.panel.inspection.view import InspectionView
from qisp_desktop.gui.panel.signing.view import SigningView
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from qisp_desktop.gui.start.page import StartPage
from qisp_desktop.gui.widgets.table_view import choose_row
from qisp_desktop.services.demo import OFFICE_PASSPHRASE
from qisp_desktop.services.issuing import issue_packages
from qisp_desktop.store.round_store import RoundStore


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
    undeclared = [n for n in page.presenter.sheets.numbers if not page.presenter.sheets.declared(n)]
    page.presenter.select((undeclared or page.presenter.sheets.numbers)[-1])
    page.scoring.reading.ask_for_recusal()
    stage.settle()


def scoring(stage: Stage) -> None:
    """A sheet being filled: a level picked, a score outside it, a remark that is missing, a page cited."""
    page = _desk(stage, "")
    desk = page.presenter
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
    desk = page.presenter
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


def countersigning(stage: Stage) -> None:
    """The leader's papers: what can be signed, what cannot, the paper that is chosen, and what signing wants."""
    leader = _leaders_stage(stage)
    leader.unlock(leader.passphrase)
    _desk_page(leader).turn_to("countersigning")
    view = _countersigning_view(stage)
    view.take_in([_leaders_papers(stage)])
    stage.settle()
    view.signing.folder.setText("/media/stick/signed")
    view.signing.passphrase.set_text("")
    choose_row(view.papers.view, 1)
    deadline = QDeadlineTimer(LONGEST_WAIT_MS)
    while not view.reader.viewer.document.count and not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)


def countersigned(stage: Stage) -> None:
    """The leader has signed: what became of each paper."""
    countersigning(stage)
    view = _countersigning_view(stage)
    folder = Path(tempfile.mkdtemp(prefix="qisp-signed-", dir=stage.scratch))
    view.signing.folder.setText(str(folder))
    view.signing.passphrase.set_text(_leaders_stage(stage).passphrase)
    view.signing.start()


def _countersigning_view(stage: Stage) -> CountersigningView:
    """The view that is shown; the one before may not be gone yet."""
    return next(view for view in _desk_page(stage).findChildren(CountersigningView) if view.isVisible())


def _leaders_stage(stage: Stage) -> Stage:
    """The same demonstration, with the leader's package."""
    leader = "E001"
    letter = stage.package.parent.parent / "letters" / f"{leader}.txt"
    package = stage.package.with_name(f"{leader}.qpanel")
    return replace(stage, package=package, passphrase=letter.read_text("utf-8").splitlines()[0])


def _leaders_papers(stage: Stage) -> Path:
    """Sheets and reports of the first applications, one of them damaged, one not for signing."""
    folder = stage.scratch / "papers"
    if folder.is_dir():
        return folder
    folder.mkdir()
    papers = stage.round.parent / "papers"
    for number in ("QISP-2026-001", "QISP-2026-002"):
        for paper in (*(papers / "score-sheet").glob(f"{number}_*.pdf"), papers / "report" / f"{number}_report.pdf"):
            shutil.copy(paper, folder)
    damaged = min(folder.glob("QISP-2026-002_E*.pdf"))
    damaged.write_bytes(damaged.read_bytes()[:20_000])
    shutil.copy(min((papers / "inspection").glob("*.pdf")), folder)
    return folder


def carried_over(stage: Stage) -> None:
    """The package was issued again: what came along, and what was left behind."""
    folder = Path(tempfile.mkdtemp(prefix="qisp-scene-", dir=stage.scratch))
    home = os.environ["XDG_DATA_HOME"]
    # A workspace of the scene's own: that of the other pictures belongs to the issue before.
    os.environ["XDG_DATA_HOME"] = os.environ["LOCALAPPDATA"] = str(folder / "data")
    page = _desk(stage, "")
    first, second = page.presenter.sheets.numbers[:2]
    expert = page.presenter.expert.id
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
    page.presenter.select(first)
    _wait_for_material(stage, page)


def unsaved(stage: Stage) -> None:
    """The window is to be closed while the disk takes nothing any more."""
    page = _desk(stage, "")
    desk = page.presenter
    stage.settle()
    database = desk._desk.store._connection
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count={pages}")
    # At a criterion where the picture before this one has not left it: the same again would be no change.
    code = next(code for code in desk.rubric.codes if len(desk.score(code).remark) < 1000)
    desk.select_criterion(code)
    desk.set_remark(code, "证明材料齐全，现场查阅了原件。" * 3000)
    deadline = QDeadlineTimer(LONGEST_WAIT_MS)
    while desk.save_problem is None and not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
    stage.program.window.close()
    database.execute("PRAGMA max_page_count=1000000")  # so that the next picture can leave it


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
    "countersigning": countersigning,
    "countersigned": countersigned,
    "carried-over": carried_over,
    "unsaved": unsaved,
}
