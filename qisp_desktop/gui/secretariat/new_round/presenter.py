"""What a clerk has decided of a new round so far, and making it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.base.paths import safe_name
from qisp_desktop.domain.policy import Policy, policy_problem
from qisp_desktop.domain.round import EARLIEST_YEAR, LATEST_YEAR
from qisp_desktop.gui.opening import ROUND
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.presenter import Presenter
from qisp_desktop.services.round_defaults import OFFICE, proposed_name, usual_policy

if TYPE_CHECKING:
    from qisp_desktop.domain.round import Round
    from qisp_desktop.domain.rubric import Rubric
    from qisp_desktop.gui.tasks import Job, Task
    from qisp_desktop.services.passphrase_strength import Strength
    from qisp_desktop.store.places import RoundPlace, ServerPlace

BASICS, RUBRIC, POLICY, PASSPHRASE, PLACE, DONE = "basics", "rubric", "policy", "passphrase", "place", "done"
STEPS = (BASICS, RUBRIC, POLICY, PASSPHRASE, PLACE)
SHORTEST = 8


class NewRoundPresenter(Presenter):
    """Holds the plan of the round; the passphrase only until the page is left."""

    changed = Signal()
    """Something of the plan is another one."""
    step_changed = Signal(str)
    busy_changed = Signal(str)
    refused = Signal(UserError)
    """A scoring standard that cannot be used, or a round that could not be made."""
    made = Signal()
    saved = Signal()
    """The recovery sheet was written."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.step = BASICS
        self.year = date.today().year  # noqa: DTZ011  the office's own calendar year
        self.year = min(max(self.year, EARLIEST_YEAR), LATEST_YEAR)
        self.name = proposed_name(self.year)
        self.office = shell.settings.office or OFFICE
        self.rubric: Rubric | None = None
        self.rubric_file: Path | None = None
        self.policy: Policy | None = None
        self.policy_sound = True
        self.passphrase = self.again = ""
        self.strength: Strength | None = None
        self.place: RoundPlace | None = None
        self.round: Round | None = None
        self.sheet: Path | None = None
        self.touched = False
        self.busy = ""
        self._weighing: Task[Strength] | None = None
        shell.tasks.run(self, _default_rubric, self._took_default, store=False)

    # Steps ----------------------------------------------------------------------------------------------------------

    def go_to(self, step: str) -> None:
        """Show ``step``."""
        if self.round is None and step != self.step:
            self.step = step
            self.step_changed.emit(step)

    def turn(self, by: int) -> None:
        """Go so many steps on, or back."""
        place = STEPS.index(self.step) + by
        if 0 <= place < len(STEPS):
            self.go_to(STEPS[place])

    def problem_of(self, step: str) -> str:
        """What ``step`` still lacks, in words; empty when it is complete."""
        match step:
            case _ if step == BASICS:
                return "" if self.name.strip() and self.office.strip() else _("A name and an office are needed.")
            case _ if step == RUBRIC:
                return "" if self.rubric is not None else _("No scoring standard is chosen.")
            case _ if step == POLICY:
                return "" if self.policy_sound else _("The rule cannot be carried out yet.")
            case _ if step == PASSPHRASE:
                return self._passphrase_problem()
            case _ if step == PLACE:
                return "" if self.place is not None else _("Choose where the round is to lie.")
        return ""

    @property
    def first_problem(self) -> tuple[str, str] | None:
        """The first step that lacks something, and what; None when the round can be made."""
        return next(((step, problem) for step in STEPS if (problem := self.problem_of(step))), None)

    # The plan -------------------------------------------------------------------------------------------------------

    def set_year(self, year: int) -> None:
        """The year of the round; a name that was proposed follows it."""
        proposed = self.name == proposed_name(self.year)
        self.year = year
        if proposed:
            self.name = proposed_name(year)
        self._touch()

    def set_name(self, name: str) -> None:
        """The name that papers carry."""
        self.name = name
        self._touch()

    def set_office(self, office: str) -> None:
        """The office that heads every paper."""
        self.office = office
        self._touch()

    def load_rubric(self, path: Path) -> None:
        """Take the scoring standard of a workbook or file, if it can be used."""
        self._begin(_("Reading the scoring standard…"))
        self._shell.tasks.run(
            self, lambda job: _read_rubric(path), lambda rubric: self._took(rubric, path), failed=self._refuse,
            cancelled=self._end, store=False,
        )  # fmt: skip

    def take_default(self) -> None:
        """Take the bundled scoring standard again."""
        self._shell.tasks.run(self, _default_rubric, lambda rubric: self._took(rubric, None), store=False)

    def set_policy(self, policy: Policy | None) -> None:
        """The rule; None while what stands in the form cannot be carried out."""
        self.policy_sound = policy is not None
        if policy is not None:
            self.policy = policy
        self._touch()

    def set_passphrase(self, passphrase: str, again: str) -> None:
        """The passphrase, and what was typed to repeat it; its strength follows."""
        new = passphrase != self.passphrase
        self.passphrase, self.again = passphrase, again
        if new:
            self.strength = None
            self._weigh()
        self._touch()

    def set_place(self, path: Path) -> None:
        """Where the round file is to lie."""
        self.place = path if path.suffix.lower() == ROUND.suffix else path.with_name(path.name + ROUND.suffix)
        self._touch()

    def set_server(self, place: ServerPlace | None) -> None:
        """The empty database that is to hold the round; None while there is no whole address."""
        self.place = place
        self._touch()

    @property
    def proposed_file(self) -> str:
        """The name that the round file would have."""
        return safe_name(_("round-{year}").format(year=self.year)) + ROUND.suffix

    # Making it ------------------------------------------------------------------------------------------------------

    def create(self) -> None:
        """Make the round; ends in ``made`` or ``refused``."""
        if self.busy or self.round is not None or self.first_problem is not None:
            return
        rubric, policy, place = self.rubric, self.policy, self.place
        if rubric is None or policy is None or place is None:
            return
        year, name, office, secret = self.year, self.name, self.office, self.passphrase
        self._begin(_("Making the round and its keys…"))

        def work(job: Job) -> Round:
            from qisp_desktop.services.founding import RoundPlan, found_round

            return found_round(place, RoundPlan(year, name, office, rubric, policy), secret)

        self._shell.tasks.run(self, work, self._made, failed=self._refuse, cancelled=self._end)

    def save_sheet(self, path: Path, *, printed: bool) -> None:
        """Write the recovery sheet, with the passphrase if it is to be ``printed``."""
        value, place = self.round, self.place
        if value is None or place is None or self.busy:
            return
        secret = self.passphrase if printed else ""
        self._begin(_("Writing the recovery sheet…"))

        def work(job: Job) -> Path:
            from qisp_desktop.services.recovery import save_recovery_sheet

            save_recovery_sheet(path, value, place, secret)
            return path

        self._shell.tasks.run(self, work, self._saved, failed=self._refuse, cancelled=self._end, store=False)

    def open_desk(self) -> None:
        """Go to the desk of the round that was made."""
        if self.place is not None and self.round is not None:
            self._shell.go.open_place(self.place)

    def close(self) -> None:
        """Forget the passphrase."""
        self.passphrase = self.again = ""

    # ----------------------------------------------------------------------------------------------------------------

    def _passphrase_problem(self) -> str:
        if len(self.passphrase) < SHORTEST:
            return _("The passphrase needs at least {count} characters.").format(count=SHORTEST)
        if self.passphrase != self.again:
            return _("The two passphrases differ.")
        if self.strength is not None and self.strength.weak:
            return sentences(_("The passphrase is too easy to guess."), self.strength.advice)
        return ""

    def _weigh(self) -> None:
        if self._weighing is not None:
            return  # what is typed meanwhile is weighed after it
        passphrase, known = self.passphrase, (self.name, self.office, str(self.year))

        def weighed(strength: Strength) -> None:
            self._weighing = None
            if passphrase == self.passphrase:
                self.strength = strength
                self.changed.emit()
            else:
                self._weigh()

        self._weighing = self._shell.tasks.run(self, lambda job: _strength(passphrase, known), weighed, store=False)

    def _took_default(self, rubric: Rubric) -> None:
        if self.rubric is None:
            self._take(rubric, None)

    def _took(self, rubric: Rubric, path: Path | None) -> None:
        self._end()
        self._take(rubric, path)
        self.touched = True

    def _take(self, rubric: Rubric, path: Path | None) -> None:
        same_groups = self.rubric is not None and [g.code for g in self.rubric.groups] == [
            g.code for g in rubric.groups
        ]
        if self.policy is None or self.rubric is None or not same_groups or self.rubric.maximum != rubric.maximum:
            self.policy = usual_policy(rubric)
            self.policy_sound = not policy_problem(self.policy, rubric)
        self.rubric, self.rubric_file = rubric, path
        self.changed.emit()

    def _made(self, value: Round) -> None:
        self._end()
        self._shell.settings.office = self.office.strip()
        self.round, self.step = value, DONE
        self.made.emit()
        self.step_changed.emit(DONE)

    def _saved(self, path: Path) -> None:
        self._end()
        self.sheet = path
        self.saved.emit()

    def _refuse(self, error: UserError) -> None:
        self._end()
        self.refused.emit(error)

    def _begin(self, what: str) -> None:
        self.busy = what
        self.busy_changed.emit(what)

    def _end(self) -> None:
        self.busy = ""
        self.busy_changed.emit("")

    def _touch(self) -> None:
        self.touched = True
        self.changed.emit()


def _default_rubric(job: Job) -> Rubric:
    from qisp_desktop.services.rubrics import default_rubric

    return default_rubric()


def _read_rubric(path: Path) -> Rubric:
    from qisp_desktop.services.rubrics import read_rubric

    return read_rubric(path)


def _strength(passphrase: str, known: tuple[str, ...]) -> Strength:
    from qisp_desktop.services.passphrase_strength import strength_of

    return strength_of(passphrase, known)
