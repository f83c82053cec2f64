"""What nobody caught: logged without values, said once, never upon itself."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from qisp_desktop.base.errors import Cancelled, UserError
from qisp_desktop.base.traces import without_values
from qisp_desktop.gui.errors import LOG_NAME, ErrorReporter, place_of

SECRET = "深圳市示例计量院 4821-0937"


@pytest.fixture
def reporter(qapp: object, tmp_path: Path) -> Iterator[ErrorReporter]:
    reporter = ErrorReporter(tmp_path / "log")
    yield reporter
    reporter.uninstall()


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of the dialogs that were shown; each is closed as soon as it is open."""
    shown: list[str] = []
    run = QMessageBox.exec

    def exec_and_close(box: QMessageBox) -> int:
        shown.append(box.text() + box.informativeText() + box.detailedText())
        QTimer.singleShot(0, box, box.close)
        return run(box)

    monkeypatch.setattr(QMessageBox, "exec", exec_and_close)
    return shown


def broken() -> BaseException:
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise KeyError(SECRET) from error
    except KeyError as error:
        return error


def test_a_bug_is_logged_with_its_places_and_without_the_values_of_the_application(
    reporter: ErrorReporter, boxes: list[str], tmp_path: Path
) -> None:
    reporter.report(broken())

    log = (tmp_path / "log" / LOG_NAME).read_text("utf-8")
    assert "builtins.KeyError" in log
    assert "caused by builtins.ValueError" in log
    assert "in broken" in log
    assert SECRET not in log
    (text,) = boxes
    assert SECRET not in text
    assert "test_errors" in text


def test_a_bug_while_the_dialog_is_open_is_logged_and_opens_no_second(
    reporter: ErrorReporter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    opened: list[QMessageBox] = []

    def exec_with_another_bug(box: QMessageBox) -> int:
        opened.append(box)
        reporter.report(broken())
        return 0

    monkeypatch.setattr(QMessageBox, "exec", exec_with_another_bug)

    reporter.report(broken())

    assert len(opened) == 1
    assert (tmp_path / "log" / LOG_NAME).read_text("utf-8").count("builtins.KeyError") == 2


def test_a_bug_in_another_thread_is_shown_on_the_ui_thread(
    reporter: ErrorReporter, boxes: list[str], qtbot: QtBot
) -> None:
    thread = threading.Thread(target=lambda: reporter.report(broken()))
    thread.start()
    thread.join()

    qtbot.waitUntil(lambda: len(boxes) == 1)


def test_an_error_for_the_person_is_no_bug(reporter: ErrorReporter, boxes: list[str], qtbot: QtBot) -> None:
    with qtbot.waitSignal(reporter.failed) as shown:
        reporter.report(UserError("It is locked."))
    reporter.report(Cancelled())

    assert shown.args is not None
    assert str(shown.args[0]) == "It is locked."
    assert boxes == []


def test_the_hooks_are_taken_and_given_back(reporter: ErrorReporter, boxes: list[str]) -> None:
    reporter.install()
    assert sys.excepthook is not sys.__excepthook__
    error = broken()
    sys.excepthook(type(error), error, error.__traceback__)
    reporter.uninstall()

    assert len(boxes) == 1
    assert sys.excepthook is sys.__excepthook__
    assert threading.excepthook is threading.__excepthook__


def test_a_log_that_cannot_be_written_does_not_hide_the_bug(
    qapp: QApplication, tmp_path: Path, boxes: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log").touch()
    reporter = ErrorReporter(tmp_path / "log")

    reporter.report(broken())
    reporter.uninstall()

    assert len(boxes) == 1
    assert "builtins.KeyError" in capsys.readouterr().err


def test_an_error_without_a_traceback_still_has_a_name() -> None:
    assert place_of(KeyError("x")) == "KeyError"
    assert without_values(KeyError(SECRET)).strip() == "builtins.KeyError"
