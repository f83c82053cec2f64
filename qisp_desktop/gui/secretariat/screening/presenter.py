"""The formal check: verdicts computed and decided, the day of acceptance, letters of supplement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.secretariat.section import SectionPresenter
from qisp_desktop.gui.tasks import Job

if TYPE_CHECKING:
    from qisp_desktop.domain.desk_records import SupplementNotice
    from qisp_desktop.domain.regulation import MaterialKind
    from qisp_desktop.domain.screening import ScreeningStatus
    from qisp_desktop.services.material_giving import Given
    from qisp_desktop.services.screening import ScreeningReport
    from qisp_desktop.services.screening_board import ScreeningBoard
    from qisp_desktop.services.steps import Step
    from qisp_desktop.store.round_store import RoundStore


class ScreeningPresenter(SectionPresenter["ScreeningBoard"]):
    """Reads the matrix; records acceptance, decisions, letters and supplemented materials."""

    letters_written = Signal(object)
    """The folder or file in which letters were written."""
    show_filter = Signal(str)
    """The filter that is to be shown."""

    def read(self, store: RoundStore, job: Job) -> ScreeningBoard:
        """The matrix as it is today."""
        from qisp_desktop.services.screening_board import screening_board

        return screening_board(store, date.today())  # noqa: DTZ011  the office's own calendar day

    def accept(self, day: date) -> None:
        """Record the day of acceptance, from which the 30 days count."""

        def work(store: RoundStore, job: Job) -> ScreeningReport:
            from qisp_desktop.services.screening import screen_round

            return screen_round(store, accepted_on=day)

        self.act(_("Checking the applications…"), work, self._accepted)

    def decide(self, numbers: Sequence[str], status: ScreeningStatus, reason: str) -> None:
        """Decide by hand in place of the computed result; can be undone."""

        def work(store: RoundStore, job: Job) -> Step:
            from qisp_desktop.services.screening import decide_all

            return decide_all(store, numbers, status, reason=reason)

        self.act(_("Keeping the decision…"), work, lambda step: self._decided(numbers, status, step))

    def let_computed_stand(self, number: str) -> None:
        """Take a decision by hand back, so that the computed result stands; can be undone."""

        def work(store: RoundStore, job: Job) -> Step:
            from qisp_desktop.services.screening import let_computed_stand

            return let_computed_stand(store, number)

        what = _("For {number} the computed result stands.").format(number=number)
        self.act(
            _("Keeping the decision…"),
            work,
            lambda step: self.say("good", what, "", _("Undo"), lambda: self._take_back(step)),
        )

    def ask_for_supplements(self, numbers: Sequence[str], reply_by: date) -> None:
        """Record letters that ask for what is missing by ``reply_by``."""

        def work(store: RoundStore, job: Job) -> tuple[SupplementNotice, ...]:
            from qisp_desktop.services.supplements import ask_for_supplements

            return ask_for_supplements(store, numbers, reply_by)

        def done(notices: tuple[SupplementNotice, ...]) -> None:
            text = ngettext(
                "{count} supplement is asked for by {day}.", "{count} supplements are asked for by {day}.", len(notices)
            )
            words = text.format(count=len(notices), day=reply_by.isoformat())
            self.say("good", words, _("Save or print the letter now."))

        self.act(_("Making the letter…"), work, done)

    def save_letters(self, numbers: Sequence[str], folder: Path) -> None:
        """Write letters as PDF into ``folder``."""

        def work(store: RoundStore, job: Job) -> tuple[Path, ...]:
            from qisp_desktop.services.supplements import save_letters

            return save_letters(store, numbers, folder)

        def done(paths: tuple[Path, ...]) -> None:
            text = ngettext("{count} letter is written.", "{count} letters are written.", len(paths))
            self.say(
                "good", text.format(count=len(paths)), str(folder), _("Open the folder"),
                lambda: self.letters_written.emit(folder),
            )  # fmt: skip

        self.look(_("Writing letters…"), work, done)

    def give(self, number: str, files: Sequence[Path], kind: MaterialKind | None) -> None:
        """Add supplemented materials to an application."""

        def work(store: RoundStore, job: Job) -> Given:
            from qisp_desktop.services.material_giving import give_materials

            return give_materials(store, number, files, kind, work=job)

        self.act(_("Taking in materials"), work, lambda given: self._given(number, given))

    # ----------------------------------------------------------------------------------------------------------------

    def _accepted(self, report: ScreeningReport) -> None:
        self.say(
            "good",
            _("Accepted on {day}.").format(day=report.accepted_on.isoformat()),
            _("The evaluation must end by {day} (Art. 14).").format(day=report.evaluation_ends.isoformat()),
        )

    def _decided(self, numbers: Sequence[str], status: ScreeningStatus, step: Step) -> None:
        text = ngettext("{numbers} is decided: {status}.", "{numbers} are decided: {status}.", len(numbers))
        named = _(", ").join(numbers[:3]) + (" …" if len(numbers) > 3 else "")
        what = text.format(numbers=named, status=status.label)
        self.say("good", what, "", _("Undo"), lambda: self._take_back(step))

    def _take_back(self, step: Step) -> None:
        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.steps import take

            take(store, step.reversed)

        self.act(_("Undoing…"), work, lambda _none: self.say("info", _("The decision is taken back.")))

    def _given(self, number: str, given: Given) -> None:
        text = ngettext("{count} material added to {number}.", "{count} materials added to {number}.", len(given.added))
        names = _(", ").join(path.name for path in given.unmatched)
        more = _("No kind fits the name; drop the file on its kind: {names}").format(names=names) if names else ""
        self.say("warn" if names else "good", text.format(count=len(given.added), number=number), more)
