"""Where a round stands: its numbers, and the ranking when there is one. Nothing here changes the round."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.gui.page import Page, Screen, Shell
from qisp_desktop.gui.secretariat.presenter import OverviewPresenter, RoundContents
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.search_field import SearchField
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.gui.widgets.table_view import TableView

if TYPE_CHECKING:
    from qisp_desktop.domain.aggregation import Result

RECOMMENDATION_DOTS = {"recommended": Dot.SIGNED, "not_recommended": Dot.RECUSED, "undecided": Dot.NEW}


def overview_screen(shell: Shell, path: Path) -> Screen:
    """The overview of the round at ``path``."""
    presenter = OverviewPresenter(path, shell.tasks)
    presenter.changed.connect(lambda: shell.settings.remember(path))
    presenter.load()
    return Screen(lambda: OverviewPage(shell, presenter), presenter)


class OverviewPage(Page):
    """The view of ``OverviewPresenter``."""

    def __init__(self, shell: Shell, presenter: OverviewPresenter) -> None:
        super().__init__(presenter.path.stem, back=shell.go.home)
        self._shell = shell
        self.presenter = presenter
        self.reload = button(_("Read again"), "", "refresh")
        self.reload.setShortcut("F5")
        self.reload.setToolTip(_("Read the round file again (F5)"))
        self.reload.clicked.connect(self._load)
        self.print = button(_("Print papers"), "", "print")
        self.print.setToolTip(_("The printing desk of this round"))
        self.print.clicked.connect(self._open_printing)
        self.corner.addWidget(self.reload)
        self.corner.addWidget(self.print)
        self.progress = ProgressStrip()
        self.body.addWidget(self.progress)
        self.content = QWidget()
        self._column = QVBoxLayout(self.content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(16)
        self.body.addWidget(self.content, 1)
        presenter.changed.connect(self._show)
        presenter.failed.connect(self._refused)
        if presenter.contents is not None:
            self._show()
        elif presenter.error is not None:
            self._refused(presenter.error)
        else:
            self.progress.begin(_("Reading the round…"))

    def _load(self) -> None:
        self.progress.begin(_("Reading the round…"))
        self.presenter.load()

    def _open_printing(self) -> None:
        from qisp_desktop.gui.printing.page import printing_screen

        self._shell.go.show(printing_screen(self._shell, self.presenter.path))

    def _refused(self, error: UserError) -> None:
        self.progress.end()
        self.banner.show_error(error)

    def _show(self) -> None:
        contents = self.presenter.contents
        if contents is None:
            return
        self.progress.end()
        self.banner.put_away()
        overview = contents.overview
        self.heading.setText(overview.round.name)
        self._clear()
        self._column.addWidget(self._numbers(contents))
        self._column.addWidget(self._ranking(contents), 1)
        if overview.warning:
            self.banner.say("warn", overview.warning)

    def _clear(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _numbers(self, contents: RoundContents) -> Card:
        overview = contents.overview
        card = Card(_("Where the round stands"))
        about = _("{year} · {office} · scoring standard: {rubric}").format(
            year=overview.round.year, office=overview.round.office, rubric=overview.rubric_name
        )
        card.body.addWidget(label(about, "second", wrap=True))
        if overview.frozen:
            card.corner.addWidget(label(_("The result is frozen"), "good"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        texts = (
            (_("Applications"), str(overview.applications)),
            (_("Materials"), str(overview.materials)),
            (_("Experts"), str(overview.experts)),
            (_("Assignments"), str(overview.assignments)),
            (_("Packages issued"), f"{overview.issued} / {overview.experts}"),
            (_("Experts returned"), f"{overview.returned} / {overview.issued}"),
            (_("Score sheets"), f"{overview.sheets}"),
        )
        self.numbers = []
        for place, (name, value) in enumerate(texts):
            number, caption = label(value, "number"), label(name, "second")
            number.setAccessibleName(labelled(name, value))
            self.numbers.append(number)
            grid.addWidget(number, 0, place)
            grid.addWidget(caption, 1, place)
            grid.setColumnStretch(place, 1)
        card.body.addLayout(grid)
        return card

    def _ranking(self, contents: RoundContents) -> Card:
        card = Card(_("Ranking"))
        self.model: RowsModel[Result] = RowsModel(ranking_columns())
        self.model.set_rows(contents.results)
        self.table = TableView(self.model)
        self.table.setAccessibleName(_("Ranking"))
        self.table.remember_in(self._shell.settings, "ranking")
        self.search = SearchField(_("Search by number, name or pinyin initials (Ctrl+F)"))
        self.search.setMaximumWidth(520)
        self.search.searched.connect(self.model.search)
        self.stack = QStackedWidget()
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(self.search, 1)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        self.stack.addWidget(filled)
        self.stack.addWidget(
            EmptyState(
                "empty", _("No results yet"), _("The ranking appears here once signed score sheets are collected.")
            )
        )
        self.stack.setCurrentIndex(0 if contents.results else 1)
        card.body.addWidget(self.stack, 1)
        return card


def ranking_columns() -> list[Column]:
    """The columns of the ranking table."""
    return [
        Column(_("Rank"), lambda result: str(result.rank or "—"), key=lambda result: result.rank, number=True),
        Column(_("Number"), lambda result: result.number),
        Column(_("Applicant"), lambda result: result.applicant),
        Column(
            _("Final score"),
            lambda result: "—" if result.final is None else f"{result.final:.2f}",
            key=lambda result: result.final,
            number=True,
        ),
        Column(_("Grade"), lambda result: result.grade or "—"),
        Column(
            _("Valid sheets"),
            lambda result: str(result.valid_sheets),
            key=lambda result: result.valid_sheets,
            number=True,
        ),
        Column(
            _("Recommendation"),
            lambda result: result.recommendation.label,
            dot=lambda result: RECOMMENDATION_DOTS[result.recommendation.value],
        ),
        Column(_("Status"), lambda result: result.status.label),
        Column(
            _("Reasons"), lambda result: _("; ").join(result.reasons), hint=lambda result: "\n".join(result.reasons)
        ),
    ]
