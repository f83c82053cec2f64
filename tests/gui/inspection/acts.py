"""What an expert does on a visit, in a test."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.inspection import Overall, Verdict
from qisp_desktop.domain.inspection_draft import InspectionDraft
from qisp_desktop.gui.panel.inspection.view import InspectionView
from qisp_desktop.services.desk import Desk
from tests.gui.samples import IssuedRound

LEFT = Qt.MouseButton.LeftButton


def drop_on(view: InspectionView, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = LEFT, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(view, entering)
    if entering.isAccepted():
        QApplication.sendEvent(view, QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, buttons, keys))


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
