"""A signature is drawn by mouse, pen or finger, and kept as lines that do not depend on the pad's size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.handwriting import BOX, MOST_POINTS, Handwriting
from qisp_desktop.gui.theme import Theme
from qisp_desktop.gui.widgets.signature_pad import RATIO, SignatureField, SignaturePad

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def field(look: Theme, qtbot: QtBot) -> SignatureField:
    field = SignatureField()
    field.set_title("顾维桢")
    field.resize(420, 170)
    qtbot.addWidget(field)
    field.show()
    return field


@pytest.fixture
def pad(field: SignatureField) -> SignaturePad:
    return field.pad


def strokes(pad: SignaturePad) -> tuple[tuple[int, ...], ...]:
    drawing = pad.drawing
    return () if drawing is None else drawing.strokes


def drag(qtbot: QtBot, pad: SignaturePad, *points: tuple[int, int]) -> None:
    qtbot.mousePress(pad, LEFT, pos=QPoint(*points[0]))
    for point in points[1:]:
        qtbot.mouseMove(pad, QPoint(*point))
    qtbot.mouseRelease(pad, LEFT, pos=QPoint(*points[-1]))


def test_a_stroke_of_the_mouse_is_kept_in_the_box_with_y_upwards(pad: SignaturePad, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pad.changed):
        drag(qtbot, pad, (42, 100), (210, 100), (210, 20))

    ((x0, y0, x1, y1, x2, y2),) = strokes(pad)
    assert abs(x0 - 100) <= 3
    assert x1 == x2 > x0
    assert y2 > y1 == y0


def test_what_leaves_the_box_is_drawn_along_its_edge(pad: SignaturePad, qtbot: QtBot) -> None:
    drag(qtbot, pad, (20, 20), (4000, -900), (-50, 9000))

    ((*_begin, x1, y1, x2, y2),) = strokes(pad)
    assert (x1, y1, x2, y2) == (BOX, BOX // RATIO, 0, 0)


def test_a_click_is_a_dot_and_the_right_button_draws_nothing(pad: SignaturePad, qtbot: QtBot) -> None:
    qtbot.mouseClick(pad, Qt.MouseButton.RightButton, pos=QPoint(50, 50))
    assert strokes(pad) == ()

    qtbot.mouseClick(pad, LEFT, pos=QPoint(50, 50))

    assert [len(stroke) for stroke in strokes(pad)] == [2]


def test_a_finger_draws(pad: SignaturePad) -> None:
    screen = QTest.createTouchDevice()
    QTest.touchEvent(pad, screen).press(0, QPoint(30, 40), pad).commit()
    QTest.touchEvent(pad, screen).move(0, QPoint(90, 60), pad).commit()
    QTest.touchEvent(pad, screen).release(0, QPoint(90, 60), pad).commit()

    assert [len(stroke) for stroke in strokes(pad)] == [4]


def test_a_pen_draws(pad: SignaturePad) -> None:
    pen = QPointingDevice(
        "pen",
        7,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Position,
        1,
        3,
    )
    for kind, x in ((QEvent.Type.TabletPress, 40), (QEvent.Type.TabletMove, 90), (QEvent.Type.TabletRelease, 90)):
        buttons = Qt.MouseButton.NoButton if kind is QEvent.Type.TabletRelease else LEFT
        place = QPointF(x, 50)
        event = QTabletEvent(kind, pen, place, place, 0.5, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier, LEFT, buttons)
        QApplication.sendEvent(pad, event)
        assert event.isAccepted()

    assert [len(stroke) for stroke in strokes(pad)] == [4]


def test_strokes_are_taken_away_one_by_one_or_all(field: SignatureField, pad: SignaturePad, qtbot: QtBot) -> None:
    for x in (40, 140, 240):
        drag(qtbot, pad, (x, 40), (x + 40, 90))

    qtbot.mouseClick(field.undo, LEFT)
    assert len(strokes(pad)) == 2
    qtbot.keyClick(pad, Qt.Key.Key_Backspace)
    assert len(strokes(pad)) == 1
    drag(qtbot, pad, (40, 40), (80, 90))
    qtbot.keyClick(pad, Qt.Key.Key_Delete)

    assert strokes(pad) == ()
    assert not field.clear.isEnabled()


def test_a_drawing_that_is_shown_is_the_one_that_is_read_back_at_any_size(pad: SignaturePad) -> None:
    drawing = Handwriting(((0, 0, 1000, 333), (500, 100)))

    for width in (200, 420, 900):
        pad.resize(width, width // RATIO)
        pad.show_drawing(drawing)
        pad.grab()
        assert pad.drawing == drawing


def test_a_pad_that_only_shows_takes_no_stroke(field: SignatureField, pad: SignaturePad, qtbot: QtBot) -> None:
    drawing = Handwriting(((0, 0, 100, 100),))
    field.show_drawing(drawing, read_only=True)

    drag(qtbot, pad, (40, 40), (80, 90))
    qtbot.keyClick(pad, Qt.Key.Key_Delete)

    assert pad.drawing == drawing
    assert not field.clear.isVisible()


def test_scribbling_for_an_hour_stays_a_signature(pad: SignaturePad, qtbot: QtBot) -> None:
    pad.show_drawing(Handwriting((tuple([0, 0] * (MOST_POINTS - 2)),)))

    drag(qtbot, pad, (40, 40), (80, 90), (120, 40), (160, 90))

    assert pad.drawing is not None
    assert sum(map(len, strokes(pad))) <= 2 * MOST_POINTS
