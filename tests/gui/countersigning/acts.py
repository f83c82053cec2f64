"""What a leader does in the countersigning view, and what can be seen there."""

from __future__ import annotations

import subprocess
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.panel.countersigning.view import CountersigningView
from tests.gui.countersigning.panel_round import PanelRound

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
PATIENCE_MS = 30_000


def idle(view: CountersigningView, qtbot: QtBot) -> None:
    """Wait until nothing is checked, signed or read any more."""
    tasks = view._shell.tasks
    qtbot.waitUntil(lambda: not view.presenter.busy and not tasks.busy, timeout=PATIENCE_MS)


def add(view: CountersigningView, qtbot: QtBot, *paths: Path) -> None:
    view.take_in(list(paths))
    idle(view, qtbot)


def fill(view: CountersigningView, out: Path, panel: PanelRound) -> None:
    view.signing.folder.setText(str(out))
    view.signing.passphrase.set_text(panel.leader.passphrase)


def sign(view: CountersigningView, qtbot: QtBot) -> None:
    assert view.signing.hindrance.text() == ""
    qtbot.mouseClick(view.signing.sign, LEFT)
    idle(view, qtbot)


def begin_to_sign(view: CountersigningView, out: Path, panel: PanelRound, qtbot: QtBot) -> None:
    """Let the run begin; until the next event nothing is told of it."""
    fill(view, out, panel)
    qtbot.mouseClick(view.signing.sign, LEFT)


def cells(view: CountersigningView, *columns: int) -> list[tuple[str, ...]]:
    """What the rows show in these columns."""
    model = view.papers.model
    return [tuple(str(model.index(row, column).data()) for column in columns) for row in range(model.rowCount())]


def states(view: CountersigningView) -> set[str]:
    return {state for (state,) in cells(view, 1)}


def row_of(view: CountersigningView, name: str) -> int:
    return [paper.path.name for paper in view.papers.model.rows].index(name)


def valid_signatures(path: Path) -> int:
    """How many signatures pdfsig finds; each must be valid."""
    ran = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, timeout=60, check=True)
    said = ran.stdout.decode()
    assert said.count("Signature Validation") == said.count("Signature is Valid")
    return said.count("Signature is Valid")
