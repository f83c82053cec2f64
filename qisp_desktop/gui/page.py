"""What every screen is made of: a page (the view) and a presenter, and what both may use of the program.

A page can be thrown away and made anew at any time (that is how the language changes while the program
runs), so whatever must last belongs to the presenter, which knows no widget and is tested without one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.presenter import Presenter
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.tasks import Tasks
from qisp_desktop.gui.widgets.banner import Banner
from qisp_desktop.gui.widgets.card import button
from qisp_desktop.gui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from qisp_desktop.store.places import RoundPlace


class Navigation(Protocol):
    """Where a page can go."""

    def home(self) -> None: ...
    def open(self, path: Path) -> None: ...
    def open_place(self, place: RoundPlace) -> None: ...
    def preferences(self) -> None: ...
    def show(self, screen: Screen) -> None: ...


class Shell(NamedTuple):
    """The program as pages and presenters see it."""

    settings: Settings
    tasks: Tasks
    go: Navigation


class Page(QWidget):
    """A screen in the window: an optional header, a banner for what must be said, and ``body`` below."""

    def __init__(self, title: str = "", back: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.setProperty(*role("page"))
        self.title = title
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.corner = QHBoxLayout()
        if back is not None:
            column.addWidget(self._header(title, back))
        self._inner = QVBoxLayout()
        self._inner.setContentsMargins(24, 16, 24, 16)
        self._inner.setSpacing(16)
        self.banner = Banner(self)
        self._inner.addWidget(self.banner)
        self.body = QVBoxLayout()
        self.body.setSpacing(16)
        self._inner.addLayout(self.body, 1)
        column.addLayout(self._inner, 1)

    def holds(self, leave: Callable[[], object]) -> bool:
        """Whether the page must not be left yet; it then calls ``leave`` itself once it may be, or says why not."""
        return False

    def shows(self, path: Path) -> bool:
        """Whether the file at ``path`` is what is open here: opening it again would only close it."""
        return False

    def open_again(self) -> None:
        """What is open here was opened once more, by a double click perhaps: what was missing may be there now."""

    def _header(self, title: str, back: Callable[[], None]) -> QFrame:
        frame = QFrame()
        frame.setProperty(*role("header"))
        row = QHBoxLayout(frame)
        row.setContentsMargins(16, 8, 24, 8)
        row.setSpacing(12)
        self.back = button(_("Home"), "quiet", "back")
        self.back.setAccessibleName(_("Home"))
        self.back.setShortcut("Alt+Left")
        self.back.setToolTip(_("Back to the first page (Alt+Left)"))
        self.back.clicked.connect(lambda: back())
        row.addWidget(self.back)
        self.heading = ElidedLabel(title, "title")
        row.addWidget(self.heading, 1)
        row.addLayout(self.corner)
        return frame


class Screen(NamedTuple):
    """What the window shows: a presenter, if there is one, and how its page is made."""

    make: Callable[[], Page]
    presenter: Presenter | None = None
