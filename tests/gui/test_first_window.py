"""The first window, used as a person would: open, drop, go back, change the language, start a second time."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QMenu, QTableView
from pytestqt.qtbot import QtBot

from qisp_desktop.gui import theme
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from qisp_desktop.gui.preferences.page import PreferencesPage
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.settings import RecentFile
from qisp_desktop.gui.start.about import AboutDialog
from qisp_desktop.gui.start.licences import shipped_packages
from qisp_desktop.gui.start.page import StartPage
from qisp_desktop.gui.start.presenter import StartPresenter
from qisp_desktop.gui.start.recent_list import RecentList, when_text
from qisp_desktop.gui.widgets.two_line_delegate import ABSENT_ROLE
from tests.gui.program import drop, page_of, wait_for_page
from tests.gui.samples import NAME, IssuedRound
from tests.gui.waiting import go_round

LEFT = Qt.MouseButton.LeftButton


def recent_list(program: Application) -> RecentList:
    recent = page_of(program, StartPage).recent
    return recent


def click_row(qtbot: QtBot, recent: RecentList, row: int) -> None:
    place = recent.view.visualRect(recent.model.index(row)).center()
    qtbot.mouseClick(recent.view.viewport(), LEFT, pos=place)


# ------------------------------------------------------------------------------------------------------- recent files


def test_a_new_user_is_told_what_to_do(program: Application) -> None:
    assert recent_list(program).currentIndex() == 1
    assert page_of(program, StartPage).open_panel.hasFocus()


def wait_for_desk(qtbot: QtBot, program: Application) -> DeskPage:
    """Wait until the desk of a round is shown, and the round is open or was refused."""
    page = wait_for_page(qtbot, program, DeskPage)
    session = page.session
    qtbot.waitUntil(
        lambda: (session.open_round is not None or session.error is not None) and not program.tasks.busy, timeout=20_000
    )
    return page


def test_a_click_on_a_recent_round_opens_it_and_puts_it_first(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    program.settings.set_recent(
        [RecentFile(issued.package, datetime.now(UTC)), RecentFile(issued.round, datetime.now(UTC))]
    )
    click_row(qtbot, recent_list(program), 1)

    page = wait_for_desk(qtbot, program)
    assert page.heading.text() == NAME
    assert [entry.path for entry in program.settings.recent] == [issued.round, issued.package]


def test_a_file_that_is_gone_is_greyed_and_a_click_says_where_it_was(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    gone = tmp_path / "U盘" / "E007.qpanel"
    program.settings.remember(gone)
    program.go.home()
    recent = recent_list(program)
    qtbot.waitUntil(lambda: bool(recent.model.index(0).data(ABSENT_ROLE)))

    click_row(qtbot, recent, 0)

    banner = page_of(program, StartPage).banner
    assert banner.what.text() == "E007.qpanel is not where it was."
    assert str(gone.parent) in banner.more.text()
    qtbot.mouseClick(banner.action, LEFT)
    assert program.settings.recent == []
    assert recent.currentIndex() == 1


def test_delete_takes_a_file_off_the_list_and_undo_puts_it_back(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    program.settings.remember(issued.package)
    recent = recent_list(program)
    recent.view.setFocus()
    recent.view.setCurrentIndex(recent.model.index(0))

    qtbot.keyClick(recent.view, Qt.Key.Key_Delete)
    assert program.settings.recent == []
    qtbot.mouseClick(page_of(program, StartPage).banner.action, LEFT)

    assert [entry.path for entry in program.settings.recent] == [issued.package]
    assert issued.package.is_file()


def test_the_context_menu_offers_to_open_and_to_remove(program: Application, qtbot: QtBot, issued: IssuedRound) -> None:
    program.settings.remember(issued.package)
    recent = recent_list(program)
    recent.view.customContextMenuRequested.emit(recent.view.visualRect(recent.model.index(0)).center())
    (menu,) = recent.findChildren(QMenu)

    assert [action.text() for action in menu.actions()] == ["Open", "Remove from the list"]
    menu.actions()[0].trigger()
    menu.close()

    wait_for_page(qtbot, program, UnlockPage)


def test_enter_opens_the_current_file(program: Application, qtbot: QtBot, issued: IssuedRound) -> None:
    program.settings.remember(issued.package)
    recent = recent_list(program)
    recent.view.setFocus()
    recent.view.setCurrentIndex(recent.model.index(0))

    qtbot.keyClick(recent.view, Qt.Key.Key_Return)

    wait_for_page(qtbot, program, UnlockPage)


def test_the_list_is_right_without_a_window(program: Application, qtbot: QtBot, tmp_path: Path) -> None:
    presenter = StartPresenter(program.settings, program.tasks)
    program.settings.remember(tmp_path / "a.QROUND")
    presenter.look_for_files()
    qtbot.waitUntil(lambda: not program.tasks.busy)

    (entry,) = presenter.entries
    assert (entry.kind_name, entry.missing) == ("Round", True)


@pytest.mark.parametrize(
    ("opened", "text"),
    [
        (datetime(2026, 7, 2, 16, 30, tzinfo=UTC), "today 00:30"),
        (datetime(2026, 7, 2, 1, 5, tzinfo=UTC), "yesterday 09:05"),
        (datetime(2026, 6, 30, 20, 0, tzinfo=UTC), "2026-07-01"),
    ],
)
def test_times_are_told_in_the_zone_of_the_person(opened: datetime, text: str) -> None:
    assert when_text(opened, datetime(2026, 7, 3, 9, 0, tzinfo=timezone(timedelta(hours=8)))) == text


# ------------------------------------------------------------------------------------------------------------- opening


def test_the_button_asks_for_a_package_and_opens_it(
    program: Application, qtbot: QtBot, issued: IssuedRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def choose(*arguments: str) -> tuple[str, str]:
        asked.append(arguments[3])
        return str(issued.package), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    qtbot.mouseClick(page_of(program, StartPage).open_panel, LEFT)

    wait_for_page(qtbot, program, UnlockPage)
    assert asked[0].startswith("Panel package (*.qpanel)")
    assert program.settings.last_folder == str(issued.package.parent)


def test_the_keyboard_opens_too(
    program: Application, qtbot: QtBot, issued: IssuedRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(issued.round), ""))
    qtbot.keyClick(program.window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)

    wait_for_desk(qtbot, program)


def test_a_dropped_file_opens_and_alt_left_goes_home(program: Application, qtbot: QtBot, issued: IssuedRound) -> None:
    drop(program, issued.round)
    wait_for_desk(qtbot, program)

    qtbot.keyClick(program.window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)

    wait_for_page(qtbot, program, StartPage)


def test_of_several_dropped_files_the_first_of_ours_opens_and_the_rest_is_mentioned(
    program: Application, qtbot: QtBot, issued: IssuedRound, tmp_path: Path
) -> None:
    drop(program, tmp_path / "notes.txt", issued.package)

    page = wait_for_page(qtbot, program, UnlockPage)
    assert "Only one file" in page.banner.what.text()


@pytest.mark.parametrize("name", ["summary.xlsx", "E001-r1.qscore", "no ending", ".qround.bak", "IMG_0001.JPG"])
def test_a_file_that_is_not_opened_here_gets_a_clear_word_and_the_page_stays(
    program: Application, tmp_path: Path, name: str
) -> None:
    drop(program, tmp_path / name)

    banner = page_of(program, StartPage).banner
    assert banner.isVisible()
    assert name in banner.what.text()
    assert banner.more.text()
    assert "qisp " not in banner.more.text(), "who is at the window is not sent to the command line"


@pytest.mark.parametrize(
    "content", [b"", b"SQLite format 3\x00", os.urandom(5000), None], ids=["empty", "cut", "noise", "absent"]
)
def test_a_file_that_is_no_round_is_refused_in_place(
    program: Application, qtbot: QtBot, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "坏.qround"
    if content is not None:
        path.write_bytes(content)

    drop(program, path)

    page = wait_for_desk(qtbot, program)
    assert page.banner.isVisible()
    assert page.banner.what.text()
    assert not page.progress.isVisible()
    assert program.settings.recent == []


# ------------------------------------------------------------------------------------------------------------ settings


def choose(qtbot: QtBot, box: QComboBox, value: str) -> None:
    """Choose as with the keyboard: go to the entry and press Enter."""
    box.setFocus()
    box.showPopup()
    view = box.view()
    view.setCurrentIndex(box.model().index(box.findData(value), 0))
    qtbot.keyClick(view, Qt.Key.Key_Return)


def open_settings(program: Application, qtbot: QtBot) -> PreferencesPage:
    qtbot.mouseClick(page_of(program, StartPage).settings_button, LEFT)
    return page_of(program, PreferencesPage)


def test_the_language_changes_while_the_program_runs_and_back(program: Application, qtbot: QtBot) -> None:
    page = open_settings(program, qtbot)
    choose(qtbot, page.ui.language, "zh_CN")
    page = page_of(program, PreferencesPage)
    assert page.heading.text() == "设置"
    assert QApplication.translate("QPlatformTheme", "Cancel") == "取消"

    choose(qtbot, page.ui.language, "en")

    assert page_of(program, PreferencesPage).heading.text() == "Settings"
    assert QApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_theme_and_size_of_text_change_at_once(program: Application, qtbot: QtBot) -> None:
    page = open_settings(program, qtbot)
    choose(qtbot, page.ui.theme, "dark")
    assert theme.current().tokens.dark

    choose(qtbot, page.ui.scale, "150")

    assert QApplication.font().pointSizeF() == 16.5
    assert program.settings.scale == 150


def test_an_overview_stays_where_it_is_when_the_language_changes(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    program.go.open(issued.round)
    wait_for_desk(qtbot, program)

    program.settings.language = "zh_CN"

    page = page_of(program, DeskPage)
    assert page.heading.text() == NAME
    assert page.reload.text() == "重新读取"
    assert not program.tasks.busy


def test_the_window_is_where_it_was_and_every_size_of_text_fits_a_small_screen(
    program: Application, qtbot: QtBot
) -> None:
    for scale in (100, 125, 150, 175):
        program.settings.scale = scale
        program.go.home()
        go_round()
        smallest = program.window.minimumSizeHint()
        assert smallest.width() <= 1366, scale
        assert smallest.height() <= 768, scale


# --------------------------------------------------------------------------------------------------------------- about


def test_about_names_version_licences_and_the_font_and_closes_with_escape(program: Application, qtbot: QtBot) -> None:
    qtbot.mouseClick(page_of(program, StartPage).about_button, LEFT)
    (dialog,) = program.window.findChildren(AboutDialog)
    qtbot.waitUntil(lambda: dialog.model.rowCount() > 10)

    names = {row.name for row in dialog.model.rows}
    assert {"PySide6_Essentials", "SQLAlchemy", "pyHanko", "reportlab"} <= {name.replace("-", "_") for name in names}
    table = dialog.findChild(QTableView)
    assert isinstance(table, QTableView)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not program.window.findChildren(AboutDialog))


def test_what_ships_is_named_with_its_licence_and_none_of_it_is_gpl_alone() -> None:
    packages = shipped_packages()

    assert all(package.licence for package in packages), [p.name for p in packages if not p.licence]
    assert "pytest" not in {package.name for package in packages}
    for package in packages:
        if "GPL" in package.licence or "General Public" in package.licence:
            assert "LGPL" in package.licence or "Lesser" in package.licence, package


# --------------------------------------------------------------------------------------------------------------- whole


def test_the_program_starts_with_a_file_as_argument_and_ends_without_a_trace(issued: IssuedRound, home: Path) -> None:
    code = (
        "import sys; from PySide6.QtCore import QTimer; from qisp_desktop.gui import app, main_window;"
        "before = main_window.MainWindow._after_first_paint;"
        "main_window.MainWindow._after_first_paint = lambda w: (before(w), QTimer.singleShot(300, w, w.close));"
        "sys.exit(app.main(['qisp-desktop', sys.argv[1]]))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(issued.round)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    noise = [line for line in done.stderr.splitlines() if "propagateSizeHints" not in line]
    assert (done.returncode, done.stdout, noise) == (0, "", [])


def test_every_button_of_the_first_page_is_reached_by_tab(program: Application, qtbot: QtBot) -> None:
    page = page_of(program, StartPage)
    reached = set()
    for _ in range(10):
        widget = QApplication.focusWidget()
        assert widget is not None
        reached.add(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)

    assert {page.open_panel, page.open_round, page.new_round, page.open_server} <= reached
    assert {page.settings_button, page.about_button} <= reached
    assert QKeySequence("Ctrl+O") == page.open_panel.shortcut()
    assert page.childAt(QPoint(5, 5)) is None


def test_nothing_that_the_first_paint_does_not_show_is_loaded_before_it(home: Path) -> None:
    code = (
        "import os, sys; from qisp_desktop.gui import app, main_window;"
        "main_window.MainWindow._after_first_paint = lambda w: (print(*sys.modules), sys.stdout.flush(), os._exit(0));"
        "app.main(['qisp-desktop'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    loaded = set(done.stdout.split())
    assert "qisp_desktop.gui.main_window" in loaded
    late = {"sqlalchemy", "cryptography", "PIL", "PySide6.QtNetwork", "concurrent.futures", "dataclasses"}
    late |= {"qisp_desktop.gui.page", "qisp_desktop.gui.tasks", "qisp_desktop.gui.stylesheet", "qisp_desktop.services"}
    assert loaded & late == set()
