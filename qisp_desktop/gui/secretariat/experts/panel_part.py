"""The panel as a table, and beside it the form for one expert."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.panel import Expert
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.experts.expert_form import ExpertForm
from qisp_desktop.gui.secretariat.experts.presenter import PANEL, ExpertsPresenter
from qisp_desktop.gui.secretariat.section import read_only_words
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import button
from qisp_desktop.gui.widgets.data_table import DataTable
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.status_dot import Dot

SIDE_WIDTH = 340
FIRST_WIDTHS = (84, 72, 156, 88, 112, 128, 64, 72, 132, 110)


class PanelPart(QWidget):
    """The panel's table with what can be done to it."""

    replace_wanted = Signal(str)
    """The expert who leaves."""
    import_wanted = Signal()
    """A workbook of experts is to be imported."""

    def __init__(self, shell: Shell, presenter: ExpertsPresenter) -> None:
        super().__init__()
        self._shell, self.presenter = shell, presenter
        self.model: RowsModel[Expert] = RowsModel(_columns(presenter))
        empty = EmptyState(
            "experts",
            _("No experts yet"),
            _("Read the office's list of experts from Excel, or enter them one by one."),
            _("Import experts…"),
            self.import_wanted.emit,
        )
        self.table: DataTable[Expert] = DataTable(shell, self.model, "experts", _("Experts on the panel"), empty=empty)
        self.table.first_widths = FIRST_WIDTHS
        self.form = ExpertForm(presenter)
        self.edit, self.remove = button(_("Correct…")), button(_("Remove"))
        self.certificate, self.replace = button(_("Own certificate…")), button(_("Replace…"))
        self._lay_out()
        self._wire()
        self._enable()

    def show_data(self) -> None:
        """Show the panel as it is now."""
        data = self.presenter.data
        if data is not None:
            self.table.set_rows(tuple(data.board.experts.values()))
            for one in (self.edit, self.certificate, self.replace, self.remove):
                one.setVisible(bool(data.board.experts))
            self._enable()

    def enter(self) -> None:
        """Show the form for a new expert."""
        self.side.show()
        self.form.enter()

    def go_to(self, expert: str) -> bool:
        """Choose ``expert`` in the table."""
        return self.table.go_to(lambda one: one.id == expert)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.table, 1)
        below = QHBoxLayout()
        below.setSpacing(8)
        for one in (self.edit, self.certificate, self.replace, self.remove):
            below.addWidget(one)
        below.addStretch(1)
        left.addLayout(below)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setProperty(*role("page"))
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.form)
        self.side = scroll
        self.side.setFixedWidth(theme.current().px(SIDE_WIDTH))
        self.side.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addWidget(self.side)

    def _wire(self) -> None:
        presenter = self.presenter
        self.table.opened.connect(self._edit)
        self.table.selected.connect(self._enable)
        self.table.exported.connect(
            lambda path: presenter.say("good", _("The table is written: {path}").format(path=path))
        )
        self.table.export_failed.connect(presenter.say_error)
        self.edit.clicked.connect(lambda: self._edit(self.table.current()))
        self.remove.clicked.connect(self._remove)
        self.certificate.clicked.connect(self._certificate)
        self.replace.clicked.connect(self._replace)
        self.form.closed.connect(self.side.hide)
        presenter.expert_kept.connect(self._kept)

    def _enable(self) -> None:
        expert, data = self.table.current(), self.presenter.data
        writable = self.presenter.session.writable
        for one in (self.edit, self.remove, self.certificate, self.replace):
            one.setEnabled(writable and expert is not None)
            one.setToolTip("" if writable else read_only_words())
        certified = data is not None and expert is not None and expert.id in data.board.certified
        self.certificate.setText(_("Take certificate out") if certified else _("Own certificate…"))
        reads = data is not None and expert is not None and any(who == expert.id for who, _n in data.board.assigned)
        self.replace.setEnabled(writable and reads)

    def _edit(self, expert: Expert | None) -> None:
        if expert is not None and self.presenter.session.writable:
            self.side.show()
            self.form.correct(expert)

    def _remove(self) -> None:
        if (expert := self.table.current()) is not None:
            self.presenter.remove_expert(expert)

    def _replace(self) -> None:
        if (expert := self.table.current()) is not None:
            self.replace_wanted.emit(expert.id)

    def _certificate(self) -> None:
        expert, data = self.table.current(), self.presenter.data
        if expert is None or data is None:
            return
        if expert.id in data.board.certified:
            self.presenter.drop_certificate(expert.id)
            return
        kinds = _("Certificates (*.pem *.crt *.cer)")
        title = _("The certificate that {name} brought").format(name=expert.name)
        chosen, _kind = QFileDialog.getOpenFileName(self, title, self._shell.settings.last_folder, kinds)
        if chosen:
            self.presenter.enter_certificate(expert.id, Path(chosen))

    def _kept(self, expert: str) -> None:
        self.presenter.wish = (PANEL, expert)


def _columns(presenter: ExpertsPresenter) -> list[Column]:
    return [
        Column(_("Expert no."), lambda e: e.id),
        Column(_("Person"), lambda e: e.name),
        Column(_("Organisation"), lambda e: e.organisation),
        Column(_("Title"), lambda e: e.title),
        Column(_("Fields"), lambda e: _(", ").join(field.label for field in e.fields)),
        Column(_("Telephone"), lambda e: e.phone),
        Column(_("Role"), lambda e: e.role.label),
        Column(_("Load"), lambda e: str(_load(presenter, e)), key=lambda e: _load(presenter, e), number=True),
        Column(
            _("Panel package"), lambda e: _package(presenter, e), dot=lambda e: _package_dot(presenter, e),
        ),
        Column(_("Signing certificate"), lambda e: _("own") if _certified(presenter, e) else _("by the round")),
        Column(_("Credit code"), lambda e: e.uscc),
    ]  # fmt: skip


def _load(presenter: ExpertsPresenter, expert: Expert) -> int:
    return 0 if presenter.data is None else presenter.data.board.loads[expert.id]


def _certified(presenter: ExpertsPresenter, expert: Expert) -> bool:
    return presenter.data is not None and expert.id in presenter.data.board.certified


def _package(presenter: ExpertsPresenter, expert: Expert) -> str:
    data = presenter.data
    if data is None:
        return ""
    board = data.board
    if expert.id in board.withdrawn:
        return _("has left the panel")
    issue = board.issues.get(expert.id)
    if issue is None:
        return _("not issued") if expert.id in board.due else ""
    if board.outdated(expert.id):
        return _("no. {number}, outdated").format(number=issue.number)
    return _("no. {number}").format(number=issue.number)


def _package_dot(presenter: ExpertsPresenter, expert: Expert) -> Dot | None:
    data = presenter.data
    if data is None or expert.id in data.board.withdrawn:
        return None
    if expert.id not in data.board.issues:
        return Dot.NEW if expert.id in data.board.due else None
    return Dot.CONFLICT if data.board.outdated(expert.id) else Dot.COMPLETE
