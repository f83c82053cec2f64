"""The five groups of a passphrase: typed, pasted and mended as people do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.theme import Theme
from qisp_desktop.gui.widgets.passphrase_edit import PassphraseEdit
from tests.gui.program import shown

PASSPHRASE = "4821-0937-5526-1204-7788"
DIGITS = PASSPHRASE.replace("-", "")


# ------------------------------------------------------------------------------------------------------ the passphrase


@pytest.fixture
def edit(look: Theme, qtbot: QtBot) -> PassphraseEdit:
    edit = PassphraseEdit()
    shown(qtbot, edit)
    edit.setFocus()
    qtbot.waitUntil(lambda: edit.groups[0].hasFocus())
    return edit


def focused(edit: PassphraseEdit) -> QLineEdit:
    widget = QApplication.focusWidget()
    assert isinstance(widget, QLineEdit)
    assert widget in edit.groups
    return widget


def paste(qtbot: QtBot, edit: PassphraseEdit, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    qtbot.keyClick(focused(edit), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_digits_typed_without_a_stop_fill_all_groups(edit: PassphraseEdit, qtbot: QtBot) -> None:
    for digit in DIGITS:
        qtbot.keyClicks(focused(edit), digit)

    assert edit.complete
    assert edit.text() == PASSPHRASE


@pytest.mark.parametrize(
    "spelling",
    [PASSPHRASE, DIGITS, " 4821 0937 5526 1204 7788\n", "4821—0937—5526—1204—7788", "4821-0937-5526-1204-7788",
     "口令：4821 0937 5526 1204 7788"],
)  # fmt: skip
def test_a_pasted_passphrase_fills_all_groups_however_it_is_written(
    edit: PassphraseEdit, qtbot: QtBot, spelling: str
) -> None:
    paste(qtbot, edit, spelling)

    assert edit.text() == PASSPHRASE


def test_a_passphrase_pasted_into_the_third_group_still_fills_all(edit: PassphraseEdit, qtbot: QtBot) -> None:
    edit.groups[2].setFocus()
    paste(qtbot, edit, PASSPHRASE)

    assert edit.text() == PASSPHRASE


def test_a_dash_or_a_space_goes_to_the_next_group_and_is_not_typed(edit: PassphraseEdit, qtbot: QtBot) -> None:
    for key in "48 09-5":
        qtbot.keyClicks(focused(edit), key)

    assert [group.text() for group in edit.groups] == ["48", "09", "5", "", ""]


def test_letters_are_not_typed(edit: PassphraseEdit, qtbot: QtBot) -> None:
    qtbot.keyClicks(focused(edit), "a4b8")

    assert edit.groups[0].text() == "48"


def test_backspace_runs_back_into_the_group_before(edit: PassphraseEdit, qtbot: QtBot) -> None:
    for digit in "482109":
        qtbot.keyClicks(focused(edit), digit)
    for _ in range(3):
        qtbot.keyClick(focused(edit), Qt.Key.Key_Backspace)

    assert edit.text() == "482"
    assert focused(edit) is edit.groups[0]


def test_full_width_digits_from_an_input_method_count_as_digits(edit: PassphraseEdit) -> None:
    event = QInputMethodEvent()
    event.setCommitString("48")
    QApplication.sendEvent(focused(edit), event)

    assert edit.groups[0].text() == "48"


def test_a_mistake_in_the_middle_is_corrected_in_its_place(edit: PassphraseEdit, qtbot: QtBot) -> None:
    edit.set_text(PASSPHRASE)
    edit.groups[1].setFocus()
    edit.groups[1].setCursorPosition(2)
    qtbot.keyClick(edit.groups[1], Qt.Key.Key_Backspace)
    qtbot.keyClicks(edit.groups[1], "8")

    assert edit.text() == "4821-0837-5526-1204-7788"
    assert focused(edit) is edit.groups[1]


def test_enter_submits_and_hidden_digits_stay_what_they_are(edit: PassphraseEdit, qtbot: QtBot) -> None:
    edit.set_text(PASSPHRASE)
    edit.set_hidden(True)

    with qtbot.waitSignal(edit.submitted):
        qtbot.keyClick(focused(edit), Qt.Key.Key_Return)

    assert edit.text() == PASSPHRASE
    assert "4" not in edit.groups[0].displayText()


def test_each_group_has_a_name_for_screen_readers(edit: PassphraseEdit) -> None:
    assert edit.groups[4].accessibleName() == "Passphrase, group 5 of 5"
