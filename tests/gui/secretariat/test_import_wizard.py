"""Importing at the desk: the workbook shown as it is, mended in place, rows left out, columns named and remembered."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.application import Application
from qisp_desktop.domain.desk_records import Mending
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.gui import app
from qisp_desktop.gui.secretariat.applications.view import ApplicationsView
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.gui.secretariat.import_wizard.columns_page import KEY_ROLE
from qisp_desktop.gui.secretariat.import_wizard.preview_model import CELL_ROLE
from qisp_desktop.gui.secretariat.import_wizard.wizard import ImportWizard, import_wizard
from qisp_desktop.services.rounds import new_round
from qisp_desktop.spreadsheets.corrections import CellAt
from qisp_desktop.store.round_store import RoundStore
from tests.gui.dropping import drop_on
from tests.gui.program import page_of
from tests.gui.secretariat.desks import WAIT_MS, dropped_on, opened, settled
from tests.unit.spreadsheets.office_books import HEADINGS, good_project, good_row, write_book

SHEET = "申报信息"
STAFF = HEADINGS.index("企业服务人员数")


@pytest.fixture(scope="module")
def empty_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "round.qround"
    new_round(path, year=2026, name="评价", passphrase="only for the tests")
    return path


@pytest.fixture
def page(program: app.Application, qtbot: QtBot, empty_once: Path, tmp_path: Path) -> DeskPage:
    """The desk of a round without applications."""
    own = tmp_path / "round.qround"
    shutil.copyfile(empty_once, own)
    return opened(qtbot, program, own, "applications")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Three rows: one whole, one with a number of persons that is none, one with the number of the first."""
    rows = [good_row("A1"), good_row("A2", 企业服务人员数="约二十"), good_row("A1", 平台名称="重复")]
    return write_book(tmp_path / "book.xlsx", rows, [good_project("A2")])


def begun(qtbot: QtBot, page: DeskPage, book: Path, folder: Path | None = None) -> ImportWizard:
    """The import of ``book``, looked through for the first time."""
    view = page.view
    assert isinstance(view, ApplicationsView)
    if view.wizard is None:
        view.import_button.click()
    wizard = view.wizard
    assert wizard is not None
    if folder is not None:
        wizard.presenter.choose(folder)
    wizard.presenter.choose(book)
    qtbot.waitUntil(lambda: wizard.presenter.step != "choose", timeout=WAIT_MS)
    looked(qtbot, wizard)
    # Keys that are shortcuts go to an active window only.
    wizard.window().activateWindow()
    qtbot.waitUntil(wizard.window().isActiveWindow)
    return wizard


def looked(qtbot: QtBot, wizard: ImportWizard) -> None:
    """Wait until what is shown is what was edited last."""
    presenter = wizard.presenter

    def checked() -> bool:
        look = presenter.look
        return look is not None and presenter.edits is not None and look.edits == presenter.edits

    qtbot.waitUntil(checked, timeout=WAIT_MS)


def typed(qtbot: QtBot, wizard: ImportWizard, text: str) -> None:
    """F2 on the current cell, ``text``, Enter."""
    table, before = wizard.preview.table, wizard.presenter.edits
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = table.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    editor.insert(text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.presenter.edits is not before)
    looked(qtbot, wizard)


def held(page: DeskPage) -> list[Application]:
    with RoundStore.open(page.session.place, actor="test") as store:
        return store.all(Application)


def test_a_cell_is_mended_in_place_and_a_row_left_out_and_the_round_keeps_both_values(
    page: DeskPage, qtbot: QtBot, book: Path
) -> None:
    wizard = begun(qtbot, page, book)
    table = wizard.preview.table
    assert wizard.presenter.step == "preview"
    assert wizard.preview.counts.text() == "1 ready · 2 rows with problems"
    assert wizard.preview.model.place(table.currentIndex()) == CellAt(SHEET, 3, STAFF)
    assert table.currentIndex().data(CELL_ROLE).meaning == "bad"
    assert "a whole number" in wizard.preview.said.text() or "a number" in wizard.preview.said.text()

    typed(qtbot, wizard, "20")
    cell = table.currentIndex().data(CELL_ROLE)
    assert (cell.text, cell.before, cell.meaning) == ("20", "约二十", "good")

    qtbot.keyClick(table, Qt.Key.Key_F8)
    assert wizard.preview.model.place(table.currentIndex()) == CellAt(SHEET, 4, 0)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    looked(qtbot, wizard)
    assert wizard.preview.counts.text() == "2 ready · 1 left out · 1 mended"
    assert wizard.import_now.text() == "Import 2 applications"

    wizard.import_now.click()
    qtbot.waitUntil(lambda: isinstance(page.view, ApplicationsView) and page.view.wizard is None, timeout=WAIT_MS)
    settled(qtbot, page)

    assert [(one.number, one.staff) for one in held(page)] == [("A1", 38), ("A2", 20)]
    with RoundStore.open(page.session.place, actor="test") as store:
        (mending,) = store.all(Mending)
    assert (mending.number, mending.before, mending.after) == ("A2", "约二十", "20")
    view = page.view
    assert isinstance(view, ApplicationsView)
    assert view.banner.what.text() == "2 applications imported, with 0 materials."
    view.table.go_to(lambda row: row.number == "A2")
    qtbot.waitUntil(lambda: "1 value mended" in view.detail.status.text(), timeout=WAIT_MS)


