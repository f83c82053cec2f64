"""An expert reads the materials of an application."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.application import Material
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.domain.score_sheet import Evidence
from qisp_desktop.gui.panel.materials.pane import RECORD, Position
from qisp_desktop.gui.panel.materials.text_viewer import TextViewer
from tests.gui.materials.documents import A4, FORM, Papers, pdf, picture, seven_materials, tiff_of
from tests.gui.materials.reader import PATIENCE, Reader, texts
from tests.gui.waiting import go_round

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def test_the_first_material_opens_by_itself_and_can_be_cited(reader: Reader) -> None:
    papers = seven_materials()

    reader.open(papers)
    reader.wait_until_painted(1)

    assert reader.pane.current_citation() == Evidence(papers.sha256("申请书.pdf"), "申请书.pdf", 1)
    assert reader.pages.page_count == 9
    assert papers.reads == ["申请书.pdf"]


def test_a_click_on_a_citation_shows_its_page(reader: Reader) -> None:
    papers = seven_materials()
    reader.open(papers)

    reader.pane.show_material(papers.sha256("能力二.pdf"), 2)
    reader.qtbot.waitUntil(lambda: reader.pane.current_citation() is not None, timeout=PATIENCE)
    reader.wait_until_painted(2)
    assert reader.pane.current_citation() == Evidence(papers.sha256("能力二.pdf"), "能力二.pdf", 2)

    reader.pane.show_material(papers.sha256("能力二.pdf"), 3)
    assert reader.viewer.page == 3


def test_only_the_page_that_is_asked_for_is_read(reader: Reader) -> None:
    papers = seven_materials()

    reader.pane.show_application(papers.application, papers.read)
    reader.pane.show_material(papers.sha256("能力一.pdf"), 2)
    reader.wait_for_content()

    assert papers.reads == ["能力一.pdf"]


def test_a_missing_kind_is_greyed_and_says_so(reader: Reader) -> None:
    reader.open(seven_materials())

    audit = reader.pane.kinds.buttons[MaterialKind.AUDIT_REPORT]

    assert not audit.isEnabled()
    assert "missing" in audit.accessibleName()
    assert reader.pane.kinds.buttons[MaterialKind.RULES].isEnabled()


def test_several_files_of_a_kind_make_a_menu(reader: Reader) -> None:
    reader.open(seven_materials())

    reader.qtbot.mouseClick(reader.pane.kinds.buttons[MaterialKind.CAPABILITY], Qt.MouseButton.LeftButton)
    menu = reader.pane.kinds.findChild(QMenu)
    assert isinstance(menu, QMenu)
    names = [action.text() for action in menu.actions()]
    menu.actions()[1].trigger()
    menu.close()
    reader.qtbot.waitUntil(lambda: reader.pane.current_citation() is not None, timeout=PATIENCE)

    assert names == ["能力一.pdf", "能力二.pdf"]
    citation = reader.pane.current_citation()
    assert citation is not None
    assert citation.name == "能力二.pdf"
    assert reader.pane.files.count.text() == "2 / 2"
    reader.pane.files.before.click()
    reader.qtbot.waitUntil(lambda: reader.pane.files.name.text() == "能力一.pdf")


def test_a_photo_is_shown_upright_as_the_camera_was_held(reader: Reader) -> None:
    reader.open(Papers(("2", "照片.jpg", picture("JPEG", orientation=6))))  # to be turned a quarter clockwise
    reader.pages.fit_page.click()
    reader.wait_until_painted(1)

    picture_on_screen = reader.picture()
    middle = picture_on_screen.width() // 2
    top, bottom = (picture_on_screen.pixelColor(middle, y) for y in (60, picture_on_screen.height() - 60))

    assert top.red() > 200 > top.blue()
    assert bottom.blue() > 200 > bottom.red()


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "BMP", "GIF"])
def test_pictures_of_every_common_format_are_shown(reader: Reader, form: str) -> None:
    reader.open(Papers(("2", f"picture.{form.lower()}", picture(form))))
    reader.wait_until_painted(1)

    assert {"#ff0000", "#0000ff"} <= reader.colours()


def test_a_scan_of_several_pages_in_one_tiff_has_pages(reader: Reader) -> None:
    reader.open(Papers(("2", "scan.tif", tiff_of(4))))
    reader.pane.show_material(reader.pane.position().sha256, 3)

    assert reader.pages.page_count == 4
    assert reader.viewer.page == 3


def test_text_in_the_national_encoding_is_read(reader: Reader) -> None:
    papers = seven_materials()
    reader.open(papers)

    reader.pane.kinds.buttons[MaterialKind.RULES].click()
    reader.qtbot.waitUntil(lambda: reader.pane.current_citation() is not None)

    viewer = reader.viewer
    assert isinstance(viewer, TextViewer)
    assert viewer.text.toPlainText() == "第一条 计量\n第二条 标准"


def test_the_record_is_shown_without_reading_any_material(reader: Reader) -> None:
    papers = seven_materials()
    reader.pane.show_application(papers.application, papers.read)
    reader.pane.set_placeholder("Declare first", "Then the materials open.")

    reader.pane.kinds.record.click()
    go_round()

    shown = texts(reader.pane.record)
    assert {"示例计量检测研究院", "张三", "1,130", "2300.5 m²", "not stated"} <= set(shown)
    assert reader.pane.position() == Position(RECORD)
    assert papers.reads == []


def test_before_a_declaration_no_material_opens(reader: Reader) -> None:
    papers = seven_materials()
    reader.pane.show_application(papers.application, papers.read)
    reader.pane.set_placeholder("Declare first", "Then the materials open.")

    reader.pane.kinds.buttons[MaterialKind.APPLICATION_FORM].click()
    reader.pane.show_material(papers.sha256("申请书.pdf"), 2)
    reader.pane.restore(Position(papers.sha256("申请书.pdf")))
    go_round()
    assert (papers.reads, reader.pane.current_citation()) == ([], None)
    assert "Declare first" in reader.words

    reader.pane.set_placeholder("", "")
    reader.wait_for_content()
    assert papers.reads == ["申请书.pdf"]


def test_the_place_of_each_application_is_remembered(reader: Reader) -> None:
    first, second = Papers(FORM), Papers(("1", "b.pdf", pdf(5, word="second")), number="QISP-2026-002")
    reader.open(first)
    reader.pane.show_material(first.sha256("申请书.pdf"), 6)
    left = reader.pane.position()

    reader.open(second)
    assert reader.viewer.page == 1
    reader.open(first)

    assert reader.viewer.page == 6
    assert reader.pane.position() == left
    assert first.reads == ["申请书.pdf"]  # kept in memory from before


def test_a_position_is_restored_to_the_same_place_on_the_page(reader: Reader) -> None:
    papers = Papers(FORM)
    reader.pane.show_application(papers.application, papers.read)
    wanted = Position(papers.sha256("申请书.pdf"), 4, 0.5)

    reader.pane.restore(wanted)
    reader.wait_for_content()

    reached = reader.pane.position()
    assert (reached.sha256, reached.page) == (wanted.sha256, 4)
    assert reached.scroll == pytest.approx(0.5, abs=0.01)


def test_closing_the_materials_leaves_nothing_to_see_or_cite(reader: Reader) -> None:
    papers = Papers(FORM)
    reader.open(papers)

    reader.pane.close_materials()

    assert reader.pane.current_citation() is None
    assert reader.pane.position() == Position()
    assert "closed" in reader.words
    assert reader.pane._contents.bytes_held == 0
    assert not reader.pane.kinds.record.isEnabled()


def test_an_unreadable_material_says_why_and_what_to_do(reader: Reader) -> None:
    papers = Papers(FORM)

    def refuse(material: Material) -> bytes:
        raise UserError(f"{material.name} is missing.", "The stick was pulled out.", "Plug it in again.")

    reader.pane.show_application(papers.application, refuse)
    reader.wait_for_words("Plug it in again.")

    assert "申请书.pdf is missing. The stick was pulled out." in reader.words


def test_an_application_without_materials_says_so(reader: Reader) -> None:
    reader.open(Papers())

    assert "No material was handed in" in reader.words


# ------------------------------------------------------------------------------------------------ zoom, pages, rotation


def test_keys_zoom_fit_and_turn_the_pages(reader: Reader) -> None:
    reader.open(Papers(FORM))
    fitted = reader.view.zoom

    reader.view.setFocus()
    reader.press(Key.Key_Plus, Modifier.ControlModifier)
    assert reader.view.zoom > fitted
    assert not reader.pages.fit_width.isChecked()
    reader.press(Key.Key_0, Modifier.ControlModifier)
    assert reader.view.zoom == fitted
    reader.press(Key.Key_Minus, Modifier.ControlModifier)
    assert reader.view.zoom < fitted
    reader.press(Key.Key_R, Modifier.ControlModifier)
    assert reader.view.rotation == 90


def test_home_end_and_page_keys_walk_through_the_document(reader: Reader) -> None:
    reader.open(Papers(FORM))
    reader.view.setFocus()

    reader.press(Key.Key_End)
    assert reader.viewer.page == 9
    reader.press(Key.Key_Home)
    assert reader.viewer.page == 1
    before = reader.view.verticalScrollBar().value()
    reader.press(Key.Key_PageDown)
    assert reader.view.verticalScrollBar().value() > before + 300


def test_a_page_number_is_typed_also_in_full_width_digits(reader: Reader) -> None:
    reader.open(Papers(FORM))
    field = reader.pages.page_field

    field.setFocus()
    field.selectAll()
    field.insert("７")
    reader.qtbot.keyClick(field, Key.Key_Return)
    assert reader.viewer.page == 7
    assert field.text() == "7"

    field.selectAll()
    reader.qtbot.keyClicks(field, "0x1")
    reader.qtbot.keyClick(field, Key.Key_Return)
    assert reader.viewer.page == 7
    field.selectAll()
    reader.qtbot.keyClicks(field, "9999")
    reader.qtbot.keyClick(field, Key.Key_Return)
    assert reader.viewer.page == 9


def test_turning_keeps_the_page_that_is_read(reader: Reader) -> None:
    reader.open(Papers(FORM))
    reader.viewer.go_to(5)

    for _quarter in range(4):
        reader.pages.turn.click()
        assert reader.viewer.page == 5


def test_pages_of_different_sizes_keep_the_place_when_their_sizes_come(reader: Reader) -> None:
    sizes = (A4, (842.0, 595.0), (300.0, 300.0), (1200.0, 2000.0))
    papers = Papers(("1", "mixed.pdf", pdf(900, sizes=sizes)))
    reader.pane.show_application(papers.application, papers.read)
    reader.pane.show_material(papers.sha256("mixed.pdf"), 800)
    reader.wait_for_content()

    document = reader.pages.document
    reader.qtbot.waitUntil(lambda: document._known == 900, timeout=PATIENCE)

    assert reader.pane.position().page in (799, 800)
    assert document.sizes[898].width() == pytest.approx(300, abs=0.5)


def test_a_small_picture_leads_to_its_page(reader: Reader) -> None:
    reader.open(Papers(FORM))
    reader.pages.strip.click()
    strip = reader.pages.thumbnails
    reader.qtbot.waitUntil(lambda: strip.picture_of(2)[1] is not None, timeout=PATIENCE)

    spot = strip.visualRect(strip.model().index(2, 0)).center()
    reader.qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=spot)

    assert reader.viewer.page == 3


def test_enlarged_pages_are_drawn_in_tiles(reader: Reader) -> None:
    reader.open(Papers(("1", "b.pdf", pdf(1, sizes=((1500.0, 1500.0),)))))
    reader.view.set_zoom(2.0)
    reader.view.painted_pages.clear()
    reader.wait_until_painted(1)

    assert len(reader.view._tiles(0)) == 4
    assert {tile.size for tile in reader.view._tiles(0)} == {(4000, 4000)}
