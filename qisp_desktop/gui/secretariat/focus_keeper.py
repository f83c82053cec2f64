"""The keyboard stays in the section: Qt would hand it to the way home when what had it is disabled or goes away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from shiboken6 import isValid


class FocusKeeper(QObject):
    """Watches the focus among ``sections`` and gives it back to who lost it without the person having moved it.

    A button is disabled while its work is done, a card is put away when it was answered: then the focus waits on the
    section, from where Tab goes on, and returns to the button as soon as that can have it again.
    """

    def __init__(self, sections: QStackedWidget) -> None:
        super().__init__(sections)
        self._sections = sections
        self._lost: QWidget | None = None
        self._waiting_on: QWidget | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._moved)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that who lost the focus can have it again."""
        if watched is self._lost and event.type() in (QEvent.Type.EnabledChange, QEvent.Type.Show):
            QTimer.singleShot(0, self, self._give_back)
        return False

    def _moved(self, old: QWidget | None, now: QWidget | None) -> None:
        if old is None or now is None or not self._sections.isAncestorOf(old):
            return
        # Qt moves the focus before it disables or hides: what came of ``old`` shows only afterwards.
        QTimer.singleShot(0, self, lambda: self._look_after(old, now))

    def _look_after(self, old: QWidget, now: QWidget) -> None:
        if _can_have_focus(old) or self._was_left(old) or not isValid(now) or not now.hasFocus():
            return
        if not self._sections.isAncestorOf(now):
            now = self._sections.currentWidget()
            now.setFocus()
        self._watch(old if isValid(old) else None, now)

    def _was_left(self, old: QWidget) -> bool:
        """Whether ``old`` went out of sight with its section: the person went to another one, and on from there."""
        current = self._sections.currentWidget()
        return isValid(old) and old is not current and not current.isAncestorOf(old)

    def _watch(self, lost: QWidget | None, waiting_on: QWidget) -> None:
        if self._lost is not None and isValid(self._lost):
            self._lost.removeEventFilter(self)
        self._lost, self._waiting_on = lost, waiting_on
        if lost is not None:
            lost.installEventFilter(self)

    def _give_back(self) -> None:
        lost, place = self._lost, self._waiting_on
        if lost is None or place is None or not _can_have_focus(lost):
            return
        self._watch(None, place)
        if isValid(place) and place.hasFocus():
            lost.setFocus()


def _can_have_focus(widget: QWidget) -> bool:
    return isValid(widget) and widget.isVisible() and widget.isEnabled()
