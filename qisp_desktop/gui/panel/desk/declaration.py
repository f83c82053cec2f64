"""Before an application is read: its record, and the expert's word on whether there is an interest in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.panel import Expert, conflict_of
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.gui.forms.ui_recusal import Ui_Recusal
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import button, label

WIDEST = 720
MOST_PARTNERS = 60
"""Clients that are listed; more would not be read."""


class RecusalForm(QWidget):
    """The ground and the sentence of a recusal, asked for in place."""

    confirmed = Signal(object, str)
    """The RecusalGround and the sentence."""
    begun = Signal(object, str)
    """The RecusalGround and the sentence, as far as they are."""
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.ui = Ui_Recusal()
        self.ui.setupUi(self)
        for ground in RecusalGround:
            self.ui.ground.addItem(ground.label, ground.value)
        self.ui.wrong.hide()
        self.ui.cancel.clicked.connect(self.cancelled)
        self.ui.recuse.clicked.connect(self._confirm)
        self.ui.reason.textChanged.connect(self._note)
        self.ui.ground.currentIndexChanged.connect(self._note)
        self.ui.reason.installEventFilter(self)

    def begin(self) -> None:
        """Ask anew."""
        with QSignalBlocker(self.ui.reason), QSignalBlocker(self.ui.ground):
            self.ui.reason.clear()
            self.ui.ground.setCurrentIndex(0)
        self.ui.wrong.hide()
        self.ui.ground.setFocus()

    def resume(self, ground: RecusalGround, reason: str) -> None:
        """Go on with what was begun."""
        with QSignalBlocker(self.ui.reason), QSignalBlocker(self.ui.ground):
            self.ui.reason.setPlainText(reason)
            self.ui.ground.setCurrentIndex(self.ui.ground.findData(ground.value))
        self.ui.reason.moveCursor(QTextCursor.MoveOperation.End)
        self.ui.reason.setFocus()

    def _note(self) -> None:
        self.ui.wrong.hide()
        self.begun.emit(RecusalGround(str(self.ui.ground.currentData())), self.ui.reason.toPlainText())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter in the sentence confirms (it does not finish the sheet here); Escape goes back."""
        if not isinstance(event, QKeyEvent):
            return False
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        confirms = enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.type() == QEvent.Type.ShortcutOverride and confirms:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        if confirms:
            self._confirm()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            return False
        return True

    def _confirm(self) -> None:
        reason = self.ui.reason.toPlainText().strip()
        if not reason:
            self.ui.wrong.show()
            self.ui.reason.setFocus()
            return
        self.confirmed.emit(RecusalGround(str(self.ui.ground.currentData())), reason)


class DeclarationPanel(QScrollArea):
    """The record of an application and the two answers; ``declared`` is no interest."""

    declared = Signal()
    recused = Signal(object, str)
    """The RecusalGround and the sentence."""
    begun = Signal(object, str)
    """The same, as far as they are; the sentence is empty when it was given up."""
    left = Signal()
    """The recusal was not made after all; only where the panel was opened for it alone."""

    def __init__(self, expert: Expert) -> None:
        super().__init__()
        self._expert = expert
        self._only_recusal = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setProperty(*role("page"))
        inner.setMaximumWidth(WIDEST)
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(32, 24, 32, 24)
        self._column.setSpacing(12)
        self.title = label("", "title", wrap=True)
        self.hint = label(
            _("Have you any interest in this applicant, its people or its partners? Say so before you read."), wrap=True
        )
        self.conflict = label("", "warn", wrap=True)
        self._record = QFormLayout()
        self._record.setHorizontalSpacing(16)
        self._record.setVerticalSpacing(8)
        for part in (self.title, self.hint, self.conflict):
            self._column.addWidget(part)
        self._column.addLayout(self._record)
        self.answers = self._answers()
        self._column.addWidget(self.answers)
        self.form = RecusalForm()
        self.form.confirmed.connect(self.recused)
        self.form.begun.connect(self.begun)
        self.form.cancelled.connect(self._cancel)
        self._column.addWidget(self.form)
        self._column.addStretch(1)
        outer = QWidget()
        outer.setProperty(*role("page"))
        row = QHBoxLayout(outer)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(inner, 100)
        row.addStretch(1)
        self.setWidget(outer)

    def ask(self, application: Application) -> None:
        """Ask for the declaration on ``application``."""
        self._only_recusal = False
        self._show_record(application)
        self.form.hide()
        self.hint.show()
        self.answers.show()

    def ask_for_recusal(self, application: Application) -> None:
        """Ask for ground and sentence of a recusal from an application that was declared before."""
        self._only_recusal = True
        self._show_record(application)
        self.hint.hide()
        self._begin_recusal()

    def resume(self, ground: RecusalGround, reason: str) -> None:
        """Go on with a recusal that was begun."""
        self._begin_recusal()
        self.form.resume(ground, reason)

    def focus_answer(self) -> None:
        """Put the keys where the answer is given."""
        (self.no_interest if self.form.isHidden() else self.form.ui.reason).setFocus()

    def _answers(self) -> QWidget:
        answers = QWidget()
        row = QHBoxLayout(answers)
        row.setContentsMargins(0, 0, 0, 0)
        self.no_interest = button(_("No interest: open the materials"), "primary")
        self.no_interest.setAutoDefault(True)
        self.no_interest.clicked.connect(self.declared)
        self.step_back = button(_("Step back…"))
        self.step_back.clicked.connect(self._begin_recusal)
        row.addWidget(self.no_interest)
        row.addWidget(self.step_back)
        row.addStretch(1)
        return answers

    def _begin_recusal(self) -> None:
        self.answers.hide()
        self.form.show()
        self.form.begin()
        QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self.form.ui.recuse))

    def _cancel(self) -> None:
        self.form.hide()
        self.begun.emit(RecusalGround.OTHER, "")
        if self._only_recusal:
            self.left.emit()
        else:
            self.answers.show()
            self.no_interest.setFocus()

    def _show_record(self, application: Application) -> None:
        self.title.setText(application.platform)
        ground = conflict_of(self._expert, application)
        self.conflict.setVisible(ground is not None)
        if ground is not None:
            self.conflict.setText(_("The records suggest an interest: {ground}.").format(ground=ground.label))
        while self._record.rowCount():
            self._record.removeRow(0)
        for name, value in record_of(application):
            text: QLabel = label(value, wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            title = label(name, "second")
            title.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            self._record.addRow(title, text)
        self.verticalScrollBar().setValue(0)


def record_of(application: Application) -> list[tuple[str, str]]:
    """What tells whether there is an interest: the applicant, its people, and whom it works for."""
    clients = list(dict.fromkeys(project.client for project in application.projects if project.client))
    partners = "、".join(clients[:MOST_PARTNERS]) + (" …" if len(clients) > MOST_PARTNERS else "")
    rows = [
        (_("Application"), application.number),
        (_("Applicant"), application.applicant),
        (_("Credit code"), application.uscc),
        (_("Legal representative"), application.legal_representative),
        (_("Contact"), application.contact),
        (_("Address"), application.address),
        (_("Clients of its projects"), partners),
    ]
    return [(name, value) for name, value in rows if value]
