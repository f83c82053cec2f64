"""The applications of a round: a table, all about the chosen one, and the import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.screening import ScreeningStatus
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.applications.detail import ApplicationDetail
from qisp_desktop.gui.secretariat.applications.presenter import ApplicationsPresenter
from qisp_desktop.gui.secretariat.import_wizard.wizard import ImportWizard, import_wizard, open_import
from qisp_desktop.gui.secretariat.section import AnyPresenter, SectionView, read_only_words
from qisp_desktop.gui.widgets.card import button
from qisp_desktop.gui.widgets.data_table import ALL, DataTable, Filter
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.status_dot import Dot

if TYPE_CHECKING:
    from qisp_desktop.services.intake import IntakeRow

STATUS_DOTS = {
    None: Dot.NEW,
    ScreeningStatus.ACCEPTED: Dot.SIGNED,
    ScreeningStatus.TO_SUPPLEMENT: Dot.STARTED,
    ScreeningStatus.REFUSED: Dot.RECUSED,
    ScreeningStatus.TO_DECIDE: Dot.CONFLICT,
}
FIRST_WIDTHS = (128, 164, 188, 88, 112, 200)
"""So narrow that what is missing is seen beside the detail on a screen of 1366 pixels."""


class ApplicationsView(SectionView):
    """The view of ``ApplicationsPresenter``."""

    def __init__(self, shell: Shell, presenter: AnyPresenter) -> None:
        super().__init__(shell, presenter, _("Applications"))
        self.presenter = cast(ApplicationsPresenter, presenter)
        self.wizard: ImportWizard | None = None
        self.model: RowsModel[IntakeRow] = RowsModel(columns())
        empty = EmptyState(
            "applications",
            _("No applications yet"),
            _("Import the office's workbook; it is shown with every problem marked before anything is taken in."),
            _("Import a workbook…"),
            self.begin_import,
        )
        self.table: DataTable[IntakeRow] = DataTable(
            shell, self.model, "applications", _("Applications"), filters=_filters(), empty=empty
        )
        self.table.first_widths = FIRST_WIDTHS
        self.detail = ApplicationDetail(shell, self.presenter)
        self.detail.hide()
        self.import_button = button(_("Import…"), "primary")
        self.corner.addWidget(self.import_button)
        self.setAcceptDrops(True)
        self._lay_out()
        self._wire()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Workbooks and folders begin an import; other files are the window's."""
        if self.import_button.isEnabled() and _importable(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import what is dropped anywhere on the section."""
        event.acceptProposedAction()
        paths = _importable(event)
        self.begin_import()
        if self.wizard is not None:
            self.wizard.take(paths)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room between the table and the detail."""
        super().resizeEvent(event)
        self.detail.fit(self.width())

    def start(self) -> None:
        """Show what is there, and an import that is under way."""
        super().start()
        if open_import(self.presenter) is not None:
            self.begin_import()
        self.detail.refresh()

    def refresh(self) -> None:
        """Show the table."""
        data = self.presenter.data
        if data is None:
            return
        chosen = self.presenter.number
        self.table.set_rows(data.rows)
        if chosen and not self.table.go_to(lambda row: row.number == chosen):
            self.presenter.choose("" if chosen not in {row.number for row in data.rows} else chosen)
        self._enable()

    def take_wish(self) -> None:
        """Go to the application that another section names."""
        wish = self.presenter.wish
        if self.presenter.data is not None and wish is not None:
            self.presenter.wish = None
            self.table.show_filter(ALL)
            self.table.go_to(lambda row: row.number == wish)

    def show_busy(self, what: str) -> None:
        """Nothing can be changed while something is being done."""
        super().show_busy(what)
        self._enable()

    def begin_import(self) -> None:
        """Show the import in the place of the table."""
        if self.wizard is not None:
            return
        self.wizard = import_wizard(self.shell, self.presenter, "applications")
        self.wizard.closed.connect(self._end_import)
        self.stack.addWidget(self.wizard)
        self.stack.setCurrentWidget(self.wizard)
        self._enable()

    def _end_import(self) -> None:
        if self.wizard is not None:
            self.stack.removeWidget(self.wizard)
            self.wizard.deleteLater()
            self.wizard = None
        self._enable()

    def _lay_out(self) -> None:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.table, 1)
        side = QVBoxLayout()
        side.addWidget(self.detail)
        row.addLayout(side)
        self.stack = QStackedWidget()
        self.stack.addWidget(whole)
        self.body.addWidget(self.stack, 1)

    def _wire(self) -> None:
        presenter = self.presenter
        presenter.detail_changed.connect(self.detail.refresh)
        self.table.selected.connect(self._chosen)
        self.table.exported.connect(self._table_written)
        self.table.export_failed.connect(presenter.say_error)
        self.import_button.clicked.connect(self.begin_import)

    def _chosen(self) -> None:
        row = self.table.current()
        if row is not None:
            self.presenter.choose(row.number)

    def _enable(self) -> None:
        writable = self.presenter.session.writable
        self.import_button.setVisible(self.wizard is None)
        self.import_button.setEnabled(writable and not self.presenter.busy)
        self.import_button.setToolTip("" if writable else read_only_words())
        self.detail.enable()

    def _table_written(self, path: Path) -> None:
        self.presenter.say(
            "good", _("The table is written: {path}").format(path=path), "", _("Open the folder"),
            lambda: _open_folder(path),
        )  # fmt: skip


