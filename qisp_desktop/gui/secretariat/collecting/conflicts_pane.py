"""Conflicts: contents of one revision side by side, criterion by criterion; a clerk chooses one, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QRadioButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.collecting.grounds import GroundDelegate
from qisp_desktop.gui.secretariat.collecting.presenter import CollectingPresenter
from qisp_desktop.gui.secretariat.section import read_only_words
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.rows_model import Column, Index, RowsModel
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.gui.widgets.table_view import TableView, choose_row
from qisp_desktop.services.board_data import ContestedSheet

if TYPE_CHECKING:
    from qisp_desktop.services.compared_sheets import ComparedCell, ComparedRow, Comparison, HeldSheet

LIST_WIDTH, STATE_WIDTH = 320, 84
ROW_AIR = 10
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NO_PARENT = QModelIndex()


class ConflictsPane(QWidget):
    """The view of the board's conflicts."""

    def __init__(self, shell: Shell, presenter: CollectingPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self.model: RowsModel[ContestedSheet] = RowsModel(_list_columns())
        self.list = TableView(self.model)
        self.list.setAccessibleName(_("Conflicts"))
        self.comparison = ComparisonCard(presenter)
        self.stack = QStackedWidget()
        filled = QWidget()
        row = QHBoxLayout(filled)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.list)
        row.addWidget(self.comparison, 1)
        self.stack.addWidget(filled)
        self.stack.addWidget(
            EmptyState(
                "good",
                _("No conflicts"),
                _("A conflict arises when one revision of a sheet comes back with two contents. You decide it here."),
            )
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)
        self.list.selectionModel().currentRowChanged.connect(lambda new, _old: self._picked(new))
        presenter.compared.connect(self.comparison.show_comparison)
        self._fitted = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The contents need the room more than the list does."""
        super().resizeEvent(event)
        self.list.setFixedWidth(min(theme.current().px(LIST_WIDTH), self.width() // 3))
        self._fit_list()

    def refresh(self) -> None:
        """Show the conflicts that were read; the one that is compared stays."""
        data = self._presenter.data
        if data is None:
            return
        current = self._key(self._current())
        rows = data.board.contested
        self.model.set_rows(rows)
        self.stack.setCurrentIndex(0 if rows else 1)
        if rows and not self._fitted:
            self._fitted = True
            self._fit_list()
        place = next((n for n, one in enumerate(self.model.rows) if self._key(one) == current), 0)
        if rows:
            choose_row(self.list, place)
            self._presenter.ask_comparison(self.model.row(place))

    def _fit_list(self) -> None:
        state = theme.current().px(STATE_WIDTH)
        self.list.setColumnWidth(0, max(state, self.list.width() - state))
        self.list.setColumnWidth(1, state // 2)  # the last one takes what is left

    def show_conflict(self, application: str, expert: str = "") -> bool:
        """Go to the conflict about ``application`` (of ``expert``); False when there is none."""
        for place, one in enumerate(self.model.rows):
            if one.application == application and expert in ("", one.expert):
                choose_row(self.list, place)
                return True
        return False

    def _picked(self, index: Index) -> None:
        if index.isValid():
            self._presenter.ask_comparison(self.model.row(index))

    def _current(self) -> ContestedSheet | None:
        index = self.list.currentIndex()
        return self.model.row(index) if index.isValid() else None

    @staticmethod
    def _key(one: ContestedSheet | None) -> tuple[str, str] | None:
        return None if one is None else (one.expert, one.application)


class ComparisonCard(Card):
    """The contents of one conflict, and the decision."""

    def __init__(self, presenter: CollectingPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._shown: Comparison | None = None
        self.heading, self.hint = label("", "heading", wrap=True), label("", "second", wrap=True)
        self.model = ComparisonModel()
        self.table = ComparisonTable(self.model)
        self.contents = QVBoxLayout()
        self.contents.setSpacing(2)
        self.choices: list[QRadioButton] = []
        self._group: QButtonGroup | None = None
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("Why this content counts (kept in the audit trail)"))
        self.reason.setAccessibleName(_("Why this content counts (kept in the audit trail)"))
        self.reason.textChanged.connect(lambda _text: self.enable())
        self.reason.returnPressed.connect(self._decide)
        self.decide = button(_("Let it count"), "primary")
        self.decide.clicked.connect(self._decide)
        decision = QHBoxLayout()
        decision.addWidget(self.reason, 1)
        decision.addWidget(self.decide)
        for part in (self.heading, self.hint):
            self.body.addWidget(part)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(self.contents)
        self.body.addLayout(decision)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show ``comparison``; what was typed for another one is gone."""
        same = self._shown is not None and _names(self._shown) == _names(comparison)
        self._shown = comparison
        text = _("{expert} × {application} {platform}, revision {revision}")
        self.heading.setText(
            text.format(
                expert=comparison.expert,
                application=comparison.application,
                platform=comparison.platform,
                revision=comparison.revision,
            )
        )
        self.hint.setText(_hint(comparison))
        self.model.show_comparison(comparison)
        self.table.fit()
        if not same:
            self.reason.clear()
            self._show_contents(comparison)
        self.enable()

    @property
    def is_begun(self) -> bool:
        """Whether a content was chosen that does not count yet."""
        shown = self._shown
        decided = shown.decided.digest if shown is not None and shown.decided is not None else ""
        contents = shown.contents if shown is not None else ()
        return any(
            choice.isChecked() and content.digest != decided
            for choice, content in zip(self.choices, contents, strict=False)
        )

    def enable(self) -> None:
        """A decision needs a content and a reason, and a round that can be changed."""
        writable = self._presenter.session.writable
        chosen = any(choice.isChecked() for choice in self.choices)
        self.decide.setEnabled(writable and chosen and bool(self.reason.text().strip()) and not self._presenter.busy)
        self.decide.setToolTip("" if writable else read_only_words())

    def _show_contents(self, comparison: Comparison) -> None:
        for choice in self.choices:
            self.contents.removeWidget(choice)
            choice.hide()
            choice.deleteLater()
        if self._group is not None:
            self._group.deleteLater()
        self._group = QButtonGroup(self)
        self.choices = []
        decided = comparison.decided.digest if comparison.decided else ""
        for letter, content in zip(LETTERS, comparison.contents, strict=False):
            choice = QRadioButton(_content_text(letter, content))
            choice.setToolTip(f"SHA-256 {content.digest}")
            choice.setChecked(content.digest == decided)
            choice.toggled.connect(lambda _on: self.enable())
            self._group.addButton(choice)
            self.choices.append(choice)
            self.contents.addWidget(choice)

    def _decide(self) -> None:
        comparison = self._shown
        if comparison is None or not self.decide.isEnabled():
            return
        chosen = next(place for place, choice in enumerate(self.choices) if choice.isChecked())
        self._presenter.decide(comparison, comparison.contents[chosen].digest, self.reason.text())