def test_edits_are_undone_and_done_again(page: DeskPage, qtbot: QtBot, book: Path) -> None:
    wizard = begun(qtbot, page, book)
    table = wizard.preview.table
    typed(qtbot, wizard, "20")
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    looked(qtbot, wizard)
    assert wizard.preview.counts.text().startswith("1 ready")

    qtbot.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    looked(qtbot, wizard)
    assert wizard.preview.counts.text().startswith("2 ready")
    qtbot.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    looked(qtbot, wizard)
    assert table.currentIndex().data() == "约二十"
    qtbot.keyClick(table, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    looked(qtbot, wizard)
    assert table.currentIndex().data() == "20"


def test_typing_what_stood_there_takes_the_mending_back(page: DeskPage, qtbot: QtBot, book: Path) -> None:
    wizard = begun(qtbot, page, book)
    typed(qtbot, wizard, "20")
    typed(qtbot, wizard, "约二十")

    assert wizard.presenter.edits is not None
    assert wizard.presenter.edits.corrections.cells == {}


def test_only_the_rows_with_problems_are_shown_when_asked(page: DeskPage, qtbot: QtBot, book: Path) -> None:
    wizard = begun(qtbot, page, book)
    model = wizard.preview.model

    wizard.preview.rows.buttons["wrong"].click()
    assert [model.headerData(row, Qt.Orientation.Vertical) for row in range(model.rowCount())] == ["1", "3", "4"]

    wizard.preview.rows.buttons["all"].click()
    assert model.rowCount() == 4


def test_a_problem_in_the_list_leads_to_its_cell_also_on_another_sheet(
    page: DeskPage, qtbot: QtBot, tmp_path: Path
) -> None:
    book = write_book(tmp_path / "book.xlsx", [good_row("A1")], [good_project("A1", 年度=1850)])
    wizard = begun(qtbot, page, book)
    assert wizard.preview.sheets is not None
    wizard.preview.sheets.buttons[SHEET].click()

    wizard.preview.problems.clicked.emit(wizard.preview.problems.model().index(0, 0))

    assert wizard.preview.model.sheet == "项目清单"
    assert wizard.preview.table.currentIndex().data() == "1850"


def test_an_unknown_heading_is_named_once_and_remembered_for_the_office(
    page: DeskPage, qtbot: QtBot, program: app.Application, tmp_path: Path
) -> None:
    headings = tuple("人手" if name == "企业服务人员数" else name for name in HEADINGS)
    book = write_book(tmp_path / "book.xlsx", [good_row("A1") | {"人手": 38}], headings=headings)
    wizard = begun(qtbot, page, book)
    assert wizard.presenter.step == "columns"
    assert "企业服务人员数" in wizard.columns.missing.text()

    view = wizard.columns.view
    row = next(n for n, line in enumerate(wizard.columns.model.lines) if line.heading == "人手")
    view.setCurrentIndex(wizard.columns.model.index(row, 3))
    view.edit(wizard.columns.model.index(row, 3))
    box = view.findChild(QComboBox)
    assert box is not None
    box.setCurrentIndex(box.findData("staff"))
    box.activated.emit(box.currentIndex())
    looked(qtbot, wizard)
    assert wizard.columns.model.index(row, 3).data(KEY_ROLE) == "staff"
    assert "All required" in wizard.columns.missing.text()
    wizard.forward.click()
    wizard.import_now.click()
    qtbot.waitUntil(lambda: isinstance(page.view, ApplicationsView) and page.view.wizard is None, timeout=WAIT_MS)
    settled(qtbot, page)

    second = write_book(tmp_path / "second.xlsx", [good_row("A2") | {"人手": 40}], headings=headings)
    again = begun(qtbot, page, second)

    assert again.presenter.step == "preview"
    assert again.preview.counts.text() == "1 ready"


def test_the_table_can_be_moved_to_the_row_where_its_headings_are(page: DeskPage, qtbot: QtBot, book: Path) -> None:
    wizard = begun(qtbot, page, book)
    wizard.steps.buttons["columns"].click()

    wizard.columns.heading_row.setValue(2)
    looked(qtbot, wizard)
    assert len(wizard.presenter.missing("applications")) > 5
    wizard.columns.heading_row.setValue(1)
    looked(qtbot, wizard)

    assert wizard.presenter.missing("applications") == ()


def test_a_file_without_a_telling_name_is_dropped_on_its_place(
    page: DeskPage, qtbot: QtBot, book: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "materials" / "A1"
    folder.mkdir(parents=True)
    (folder / "1_申请书.pdf").write_bytes(b"%PDF-1.4 a")
    (folder / "扫描件.pdf").write_bytes(b"%PDF-1.4 b")
    wizard = begun(qtbot, page, book, folder.parent)
    wizard.steps.buttons["materials"].click()
    looked(qtbot, wizard)
    materials = wizard.materials
    qtbot.waitUntil(lambda: materials.files.count() == 1, timeout=WAIT_MS)

    materials.matrix.go_to_cell(lambda row: row.number == "A1", MaterialKind.AUDIT_REPORT.value)
    materials.files.item(0).setSelected(True)
    materials.give.click()
    looked(qtbot, wizard)
    qtbot.waitUntil(lambda: materials.files.count() == 0, timeout=WAIT_MS)
    wizard.import_now.click()
    qtbot.waitUntil(lambda: isinstance(page.view, ApplicationsView) and page.view.wizard is None, timeout=WAIT_MS)
    settled(qtbot, page)

    assert [one.kind.value for one in held(page)[0].materials] == ["1", "4"]


def test_the_folder_of_materials_can_be_dropped_or_chosen_where_they_get_their_places(
    page: DeskPage, qtbot: QtBot, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "A1").mkdir(parents=True)
        (tmp_path / name / "A1" / f"1_申请书{name}.pdf").write_bytes(b"%PDF-1.4 a")
    wizard = begun(qtbot, page, book)
    assert wizard.forward.isEnabled()
    wizard.forward.click()
    materials = wizard.materials
    assert wizard.presenter.step == "materials"
    assert materials.empty.isVisible()
    assert wizard.import_now.isVisible(), "materials can also come later"

    dropped_on(materials, QPoint(50, 50), tmp_path / "one")
    qtbot.waitUntil(lambda: materials.summary.text() == "1 file has its place.", timeout=WAIT_MS)
    assert not materials.empty.isVisible()

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "two"))
    materials.another.click()
    looked(qtbot, wizard)
    qtbot.waitUntil(
        lambda: materials.matrix.model().index(0, 1).data(Qt.ItemDataRole.ToolTipRole) == "1_申请书two.pdf",
        timeout=WAIT_MS,
    )


