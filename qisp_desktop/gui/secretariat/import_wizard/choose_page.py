"""Choosing what is imported: the office's workbook, and the folder with the materials."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.import_wizard.presenter import ImportPresenter
from qisp_desktop.gui.widgets.card import Card, button, label


class _FileCard(Card):
    """What was chosen of one kind, and the button to choose it."""

    def __init__(self, title: str, hint: str, choose: str) -> None:
        super().__init__(title)
        self.hint = label(hint, "second", wrap=True)
        self.path = label("", "good", wrap=True)
        self.path.hide()
        self.choose = button(choose)
        self.clear = button(_("Without it"), "quiet", "close")
        self.clear.hide()
        row = QHBoxLayout()
        row.addWidget(self.choose)
        row.addWidget(self.clear)
        row.addStretch(1)
        self.body.addWidget(self.hint)
        self.body.addWidget(self.path)
        self.body.addLayout(row)

    def show_path(self, path: Path | None) -> None:
        """Say what is chosen."""
        self.path.setText("" if path is None else str(path))
        self.path.setVisible(path is not None)


class ChoosePage(QWidget):
    """The first step of the import; files can also be dropped on it."""

    template_wanted = Signal()

    def __init__(self, shell: Shell, presenter: ImportPresenter) -> None:
        super().__init__()
        self._shell = shell
        self.presenter = presenter
        self.setAcceptDrops(True)
        experts = presenter.kind == "experts"
        self.book = _FileCard(
            _("The workbook"),
            _("An .xlsx workbook with a row for each expert. Choose it, or drop it here.")
            if experts
            else _("An .xlsx workbook with a row for each application. Choose it, or drop it here."),
            _("Choose the workbook…"),
        )
        self.folder = _FileCard(
            _("The materials (can also come later)"),
            _(
                "A folder with a folder for each application, named by its number. Which of the seven kinds a file is, "
                "its name tells."
            ),
            _("Choose the folder…"),
        )
        self.folder.setVisible(not experts)
        self.template = button(_("Save an empty workbook to fill in…"), "link")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.book)
        column.addWidget(self.folder)
        column.addWidget(self.template, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.book.choose.clicked.connect(self._choose_book)
        self.folder.choose.clicked.connect(self.choose_folder)
        self.folder.clear.clicked.connect(lambda: presenter.choose_folder(None))
        self.template.clicked.connect(self.template_wanted)

    def refresh(self) -> None:
        """Show what is chosen."""
        self.book.show_path(self.presenter.book)
        self.folder.show_path(self.presenter.folder)
        self.folder.clear.setVisible(self.presenter.folder is not None)
        waiting = self.presenter.reading
        for part in (self.book.choose, self.folder.choose):
            part.setEnabled(not waiting)

    def choose_folder(self) -> None:
        """Ask for the folder with the materials."""
        settings = self._shell.settings
        chosen = QFileDialog.getExistingDirectory(self, _("Choose the folder of materials"), settings.last_folder)
        if chosen:
            self.presenter.choose_folder(Path(chosen))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take workbooks and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take a workbook, a folder, or both."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        # The folder first: the workbook leads on to the next step.
        for path in sorted(paths, key=lambda path: not path.is_dir())[:2]:
            self.presenter.choose(path)

    def _choose_book(self) -> None:
        settings = self._shell.settings
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Choose the workbook"), settings.last_folder, _("Workbooks (*.xlsx)")
        )
        if chosen:
            settings.last_folder = str(Path(chosen).parent)
            self.presenter.choose(Path(chosen))
