"""The three columns of the desk; where the window is too narrow for all of them, as many as can be read."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.widgets.segments import Choice, Segments

LIST, MATERIALS, SCORES = "list", "materials", "scores"
SPLITTER = "desk-splitter"
LIST_WIDTH, SCORES_WIDTH = 288, 420
"""Pixels at 100 % that the list and the scores have at first, where that leaves room for the materials."""
LIST_SHARE, SCORES_SHARE = 0.21, 0.36
"""The most they have at first of the whole width."""
SMALLEST_WIDTHS = (200, 280, 360)
THREE, TWO = 900, 660
"""Pixels at 100 % from which three columns stand side by side, or two."""
SCORES_OF_TWO = 400
"""Pixels at 100 % for the scores where the list or the materials stand beside them."""


class Parts(NamedTuple):
    """What the columns hold, from left to right."""

    applications: QWidget
    materials: QWidget
    scores: QWidget


class Columns(QWidget):
    """Shows all parts side by side; in a narrow window the scores and one of the others, in a very narrow one a single
    part. What is not shown is a click away."""

    chosen = Signal(str)
    """The person has asked for this part (LIST, MATERIALS or SCORES), which is shown now."""

    def __init__(self, parts: Parts, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._parts: dict[str, QWidget] = dict(zip((LIST, MATERIALS, SCORES), parts, strict=True))
        self._beside = MATERIALS
        self._single = MATERIALS
        self._count = 3
        self.bar = self._segments()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(12)
        self.splitter.setChildrenCollapsible(False)
        for place, (part, smallest) in enumerate(zip(parts, SMALLEST_WIDTHS, strict=True)):
            part.setMinimumWidth(smallest)
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(place, 1 if part is parts.materials else 0)
        self.splitter.splitterMoved.connect(self._keep_widths)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.bar)
        column.addWidget(self.splitter, 1)
        self._moved = self.splitter.restoreState(settings.bytes_of(SPLITTER))

    @property
    def count(self) -> int:
        """How many parts are shown at a time."""
        return self._count

    def shows(self, key: str) -> bool:
        """Whether that part is shown."""
        return not self._parts[key].isHidden()

    def show_part(self, key: str) -> None:
        """Bring a part into view; where all are shown, nothing changes."""
        self._single = key
        if key != SCORES:
            self._beside = key
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as can be read."""
        super().resizeEvent(event)
        width, look = event.size().width(), theme.current()
        count = 3 if width >= look.px(THREE) else 2 if width >= look.px(TWO) else 1
        if count != self._count:
            self._count = count
            self._show()
            self._restore_widths()
        elif count == 3 and not self._moved:
            self._restore_widths()  # until the person decides, each size of the window has its own

    def _segments(self) -> Segments:
        names = {LIST: _("Applications"), MATERIALS: _("Materials"), SCORES: _("Score sheet")}
        bar = Segments([Choice(key, name) for key, name in names.items()])
        bar.setAccessibleName(_("What is shown"))
        bar.picked.connect(self._pick)
        bar.hide()
        return bar

    def _pick(self, key: str) -> None:
        self.show_part(key)
        self.chosen.emit(key)

    def _show(self) -> None:
        shown = {3: set(self._parts), 2: {self._beside, SCORES}, 1: {self._single}}[self._count]
        # First what comes, then what goes: the keys stay here.
        for wanted in (True, False):
            for key, part in self._parts.items():
                if (key in shown) is wanted and part.isHidden() is wanted:
                    part.setVisible(wanted)
        self.bar.setVisible(self._count < 3)
        self.bar.buttons[SCORES].setVisible(self._count == 1)
        self.bar.show_key(self._single if self._count == 1 else self._beside)

    def _restore_widths(self) -> None:
        if self._count == 2:
            scores = theme.current().px(SCORES_OF_TWO)
            rest = max(1, self.width() - scores)
            self.splitter.setSizes([rest, rest, scores])
        elif self._count == 3 and not self.splitter.restoreState(self._settings.bytes_of(SPLITTER)):
            look, width = theme.current(), self.width()
            listed = min(look.px(LIST_WIDTH), round(width * LIST_SHARE))
            scores = min(look.px(SCORES_WIDTH), round(width * SCORES_SHARE))
            self.splitter.setSizes([listed, width - listed - scores, scores])

    def _keep_widths(self) -> None:
        if self._count == 3:
            self._moved = True
            self._settings.keep_bytes(SPLITTER, self.splitter.saveState())
