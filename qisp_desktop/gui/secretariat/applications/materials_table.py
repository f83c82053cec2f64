"""The materials of one application by the seven kinds; files are added by choosing or dropping them on a kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListView, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Material
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.applications.presenter import ApplicationsPresenter
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.rows_model import DOT_ROLE, Index
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.gui.widgets.two_line_delegate import SECOND_ROLE, TwoLineDelegate

if TYPE_CHECKING:
    from qisp_desktop.services.intake import IntakeDetail


class KindRow(NamedTuple):
    """A material, or the place where one is missing."""

    kind: MaterialKind
    material: Material | None
    added: str


class KindsModel(QAbstractListModel):
    """The seven kinds, each with its files or the word that none is there."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[KindRow] = []

    def show(self, rows: list[KindRow]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as Qt has it
        """Files and missing kinds."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The kind, the file under it, and whether it is there."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.kind.value}. {row.kind.label}"
        if role == SECOND_ROLE:
            return _("missing") if row.material is None else " · ".join(filter(None, (row.material.name, row.added)))
        if role == DOT_ROLE:
            return Dot.CONFLICT if row.material is None else Dot.SIGNED
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return _words(row)
        return None


class DropList(QListView):
    """Takes files that are dropped on a kind."""

    def __init__(self, owner: MaterialsTable) -> None:
        super().__init__()
        self._owner = owner
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        self.setItemDelegate(TwoLineDelegate(self, cut=Qt.TextElideMode.ElideRight))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

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
        self._owner.give(paths, self._owner.model.rows[index.row()].kind if index.isValid() else None)


class MaterialsTable(QWidget):
    """The materials with what can be done about them."""

    def __init__(self, shell: Shell, presenter: ApplicationsPresenter) -> None:
        super().__init__()
        self._shell = shell
        self.presenter = presenter
        self.model = KindsModel()
        self.view = DropList(self)
        self.model.setParent(self.view)
        self.view.setModel(self.model)
        self.view.setAccessibleName(_("Materials"))
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
        if rows != self.model.rows:
            place = self.view.currentIndex().row()
            self.model.show(rows)
            if place >= 0:
                self.view.setCurrentIndex(self.model.index(min(place, len(rows) - 1)))

    def enable(self, may: bool) -> None:
        """Offer what can be done now."""
        self._may = may
        index = self.view.currentIndex()
        self.add.setEnabled(may)
        self.take_out.setEnabled(may and index.isValid() and self.model.rows[index.row()].material is not None)

    def give(self, paths: list[Path], kind: MaterialKind | None) -> None:
        """Add files to the application."""
        if paths:
            self.presenter.give(self.presenter.number, paths, kind)

    def _choose(self) -> None:
        index = self.view.currentIndex()
        kind = self.model.rows[index.row()].kind if index.isValid() else None
        settings = self._shell.settings
        title = _("Add materials") if kind is None else f"{kind.value}. {kind.label}"
        chosen, _kind = QFileDialog.getOpenFileNames(self, title, settings.last_folder)
        if chosen:
            settings.last_folder = str(Path(chosen[0]).parent)
            self.give([Path(one) for one in chosen], kind)

    def _take_out(self) -> None:
        index = self.view.currentIndex()
        material = self.model.rows[index.row()].material if index.isValid() else None
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
