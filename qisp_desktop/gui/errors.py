"""What becomes of exceptions: ``UserError`` is shown in place, anything else is a bug, logged and said once.

The log lies unencrypted on the expert's machine, so it names types and places of the program, never the values that
an exception's message may carry.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from qisp_desktop import __version__
from qisp_desktop.base.errors import Cancelled, UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.traces import without_values

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox, QWidget

LOG_NAME = "qisp.log"
LOG_BYTES = 1_000_000
LOG_COPIES = 3

_log = logging.getLogger("qisp_desktop.gui")


class ErrorReporter(QObject):
    """Takes what nobody caught, from any thread, logs it and tells the person once at a time."""

    unexpected = Signal(str)
    """The place of a bug, ``module:line``; sent from the thread where it happened."""
    failed = Signal(UserError)
    """A UserError that nobody caught; shown where the program shows its own errors."""

    def __init__(self, log_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = log_folder
        self._handler: logging.Handler | None = None
        self._showing = False
        self._lock = threading.Lock()
        self.unexpected.connect(self._show)

    def install(self) -> None:
        """Take over the hooks of Python and Qt."""
        sys.excepthook = self._python_hook
        threading.excepthook = self._thread_hook
        qInstallMessageHandler(self._qt_message)

    def uninstall(self) -> None:
        """Give the hooks back and close the log."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)
        if self._handler is not None:
            _log.removeHandler(self._handler)
            self._handler.close()
            self._handler = None

    def report(self, error: BaseException) -> None:
        """Deal with an exception that nobody caught; may be called from any thread."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, KeyboardInterrupt):
            QApplication.quit()
            return
        if isinstance(error, UserError):
            self.failed.emit(error)
            return
        self._write(logging.ERROR, without_values(error))
        self.unexpected.emit(place_of(error))

    def _write(self, level: int, text: str) -> None:
        with self._lock:
            if self._handler is None:
                self._handler = self._open_log()
            _log.log(level, "%s", text)

    def _open_log(self) -> logging.Handler:
        from logging.handlers import RotatingFileHandler

        handler: logging.Handler
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handler = RotatingFileHandler(
                self._folder / LOG_NAME, maxBytes=LOG_BYTES, backupCount=LOG_COPIES, encoding="utf-8"
            )
        except OSError:
            handler = logging.StreamHandler()  # no place to write: the console, if there is one
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s " + __version__ + " %(message)s"))
        _log.addHandler(handler)
        _log.propagate = False
        return handler

    def _show(self, place: str) -> None:
        # A bug while the dialog is open is only logged: the dialog never opens upon itself.
        if self._showing:
            return
        self._showing = True
        try:
            box = bug_box(place, self._folder / LOG_NAME, QApplication.activeWindow())
            box.exec()
            box.deleteLater()
        finally:
            self._showing = False

    def _python_hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self.report(error)

    def _thread_hook(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.report(arguments.exc_value)

    def _qt_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        levels = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}
        level = levels.get(kind, logging.WARNING)
        if level >= logging.WARNING:
            self._write(level, f"Qt: {message}")


def bug_box(place: str, log: Path, parent: QWidget | None) -> QMessageBox:
    """The one dialog about a bug: where it is and where the log lies, nothing of what was being worked on."""
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(_("Unexpected error"))
    box.setText(_("Something went wrong inside the program."))
    box.setInformativeText(
        _("What was saved is safe. If it happens again, restart the program and give the log to support.")
        + "\n\n"
        + _("Place: {place}").format(place=place)
        + "\n"
        + _("Log: {log}").format(log=log)
    )
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    return box


def place_of(error: BaseException) -> str:
    """Where ``error`` was raised, as ``TypeName module:line``."""
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    where = f" {Path(frames[-1].filename).stem}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + where