def test_a_folder_that_is_dropped_while_the_workbook_is_looked_through_is_that_of_its_materials(
    page: DeskPage, qtbot: QtBot, book: Path, tmp_path: Path
) -> None:
    wizard = begun(qtbot, page, book)
    wizard.take([tmp_path])
    assert (wizard.presenter.step, wizard.presenter.folder) == ("materials", tmp_path)
    looked(qtbot, wizard)


def test_workbook_and_folder_are_dropped_together(page: DeskPage, qtbot: QtBot, book: Path, tmp_path: Path) -> None:
    view = page.view
    assert isinstance(view, ApplicationsView)
    view.begin_import()
    assert view.wizard is not None
    folder = tmp_path / "materials"
    folder.mkdir()
    assert drop_on(view.wizard.choose, book, folder)

    qtbot.waitUntil(lambda: view.wizard is not None and view.wizard.presenter.step == "preview", timeout=WAIT_MS)
    assert view.wizard.presenter.folder == folder


def test_a_workbook_dropped_on_the_applications_begins_an_import_but_not_over_another(
    page: DeskPage, qtbot: QtBot, book: Path
) -> None:
    view = page.view
    assert isinstance(view, ApplicationsView)
    dropped_on(view, QPoint(60, 200), book)
    qtbot.waitUntil(lambda: view.wizard is not None and view.wizard.presenter.step == "preview", timeout=WAIT_MS)
    wizard = view.wizard
    assert wizard is not None
    typed(qtbot, wizard, "20")
    held_edits = wizard.presenter.edits

    wizard.take([book])

    assert wizard.banner.isVisible()
    assert wizard.presenter.edits is held_edits


