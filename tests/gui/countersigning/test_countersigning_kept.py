"""Who comes back to a desk that was locked or left finds the list of papers again, as the files are now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.app import Application
from qisp_desktop.gui.panel.countersigning.kept import KeptLists
from qisp_desktop.gui.panel.countersigning.view import CountersigningView
from qisp_desktop.gui.panel.desk.page import DeskPage
from qisp_desktop.gui.panel.unlock_page import UnlockPage
from qisp_desktop.gui.start.page import StartPage
from tests.gui.countersigning.acts import LEFT, PATIENCE_MS, add, cells, fill, idle, sign, states
from tests.gui.countersigning.panel_round import PanelRound
from tests.gui.desk_rounds import sign_in, view_of
from tests.gui.program import page_of, wait_for_page

Unlock = Callable[[], DeskPage]
ComeBack = Callable[[], CountersigningView]


@pytest.fixture
def unlock(program: Application, panel: PanelRound, qtbot: QtBot) -> Unlock:
    """Unlocks the leader's desk, from the first page too."""

    def open_desk() -> DeskPage:
        if isinstance(program.window.page, StartPage):
            program.go.open(panel.leader.package)
        locked = wait_for_page(qtbot, program, UnlockPage)
        locked.ui.passphrase.set_text(panel.leader.passphrase)
        qtbot.mouseClick(locked.ui.unlock, LEFT)
        qtbot.waitUntil(lambda: isinstance(program.window.page, DeskPage), timeout=PATIENCE_MS)
        return page_of(program, DeskPage)

    return open_desk


@pytest.fixture
def come_back(unlock: Unlock, qtbot: QtBot) -> ComeBack:
    """Unlocks the leader's desk and turns to its papers."""
    return lambda: view_of_papers(unlock(), qtbot)


def view_of_papers(page: DeskPage, qtbot: QtBot) -> CountersigningView:
    """The leader's view, once its papers were looked at."""
    page.turn_to("countersigning")
    view = view_of(page, CountersigningView)
    idle(view, qtbot)
    return view


def sign_the_first_alone(view: CountersigningView, out: Path, panel: PanelRound, qtbot: QtBot) -> None:
    """Of three papers, sign one, leave one out, and leave one for later."""
    qtbot.mouseClick(view.papers.none, LEFT)
    view.papers.model.check([view.papers.model.row(0)], True)
    fill(view, out, panel)
    sign(view, qtbot)
    view.papers.model.check([view.papers.model.row(1)], True)
    assert [paper.path.name for paper in view.presenter.list.chosen] == [panel.few[1]]


@pytest.mark.parametrize("locked", [True, False])
def test_papers_choices_and_what_is_signed_are_there_after_the_lock_and_after_home(
    page: DeskPage, view: CountersigningView, panel: PanelRound, stick: Path, out: Path, come_back: ComeBack,
    qtbot: QtBot, locked: bool,
) -> None:  # fmt: skip
    add(view, qtbot, stick)
    qtbot.mouseClick(view.signing.draw, LEFT)
    sign_in(qtbot, view.signing.pad.pad)
    sign_the_first_alone(view, out, panel, qtbot)
    before = cells(view, 0, 1, 2, 3, 4, 5, 6, 7)
    if locked:
        page.lock(by_itself=True)
    else:
        page.back.click()

    again = come_back()

    assert again is not view
    assert cells(again, 0, 1, 2, 3, 4, 5, 6, 7) == before
    assert [state for _name, state in cells(again, 0, 1)] == ["signed", "ready", "ready"]
    assert [paper.path.name for paper in again.presenter.list.chosen] == [panel.few[1]]
    assert again.signing.folder.text() == str(out)
    assert again.signing.passphrase.text() == ""
    assert again.presenter.drawing is None, "the signature is drawn anew"
    assert again.presenter.take_news() is None
    fill(again, out, panel)
    sign(again, qtbot)
    assert len(list(out.iterdir())) == 2


def test_what_changed_meanwhile_is_read_and_not_remembered(
    page: DeskPage, view: CountersigningView, panel: PanelRound, stick: Path, out: Path, come_back: ComeBack,
    qtbot: QtBot,
) -> None:  # fmt: skip
    add(view, qtbot, stick)
    fill(view, out, panel)
    sign(view, qtbot)
    assert states(view) == {"signed"}
    page.lock(by_itself=True)
    first, second, third = panel.few
    (out / first).unlink()
    (out / second).write_bytes((stick / second).read_bytes())
    (stick / third).unlink()

    again = come_back()

    assert cells(again, 0, 1) == [(first, "ready"), (second, "ready"), (third, "refused")]


def test_papers_whose_stick_was_away_are_known_as_signed_once_they_can_be_read(
    page: DeskPage, view: CountersigningView, panel: PanelRound, stick: Path, out: Path, come_back: ComeBack,
    qtbot: QtBot,
) -> None:  # fmt: skip
    add(view, qtbot, stick)
    sign_the_first_alone(view, out, panel, qtbot)
    page.lock(by_itself=True)
    away = stick.rename(stick.with_name("away"))

    again = come_back()

    assert cells(again, 0, 1) == [(name, "refused") for name in panel.few]
    again.presenter.look_again()
    idle(again, qtbot)
    away.rename(stick)
    again.presenter.look_again()
    idle(again, qtbot)
    assert [state for _name, state in cells(again, 0, 1)] == ["signed", "ready", "ready"]