def _importable(event: QDropEvent) -> list[Path]:
    """The workbook and the folder that are dragged, the folder first: the workbook leads on to the next step."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    # By the name alone: a drag must not wait for a drive.
    return sorted((path for path in paths if path.suffix.lower() in ("", ".xlsx")), key=lambda path: path.suffix)


def _open_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def columns() -> list[Column]:
    """The columns of the table."""
    return [
        Column(_("Number"), lambda r: r.number),
        Column(_("Platform"), lambda r: r.platform),
        Column(_("Applicant"), lambda r: r.applicant),
        Column(
            _("Materials"),
            lambda r: f"{r.materials}/7",
            key=lambda r: r.materials,
            dot=lambda r: Dot.STARTED if r.missing else Dot.SIGNED,
            hint=lambda r: _("Missing: {materials}").format(materials=_(", ").join(k.label for k in r.missing))
            if r.missing
            else _("All seven materials are there"),
        ),
        Column(
            _("Formal check"),
            lambda r: "—" if r.status is None else r.status.label,
            dot=lambda r: STATUS_DOTS[r.status],
        ),
        Column(_("Credit code"), lambda r: r.uscc),
        Column(_("Type"), lambda r: r.body_kind),
        Column(
            _("Categories"), lambda r: str(r.category_count), key=lambda r: r.category_count, number=True,
            hint=lambda r: r.categories,
        ),
        Column(_("Staff"), lambda r: str(r.staff), key=lambda r: r.staff, number=True),
        Column(_("Since"), lambda r: r.started_on.isoformat()),
        Column(_("District"), lambda r: r.district),
        Column(_("Contact"), lambda r: r.contact),
        Column(_("Phone"), lambda r: r.phone),
        Column(_("Projects"), lambda r: str(r.projects), key=lambda r: r.projects, number=True),
        Column(_("Mended"), lambda r: str(r.mended or ""), key=lambda r: r.mended, number=True),
    ]  # fmt: skip


def _filters() -> list[Filter]:
    status = ScreeningStatus
    return [
        Filter(ALL, _("All")),
        Filter("missing", _("Incomplete"), lambda r: bool(r.missing)),
        Filter("accepted", _("Accepted"), lambda r: r.status is status.ACCEPTED),
        Filter(
            "open", _("Still open"), lambda r: r.status in (None, status.TO_DECIDE, status.TO_SUPPLEMENT)
        ),
        Filter("refused", _("Refused"), lambda r: r.status is status.REFUSED),
    ]  # fmt: skip
