"""The settings of the open round, and changing them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.calendar import DayKind
from qisp_desktop.domain.policy import Policy
from qisp_desktop.gui.secretariat.section import SectionPresenter, read_only_words
from qisp_desktop.gui.secretariat.session import RoundSession
from qisp_desktop.gui.tasks import Job, Task

if TYPE_CHECKING:
    from qisp_desktop.domain.rubric import Rubric
    from qisp_desktop.services.passphrase_strength import Strength
    from qisp_desktop.services.policy_words import EffectCounts
    from qisp_desktop.services.round_settings import RoundSettings
    from qisp_desktop.store.round_store import RoundStore


class SettingsPresenter(SectionPresenter["RoundSettings"]):
    """Reads the settings and changes them; each change can be taken back."""

    effect_found = Signal(object, object)
    """The EffectCounts of a Policy that is about to be taken, and the Policy."""
    rubric_read = Signal(object, Path)
    """A Rubric to look at before it is taken, and its file."""
    weighed = Signal(object)
    """The Strength of the passphrase that is being typed."""
    passphrase_changed = Signal()
    sheet_saved = Signal(Path)

    def __init__(self, session: RoundSession) -> None:
        super().__init__(session)
        self.part = "basics"
        self.new_passphrase = ""
        self._weighing: Task[Strength] | None = None
        self._typed = ""

    def read(self, store: RoundStore, job: Job) -> RoundSettings:
        """The settings."""
        from qisp_desktop.services.round_settings import settings_of

        return settings_of(store)

    @property
    def fixed(self) -> str:
        """Why what the result rests on cannot be changed; empty when it can."""
        if not self.session.writable:
            return read_only_words()
        if self.data is not None and self.data.frozen is not None:
            return _("The result is frozen; what it rests on stays.")
        return ""

    # Name and rule --------------------------------------------------------------------------------------------------

    def rename(self, name: str, office: str) -> None:
        """Give the round another name or office."""
        before = self.data
        seen = None if before is None else before.round

        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.round_settings import rename

            rename(store, name=name, office=office, seen=seen)

        def done(_none: None) -> None:
            if before is not None:
                held = before.round
                self._saved(lambda: self.rename(held.name, held.office))

        self.act(_("Saving the settings…"), work, done)

    def look_at_policy(self, policy: Policy) -> None:
        """Find out what ``policy`` would change; at once taken where there are no sheets yet."""
        if self.data is not None and not self.data.scored:
            self.set_policy(policy)
            return

        def work(store: RoundStore, job: Job) -> EffectCounts:
            from qisp_desktop.services.round_settings import policy_effect

            return policy_effect(store, policy)

        self.look(_("Computing what changes…"), work, lambda effect: self.effect_found.emit(effect, policy))

    def set_policy(self, policy: Policy) -> None:
        """Give the round another rule."""
        before = self.data
        seen = None if before is None else before.round

        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.round_settings import set_policy

            set_policy(store, policy, seen)

        def done(_none: None) -> None:
            if before is not None:
                self._saved(lambda: self.set_policy(before.round.policy))

        self.act(_("Saving the settings…"), work, done)

    # The scoring standard -------------------------------------------------------------------------------------------

    def load_rubric(self, path: Path) -> None:
        """Read the scoring standard of a workbook or file, to be looked at."""

        def work(job: Job) -> Rubric:
            from qisp_desktop.services.rubrics import read_rubric

            return read_rubric(path)

        self.session.tasks.run(
            self, work, lambda rubric: self.rubric_read.emit(rubric, path), failed=self.say_error, store=False
        )

    def set_rubric(self, rubric: Rubric) -> None:
        """Give the round another scoring standard."""
        before = self.data
        seen = None if before is None else before.round

        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.round_settings import set_rubric

            set_rubric(store, rubric, seen)

        def done(_none: None) -> None:
            if before is not None:
                self._saved(lambda: self._put_back(before))

        self.act(_("Saving the settings…"), work, done)

    # Days and photos ------------------------------------------------------------------------------------------------

    def override_day(self, day: date, kind: DayKind, reason: str) -> None:
        """The office's own word on a day."""

        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.working_days import override_day

            override_day(store, day, kind, reason=reason)

        self.act(_("Saving the settings…"), work, lambda _none: self._saved(lambda: self.forget_day(day)))

    def forget_day(self, day: date) -> None:
        """Let the public calendar decide on a day again."""
        held = next((one for one in self.data.overrides if one.day == day), None) if self.data is not None else None

        def work(store: RoundStore, job: Job) -> bool:
            from qisp_desktop.services.working_days import forget_day

            return forget_day(store, day)

        def done(_there: bool) -> None:
            if held is not None:
                self._saved(lambda: self.override_day(held.day, held.kind, held.reason))

        self.act(_("Saving the settings…"), work, done)

    def set_photo_positions(self, on: bool) -> None:
        """Whether photos of visits keep where they were taken."""

        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.round_options import set_photo_positions

            set_photo_positions(store, on)

        self.act(_("Saving the settings…"), work, lambda _none: self._saved(lambda: self.set_photo_positions(not on)))

    # The passphrase -------------------------------------------------------------------------------------------------

    def weigh(self, passphrase: str) -> None:
        """Find out how strong a passphrase is."""
        self._typed = passphrase
        if self._weighing is not None:
            return
        known = () if self.data is None else (self.data.round.name, self.data.round.office)

        def work(job: Job) -> Strength:
            from qisp_desktop.services.passphrase_strength import strength_of

            return strength_of(passphrase, known)

        def done(strength: Strength) -> None:
            self._weighing = None
            if passphrase == self._typed:
                self.weighed.emit(strength)
            else:
                self.weigh(self._typed)

        self._weighing = self.session.tasks.run(self, work, done, store=False)

    def change_passphrase(self, old: str, new: str) -> None:
        """Put the secretariat's keys under another passphrase."""

        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.office import change_passphrase

            change_passphrase(store, old, new)

        def done(_none: None) -> None:
            self.new_passphrase = new
            self.say(
                "good", _("The passphrase is another one now."),
                _("Backups made before still open with the old one. Seal a new recovery sheet."),
            )  # fmt: skip
            self.passphrase_changed.emit()

        self.act(_("Changing the passphrase…"), work, done)

    def save_sheet(self, path: Path, *, printed: bool) -> None:
        """Write the recovery sheet for the passphrase that was just changed."""
        held = self.session.open_round
        if held is None or self.data is None:
            return
        value, place, secret = self.data.round, held.store.place, self.new_passphrase if printed else ""

        def work(job: Job) -> Path:
            from qisp_desktop.services.recovery import save_recovery_sheet

            save_recovery_sheet(path, value, place, secret)
            return path

        self.session.tasks.run(self, work, self.sheet_saved.emit, failed=self.say_error, store=False)

    def hide(self) -> None:
        """Another section is shown: the passphrase that was chosen is forgotten."""
        self.new_passphrase = ""
        super().hide()

    def close(self) -> None:
        """Forget the passphrase."""
        self.new_passphrase = ""

    # ----------------------------------------------------------------------------------------------------------------

    def _put_back(self, before: RoundSettings) -> None:
        """The scoring standard and the rule as they were."""

        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.round_settings import set_policy, set_rubric

            set_rubric(store, before.rubric)
            set_policy(store, before.round.policy)

        self.act(_("Saving the settings…"), work, lambda _none: self.say("info", _("It is as it was before.")))

    def _saved(self, undo: Callable[[], None]) -> None:
        self.say("good", _("The settings are saved."), action=_("Undo"), do=undo)
