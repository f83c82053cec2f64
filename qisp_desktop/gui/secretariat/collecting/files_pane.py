"""The files that were collected: a row for each with its verdict, and beside it what it is and what to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.collecting.presenter import CollectingPresenter
from qisp_desktop.gui.secretariat.collecting.words import dot_of, file_dot, file_message, file_verdict_text
from qisp_desktop.gui.widgets.card import Card, label
from qisp_desktop.gui.widgets.data_table import ALL, DataTable, Filter
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.status_dot import Dot, StatusDot
from qisp_desktop.gui.widgets.table_view import TableView
from qisp_desktop.services.collect_report import SheetVerdict
from qisp_desktop.services.collected_files import CollectedFile

DETAIL_WIDTH = 420
TOGETHER_MS = 60
FIRST_WIDTHS = (176, 180, 72, 68)
SHEET_WIDTHS = (128, 56, 128)
KEY = "collected-files"
WANTING = "wanting"


class FilesPane(QWidget):
    """The view of ``CollectingPresenter.files``."""

    def __init__(self, shell: Shell, presenter: CollectingPresenter, choose: Callable[[], None]) -> None:
        super().__init__()
        self._presenter = presenter
        self._fitted = not shell.settings.bytes_of(f"table/{KEY}").isEmpty()
        self._call = 0
        self._shown: CollectedFile | None = None
        self._refreshing = False
        self.model: RowsModel[CollectedFile] = RowsModel(_file_columns())
        empty = EmptyState(
            "collect",
            _("No file was collected yet"),
            _("Drop returned files, score forms or a whole folder here, choose them, or watch a folder."),
            _("Choose files…"),
            choose,
        )
        self.table: DataTable[CollectedFile] = DataTable(
            shell, self.model, KEY, _("Collected files"),
            filters=(Filter(ALL, _("All")), Filter(WANTING, _("To look at"), lambda one: one.wants_attention)),
            empty=empty,
        )  # fmt: skip
        self.detail = FileDetail()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.table, 1)
        row.addWidget(self.detail)
        self.table.selected.connect(self._selected)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        self._then = QTimer(self)
        self._then.setSingleShot(True)
        self._then.timeout.connect(self._show_current)
        presenter.files_changed.connect(self._changed)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Let the style prepare what is hidden yet, so that it costs nothing while files are judged."""
        super().showEvent(event)
        if not self.detail.isVisible():
            self.detail.show()
            self.detail.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list keeps the larger part."""
        super().resizeEvent(event)
        self.detail.setFixedWidth(min(theme.current().px(DETAIL_WIDTH), self.width() * 2 // 5))

    def refresh(self) -> None:
        """Show the files; the one that was chosen stays chosen."""
        self._soon.stop()
        current = self.table.current()
        # The list first, then the detail in a turn of its own: while files are judged both cost a while.
        self._refreshing = True
        self.table.set_rows(self._presenter.files)
        self._fit()
        newest = max((one.call for one in self._presenter.files), default=0)
        fresh, self._call = newest != self._call, newest
        if fresh or current is None or not self.table.go_to(lambda one: one.file is current.file):
            self.table.go_to(lambda one: True)
        self._refreshing = False
        self._then.start()

    def _changed(self) -> None:
        """The first verdict is shown at once, those that follow each other fast together."""
        if len(self.model.rows) == 0 or not self._presenter.files:
            self.refresh()
        elif not self._soon.isActive():
            self._soon.start(TOGETHER_MS)

    def _fit(self) -> None:
        """Widths for all verdicts, not for the first one that comes."""
        if not self._fitted and self._presenter.files:
            self._fitted = True
            for place, width in enumerate(FIRST_WIDTHS):
                self.table.view.setColumnWidth(place, theme.current().px(width))

    def _selected(self) -> None:
        if not self._refreshing:
            self._show_current()

    def _show_current(self) -> None:
        current = self.table.current()
        self.detail.setVisible(current is not None)
        if current is not self._shown:
            self._shown = current
            self.detail.show_file(current)


class FileDetail(Card):
    """One file: its verdict, what to do, and what each sheet in it is."""

    def __init__(self) -> None:
        super().__init__(_("The file"))
        self.name = label("", "heading", wrap=True)
        head = QHBoxLayout()
        self.dot = StatusDot(Dot.NEW, "")
        self.verdict = label("")
        head.addWidget(self.dot)
        head.addWidget(self.verdict, 1)
        self.where, self.message, self.advice = (label("", kind, wrap=True) for kind in ("second", "", "warn"))
        self.model: RowsModel[SheetVerdict] = RowsModel(_sheet_columns())
        self.sheets = TableView(self.model)
        self.sheets.setAccessibleName(_("Sheets in the file"))
        self.body.addWidget(self.name)
        self.body.addLayout(head)
        for part in (self.where, self.message, self.advice):
            self.body.addWidget(part)
        self.body.addWidget(self.sheets, 1)
        self.filler = QWidget()
        self.body.addWidget(self.filler, 1)
        self._fitted = False

    def show_file(self, file: CollectedFile | None) -> None:
        """Show ``file``; for None nothing changes, the card is hidden then."""
        if file is None:
            return
        verdict = file_verdict_text(file)
        self.name.setText(file.path.name)
        self.dot.set_dot(file_dot(file), verdict)
        self.verdict.setText(verdict)
        expert = _("Expert {expert}").format(expert=file.file.expert) if file.file.expert else ""
        self.where.setText("\n".join(filter(None, (expert, str(file.path.parent)))))
        self.message.setText(file_message(file))
        self.message.setVisible(bool(file_message(file)))
        self.advice.setText(file.advice)
        self.advice.setVisible(bool(file.advice))
        self.model.set_rows(file.sheets)
        self.sheets.setVisible(bool(file.sheets))
        self.filler.setVisible(not file.sheets)
        if file.sheets and not self._fitted:
            self._fitted = True
            for place, width in enumerate(SHEET_WIDTHS):
                self.sheets.setColumnWidth(place, theme.current().px(width))


def _file_columns() -> tuple[Column, ...]:
    return (
        Column(_("Verdict"), file_verdict_text, dot=file_dot),
        Column(_("File"), lambda one: one.path.name, hint=lambda one: str(one.path)),
        Column(_("Expert"), lambda one: one.file.expert or ""),
        Column(_("Sheets"), _sheet_count, key=lambda one: len(one.sheets), number=True),
        Column(_("What is to be said"), file_message),
    )


def _sheet_count(file: CollectedFile) -> str:
    return "–" if file.file.foreign else str(len(file.sheets))


def _sheet_columns() -> tuple[Column, ...]:
    return (
        Column(_("Application"), lambda one: one.application),
        Column(_("Revision"), lambda one: str(one.revision), key=lambda one: one.revision, number=True),
        Column(_("Verdict"), lambda one: one.verdict.label, dot=lambda one: dot_of(one.verdict)),
        Column(_("Message"), lambda one: one.message),
    )
