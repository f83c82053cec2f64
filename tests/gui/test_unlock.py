"""Unlocking a panel package: the passphrase, where its workspace lies, locking, and what can go wrong."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from qisp_desktop.exchange.container import Container, write_container
from qisp_desktop.exchange.identity import unlock_identity
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.idle import IdleWatch
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.presenter import UnlockPresenter
from qisp_desktop.gui.panel.unlock_page import UnlockPage, unlock_screen
from qisp_desktop.gui.start.page import StartPage
from qisp_desktop.services.workspaces import workspace_folder
from tests.gui.program import drop, page_of, wait_for_page
from tests.gui.samples import NAME, IssuedRound

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


def unlock(program: Application, qtbot: QtBot, issued: IssuedRound) -> DeskPage:
    drop(program, issued.package)
    page = page_of(program, UnlockPage)
    QGuiApplication.clipboard().setText(issued.passphrase)
    qtbot.keyClick(page.ui.passphrase.groups[0], Qt.Key.Key_V, CONTROL)
    qtbot.keyClick(page.ui.passphrase.groups[4], Qt.Key.Key_Return)
    return wait_for_page(qtbot, program, DeskPage)


def test_the_passphrase_opens_the_desk_and_the_package_becomes_a_recent_file(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    page = unlock(program, qtbot, issued)

    assert NAME in page.heading.text()
    assert issued.expert in page.heading.text()
    assert [entry.path for entry in program.settings.recent] == [issued.package]


def test_the_workspace_lies_in_the_data_folder_and_is_found_again(
    program: Application, qtbot: QtBot, issued: IssuedRound, home: Path
) -> None:
    unlock(program, qtbot, issued)
    (folder,) = [path for path in home.rglob("*.qwork") if path.is_dir()]
    assert folder.name.endswith(f"-{issued.expert}.qwork")

    program.go.home()
    unlock(program, qtbot, issued)

    assert [path for path in home.rglob("*.qwork") if path.is_dir()] == [folder]


def test_unlocking_waits_for_all_twenty_digits(program: Application, qtbot: QtBot, issued: IssuedRound) -> None:
    drop(program, issued.package)
    page = page_of(program, UnlockPage)
    qtbot.keyClicks(page.ui.passphrase.groups[0], "4821")

    assert not page.ui.unlock.isEnabled()
    qtbot.keyClick(page.ui.passphrase.groups[1], Qt.Key.Key_Return)
    assert not page.presenter.busy


def test_a_wrong_passphrase_gets_a_clear_word_and_can_be_corrected(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    drop(program, issued.package)
    page = page_of(program, UnlockPage)
    wrong = str((int(issued.passphrase[0]) + 1) % 10) + issued.passphrase[1:]
    page.ui.passphrase.set_text(wrong)
    qtbot.mouseClick(page.ui.unlock, LEFT)
    assert page.ui.progress.isVisible()
    assert not page.ui.passphrase.isEnabled()

    qtbot.waitUntil(page.ui.wrong.isVisible, timeout=5000)
    assert "passphrase" in page.ui.wrong.text()
    assert page.ui.passphrase.groups[0].hasFocus()
    assert page.ui.passphrase.groups[0].property("wrong") is True
    assert program.settings.recent == []

    qtbot.keyClicks(page.ui.passphrase.groups[0], issued.passphrase[:4])
    assert not page.ui.wrong.isVisible()
    qtbot.mouseClick(page.ui.unlock, LEFT)
    wait_for_page(qtbot, program, DeskPage)


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "absent"])
def test_a_package_that_cannot_be_accepted_is_said_to_be_at_fault_not_the_passphrase(
    program: Application, qtbot: QtBot, issued: IssuedRound, tmp_path: Path, damage: str
) -> None:
    package = tmp_path / "E001.qpanel"
    data = issued.package.read_bytes()
    middle = data.index(b"contents.age") + 400
    content = {
        "empty": b"",
        "cut": data[: len(data) // 2],
        "flipped": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
    }
    if damage in content:
        package.write_bytes(content[damage])
    program.go.open(package)
    page = page_of(program, UnlockPage)
    page.ui.passphrase.set_text(issued.passphrase)
    qtbot.mouseClick(page.ui.unlock, LEFT)

    qtbot.waitUntil(lambda: page.banner.isVisible(), timeout=5000)

    assert page.banner.meaning == "bad"
    assert not page.ui.wrong.isVisible()
    qtbot.waitUntil(page.ui.passphrase.isEnabled)


def test_a_package_of_a_newer_version_is_said_to_be_that(
    program: Application, qtbot: QtBot, issued: IssuedRound, tmp_path: Path
) -> None:
    package = of_a_newer_version(issued, tmp_path / "E001.qpanel")
    drop(program, package)
    page = page_of(program, UnlockPage)
    page.ui.passphrase.set_text(issued.passphrase)
    qtbot.mouseClick(page.ui.unlock, LEFT)

    qtbot.waitUntil(lambda: page.banner.isVisible(), timeout=5000)

    assert page.banner.meaning == "bad"
    assert page.banner.what.text() == "The package comes from a newer version of this program."
    assert "Install the newer version." in page.banner.more.text()
    assert not page.ui.wrong.isVisible()
    assert program.settings.recent == []


def of_a_newer_version(issued: IssuedRound, path: Path) -> Path:
    """The package as a later version might write it: another number, and fields that nobody knows yet."""
    held = Container.open(issued.package)
    key_file = held.identity_file
    assert key_file is not None
    identity = unlock_identity(key_file, issued.passphrase)
    contents = held.contents(identity)
    manifest = contents.manifest.replace(b'"qisp-panel/1"', b'"qisp-panel/2"').replace(b"{", b'{"added":1,', 1)
    later = replace(contents, manifest=manifest)
    write_container(path, later, recipients=[identity.recipient], identity_file=key_file, blobs=[])
    return path


def test_locking_asks_for_the_passphrase_again_and_gives_the_workspace_free(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    unlock(program, qtbot, issued)
    qtbot.keyClick(program.window, Qt.Key.Key_L, CONTROL)

    page = wait_for_page(qtbot, program, UnlockPage)
    assert page.ui.passphrase.text() == ""
    unlock(program, qtbot, issued)


def test_the_desk_locks_itself_when_nothing_is_done(
    program: Application, qtbot: QtBot, issued: IssuedRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.settings.auto_lock_minutes = 5
    page = unlock(program, qtbot, issued)
    (watch,) = page.findChildren(IdleWatch)

    watch.idle.emit()

    page_of(program, UnlockPage)
    assert "locked itself" in page_of(program, UnlockPage).banner.what.text()


def test_leaving_while_a_passphrase_is_tried_closes_the_desk_that_opens(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    drop(program, issued.package)
    page = page_of(program, UnlockPage)
    page.ui.passphrase.set_text(issued.passphrase)
    qtbot.mouseClick(page.ui.unlock, LEFT)

    qtbot.keyClick(program.window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)

    wait_for_page(qtbot, program, StartPage)
    assert program.settings.recent == []


def test_closing_the_window_while_a_passphrase_is_tried_ends_cleanly(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    drop(program, issued.package)
    page = page_of(program, UnlockPage)
    page.ui.passphrase.set_text(issued.passphrase)
    qtbot.mouseClick(page.ui.unlock, LEFT)

    program.window.close()


def test_the_hidden_passphrase_is_what_the_settings_say(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    program.settings.hide_passphrase = True
    drop(program, issued.package)
    page = page_of(program, UnlockPage)
    page.ui.passphrase.set_text(issued.passphrase)

    assert issued.passphrase[:4] not in page.ui.passphrase.groups[0].displayText()
    page.ui.hide.setChecked(False)
    assert page.ui.passphrase.groups[0].displayText() == issued.passphrase[:4]


def test_the_presenter_unlocks_without_a_window(
    program: Application, qtbot: QtBot, issued: IssuedRound, tmp_path: Path
) -> None:
    presenter = UnlockPresenter(issued.package, program.tasks, home=tmp_path)
    with qtbot.waitSignal(presenter.unlocked) as unlocked:
        presenter.unlock(issued.passphrase)
        presenter.unlock("a second call while one is tried does nothing")
    assert unlocked.args is not None
    desk = unlocked.args[0].desk
    qtbot.waitUntil(lambda: not program.tasks.busy)

    assert desk.folder == workspace_folder(desk.manifest, tmp_path)
    program.tasks.release(desk.close)


def test_the_unlock_screen_names_the_file_and_where_it_lies(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    program.go.show(unlock_screen(program.go.shell, issued.package))
    page = page_of(program, UnlockPage)

    assert issued.package.name in page.ui.title.text()
    assert page.ui.place.text() == str(issued.package.parent)


@pytest.mark.parametrize(("content", "said"), [(None, "could not be read"), (b"", "damaged"), (b"PK half", "damaged")])
def test_what_is_no_package_is_said_before_a_passphrase_is_typed(
    program: Application, qtbot: QtBot, tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "E001.qpanel"
    if content is not None:
        path.write_bytes(content)
    program.go.open(path)
    page = page_of(program, UnlockPage)
    qtbot.waitUntil(page.banner.isVisible)
    assert said in page.banner.what.text()
    assert page.ui.wrong.isHidden()


def test_opening_what_is_open_keeps_what_was_typed_and_does_not_lock_the_desk(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    drop(program, issued.package)
    page = page_of(program, UnlockPage)
    qtbot.keyClicks(page.ui.passphrase.groups[0], "4821")
    drop(program, issued.package)
    assert page_of(program, UnlockPage) is page
    assert page.ui.passphrase.groups[0].text() == "4821"

    page.ui.passphrase.set_text(issued.passphrase)
    qtbot.mouseClick(page.ui.unlock, LEFT)
    desk = wait_for_page(qtbot, program, DeskPage)
    program.instance.asked.emit(str(issued.package))  # a double click on it, which starts the program a second time
    assert page_of(program, DeskPage) is desk


def opened_though_missing(program: Application, qtbot: QtBot, package: Path) -> UnlockPage:
    """The page that says that ``package`` is not there."""
    program.go.open(package)
    page = page_of(program, UnlockPage)
    qtbot.waitUntil(page.banner.isVisible)
    return page


def test_a_package_that_was_missing_is_looked_for_again_when_it_is_opened_again(
    program: Application, qtbot: QtBot, issued: IssuedRound, tmp_path: Path
) -> None:
    package = tmp_path / "E001.qpanel"
    page = opened_though_missing(program, qtbot, package)
    page.ui.passphrase.set_text(issued.passphrase)

    program.go.open(package)
    qtbot.waitUntil(lambda: not program.tasks.busy)
    assert page.banner.isVisible(), "it is still missing"
    package.write_bytes(issued.package.read_bytes())
    program.go.open(package)
    qtbot.waitUntil(lambda: not program.tasks.busy)

    assert page_of(program, UnlockPage) is page
    assert page.banner.isHidden()
    assert page.ui.passphrase.text() == issued.passphrase


def test_a_passphrase_that_is_tried_takes_away_that_the_package_was_missing(
    program: Application, qtbot: QtBot, issued: IssuedRound, tmp_path: Path
) -> None:
    package = tmp_path / "E001.qpanel"
    page = opened_though_missing(program, qtbot, package)
    package.write_bytes(issued.package.read_bytes())
    page.ui.passphrase.set_text("1" * 20)
    qtbot.mouseClick(page.ui.unlock, LEFT)
    qtbot.waitUntil(page.ui.wrong.isVisible, timeout=10_000)
    assert page.banner.isHidden()


def test_after_many_wrong_passphrases_the_letter_itself_is_in_doubt(
    program: Application, qtbot: QtBot, issued: IssuedRound
) -> None:
    drop(program, issued.package)
    page = page_of(program, UnlockPage)
    for attempt in (1, 2, 3):
        page.ui.passphrase.set_text(str(attempt) * 20)
        qtbot.mouseClick(page.ui.unlock, LEFT)
        qtbot.waitUntil(lambda: page.ui.wrong.isVisible() and not page.presenter.busy, timeout=10_000)
        assert ("attempt 3" in page.ui.wrong.text()) is (attempt == 3)


def test_a_desk_that_locked_itself_opens_again_though_the_stick_is_away(
    program: Application, qtbot: QtBot, issued: IssuedRound, tmp_path: Path
) -> None:
    package = tmp_path / "stick" / "E001.qpanel"
    package.parent.mkdir()
    package.write_bytes(issued.package.read_bytes())
    desk = unlock(program, qtbot, replace(issued, package=package))
    shutil.rmtree(package.parent)
    desk.lock(by_itself=True)

    page = wait_for_page(qtbot, program, UnlockPage)
    assert "locked itself" in page.banner.what.text(), "it is not said that the package is missing"
    page.ui.passphrase.set_text(issued.passphrase)
    qtbot.mouseClick(page.ui.unlock, LEFT)
    assert wait_for_page(qtbot, program, DeskPage).presenter.path == package
