"""The materials of one application by the seven kinds; files are added by choosing or dropping them on a kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Material
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.applications.presenter import ApplicationsPresenter
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.gui.widgets.table_view import TableView

if TYPE_CHECKING:
    from qisp_desktop.services.intake import IntakeDetail


class KindRow(NamedTuple):
    """A material, or the place where one is missing."""

    kind: MaterialKind
    material: Material | None
    added: str


class DropTable(TableView):
    """Takes files that are dropped on a row."""

    def __init__(self, model: RowsModel[KindRow], owner: MaterialsTable) -> None:
        super().__init__(model)
        self._owner = owner
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files only, and only while they can be taken in."""
        if self._owner.add.isEnabled() and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show over which kind the files are."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.setCurrentIndex(index)
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Give the files to the kind under the pointer; beside the rows their names tell."""
        index = self.indexAt(event.position().toPoint())
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self._owner.give(paths, self._owner.model.row(index).kind if index.isValid() else None)


class MaterialsTable(QWidget):
    """The materials with what can be done about them."""

    def __init__(self, shell: Shell, presenter: ApplicationsPresenter) -> None:
        super().__init__()
        self._shell = shell
        self.presenter = presenter
        self.model: RowsModel[KindRow] = RowsModel(
            [
                Column(
                    _("Kind"),
                    lambda row: f"{row.kind.value}. {row.kind.label}",
                    dot=lambda row: Dot.SIGNED if row.material is not None else Dot.CONFLICT,
                ),
                Column(
                    _("File"),
                    lambda row: _("missing") if row.material is None else row.material.name,
                    hint=_words,
                ),
                Column(_("Added"), lambda row: row.added),
            ]
        )
        self.view = DropTable(self.model, self)
        self.view.setAccessibleName(_("Materials"))
        self.view.setColumnWidth(0, theme.current().px(170))
        self.view.setColumnWidth(1, theme.current().px(190))
        self.add = button(_("Add files…"), "primary")
        self.add.setToolTip(_("Adds files as the kind of the chosen row; without one, as their names tell"))
        self.take_out = button(_("Take out"), "quiet")
        self.hint = label(_("Files can be dropped on their kind."), "second", wrap=True)
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addStretch(1)
        row.addWidget(self.take_out)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        column.addWidget(self.hint)
        column.addLayout(row)
        self._may = False
        self.add.clicked.connect(self._choose)
        self.take_out.clicked.connect(self._take_out)
        self.view.selectionModel().currentChanged.connect(lambda _new, _old: self.enable(self._may))

    def show_detail(self, detail: IntakeDetail) -> None:
        """Show the materials of an application."""
        rows = []
        for kind in MaterialKind:
            held = [KindRow(kind, line.material, line.added) for line in detail.materials if line.material.kind is kind]
            rows += held or [KindRow(kind, None, "")]
        self.model.set_rows(rows)

    def enable(self, may: bool) -> None:
        """Offer what can be done now."""
        self._may = may
        index = self.view.currentIndex()
        self.add.setEnabled(may)
        self.take_out.setEnabled(may and index.isValid() and self.model.row(index).material is not None)

    def give(self, paths: list[Path], kind: MaterialKind | None) -> None:
        """Add files to the application."""
        if paths:
            self.presenter.give(self.presenter.number, paths, kind)

    def _choose(self) -> None:
        index = self.view.currentIndex()
        kind = self.model.row(index).kind if index.isValid() else None
        settings = self._shell.settings
        title = _("Add materials") if kind is None else f"{kind.value}. {kind.label}"
        chosen, _kind = QFileDialog.getOpenFileNames(self, title, settings.last_folder)
        if chosen:
            settings.last_folder = str(Path(chosen[0]).parent)
            self.give([Path(one) for one in chosen], kind)

    def _take_out(self) -> None:
        index = self.view.currentIndex()
        material = self.model.row(index).material if index.isValid() else None
        if material is not None:
            self.presenter.take_away(self.presenter.number, material)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the chosen material out."""
        if event.key() == Qt.Key.Key_Delete and self.take_out.isEnabled():
            self._take_out()
        else:
            super().keyPressEvent(event)


def _words(row: KindRow) -> str:
    if row.material is None:
        return _("missing")
    size = row.material.size / 1024
    return f"{row.material.name}\n{size:,.0f} KB\nSHA-256 {row.material.sha256}\n{row.added}"
