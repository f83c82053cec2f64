"""The right column of the desk: the sheet of the current application, one card for each criterion."""

from __future__ import annotations

import itertools
from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.rubric import CriterionGroup
from qisp_desktop.domain.score_sheet import ItemScore, remark_missing
from qisp_desktop.gui.panel.desk.criterion_card import CriterionCard, CriterionDetail
from qisp_desktop.gui.panel.desk.points_edit import PointsEdit
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.panel.desk.score_head import ScoreHead
from qisp_desktop.gui.panel.desk.sheet_state import SheetState
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.flow_layout import FlowLayout

_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_CHOOSING = frozenset(
    getattr(Qt.Key, f"Key_{name}") for name in ("Up", "Down", "Return", "Enter", "PageUp", "PageDown")
)
"""While an input method composes, these choose among what it offers."""
NEIGHBOUR = 44
"""Pixels of what is above and below the current card that stay in view: a heading, the next score."""
FIELD_MARGIN = 10
"""Pixels above and below the caret's field, where the card is higher than what is seen of it."""
POINTS, REMARK = "points", "remark"
"""The fields in which the caret can stand."""


class _CardsArea(QScrollArea):
    """Leaves the arrow and page keys to the desk, on which they go between criteria and pages."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Nothing is scrolled by keys here: the current card is always in view."""
        event.ignore()