def test_papers_that_were_still_being_checked_are_checked_again(
    page: DeskPage, view: CountersigningView, panel: PanelRound, stick: Path, come_back: ComeBack, qtbot: QtBot
) -> None:
    view.take_in([stick])
    assert view.presenter.busy == "checking"
    page.lock(by_itself=True)
    again = come_back()
    assert cells(again, 0, 1) == [(name, "ready") for name in panel.few]


def test_who_stops_the_check_after_the_lock_keeps_the_list(
    program: Application, page: DeskPage, view: CountersigningView, panel: PanelRound, stick: Path, out: Path,
    unlock: Unlock, qtbot: QtBot,
) -> None:  # fmt: skip
    add(view, qtbot, stick)
    sign_the_first_alone(view, out, panel, qtbot)
    page.lock(by_itself=True)
    unlock().turn_to("countersigning")
    again = view_of(page_of(program, DeskPage), CountersigningView)
    qtbot.mouseClick(again.papers.progress.cancel, LEFT)
    idle(again, qtbot)

    assert cells(again, 0, 1) == [(name, "not checked") for name in panel.few]
    assert again.banner.isHidden()
    said = f"{panel.few[0]}: not checked; it has not been read yet: look again"
    assert again.papers.detail.text() == said, "nothing is known of its signatures"
    assert {kind for (kind,) in cells(again, 2)} == {"—"}
    assert again.signing.hindrance.text() == "Nothing is checked that can be signed."
    page_of(program, DeskPage).lock(by_itself=True)
    once_more = view_of_papers(unlock(), qtbot)
    assert [state for _name, state in cells(once_more, 0, 1)] == ["signed", "ready", "ready"]
    assert [paper.path.name for paper in once_more.presenter.list.chosen] == [panel.few[1]]


@pytest.mark.parametrize("anew", ["F5", "language"])
def test_who_stops_looking_again_keeps_what_was_known(
    program: Application, page: DeskPage, view: CountersigningView, panel: PanelRound, stick: Path, out: Path,
    qtbot: QtBot, anew: str,
) -> None:  # fmt: skip
    add(view, qtbot, stick)
    sign_the_first_alone(view, out, panel, qtbot)
    before = [paper.path.name for paper in view.presenter.list.papers]
    if anew == "F5":
        view.presenter.look_again()
    else:
        program.settings.language = "zh_CN"
    again = view_of(page_of(program, DeskPage), CountersigningView)
    assert again.presenter.busy == "checking"
    qtbot.mouseClick(again.papers.progress.cancel, LEFT)
    idle(again, qtbot)

    states = ["signed", "ready", "ready"] if anew == "F5" else ["已会签", "可会签", "可会签"]
    assert cells(again, 0, 1) == list(zip(before, states, strict=True))
    assert [paper.path.name for paper in again.presenter.list.chosen] == [panel.few[1]]


def test_while_the_desk_is_locked_only_names_of_files_are_kept(
    program: Application, page: DeskPage, view: CountersigningView, panel: PanelRound, stick: Path, out: Path,
    qtbot: QtBot,
) -> None:  # fmt: skip
    add(view, qtbot, stick)
    sign_the_first_alone(view, out, panel, qtbot)
    page.lock(by_itself=True)
    wait_for_page(qtbot, program, UnlockPage)
    kept = KeptLists.of(program.tasks).list_of(panel.leader.package, panel.leader.expert)
    assert [path.name for path in kept.paths] == panel.few
    assert all(isinstance(one, Path | str) for one in leaves(vars(kept)))
    assert panel.leader.passphrase not in str(kept)


def leaves(value: object) -> Iterable[object]:
    """All that ``value`` holds, in whatever collections."""
    if isinstance(value, Mapping):
        value = [one for pair in value.items() for one in pair]
    if isinstance(value, Collection) and not isinstance(value, str):
        for one in value:
            yield from leaves(one)
    elif value is not None:
        yield value


def test_nobody_else_finds_the_list(view: CountersigningView, panel: PanelRound, stick: Path, qtbot: QtBot) -> None:
    add(view, qtbot, stick)
    lists = KeptLists.of(view._shell.tasks)
    assert lists.list_of(panel.leader.package, panel.leader.expert).paths
    assert not lists.list_of(panel.member.package, panel.member.expert).paths
    assert not lists.list_of(panel.leader.package, panel.member.expert).paths


def test_another_language_forgets_nothing_of_what_is_signed(
    program: Application, page: DeskPage, view: CountersigningView, panel: PanelRound, stick: Path, out: Path,
    qtbot: QtBot,
) -> None:  # fmt: skip
    add(view, qtbot, stick)
    sign_the_first_alone(view, out, panel, qtbot)
    program.settings.language = "zh_CN"
    again = view_of(page_of(program, DeskPage), CountersigningView)
    idle(again, qtbot)
    assert [state for _name, state in cells(again, 0, 1)] == ["已会签", "可会签", "可会签"]
