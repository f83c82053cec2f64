"""The application: puts the parts together, starts fast, and ends without leaving anything behind."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from qisp_desktop import __version__
from qisp_desktop.base import i18n
from qisp_desktop.base.paths import config_folder, log_folder
from qisp_desktop.gui import theme
from qisp_desktop.gui.errors import ErrorReporter
from qisp_desktop.gui.main_window import MainWindow
from qisp_desktop.gui.navigation import Navigator
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.single_instance import SingleInstance
from qisp_desktop.gui.tasks import Job, Tasks

if TYPE_CHECKING:
    from PySide6.QtCore import QTranslator

SETTINGS = "settings.ini"


class Application(QObject):
    """The running program over a QApplication that exists already; ``start`` shows the window, ``stop`` ends it all."""

    def __init__(self, app: QApplication, folder: Path | None = None) -> None:
        super().__init__(app)
        self._app = app
        app.setApplicationName("qisp-desktop")
        app.setApplicationVersion(__version__)
        self._folder = folder or config_folder()
        self.settings = Settings(self._folder / SETTINGS, self)
        self.instance = SingleInstance(self._folder, self)
        self._translator: QTranslator | None = None
        self.theme = theme.install(app)
        self.theme.apply(self.settings.theme, self.settings.scale)
        self.tasks = Tasks(self)
        self.errors = ErrorReporter(log_folder(), self)
        self.window = MainWindow(self.settings)
        self._set_language()
        self.go = Navigator(self.window, self.settings, self.tasks)
        self.tasks.failed.connect(self.go.show_error)
        self.tasks.bug.connect(self.errors.report)
        self.errors.failed.connect(self.go.show_error)
        self.settings.changed.connect(self._setting_changed)
        self.window.painted.connect(self._after_first_paint)
        self.window.closing.connect(self.go.close)
        self.instance.asked.connect(self._asked)
        if sys.platform == "darwin":
            from qisp_desktop.gui.file_open import FileOpenFilter

            FileOpenFilter(app).asked.connect(self._asked)

    def start(self, path: str = "") -> None:
        """Show the window, with the file at ``path`` if there is one."""
        if path:
            self.go.open(Path(path))
        else:
            self.go.home()
        self.window.show()

    def stop(self) -> None:
        """Close the window and wait until every worker is gone."""
        self.window.close()
        self.tasks.shut_down()
        self.instance.release()
        self.errors.uninstall()
        self.window.deleteLater()
        self.settings.store.sync()

    def _after_first_paint(self) -> None:
        gc.enable()
        self._translate_qt()
        self.instance.listen()
        # The database library takes longer to import than the window to appear: now, while the person looks.
        self.tasks.run(self, _import_services, lambda _none: None)

    def _asked(self, path: str) -> None:
        self.window.come_forward()
        if path:
            self.go.open(Path(path))

    def _setting_changed(self, key: str) -> None:
        if key == Settings.language.key:
            self._set_language()
            self.go.rebuild()
        elif key in (Settings.theme.key, Settings.scale.key):
            self.theme.apply(self.settings.theme, self.settings.scale)
            if key == Settings.scale.key:
                self.go.rebuild()

    def _set_language(self) -> None:
        chosen = self.settings.language
        i18n.set_language(None if chosen == "system" else chosen)
        if self.window.was_painted:
            self._translate_qt()

    def _translate_qt(self) -> None:
        """Give Qt's own dialogs and menus the language; none of them can be open before the first paint."""
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
    given = sys.argv if arguments is None else arguments
    app = QApplication(given[:1])
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