class ScoreColumn(QFrame):
    """The view of the current application's sheet."""

    citation_wanted = Signal()
    """The page that is shown is to be cited for the current criterion."""
    evidence_wanted = Signal(object)
    """The Evidence that the person wants to see."""
    recusal_wanted = Signal()
    caret_moved = Signal()

    def __init__(self, presenter: DeskPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self.setProperty(*role("card"))
        self.cards: dict[str, CriterionCard] = {}
        self.subtotals: dict[str, QLabel] = {}
        self.head = ScoreHead(presenter.rubric)
        self.detail = CriterionDetail(presenter.rubric)
        self.state = SheetState(presenter)
        self._scroll = self._cards_area()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._scroll)
        self._stack.addWidget(self.state.closed)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 8, 12)
        column.setSpacing(8)
        column.addWidget(self.head)
        strip = QHBoxLayout()
        strip.setContentsMargins(0, 0, 8, 0)
        strip.addWidget(self.state.strip)
        column.addLayout(strip)
        column.addWidget(self._stack, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 8, 0)
        foot.addLayout(self._foot())
        column.addLayout(foot)
        self._wire()
        self._composing = False
        self._stops: list[QWidget] = []
        self.show_application()

    # What is shown --------------------------------------------------------------------------------------------------

    def show_application(self) -> None:
        """Show the sheet of the current application, and what can be done with it."""
        self.state.refresh()
        closed = self.state.is_closed
        self._stack.setCurrentWidget(self.state.closed if closed else self._scroll)
        self.head.show_numbers(not closed)
        self.finish.setVisible(not closed or self._presenter.sheets.recused(self._presenter.number))
        self._show_all()
        self.open_criterion(self._presenter.criterion)

    def show_entry(self, number: str, code: str) -> None:
        """Show what changed; ``code`` is empty when it is more than one criterion."""
        if number != self._presenter.number:
            return
        if code:
            self._show_score(code)
            self._show_totals(code)
        else:
            self.show_application()

    def open_criterion(self, code: str) -> None:
        """Open the card of ``code`` and bring it into view."""
        card = self.cards[code]
        focus = QApplication.focusWidget()
        if focus is not None and self.detail.isAncestorOf(focus):
            card.points.setFocus()  # Qt would give the keys to whatever comes next, which would turn to it
        above = card.mapTo(self._scroll, QPoint()).y()
        for other in self.cards.values():
            if other is not card and other.property("current"):
                other.set_detail(None)
        if not card.property("current"):
            card.set_detail(self.detail)
        self._show_score(code)
        self._keep_in_place(card, above)

    def focus_field(self, field: str = POINTS, caret: int = 0) -> None:
        """Put the caret into a field of the current criterion."""
        if field == REMARK:
            self.detail.remark.setFocus(Qt.FocusReason.OtherFocusReason)
            self.detail.remark.set_caret(caret)
        else:
            points = self.cards[self._presenter.criterion].points
            points.setFocus(Qt.FocusReason.OtherFocusReason)
            if points.hasFocus():
                points.selectAll()  # also where it had the focus before

    def caret(self) -> tuple[str, int]:
        """In which field the caret stands, and where in it; no field when it is elsewhere."""
        if self.detail.remark.hasFocus():
            return REMARK, self.detail.remark.caret
        points = self.cards[self._presenter.criterion].points
        return (POINTS, points.cursorPosition()) if points.hasFocus() else ("", 0)

    def ask(self, code: str) -> None:
        """Show what is missing at ``code`` and put the caret where it is to be entered."""
        self._show_all()
        missing_remark = self._presenter.sheets.remark_missing(self._presenter.score(code))
        self.focus_field(REMARK if missing_remark else POINTS)

    def showEvent(self, event: QShowEvent) -> None:
        """Now the fields are in one window, and can be put in order."""
        super().showEvent(event)
        self._order_tabs(self.cards[self._presenter.criterion])

    # Keys -----------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys and Enter in a points field go between criteria; what an input method composes is its own."""
        if isinstance(event, QInputMethodEvent):
            self._composing = bool(event.preeditString())
        elif event.type() == QEvent.Type.FocusOut:
            self._composing = False
        elif event.type() == QEvent.Type.Resize and watched is self.detail:
            QTimer.singleShot(0, self, self._show_current_card)  # a remark that grows stays in view
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(watched, PointsEdit):
            return event.key() in _CHOOSING if self._composing else self._points_key(event)
        return False

    def _points_key(self, event: QKeyEvent) -> bool:
        if event.modifiers() not in _PLAIN:
            return False
        match event.key():
            case Qt.Key.Key_Up:
                self._step(-1)
            case Qt.Key.Key_Down | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._step(1)
            case _:
                return False
        return True

    def _step(self, by: int) -> None:
        self._presenter.step(by)
        self.focus_field()

    # ----------------------------------------------------------------------------------------------------------------

    def _cards_area(self) -> QScrollArea:
        area = _CardsArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        inner.setProperty(*role("page"))
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        for group in self._presenter.rubric.groups:
            column.addLayout(self._group_head(group))
            for criterion in group.criteria:
                card = CriterionCard(criterion, self._presenter.rubric)
                card.points.installEventFilter(self)
                self.cards[criterion.code] = card
                column.addWidget(card)
        column.addStretch(1)
        self.detail.remark.installEventFilter(self)
        self.detail.installEventFilter(self)
        area.setWidget(inner)
        return area

    def _group_head(self, group: CriterionGroup) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 12, 0)
        row.addWidget(label(group.label, "heading"), 1)
        self.subtotals[group.code] = label("", "second")
        row.addWidget(self.subtotals[group.code])
        return row

    def _foot(self) -> FlowLayout:
        row = FlowLayout()
        self.recuse = button(_("Step back…"))
        self.recuse.setToolTip(_("Declare an interest in this application; its sheet becomes void"))
        self.recuse.clicked.connect(self.recusal_wanted)
        self.previous = button(_("Previous"))
        self.previous.setToolTip(_("The application before (Ctrl+Page Up)"))
        self.previous.clicked.connect(lambda: self._presenter.step_application(-1))
        self.finish = button(_("Finish, next"), "primary")
        self.finish.setToolTip(_("Finish this application and go to the next unfinished one (Ctrl+Enter)"))
        self.finish.clicked.connect(self._presenter.finish)
        row.addWidget(self.recuse)
        row.add_stretch()
        row.addWidget(self.previous)
        row.addWidget(self.finish)
        return row

    def _wire(self) -> None:
        presenter, detail = self._presenter, self.detail
        for code, card in self.cards.items():
            card.chosen.connect(presenter.select_criterion)
            card.points.scored.connect(lambda points, code=code: self._score(code, points))
            card.points.entered.connect(self.caret_moved)
        detail.remark.cursorPositionChanged.connect(self.caret_moved)
        detail.slider.chosen.connect(lambda points: self._score(presenter.criterion, points))
        detail.levels.picked.connect(lambda place: presenter.pick_level(presenter.criterion, place))
        detail.remark.remarked.connect(self._remark)
        detail.remark.refused.connect(lambda text: self.cards[presenter.criterion].say(text))
        detail.remark.left.connect(lambda way: self._step(1) if way > 0 else self.focus_field())
        detail.citations.asked.connect(self.citation_wanted)
        detail.citations.followed.connect(self.evidence_wanted)
        detail.citations.removed.connect(lambda evidence: presenter.uncite(presenter.criterion, evidence))
        self.head.group_chosen.connect(self._go_to_group)
        presenter.entry_changed.connect(self.show_entry)
        presenter.application_changed.connect(self.show_application)
        presenter.criterion_changed.connect(self.open_criterion)
        presenter.asked.connect(self.ask)

    def _score(self, code: str, points: Decimal | None) -> None:
        self.cards[code].say("")
        self._presenter.set_points(code, points)

    def _remark(self, text: str) -> None:
        self.cards[self._presenter.criterion].say("")
        self._presenter.set_remark(self._presenter.criterion, text)

    def _go_to_group(self, code: str) -> None:
        group = next(one for one in self._presenter.rubric.groups if one.code == code)
        self._presenter.select_criterion(group.criteria[0].code)
        self.focus_field()

    def _show_all(self) -> None:
        for code in self.cards:
            self._show_score(code)
        for group in self._presenter.rubric.groups:
            self._show_totals(group.criteria[0].code)
        editable = self._presenter.editable
        self.recuse.setVisible(editable)

    def _show_score(self, code: str) -> None:
        presenter = self._presenter
        score, editable = presenter.score(code), presenter.editable
        card = self.cards[code]
        card.show_score(score, editable=editable, missing=self._missing(score))
        if code == presenter.criterion:
            picked = presenter.sheets.entry(presenter.number).levels.get(code, "")
            self.detail.show_score(card.criterion, score, picked, presenter.application, editable=editable)
            self.detail.ask_for_remark(card.criterion, presenter.sheets.remark_missing(score))
            self._order_tabs(card)

    def _order_tabs(self, card: CriterionCard) -> None:
        """From the points, Tab leads through what stands below them and then to the next criterion."""
        stops = [card.points, *self.detail.stops]
        if stops != self._stops and self.isVisible():
            self._stops = stops
            for before, after in itertools.pairwise(stops):
                QWidget.setTabOrder(before, after)

    def _missing(self, score: ItemScore) -> str:
        """What this criterion still asks for: a remark as soon as it is missing, a score once finishing was tried."""
        presenter = self._presenter
        if presenter.sheets.remark_missing(score):
            return remark_missing(presenter.rubric.by_code[score.criterion], presenter.rubric)
        if score.points is None and presenter.number in presenter.asking and presenter.editable:
            return _("No score yet")
        return ""

    def _show_totals(self, code: str) -> None:
        """Show the total, and the subtotal of the group of ``code``."""
        rubric, scores = self._presenter.rubric, self._presenter.sheets.scores(self._presenter.number)
        group = next(one for one in rubric.groups if any(c.code == code for c in one.criteria))
        codes = {criterion.code for criterion in group.criteria}
        subtotal = sum((s.points for s in scores if s.points is not None and s.criterion in codes), Decimal(0))
        text = f"{rubric.points_text(subtotal)} / {rubric.points_text(group.maximum)}"
        self.subtotals[group.code].setText(text)
        self.head.show_total(scores)
        self.head.show_subtotal(group.code, subtotal)

    def _show_current_card(self) -> None:
        """Bring all of the current card into view; where it is higher than the window, at least the caret's field."""
        card = self.cards[self._presenter.criterion]
        self._scroll.ensureWidgetVisible(card, 0, NEIGHBOUR)
        field = self.detail.remark if self.detail.remark.hasFocus() else card.points
        self._scroll.ensureWidgetVisible(field, 0, FIELD_MARGIN)

    def _keep_in_place(self, card: CriterionCard, above: int) -> None:
        """Leave the card where the eye is, unless a part of it would be out of view."""
        inner = self._scroll.widget()
        layout = inner.layout()
        if layout is None or not self.isVisible():
            QTimer.singleShot(0, self, self._show_current_card)
            return
        layout.activate()
        inner.resize(inner.width(), max(inner.sizeHint().height(), self._scroll.viewport().height()))
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.value() + card.mapTo(self._scroll, QPoint()).y() - above)
        self._show_current_card()
