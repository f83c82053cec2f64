"""Photos of a visit, and what both sides sign on site."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.inspection import Side, Verdict
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.inspection.view import InspectionView
from tests.gui.desk_rounds import sign_in, view_of
from tests.gui.dropping import drop_on
from tests.gui.inspection.acts import LEFT, judge_everything, settle
from tests.gui.inspection.photos import PLACE, broken, huge, photo

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
