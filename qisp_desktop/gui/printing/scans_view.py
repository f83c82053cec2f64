"""Scanned papers and what each is to the round: drop them, and read the verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _, labelled, ngettext
from qisp_desktop.gui import theme
from qisp_desktop.gui.printing.scans_presenter import ScansPresenter
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.tasks import Progress
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.gui.widgets.table_view import TableView

if TYPE_CHECKING:
    from qisp_desktop.services.scanning import ScannedPaper

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".pdf")
"""How the names of scans end; as ``services.scanning`` has them, which is not needed before one is read."""
DOTS = {
    "matches": Dot.SIGNED,
    "agrees": Dot.NEW,  # not green: nothing proves it
    "not_counted": Dot.STARTED,
    "differs": Dot.CONFLICT,
    "not_compared": Dot.NEW,
    "unreadable": Dot.RECUSED,
}
COLUMN_WIDTHS = (204, 160, 128, 136, 72, 84, 72, 128)
_DIGEST_SHOWN = 12


class ScansView(QWidget):
    """The view of ``ScansPresenter``."""

    def __init__(self, presenter: ScansPresenter, settings: Settings) -> None:
        super().__init__()
        self.presenter = presenter
        self._settings = settings
        self.add = button(_("Choose scans…"), "primary")
        self.add_folder = button(_("Choose a folder…"))
        self.clear = button(_("Clear the list"), "quiet")
        self.counts = label("", "second")
        self.progress = ProgressStrip()
        self.model: RowsModel[ScannedPaper] = RowsModel(_columns())
        self.table = TableView(self.model)
        self.table.setAccessibleName(_("Scanned papers"))
        self.detail = label("", wrap=True)
        self.detail.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.detail.setAccessibleName(_("What the chosen paper is to the round"))
        self.stack = QStackedWidget()
        self._lay_out()
        self._wire()
        self._show()
        self._show_busy()
        self.setFocusProxy(self.add)

    def take_in(self, paths: list[Path]) -> None:
        """Read what was dropped or chosen."""
        if paths:
            self._settings.last_folder = str(paths[0] if paths[0].is_dir() else paths[0].parent)
            self.presenter.add(paths)

    def choose_files(self) -> None:
        """Ask for scans."""
        pattern = _("Scans ({patterns})").format(patterns=" ".join(f"*{suffix}" for suffix in SUFFIXES))
        names, _filter = QFileDialog.getOpenFileNames(self, _("Scanned papers"), self._settings.last_folder, pattern)
        self.take_in([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Ask for a folder whose scans are all read."""
        name = QFileDialog.getExistingDirectory(self, _("The folder of the scans"), self._settings.last_folder)
        self.take_in([Path(name)] if name else [])

    def _lay_out(self) -> None:
        card = Card(_("Scanned papers against the round"))
        for place, part in enumerate((self.counts, self.clear, self.add_folder, self.add)):
            card.corner.insertWidget(1 if place == 0 else card.corner.count(), part)
        card.body.addWidget(self.progress)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 0)
        row.addWidget(self.detail, 1)
        column.addLayout(row)
        self.stack.addWidget(filled)
        self.stack.addWidget(
            EmptyState(
                "search",
                _("Drop scanned papers here"),
                _(
                    "Photos, scans and whole stacks (PDF, TIFF) of signed papers: the code on each page is read and "
                    "compared with what the round holds."
                ),
            )
        )
        card.body.addWidget(self.stack, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)

    def _wire(self) -> None:
        presenter = self.presenter
        self.add.clicked.connect(self.choose_files)
        self.add_folder.clicked.connect(self.choose_folder)
        self.clear.clicked.connect(presenter.clear)
        self.table.selectionModel().selectionChanged.connect(self._selected)
        presenter.changed.connect(self._show)
        presenter.busy_changed.connect(self._show_busy)
        presenter.progressed.connect(self._advance)

    def _show(self) -> None:
        papers = self.presenter.papers
        fitted = self.model.total > 0
        self.model.set_rows(papers)
        self.stack.setCurrentIndex(0 if papers or self.presenter.busy else 1)
        self.counts.setText(_counts(papers))
        self.clear.setEnabled(bool(papers))
        if papers and not fitted:
            self._fit_columns()
        if papers and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))
        if not papers:
            self.detail.clear()

    def _fit_columns(self) -> None:
        if self._settings.bytes_of("table/scans").isEmpty():
            for place, width in enumerate(COLUMN_WIDTHS):
                self.table.setColumnWidth(place, theme.current().px(width))
            self._settings.keep_bytes("table/scans", self.table.horizontalHeader().saveState())
        self.table.remember_in(self._settings, "scans")

    def _selected(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            self.detail.setText(_detail(self.model.row(index)))

    def _show_busy(self) -> None:
        if self.presenter.busy:
            self.progress.begin(_("Reading scans"), self.presenter.stop)
        else:
            self.progress.end()
        self._show()

    def _advance(self, progress: Progress) -> None:
        self.progress.advance(progress)


def _columns() -> list[Column]:
    return [
        Column(_("Scan"), _name, hint=lambda paper: str(paper.path)),
        Column(
            _("Outcome of the check"),
            lambda paper: paper.verdict.label,
            dot=lambda paper: DOTS[paper.verdict.value],
            hint=lambda paper: paper.reason,
        ),
        Column(_("Paper"), lambda paper: paper.kind_name or "—"),
        Column(_("Application"), lambda paper: paper.application or "—"),
        Column(_("Expert"), lambda paper: paper.expert or "—"),
        Column(
            _("Revision"),
            lambda paper: "—" if paper.revision is None else str(paper.revision),
            key=lambda paper: paper.revision,
            number=True,
        ),
        Column(_("Total"), lambda paper: paper.total or "—", number=True),
        Column(_("Digest"), lambda paper: paper.digest[:_DIGEST_SHOWN] or "—", hint=lambda paper: paper.digest),
        Column(_("Why"), lambda paper: paper.reason, hint=lambda paper: paper.reason),
    ]


def _name(paper: ScannedPaper) -> str:
    if not paper.pages_text:
        return paper.path.name
    pages = _("p. {pages}").format(pages=paper.pages_text)
    return f"{paper.path.name} {pages}"


def _detail(paper: ScannedPaper) -> str:
    """The verdict in a sentence, and below it the whole digest, to be compared with what stands on the page."""
    lines = [labelled(_name(paper), paper.verdict.label)]
    if paper.reason:
        lines[0] = labelled(lines[0], paper.reason)
    if paper.digest:
        lines.append(labelled(_("Digest"), paper.digest))
    return "\n".join(lines)


def _counts(papers: tuple[ScannedPaper, ...]) -> str:
    if not papers:
        return ""
    match = sum(paper.verdict.value == "matches" for paper in papers)
    text = ngettext("{count} paper, {match} match", "{count} papers, {match} match", len(papers))
    return text.format(count=len(papers), match=match)
