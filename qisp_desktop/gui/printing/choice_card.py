"""What is to be printed: kinds of paper, applications, experts; one list at a time, so that each has room."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QStackedWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.printing.check_table import CheckModel, CheckTable
from qisp_desktop.gui.printing.presenter import PrintingPresenter
from qisp_desktop.gui.widgets.card import Card
from qisp_desktop.gui.widgets.rows_model import Column
from qisp_desktop.gui.widgets.segments import Choice, Segments
from qisp_desktop.services.papers import PaperKind
from qisp_desktop.services.printing import kind_name

WIDTH = 316
_COUNT_WIDTH = 72
_NUMBER_WIDTH = 150


class _Kind(NamedTuple):
    kind: PaperKind
    papers: int


class _Named(NamedTuple):
    key: str
    name: str


class ChoiceCard(Card):
    """The view of the presenter's choice."""

    def __init__(self, presenter: PrintingPresenter) -> None:
        super().__init__(_("What to print"))
        self._presenter = presenter
        self.kinds = CheckTable(
            CheckModel[_Kind](
                [
                    Column(_("Paper"), lambda row: kind_name(row.kind)),
                    Column(_("Count"), lambda row: str(row.papers), key=lambda row: row.papers, number=True),
                ],
                lambda row: row.kind.value,
            ),
            _("Kinds of paper"),
        )
        self.applications = _named_table(_("Applications"), _("Number, name or pinyin initials"))
        self.experts = _named_table(_("Experts"), _("Number, name or pinyin initials"))
        self.tabs = Segments(
            [
                Choice("kinds", _("Papers")),
                Choice("applications", _("Applications")),
                Choice("experts", _("Experts")),
            ]
        )
        self.tabs.name(_("What to choose by"))
        self.tabs.show_key("kinds")
        self._stack = QStackedWidget()
        self._tables = {"kinds": self.kinds, "applications": self.applications, "experts": self.experts}
        px = theme.current().px
        header = self.kinds.view.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.kinds.view.setColumnWidth(1, px(_COUNT_WIDTH))
        for table in (self.applications, self.experts):
            table.view.setColumnWidth(0, px(_NUMBER_WIDTH))
        for table in self._tables.values():
            table.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            table.view.horizontalHeader().setMinimumSectionSize(px(40))
            self._stack.addWidget(table)
        self.tabs.picked.connect(lambda key: self._stack.setCurrentWidget(self._tables[key]))
        self.body.addWidget(self.tabs)
        self.body.addWidget(self._stack, 1)
        for table in self._tables.values():
            table.model.toggled.connect(self._choose)

    def fill(self) -> None:
        """Show what the round has and what of it is chosen."""
        presenter = self._presenter
        self.kinds.model.set_rows([_Kind(kind, count) for kind, count in presenter.known_kinds.items()])
        self.kinds.model.show_checked(kind.value for kind in presenter.kinds)
        self.applications.model.set_rows([_Named(*one) for one in presenter.known_applications.items()])
        self.applications.model.show_checked(presenter.applications)
        self.experts.model.set_rows([_Named(*one) for one in presenter.known_experts.items()])
        self.experts.model.show_checked(presenter.experts)
        for table in self._tables.values():
            table.show_count()
            if table.model.rowCount() and not table.view.currentIndex().isValid():
                table.view.setCurrentIndex(table.model.index(0, 0))

    def _choose(self) -> None:
        self._presenter.choose(
            kinds=frozenset(map(PaperKind, self.kinds.model.checked)),
            applications=frozenset(self.applications.model.checked),
            experts=frozenset(self.experts.model.checked),
        )


def _named_table(name: str, hint: str) -> CheckTable:
    columns = [Column(_("Id"), lambda row: row.key), Column(_("Name"), lambda row: row.name)]
    return CheckTable(CheckModel[_Named](columns, lambda row: row.key), name, hint)
