"""Words are found in the materials, and text is copied and cited from them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.materials.documents import FORM, Papers, chinese_pdf
from tests.gui.materials.reader import PATIENCE, Reader

Key, Modifier = Qt.Key, Qt.KeyboardModifier


# ------------------------------------------------------------------------------------------ finding and copying


def find(reader: Reader, words: str) -> str:
    reader.view.setFocus()
    reader.press(Key.Key_F, Modifier.ControlModifier)
    reader.pages.find_bar.field.setText(words)
    reader.qtbot.waitUntil(lambda: bool(reader.pages.document.query), timeout=PATIENCE)
    reader.qtbot.waitUntil(lambda: not reader.pages.document.searching, timeout=PATIENCE)
    return reader.pages.find_bar.count.text()


def test_finding_counts_the_hits_and_walks_from_one_to_the_next(reader: Reader) -> None:
    reader.open(Papers(FORM))
    reader.viewer.go_to(4)

    assert find(reader, "METROLOGY") == "4 / 9"
    reader.qtbot.keyClick(reader.pages.find_bar.field, Key.Key_F3)
    reader.qtbot.waitUntil(lambda: reader.viewer.page == 5)
    reader.qtbot.keyClick(reader.pages.find_bar.field, Key.Key_F3, Modifier.ShiftModifier)
    reader.qtbot.waitUntil(lambda: reader.viewer.page == 4)
    reader.qtbot.keyClick(reader.pages.find_bar.field, Key.Key_Return)
    assert reader.pages.find_bar.count.text() == "5 / 9"

    reader.qtbot.keyClick(reader.pages.find_bar.field, Key.Key_Escape)
    reader.qtbot.keyClick(reader.pages.find_bar.field, Key.Key_Escape)
    assert not reader.pages.find_bar.isVisible()
    assert reader.pages.document.hits == []


def test_what_is_not_there_is_said_not_to_be(reader: Reader) -> None:
    reader.open(Papers(FORM))

    assert find(reader, "nowhere") == "not found"


def test_a_word_broken_over_lines_and_behind_a_rare_character_is_found_where_it_stands(reader: Reader) -> None:
    reader.open(Papers(("1", "稀.pdf", chinese_pdf("䶮先生主持计", "量检定工作"))))

    assert find(reader, "计量检定") == "1 / 1"
    hit = reader.pages.document.hits[0]
    reader.qtbot.waitUntil(lambda: bool(reader.pages.document.marks(0).get(hit)), timeout=PATIENCE)
    boxes = reader.pages.document.marks(0)[hit]
    assert len(boxes) == 2
    assert boxes[0].x() == pytest.approx(72 + 16 * 5, abs=3)
    assert boxes[1].x() == pytest.approx(72, abs=3)


def test_the_desks_own_search_key_does_not_interfere(reader: Reader) -> None:
    window = QWidget()
    reader.qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    layout.addWidget(reader.pane)
    searched: list[bool] = []
    QShortcut("Ctrl+F", window, lambda: searched.append(True))
    window.show()
    reader.open(Papers(FORM))
    window.activateWindow()
    reader.view.setFocus()

    reader.qtbot.keyClick(reader.view, Key.Key_F, Modifier.ControlModifier)

    assert searched == []
    assert reader.pages.find_bar.isVisible()
    layout.removeWidget(reader.pane)
    reader.pane.setParent(None)


def test_text_under_the_mouse_is_selected_and_copied(reader: Reader) -> None:
    reader.open(Papers(FORM))
    reader.wait_until_painted(1)
    view, viewport = reader.view, reader.view.viewport()
    scale = view._layout.scale
    paper = view._layout.rectangle(0)

    def spot(x: float, y: float) -> QPoint:
        return QPoint(int(paper.x() + x * scale), int(paper.y() + y * scale) - view.verticalScrollBar().value())

    reader.qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=spot(70, 842 - 408))
    reader.qtbot.mouseMove(viewport, spot(100, 842 - 408))
    drag(reader, spot(300, 842 - 408))
    reader.qtbot.waitUntil(lambda: view.selection is not None, timeout=PATIENCE)
    reader.qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=spot(300, 842 - 408))
    reader.press(Key.Key_C, Modifier.ControlModifier)

    assert QGuiApplication.clipboard().text().strip() == "page 1"


def drag(reader: Reader, position: QPoint) -> None:
    """Move the mouse with its button down, which qtbot cannot."""
    viewport = reader.view.viewport()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    point = QPointF(position)
    event = QMouseEvent(QEvent.Type.MouseMove, point, viewport.mapToGlobal(point), left, left, none)
    QApplication.sendEvent(viewport, event)


def test_without_a_selection_the_text_of_the_page_is_copied(reader: Reader) -> None:
    reader.open(Papers(FORM))
    reader.viewer.go_to(3)
    QGuiApplication.clipboard().clear()

    reader.pages.copy.click()
    reader.qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()), timeout=PATIENCE)

    assert QGuiApplication.clipboard().text().split() == ["page", "3", "metrology", "3"]


def test_the_button_asks_for_a_citation_of_the_page_that_is_read(reader: Reader, qtbot: QtBot) -> None:
    reader.open(Papers(FORM))
    reader.viewer.go_to(2)

    with qtbot.waitSignal(reader.pane.citation_requested):
        reader.pages.cite.click()
    citation = reader.pane.current_citation()

    assert citation is not None
    assert citation.page == 2


def test_every_tool_is_large_enough_and_says_its_name(reader: Reader) -> None:
    reader.open(Papers(FORM))

    for button in reader.pane.findChildren(QAbstractButton):
        if button.isVisible():
            assert min(button.width(), button.height()) >= 32, button.toolTip()
            assert button.text() or button.accessibleName()