def test_what_is_no_workbook_is_said_in_place(page: DeskPage, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_text("not a workbook", "utf-8")
    view = page.view
    assert isinstance(view, ApplicationsView)
    view.begin_import()
    wizard = view.wizard
    assert wizard is not None

    wizard.presenter.choose(path)
    qtbot.waitUntil(wizard.banner.isVisible, timeout=WAIT_MS)

    assert "book.xlsx" in wizard.banner.what.text()
    assert wizard.presenter.step == "choose"


def test_the_import_survives_a_change_of_language(
    page: DeskPage, qtbot: QtBot, program: app.Application, book: Path
) -> None:
    wizard = begun(qtbot, page, book)
    typed(qtbot, wizard, "20")

    program.settings.language = "zh_CN"
    settled(qtbot, page_of(program, DeskPage))
    view = page_of(program, DeskPage).view

    assert isinstance(view, ApplicationsView)
    assert view.wizard is not None
    assert view.wizard.preview.counts.text().startswith("2 行可导入")


def test_giving_up_leaves_the_round_as_it_was(page: DeskPage, qtbot: QtBot, book: Path) -> None:
    wizard = begun(qtbot, page, book)
    wizard.leave.click()

    view = page.view
    assert isinstance(view, ApplicationsView)
    assert view.wizard is None
    assert held(page) == []


def test_experts_are_imported_by_the_same_wizard(
    page: DeskPage, qtbot: QtBot, program: app.Application, tmp_path: Path
) -> None:
    headings = ("专家编号", "姓名", "工作单位", "角色")
    people = [("E001", "张三", "示例大学", "组长"), ("E002", "李四", "示例大学", "顾问")]
    rows = [dict(zip(headings, one, strict=True)) for one in people]
    book = write_book(tmp_path / "experts.xlsx", rows, headings=headings)
    section = page.presenter.presenter_of("applications")
    wizard = import_wizard(program.go.shell, section, "experts")
    qtbot.addWidget(wizard)
    wizard.presenter.choose(book)
    qtbot.waitUntil(lambda: wizard.presenter.step == "preview", timeout=WAIT_MS)

    assert wizard.preview.counts.text() == "1 ready · 1 row with problems"
    assert wizard.import_now.text() == "Import 1 expert"
    assert wizard.steps.buttons["materials"].isHidden()
    wizard.presenter.leave()


def test_a_file_is_dragged_from_the_list_to_its_kind(page: DeskPage, qtbot: QtBot, book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "materials" / "A1"
    folder.mkdir(parents=True)
    (folder / "扫描件.pdf").write_bytes(b"%PDF-1.4 b")
    wizard = begun(qtbot, page, book, folder.parent)
    wizard.steps.buttons["materials"].click()
    materials = wizard.materials
    qtbot.waitUntil(lambda: materials.files.count() == 1, timeout=WAIT_MS)
    materials.files.item(0).setSelected(True)
    mime = materials.files.mimeData(materials.files.selectedItems())
    place = materials.matrix.visualRect(materials.matrix.matrix.index(0, 3)).center()
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(place, copy, mime, left, none)
    QApplication.sendEvent(materials.matrix.viewport(), entering)
    assert entering.isAccepted()

    QApplication.sendEvent(materials.matrix.viewport(), QDropEvent(QPointF(place), copy, mime, left, none))
    looked(qtbot, wizard)

    assert wizard.presenter.edits is not None
    assert dict(wizard.presenter.edits.placed) == {"A1/扫描件.pdf": ("A1", MaterialKind.RULES)}
    qtbot.waitUntil(lambda: materials.files.count() == 0, timeout=WAIT_MS)


def test_leaving_waits_for_a_word_once_something_was_mended(
    page: DeskPage, qtbot: QtBot, program: app.Application, book: Path
) -> None:
    wizard = begun(qtbot, page, book)
    typed(qtbot, wizard, "20")

    program.go.home()
    assert program.window.page is page
    assert "book.xlsx" in page.banner.what.text()
    page.banner.action.click()

    assert program.window.page is not page


def test_a_workbook_that_is_gone_is_not_imported_and_the_edits_stay(page: DeskPage, qtbot: QtBot, book: Path) -> None:
    wizard = begun(qtbot, page, book)
    typed(qtbot, wizard, "20")
    book.unlink()

    wizard.import_now.click()
    qtbot.waitUntil(wizard.banner.isVisible, timeout=WAIT_MS)
    settled(qtbot, page)

    assert "book.xlsx" in wizard.banner.what.text()
    assert wizard.preview.counts.text().startswith("2 ready")
    assert held(page) == []
