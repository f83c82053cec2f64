"""What is inside a panel package: its applications and where each stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QStackedWidget

from qisp_desktop.base.i18n import N_, _, ngettext
from qisp_desktop.gui.idle import IdleWatch
from qisp_desktop.gui.page import Page, Screen, Shell
from qisp_desktop.gui.panel.presenter import DeskPresenter, OpenedDesk
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.search_field import SearchField
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.gui.widgets.table_view import TableView

if TYPE_CHECKING:
    from qisp_desktop.services.desk import DeskItem

STATUSES = {
    "new": (Dot.NEW, N_("not started")),
    "draft": (Dot.STARTED, N_("in progress")),
    "complete": (Dot.COMPLETE, N_("complete")),
    "recused": (Dot.RECUSED, N_("recused")),
    "signed": (Dot.SIGNED, N_("signed")),
}
"""How each status of an application is shown, in the order in which they sort."""
_ORDER = {status: place for place, status in enumerate(STATUSES)}


def contents_screen(shell: Shell, path: Path, opened: OpenedDesk) -> Screen:
    """The page of an unlocked package."""
    presenter = DeskPresenter(path, opened, shell.tasks)
    return Screen(lambda: ContentsPage(shell, presenter), presenter)


class ContentsPage(Page):
    """The view of ``DeskPresenter``."""

    def __init__(self, shell: Shell, presenter: DeskPresenter) -> None:
        super().__init__(f"{presenter.round_name} · {presenter.expert}", back=shell.go.home)
        self._shell = shell
        self._presenter = presenter
        self.lock = button(_("Lock"), "", "lock")
        self.lock.setToolTip(_("Lock now (Ctrl+L)"))
        self.lock.setShortcut("Ctrl+L")
        self.lock.clicked.connect(lambda: self._lock_now(by_itself=False))
        self.corner.addWidget(self.lock)
        self.body.addWidget(self._applications(), 1)
        minutes = shell.settings.auto_lock_minutes
        if minutes:
            IdleWatch(minutes * 60, self).idle.connect(lambda: self._lock_now(by_itself=True))
        self.table.setFocus()

    def _applications(self) -> Card:
        items = self._presenter.items
        card = Card(ngettext("{count} application", "{count} applications", len(items)).format(count=len(items)))
        done = _("{done} of {total} done").format(done=self._presenter.done, total=len(items))
        card.corner.addWidget(label(done, "second"))
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setRange(0, max(1, len(items)))
        bar.setValue(self._presenter.done)
        bar.setAccessibleName(done)
        card.body.addWidget(bar)
        row = QHBoxLayout()
        self.search = SearchField(_("Search by number, name or pinyin initials (Ctrl+F)"))
        self.search.setMaximumWidth(520)
        row.addWidget(self.search, 1)
        row.addStretch(1)
        card.body.addLayout(row)
        self.model: RowsModel[DeskItem] = RowsModel(self._columns())
        self.model.set_rows(items)
        self.table = TableView(self.model)
        self.table.setAccessibleName(_("Applications"))
        self.table.remember_in(self._shell.settings, "panel-contents")
        self.search.searched.connect(self._search)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(EmptyState("empty", _("This package holds no application"), _("Ask the secretariat.")))
        self.stack.addWidget(EmptyState("search", _("Nothing found"), _("Try another part of the name or number.")))
        self.stack.setCurrentIndex(0 if items else 1)
        card.body.addWidget(self.stack, 1)
        return card

    def _columns(self) -> list[Column]:
        return [
            Column(_("Number"), lambda item: item.number),
            Column(_("Platform"), lambda item: item.platform),
            Column(_("Applicant"), lambda item: item.applicant),
            Column(
                _("Status"),
                lambda item: _(STATUSES[item.status.value][1]),
                key=lambda item: _ORDER[item.status.value],
                dot=lambda item: STATUSES[item.status.value][0],
            ),
            Column(_("Total"), self._presenter.total_text, key=lambda item: item.total, number=True),
            Column(_("Revision"), lambda item: str(item.revision or "—"), key=lambda item: item.revision, number=True),
            Column(
                _("Still missing"),
                lambda item: (
                    ngettext("{count} item", "{count} items", len(item.missing)).format(count=len(item.missing))
                    if item.missing
                    else ""
                ),
                key=lambda item: len(item.missing),
                hint=lambda item: "\n".join(item.missing),
            ),
        ]

    def _search(self, query: str) -> None:
        self.model.search(query)
        if self._presenter.items:
            self.stack.setCurrentIndex(0 if self.model.rows else 2)

    def _lock_now(self, *, by_itself: bool) -> None:
        from qisp_desktop.gui.panel.unlock_page import unlock_screen

        self._shell.go.show(unlock_screen(self._shell, self._presenter.path, locked=by_itself))
