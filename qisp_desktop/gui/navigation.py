"""Which screen is shown: goes home, opens files, and makes the page anew when the language changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.gui import opening
from qisp_desktop.gui.main_window import MainWindow
from qisp_desktop.gui.page import Screen, Shell
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.start.page import start_screen
from qisp_desktop.gui.tasks import Tasks

if TYPE_CHECKING:
    from qisp_desktop.store.places import RoundPlace


class Navigator(QObject):
    """Shows screens in the window, one at a time; the presenter of the one before is closed."""

    def __init__(self, window: MainWindow, settings: Settings, tasks: Tasks) -> None:
        super().__init__(window)
        self._window = window
        self.shell = Shell(settings, tasks, self)
        self._screen: Screen | None = None
        self._held: list[Screen] = []
        """Screens that wait for the page before them to be left; closed if another one is shown."""
        window.dropped.connect(self.open_all)

    def home(self) -> None:
        """Go to the first page."""
        self.show(start_screen(self.shell))

    def preferences(self) -> None:
        """Go to the settings."""
        from qisp_desktop.gui.preferences.page import preferences_screen

        self.show(preferences_screen(self.shell))

    def open(self, path: Path) -> None:
        """Open the file at ``path``; what is none of ours is said in place, and the page stays."""
        if self._window.page is not None and self._window.page.shows(path.absolute()):
            self._window.page.open_again()
            return
        try:
            screen = opening.screen_for(path.absolute(), self.shell)
        except UserError as error:
            if self._screen is None:
                self.home()
            self.show_error(error)
            return
        self.show(screen)

    def open_place(self, place: RoundPlace) -> None:
        """Open the round at ``place``, a file or an address on a server."""
        if isinstance(place, Path):
            self.open(place)
            return
        from qisp_desktop.gui.secretariat.desk_page import desk_screen

        self.show(desk_screen(self.shell, place))

    def open_all(self, paths: list[Path]) -> None:
        """Open what was dropped: one file; of several the first that is ours."""
        ours = [path for path in paths if opening.kind_of(path) is not None]
        if paths:
            self.open((ours or paths)[0])
        if len(paths) > 1 and self._window.page is not None:
            self._window.page.banner.say("info", _("Only one file is opened at a time; the others were left out."))

    def show(self, screen: Screen) -> None:
        """Show ``screen`` and close the one before, as soon as that may be left."""
        page = self._window.page
        if page is None or not page.holds(lambda: self._show(screen)):
            self._show(screen)
        else:
            self._held.append(screen)

    def _show(self, screen: Screen) -> None:
        self._drop_held(screen)
        before, self._screen = self._screen, screen
        if screen.presenter is not None:
            screen.presenter.setParent(self)
        self._window.show_page(screen.make())
        if before is not None and before.presenter is not None:
            before.presenter.close()
            before.presenter.deleteLater()

    def show_error(self, error: UserError) -> None:
        """Say ``error`` on the page that is shown."""
        if self._window.page is not None:
            self._window.page.banner.show_error(error)

    def rebuild(self) -> None:
        """Make the page anew, in the language that holds now; its presenter stays."""
        if self._screen is not None:
            self._window.show_page(self._screen.make())

    def _drop_held(self, wanted: Screen | None) -> None:
        held, self._held = self._held, []
        for screen in held:
            if screen is not wanted and screen.presenter is not None:
                screen.presenter.close()
                screen.presenter.deleteLater()

    def close(self) -> None:
        """The window closes: so does the screen."""
        self._drop_held(None)
        if self._screen is not None and self._screen.presenter is not None:
            self._screen.presenter.close()
        self._screen = None
