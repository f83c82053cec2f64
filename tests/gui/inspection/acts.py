"""What an expert does on a visit, in a test."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.inspection import Overall, Verdict
from qisp_desktop.domain.inspection_draft import InspectionDraft
from qisp_desktop.gui.panel.inspection.view import InspectionView
from qisp_desktop.services.desk import Desk
from tests.gui.samples import IssuedRound

LEFT = Qt.MouseButton.LeftButton


def settle(qtbot: QtBot, view: InspectionView) -> None:
    tasks = view._shell.tasks
    qtbot.waitUntil(lambda: not tasks.busy and not view.presenter.desk.unsaved, timeout=20_000)


def judge_everything(qtbot: QtBot, view: InspectionView) -> None:
    """The quick way through the form, by clicks and keys."""
    qtbot.mouseClick(view.visit.day.today, LEFT)
    qtbot.keyClicks(view.visit.received_by, "Lin Zhiyuan")
    for row in view.checklist.rows.values():
        qtbot.mouseClick(row.verdict.buttons[Verdict.CONFORM], LEFT)
    qtbot.mouseClick(view.visit.overall.buttons[Overall.PASS], LEFT)


def kept(planned: IssuedRound, workspace: Path) -> InspectionDraft:
    """What another start of the program finds."""
    with Desk.open(workspace, planned.passphrase) as desk:
        (draft,) = desk.store.all(InspectionDraft)
    return draft
