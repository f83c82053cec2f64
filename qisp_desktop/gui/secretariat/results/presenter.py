"""The results of a round, what another rule would make of them, and what clerks decide about them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.secretariat.section import SectionPresenter
from qisp_desktop.gui.secretariat.session import RoundSession
from qisp_desktop.gui.tasks import Job

if TYPE_CHECKING:
    from qisp_desktop.domain.aggregation import Result
    from qisp_desktop.domain.policy import Policy
    from qisp_desktop.services.exporting import ExportedWorkbook
    from qisp_desktop.services.results_overview import ResultsOverview
    from qisp_desktop.store.round_store import RoundStore


class ResultsPresenter(SectionPresenter["ResultsOverview"]):
    """Holds the results under the round's rule and, while the clerk asks "what if", under another one."""

    shown_changed = Signal()
    """Other results are shown than before, because the rule is another one."""
    rule_refused = Signal(str)
    """Why the rule that was tried cannot be carried out."""
    workbook_written = Signal(object)
    """The path of the summary workbook."""

    def __init__(self, session: RoundSession) -> None:
        super().__init__(session)
        self.what_if: Policy | None = None
        """The rule that is tried; None while the round's own is shown."""
        self.results: tuple[Result, ...] = ()
        """What is shown, in the order of application numbers."""
        self.effect = ""
        self.loaded.connect(self._reckon)  # before any view shows what was read

    def read(self, store: RoundStore, job: Job) -> ResultsOverview:
        """The results as they are now."""
        from qisp_desktop.services.results_overview import results_overview

        return results_overview(store)

    # What if --------------------------------------------------------------------------------------------------------

    def begin_what_if(self) -> None:
        """Start from the round's own rule."""
        if self.data is not None and self.what_if is None:
            self.what_if = self.data.policy
            self._show_reckoned()

    def end_what_if(self) -> None:
        """Show the round's own results again."""
        if self.what_if is not None:
            self.what_if = None
            self._show_reckoned()

    def try_rule(self, **changes: Any) -> None:
        """Show what the results would be with these parts of the rule; the round is not touched."""
        from qisp_desktop.domain.policy import policy_problem

        if self.data is None or self.what_if is None:
            return
        wanted = replace(self.what_if, **changes)
        problem = policy_problem(wanted, self.data.rubric)
        self.rule_refused.emit(problem)
        if not problem and wanted != self.what_if:
            self.what_if = wanted
            self._show_reckoned()

    def before(self, number: str) -> Result | None:
        """The result of an application under the round's own rule."""
        return None if self.data is None else self._own.get(number)

    def _reckon(self) -> None:
        from qisp_desktop.services.results_overview import effect_of

        data = self.data
        if data is None:
            return
        own = data.results
        self._own = {result.number: result for result in own}
        self.results, self.effect = own, ""
        if self.what_if is not None and self.what_if != data.policy:
            # Some milliseconds for a round of 300 applications; sums are not added up again.
            self.results = data.under(self.what_if)
            self.effect = effect_of(own, self.results).sentence()

    def _show_reckoned(self) -> None:
        self._reckon()
        self.shown_changed.emit()

    # What clerks decide ---------------------------------------------------------------------------------------------

    def explain(self, expert: str, application: str, text: str) -> None:
        """Keep what was found out about a deviating total."""

        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.deciding import explain

            explain(store, expert, application, text=text)

        self.act(_("Saving the explanation…"), work, lambda _none: self.say("good", _("The explanation is kept.")))

    def freeze(self, reason: str, *, signed: bool) -> None:
        """Declare the result on the screen final; ``signed`` also signs the audit trail with the unlocked keys."""
        seen = None if self.data is None else self.data.digests

        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.deciding import freeze

            freeze(store, reason=reason, office=self.session.office() if signed else None, seen=seen)

        self.act(_("Freezing the result…"), work, lambda _none: self.say("good", _("The result is frozen.")))

    def export(self, path: Path) -> None:
        """Write the summary workbook to ``path``."""

        def work(store: RoundStore, job: Job) -> ExportedWorkbook:
            from qisp_desktop.services.exporting import export_workbook

            return export_workbook(store, path, work=job)

        what = _("Writing the summary workbook")
        # A round that may only be read gives its workbook all the same.
        (self.act if self.session.writable else self.look)(what, work, self._exported)

    def _exported(self, exported: ExportedWorkbook) -> None:
        more = ""
        if exported.differences is not None:
            more = ngettext(
                "{count} change since the last workbook, listed on the sheet 变更.",
                "{count} changes since the last workbook, listed on the sheet 变更.",
                exported.differences,
            ).format(count=exported.differences)
        path = exported.path
        self.say(
            "good",
            _("The workbook is written: {path}").format(path=path),
            more,
            _("Open the folder"),
            lambda: self.workbook_written.emit(path),
        )
