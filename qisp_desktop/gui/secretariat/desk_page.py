"""The secretariat's desk: on the left the steps of a round, on the right the one that is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.gui import assets, theme
from qisp_desktop.gui.idle import IdleWatch
from qisp_desktop.gui.page import Page, Screen, Shell
from qisp_desktop.gui.presenter import Presenter
from qisp_desktop.gui.secretariat.focus_keeper import FocusKeeper
from qisp_desktop.gui.secretariat.overview.glance import quick_board
from qisp_desktop.gui.secretariat.recovering import RoundTrouble
from qisp_desktop.gui.secretariat.section import SectionPresenter, SectionView
from qisp_desktop.gui.secretariat.sections import OVERVIEW, SECTIONS, SETTINGS
from qisp_desktop.gui.secretariat.session import RoundSession
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import button
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip

if TYPE_CHECKING:
    from qisp_desktop.services.overview_values import Board
    from qisp_desktop.store.places import RoundPlace

RAIL_BESIDE, RAIL_ROW = 72, 40
"""What stands beside the text of a step, and the height of its row."""
KINDS = {kind.key: kind for kind in (*SECTIONS, SETTINGS)}


def desk_screen(shell: Shell, place: RoundPlace, section: str = OVERVIEW) -> Screen:
    """The desk of the round at ``place``, open at ``section``."""
    presenter = DeskPresenter(shell, place, section)
    return Screen(lambda: DeskPage(shell, presenter), presenter)


class DeskPresenter(Presenter):
    """Which section is shown, and the presenters of those that were shown already."""

    section_changed = Signal(str)
    calm = Signal()
    """No section is doing anything any more."""
    glanced = Signal(str)
    """The overview can be shown, though the round, whose name this is, is not open yet."""

    def __init__(self, shell: Shell, place: RoundPlace, section: str = OVERVIEW) -> None:
        super().__init__()
        self._shell = shell
        self.session = RoundSession(place, shell.tasks, self)
        self.section = section
        self._presenters: dict[str, SectionPresenter[Any]] = {}
        self._begun = False
        self.session.opened.connect(lambda: _remember(shell, place))
        minutes = shell.settings.auto_lock_minutes
        if minutes:
            # The keys of a whole round must not lie open beside an empty chair.
            IdleWatch(minutes * 60, self).idle.connect(self.session.lock)

    def begin(self) -> None:
        """Open the round, once whoever had it before in this window has let go of it."""
        if not self._begun:
            self._begun = True
            QTimer.singleShot(0, self.session, self._glance)

    def _glance(self) -> None:
        """Show what counting tells while the database library is still being loaded; then open the round."""
        if self.section != OVERVIEW:
            self.session.open()
            return
        place = self.session.place
        self._shell.tasks.run(self.session, lambda job: quick_board(place), self._glanced, cancelled=self._glanced)

    def _glanced(self, board: Board | None = None) -> None:
        if board is not None:
            self.presenter_of(OVERVIEW).data = board
            self.glanced.emit(board.round.name)
        # Once the overview is on the screen: loading the library at the same time would hold it up.
        QTimer.singleShot(0, self.session, self.session.open)

    def presenter_of(self, key: str) -> SectionPresenter[Any]:
        """The presenter of a section, made when first asked for."""
        if key not in self._presenters:
            made = KINDS[key].make_presenter(self.session)
            made.wanted.connect(self.go_to)
            made.busy_changed.connect(self._busy_changed)
            self._presenters[key] = made
        return self._presenters[key]

    def go_to(self, key: str, wish: object = None) -> None:
        """Show the section ``key``; its view takes ``wish`` up, if it has one to take."""
        self.presenter_of(self.section).hide()
        self.section = key
        self.presenter_of(key).wish = wish
        self.section_changed.emit(key)
        self.presenter_of(key).show()

    def busy_with(self) -> str:
        """The long work that must not be broken off by leaving; empty when there is none."""
        return next((one.busy for one in self._presenters.values() if one.busy), "")

    def unfinished(self) -> str:
        """What a section has begun and would be lost."""
        return next((words for one in self._presenters.values() if (words := one.unfinished())), "")

    def stop(self) -> None:
        """Stop what is being done at its next step; ``calm`` follows."""
        for one in self._presenters.values():
            one.cancel()

    def close(self) -> None:
        """Let go of the round."""
        self.stop()
        for one in self._presenters.values():
            one.close()
        self.session.close()

    def _busy_changed(self, what: str) -> None:
        if not what and not self.busy_with():
            self.calm.emit()


def _remember(shell: Shell, place: RoundPlace) -> None:
    if isinstance(place, Path):
        shell.settings.remember(place)
    else:
        shell.settings.server = str(place)  # which never holds the password


class DeskPage(Page):
    """The view of ``DeskPresenter``."""

    def __init__(self, shell: Shell, presenter: DeskPresenter) -> None:
        super().__init__(presenter.session.name, back=shell.go.home)
        self._shell = shell
        self.presenter = presenter
        self.session = presenter.session
        self._views: dict[str, SectionView] = {}
        self._leave: Callable[[], object] | None = None
        self._giving_up = False
        self.reload = button(_("Read again"), "quiet", "refresh")
        self.reload.setToolTip(_("Read the round file again (F5)"))
        self.reload.clicked.connect(self.session.changed)
        self.keys = button("", "quiet", "lock")
        self.keys.clicked.connect(self.session.lock)
        self.settings = button(_("Settings"), "quiet", "settings")
        self.settings.setToolTip(_("Settings of the round (Ctrl+,)"))
        self.settings.clicked.connect(lambda: self.presenter.go_to(SETTINGS.key))
        QShortcut(QKeySequence("Ctrl+,"), self).activated.connect(self.settings.click)
        self.print = button(_("Print papers"), "", "print")
        self.print.setToolTip(_("The printing desk of this round"))
        self.print.clicked.connect(self._open_printing)
        for part in (self.keys, self.reload, self.settings, self.print):
            self.corner.addWidget(part)
        self.progress = ProgressStrip()
        self.body.addWidget(self.progress)
        self.trouble = RoundTrouble(shell, self.session, self.banner, self.progress)
        self.content = QWidget()
        row = QHBoxLayout(self.content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self.rail = self._rail()
        self.stack = QStackedWidget()
        FocusKeeper(self.stack)
        row.addWidget(self.rail)
        row.addWidget(self.stack, 1)
        self.body.addWidget(self.content, 1)
        self._wire()

    @property
    def view(self) -> SectionView | None:
        """The section that is shown."""
        return self._views.get(self.presenter.section)

    def holds(self, leave: Callable[[], object]) -> bool:
        """Leaving waits while something is being done to the round that would be broken off, or lost."""
        what = self.presenter.busy_with()
        if not what:
            return self._holds_unfinished(leave)
        self.banner.say(
            "warn", _("Not left yet: {what}").format(what=what), _("Wait until it is done, or stop it."),
            _("Stop and leave"), lambda: self._stop_and_leave(leave),
        )  # fmt: skip
        return True

    def _holds_unfinished(self, leave: Callable[[], object]) -> bool:
        what = self.presenter.unfinished()
        if not what or self._giving_up:
            return False
        self.banner.say(
            "warn", _("Not left yet: {what}").format(what=what), _("Finish it first, or give it up."),
            _("Leave all the same"), lambda: self._give_up(leave),
        )  # fmt: skip
        return True

    def _give_up(self, leave: Callable[[], object]) -> None:
        self._giving_up = True
        leave()

    def _stop_and_leave(self, leave: Callable[[], object]) -> None:
        self._leave = leave
        self.presenter.stop()
        if not self.presenter.busy_with():
            self._go()

    def _go(self) -> None:
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()

    def _rail(self) -> QListWidget:
        rail = QListWidget()
        rail.setProperty(*role("rail"))
        rail.setAccessibleName(_("Steps of the round"))
        texts = max(rail.fontMetrics().horizontalAdvance(_(kind.name)) for kind in SECTIONS)
        rail.setFixedWidth(texts + theme.current().px(RAIL_BESIDE))
        rail.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for place, kind in enumerate(SECTIONS, start=1):
            item = QListWidgetItem(assets.icon(kind.icon, "second"), _(kind.name))
            item.setSizeHint(QSize(0, theme.current().px(RAIL_ROW)))
            item.setToolTip(_("{name} (Ctrl+{number})").format(name=_(kind.name), number=place))
            rail.addItem(item)
            shortcut = QShortcut(QKeySequence(f"Ctrl+{place}"), self)
            shortcut.activated.connect(lambda row=place - 1: self.rail.setCurrentRow(row))
        return rail

    def _wire(self) -> None:
        session = self.session
        QShortcut(QKeySequence("F5"), self).activated.connect(session.changed)
        self.rail.currentRowChanged.connect(self._picked)
        self.presenter.section_changed.connect(self._show_section)
        self.presenter.glanced.connect(self._glanced)
        session.opened.connect(self._opened)
        session.failed.connect(self._refused)
        session.trouble.connect(self.trouble.tell)
        session.office_changed.connect(self._show_keys)
        self.presenter.calm.connect(self._go)
        theme.current().about_to_change.connect(self._shed)
        self._show_keys()
        if session.open_round is not None:
            self._opened()
        elif session.error is not None:
            self._refused(session.error)
        else:
            self.content.hide()
            self.progress.begin(_("Reading the round…"))
            self.presenter.begin()

    def _glanced(self, name: str) -> None:
        self.heading.setText(name)
        self.content.show()
        self._show_section(OVERVIEW)

    def _opened(self) -> None:
        self.progress.end()
        self.banner.put_away()
        self.content.show()
        self.title = self.session.name
        self.heading.setText(self.session.name)
        held = self.session.open_round
        if held is not None and held.read_only is not None:
            self._say_read_only(held.read_only)
        self._show_section(self.presenter.section)
        self.presenter.presenter_of(self.presenter.section).show()

    def _say_read_only(self, error: UserError) -> None:
        if self.session.is_trouble(error):
            self.trouble.tell(error)
            return
        self.banner.say(
            "warn", _("The round is open for reading only."), sentences(error.what, error.why),
            _("Try again"), self.session.open,
        )  # fmt: skip

    def _refused(self, error: UserError) -> None:
        self.progress.end()
        self.content.hide()
        self.trouble.tell(error)

    def _picked(self, row: int) -> None:
        if row >= 0 and SECTIONS[row].key != self.presenter.section:
            self.presenter.go_to(SECTIONS[row].key)

    def _show_section(self, key: str) -> None:
        if key not in self._views:
            kind = KINDS[key]
            view = kind.make_view(self._shell, self.presenter.presenter_of(key))
            self._views[key] = view
            self.stack.addWidget(view)
            view.start()
        self.stack.setCurrentWidget(self._views[key])
        self._views[key].take_wish()
        self.rail.setCurrentRow(next((place for place, kind in enumerate(SECTIONS) if kind.key == key), -1))

    def _shed(self) -> None:
        """Let go of sections that nobody sees, and that hold nothing of anybody's; they are made anew when wanted."""
        for key, view in tuple(self._views.items()):
            if view is not self.stack.currentWidget() and view.is_spare():
                del self._views[key]
                self.stack.removeWidget(view)
                shiboken6.delete(view)

    def _show_keys(self) -> None:
        unlocked = self.session.unlocked
        self.keys.setVisible(unlocked)
        self.keys.setText(_("Lock the keys"))
        self.keys.setToolTip(_("The secretariat's keys are unlocked; lock them before you leave the place"))

    def _open_printing(self) -> None:
        from qisp_desktop.gui.printing.page import printing_screen

        self._shell.go.show(printing_screen(self._shell, self.session.place))
