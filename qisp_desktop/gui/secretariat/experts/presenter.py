"""The panel, who reads what, and what keeps whom from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.gui.secretariat.experts.acts_in_turn import ActsInTurn
from qisp_desktop.gui.secretariat.experts.history import History
from qisp_desktop.gui.secretariat.session import RoundSession
from qisp_desktop.gui.tasks import Job

if TYPE_CHECKING:
    from qisp_desktop.domain.panel import Expert
    from qisp_desktop.services.assigning import HandChange
    from qisp_desktop.services.excluding import ExclusionReport
    from qisp_desktop.services.expert_records import ExpertChange
    from qisp_desktop.services.panel_board import Pair, PanelBoard
    from qisp_desktop.services.replacing import LateRecusal, ReplacementReport
    from qisp_desktop.services.solving import Shortage
    from qisp_desktop.services.steps import Step
    from qisp_desktop.store.round_store import RoundStore

PANEL, MATRIX = "panel", "matrix"
READERS = 5
"""Experts for each application until the clerk asks for another number; with five one highest and one lowest total are
dropped."""

FEW = 20
"""A change of fewer records is over before a progress line could be read."""


class PanelData(NamedTuple):
    """What the section shows."""

    board: PanelBoard
    late: tuple[LateRecusal, ...]


class Proposal(NamedTuple):
    """What an automatic assignment would change; ``shortages`` say why it cannot be done, where it cannot."""

    step: Step | None
    what: str
    why: str = ""
    shortages: tuple[Shortage, ...] = ()


class ExpertsPresenter(ActsInTurn[PanelData]):
    """Changes are shown at once and written one after the other; each can be undone, but for draws by lot."""

    marks_changed = Signal()
    """Cells look different, before they are written."""
    history_changed = Signal()
    proposed = Signal(object)
    """The Proposal that was asked for."""
    refused = Signal(UserError)
    """A form's entry was refused: what it holds stays, to be corrected."""
    expert_kept = Signal(str)
    """The expert with this id was entered, corrected or removed."""

    def __init__(self, session: RoundSession) -> None:
        super().__init__(session)
        self.mode = ""
        """What is shown: the panel or the matrix; empty until the panel is read."""
        self.per_application = READERS
        self.max_load = 0
        """Applications for an expert, at most; 0: no such limit."""
        self.history = History()
        self._pending: dict[Pair, bool] = {}
        self.loaded.connect(self._settled)

    def read(self, store: RoundStore, job: Job) -> PanelData:
        """The panel and its work."""
        from qisp_desktop.services.panel_board import read_board
        from qisp_desktop.services.replacing import late_recusals

        board = read_board(store)
        return PanelData(board, late_recusals(board))

    # Assigning by hand ----------------------------------------------------------------------------------------------

    def is_assigned(self, pair: Pair) -> bool:
        """Whether the expert reads the application, counting what is still being written."""
        if pair in self._pending:
            return self._pending[pair]
        return self.data is not None and pair in self.data.board.assigned

    def toggle(self, pair: Pair) -> None:
        """Give the application to the expert, or take it away."""
        if self.is_assigned(pair):
            self._change_by_hand(_("Take {number} from {expert}"), (), (pair,))
        elif not self._refuse_conflict(pair):
            self._change_by_hand(_("Give {number} to {expert}"), (pair,), ())

    def move(self, number: str, source: str, target: str) -> None:
        """Let ``target`` read the application instead of ``source``."""
        give, take = (target, number), (source, number)
        if source == target or not self.is_assigned(take):
            return
        if self.is_assigned(give):
            self.say("info", _("{expert} reads {number} already.").format(expert=target, number=number))
        elif not self._refuse_conflict(give):
            self._change_by_hand(_("Move {number} to {expert}"), (give,), (take,))

    def exclude(self, pair: Pair, reason: str) -> None:
        """Keep the expert from the application."""

        def work(store: RoundStore, job: Job) -> ExclusionReport:
            from qisp_desktop.services.excluding import exclude

            return exclude(store, *pair, reason=reason)

        def done(report: ExclusionReport) -> None:
            what = _("{expert} is excluded from {number}.").format(expert=pair[0], number=pair[1])
            more = _("Their signed sheet stays visible and counts no longer.") if report.sheet_out else ""
            self._keep(what, report.step)
            self.say("good", what, more, _("Undo"), self.undo)

        self.do_in_turn(_("Excluding the expert…"), work, done, self.refused.emit)

    def readmit(self, pair: Pair) -> None:
        """Take an exclusion back."""

        def work(store: RoundStore, job: Job) -> Step:
            from qisp_desktop.services.excluding import readmit

            return readmit(store, *pair)

        what = _("{expert} may read {number} again").format(expert=pair[0], number=pair[1])
        self.do_in_turn(_("Saving…"), work, lambda step: self._keep(what, step))

    # Assigning automatically ----------------------------------------------------------------------------------------

    def propose(self) -> None:
        """Find out what an automatic assignment within the limits would change; ``proposed`` says."""
        per_application, max_load = self.per_application, self.max_load or None

        def work(store: RoundStore, job: Job) -> Proposal:
            from qisp_desktop.services.assigning import propose
            from qisp_desktop.services.panel_words import assignment_words
            from qisp_desktop.services.solving import Unsolvable

            try:
                step = propose(store, per_application=per_application, max_load=max_load)
            except Unsolvable as error:
                return Proposal(None, error.what, error.do, error.shortages)
            return Proposal(step, assignment_words(step))

        def start() -> None:
            self.quiet = False
            self.look(_("Looking for an even assignment…"), work, self.proposed.emit)

        self.when_free(start)

    def take_proposal(self, step: Step) -> None:
        """Assign as was proposed."""
        self.when_free(lambda: self._take(_("Assigning…"), step, lambda: self._assigned(step)))

    def _assigned(self, step: Step) -> None:
        from qisp_desktop.services.panel_words import assignment_words

        self._keep(_("Assign automatically"), step)
        self.say("good", _("Assigned: {change}").format(change=assignment_words(step)), "", _("Undo"), self.undo)

    # Replacing ------------------------------------------------------------------------------------------------------

    def replace(self, leaving: str, numbers: tuple[str, ...], arriving: str, reason: str) -> None:
        """Let somebody else read ``numbers`` (none: all of theirs); without ``arriving`` lots are drawn."""

        def work(store: RoundStore, job: Job) -> ReplacementReport:
            from qisp_desktop.services.replacing import replace_expert

            return replace_expert(store, leaving, numbers, arriving=arriving, reason=reason)

        self.do_in_turn(_("Replacing the expert…"), work, self._replaced, self.refused.emit)

    def _replaced(self, report: ReplacementReport) -> None:
        from qisp_desktop.services.panel_words import replacement_words

        what, more = replacement_words(report)
        lots = any(one.draw is not None for one in report.replacements)
        if lots:
            # A lot that could be taken back could be drawn until it pleases.
            self.say("good", what, more)
            self.history_changed.emit()
        else:
            self._keep(what, report.step)
            self.say("good", what, more, _("Undo"), self.undo)

    # The panel ------------------------------------------------------------------------------------------------------

    def keep_expert(self, expert: Expert, before: Expert | None) -> None:
        """Enter an expert, or correct the record that was ``before``; ends in ``expert_kept`` or ``refused``."""

        def work(store: RoundStore, job: Job) -> ExpertChange:
            from qisp_desktop.services.expert_records import add_expert, correct_expert

            return add_expert(store, expert) if before is None else correct_expert(store, expert, before=before)

        self.do_in_turn(
            _("Saving the expert…"), work, lambda change: self._expert_kept(expert, change), self.refused.emit
        )

    def remove_expert(self, expert: Expert) -> None:
        """Take an expert off the panel; can be undone."""

        def work(store: RoundStore, job: Job) -> ExpertChange:
            from qisp_desktop.services.expert_records import remove_expert

            return remove_expert(store, expert.id)

        def done(change: ExpertChange) -> None:
            what = _("{expert} {name} was removed from the panel.").format(expert=expert.id, name=expert.name)
            self._keep(what, change.step)
            self.expert_kept.emit(expert.id)
            self.say("good", what, "", _("Undo"), self.undo)

        self.do_in_turn(_("Removing the expert…"), work, done)

    def enter_certificate(self, expert: str, path: Path) -> None:
        """Enter a certificate that the expert brought."""

        def work(store: RoundStore, job: Job) -> str:
            from qisp_desktop.services.issuing import register_certificate

            return register_certificate(store, expert, path)

        def done(fingerprint: str) -> None:
            self.say(
                "good",
                _("The certificate of {expert} is entered; it counts from the next issue on.").format(expert=expert),
                _("Compare its fingerprint with the expert's: SHA-256 {fingerprint}").format(fingerprint=fingerprint),
            )

        self.do_in_turn(_("Reading the certificate…"), work, done)

    def drop_certificate(self, expert: str) -> None:
        """Forget a certificate that the expert brought."""

        def work(store: RoundStore, job: Job) -> Step:
            from qisp_desktop.services.expert_records import drop_certificate

            return drop_certificate(store, expert)

        what = _("The certificate of {expert} was taken out.").format(expert=expert)

        def done(step: Step) -> None:
            self._keep(what, step)
            self.say("good", what, "", _("Undo"), self.undo)

        self.do_in_turn(_("Saving…"), work, done)

    # Undo -----------------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take the last act back."""
        self.when_free(self._undo)

    def redo(self) -> None:
        """Do again what was undone last."""
        self.when_free(self._redo)

    def _undo(self) -> None:
        last = self.history.last
        if last is None:
            self.go_on()
            return
        self._take(
            _("Undoing…"), last.step.reversed, lambda: self._turned(self.history.undone), self.history.forget_last
        )

    def _redo(self) -> None:
        following = self.history.next
        if following is None:
            self.go_on()
            return
        self._take(
            _("Doing it again…"), following.step, lambda: self._turned(self.history.redone), self.history.forget_next
        )

    def _turned(self, note: Callable[[], None]) -> None:
        self.unsay()
        note()
        self.history_changed.emit()

    # ----------------------------------------------------------------------------------------------------------------

    def _change_by_hand(self, what: str, give: tuple[Pair, ...], take_away: tuple[Pair, ...]) -> None:
        if not self.session.writable:
            held = self.session.open_round
            if held is not None and held.read_only is not None:
                self.say_error(held.read_only)
            return
        expert, number = (give or take_away)[0]
        text = what.format(expert=expert, number=number)
        self._pending |= dict.fromkeys(give, True) | dict.fromkeys(take_away, False)
        self.marks_changed.emit()

        def work(store: RoundStore, job: Job) -> HandChange:
            from qisp_desktop.services.assigning import change_by_hand

            return change_by_hand(store, give=give, take_away=take_away)

        def failed(error: UserError) -> None:
            for pair in (*give, *take_away):
                self._pending.pop(pair, None)
            self.say_error(error)

        def done(made: HandChange) -> None:
            self._keep(text, made.step)
            if made.sheets_out:
                told = _("Their signed sheet stays visible and counts no longer.")
                self.say("warn", text, told, _("Undo"), self.undo)

        self.when_free(lambda: self.do(text, work, done, failed, quiet=True))

    def _refuse_conflict(self, pair: Pair) -> bool:
        """Say why the pair is a conflict, if it is one."""
        from qisp_desktop.services.panel_words import conflict_words

        if self.data is None or pair not in self.data.board.conflicts:
            return False
        what = _("{expert} cannot read {number}.").format(expert=pair[0], number=pair[1])
        self.say("warn", what, conflict_words(self.data.board, pair))
        return True

    def _take(self, what: str, step: Step, done: Callable[[], None], gone: Callable[[], None] | None = None) -> None:
        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.steps import take

            take(store, step)

        def failed(error: UserError) -> None:
            if gone is not None:
                gone()
                self.history_changed.emit()
            self.say_error(error)

        self.do(what, work, lambda _none: done(), failed, quiet=len(step.before) + len(step.after) < FEW)

    def _settled(self) -> None:
        if self.is_settled:
            self._pending.clear()

    def _keep(self, what: str, step: Step) -> None:
        self.unsay()  # its undo would take back this step, not the one it speaks of
        self.history.add(what, step)
        self.history_changed.emit()

    def _expert_kept(self, expert: Expert, change: ExpertChange) -> None:
        from qisp_desktop.services.panel_words import named

        what = _("{expert} {name} is kept.").format(expert=expert.id, name=expert.name)
        self._keep(what, change.step)
        self.expert_kept.emit(expert.id)
        if change.conflicts:
            numbers = named(tuple(sorted(one.application for one in change.conflicts)))
            self.say(
                "warn", what, _("What is assigned is a conflict of interest now: {numbers}.").format(numbers=numbers)
            )
        else:
            self.say("good", what, "", _("Undo"), self.undo)
