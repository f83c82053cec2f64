"""A visit is written on site: judged, photographed, signed, and kept with every change."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.inspection import Overall, Side, Verdict
from qisp_desktop.domain.inspection_draft import InspectionDraft
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.inspection.fields import parse_day
from qisp_desktop.gui.panel.inspection.view import InspectionView
from qisp_desktop.services.desk import Desk
from tests.gui.desk_rounds import show_desk, show_view, sign_in, view_of
from tests.gui.inspection.photos import PLACE, broken, huge, photo
from tests.gui.program import wait_for_page
from tests.gui.samples import IssuedRound

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "E001.qwork"


@pytest.fixture
def page(program: Application, qtbot: QtBot, planned: IssuedRound, workspace: Path) -> DeskPage:
    return show_desk(program, qtbot, planned, workspace)


@pytest.fixture
def view(page: DeskPage, qtbot: QtBot) -> InspectionView:
    return show_view(qtbot, page, InspectionView, "Site inspection")


def drop_on(view: InspectionView, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = LEFT, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(view, entering)
    if entering.isAccepted():
        QApplication.sendEvent(view, QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, buttons, keys))


def settle(qtbot: QtBot, view: InspectionView) -> None:
    tasks = view._shell.tasks
    qtbot.waitUntil(lambda: not tasks.busy and not view.presenter.desk.unsaved, timeout=20_000)


def judge_everything(qtbot: QtBot, view: InspectionView) -> None:
    """The quick way through the form, by clicks and keys."""
    qtbot.mouseClick(view.visit.day.today, LEFT)
    qtbot.keyClicks(view.visit.received_by, "Lin Zhiyuan")
    for row in view.checklist.rows.values():
        qtbot.mouseClick(row.verdict.buttons[Verdict.CONFORM], LEFT)
    qtbot.mouseClick(view.visit.overall.buttons[Overall.PASS], LEFT)


def kept(planned: IssuedRound, workspace: Path) -> InspectionDraft:
    """What another start of the program finds."""
    with Desk.open(workspace, planned.passphrase) as desk:
        (draft,) = desk.store.all(InspectionDraft)
    return draft


# ----------------------------------------------------------------------------------------------------------- the record


def test_the_planned_visit_is_offered_first_and_says_what_it_misses_once_it_is_begun(
    view: InspectionView, planned: IssuedRound, qtbot: QtBot
) -> None:
    assert view.presenter.number == planned.numbers[0]
    assert view.choice.currentText().endswith("(planned)")
    assert view.missing.text() == ""

    qtbot.mouseClick(view.visit.day.today, LEFT)

    assert view.missing.text() == "Still missing: who received you, I1: no verdict and 12 more"


def test_a_visit_is_written_by_keys_and_is_there_after_the_next_start(
    program: Application, view: InspectionView, planned: IssuedRound, workspace: Path, qtbot: QtBot
) -> None:
    qtbot.keyClicks(view.visit.day.line, "2026.7.3")
    qtbot.keyClicks(view.visit.received_by, "Lin  Zhiyuan ")
    first, second = list(view.checklist.rows.values())[:2]
    first.verdict.buttons[Verdict.CONFORM].setFocus()
    qtbot.keyClick(first.verdict.buttons[Verdict.CONFORM], Qt.Key.Key_1)
    qtbot.mouseClick(second.verdict.buttons[Verdict.OBSERVATION], LEFT)
    qtbot.keyClicks(second.note, "fees not displayed")
    qtbot.mouseClick(second.finding, LEFT)
    (finding,) = view.findings.rows
    assert finding.text.hasFocus()
    qtbot.keyClicks(finding.text, "No list of fees at the window.")
    qtbot.keyClick(view.visit.overall.buttons[Overall.PASS], Qt.Key.Key_Right)
    qtbot.keyClick(view.visit.overall.buttons[Overall.PASS], Qt.Key.Key_Right)
    program.go.home()
    qtbot.waitUntil(lambda: not program.tasks.busy, timeout=20_000)
    program.tasks.shut_down()

    draft = kept(planned, workspace)

    assert (draft.date, draft.received_by, draft.overall) == (date(2026, 7, 3), "Lin Zhiyuan", Overall.RECTIFY)
    assert [item.verdict for item in draft.items[:3]] == [Verdict.CONFORM, Verdict.OBSERVATION, None]
    assert draft.items[1].note == "fees not displayed"
    (found,) = draft.findings
    assert (found.text, found.item, found.photo) == ("No list of fees at the window.", second.item.code, "")
    assert found.at is not None


def test_a_change_is_durable_within_a_moment_and_the_header_says_when(
    page: DeskPage, view: InspectionView, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(view.presenter.desk.saved, timeout=2000):
        qtbot.mouseClick(view.visit.day.today, LEFT)

    assert page.saved.text().startswith("Saved ")


def test_undo_goes_through_the_visit_and_turns_to_it_from_anywhere(
    page: DeskPage, view: InspectionView, qtbot: QtBot
) -> None:
    row = next(iter(view.checklist.rows.values()))
    qtbot.mouseClick(row.verdict.buttons[Verdict.NONCONFORM], LEFT)
    qtbot.mouseClick(row.verdict.buttons[Verdict.CONFORM], LEFT)
    qtbot.keyClick(row.verdict.buttons[Verdict.CONFORM], Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert row.verdict.key == Verdict.NONCONFORM
    page.turn_to("")

    page.scoring.setFocus()
    qtbot.keyClick(page.scoring, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    again = view_of(page, InspectionView)
    assert [one.verdict.key for one in again.checklist.rows.values()] == [""] * 12


def test_undo_shows_the_visit_in_which_it_undoes(view: InspectionView, planned: IssuedRound, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.visit.day.today, LEFT)
    view.presenter.select(planned.numbers[1])
    assert view.presenter.draft.date is None

    view.presenter.desk.undo()

    assert view.presenter.number == planned.numbers[0]
    assert view.visit.day.line.text() == ""


def test_a_finding_can_be_taken_away_and_brought_back(view: InspectionView, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.findings.add, LEFT)
    qtbot.keyClicks(view.findings.rows[0].text, "first")
    qtbot.mouseClick(view.findings.add, LEFT)
    qtbot.keyClicks(view.findings.rows[1].text, "second")

    qtbot.mouseClick(view.findings.rows[0].remove, LEFT)
    assert [row.text.toPlainText() for row in view.findings.rows] == ["second"]
    view.presenter.desk.undo()

    assert [row.text.toPlainText() for row in view.findings.rows] == ["first", "second"]


def test_a_text_longer_than_can_be_kept_is_cut_and_the_form_goes_on(view: InspectionView, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.findings.add, LEFT)

    view.findings.rows[0].text.setPlainText("长𬭚" * 40_000)

    assert len(view.presenter.draft.findings[0].text) == 10_000


def test_the_form_is_made_anew_in_another_language_with_all_that_was_entered(
    program: Application, view: InspectionView, qtbot: QtBot
) -> None:
    judge_everything(qtbot, view)

    program.settings.language = "zh_CN"

    again = view_of(wait_for_page(qtbot, program, DeskPage), InspectionView)
    assert again.visit.received_by.text() == "Lin Zhiyuan"
    assert again.checklist.rows["I1"].verdict.buttons[Verdict.CONFORM].text() == "符合"


def test_an_application_that_the_expert_stepped_back_from_cannot_be_inspected(
    page: DeskPage, view: InspectionView, planned: IssuedRound
) -> None:
    presenter = view.presenter.desk
    presenter.select(planned.numbers[0])

    presenter.recuse(RecusalGround.ADVISER, "曾任顾问")

    assert "stepped back" in view.state.what.text()
    assert not view.presenter.editable
    assert not view.gallery.files.isVisible()


def test_photos_and_signatures_stand_below_the_record_where_the_window_is_narrow(
    program: Application, view: InspectionView, qtbot: QtBot
) -> None:
    def stands_below() -> bool:
        origin = QPoint(0, 0)
        return view.gallery.mapTo(view, origin).x() == view.visit.mapTo(view, origin).x()

    assert not stands_below()
    program.window.resize(960, 600)
    qtbot.waitUntil(stands_below)
    program.window.resize(1366, 768)
    qtbot.waitUntil(lambda: not stands_below())


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-07-03", date(2026, 7, 3)),
        ("2026.7.3", date(2026, 7, 3)),
        ("2026年7月3日", date(2026, 7, 3)),
        ("2026/7/3", date(2026, 7, 3)),
        ("2026-07-03".translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}), date(2026, 7, 3)),
        ("2026-02-30", None),
        ("26-7-3", None),
        ("July", None),
        ("9" * 1000, None),
    ],
)
def test_a_day_is_read_in_the_usual_spellings_and_nothing_else_is(typed: str, day: date | None) -> None:
    assert parse_day(typed) == day


def test_what_is_no_day_is_said_in_place_when_the_field_is_left(view: InspectionView, qtbot: QtBot) -> None:
    qtbot.keyClicks(view.visit.day.line, "2026-02-30")
    qtbot.keyClick(view.visit.day.line, Qt.Key.Key_Return)

    assert view.visit.day.wrong.text() == "This is no day; write it as 2026-07-03."
    assert view.presenter.draft.date is None


# --------------------------------------------------------------------------------------------------------------- photos


def test_photos_dropped_are_kept_upright_with_their_time_and_a_broken_one_is_named(
    view: InspectionView, qtbot: QtBot, tmp_path: Path
) -> None:
    upright = photo(tmp_path / "IMG_1.jpg", turned=True)
    paths = [photo(tmp_path / "IMG_0.jpg"), upright, broken(tmp_path / "IMG_2.jpg")]

    drop_on(view, *paths)
    settle(qtbot, view)

    kept_photos = view.presenter.draft.photos
    assert [one.name for one in kept_photos] == ["IMG_0.jpg", "IMG_1.jpg"]
    assert kept_photos[1].taken == "2026:07:03 09:42:10"
    assert kept_photos[1].size == upright.stat().st_size
    small = [view.presenter.pictures.small(one) for one in kept_photos]
    assert [(image.width(), image.height()) for image in small if image is not None] == [(320, 240), (240, 320)]
    assert view.banner.what.text() == "IMG_2.jpg is not a photo that can be read."
    assert view.gallery.tiles["IMG_1.jpg"].when.text() == "07-03 09:42"


def test_a_photo_is_kept_without_the_place_where_it_was_taken_and_the_gallery_says_so(
    view: InspectionView, tmp_path: Path, qtbot: QtBot
) -> None:
    taken = photo(tmp_path / "IMG_1.jpg", placed=True)
    assert PLACE.encode() in taken.read_bytes()

    drop_on(view, taken)
    settle(qtbot, view)

    (kept,) = view.presenter.draft.photos
    assert PLACE.encode() not in view.presenter.desk._desk.store.blob(kept.sha256)
    assert kept.original == hashlib.sha256(taken.read_bytes()).hexdigest()
    assert "left out" in view.gallery.places.text()
    assert kept.original in view.gallery.tiles[kept.name].when.toolTip()


def test_a_photo_of_a_billion_pixels_is_refused_with_a_word_before_it_is_decoded(
    view: InspectionView, qtbot: QtBot, tmp_path: Path
) -> None:
    drop_on(view, huge(tmp_path / "wall.png"))
    settle(qtbot, view)

    assert view.presenter.draft.photos == ()
    assert view.banner.what.text().startswith("wall.png is not")


def test_a_whole_folder_is_taken_in_and_the_same_photo_only_once(
    view: InspectionView, qtbot: QtBot, tmp_path: Path
) -> None:
    card = tmp_path / "card"
    card.mkdir()
    photo(card / "A.jpg", colour="green")
    photo(card / "B.jpg", colour="blue")
    (card / "notes.txt").write_text("not a photo", "utf-8")

    drop_on(view, card)
    settle(qtbot, view)
    other = photo(tmp_path / "A.jpg", colour="red")
    drop_on(view, card / "A.jpg", other)
    settle(qtbot, view)

    assert [one.name for one in view.presenter.draft.photos] == ["A.jpg", "B.jpg", "A (2).jpg"]
    assert view.banner.what.text() == "A.jpg is there already."


def test_a_folder_without_photos_is_said_to_have_none(view: InspectionView, qtbot: QtBot, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    drop_on(view, empty)
    settle(qtbot, view)

    assert view.banner.what.text() == f"There are no photos in {empty}."


def test_a_copied_picture_is_pasted(view: InspectionView, qtbot: QtBot) -> None:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("orange"))
    QGuiApplication.clipboard().setImage(image)

    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, view)
    QGuiApplication.clipboard().clear()

    (pasted,) = view.presenter.draft.photos
    assert pasted.name.startswith("clipboard ")
    assert pasted.name.endswith(".png")


def test_a_photo_is_captioned_linked_to_a_finding_looked_at_and_left_out(
    view: InspectionView, qtbot: QtBot, tmp_path: Path
) -> None:
    drop_on(view, photo(tmp_path / "IMG_0.jpg"))
    settle(qtbot, view)
    tile = view.gallery.tiles["IMG_0.jpg"]
    qtbot.keyClicks(tile.caption, "the window ")
    qtbot.mouseClick(tile.finding, LEFT)
    qtbot.keyClicks(view.findings.rows[0].text, "seen here")
    assert view.presenter.draft.photos[0].caption == "the window"
    assert view.presenter.draft.findings[0].photo == "IMG_0.jpg"

    qtbot.mouseClick(tile.picture, LEFT)
    qtbot.waitUntil(lambda: not view.large.picture.pixmap().isNull(), timeout=10_000)
    qtbot.keyClick(view.large.back, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not view.large.isVisible())
    qtbot.mouseClick(tile.remove, LEFT)

    assert view.presenter.draft.photos == ()
    assert view.presenter.draft.findings[0].photo == ""


def test_photos_that_are_on_their_way_can_be_stopped(view: InspectionView, qtbot: QtBot, tmp_path: Path) -> None:
    drop_on(view, *[photo(tmp_path / f"IMG_{n}.jpg", colour=f"#0000{n:02}") for n in range(10, 30)])
    qtbot.mouseClick(view.gallery.progress.cancel, LEFT)
    settle(qtbot, view)

    assert len(view.presenter.draft.photos) < 20
    assert not view.gallery.progress.isVisible()


# ----------------------------------------------------------------------------------------------------------- signatures


def test_an_unfinished_record_cannot_be_signed(view: InspectionView, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.visit.day.today, LEFT)

    sign_in(qtbot, view.signatures.fields[Side.HOST].pad)

    assert view.presenter.draft.signatures == ()
    assert view.signatures.hint.text() == "The record is signed when it is complete."


def test_what_both_sides_signed_is_closed_to_changes_until_the_signatures_are_taken_away(
    view: InspectionView, qtbot: QtBot
) -> None:
    judge_everything(qtbot, view)
    for side in Side:
        sign_in(qtbot, view.signatures.fields[side].pad)

    signatures = view.presenter.draft.signatures
    assert [(one.side, one.name) for one in signatures] == [(Side.EXPERT, "顾维桢"), (Side.HOST, "Lin Zhiyuan")]
    assert [len(one.drawing.strokes) for one in signatures] == [2, 2]
    assert view.state.what.text() == "Signed on site, and closed to changes."
    assert view.visit.received_by.isReadOnly()
    row = view.checklist.rows["I1"]
    qtbot.mouseClick(row.verdict.buttons[Verdict.NONCONFORM], LEFT)
    assert row.verdict.key == Verdict.CONFORM

    qtbot.mouseClick(view.state.action, LEFT)
    qtbot.mouseClick(row.verdict.buttons[Verdict.NONCONFORM], LEFT)

    assert view.presenter.draft.signatures == ()
    assert view.presenter.draft.items[0].verdict is Verdict.NONCONFORM


def test_a_photo_is_cited_and_its_citation_leads_back_to_it(
    page: DeskPage, view: InspectionView, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = page.presenter
    with qtbot.waitSignal(desk.application_changed):
        desk.declare()
    view.take_in([photo(tmp_path / "IMG_1.jpg")])
    settle(qtbot, view)
    (tile,) = view.gallery.tiles.values()
    qtbot.mouseClick(tile.picture, LEFT)
    assert view.large.cite.text() == "Cite for Q1"
    qtbot.mouseClick(view.large.cite, LEFT)
    (cited,) = desk.score("Q1").evidence
    assert (cited.sha256, cited.name, cited.page) == (tile.photo.sha256, "IMG_1.jpg", 0)

    page.turn_to("")
    (mark,) = page.scoring.scores.detail.citations.marks
    link, _cross = mark.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    qtbot.mouseClick(link, LEFT)
    shown = view_of(page, InspectionView)
    qtbot.waitUntil(lambda: shown.large.isVisible() and not shown.large.picture.pixmap().isNull(), timeout=10_000)
    assert "IMG_1.jpg" in shown.large.name.text()

    shown.presenter.remove_photo("IMG_1.jpg")
    page.turn_to("")
    page.scoring.follow(cited)
    shown = view_of(page, InspectionView)
    qtbot.waitUntil(shown.banner.isVisible)
    assert "no longer in the record" in shown.banner.what.text()
