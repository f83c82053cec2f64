"""One application's result line by line: every total, what was dropped, deviations with their explanations, reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.domain.aggregation import Deviation, Result
from qisp_desktop.gui import theme
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.table_view import TableView

if TYPE_CHECKING:
    from qisp_desktop.services.results_overview import ResultsOverview

WIDTH = 360
Explain = Callable[[str, str, str], None]


@dataclass(frozen=True)
class TotalRow:
    """A valid sheet: who gave it, its total, whether it was dropped, and what it is told about it."""

    expert: str
    name: str
    total: Decimal
    text: str
    dropped: bool
    mark: str


class ResultDetail(Card):
    """What the chosen application's result rests on; ``explain`` keeps an explanation."""

    def __init__(self, explain: Explain) -> None:
        super().__init__(_("Application"))
        self._explain = explain
        self.setFixedWidth(theme.current().px(WIDTH))
        self.headline, self.groups = label("", "number"), label("", "second", wrap=True)
        self.reasons = label("", wrap=True)
        self.model: RowsModel[TotalRow] = RowsModel(
            [
                Column(_("Expert"), lambda row: row.name, struck=lambda row: row.dropped),
                Column(
                    _("Total"), lambda row: row.text, key=lambda row: row.total, number=True,
                    struck=lambda row: row.dropped,
                ),
                Column(_("Remark"), lambda row: row.mark),
            ]
        )  # fmt: skip
        self.totals = TableView(self.model)
        self.totals.setAccessibleName(_("Totals of the valid sheets"))
        self.deviations = QVBoxLayout()
        self.deviations.setSpacing(8)
        self.editors: dict[str, QLineEdit] = {}
        self._lay_out()

    def show_result(self, data: ResultsOverview, result: Result, before: Result | None) -> None:
        """Show ``result``; ``before`` is the one under the round's own rule while another is tried."""
        self.title.setText(f"{result.number} {result.applicant}")
        self.title.setToolTip(result.applicant)
        self.headline.setText(_headline(result))
        self.groups.setText(_groups(data, result))
        self.reasons.setText(_reasons(result, before))
        self.model.set_rows(_rows(data, result))
        self.totals.fit_columns()
        self._show_deviations(data, result)

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setProperty(*role("page"))
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (self.headline, self.reasons, self.groups):
            column.addWidget(part)
        self.totals.setMinimumHeight(theme.current().px(240))
        column.addWidget(self.totals, 1)
        column.addLayout(self.deviations)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        self.title.setWordWrap(True)
        self.body.addWidget(area, 1)

    def _show_deviations(self, data: ResultsOverview, result: Result) -> None:
        kept = {expert: editor.text() for expert, editor in self.editors.items() if editor.isModified()}
        focused = next((expert for expert, editor in self.editors.items() if editor.hasFocus()), "")
        same = self.property("application") == result.number
        self.setProperty("application", result.number)
        _clear(self.deviations)
        self.editors = {}
        for one in result.deviations:
            self.deviations.addWidget(self._deviation(data, result, one, kept.get(one.expert, "") if same else ""))
        if same and focused in self.editors:
            # Somebody types while the round is read again.
            self.editors[focused].setFocus()

    def _deviation(self, data: ResultsOverview, result: Result, one: Deviation, typed: str) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        words = _("{expert}: {total}, the others' mean is {mean} ({difference:+})").format(
            expert=_name(data, one.expert), total=data.rubric.points_text(one.total),
            mean=one.others_mean, difference=one.difference,
        )  # fmt: skip
        column.addWidget(label(words, "warn", wrap=True))
        held = data.explanations.get((one.expert, result.number))
        if held is not None:
            column.addWidget(label(labelled(_("Explained by {clerk}").format(clerk=held.by), held.text), wrap=True))
        row = QHBoxLayout()
        editor = QLineEdit(typed)
        editor.setModified(bool(typed))
        editor.setPlaceholderText(_("What was found out about it"))
        editor.setAccessibleName(_("Explanation of the deviation of {expert}").format(expert=one.expert))
        save = button(_("Explain") if held is None else _("Replace"))
        save.setEnabled(bool(typed.strip()))
        editor.textChanged.connect(lambda text: save.setEnabled(bool(text.strip())))

        def keep() -> None:
            if editor.text().strip():
                editor.setModified(False)
                self._explain(one.expert, result.number, editor.text())

        save.clicked.connect(keep)
        editor.returnPressed.connect(keep)
        row.addWidget(editor, 1)
        row.addWidget(save)
        column.addLayout(row)
        self.editors[one.expert] = editor
        return whole


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _headline(result: Result) -> str:
    if result.final is None:
        return result.status.label
    rank = _("rank {rank}").format(rank=result.rank)
    return _(" · ").join(filter(None, (f"{result.final:.2f}", rank, result.grade)))


def _groups(data: ResultsOverview, result: Result) -> str:
    parts = [f"{group.name} {result.groups[group.code]:.2f}" for group in data.rubric.groups if result.groups]
    return _(" · ").join(parts)


def _reasons(result: Result, before: Result | None) -> str:
    lines = [result.recommendation.label, *result.reasons]
    if before is not None and before.recommendation is not result.recommendation:
        lines.append(_("Under the round's own rule: {what}").format(what=before.recommendation.label))
    return "\n".join(lines)


def _rows(data: ResultsOverview, result: Result) -> list[TotalRow]:
    deviating = {one.expert: one for one in result.deviations}
    rows = []
    for expert, total in sorted(result.sheet_totals.items(), key=lambda entry: (-entry[1], entry[0])):
        marks = []
        if expert in result.dropped:
            marks.append(_("dropped"))
        if expert in deviating:
            marks.append(_("deviates {difference:+}").format(difference=deviating[expert].difference))
        rows.append(
            TotalRow(
                expert, _name(data, expert), total, data.rubric.points_text(total), expert in result.dropped,
                _(", ").join(marks),
            )
        )  # fmt: skip
    return rows


def _name(data: ResultsOverview, expert: str) -> str:
    known = data.experts.get(expert)
    return f"{expert} {known.name}" if known else expert
