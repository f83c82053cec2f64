"""The expert signs and hands in: nothing is done before every file was read again, and the office accepts it."""

from __future__ import annotations

import shutil
from pathlib import Path

from pytestqt.qtbot import QtBot

from qisp_desktop.domain.inspection import Overall, Side, Verdict
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.inspection.view import InspectionView
from qisp_desktop.gui.panel.signing.view import SigningView
from qisp_desktop.services.collect_report import CollectReport
from qisp_desktop.services.collecting import collect
from qisp_desktop.services.desk import DeskStatus
from qisp_desktop.services.results import read_round, valid_inspections
from qisp_desktop.store.round_store import RoundStore
from tests.gui.desk_rounds import show_desk, show_view, sign_in, view_of
from tests.gui.inspection.photos import photo
from tests.gui.opened_folders import opened_by_the_system
from tests.gui.samples import OFFICE_PASSPHRASE, IssuedRound
from tests.gui.signing.acts import LEFT, PATIENCE_MS, prepare, sign


def collected(planned: IssuedRound, returns: Path, folder: Path) -> tuple[CollectReport, Path]:
    """What a copy of the office's round says of the files."""
    office = folder / "office"
    office.mkdir()
    for path in planned.round.parent.glob("round.qround*"):
        (shutil.copytree if path.is_dir() else shutil.copyfile)(path, office / path.name)
    round_path = office / planned.round.name
    return collect(round_path, [returns], passphrase=OFFICE_PASSPHRASE, deep=True), round_path


def verdicts(report: CollectReport) -> list[tuple[str, int, str]]:
    return [(one.application, one.revision, one.verdict.value) for file in report.files for one in file.sheets]


def record_visit(view: InspectionView, qtbot: QtBot, picture: Path) -> None:
    qtbot.mouseClick(view.visit.day.today, LEFT)
    qtbot.keyClicks(view.visit.received_by, "Lin Zhiyuan")
    for row in view.checklist.rows.values():
        qtbot.mouseClick(row.verdict.buttons[Verdict.CONFORM], LEFT)
    qtbot.mouseClick(view.visit.overall.buttons[Overall.RECTIFY], LEFT)
    view.take_in([picture])
    qtbot.waitUntil(lambda: len(view.presenter.draft.photos) == 1, timeout=PATIENCE_MS)
    for side in Side:
        sign_in(qtbot, view.signatures.fields[side].pad)


# ------------------------------------------------------------------------------------------------------- the whole way


