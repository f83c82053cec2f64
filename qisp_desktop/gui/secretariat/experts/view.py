"""The panel, and the matrix of who reads what."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.experts.auto_card import AutoCard
from qisp_desktop.gui.secretariat.experts.cell_card import CellCard
from qisp_desktop.gui.secretariat.experts.matrix import AssignmentMatrix, AssignmentModel
from qisp_desktop.gui.secretariat.experts.panel_part import PanelPart
from qisp_desktop.gui.secretariat.experts.presenter import MATRIX, PANEL, ExpertsPresenter
from qisp_desktop.gui.secretariat.experts.recusals_card import RecusalsCard
from qisp_desktop.gui.secretariat.experts.replace_card import ReplaceCard
from qisp_desktop.gui.secretariat.import_wizard.wizard import ImportWizard, import_wizard, open_import
from qisp_desktop.gui.secretariat.section import AnyPresenter, SectionView, read_only_words
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.banner import Banner
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.data_table import ALL, DataTable, Filter
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.segments import Choice, Segments

if TYPE_CHECKING:
    from qisp_desktop.services.application_rows import ApplicationRow

SIDE_WIDTH, BAR = 300, 14
"""What stands beside the matrix is wider where its words need it, and leaves room for its scroll bar."""
HEAD_WIDTHS = (126, 128, 72)
"""So wide that a panel of nine is seen beside the card on a screen of 1366 pixels."""
SHORT, STEPPED_BACK = "short", "recused"


class ExpertsView(SectionView):
    """The view of ``ExpertsPresenter``."""

    def __init__(self, shell: Shell, presenter: AnyPresenter) -> None:
        super().__init__(shell, presenter, _("Experts and assignment"))
        self.presenter = cast(ExpertsPresenter, presenter)
        self.mode = Segments([Choice(MATRIX, _("Assignment")), Choice(PANEL, _("Experts on the panel"))])
        self.reissue = Banner(self)
        self.wizard: ImportWizard | None = None
        self._panel: PanelPart | None = None
        self.model = AssignmentModel(self.presenter)
        self.matrix = AssignmentMatrix(self.model, self.presenter)
        self.table = self._matrix_table()
        self.recusals = RecusalsCard()
        self.cell = CellCard(self.presenter)
        self.replace = ReplaceCard(self.presenter)
        self.auto = AutoCard(self.presenter)
        self._make_buttons()
        self._lay_out()
        self._wire()
        self._show_cell_card()
        self._show_mode()

    @property
    def panel(self) -> PanelPart:
        """The panel's table, made when first wanted: together with the matrix it would hold the window up."""
        if self._panel is None:
            self._panel = PanelPart(self.shell, self.presenter)
            self._panel.import_wanted.connect(self.begin_import)
            self._panel.replace_wanted.connect(lambda expert: self._ask_to_replace(expert, ""))
            self.stack.addWidget(self._panel)
            self._panel.show_data()
        return self._panel

    def start(self) -> None:
        """Show what is there, and an import that is under way."""
        super().start()
        if open_import(self.presenter) is not None:
            self.begin_import()

    def asks(self) -> tuple[QWidget, ...]:
        """The cards beside the matrix, and the form beside the panel."""
        form = () if self._panel is None else (self._panel.side,)
        return (self.replace, self.auto, *form)

    def begin_import(self) -> None:
        """Show the import of experts in the place of the panel."""
        if self.wizard is not None:
            return
        self._turn(PANEL)
        self.wizard = import_wizard(self.shell, self.presenter, "experts")
        self.wizard.closed.connect(self._end_import)
        self.stack.addWidget(self.wizard)
        self._show_mode()

    def _end_import(self) -> None:
        if self.wizard is not None:
            self.stack.removeWidget(self.wizard)
            self.wizard.deleteLater()
            self.wizard = None
        self._show_mode()

    def refresh(self) -> None:
        """Show the panel and the assignment as they are now."""
        data = self.presenter.data
        if data is None:
            return
        if not self.presenter.mode:
            self._turn(MATRIX if data.board.experts else PANEL)
        self.model.show_panel()
        shown = [row for row in data.board.rows if row.accepted or data.board.readers.get(row.number)]
        self.table.set_rows(shown)
        for part in (self.legend, self.side):
            part.setVisible(bool(shown))
        self.model.show_marks()
        self.recusals.show_recusals(data.late, writable=self.presenter.session.writable)
        self.cell.refresh()
        self.replace.refresh()
        if self._panel is not None:
            self._panel.show_data()
        self._show_reissue()
        self._enable()

    def take_wish(self) -> None:
        """Go to the expert or application whose number was wished for, or to ("panel", expert)."""
        wish, data = self.presenter.wish, self.presenter.data
        if wish is None or data is None:
            return
        self.presenter.wish = None
        panel = isinstance(wish, tuple) and wish[:1] == (PANEL,)
        if panel or (wish in data.board.experts and self.presenter.mode == PANEL):
            self._turn(PANEL)
            self.panel.go_to(wish[1] if panel else wish)
        elif wish in data.board.experts:
            self.matrix.go_to_cell(lambda row: True, wish)
        elif isinstance(wish, str):
            self._turn(MATRIX)
            self._go_to(wish)

    def show_busy(self, what: str) -> None:
        """Small changes are over before a progress line could be read."""
        if not (what and self.presenter.quiet):
            super().show_busy(what)
        self._enable()

    # ----------------------------------------------------------------------------------------------------------------

    def _matrix_table(self) -> DataTable[ApplicationRow]:
        filters = [
            Filter(ALL, _("All")),
            Filter(SHORT, _("Below quorum"), self._is_short),
            Filter(STEPPED_BACK, _("With recusals"), self._has_recusal),
        ]
        empty = EmptyState(
            "screening",
            _("Nothing to assign yet"),
            _("Applications appear here once the formal check has accepted them."),
            _("To the formal check"),
            lambda: self.presenter.wanted.emit("screening", None),
        )
        table: DataTable[ApplicationRow] = DataTable(
            self.shell, self.model, "assignment", _("Assignment"), filters=filters, empty=empty, view=self.matrix
        )
        table.first_widths = HEAD_WIDTHS
        return table

    def _make_buttons(self) -> None:
        self.undo, self.redo = button("", "quiet", "undo"), button(_("Redo"), "quiet")
        self.undo.setText(_("Undo"))
        self.assign = button(_("Assign automatically…"), "primary")
        self.add, self.load = button(_("Add expert…")), button(_("Import experts…"), "primary")
        for part in (self.mode, self.undo, self.redo, self.assign, self.add, self.load):
            self.corner.addWidget(part)
        self.mode.name(_("Show"))
        self.mode.show_key(self.presenter.mode or MATRIX)

    def _lay_out(self) -> None:
        self.reissue.hide()
        self.body.addWidget(self.reissue)
        inner = QWidget()
        inner.setProperty(*role("page"))
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for card in (self.cell, self.replace, self.auto, self.recusals):
            column.addWidget(card)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setProperty(*role("page"))
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        needed = max(card.minimumSizeHint().width() for card in (self.cell, self.replace, self.auto, self.recusals))
        scroll.setFixedWidth(max(theme.current().px(SIDE_WIDTH), needed + theme.current().px(BAR)))
        self.side = scroll
        matrix = QWidget()
        row = QHBoxLayout(matrix)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.table, 1)
        self.legend = label(_legend(), "second", wrap=True)
        left.addWidget(self.legend)
        row.addLayout(left, 1)
        row.addWidget(scroll)
        self.matrix_part = matrix
        self.stack = QStackedWidget()
        self.stack.addWidget(matrix)
        self.body.addWidget(self.stack, 1)

    def _wire(self) -> None:
        presenter = self.presenter
        self.mode.picked.connect(self._turn)
        self.undo.clicked.connect(presenter.undo)
        self.redo.clicked.connect(presenter.redo)
        for keys, do in (
            (QKeySequence.StandardKey.Undo, presenter.undo),
            (QKeySequence.StandardKey.Redo, presenter.redo),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)
        self.assign.clicked.connect(self._ask_for_limits)
        self.add.clicked.connect(lambda: self.panel.enter())
        self.load.clicked.connect(self.begin_import)
        self.matrix.cell_opened.connect(self._toggle)
        self.matrix.cell_changed.connect(lambda row, key: self._show_cell(key, row.number))
        self.matrix.moved.connect(presenter.move)
        self.table.exported.connect(
            lambda path: presenter.say("good", _("The table is written: {path}").format(path=path))
        )
        self.table.export_failed.connect(presenter.say_error)
        self.cell.replace_wanted.connect(lambda expert, number: self._ask_to_replace(expert, number))
        self.recusals.replace_wanted.connect(
            lambda expert, number, who: self._ask_to_replace(expert, number, arriving=who)
        )
        self.recusals.draw_wanted.connect(lambda expert, number: self._ask_to_replace(expert, number, by_lot=True))
        self.recusals.went_to.connect(lambda expert, number: self._go_to(number, expert))
        self.auto.went_to.connect(self._go_to)
        self.auto.closed.connect(self._show_cell_card)
        self.replace.closed.connect(self._show_cell_card)
        presenter.marks_changed.connect(self._show_marks)
        presenter.history_changed.connect(self._changed)

    def _turn(self, mode: str) -> None:
        self.presenter.mode = mode
        self.mode.show_key(mode)
        self._show_mode()

    def _show_mode(self) -> None:
        matrix = self.presenter.mode != PANEL
        self.stack.setCurrentWidget(self.matrix_part if matrix else self.wizard or self.panel)
        self.assign.setVisible(matrix)
        self.add.setVisible(not matrix and self.wizard is None)
        self.load.setVisible(not matrix and self.wizard is None)
        self._enable()

    def _toggle(self, row: ApplicationRow, expert: str) -> None:
        if expert:
            self.presenter.toggle((expert, row.number))

    def _show_marks(self) -> None:
        self.model.show_marks()
        self.cell.refresh()

    def _changed(self) -> None:
        """Something was done: a form about it is done with."""
        if self.replace.isVisibleTo(self):
            self._show_cell_card()
        self._enable()

    def _show_cell(self, expert: str, number: str) -> None:
        self.cell.show_pair(expert, number)
        if self.replace.isVisibleTo(self):
            self._show_cell_card()

    def _show_cell_card(self) -> None:
        self._show_side(self.cell)

    def _show_side(self, card: QWidget) -> None:
        for one in (self.cell, self.replace, self.auto):
            one.setVisible(one is card)

    def _ask_for_limits(self) -> None:
        self._show_side(self.auto)
        self.auto.ask()

    def _ask_to_replace(self, expert: str, number: str, *, by_lot: bool = False, arriving: str = "") -> None:
        self._turn(MATRIX)
        if number:
            self._go_to(number, expert)
        self._show_side(self.replace)
        self.replace.ask(expert, number, by_lot=by_lot, arriving=arriving)

    def _go_to(self, number: str, expert: str = "") -> None:
        found = self.matrix.go_to_cell(lambda row: row.number == number, expert)
        if not found:
            self.table.show_filter(ALL)
            self.table.search.clear()
            self.matrix.go_to_cell(lambda row: row.number == number, expert)
        self.matrix.setFocus()

    def _show_reissue(self) -> None:
        from qisp_desktop.services.panel_words import reissue_words

        data = self.presenter.data
        outdated = () if data is None else data.board.to_reissue(data.board.issues)
        waiting: tuple[str, ...] = ()
        if data is not None and data.board.issues:
            waiting = tuple(expert for expert in data.board.due if expert not in data.board.issues)
        text = reissue_words(outdated, waiting)
        if text:
            what, _line, more = text.partition("\n")
            self.reissue.say(
                "info", what, more, _("To handing out"),
                lambda: self.presenter.wanted.emit("issuing", (*outdated, *waiting)),
            )  # fmt: skip
        else:
            self.reissue.put_away()

    def _enable(self) -> None:
        presenter = self.presenter
        writable, history = presenter.session.writable, presenter.history
        for one in (self.assign, self.add, self.load):
            one.setEnabled(writable and presenter.data is not None)
            one.setToolTip("" if writable else read_only_words())
        last, following = history.last, history.next
        self.undo.setEnabled(writable and last is not None)
        self.undo.setToolTip(_("Undo: {what} (Ctrl+Z)").format(what=last.what) if last is not None else "")
        self.redo.setEnabled(writable and following is not None)
        self.redo.setToolTip(_("Redo: {what} (Ctrl+Y)").format(what=following.what) if following is not None else "")

    def _is_short(self, row: ApplicationRow) -> bool:
        data = self.presenter.data
        return data is not None and data.board.possible(row.number) < data.board.quorum

    def _has_recusal(self, row: ApplicationRow) -> bool:
        data = self.presenter.data
        return data is not None and any(number == row.number for _expert, number in data.board.recusals)


def _legend() -> str:
    return _(
        "✓ assigned (a corner: by hand) · tick in a circle: signed sheet is here · code, org., rec., excl.: "
        "conflict of interest. Space gives or takes; drag or Ctrl+arrow moves along the row."
    )
