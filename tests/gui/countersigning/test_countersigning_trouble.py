"""What the leader cannot sign is told with its reason, and no fault leaves half a paper or writes over one."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.gui.panel.countersigning.view import CountersigningView
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.widgets.table_view import choose_row
from tests.gui.countersigning.acts import (
    LEFT,
    PATIENCE_MS,
    add,
    cells,
    fill,
    idle,
    row_of,
    sign,
    states,
    valid_signatures,
)
from tests.gui.countersigning.panel_round import PanelRound
from tests.gui.desk_rounds import view_of

# --------------------------------------------------------------------------------------------- what cannot be signed


def test_files_that_cannot_be_signed_have_no_check_box_and_say_why(
    view: CountersigningView, panel: PanelRound, stick: Path, qtbot: QtBot
) -> None:
    sheet = next(path for path in sorted(stick.iterdir()) if "_E00" in path.name)
    data = sheet.read_bytes()
    (stick / "x1.pdf").write_bytes(data[: len(data) // 2])
    (stick / "x2.pdf").write_bytes(data.replace(b"0", b"1", 1))
    (stick / "x3.pdf").write_bytes(b"not a paper")
    shutil.copy(sheet, stick / "x4.pdf")
    add(view, qtbot, stick, stick / "gone.pdf")

    model = view.papers.model
    said = {name: state for name, state in cells(view, 0, 1) if name.startswith(("x", "gone"))}
    assert said == {
        "x1.pdf": "refused",
        "x2.pdf": "refused",
        "x3.pdf": "refused",
        "x4.pdf": "twice",
        "gone.pdf": "refused",
    }
    for name in (*said, "x4.pdf"):
        index = model.index(row_of(view, name), 0)
        assert index.data(Qt.ItemDataRole.CheckStateRole) is None
        assert not index.flags() & Qt.ItemFlag.ItemIsUserCheckable
        assert model.index(index.row(), 1).data(Qt.ItemDataRole.ToolTipRole)
    choose_row(view.papers.view, row_of(view, "x1.pdf"))
    qtbot.keyClick(view.papers.view, Qt.Key.Key_Space)
    assert "x1.pdf: refused; the file is damaged" in view.papers.detail.text()
    assert view.signing.sign.text() == "Countersign 3 papers"
    choose_row(view.papers.view, row_of(view, "gone.pdf"))
    idle(view, qtbot)
    assert view.reader.word.text() == "There is no such file or folder."


def test_a_damaged_file_breaks_the_viewer_alone(view: CountersigningView, tmp_path: Path, qtbot: QtBot) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)
    add(view, qtbot, broken)
    qtbot.waitUntil(lambda: "damaged" in view.reader.word.text(), timeout=PATIENCE_MS)
    assert not view.reader.viewer.isVisible()


def test_an_application_that_the_leader_stepped_back_from_stays_closed(
    view: CountersigningView, panel: PanelRound, stick: Path, qtbot: QtBot
) -> None:
    desk, number = view.presenter.desk, panel.leader.numbers[0]
    desk.select(number)
    desk.recuse(RecusalGround.KINSHIP, "A cousin works there.")
    add(view, qtbot, stick / f"{number}_report.pdf")
    assert cells(view, 1, 4, 5) == [("refused", "—", "—")]
    assert view.reader.word.text() == "You stepped back from this application; its papers are closed to you."
    assert not view.reader.viewer.isVisible()
    assert view.signing.hindrance.text() == "Nothing is checked that can be signed."


def test_a_wrong_passphrase_signs_nothing(
    view: CountersigningView, panel: PanelRound, stick: Path, out: Path, qtbot: QtBot
) -> None:
    add(view, qtbot, stick)
    fill(view, out, panel)
    view.signing.passphrase.set_text("1234" * 5)
    sign(view, qtbot)
    assert view.signing.wrong.isVisible()
    assert view.signing.passphrase.groups[0].hasFocus()
    assert list(out.iterdir()) == []
    assert states(view) == {"ready"}


def test_each_step_says_what_it_still_needs(
    view: CountersigningView, panel: PanelRound, stick: Path, out: Path, qtbot: QtBot
) -> None:
    said = [view.signing.hindrance.text()]
    for act in (
        lambda: add(view, qtbot, stick),
        lambda: view.signing.folder.setText(str(stick)),
        lambda: view.signing.folder.setText(str(out)),
        lambda: view.signing.passphrase.set_text(panel.leader.passphrase),
        lambda: qtbot.mouseClick(view.papers.none, LEFT),
    ):
        act()
        said.append(view.signing.hindrance.text())
    assert said == [
        "Add the papers first.",
        "Choose a folder for the countersigned papers.",
        "Choose another folder than that of the papers: these stay as they are.",
        "Type your passphrase.",
        "",
        "Nothing is checked that can be signed.",
    ]


# -------------------------------------------------------------------------------------------------------------- faults


def test_a_folder_that_is_gone_is_named_and_another_one_does(
    view: CountersigningView, panel: PanelRound, stick: Path, out: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    add(view, qtbot, stick)
    out.rmdir()
    fill(view, out, panel)
    sign(view, qtbot)
    assert view.banner.what.text() == f"The folder {out} is not there any more."
    assert not out.exists()
    out.mkdir()
    sign(view, qtbot)
    assert states(view) == {"signed"}
    assert view.banner.meaning == "good"


def test_a_file_of_the_same_name_is_not_overwritten_and_the_row_says_so(
    view: CountersigningView, panel: PanelRound, stick: Path, out: Path, qtbot: QtBot
) -> None:
    (out / panel.few[0]).write_bytes(b"somebody else's")
    add(view, qtbot, stick)
    fill(view, out, panel)
    sign(view, qtbot)
    assert view.banner.meaning == "warn"
    assert "1 was not signed; the list says why." in view.banner.more.text()
    assert (out / panel.few[0]).read_bytes() == b"somebody else's"
    choose_row(view.papers.view, row_of(view, panel.few[0]))
    assert "failed; the folder holds another file of this name" in view.papers.detail.text()
    assert view.signing.sign.text() == "Countersign 1 paper"


def test_a_run_that_is_stopped_leaves_whole_papers_and_can_be_repeated(
    view: CountersigningView, panel: PanelRound, stick: Path, out: Path, qtbot: QtBot
) -> None:
    add(view, qtbot, stick)
    fill(view, out, panel)
    presenter = view.presenter
    presenter.progressed.connect(presenter.cancel)
    sign(view, qtbot)
    presenter.progressed.disconnect(presenter.cancel)
    assert view.banner.what.text() == "Signing was stopped."
    done = list(out.iterdir())
    assert len(done) < 3
    assert not [path for path in done if path.suffix != ".pdf"]
    assert all(valid_signatures(path) for path in done)
    assert view.signing.passphrase.complete
    sign(view, qtbot)
    assert len(list(out.iterdir())) == 3


def test_leaving_the_view_goes_on_signing_and_tells_on_return(
    page: DeskPage, view: CountersigningView, panel: PanelRound, stick: Path, out: Path, qtbot: QtBot
) -> None:
    add(view, qtbot, stick)
    fill(view, out, panel)
    presenter = view.presenter
    qtbot.mouseClick(view.signing.sign, LEFT)
    page.turn_to("")
    qtbot.waitUntil(lambda: not presenter.busy, timeout=PATIENCE_MS)
    page.turn_to("countersigning")
    again = view_of(page, CountersigningView)
    idle(again, qtbot)
    assert again.banner.what.text().startswith("3 papers are countersigned")
    assert states(again) == {"signed"}
    assert again.signing.folder.text() == str(out)
