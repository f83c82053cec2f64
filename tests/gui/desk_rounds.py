"""A round with a visit planned, and its desk in the window of the running program."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage, desk_screen
from qisp_desktop.gui.widgets.signature_pad import SignaturePad
from qisp_desktop.services import assigning, issuing
from qisp_desktop.services.desk_editing import contents
from qisp_desktop.services.desk_opening import open_package
from qisp_desktop.services.desk_scoring import score
from qisp_desktop.services.rubrics import default_rubric
from tests.gui.program import wait_for_page
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound, issued_round

V = TypeVar("V", bound=QWidget)


def planned_round(folder: Path) -> IssuedRound:
    """A round of three applications in which the expert is to visit the first."""
    first = issued_round(folder, applications=3)
    assigning.plan_inspection(first.round, first.numbers[0], [first.expert])
    (one,) = issuing.issue_packages(
        first.round, folder / "again", passphrase=OFFICE_PASSPHRASE, only=[first.expert], plain_letters=True
    )
    passphrase = one.letter.with_suffix(".txt").read_text("utf-8").splitlines()[0]
    return IssuedRound(first.round, one.package, passphrase, first.expert, first.numbers)


def full_marks() -> dict[str, object]:
    """What scores a sheet completely, in the form of SCORES.json."""
    return {"scores": {criterion.code: str(criterion.maximum) for criterion in default_rubric().criteria}}


def show_desk(
    program: Application, qtbot: QtBot, planned: IssuedRound, workspace: Path, *, complete: tuple[str, ...] = ()
) -> DeskPage:
    """Open the package's desk in ``workspace`` with these applications scored, and show it in the window."""
    desk = open_package(planned.package, workspace, planned.passphrase)
    if complete:
        score(desk, {number: full_marks() for number in complete})
    program.window.resize(1366, 768)
    program.go.show(desk_screen(program.go.shell, planned.package, contents(desk)))
    return wait_for_page(qtbot, program, DeskPage)


def show_view(qtbot: QtBot, page: DeskPage, kind: type[V], name: str) -> V:
    """Turn the desk to the view whose header button is called ``name``, as a click does."""
    (one,) = [one for one in page.findChildren(QPushButton) if one.text() == name]
    qtbot.mouseClick(one, Qt.MouseButton.LeftButton)
    return view_of(page, kind)


def view_of(page: DeskPage, kind: type[V]) -> V:
    """The view of that kind, which must be on the screen."""
    (view,) = [view for view in page.findChildren(kind) if view.isVisible()]
    return view


def sign_in(qtbot: QtBot, pad: SignaturePad) -> None:
    """Draw two strokes with the mouse."""
    width, height = pad.width(), pad.height()
    for start in (0.3, 0.5):
        qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(round(width * start), height // 2))
        for step in range(1, 6):
            qtbot.mouseMove(pad, QPoint(round(width * (start + 0.02 * step)), height // 2 + (-1) ** step * height // 6))
        end = QPoint(round(width * (start + 0.12)), height // 2)
        qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=end)
