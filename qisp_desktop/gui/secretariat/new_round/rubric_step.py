"""The scoring standard of a new round: the usual one, or the office's own, seen before it is taken."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.new_round.presenter import NewRoundPresenter
from qisp_desktop.gui.secretariat.rubric_view import RubricView
from qisp_desktop.gui.tasks import Job
from qisp_desktop.gui.widgets.banner import Banner
from qisp_desktop.gui.widgets.card import Card, button, label

FILTER = "*.xlsx *.json"


class RubricStep(QWidget):
    """Which standard it is, the ways to another, and all of it."""

    def __init__(self, shell: Shell, presenter: NewRoundPresenter, banner: Banner) -> None:
        super().__init__()
        self._shell = shell
        self._presenter = presenter
        self._banner = banner
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card(_("Scoring standard"))
        self.default = button(_("Use the usual one"))
        self.default.clicked.connect(presenter.take_default)
        self.template = button(_("Save the empty workbook…"), "", "results")
        self.template.setToolTip(_("The usual standard as a workbook, to be changed and read back"))
        self.template.clicked.connect(self._save_template)
        self.load = button(_("Read from a workbook…"), "", "folder")
        self.load.clicked.connect(self._choose)
        for part in (self.default, self.template, self.load):
            card.corner.addWidget(part)
        row = QHBoxLayout()
        self.source = label("", "second")
        row.addWidget(self.source, 1)
        card.body.addLayout(row)
        self.view = RubricView()
        card.body.addWidget(self.view, 1)
        column.addWidget(card, 1)
        presenter.changed.connect(self.refresh)
        self._shown = ""
        self.refresh()

    def refresh(self) -> None:
        """Show the standard that is chosen."""
        rubric, file = self._presenter.rubric, self._presenter.rubric_file
        if rubric is None:
            return
        self.source.setText(
            _("The usual standard of the measures") if file is None else _("Read from {name}").format(name=file.name)
        )
        self.default.setEnabled(file is not None)
        if rubric.digest != self._shown:
            self._shown = rubric.digest
            self.view.show_rubric(rubric)

    def _choose(self) -> None:
        kinds = _("Scoring standards ({patterns})").format(patterns=FILTER)
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Read from a workbook…"), self._shell.settings.last_folder, kinds
        )
        if chosen:
            self._shell.settings.last_folder = str(Path(chosen).parent)
            self._banner.put_away()
            self._presenter.load_rubric(Path(chosen))

    def _save_template(self) -> None:
        settings = self._shell.settings
        proposed = Path(settings.export_folder or settings.last_folder) / _("scoring-standard.xlsx")
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Save the empty workbook"), str(proposed), _("Workbooks (*.xlsx)")
        )
        if chosen:
            path = Path(chosen)
            self._shell.tasks.run(self, lambda job: _write_template(path, job), self._saved, store=False)

    def _saved(self, path: Path) -> None:
        self._banner.say("good", _("{name} was saved.").format(name=path.name), str(path.parent))


def _write_template(path: Path, job: Job) -> Path:
    from qisp_desktop.services.templates import write

    write("rubric", path)
    return path
