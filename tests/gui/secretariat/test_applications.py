"""The applications at the desk: found, looked at, corrected, given materials, removed and put back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.application import Application as Record
from qisp_desktop.domain.desk_records import Mending
from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.round import Round
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.secretariat.applications.view import ApplicationsView
from qisp_desktop.gui.secretariat.desk_page import DeskPage
from qisp_desktop.store.round_store import RoundStore
from tests.gui.secretariat.desks import WAIT_MS, dropped_at, opened, settled
from tests.unit.domain.values import ACCEPTED_ON, YEAR, application, rubric

RUBRIC = rubric()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A round in which A-1 is whole and A-2 lacks its materials."""
    path = tmp_path / "round.qround"
    value = Round(
        "round", YEAR, "评价", "局", "zh_CN", Policy(tie_break=("P", "Q")), RUBRIC.digest, "PEM", "age1", ACCEPTED_ON
    )
    with (
        RoundStore.create(path, value, RUBRIC, actor="li@office") as store,
        store.change("import applications") as change,
    ):
        change.put_all(
            [application(number="A-1"), application(number="A-2", applicant="深圳市示范检测所", materials=())]
        )
    return path


@pytest.fixture
def page(program: Application, qtbot: QtBot, own: Path) -> DeskPage:
    return opened(qtbot, program, own, "applications")


def view_of(page: DeskPage) -> ApplicationsView:
    view = page.view
    assert isinstance(view, ApplicationsView)
    return view


def chosen(qtbot: QtBot, page: DeskPage, number: str) -> ApplicationsView:
    """The view with the detail of ``number``."""
    view = view_of(page)
    assert view.table.go_to(lambda row: row.number == number)

    def there() -> bool:
        detail = view.presenter.detail
        return detail is not None and detail.application.number == number

    qtbot.waitUntil(there, timeout=WAIT_MS)
    return view


def held(page: DeskPage, number: str) -> Record | None:
    with RoundStore.open(page.session.place, actor="test") as store:
        return store.get(Record, number)


