"""Long work in one line: what, how many, how long still, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.tasks import Progress
from qisp_desktop.gui.widgets.card import button, label

STEPS = 1000


def time_left(seconds: float) -> str:
    """The time that is left, as roughly as it is known."""
    if seconds < 10:
        return _("a few seconds left")
    if seconds < 60:
        return _("about {seconds} s left").format(seconds=round(seconds / 10) * 10)
    minutes = round(seconds / 60)
    return ngettext("about {minutes} minute left", "about {minutes} minutes left", minutes).format(minutes=minutes)


class ProgressStrip(QWidget):
    """Hidden until ``begin``; ``end`` hides it again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        self.text, self.left = label(""), label("", "second")
        self.cancel = button(_("Cancel"))
        self.cancel.clicked.connect(self._cancel)
        row.addWidget(self.text, 1)
        row.addWidget(self.left)
        row.addWidget(self.cancel)
        column.addLayout(row)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        column.addWidget(self.bar)
        self._stop: Callable[[], None] | None = None
        self.hide()

    def begin(self, text: str, stop: Callable[[], None] | None = None) -> None:
        """Say that ``text`` is being done; ``stop`` is what Cancel calls, None where it cannot be stopped."""
        self._stop = stop
        self.cancel.setVisible(stop is not None)
        self.cancel.setEnabled(True)
        self.text.setText(text)
        self.left.clear()
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(text)
        self.show()

    def advance(self, progress: Progress) -> None:
        """Show how far the work is."""
        if progress.text:
            self.text.setText(progress.text)
        parts = []
        if progress.total:
            self.bar.setRange(0, STEPS)
            self.bar.setValue(min(STEPS, progress.done * STEPS // progress.total))
            parts.append(_("{done} of {total}").format(done=progress.done, total=progress.total))
        if progress.seconds_left is not None and progress.done < progress.total:
            parts.append(time_left(progress.seconds_left))
        self.left.setText(" · ".join(parts))

    def end(self) -> None:
        """The work is over."""
        self._stop = None
        self.bar.setRange(0, STEPS)  # an unknown range animates for ever
        self.hide()

    def _cancel(self) -> None:
        if self._stop is not None:
            self.cancel.setEnabled(False)
            self.text.setText(_("Stopping…"))
            self._stop()
