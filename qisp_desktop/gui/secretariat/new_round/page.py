"""A new round, step by step: nothing is made before the last, and any can be gone back to."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.page import Page, Screen, Shell
from qisp_desktop.gui.secretariat.new_round.basics_step import BasicsStep
from qisp_desktop.gui.secretariat.new_round.done_step import DoneStep
from qisp_desktop.gui.secretariat.new_round.passphrase_step import PassphraseStep
from qisp_desktop.gui.secretariat.new_round.place_step import PlaceStep
from qisp_desktop.gui.secretariat.new_round.policy_step import PolicyStep
from qisp_desktop.gui.secretariat.new_round.presenter import (
    BASICS,
    DONE,
    PASSPHRASE,
    PLACE,
    POLICY,
    RUBRIC,
    STEPS,
    NewRoundPresenter,
)
from qisp_desktop.gui.secretariat.new_round.rubric_step import RubricStep
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip
from qisp_desktop.gui.widgets.scrolled import scrolled
from qisp_desktop.gui.widgets.segments import Choice, Segments


def new_round_screen(shell: Shell) -> Screen:
    """The page on which a round is founded."""
    presenter = NewRoundPresenter(shell)
    return Screen(lambda: NewRoundPage(shell, presenter), presenter)


class NewRoundPage(Page):
    """The view of ``NewRoundPresenter``."""

    def __init__(self, shell: Shell, presenter: NewRoundPresenter) -> None:
        super().__init__(_("New round"), back=shell.go.home)
        self._shell = shell
        self.presenter = presenter
        self._leaving = False
        names = (_("1 The round"), _("2 Scoring standard"), _("3 The rule"), _("4 Passphrase"), _("5 Place"))
        self.steps = Segments([Choice(key, name) for key, name in zip(STEPS, names, strict=True)])
        self.steps.name(_("Steps of the new round"))
        self.steps.picked.connect(presenter.go_to)
        self.progress = ProgressStrip()
        passphrase = PassphraseStep(presenter)
        self.passphrase_lines = (passphrase.fields.first, passphrase.fields.second)
        done = DoneStep(shell, presenter)
        done.open.clicked.connect(self._open_desk)
        self.parts: dict[str, QWidget] = {
            BASICS: BasicsStep(presenter),
            RUBRIC: RubricStep(shell, presenter, self.banner),
            POLICY: PolicyStep(presenter),
            PASSPHRASE: passphrase,
            PLACE: PlaceStep(shell, presenter),
            DONE: done,
        }
        self.stack = QStackedWidget()
        self._areas = {key: scrolled(part) for key, part in self.parts.items()}
        for area in self._areas.values():
            self.stack.addWidget(area)
        self.body.addWidget(self.steps)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.stack, 1)
        self.body.addLayout(self._foot())
        presenter.step_changed.connect(self._show_step)
        presenter.changed.connect(self._enable)
        presenter.refused.connect(self.banner.show_error)
        presenter.busy_changed.connect(self._show_busy)
        self._show_step(presenter.step)

    def holds(self, leave: Callable[[], object]) -> bool:
        """What was typed, and a passphrase that stands on no paper yet, is not thrown away by a slip."""
        presenter = self.presenter
        if self._leaving:
            return False
        if presenter.busy:
            self.banner.say("info", presenter.busy, _("It takes a moment; then you can leave."))
            return True
        if presenter.round is None and presenter.touched:
            self.banner.say(
                "warn", _("The round is not made yet."), _("What was set here is gone when you leave."),
                _("Leave"), lambda: self._leave(leave),
            )  # fmt: skip
            return True
        if presenter.round is not None and presenter.sheet is None:
            self.banner.say(
                "warn", _("The recovery sheet is not saved."),
                _("It can be made only now. Without it everything rests on your memory of the passphrase."),
                _("Go on without it"), lambda: self._leave(leave),
            )  # fmt: skip
            return True
        return False

    def _leave(self, leave: Callable[[], object]) -> None:
        self._leaving = True
        leave()

    def _open_desk(self) -> None:
        # Asked here, before there is a desk that would have to wait for the answer.
        if not self.holds(self.presenter.open_desk):
            self.presenter.open_desk()

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.missing = label("", "second", wrap=True)
        self.earlier, self.later = button(_("Back")), button(_("Next"), "primary")
        self.found = button(_("Make the round"), "primary")
        self.earlier.clicked.connect(lambda: self.presenter.turn(-1))
        self.later.clicked.connect(lambda: self.presenter.turn(1))
        self.found.clicked.connect(self._create)
        self.later.setShortcut("Alt+Right")
        row.addWidget(self.missing, 1)
        for part in (self.earlier, self.later, self.found):
            row.addWidget(part)
        return row

    def _create(self) -> None:
        self.banner.put_away()
        self.presenter.create()

    def _show_step(self, step: str) -> None:
        made = step == DONE
        self.steps.setVisible(not made)
        if not made:
            self.steps.show_key(step)
        self.stack.setCurrentWidget(self._areas[step])
        self._enable()
        part = self.parts[step]
        if isinstance(part, BasicsStep):
            part.name.setFocus()
        elif isinstance(part, PassphraseStep):
            part.fields.first.setFocus()
        elif isinstance(part, PlaceStep):
            part.choose.setFocus()
        elif isinstance(part, DoneStep):
            # What made the round is hidden now, and Qt would go on to the way home.
            part.sheet.save.setFocus()

    def _show_busy(self, what: str) -> None:
        if what:
            self.progress.begin(what)
        else:
            self.progress.end()
        self._enable()

    def _enable(self) -> None:
        presenter = self.presenter
        step, busy, made = presenter.step, bool(presenter.busy), presenter.step == DONE
        problem = presenter.first_problem
        self.earlier.setVisible(not made)
        self.earlier.setEnabled(step != BASICS and not busy)
        self.later.setVisible(not made and step != PLACE)
        self.found.setVisible(not made and step == PLACE)
        self.found.setEnabled(problem is None and not busy)
        own = "" if made else presenter.problem_of(step)
        self.missing.setText(own or ("" if made or step != PLACE or problem is None else problem[1]))
        for key, name in self.steps.buttons.items():
            lacking = presenter.problem_of(key)
            name.setToolTip(lacking)
