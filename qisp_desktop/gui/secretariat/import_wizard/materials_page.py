"""Which file is which material: those whose names tell it are placed, the others are dragged to their place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QStackedWidget, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.gui import theme
from qisp_desktop.gui.secretariat.import_wizard.presenter import ImportPresenter
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.matrix import MatrixView
from qisp_desktop.gui.widgets.matrix_model import Mark, MarkColumn, MatrixModel
from qisp_desktop.gui.widgets.rows_model import Column

if TYPE_CHECKING:
    from qisp_desktop.gui.secretariat.import_wizard.presenter import Look

NAMES = "application/x-qisp-material-names"
SIDE = 320
KIND_WIDTH = 96


class MaterialRow:
    """An application of the import and how many files of each kind it gets."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.files: dict[MaterialKind, list[str]] = {}


class FileList(QListWidget):
    """Files without a place; they can be dragged."""

    def __init__(self) -> None:
        super().__init__()
        self.setDragEnabled(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAccessibleName(_("Files without a place"))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)

    def names(self) -> list[str]:
        """The selected files."""
        return [item.text() for item in self.selectedItems()]

    def mimeData(self, items: object) -> QMimeData:
        """The names of the files that are dragged."""
        mime = QMimeData()
        mime.setData(NAMES, "\n".join(self.names()).encode())
        return mime


class DropMatrix(MatrixView):
    """A matrix on which files can be dropped: ``dropped`` sends the row, the column's key and the names."""

    dropped = Signal(object, str, object)

    def __init__(self, model: MatrixModel[MaterialRow]) -> None:
        super().__init__(model, stretching=True)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Only names from our own list."""
        if event.mimeData().hasFormat(NAMES):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Only over a material's cell."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.matrix.key_at(index.column()):
            self.setCurrentIndex(index)
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Give the files to the application under the pointer."""
        index = self.indexAt(event.position().toPoint())
        key = self.matrix.key_at(index.column()) if index.isValid() else ""
        if key:
            event.acceptProposedAction()
            names = bytes(event.mimeData().data(NAMES).data()).decode().split("\n")
            self.dropped.emit(self.matrix.row(index), key, names)


class MaterialsPage(QWidget):
    """The step of the import in which files get their places; the folder can be chosen or dropped here too."""

    def __init__(self, presenter: ImportPresenter, choose_folder: Callable[[], None]) -> None:
        super().__init__()
        self.presenter = presenter
        self.setAcceptDrops(True)
        self.empty = EmptyState(
            "folder",
            _("No folder with materials yet"),
            _(
                "Drop it here, or choose it: a folder for each application, named by its number. You can also import "
                "now and add the materials later."
            ),
            _("Choose the folder…"),
            choose_folder,
        )
        self.another = button(_("Another folder…"), "quiet", "folder")
        self.another.clicked.connect(choose_folder)
        heads = [Column(_("Number"), lambda row: row.number)]
        marks = [
            MarkColumn(kind.value, _heading(kind), _mark_of(kind), kind.label, width=KIND_WIDTH)
            for kind in MaterialKind
        ]
        self.model: MatrixModel[MaterialRow] = MatrixModel(heads, marks)
        self.matrix = DropMatrix(self.model)
        self.matrix.setAccessibleName(_("Materials of the applications"))
        self.files = FileList()
        self.summary, self.hint = label("", wrap=True), label("", "second", wrap=True)
        self.give = button(_("Give to the chosen place"))
        self.give.setToolTip(_("Gives the selected files to the application and kind where the keyboard is"))
        self._lay_out()
        self.matrix.dropped.connect(self._place)
        self.matrix.cell_opened.connect(lambda row, key: self._place(row, key, self.files.names()))
        self.give.clicked.connect(self._give)
        self.files.itemSelectionChanged.connect(self._enable)

    def refresh(self) -> None:
        """Show which files have a place."""
        look = self.presenter.look
        self.stack.setCurrentIndex(0 if self.presenter.folder is None else 1)
        if look is None or look.found is None:
            self.model.set_rows([])
            self.files.clear()
            self.summary.setText(_("Looking through the folder…"))
            self.hint.setText("")
            self._enable()
            return
        self.model.set_rows(_rows(look))
        unmatched = list(look.found.unmatched)
        if [self.files.item(n).text() for n in range(self.files.count())] != unmatched:
            self.files.clear()
            self.files.addItems(unmatched)
        found = look.found
        self.summary.setText(
            ngettext("{count} file has its place.", "{count} files have their places.", len(found.matched)).format(
                count=len(found.matched)
            )
        )
        others = [*found.unknown_folders, *found.links, *found.too_large]
        text = _("Drag a file to its application and kind; or select it, put the keyboard on the place, press Enter.")
        if others:
            text += "\n" + _("Not taken: {names}").format(names=_(", ").join(others[:12]))
        self.hint.setText(text if unmatched or others else _("Every file has its place."))
        self._enable()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A folder can be dropped anywhere in the step."""
        if _folder_in(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the folder that was dropped."""
        folder = _folder_in(event)
        if folder is not None:
            event.acceptProposedAction()
            self.presenter.choose_folder(folder)

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(8)
        side.addWidget(label(_("Files without a place"), "heading"))
        side.addWidget(self.files, 1)
        side.addWidget(self.give)
        side.addWidget(self.hint)
        holder = QWidget()
        holder.setFixedWidth(theme.current().px(SIDE))
        holder.setLayout(side)
        main = QVBoxLayout()
        main.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.summary, 1)
        head.addWidget(self.another)
        main.addLayout(head)
        main.addWidget(self.matrix, 1)
        filled = QWidget()
        row = QHBoxLayout(filled)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(main, 1)
        row.addWidget(holder)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(filled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)

    def _enable(self) -> None:
        self.give.setEnabled(bool(self.files.names()))

    def _give(self) -> None:
        cell = self.matrix.current_cell()
        if cell is not None:
            self._place(cell[0], cell[1], self.files.names())

    def _place(self, row: MaterialRow, key: str, names: list[str]) -> None:
        if not key:
            return
        for name in names:
            self.presenter.place(name, row.number, MaterialKind(key))


def _folder_in(event: QDropEvent) -> Path | None:
    paths = (Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
    return next((path for path in paths if path.is_dir()), None)


def _heading(kind: MaterialKind) -> str:
    look = theme.current()
    room = look.px(KIND_WIDTH - 8)
    name = QFontMetrics(look.font()).elidedText(kind.label, Qt.TextElideMode.ElideRight, room)
    return f"{kind.value}\n{name}"


def _rows(look: Look) -> list[MaterialRow]:
    rows = {number: MaterialRow(number) for number in look.checked.numbers}
    for file in look.found.matched if look.found is not None else ():
        if file.application in rows:
            rows[file.application].files.setdefault(file.kind, []).append(file.name)
    return list(rows.values())


def _mark_of(kind: MaterialKind) -> Callable[[MaterialRow], Mark]:
    def mark(row: MaterialRow) -> Mark:
        files = row.files.get(kind, [])
        if not files:
            return Mark("—", "warn", _("missing"), _("missing"), ground=True)
        text = "✓" if len(files) == 1 else f"✓ {len(files)}"
        return Mark(text, "good", "\n".join(files), str(len(files)))

    return mark
