"""The scoring standard of the round; another one only while nothing was handed out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.rubric_view import RubricView
from qisp_desktop.gui.secretariat.settings.presenter import SettingsPresenter
from qisp_desktop.gui.widgets.card import Card, button, label

FILTER = "*.xlsx *.json"


class StandardPart(QWidget):
    """The standard that holds, or one that was read and is looked at before it is taken."""

    def __init__(self, shell: Shell, presenter: SettingsPresenter) -> None:
        super().__init__()
        self._shell = shell
        self._presenter = presenter
        self._offered: Rubric | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card(_("Scoring standard"))
        self.load = button(_("Read from a workbook…"), "", "folder")
        self.load.clicked.connect(self._choose)
        self.take = button(_("Take this standard"), "primary")
        self.take.clicked.connect(self._take)
        self.drop = button(_("Leave it"))
        self.drop.clicked.connect(self._drop)
        for part in (self.load, self.drop, self.take):
            card.corner.addWidget(part)
        row = QHBoxLayout()
        self.state = label("", "second", wrap=True)
        row.addWidget(self.state, 1)
        card.body.addLayout(row)
        self.view = RubricView()
        card.body.addWidget(self.view, 1)
        column.addWidget(card, 1)
        self._shown = ""
        presenter.rubric_read.connect(self._offer)

    def refresh(self) -> None:
        """Show the standard that holds, or the one that was read."""
        data, presenter = self._presenter.data, self._presenter
        if data is None:
            return
        offered = self._offered
        shown = offered or data.rubric
        if shown.digest != self._shown:
            self._shown = shown.digest
            self.view.show_rubric(shown)
        fixed = presenter.fixed or (_("Packages with it were handed out already.") if data.rubric_fixed else "")
        self.load.setVisible(offered is None)
        self.load.setEnabled(not fixed)
        self.load.setToolTip(fixed)
        for part in (self.take, self.drop):
            part.setVisible(offered is not None)
        if offered is not None:
            self.state.setText(_("Read, but not taken yet. Look it through."))
        else:
            self.state.setText(fixed or _("It holds from the first package on; until then it can be another one."))

    def _choose(self) -> None:
        kinds = _("Scoring standards ({patterns})").format(patterns=FILTER)
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Read from a workbook…"), self._shell.settings.last_folder, kinds
        )
        if chosen:
            self._shell.settings.last_folder = str(Path(chosen).parent)
            self._presenter.load_rubric(Path(chosen))

    def _offer(self, rubric: Rubric, path: Path) -> None:
        self._offered = rubric
        self.refresh()
        self.take.setFocus()

    def _take(self) -> None:
        offered, self._offered = self._offered, None
        if offered is not None:
            self._presenter.set_rubric(offered)
        self.refresh()

    def _drop(self) -> None:
        self._offered = None
        self.refresh()
