"""What an input method composes (pinyin that is no text yet) is written into its field before anything else happens."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication


class Composing(QObject):
    """Knows what is being composed in the field that has the keyboard, as long as it lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._text = ""
        self._field: QObject | None = None
        """Where ``_text`` is composed; it may have lost the keyboard since, to another program."""
        self._written = False
        self._watched: QObject | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusObjectChanged.connect(self._watch)
            self._watch(app.focusObject())

    def finish(self) -> None:
        """Have what is composed written into its field as it stands, as when the person leaves the field.

        The input method is asked to; where there is none any more, or it just lets go, it is done for it.
        """
        text, field = self._text, self._field
        if not text or field is None or not shiboken6.isValid(field):
            return
        self._written = False
        method = QApplication.inputMethod()
        if QApplication.focusObject() is field:  # else it would write into the field that has the keyboard now
            method.commit()
        if not self._written:
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(field, event)
            self._text = ""
            method.reset()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note what is composed; let everything pass. A key with Ctrl is a command, for the text as it stands."""
        if isinstance(event, QInputMethodEvent):
            self._text, self._field = event.preeditString(), watched
            self._written = self._written or bool(event.commitString())
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and _is_command(event):
            self.finish()
        return False

    def _watch(self, field: QObject | None) -> None:
        if field is None:
            return  # the keyboard is with another program, which may be for a moment
        if field is not self._field:
            self.finish()
        if self._watched is not None and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = field
        field.installEventFilter(self)


def _is_command(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier) and event.key() != Qt.Key.Key_Control