def test_applications_are_searched_filtered_and_exported_as_shown(page: DeskPage, qtbot: QtBot, tmp_path: Path) -> None:
    view = view_of(page)
    view.table.search.setText("sfjc")  # the initials of 示范检测
    qtbot.waitUntil(lambda: view.model.rowCount() == 1)
    view.table.search.clear()
    qtbot.waitUntil(lambda: view.model.rowCount() == 2)
    view.table.show_filter("missing")
    assert [row.number for row in view.model.rows] == ["A-2"]

    with qtbot.waitSignal(view.table.exported):
        view.table.save_as(tmp_path / "table.xlsx")

    sheet = load_workbook(tmp_path / "table.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:3] == ["A-2", "示例服务平台", "深圳市示范检测所"]


def test_a_field_is_corrected_with_a_reason_and_shows_both_values(page: DeskPage, qtbot: QtBot) -> None:
    view = chosen(qtbot, page, "A-1")
    detail = view.detail
    row = next(n for n, field in enumerate(detail.record_model.rows) if field.key == "staff")
    detail.record.setCurrentIndex(detail.record_model.index(row, 1))
    qtbot.keyClick(detail.record, Qt.Key.Key_Return)
    assert detail.correction.value.text() == "10"
    assert not detail.correction.done.isEnabled()

    detail.correction.value.setText("12人")
    detail.correction.reason.setText("申请单位来函更正")
    detail.correction.done.click()
    qtbot.waitUntil(lambda: detail.record_model.row(row).text == "12", timeout=WAIT_MS)

    corrected = held(page, "A-1")
    assert corrected is not None
    assert corrected.staff == 12
    hint = detail.record_model.index(row, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert "“10” became “12”" in hint
    assert "申请单位来函更正" in hint


def test_a_correction_is_undone_by_another_one(page: DeskPage, qtbot: QtBot) -> None:
    view = chosen(qtbot, page, "A-1")
    view.presenter.correct("A-1", "categories", "计量", "更正")
    qtbot.waitUntil(view.banner.action.isVisible, timeout=WAIT_MS)
    settled(qtbot, page)
    before = held(page, "A-1")

    view.banner.action.click()
    settled(qtbot, page)

    after = held(page, "A-1")
    assert before is not None
    assert after is not None
    assert (len(before.categories), len(after.categories)) == (1, 5)
    with RoundStore.open(page.session.place, actor="test") as store:
        assert len(store.all(Mending)) == 2


def test_a_correction_that_does_not_fit_is_refused_in_place(page: DeskPage, qtbot: QtBot) -> None:
    view = chosen(qtbot, page, "A-1")
    view.presenter.correct("A-1", "uscc", "123", "更正")
    settled(qtbot, page)

    assert view.banner.meaning == "bad"
    assert "123" in view.banner.what.text()


def test_dropped_files_become_materials_of_the_kind_under_the_pointer(
    page: DeskPage, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "扫描件.pdf"
    file.write_bytes(b"%PDF-1.4")
    view = chosen(qtbot, page, "A-2")
    view.detail.parts.buttons["materials"].click()
    listed = view.detail.materials.view
    place = listed.visualRect(listed.model().index(2, 0)).center()
    dropped_at(listed, place, file)
    qtbot.waitUntil(lambda: view.detail.materials.model.rows[2].material is not None, timeout=WAIT_MS)

    given = held(page, "A-2")
    assert given is not None
    assert [(one.kind.value, one.name) for one in given.materials] == [("3", "扫描件.pdf")]
    assert "1/7" in [view.model.index(row, 3).data() for row in range(view.model.rowCount())]


def test_a_file_whose_name_tells_nothing_is_asked_about(page: DeskPage, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "扫描件.pdf"
    file.write_bytes(b"%PDF-1.4")
    view = chosen(qtbot, page, "A-2")

    view.detail.materials.give([file], None)
    settled(qtbot, page)

    assert view.banner.meaning == "warn"
    assert "扫描件.pdf" in view.banner.more.text()


def test_a_material_taken_out_is_put_back_by_undo(page: DeskPage, qtbot: QtBot) -> None:
    before = held(page, "A-1")
    view = chosen(qtbot, page, "A-1")
    view.detail.parts.buttons["materials"].click()
    view.detail.materials.view.setCurrentIndex(view.detail.materials.model.index(3, 0))
    qtbot.keyClick(view.detail.materials, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: view.banner.action.isVisible(), timeout=WAIT_MS)
    settled(qtbot, page)
    assert held(page, "A-1") != before

    view.banner.action.click()
    settled(qtbot, page)

    assert held(page, "A-1") == before


def test_an_application_is_removed_with_a_reason_and_put_back_by_undo(page: DeskPage, qtbot: QtBot) -> None:
    view = chosen(qtbot, page, "A-2")
    view.detail.remove.click()
    view.detail.removal.reason.setText("重复申报")
    view.detail.removal.done.click()
    qtbot.waitUntil(lambda: view.model.rowCount() == 1, timeout=WAIT_MS)
    assert not view.detail.isVisible()

    view.banner.action.click()
    qtbot.waitUntil(lambda: view.model.rowCount() == 2, timeout=WAIT_MS)

    qtbot.waitUntil(lambda: view.presenter.number == "A-2", timeout=WAIT_MS)


def test_another_section_leads_to_an_application_and_from_it(page: DeskPage, qtbot: QtBot) -> None:
    page.presenter.go_to("overview")
    settled(qtbot, page)
    page.presenter.go_to("applications", "A-2")
    settled(qtbot, page)
    view = view_of(page)
    assert view.table.current() is not None
    qtbot.waitUntil(view.detail.isVisible, timeout=WAIT_MS)

    view.detail.screening.click()

    assert page.presenter.section == "screening"


@pytest.fixture
def taken(own: Path) -> Iterator[RoundStore]:
    with RoundStore.open(own, actor="li@office-3", write=True) as store:
        yield store


def test_in_a_round_that_can_only_be_read_nothing_is_offered(
    program: Application, qtbot: QtBot, own: Path, taken: RoundStore
) -> None:
    page = opened(qtbot, program, own, "applications")
    view = chosen(qtbot, page, "A-1")

    for part in (view.import_button, view.detail.correct, view.detail.remove, view.detail.materials.add):
        assert not part.isEnabled()
    assert "reading only" in view.import_button.toolTip()


def test_what_a_colleague_changes_is_shown_and_the_choice_stays(
    program: Application, qtbot: QtBot, own: Path, taken: RoundStore
) -> None:
    page = opened(qtbot, program, own, "applications")
    view = chosen(qtbot, page, "A-2")
    with taken.change("import applications") as change:
        change.put(application(number="A-0"))
        change.put(replace(application(number="A-2", materials=()), phone="13900000000"))

    with qtbot.waitSignal(page.session.changed):
        page.session.look_for_changes()
    qtbot.waitUntil(lambda: view.model.rowCount() == 3, timeout=WAIT_MS)
    settled(qtbot, page)

    current = view.table.current()
    assert current is not None
    assert (current.number, current.phone) == ("A-2", "13900000000")
