"""Handing out packages and letters, to all or to one expert again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal

from qisp_desktop.base.errors import Cancelled, UserError, sentences
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.secretariat.section import SectionPresenter
from qisp_desktop.gui.secretariat.session import RoundSession
from qisp_desktop.gui.tasks import Job

if TYPE_CHECKING:
    from qisp_desktop.services.issuing import IssuedPackage
    from qisp_desktop.services.issuing_view import IssuingOverview
    from qisp_desktop.services.score_forms import GivenForm
    from qisp_desktop.store.round_store import RoundStore


class Folders(NamedTuple):
    """Where packages and letters go."""

    packages: Path
    letters: Path


class Outcome(NamedTuple):
    """What was issued, whether the person stopped it, and what else ended it early."""

    issued: tuple[IssuedPackage, ...]
    stopped: bool
    error: UserError | None


class IssuingPresenter(SectionPresenter["IssuingOverview"]):
    """Issues with the unlocked keys; what is done before a stop or an error stays."""

    issued = Signal(object)
    """The Outcome of an issuing."""
    folders_wanted = Signal(object)
    """The Folders that are to be opened."""

    def __init__(self, session: RoundSession) -> None:
        super().__init__(session)
        self.plain_letters = False

    def read(self, store: RoundStore, job: Job) -> IssuingOverview:
        """Everybody's package."""
        from qisp_desktop.services.issuing_view import issuing_overview

        return issuing_overview(store)

    def issue(self, folders: Folders, only: tuple[str, ...], reason: str = "") -> None:
        """Issue to ``only`` (none: to all); the keys must be unlocked."""
        plain = self.plain_letters

        def work(store: RoundStore, job: Job) -> Outcome:
            from qisp_desktop.services.issuing import Places, issue_open

            office = self.session.office()
            places = Places(folders.packages, folders.letters, folders.packages / "round-ca.pem")
            made: list[IssuedPackage] = []
            try:
                issue_open(
                    store, office, places, only=only, plain_letters=plain, reason=reason, work=job, made=made.append
                )
            except Cancelled:
                return Outcome(tuple(made), True, None)
            except UserError as error:
                if not made:
                    raise
                return Outcome(tuple(made), False, error)
            return Outcome(tuple(made), False, None)

        self.act(_("Issuing packages…"), work, lambda outcome: self._issued(outcome, folders))

    def _issued(self, outcome: Outcome, folders: Folders) -> None:
        count = len(outcome.issued)
        what = ngettext(
            "{count} package and its letter are written.", "{count} packages and their letters are written.", count
        ).format(count=count)
        voided = [one.voids for one in outcome.issued if one.voids]
        more = [
            _("Packages: {packages}\nLetters: {letters}").format(packages=folders.packages, letters=folders.letters)
        ]
        if voided:
            more.append(_("No longer valid: {issues}.").format(issues=_(", ").join(voided)))
        more.append(_("Hand out stick and letter by separate ways."))
        meaning = "good"
        if outcome.stopped:
            meaning, what = "warn", sentences(_("Stopped."), what)
        if outcome.error is not None:
            meaning = "bad"
            more.insert(0, sentences(outcome.error.what, outcome.error.why, outcome.error.do))
        self.say(meaning, what, "\n".join(more), _("Open the folders"), lambda: self.folders_wanted.emit(folders))
        self.issued.emit(outcome)

    def write_form(self, expert: str, path: Path) -> None:
        """Write the score form of an expert without the program."""

        def work(store: RoundStore, job: Job) -> GivenForm:
            from qisp_desktop.services.score_forms import write_form

            return write_form(store, expert, path)

        def done(given: GivenForm) -> None:
            what = _("The score form of {expert} is written: {path}").format(expert=expert, path=given.path)
            more = _("It counts only once a clerk has confirmed the hand-signed paper, under Collecting.")
            self.say("good", what, more)

        self.act(_("Writing the score form…"), work, done)