def test_what_was_scored_and_inspected_is_signed_exported_and_accepted_by_the_office(
    page: DeskPage, planned: IssuedRound, stick: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    visit = show_view(qtbot, page, InspectionView, "Site inspection")
    record_visit(visit, qtbot, photo(tmp_path / "IMG_0.jpg", turned=True))
    view = show_view(qtbot, page, SigningView, "Sign and export…")
    assert view.ui.standing.text() == "2 sheets are to be signed. 1 site inspection goes with it."
    sign_in(qtbot, view.ui.pad.pad)
    view.ui.folder.setText(str(stick))
    view.ui.passphrase.set_text(planned.passphrase)

    sign(view, qtbot)

    assert view.ui.doneTitle.text() == "Done: every file was read again and is as it was signed."
    assert "E001-r1.qscore" in view.ui.doneText.text()
    assert view.ui.passphrase.text() == ""
    assert {item.status for item in view.presenter.desk.sheets.items} == {DeskStatus.SIGNED}
    report, round_path = collected(planned, stick, tmp_path)
    assert report.harmless
    assert verdicts(report) == [(number, 1, "accepted") for number in planned.numbers]
    with RoundStore.open(round_path, actor="clerk") as store:
        (record,) = valid_inspections(read_round(store))
    assert (record.application, record.overall) == (planned.numbers[0], Overall.RECTIFY)
    assert [one.side for one in record.signatures] == list(Side)
    assert [one.taken for one in record.photos] == ["2026:07:03 09:42:10"]


def test_a_signed_sheet_is_only_read_until_it_is_reopened_with_a_reason_and_signed_as_the_next_revision(
    page: DeskPage, view: SigningView, planned: IssuedRound, stick: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    prepare(view, qtbot, stick, planned.passphrase)
    sign(view, qtbot)
    page.turn_to("")
    desk, scores = view.presenter.desk, page.scoring.scores
    first = planned.numbers[0]
    desk.select(first)
    assert not desk.editable
    qtbot.mouseClick(scores.state.revise, LEFT)
    assert not scores.state.reopen.isEnabled()
    qtbot.keyClicks(scores.state.reason, "misread the lease")
    qtbot.mouseClick(scores.state.reopen, LEFT)
    scores.cards["Q1"].points.setFocus()
    scores.cards["Q1"].points.selectAll()
    qtbot.keyClicks(scores.cards["Q1"].points, "3.5")

    again = show_view(qtbot, page, SigningView, "Sign and export…")
    assert again.ui.doneCard.isHidden()
    prepare(again, qtbot, stick, planned.passphrase)
    sign(again, qtbot)

    report, _round = collected(planned, stick, tmp_path)
    accepted = {(number, revision) for number, revision, verdict in verdicts(report) if verdict == "accepted"}
    assert (first, 2) in accepted
    assert report.harmless


def test_signing_again_without_a_change_writes_the_same_files(
    view: SigningView, planned: IssuedRound, stick: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    prepare(view, qtbot, stick, planned.passphrase)
    sign(view, qtbot)
    other = tmp_path / "other"
    other.mkdir()
    assert view.ui.standing.text().startswith("Nothing new is to be signed; exporting again writes the same files.")
    prepare(view, qtbot, other, planned.passphrase)
    sign(view, qtbot)

    files = sorted(path.relative_to(stick) for path in stick.rglob("*") if path.is_file())
    assert len(files) == 1 + len(planned.numbers)
    assert [(other / path).read_bytes() for path in files] == [(stick / path).read_bytes() for path in files]


# ---------------------------------------------------------------------------------------------- what stands in the way


def test_a_recusal_that_the_office_was_not_told_of_is_counted_until_it_is_handed_in(
    page: DeskPage, planned: IssuedRound, stick: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    desk = page.presenter
    for number in planned.numbers:
        desk.select(number)
        desk.recuse(RecusalGround.KINSHIP, "A cousin works there.")
    view = show_view(qtbot, page, SigningView, "Sign and export…")
    assert view.ui.standing.text() == "2 recusals are handed in."
    prepare(view, qtbot, stick, planned.passphrase)
    sign(view, qtbot)

    report, _round = collected(planned, stick, tmp_path)
    assert report.harmless
    again = show_view(qtbot, page, SigningView, "Sign and export…") if not view.isVisible() else view
    assert again.ui.standing.text().startswith("Nothing new is to be signed")


def test_what_is_missing_is_listed_and_a_click_goes_there(
    program: Application, planned: IssuedRound, tmp_path: Path, qtbot: QtBot
) -> None:
    first, second = planned.numbers
    page = show_desk(program, qtbot, planned, tmp_path / "E001.qwork", complete=(first,))
    view = show_view(qtbot, page, SigningView, "Sign and export…")
    assert [link.text() for link in view.links] == [
        f"{second}: not scored yet",
        f"{first}: the planned site inspection is not recorded",
    ]
    assert view.ui.hindrance.text().startswith("Something is missing")
    assert not view.ui.sign.isEnabled()

    qtbot.mouseClick(view.links[1], LEFT)
    assert view_of(page, InspectionView).presenter.number == first
    view = show_view(qtbot, page, SigningView, "Sign and export…")
    qtbot.mouseClick(view.links[0], LEFT)

    assert page.scoring.isVisible()
    assert view.presenter.desk.number == second


def test_only_what_is_complete_is_handed_in_when_the_expert_says_so(
    program: Application, planned: IssuedRound, stick: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    first, second = planned.numbers
    page = show_desk(program, qtbot, planned, tmp_path / "E001.qwork", complete=(first,))
    view = show_view(qtbot, page, SigningView, "Sign and export…")
    prepare(view, qtbot, stick, planned.passphrase)
    sign(view, qtbot)

    assert "1 application follows later." in view.ui.doneText.text()
    statuses = {item.number: item.status for item in view.presenter.desk.sheets.items}
    assert statuses == {first: DeskStatus.SIGNED, second: DeskStatus.NEW}
    report, _round = collected(planned, stick, tmp_path)
    assert verdicts(report) == [(first, 1, "accepted")]


def test_each_step_says_what_it_still_needs(view: SigningView, planned: IssuedRound, stick: Path, qtbot: QtBot) -> None:
    said = []
    for act in (
        lambda: None,
        lambda: view.ui.partial.setChecked(True),
        lambda: sign_in(qtbot, view.ui.pad.pad),
        lambda: view.ui.folder.setText(str(stick)),
        lambda: view.ui.passphrase.set_text(planned.passphrase),
    ):
        act()
        said.append(view.ui.hindrance.text())

    assert said == [
        "Something is missing: complete it, or choose to hand in only what is complete.",
        "Draw your signature, or choose to sign on paper.",
        "Choose where to put the files.",
        "Type your passphrase.",
        "",
    ]


def test_a_wrong_passphrase_signs_nothing(view: SigningView, stick: Path, qtbot: QtBot) -> None:
    prepare(view, qtbot, stick, "1234" * 5)
    sign(view, qtbot)

    assert view.ui.wrong.isVisible()
    assert "passphrase" in view.ui.wrong.text()
    assert view.ui.passphrase.groups[0].hasFocus()
    assert {item.status for item in view.presenter.desk.sheets.items} == {DeskStatus.COMPLETE}
    assert list(stick.iterdir()) == []


# -------------------------------------------------------------------------------------------------- preview and folder


def test_the_sheet_is_shown_as_it_will_be_printed_and_after_signing_as_it_was_signed(
    view: SigningView, planned: IssuedRound, stick: Path, qtbot: QtBot
) -> None:
    document = view.paper.document
    qtbot.waitUntil(lambda: document.pageCount() > 0, timeout=PATIENCE_MS)
    assert planned.numbers[0] in document.getAllText(0).text()
    view.paper.choice.setCurrentIndex(1)
    view.paper.choice.activated.emit(1)
    qtbot.waitUntil(lambda: planned.numbers[1] in document.getAllText(0).text(), timeout=PATIENCE_MS)

    prepare(view, qtbot, stick, planned.passphrase)
    sign(view, qtbot)

    last = "电子签名"
    qtbot.waitUntil(lambda: document.pageCount() > 0, timeout=PATIENCE_MS)
    pages = range(document.pageCount())
    qtbot.waitUntil(lambda: any(last in document.getAllText(n).text() for n in pages), timeout=PATIENCE_MS)


def test_the_folder_is_opened_by_the_system(view: SigningView, planned: IssuedRound, stick: Path, qtbot: QtBot) -> None:
    prepare(view, qtbot, stick, planned.passphrase)
    sign(view, qtbot)
    with opened_by_the_system() as opened:
        qtbot.mouseClick(view.ui.openFolder, LEFT)

    assert opened == [stick]


def test_the_folder_is_remembered(
    program: Application, view: SigningView, planned: IssuedRound, stick: Path, qtbot: QtBot
) -> None:
    prepare(view, qtbot, stick, planned.passphrase)
    sign(view, qtbot)

    assert program.settings.export_folder == str(stick)
