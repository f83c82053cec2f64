"""The expert's desk in the window: its header, and the view that is turned to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QLayout, QPushButton, QStackedWidget, QWidget

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.gui import assets, theme
from qisp_desktop.gui.idle import IdleWatch
from qisp_desktop.gui.page import Page, Screen, Shell
from qisp_desktop.gui.panel.desk.arriving import Arriving
from qisp_desktop.gui.panel.desk.autosave import BrokenOffError
from qisp_desktop.gui.panel.desk.carried_over import CarriedOverBanner
from qisp_desktop.gui.panel.desk.composing import Composing
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.panel.desk.scoring_view import ScoringView
from qisp_desktop.gui.panel.desk.shortcuts import COUNTERSIGNING_KEYS, Shortcuts, ShortcutSheet, desk_keys
from qisp_desktop.gui.panel.desk.views import COUNTERSIGNING, DeskView, views_of
from qisp_desktop.gui.preferences.look_menu import look_button
from qisp_desktop.gui.widgets.card import button
from qisp_desktop.gui.widgets.elided_label import ElidedLabel
from qisp_desktop.services.desk_editing import DeskContents

if TYPE_CHECKING:
    from qisp_desktop.gui.panel.countersigning.presenter import CountersigningPresenter

OTHERS_IN_HEAD = 560
"""Pixels at 100 % for the way back, the beginning of a title, when it was saved, the look and the lock."""


def desk_screen(shell: Shell, path: Path, opened: DeskContents) -> Screen:
    """The desk of an unlocked package, for the window."""
    presenter = DeskPresenter(path, opened, shell.tasks)
    return Screen(lambda: DeskPage(shell, presenter), presenter)


class DeskPage(Page):
    """The view of ``DeskPresenter``: scoring, or one of ``views_of``."""

    def __init__(self, shell: Shell, presenter: DeskPresenter) -> None:
        whose = _("{name} ({id})").format(name=presenter.expert.name, id=presenter.expert.id)
        super().__init__(f"{presenter.round_name} · {whose}", back=shell.go.home)
        self._shell = shell
        self.presenter = presenter
        self._views = views_of(presenter)
        around = self.body.parent()
        if isinstance(around, QLayout):
            around.setContentsMargins(12, 12, 12, 12)  # three columns need the room
        self._buttons: dict[str, QPushButton] = {}
        self._other: QWidget | None = None
        self._head()
        self._composing = Composing(self)
        self.scoring = ScoringView(shell, presenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.scoring)
        self.carried = CarriedOverBanner(presenter)
        self.body.addWidget(self.carried)
        self.body.addWidget(self._stack, 1)
        presenter.moving.connect(self._composing.finish)
        presenter.saved.connect(self._show_saved)
        presenter.save_failed.connect(self._show_failure)
        presenter.view_wanted.connect(self._turn_if_elsewhere)
        presenter.all_finished.connect(self._say_finished)
        presenter.reloaded.connect(self._show_state)
        presenter.application_changed.connect(self._note_thaw)
        self._watch: IdleWatch | None = None
        self._watch_idleness()
        self._shortcuts = Shortcuts(self, {"help": self._explain_keys})
        self._papers: CountersigningPresenter | None = None
        if any(view.key == COUNTERSIGNING for view in self._views):
            self._take_papers()
        self._show_state()
        if presenter.view:
            self.turn_to(presenter.view)

    def shows(self, path: Path) -> bool:
        """A second double click on the package does not lock the desk, nor take away what was typed."""
        return path == self.presenter.path.absolute()

    def turn_to(self, key: str) -> None:
        """Show the view ``key`` of ``views_of``, or (an empty key) scoring."""
        self._composing.finish()
        if self._other is not None:
            self._stack.removeWidget(self._other)
            self._other.hide()
            self._other.deleteLater()
            self._other = None
        view = next((one for one in self._views if one.key == key), None)
        self.presenter.view = view.key if view is not None else ""
        self._mark_buttons()
        if view is None:
            self._stack.setCurrentWidget(self.scoring)
            self.scoring.come_back()
            return
        self._put_advice_away()
        self.scoring.remember()
        self._other = view.make(self._shell, self.presenter, lambda: self.turn_to(""))
        self._stack.addWidget(self._other)
        self._stack.setCurrentWidget(self._other)
        self._other.setFocus()

    def _mark_buttons(self) -> None:
        for view in self._views:
            here = view.key == self.presenter.view
            one = self._buttons[view.key]
            one.setChecked(here)
            if view.primary:  # its icon is light on the accent, but not while it is down
                assets.set_icon(one, view.icon, "accent_text" if here else "on_accent", one.iconSize().width())

    def _turn_if_elsewhere(self, key: str) -> None:
        if key != self.presenter.view:
            self.turn_to(key)

    def _explain_keys(self) -> None:
        if self.presenter.view == COUNTERSIGNING:
            ShortcutSheet(self, COUNTERSIGNING_KEYS).open()
        else:
            ShortcutSheet(self, desk_keys(leads=COUNTERSIGNING in self._buttons)).open()

    def _take_papers(self) -> None:
        """Papers that are dropped on a leader's desk are to be countersigned."""
        from qisp_desktop.gui.panel.countersigning.drops import PaperDrops
        from qisp_desktop.gui.panel.countersigning.presenter import CountersigningPresenter

        self._papers = papers = CountersigningPresenter.of(self.presenter, self._shell.tasks)
        papers.busy_changed.connect(self._note_countersigned)

        def take(paths: list[Path]) -> None:
            self._turn_if_elsewhere(COUNTERSIGNING)
            papers.add(paths)

        PaperDrops(self, take)

    def lock(self, *, by_itself: bool) -> None:
        """Close the desk and ask for the passphrase; not before all that was entered is durable, and signed."""
        self._composing.finish()
        self.scoring.remember()
        if not self._holds_for_photos(lambda: self._go_to_lock(by_itself)):
            self.presenter.when_saved(lambda: self._go_to_lock(by_itself))

    def _watch_idleness(self) -> None:
        if self._watch is not None:
            self._watch.deleteLater()
        minutes = self._shell.settings.auto_lock_minutes
        if minutes:
            self._watch = IdleWatch(minutes * 60, self)
            self._watch.idle.connect(self._lock_by_itself)

    def _lock_by_itself(self) -> None:
        if self.presenter.frozen or self._arriving is not None:
            self._watch_idleness()  # it goes on without anybody, and what came of it is looked at later
        elif not self._countersigns:  # else as soon as that is through
            self.lock(by_itself=True)

    def _go_to_lock(self, by_itself: bool) -> None:
        from qisp_desktop.gui.panel.unlock_page import unlock_screen

        self._shell.go.show(unlock_screen(self._shell, self.presenter.path, locked=by_itself, copy=self.presenter.copy))

    def _head(self) -> None:
        self.saved = ElidedLabel(look="second")
        self.corner.setSpacing(8)
        self.corner.addWidget(self.saved)
        self.corner.addSpacing(8)
        for view in self._views:
            self._buttons[view.key] = self._view_button(view)
            self.corner.addWidget(self._buttons[view.key])
        self.look_button = look_button(self._shell.settings, self._explain_keys)
        self.corner.addWidget(self.look_button)
        self.lock_button = button("", "quiet", "lock")
        self.lock_button.setToolTip(_("Lock now (Ctrl+L)"))
        self.lock_button.setAccessibleName(_("Lock"))
        self.lock_button.setShortcut("Ctrl+L")
        self.lock_button.clicked.connect(lambda: self.lock(by_itself=False))
        self.corner.addWidget(self.lock_button)

    def hideEvent(self, event: QHideEvent) -> None:
        """The page may be made anew, in another size or language, while something is composed."""
        super().hideEvent(event)
        self._composing.finish()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words on the buttons where there is room for them, else only their pictures."""
        super().resizeEvent(event)
        self._label_buttons()

    def _label_buttons(self) -> None:
        """The words of the view that matters most go last, and after them that of the way back."""
        self.back.setText(_("Home"))
        room = self.width() - theme.current().px(OTHERS_IN_HEAD)
        primary = [view.key for view in self._views if view.primary]
        for named in (list(self._buttons), primary, []):
            for view in self._views:
                self._buttons[view.key].setText(_(view.text) if view.key in named else "")
            if sum(one.sizeHint().width() + 8 for one in self._buttons.values()) <= room:
                return
        self.back.setText("")

    def _view_button(self, view: DeskView) -> QPushButton:
        made = button(
            _(view.text), "primary" if view.primary else "", view.icon, "on_accent" if view.primary else "text"
        )
        made.setCheckable(True)
        made.setToolTip(_(view.hint))
        made.setAccessibleName(_(view.text))
        if view.shortcut:
            made.setShortcut(view.shortcut)
        made.clicked.connect(lambda on: self._press(view, on))
        return made

    def _press(self, view: DeskView, on: bool) -> None:
        if on:
            self.turn_to(view.key)
        elif view.primary:  # it says what is done there: nobody presses it to go back
            self._mark_buttons()
            if self._other is not None:
                self._other.setFocus()
        else:
            self.turn_to("")

    def _show_state(self) -> None:
        presenter = self.presenter
        if presenter.save_problem is not None:
            self._show_failure(presenter.save_problem)
        elif presenter.saved_at is not None:
            self._show_saved(presenter.saved_at)
        else:
            self.saved.setText(_("Everything is saved"))

    def _show_saved(self, when: datetime) -> None:
        saved = _("Saved {time}").format(time=when.strftime("%H:%M:%S"))
        self.saved.setText(" · ".join(filter(None, (saved, self.presenter.turned))))
        if self._failing:
            self._failing = False
            self._leave = None
            self.banner.say("good", _("Everything is saved again."))

    def _note_thaw(self) -> None:
        """What was said of signing is over with it."""
        if self._held_by_signing and not self._signs:
            self._held_by_signing = False
            self.banner.put_away()

    def _note_countersigned(self) -> None:
        """A run can outlast the patience of the lock; it locks as soon as the run is through, if nobody came back."""
        self._note_thaw()
        if self._papers is None or self._signs or self._watch is None or not self._watch.left_alone:
            return
        self._papers.left_alone = True
        QTimer.singleShot(0, self, lambda: self.lock(by_itself=True))  # the presenter is in the midst of telling

    @property
    def _countersigns(self) -> bool:
        return self._papers is not None and self._papers.busy == "signing"

    @property
    def _signs(self) -> bool:
        return self.presenter.frozen or self._countersigns

    def _is_held(self) -> bool:
        """Whether it signs; it then says that it cannot be left."""
        if self._signs:
            self._held_by_signing = True
            self.banner.say("info", _("Signing is under way."), _("Wait until it is done, or stop it."))
        return self._signs

    _held_by_signing = False
    _failing = False
    _leave: Callable[[], object] | None = None
    """Where the person wanted to go when something was not saved yet."""
    _awaited: Arriving | None = None

    def holds(self, leave: Callable[[], object]) -> bool:
        """The desk is left once everything is durable; while the disk fails, only by an express word; while it signs,
        not at all: the person is to see what came of it."""
        self._composing.finish()
        if self._is_held():
            return True
        if self._holds_for_photos(leave):
            return True
        if not self.presenter.unsaved:
            return False
        self._leave = leave
        self._leave_when_saved()
        return True

    def _leave_when_saved(self) -> None:
        problem = self.presenter.save_problem
        if problem is None or isinstance(problem, BrokenOffError):
            self.presenter.when_saved(self._go)
        else:
            self._show_failure(problem)

    @property
    def _arriving(self) -> Arriving | None:
        """Photos that are being taken in."""
        return next((one for one in self.presenter.findChildren(Arriving) if one.busy), None)

    def _holds_for_photos(self, leave: Callable[[], object]) -> bool:
        """While photos are taken in, ``leave`` waits for the last of them, unless the person leaves the others out."""
        arriving = self._arriving
        if arriving is None:
            return False
        if arriving is not self._awaited:
            self._awaited = arriving
            arriving.ended.connect(self._leave_after_photos)
        self._leave = leave
        self.banner.say(
            "info",
            _("Photos are still being taken in."),
            _("The desk is left as soon as all of them are kept."),
            _("Leave the others out"),
            self._leave_photos_out,
        )
        return True

    def _leave_photos_out(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
        self._leave_after_photos([])

    def _leave_after_photos(self, refused: list[UserError]) -> None:
        """Leave once the photo that came last is durable; where one was refused, the person is to hear of it first."""
        if self._leave is None:
            return
        self.banner.put_away()
        if refused:
            self._leave = None
            if self.presenter.view != "inspection":  # which tells of it itself
                self.banner.show_error(refused[0])
        else:
            self._leave_when_saved()

    def _go(self) -> None:
        leave, self._leave = self._leave, None
        if leave is not None and not self._is_held():
            leave()

    def _lose(self) -> None:
        self.presenter.give_up()
        self._go()

    def _show_failure(self, error: UserError) -> None:
        self._failing = True
        broken_off = isinstance(error, BrokenOffError)
        self.saved.setText(_("Not saved"))
        why = sentences(error.what, error.why, error.do)
        if self._leave is not None:
            numbers = _(", ").join(self.presenter.unsaved_numbers)
            what = _("The desk stays open: the last changes to {numbers} are not saved.").format(numbers=numbers)
            why = sentences(why, _("Leave again to try again.") if broken_off else _("It is tried again by itself."))
            self.banner.say("bad", what, why, _("Close it and lose the last changes"), self._lose)
            return
        more = _("What you typed is kept here and is tried again by itself. Do not close the window.")
        if broken_off:
            more = _("What you typed is kept here. Try to save it again before you leave.")
        self.banner.say("bad", _("Not saved"), sentences(why, more), _("Try again now"), self.presenter.save_now)

    def _put_advice_away(self) -> None:
        """Who turns to another view has read what was advised, and needs the room there."""
        if self.banner.what.text() == _("Every application is finished."):
            self.banner.put_away()

    def _say_finished(self) -> None:
        self.banner.say(
            "good",
            _("Every application is finished."),
            _("Compare your scores before you sign."),
            _("Compare"),
            lambda: self.turn_to("compare"),
        )
