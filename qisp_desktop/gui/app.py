"""The application: puts the parts together, starts fast, and ends without leaving anything behind.

The window is on the screen, in its colours and with the program's name, before anything is loaded that it does not show
yet: pages, workers, the style sheet, the bold font, the texts. What runs before that paint (this module, ``theme``,
``assets``, ``settings``, ``main_window``) also does without the ``Qt`` namespace: PySide makes all its enumerations
when it is first named, which takes a tenth of a bare start.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from qisp_desktop import __version__
from qisp_desktop.base import i18n
from qisp_desktop.base.crashes import forbid_core_dumps
from qisp_desktop.base.paths import config_folder, log_folder
from qisp_desktop.gui import theme
from qisp_desktop.gui.collector import MainThreadCollector
from qisp_desktop.gui.errors import ErrorReporter
from qisp_desktop.gui.main_window import MainWindow
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.single_instance import SingleInstance

if TYPE_CHECKING:
    from PySide6.QtCore import QTranslator
    from PySide6.QtWidgets import QApplication

    from qisp_desktop.gui.navigation import Navigator
    from qisp_desktop.gui.tasks import Job, Tasks

SETTINGS = "settings.ini"


class Application(QObject):
    """The running program over a QApplication that exists already; ``start`` shows the window, ``stop`` ends it all.

    ``tasks`` and ``go`` are there once it is ``ready``, right after the first paint.
    """

    tasks: Tasks
    go: Navigator

    def __init__(self, app: QApplication, folder: Path | None = None) -> None:
        super().__init__(app)
        self._app = app
        app.setApplicationName("qisp-desktop")
        app.setApplicationVersion(__version__)
        self._folder = folder or config_folder()
        self._path = ""
        self.ready = False
        self.settings = Settings(self._folder / SETTINGS, self)
        self.instance = SingleInstance(self._folder, self)
        self.errors = ErrorReporter(log_folder(), self)
        self._translator: QTranslator | None = None
        self._set_language()
        self.theme = theme.install(app)
        self.theme.prepare(self.settings.theme, self.settings.scale)
        self.window = MainWindow(self.settings)
        self.window.painted.connect(self._furnish)
        self._collector = MainThreadCollector(self)

    def start(self, path: str = "") -> None:
        """Show the window, with the file at ``path`` if there is one."""
        self._path = path
        self.window.show()

    def stop(self) -> None:
        """Close the window and wait until every worker is gone."""
        from qisp_desktop.gui import clipboard

        self.window.end()
        if self.ready:
            self.tasks.shut_down()
            self._collector.stop()
        clipboard.hand_over()
        self.instance.release()
        self.errors.uninstall()
        self.window.deleteLater()
        self.settings.store.sync()

    def _furnish(self) -> None:
        """Make what the window needs beyond its first paint, and show the first page or the file."""
        from qisp_desktop.gui.navigation import Navigator
        from qisp_desktop.gui.tasks import Tasks

        self.theme.apply(self.settings.theme, self.settings.scale)
        self._translate_qt()
        self.tasks = Tasks(self)
        self.go = Navigator(self.window, self.settings, self.tasks)
        self.ready = True
        self._connect()
        if self._path:
            self.go.open(Path(self._path))
        else:
            self.go.home()
        self._collector.start()
        self.instance.listen()
        if not self._path:
            # The database library takes longer to import than the window to appear: now, while the person looks. The
            # page of a file loads what it needs, in the order in which it needs it.
            self.tasks.run(self, _import_services, lambda _none: None)

    def _connect(self) -> None:
        self.tasks.failed.connect(self.go.show_error)
        self.tasks.bug.connect(self.errors.report)
        self.errors.failed.connect(self.go.show_error)
        self.settings.changed.connect(self._setting_changed)
        self.window.closing.connect(self.go.close)
        self.instance.asked.connect(self._asked)
        if sys.platform == "darwin":
            from qisp_desktop.gui.file_open import FileOpenFilter

            FileOpenFilter(self._app).asked.connect(self._asked)

    def _asked(self, path: str) -> None:
        self.window.come_forward()
        if path:
            self.go.open(Path(path))

    def _setting_changed(self, key: str) -> None:
        if key == Settings.language.key:
            self._set_language()
            self._translate_qt()
            self.go.rebuild()
        elif key in (Settings.theme.key, Settings.scale.key):
            self.theme.apply(self.settings.theme, self.settings.scale)
            if key == Settings.scale.key:
                self.go.rebuild()

    def _set_language(self) -> None:
        chosen = self.settings.language
        i18n.set_language(i18n.system_language() if chosen == "system" else chosen)  # asked once, not for every word

    def _translate_qt(self) -> None:
        """Give Qt's own dialogs and menus the language."""
        from PySide6.QtCore import QLibraryInfo, QTranslator

        if self._translator is not None:
            self._app.removeTranslator(self._translator)
            self._translator = None
        translator = QTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if i18n.language() == "zh_CN" and translator.load("qtbase_zh_CN", folder):
            self._app.installTranslator(translator)
            self._translator = translator


def _import_services(job: Job) -> None:
    import qisp_desktop.services.results
    import qisp_desktop.services.rounds
    import qisp_desktop.services.workspaces  # noqa: F401


def main(arguments: list[str] | None = None) -> int:
    """Run the program; the exit code."""
    forbid_core_dumps()
    given = sys.argv if arguments is None else arguments
    app = theme.application(given[:1])
    files = [argument for argument in given[1:] if not argument.startswith("-")]
    path = str(Path(files[0]).absolute()) if files else ""
    program = Application(app)
    if not program.instance.acquire():
        passed = program.instance.pass_on(path)
        program.stop()
        return 0 if passed else 1
    program.errors.install()
    program.start(path)
    code = app.exec()
    program.stop()
    return code
