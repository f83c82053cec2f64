"""The scoring desk without its widgets: where the expert is, what is entered, and how it is undone and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from qisp_desktop.base.errors import Cancelled, UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Application, Material
from qisp_desktop.domain.inspection_draft import InspectionDraft
from qisp_desktop.domain.panel import Recusal
from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.domain.score_sheet import LONGEST_REMARK, Evidence, ItemScore, points_problem, reopened
from qisp_desktop.gui.panel.desk.autosave import Autosave
from qisp_desktop.gui.panel.desk.commands import Change, History, now
from qisp_desktop.gui.panel.desk.sheets import Sheets
from qisp_desktop.gui.panel.desk.unfinished import Begun, Listing
from qisp_desktop.gui.presenter import Presenter
from qisp_desktop.gui.tasks import Job, Progress, Task, Tasks
from qisp_desktop.services.desk import Desk
from qisp_desktop.services.desk_editing import DeskContents, Entry, Place, contents, declare
from qisp_desktop.services.desk_scoring import clean_text

T = TypeVar("T")


class DeskPresenter(Presenter):
    """An unlocked desk. What is changed here shows at once, is durable within 300 ms and can be undone."""

    entry_changed = Signal(str, str)
    """An application, and the criterion that changed (empty: all of them, or the recusal)."""
    visit_changed = Signal(str)
    """The application whose site inspection is written."""
    view_wanted = Signal(str)
    """The key of the view in which something has changed that the person is to see."""
    moving = Signal()
    """Another place will be the current one: what is being typed here is to be entered first."""
    application_changed = Signal()
    """Another application is the current one, or the current one was declared, recused, reopened or given back."""
    criterion_changed = Signal(str)
    """Another criterion is the current one."""
    asked = Signal(str)
    """The criterion at which something is missing that finishing asked for."""
    all_finished = Signal()
    """Finishing found nothing left to score."""
    saved = Signal(datetime)
    save_failed = Signal(UserError)
    reloaded = Signal()
    """The desk was read anew: after signing, everything may be different."""

    def __init__(self, path: Path, opened: DeskContents, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.copy = opened.desk.panel.container.path
        """The package's copy in the workspace: a stick may be away by the time the desk was locked."""
        self.view = ""
        """Which of the desk's views is shown; it outlives the page."""
        self.photo_wanted = ""
        """The SHA-256 of the cited photo that the site inspection is to show."""
        self.saved_at: datetime | None = None
        self.carried = opened.desk.carried
        """What came over from an earlier issue, until the person has read it."""
        self.begun = Begun.of(opened.place.begun)
        self.listing = Listing()
        self.frozen = False
        """While it is being signed, nothing can be entered."""
        self.turned = ""
        """What was undone, or done again, since the last change."""
        self.history = History()
        self._tasks = tasks
        self._closed = False
        self._desk = opened.desk
        self._autosave = Autosave(opened.desk, tasks, self)
        self._autosave.saved.connect(self._note_saved)
        self._autosave.failed.connect(self.save_failed)
        self.round_name = opened.desk.records.round_name
        self.expert = opened.desk.records.expert
        self.rubric = opened.rubric
        self.photo_positions = opened.desk.records.photo_positions
        """Whether the round asks for the place where photos were taken."""
        self.own_certificate = opened.desk.panel.credentials is None
        """Whether the package is signed with a certificate that the expert brought."""
        self._take(opened)
        self.place = self.sheets.valid(opened.place)

    # Where the expert is --------------------------------------------------------------------------------------------

    @property
    def number(self) -> str:
        """The current application's number; empty when there is none to score."""
        return self.place.application

    @property
    def criterion(self) -> str:
        """The current criterion's code."""
        return self.place.criterion

    @property
    def application(self) -> Application | None:
        """The current application's record; None where the package holds none."""
        return self.sheets.application(self.number)

    @property
    def editable(self) -> bool:
        """Whether scores can be entered for the current application."""
        return bool(self.number) and not self.frozen and self.sheets.editable(self.number)

    def score(self, code: str) -> ItemScore:
        """The current application's score for a criterion."""
        return self.sheets.score(self.number, code)

    def select(self, number: str) -> None:
        """Go to an application, at its first criterion that asks for something."""
        if number == self.number or number not in self.sheets.numbers:
            return
        self.moving.emit()
        self.remember(self.sheets.beginning(number, self.place))
        self.application_changed.emit()
        self.criterion_changed.emit(self.criterion)

    def select_criterion(self, code: str) -> None:
        """Go to a criterion of the current application."""
        if code != self.criterion:
            self.moving.emit()
            self.remember(replace(self.place, criterion=code, field="", caret=0))
            self.criterion_changed.emit(code)

    def step(self, by: int) -> None:
        """Go ``by`` criteria on, at most to the first or the last."""
        codes = self.rubric.codes
        self.select_criterion(codes[max(0, min(len(codes) - 1, self.sheets.place_of(self.criterion) + by))])

    def step_application(self, by: int) -> None:
        """Go ``by`` applications on, at most to the first or the last."""
        numbers = self.sheets.numbers
        if self.number in numbers:
            self.select(numbers[max(0, min(len(numbers) - 1, numbers.index(self.number) + by))])

    def remember(self, place: Place) -> None:
        """Keep ``place``, so that the next start comes back to it."""
        if place != self.place:
            self.place = place
            self._autosave.keep_place(place)

    def keep_begun(self) -> None:
        """Keep what was begun and not entered yet, so that a lock or a crash costs none of it."""
        self.remember(replace(self.place, begun=self.begun.acts))

    def finish(self) -> None:
        """Go to what the current application still asks for; when nothing, to the next unfinished application."""
        self.moving.emit()
        missing = self.sheets.first_open(self.number) if self.editable else ""
        if missing:
            self.asking.add(self.number)
            self.select_criterion(missing)
            self.asked.emit(missing)
            return
        number = self.sheets.next_unfinished(self.number)
        if number and number != self.number:
            self.select(number)
        elif not number:
            self.all_finished.emit()

    # What the expert enters -----------------------------------------------------------------------------------------

    def set_points(self, code: str, points: Decimal | None) -> None:
        """Score the current application's ``code``; None takes the score away. ValueError off the range or step."""
        criterion = self.rubric.by_code[code]
        if points is not None and (problem := points_problem(criterion, self.rubric, points)):
            raise ValueError(problem)
        self._edit(replace(self.score(code), points=points), _("the score of {code}"), "points")

    def set_remark(self, code: str, text: str) -> None:
        """Remark on the current application's ``code``; what papers cannot print is left out."""
        remark = clean_text(text)[:LONGEST_REMARK]
        self._edit(replace(self.score(code), remark=remark), _("the remark on {code}"), "remark")

    def pick_level(self, code: str, place: int) -> None:
        """Pick the level at ``place`` (from 0); a score that is not in it becomes the level's highest."""
        criterion = self.rubric.by_code[code]
        if not 0 <= place < len(criterion.levels) or not self.editable:
            return
        level, score = criterion.levels[place], self.score(code)
        if score.points is None or not level.lowest <= score.points <= level.highest:
            score = replace(score, points=level.highest)
        scored = self.sheets.with_score(self.number, score)
        self._change(code, replace(scored, levels={**scored.levels, code: level.name}), _("the level of {code}"), "")

    def cite(self, code: str, evidence: Evidence) -> None:
        """Cite ``evidence`` for the current application's ``code``; a page that is cited already stays once."""
        score = self.score(code)
        if evidence not in score.evidence:
            self._edit(replace(score, evidence=(*score.evidence, evidence)), _("the citation at {code}"), "")

    def uncite(self, code: str, evidence: Evidence) -> None:
        """Take a citation away."""
        score = self.score(code)
        kept = tuple(one for one in score.evidence if one != evidence)
        self._edit(replace(score, evidence=kept), _("the citation at {code}"), "")

    def follow_to_photo(self, evidence: Evidence) -> None:
        """Turn to the site inspection and show the cited photo."""
        self.photo_wanted = evidence.sha256
        self.view_wanted.emit("inspection")

    def declare(self) -> None:
        """Declare no interest in the current application; its materials open when that is durable."""
        number, desk = self.number, self._desk

        def declared(_none: None) -> None:
            self.sheets.note_declared(number)
            self.entry_changed.emit(number, "")
            if number == self.number:
                self.application_changed.emit()

        self._tasks.run(self, lambda job: declare(desk, [number]), declared)

    def recuse(self, ground: RecusalGround, reason: str) -> None:
        """Step back from the current application: its sheet is void and its materials close. ValueError, no reason."""
        reason = clean_text(reason)
        if not reason:
            raise ValueError("a recusal needs a sentence of reason")
        self.begun.recusals.pop(self.number, None)
        self.keep_begun()
        recusal = Recusal(self.expert.id, self.number, ground, reason)
        self._change("", replace(self.sheets.entry(self.number), recusal=recusal), _("the recusal"), "")

    def withdraw_recusal(self) -> None:
        """Take back a recusal that was not handed in; the sheet is as it was before."""
        if not self.sheets.settled(self.number):
            self._change("", replace(self.sheets.entry(self.number), recusal=None), _("taking the recusal back"), "")

    def revise(self, reason: str) -> None:
        """Reopen the current application's signed sheet as the next revision. ValueError without a reason."""
        reason = clean_text(reason)
        if not reason:
            raise ValueError("a revision needs a reason")
        self.begun.revisions.pop(self.number, None)
        self.keep_begun()
        signed = self.sheets.signed_sheet(self.number)
        if signed is not None and self.sheets.signed(self.number):
            entry = replace(self.sheets.entry(self.number), draft=reopened(signed, reason))
            self._change("", entry, _("reopening the sheet"), "")

    def change_visit(self, draft: InspectionDraft, text: str, series: str = "") -> None:
        """Make ``draft`` what is written of a visit; ``text`` is what undo says of it."""
        entry = replace(self.sheets.entry(draft.application), visit=draft if draft.started else None)
        self._change("", entry, text, series, draft.application)

    def undo(self) -> None:
        """Undo the newest change and show where it was."""
        self.moving.emit()
        if not self.frozen and (change := self.history.undo()):
            self.turned = _("undone: {what}").format(what=change.text)
            self._replay(change, change.before)

    def redo(self) -> None:
        """Do again what was undone last and show where it is."""
        self.moving.emit()
        if not self.frozen and (change := self.history.redo()):
            self.turned = _("done again: {what}").format(what=change.text)
            self._replay(change, change.after)

    # The desk itself ------------------------------------------------------------------------------------------------

    def reader(self, number: str) -> Callable[[Material], bytes]:
        """How a worker reads materials of an application; Cancelled once the desk is closed."""
        desk = self._desk

        def read(material: Material) -> bytes:
            if self._closed:
                raise Cancelled
            return desk.read_material(number, material)

        return read

    def run(
        self,
        work: Callable[[Desk, Job], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[UserError], None] | None = None,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], None] | None = None,
    ) -> Task[T]:
        """Run ``work`` on the desk in the store's worker, after all that was entered so far has been written."""
        self._autosave.write()
        desk = self._desk
        return self._tasks.run(
            self, lambda job: work(desk, job), done, failed=failed, progress=progress, cancelled=cancelled
        )

    def freeze(self) -> None:
        """Let nothing be entered until ``thaw`` or ``reload``: what is being signed must not change meanwhile."""
        self.frozen = True
        self.application_changed.emit()

    def thaw(self) -> None:
        """Let things be entered again; nothing was signed."""
        self.frozen = False
        self.application_changed.emit()

    def reload(self) -> None:
        """Read the desk anew, after something else (signing) has changed it; what was done can no longer be undone."""

        def take(read: DeskContents) -> None:
            self._take(read)
            self.frozen = False
            self.history.clear()
            self.reloaded.emit()
            self.application_changed.emit()

        self.run(lambda desk, _job: contents(desk), take)

    @property
    def unsaved(self) -> bool:
        """Whether something that was entered is not durable yet."""
        return self._autosave.pending

    @property
    def unsaved_numbers(self) -> tuple[str, ...]:
        """The applications of which something is not durable yet."""
        return self._autosave.unsaved

    def give_up(self) -> None:
        """The person has said that what cannot be saved may be lost."""
        self._autosave.give_up()

    @property
    def save_problem(self) -> UserError | None:
        """Why saving fails at present; None while it works."""
        return self._autosave.problem

    def save_now(self) -> None:
        """Try to save at once."""
        self._autosave.write()

    def when_saved(self, then: Callable[[], None]) -> None:
        """Call ``then`` when all that was entered is durable; while the disk fails, not yet."""
        self._autosave.when_saved(then)

    def close(self) -> None:
        """Save what is left and give the workspace free, after what the worker still has to do in it."""
        if not self._closed:
            self._closed = True
            self._autosave.close()

    def _take(self, opened: DeskContents) -> None:
        self.sheets = Sheets(opened)
        self.asking: set[str] = set()
        """Applications for which finishing was tried, so that what is missing is marked everywhere."""

    def _edit(self, score: ItemScore, text: str, series: str) -> None:
        if self.editable:
            entry = self.sheets.with_score(self.number, score)
            self._change(score.criterion, entry, text, f"{series} {score.criterion}" if series else "")

    def _change(self, code: str, after: Entry, text: str, series: str, visited: str = "") -> None:
        number = visited or self.number
        before = self.sheets.entry(number)
        if after != before and not self.frozen:
            self.turned = ""
            self.history.add(Change(number, code, before, after, text.format(code=code), series, now()))
            self._apply(number, code, after)

    def _replay(self, change: Change, entry: Entry) -> None:
        if change.before.visit != change.after.visit:
            self._apply(change.number, "", entry)
            self.view_wanted.emit("inspection")
            return
        self.view_wanted.emit("")
        self.select(change.number)
        if change.criterion:
            self.select_criterion(change.criterion)
        self._apply(change.number, change.criterion, entry)

    def _apply(self, number: str, code: str, entry: Entry) -> None:
        if entry.visit != self.sheets.entry(number).visit:
            self.sheets.put(number, entry)
            self._autosave.keep(number, entry)
            self.visit_changed.emit(number)
            return
        before = self.sheets.recused(number), self.sheets.editable(number)
        self.sheets.put(number, entry)
        self._autosave.keep(number, entry)
        self.entry_changed.emit(number, code)
        if (self.sheets.recused(number), self.sheets.editable(number)) != before:
            self.application_changed.emit()

    def _note_saved(self, when: datetime) -> None:
        self.saved_at = when
        self.saved.emit(when)
