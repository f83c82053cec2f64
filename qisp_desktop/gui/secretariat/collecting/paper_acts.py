"""What clerks do with papers, as acts of the section's presenter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.secretariat.collecting.presenter import CollectingPresenter
from qisp_desktop.gui.tasks import Job

if TYPE_CHECKING:
    from qisp_desktop.domain.desk_records import PaperConfirmation, PaperEntry
    from qisp_desktop.domain.panel import Recusal
    from qisp_desktop.domain.paper_state import PaperState
    from qisp_desktop.domain.regulation import RecusalGround
    from qisp_desktop.domain.score_sheet import ItemScore
    from qisp_desktop.services.score_forms import GivenForm
    from qisp_desktop.store.round_store import RoundStore

Done = Callable[[], None]


class PaperActs:
    """Enters, confirms and takes back papers; what was done is said in the section's banner."""

    def __init__(self, presenter: CollectingPresenter) -> None:
        self.presenter = presenter

    def enter(self, state: PaperState, items: tuple[ItemScore, ...], done: Done) -> None:
        """Keep what the clerk typed."""
        clerk = self.presenter.clerk

        def work(store: RoundStore, job: Job) -> PaperEntry:
            from qisp_desktop.services.paper_scores import enter

            return enter(store, state.expert, state.application, items, clerk=clerk)

        def entered(entry: PaperEntry) -> None:
            text = _("{expert} × {application}: {entry} by {clerk} is kept.")
            told = text.format(
                expert=entry.expert, application=entry.application, entry=entry.source.label, clerk=entry.by
            )
            done()
            self.presenter.say("good", told)

        self.presenter.act(_("Keeping the entry…"), work, entered)

    def confirm_typed(self, state: PaperState, settled: Mapping[str, ItemScore], reason: str, done: Done) -> None:
        """Confirm a paper that two clerks entered."""
        clerk = self.presenter.clerk

        def work(store: RoundStore, job: Job) -> PaperConfirmation:
            from qisp_desktop.services.paper_scores import confirm_typed

            return confirm_typed(
                store, state.expert, state.application, clerk=clerk, reason=reason, settled=settled, seen=state
            )

        self.presenter.act(_("Confirming…"), work, lambda made: self._confirmed(made, done))

    def confirm_form(self, state: PaperState, file: str, reason: str, done: Done) -> None:
        """Confirm a paper whose scores a form held."""
        clerk = self.presenter.clerk

        def work(store: RoundStore, job: Job) -> PaperConfirmation:
            from qisp_desktop.services.paper_scores import confirm_form

            return confirm_form(
                store, state.expert, state.application, clerk=clerk, reason=reason, file=file, seen=state
            )

        self.presenter.act(_("Confirming…"), work, lambda made: self._confirmed(made, done))

    def withdraw(self, confirmation: PaperConfirmation) -> None:
        """Take a confirmation back."""

        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.paper_scores import withdraw

            withdraw(store, confirmation)

        text = _("{expert} × {application}: the confirmation is taken back, its scores do not count.")
        told = text.format(expert=confirmation.expert, application=confirmation.application)
        self.presenter.act(_("Taking back…"), work, lambda _none: self.presenter.say("info", told))

    def discard(self, state: PaperState) -> None:
        """Remove the entries that await a confirmation."""

        def work(store: RoundStore, job: Job) -> int:
            from qisp_desktop.services.paper_scores import discard_entries

            return discard_entries(store, state.expert, state.application)

        told = _("{expert} × {application}: the entries are removed.").format(
            expert=state.expert, application=state.application
        )
        self.presenter.act(_("Removing…"), work, lambda _count: self.presenter.say("info", told))

    def recuse(self, expert: str, application: str, ground: RecusalGround, reason: str, done: Done) -> None:
        """Record a recusal on paper."""

        def work(store: RoundStore, job: Job) -> Recusal:
            from qisp_desktop.services.paper_scores import recuse_on_paper

            return recuse_on_paper(store, expert, application, ground=ground, reason=reason)

        def recused(made: Recusal) -> None:
            done()
            told = _("{expert} stepped back from {application}; nothing counts of their sheet.")
            self.presenter.say(
                "good", told.format(expert=expert, application=application), made.reason,
                _("Undo"), lambda: self._take_back(made),
            )  # fmt: skip

        self.presenter.act(_("Recording the recusal…"), work, recused)

    def give_form(self, expert: str, path: Path) -> None:
        """Write an expert's score form."""

        def work(store: RoundStore, job: Job) -> GivenForm:
            from qisp_desktop.services.score_forms import write_form

            return write_form(store, expert, path)

        def given(form: GivenForm) -> None:
            told = ngettext(
                "The score form of {expert} for {count} application is written.",
                "The score form of {expert} for {count} applications is written.",
                form.applications,
            )
            self.presenter.say("good", told.format(expert=form.expert, count=form.applications), str(form.path))

        self.presenter.act(_("Writing the score form…"), work, given)

    def _confirmed(self, made: PaperConfirmation, done: Done) -> None:
        done()
        told = _("{expert} × {application}: confirmed, it counts as revision {revision}.")
        self.presenter.say(
            "good",
            told.format(expert=made.expert, application=made.application, revision=made.revision),
            made.reason,
            _("Undo"),
            lambda: self.withdraw(made),
        )

    def _take_back(self, recusal: Recusal) -> None:
        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.paper_scores import take_back_recusal

            take_back_recusal(store, recusal)

        self.presenter.act(_("Taking back…"), work)