class ComparisonModel(QAbstractTableModel):
    """Criteria in rows, contents in columns; where they differ is marked by a sign and a ground."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[ComparedRow, ...] = ()
        self._contents: tuple[HeldSheet, ...] = ()

    def show_comparison(self, comparison: Comparison) -> None:
        """Hold ``comparison`` from now on."""
        self.beginResetModel()
        self._rows, self._contents = comparison.rows, comparison.contents
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Criteria."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """The criterion, then the contents."""
        return 0 if parent.isValid() else 1 + len(self._contents)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, and the marks of differences."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _criterion_text(row) if index.column() == 0 else _cell_text(row, row.cells[index.column() - 1])
        if role == Qt.ItemDataRole.BackgroundRole and row.differs:
            return theme.current().colour("warn_soft")
        if role == Qt.ItemDataRole.FontRole and row.differs:
            return theme.current().font(bold=True)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The letters of the contents."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if section == 0:
            return _("Criterion")
        content = self._contents[section - 1]
        return _("Content {letter}: total {total}").format(letter=LETTERS[section - 1], total=content.total)


class ComparisonTable(QTableView):
    """Shows a ComparisonModel with whole remarks."""

    def __init__(self, model: ComparisonModel) -> None:
        super().__init__()
        model.setParent(self)
        self.setModel(model)
        self.setAccessibleName(_("Contents side by side"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setItemDelegate(GroundDelegate(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(theme.current().px(36))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other widths, other heights."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Give each row the height that its remarks need, and air between one row's remarks and the next's."""
        air, least = theme.current().px(ROW_AIR), self.verticalHeader().minimumSectionSize()
        for row in range(self.model().rowCount()):
            self.setRowHeight(row, max(least, self.sizeHintForRow(row) + air))


def _names(comparison: Comparison) -> tuple[object, ...]:
    return (
        comparison.expert,
        comparison.application,
        comparison.revision,
        comparison.decided,
        tuple(one.digest for one in comparison.contents),
    )


def _hint(comparison: Comparison) -> str:
    count = comparison.differing
    text = ngettext("They differ in {count} criterion.", "They differ in {count} criteria.", count).format(count=count)
    if not count:
        text = _("All scores and remarks are the same; what differs is how they came into the round.")
    if comparison.decided is None:
        return text
    decided = _("Decided by {by}: {reason} Choose another content to decide anew.")
    return f"{text}\n" + decided.format(by=comparison.decided.decided_by, reason=comparison.decided.reason)


def _content_text(letter: str, content: HeldSheet) -> str:
    parts = [content.origin, *content.files, content.reason]
    return f"{letter}  " + " · ".join([*filter(None, parts), content.digest[:12]])


def _criterion_text(row: ComparedRow) -> str:
    return f"{'≠' if row.differs else '  '} {row.code} {row.name}  /{row.maximum}"


def _cell_text(row: ComparedRow, cell: ComparedCell) -> str:
    parts = [cell.points]
    if cell.remark and (row.differs_in("remark") or row.differs):
        parts.append(cell.remark)
    if cell.evidence and row.differs_in("evidence"):
        parts.append(cell.evidence)
    return "\n".join(parts)


def _list_columns() -> tuple[Column, ...]:
    return (
        Column(
            _("Conflict"),
            lambda one: f"{one.expert} × {one.application}",
            dot=lambda one: Dot.CONFLICT if one.decided is None else Dot.SIGNED,
            hint=lambda one: f"{one.expert} {one.expert_name} × {one.application}",
        ),
        Column(_("State"), lambda one: _("open") if one.decided is None else _("decided")),
    )
