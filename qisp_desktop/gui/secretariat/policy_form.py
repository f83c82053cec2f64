"""The rule of a round: its parts to set, the rule in words, and what it makes of a few totals, all at once."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import _
from qisp_desktop.base.width import halfwidth
from qisp_desktop.domain.calendar import DayCount
from qisp_desktop.domain.policy import LOWEST_GRADE, Aggregate, Policy, policy_problem
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.gui import theme
from qisp_desktop.gui.secretariat.policy_example import PolicyExampleCard
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.segments import Choice, Segments

MOST_SHEETS = 99
FIELD_WIDTH = 92


class PolicyForm(QWidget):
    """Shows a policy and what it does; ``changed`` is sent when the person made it another one."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._policy: Policy | None = None
        self._rubric: Rubric | None = None
        self._filling = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self.fields = Card(_("The rule"))
        self.example = PolicyExampleCard()
        row.addWidget(self.fields, 1)
        row.addWidget(self.example, 1)
        self._form = QFormLayout()
        self._form.setSpacing(8)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.fields.body.addLayout(self._form)
        self._make_fields()
        self.problem = label("", "bad", wrap=True)
        self.problem.hide()
        self.fields.body.addWidget(self.problem)
        self.fields.body.addStretch(1)

    # What is shown --------------------------------------------------------------------------------------------------

    def show_policy(self, policy: Policy, rubric: Rubric) -> None:
        """Show ``policy`` for ``rubric``; nothing is sent."""
        self._filling = True
        self._policy, self._rubric = policy, rubric
        self.aggregate.show_key(policy.aggregate.value)
        self.trim_min.setValue(policy.trim_min)
        self.quorum.setValue(policy.quorum)
        self.pass_score.setText(decimal_text(policy.pass_score))
        self.deviation.setText(decimal_text(policy.deviation))
        self.days.show_key(policy.days.value)
        self._show_grades(policy)
        self._show_ties(policy, rubric)
        self._filling = False
        self.example.set_rubric(rubric)
        self._look(tell=False)

    def set_read_only(self, why: str) -> None:
        """Let nothing be changed, for the reason ``why``; empty: let it be changed."""
        for part in (self.aggregate, self.trim_min, self.quorum, self.grades, self.ties, self.days):
            part.setEnabled(not why)
            part.setToolTip(why)
        for line in (self.pass_score, self.deviation):
            line.setEnabled(not why)
            line.setToolTip(why)

    def policy(self) -> Policy | None:
        """The policy as it stands in the form; None while it cannot be carried out (``problem`` says why)."""
        if self._policy is None or self._rubric is None:
            return None
        lines = [self.pass_score, self.deviation, *self._bounds.values()]
        points = [_points(line.text()) for line in lines]
        for line, value in zip(lines, points, strict=True):
            _mark(line, value is None)
        if any(value is None for value in points):
            self._tell(_("Points are numbers such as 75 or 82.5."))
            return None
        pass_score, deviation, *bounds = (value for value in points if value is not None)
        grades = dict(zip(self._bounds, bounds, strict=True))
        if LOWEST_GRADE in self._policy.grades:
            grades[LOWEST_GRADE] = pass_score
        made = Policy(
            Aggregate(self.aggregate.key),
            self.trim_min.value(),
            self.quorum.value(),
            pass_score,
            deviation,
            tuple(self.ties.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.ties.count())),
            grades,
            DayCount(self.days.key),
        )
        problem = policy_problem(made, self._rubric)
        self._tell(problem)
        return None if problem else made

    # Making it ------------------------------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.aggregate = Segments(
            [Choice(Aggregate.TRIMMED.value, _("Trimmed mean")), Choice(Aggregate.MEAN.value, _("Plain mean"))]
        )
        self.aggregate.name(_("Final score"))
        self.aggregate.picked.connect(lambda _key: self._look())
        self._form.addRow(_("Final score"), self.aggregate)
        self.trim_min = self._spin(3, _("Drop the extremes from this many sheets on"))
        self.quorum = self._spin(1, _("Valid sheets that a result needs"))
        self.pass_score = self._line(_("Pass score"))
        self.grades = QWidget()
        self._grade_row = QHBoxLayout(self.grades)
        self._grade_row.setContentsMargins(0, 0, 0, 0)
        self._bounds: dict[str, QLineEdit] = {}
        self._form.addRow(_("Grades from"), self.grades)
        self.deviation = self._line(_("Explain a deviation above"))
        self._form.addRow(_("Equal scores: first by"), self._tie_list())
        self.days = Segments([Choice(one.value, one.label) for one in DayCount])
        self.days.name(_("Days of the periods"))
        self.days.picked.connect(lambda _key: self._look())
        self._form.addRow(_("Days of the periods"), self.days)

    def _spin(self, least: int, name: str) -> QSpinBox:
        spin = QSpinBox()
        spin.setRange(least, MOST_SHEETS)
        spin.setFixedWidth(theme.current().px(FIELD_WIDTH))
        spin.setAccessibleName(name)
        spin.valueChanged.connect(lambda _value: self._look())
        self._form.addRow(name, spin)
        return spin

    def _line(self, name: str) -> QLineEdit:
        line = _points_line(name)
        line.textEdited.connect(lambda _text: self._look())
        self._form.addRow(name, line)
        return line

    def _tie_list(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        self.ties = QListWidget()
        self.ties.setAccessibleName(_("Order in which groups break ties"))
        self.ties.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self.ties.model().rowsMoved.connect(lambda *_moved: self._look())
        row.addWidget(self.ties, 1)
        buttons = QVBoxLayout()
        for icon, name, keys, by in (
            ("arrow-up", _("Earlier (Alt+Up)"), "Alt+Up", -1),
            ("arrow-down", _("Later (Alt+Down)"), "Alt+Down", 1),
        ):
            one = button("", "quiet", icon)
            one.setToolTip(name)
            one.setAccessibleName(name)
            one.clicked.connect(lambda _on=False, by=by: self._move_tie(by))
            shortcut = QShortcut(QKeySequence(keys), self.ties)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda by=by: self._move_tie(by))
            buttons.addWidget(one)
        buttons.addStretch(1)
        row.addLayout(buttons)
        return holder

    def _move_tie(self, by: int) -> None:
        row = self.ties.currentRow()
        if 0 <= row + by < self.ties.count() and row >= 0:
            item = self.ties.takeItem(row)
            self.ties.insertItem(row + by, item)
            self.ties.setCurrentItem(item)
            self._look()

    def _show_grades(self, policy: Policy) -> None:
        names = [grade for grade, _bound in sorted(policy.grades.items(), key=lambda entry: -entry[1])]
        names = [name for name in names if name != LOWEST_GRADE]
        if list(self._bounds) != names:
            while self._grade_row.count():
                if (widget := self._grade_row.takeAt(0).widget()) is not None:
                    widget.deleteLater()
            self._bounds = {}
            for name in names:
                line = _points_line(_("Grade {grade} from").format(grade=name))
                line.textEdited.connect(lambda _text: self._look())
                self._bounds[name] = line
                self._grade_row.addWidget(label(name))
                self._grade_row.addWidget(line)
            self._grade_row.addStretch(1)
        for name, line in self._bounds.items():
            line.setText(decimal_text(policy.grades[name]))

    def _show_ties(self, policy: Policy, rubric: Rubric) -> None:
        names = {group.code: group.label for group in rubric.groups}
        self.ties.clear()
        for code in policy.tie_break:
            item = QListWidgetItem(f"{code}  {names.get(code, code)}")
            item.setData(Qt.ItemDataRole.UserRole, code)
            self.ties.addItem(item)
        rows = max(1, min(5, self.ties.count()))
        self.ties.setFixedHeight(self.ties.sizeHintForRow(0) * rows + 8 if self.ties.count() else 40)

    def _look(self, *, tell: bool = True) -> None:
        if self._filling:
            return
        self.trim_min.setEnabled(self.aggregate.key == Aggregate.TRIMMED.value and self.aggregate.isEnabled())
        self.example.show_policy(self.policy())
        if tell:
            self.changed.emit()

    def _tell(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))


def _points_line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setFixedWidth(theme.current().px(FIELD_WIDTH))
    line.setAccessibleName(name)
    return line


def _points(text: str) -> Decimal | None:
    typed = halfwidth(text).strip()
    try:
        value = Decimal(typed)
    except InvalidOperation:
        return None
    exponent = value.as_tuple().exponent
    in_bounds = value.is_finite() and abs(value) < 100_000 and isinstance(exponent, int) and exponent >= -4
    return Decimal(decimal_text(value)) if in_bounds else None


def _mark(line: QLineEdit, wrong: bool) -> None:
    if bool(line.property("wrong")) != wrong:
        line.setProperty("wrong", wrong)
        line.style().unpolish(line)
        line.style().polish(line)
