"""The ranking and what it rests on: the rule in words, every total, what another rule would change."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.base.paths import safe_name
from qisp_desktop.domain.aggregation import Recommendation, Result, ResultStatus, ranking
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.gate import OfficeGate
from qisp_desktop.gui.secretariat.results.detail import ResultDetail
from qisp_desktop.gui.secretariat.results.freeze_card import FreezeCard
from qisp_desktop.gui.secretariat.results.presenter import ResultsPresenter
from qisp_desktop.gui.secretariat.results.spread import SPREAD_ROLE, Spread, SpreadDelegate, scale_of
from qisp_desktop.gui.secretariat.results.what_if import WhatIfCard
from qisp_desktop.gui.secretariat.section import AnyPresenter, SectionView, read_only_words
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.data_table import ALL, DataTable, Filter
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.rows_model import Column, Index, RowsModel
from qisp_desktop.gui.widgets.status_dot import Dot

DOTS = {
    Recommendation.RECOMMENDED: Dot.SIGNED,
    Recommendation.NOT_RECOMMENDED: Dot.RECUSED,
    Recommendation.UNDECIDED: Dot.NEW,
}
FIRST_WIDTHS = (56, 138, 158, 100, 66, 150, 76, 104, 130, 120)
"""So wide that the spread is seen beside the detail on a screen of 1366 pixels."""
DEVIATING, OPEN = "deviating", "open"


class ResultsModel(RowsModel[Result]):
    """The ranking; the spread's column gives its picture's values too."""

    def __init__(self, presenter: ResultsPresenter) -> None:
        super().__init__(_columns(presenter))
        self._presenter = presenter
        self.spread = next(place for place, column in enumerate(self.columns) if column.title == _("Spread"))
        self._ends = (Decimal(0), Decimal(100))

    def set_scale(self, results: tuple[Result, ...]) -> None:
        """Fit the scale of all plots to the totals of ``results``."""
        data = self._presenter.data
        if data is not None:
            totals = [total for result in results for total in result.sheet_totals.values()]
            self._ends = scale_of(totals, data.rubric.maximum)

    def data(self, index: Index, role: int = 0) -> Any:
        """The values of the plot; all else as in any table."""
        if role == SPREAD_ROLE and index.isValid() and index.column() == self.spread:
            result = self.row(index)
            return Spread(result.sheet_totals, result.dropped, result.final, *self._ends)
        return super().data(index, role)


class ResultsView(SectionView):
    """The view of ``ResultsPresenter``."""

    def __init__(self, shell: Shell, presenter: AnyPresenter) -> None:
        super().__init__(shell, presenter, _("Results"))
        self.presenter = cast(ResultsPresenter, presenter)
        self.gate = OfficeGate(self.presenter.session)
        self.what_if = WhatIfCard(self.presenter)
        self.freeze_card = FreezeCard(self.presenter, self.gate)
        self.detail = ResultDetail(self.presenter.explain)
        self.model = ResultsModel(self.presenter)
        self.rule, self.frozen = label("", "second", wrap=True), label("", "good", wrap=True)
        self._make_table()
        self._make_buttons()
        self._lay_out()
        self._wire()

    def asks(self) -> tuple[QWidget, ...]:
        """Why the result is final, and the passphrase."""
        return (self.freeze_card, self.gate)

    def refresh(self) -> None:
        """Show the results, the rule and whether they are frozen."""
        data = self.presenter.data
        if data is None:
            return
        freeze, changed = data.freeze, data.changes_since_freeze()
        self.frozen.setVisible(freeze is not None)
        if freeze is not None:
            words = _("Frozen on {day} by {clerk}: {reason}").format(
                day=freeze.at.astimezone().strftime("%Y-%m-%d %H:%M"), clerk=freeze.by, reason=freeze.reason
            )
            if changed:
                words += "\n" + _("Changed since then: {what}.").format(what=_(", ").join(changed))
            self.frozen.setText(words)
            self.frozen.setProperty("role", "warn" if changed else "good")
            self.frozen.style().unpolish(self.frozen)
            self.frozen.style().polish(self.frozen)
        self._show()
        self._enable()

    def take_wish(self) -> None:
        """Go to the application that another section names."""
        wish = self.presenter.wish
        if self.presenter.data is not None and wish is not None:
            self.presenter.wish = None
            if wish in (DEVIATING, OPEN):
                self.table.show_filter(wish)
            else:
                self.table.show_filter(ALL)
                self.table.go_to(lambda result: result.number == wish)

    def show_busy(self, what: str) -> None:
        """Nothing can be decided while something is being done."""
        super().show_busy(what)
        self._enable()

    def _make_table(self) -> None:
        filters = [
            Filter(ALL, _("All")),
            Filter("recommended", _("Recommended"), lambda r: r.recommendation is Recommendation.RECOMMENDED),
            Filter("not", _("Not recommended"), lambda r: r.recommendation is Recommendation.NOT_RECOMMENDED),
            Filter(OPEN, _("Undecided"), lambda r: r.recommendation is Recommendation.UNDECIDED),
            Filter(DEVIATING, _("Deviating"), lambda r: bool(r.deviations)),
        ]
        empty = EmptyState(
            "results", _("No results yet"), _("The ranking appears here once applications are imported and scored.")
        )
        self.table: DataTable[Result] = DataTable(
            self.shell, self.model, "results", _("Ranking"), filters=filters, empty=empty
        )
        self.table.first_widths = FIRST_WIDTHS
        self.table.view.setItemDelegateForColumn(self.model.spread, SpreadDelegate(self.table.view))

    def _make_buttons(self) -> None:
        self.try_rule = button(_("What if…"))
        self.try_rule.setToolTip(_("Try another rule without changing the round"))
        self.freeze = button(_("Freeze…"))
        self.export = button(_("Summary workbook…"), "primary")
        for part in (self.try_rule, self.freeze, self.export):
            self.corner.addWidget(part)

    def _lay_out(self) -> None:
        for part in (self.rule, self.frozen, self.gate, self.freeze_card, self.what_if):
            self.body.addWidget(part)
        self.frozen.hide()
        self.what_if.hide()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.table, 1)
        row.addWidget(self.detail)
        self.detail.hide()
        self.body.addLayout(row, 1)

    def _wire(self) -> None:
        presenter = self.presenter
        presenter.shown_changed.connect(self._show)
        presenter.workbook_written.connect(_open_folder)
        self.table.selected.connect(self._show_detail)
        self.table.exported.connect(self._table_written)
        self.table.export_failed.connect(presenter.say_error)
        self.try_rule.clicked.connect(presenter.begin_what_if)
        self.what_if.closed.connect(presenter.end_what_if)
        self.freeze.clicked.connect(self.freeze_card.ask)
        self.export.clicked.connect(self._export)

    def _show(self) -> None:
        from qisp_desktop.services.results_overview import rule_in_words

        data, trying = self.presenter.data, self.presenter.what_if
        if data is None:
            return
        policy = trying or data.policy
        self.rule.setText(rule_in_words(policy, data.rubric))
        self.what_if.setVisible(trying is not None)
        self.what_if.show_rule(policy, data.rubric.maximum)
        self.what_if.effect.setText(self.presenter.effect)
        chosen = self.table.current()
        self.model.set_scale(data.results)
        self.table.set_rows(ranking(self.presenter.results))
        if chosen is not None:
            self.table.go_to(lambda result: result.number == chosen.number)
        self._show_detail()
        self._enable()

    def _show_detail(self) -> None:
        result, data = self.table.current(), self.presenter.data
        self.detail.setVisible(result is not None)
        if result is not None and data is not None:
            before = self.presenter.before(result.number) if self.presenter.what_if is not None else None
            self.detail.show_result(data, result, before)

    def _enable(self) -> None:
        presenter = self.presenter
        idle, writable = not presenter.busy and presenter.data is not None, presenter.session.writable
        trying = presenter.what_if is not None
        self.freeze.setEnabled(idle and writable and not trying)
        if trying:  # what would be frozen is not what is shown then
            self.freeze_card.hide()
        self.freeze.setToolTip(
            read_only_words() if not writable else _("End what if first") if trying else _("Declare the result final")
        )
        self.export.setEnabled(idle)
        self.try_rule.setEnabled(idle and not trying)

    def _export(self) -> None:
        settings = self.shell.settings
        proposed = (
            Path(settings.export_folder or settings.last_folder) / f"{safe_name(self.presenter.session.name)}.xlsx"
        )
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Save the summary workbook"), str(proposed), _("Workbooks (*.xlsx)")
        )
        if chosen:
            path = Path(chosen)
            settings.export_folder = str(path.parent)
            self.presenter.export(path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx"))

    def _table_written(self, path: Path) -> None:
        self.presenter.say(
            "good", _("The table is written: {path}").format(path=path), "", _("Open the folder"),
            lambda: _open_folder(path),
        )  # fmt: skip


def _open_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _columns(presenter: ResultsPresenter) -> list[Column]:
    return [
        Column(_("Rank"), lambda r: str(r.rank or "—"), key=lambda r: r.rank, number=True),
        Column(_("Number"), lambda r: r.number),
        Column(_("Applicant"), lambda r: r.applicant),
        Column(
            _("Final score"),
            lambda r: "—" if r.final is None else f"{r.final:.2f}",
            key=lambda r: r.final,
            number=True,
            hint=lambda r: _own_score(presenter, r),
        ),
        Column(_("Grade"), lambda r: r.grade or "—"),
        Column(_("Spread"), lambda r: "", key=_range, hint=_totals),
        Column(_("Sheets"), lambda r: str(r.valid_sheets), key=lambda r: r.valid_sheets, number=True),
        Column(
            _("Deviations"),
            lambda r: str(len(r.deviations) or ""),
            key=lambda r: len(r.deviations),
            number=True,
            dot=lambda r: Dot.CONFLICT if presenter.data is not None and presenter.data.unexplained(r) else None,
            hint=lambda r: _unexplained(presenter, r),
        ),
        Column(_("Recommendation"), lambda r: r.recommendation.label, dot=lambda r: DOTS[r.recommendation]),
        Column(_("Status"), lambda r: "" if r.status is ResultStatus.OK else r.status.label),
        Column(_("Reasons"), lambda r: _("; ").join(r.reasons), hint=lambda r: "\n".join(r.reasons)),
    ]


def _range(result: Result) -> Any:
    totals = result.sheet_totals.values()
    return max(totals) - min(totals) if totals else None


def _totals(result: Result) -> str:
    mark = _("dropped")
    lines = [
        f"{expert} {total} {mark if expert in result.dropped else ''}".rstrip()
        for expert, total in result.sheet_totals.items()
    ]
    return "\n".join(lines)


def _own_score(presenter: ResultsPresenter, result: Result) -> str:
    own = presenter.before(result.number)
    if presenter.what_if is None or own is None:
        return ""
    return labelled(_("Under the round's own rule"), "—" if own.final is None else f"{own.final:.2f}")


def _unexplained(presenter: ResultsPresenter, result: Result) -> str:
    names = presenter.data.unexplained(result) if presenter.data is not None else ()
    return _("Not explained yet: {experts}").format(experts=_(", ").join(names)) if names else ""
