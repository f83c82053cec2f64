"""The audit trail: who did what, each event chained to the one before; filtered, checked, exported."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QApplication

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.audit.presenter import AuditPresenter
from qisp_desktop.gui.secretariat.section import AnyPresenter, SectionView
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.data_table import ALL, DataTable, Filter
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel

if TYPE_CHECKING:
    from qisp_desktop.services.audit_overview import TrailLine

DECISIONS = {"screen", "resolve", "explain", "freeze", "replace expert", "confirm paper", "exclude expert", "mend"}
TRAVEL = {"issue", "collect", "print", "export workbook", "seal papers"}
DIGITS = 12
"""Of a digest, shown in the table; the whole one stands in its explanation."""


class AuditView(SectionView):
    """The view of ``AuditPresenter``."""

    def __init__(self, shell: Shell, presenter: AnyPresenter) -> None:
        super().__init__(shell, presenter, _("Audit trail"))
        self.presenter = cast(AuditPresenter, presenter)
        self.verify = button(_("Check the trail"), "primary")
        self.verify.setToolTip(_("Check every link, every signature and every kept record"))
        self.verify.clicked.connect(self.presenter.verify)
        self.corner.addWidget(self.verify)
        self.head, self.copy_head = label("", "second", wrap=True), button(_("Copy the digest"), "link")
        self.copy_head.clicked.connect(self._copy_head)
        self.body.addWidget(self.head)
        self.corner.insertWidget(2, self.copy_head)
        self.problems = Card(_("What is wrong"))
        self.problems.hide()
        self.body.addWidget(self.problems)
        self.found = label("", "bad", wrap=True)
        self.problems.body.addWidget(self.found)
        model: RowsModel[TrailLine] = RowsModel(_columns())
        filters = [
            Filter(ALL, _("All")),
            Filter("decisions", _("Decisions"), lambda line: line.event.action in DECISIONS),
            Filter("travel", _("Handed out, taken back, printed"), lambda line: line.event.action in TRAVEL),
        ]
        self.table: DataTable[TrailLine] = DataTable(shell, model, "audit", _("Audit trail"), filters=filters)
        self.table.exported.connect(
            lambda path: self.presenter.say("good", _("The table is written: {path}").format(path=path))
        )
        self.table.export_failed.connect(self.presenter.say_error)
        self.body.addWidget(self.table, 1)
        self.presenter.checked.connect(self._show_report)

    def refresh(self) -> None:
        """Show the trail."""
        trail = self.presenter.data
        if trail is None:
            return
        words = ngettext("{count} event", "{count} events", trail.head.seq).format(count=trail.head.seq)
        if trail.sealed:
            sealed = _("signed by the office up to event {number}").format(number=trail.sealed)
        else:
            sealed = _("not signed yet: the first packages or the first returns sign it")
        digest = _("digest of the last event: {digest}").format(digest=trail.head.digest)
        self.head.setText(_(" · ").join((words, sealed, digest)))
        self.table.set_rows(trail.lines)
        self._show_report()

    def show_busy(self, what: str) -> None:
        """One check at a time."""
        super().show_busy(what)
        self.verify.setEnabled(not what)

    def _copy_head(self) -> None:
        if self.presenter.data is not None:
            QApplication.clipboard().setText(self.presenter.data.head.digest)

    def _show_report(self) -> None:
        report = self.presenter.report
        self.problems.setVisible(report is not None and bool(report.problems))
        if report is not None:
            self.found.setText("\n".join(report.problems))


def _columns() -> list[Column]:
    return [
        Column(_("No."), lambda line: str(line.event.seq), key=lambda line: line.event.seq, number=True),
        Column(
            _("Time"),
            lambda line: line.time,
            key=lambda line: line.event.seq,
        ),
        Column(_("Who"), lambda line: line.event.actor),
        Column(_("What was done"), lambda line: line.action),
        Column(_("To what"), lambda line: line.subject),
        Column(_("Detail"), lambda line: line.event.detail),
        Column(_("Before"), lambda line: line.event.before[:DIGITS] or "—", hint=lambda line: line.event.before),
        Column(_("After"), lambda line: line.event.after[:DIGITS] or "—", hint=lambda line: line.event.after),
        Column(_("Event"), lambda line: line.event.digest[:DIGITS], hint=lambda line: line.event.digest),
    ]
