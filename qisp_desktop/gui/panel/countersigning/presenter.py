"""Countersigning without its widgets: which papers there are, which are chosen, and what became of each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QObject, Signal

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, language, ngettext
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.gui.panel.countersigning import work
from qisp_desktop.gui.panel.countersigning.kept import KeptList, KeptLists
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.panel.signing.presenter import Proof
from qisp_desktop.gui.tasks import Progress, Task, Tasks
from qisp_desktop.services.leader_papers import Done, LeaderPaper, Outcome, Standing, settled

if TYPE_CHECKING:
    from qisp_desktop.services.leader_checking import Leadership
    from qisp_desktop.services.leader_signing import LeadersHand

Busy = Literal["", "checking", "signing"]


class Run(NamedTuple):
    """A run that came to its end: into which folder, how many were signed, were there already, and were not signed."""

    folder: Path
    signed: int
    there: int
    failed: int


class CountersigningPresenter(QObject):
    """A leader's papers, examined and signed in the background; it outlives the view, and ends with the desk."""

    changed = Signal()
    """There are other papers, or more is known of them."""
    chosen_changed = Signal()
    busy_changed = Signal()
    progressed = Signal(object)
    """How far it is (Progress)."""
    nothing_found = Signal()
    """What was added holds no PDF."""
    previewed = Signal(object, bytes)
    """A LeaderPaper and its file, signed where it has been signed."""
    preview_failed = Signal(object, str)
    """A LeaderPaper and why its file cannot be read."""
    unproven = Signal(UserError)
    """The passphrase or the certificate is not the leader's."""
    news_changed = Signal()
    """There is something to tell of what was done: ``take_news``."""

    def __init__(self, desk: DeskPresenter, tasks: Tasks) -> None:
        super().__init__(desk)
        self.desk = desk
        self._tasks = tasks
        self.papers: tuple[LeaderPaper, ...] = ()
        """In the order in which they came, with what each is to the others."""
        self.outcomes: dict[Path, Outcome] = {}
        self.drawing: Handwriting | None = None
        self.busy: Busy = ""
        self._examined: list[LeaderPaper] = []
        self._language = language()
        self._left_out: set[Path] = set()
        self._taken: set[Path] = set()
        """Older revisions that the person wants signed all the same."""
        self._waiting: list[Path] = []
        self._given: tuple[Path, ...] = ()
        """What is being examined."""
        self._told: deque[LeaderPaper | Outcome] = deque()
        """What the workers have found out; they append, the UI thread takes."""
        self._news: Run | UserError | None = None
        self._task: Task[Leadership] | Task[int] | Task[LeadersHand] | Task[None] | None = None
        self._reading: Task[bytes] | None = None
        self._folder = ""
        self._lists = KeptLists.of(tasks)
        self._taken_up = False
        self._expected: dict[Path, Path] = {}
        """Papers of which a countersigned file was written: whether it still is one, examining them tells."""
        self._run: tuple[Path, ...] = ()
        self._run_folder = Path()
        """The papers of the run that is under way, or was when the desk was locked, and where they are written."""

    @staticmethod
    def of(desk: DeskPresenter, tasks: Tasks) -> CountersigningPresenter:
        """The presenter that belongs to ``desk``."""
        return desk.findChild(CountersigningPresenter) or CountersigningPresenter(desk, tasks)

    @property
    def folder(self) -> str:
        """As it was typed last; empty until then."""
        return self._folder

    @folder.setter
    def folder(self, folder: str) -> None:
        self._folder = folder
        self._keep()

    def take_up(self) -> None:
        """Begin with the list as it was when the desk was locked or left; every file of it is read again."""
        if self._taken_up:
            return
        self._taken_up = True
        kept = self._lists.held(self.desk.path, self.desk.expert.id)
        if kept is not None:
            self._left_out, self._taken, self._folder = set(kept.left_out), set(kept.taken), kept.folder
            self._expected, self._run, self._run_folder = kept.expected, kept.run, kept.run_folder
            self.add(kept.paths)

    # Which papers ---------------------------------------------------------------------------------------------------

    def add(self, paths: Sequence[Path]) -> None:
        """Examine files, and the PDFs of folders, after those that are being examined; a file that is there is
        examined anew. While it signs, nothing is added."""
        if self.busy != "signing" and paths:
            self._waiting += paths
            self._examine_waiting()

    def look_again(self) -> None:
        """Examine every file anew."""
        if not self.busy:
            paths = [paper.path for paper in self._examined]
            self._examined.clear()
            self.outcomes.clear()
            self.add(paths)

    def speak(self) -> None:
        """What was found is told in the language of then: find it out anew where that is another one."""
        if self._language != language():
            self._language = language()
            self._expected |= self._written
            self.look_again()

    def remove(self, papers: Sequence[LeaderPaper]) -> None:
        """Take papers out of the list; their files stay."""
        gone = {paper.path for paper in papers}
        if not self.busy and gone:
            self._examined = [paper for paper in self._examined if paper.path not in gone]
            for path in gone:
                self.outcomes.pop(path, None)
            self._settle()

    # Which are chosen -----------------------------------------------------------------------------------------------

    def can_be_chosen(self, paper: LeaderPaper) -> bool:
        """Whether it can be signed, and has not been."""
        outcome = self.outcomes.get(paper.path)
        return paper.signable and (outcome is None or outcome.done is Done.FAILED)

    def is_chosen(self, paper: LeaderPaper) -> bool:
        """Whether the next run signs it: what is ready, unless it was left out."""
        if not self.can_be_chosen(paper):
            return False
        return paper.path not in self._left_out if paper.standing is Standing.READY else paper.path in self._taken

    @property
    def chosen(self) -> list[LeaderPaper]:
        """The papers that the next run signs."""
        return [paper for paper in self.papers if self.is_chosen(paper)]

    def choose(self, paths: set[Path]) -> None:
        """Sign exactly those at ``paths`` of the papers that can be signed."""
        offered = {paper.path for paper in self.papers if self.can_be_chosen(paper)}
        self._left_out = (self._left_out - offered) | (offered - paths)
        self._taken = (self._taken - offered) | (offered & paths)
        self._keep()
        self.chosen_changed.emit()

    # Looking at one -------------------------------------------------------------------------------------------------

    def preview(self, paper: LeaderPaper) -> None:
        """Read the file of ``paper``, or the signed one; ``previewed`` or ``preview_failed`` follows."""
        if self._reading is not None:
            self._reading.cancel()
        outcome = self.outcomes.get(paper.path)
        path = outcome.written if outcome is not None and outcome.written is not None else paper.path
        self._reading = self._tasks.run(
            self,
            lambda _job: work.read(path),
            lambda pdf: self.previewed.emit(paper, pdf),
            failed=lambda error: self.preview_failed.emit(paper, error.why),
            store=False,
        )

    # Signing --------------------------------------------------------------------------------------------------------

    @property
    def own_certificate(self) -> bool:
        """Whether the package is signed with a certificate that the expert brought."""
        return self.desk.own_certificate

    def sign(self, proof: Proof, folder: Path) -> None:
        """Sign what is chosen into ``folder``; ends in ``news_changed`` or ``unproven``."""
        papers, drawing = self.chosen, self.drawing
        if self.busy or not papers:
            return
        self._run, self._run_folder = tuple(paper.path for paper in papers), folder
        self._set_busy("signing")
        self._task = self.desk.run(
            lambda desk, _job: work.leaders_hand(desk, proof, drawing),
            lambda hand: self._sign(papers, folder, hand),
            failed=lambda error: self._end(lambda: self.unproven.emit(error)),
            cancelled=lambda: self._end(None),
        )

    def cancel(self) -> None:
        """Stop before the next paper; what was found out or signed stays."""
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    def _sign(self, papers: list[LeaderPaper], folder: Path, hand: LeadersHand) -> None:
        told = self._told.append
        self._task = self._tasks.run(
            self,
            lambda job: work.sign(papers, folder, hand, told, job),
            lambda _none: self._end(lambda: self._finish(papers, folder)),
            failed=lambda error: self._end(lambda: self._tell(error)),
            progress=self._progress,
            cancelled=lambda: self._end(lambda: self._tell(self._stopped(papers))),
            store=False,  # it must not keep what is typed from being saved
        )

    def _finish(self, papers: list[LeaderPaper], folder: Path) -> None:
        done = [self.outcomes[paper.path].done for paper in papers if paper.path in self.outcomes]
        self._tell(Run(folder, *(done.count(one) for one in (Done.SIGNED, Done.THERE, Done.FAILED))))

    def _stopped(self, papers: list[LeaderPaper]) -> UserError:
        signed = sum(
            self.outcomes[paper.path].done is not Done.FAILED for paper in papers if paper.path in self.outcomes
        )
        whole = ngettext(
            "{count} paper was countersigned before, and is whole.",
            "{count} papers were countersigned before, and are whole.",
            signed,
        )
        return UserError(
            _("Signing was stopped."),
            whole.format(count=signed) if signed else _("Nothing was countersigned."),
            _("Sign again for the others."),
        )

    def take_news(self) -> Run | UserError | None:
        """What the last run came to, told once; a view that was left meanwhile hears of it when it is back."""
        news, self._news = self._news, None
        return news

    def _tell(self, news: Run | UserError) -> None:
        self._news = news
        self.news_changed.emit()

    # ----------------------------------------------------------------------------------------------------------------

    def _examine_waiting(self) -> None:
        if self.busy or not self._waiting:
            return
        given = self._given = tuple(self._waiting)
        self._waiting.clear()
        self._set_busy("checking")
        self._task = self.desk.run(
            lambda desk, _job: work.lead_of(desk),
            lambda lead: self._examine(given, lead),
            failed=lambda error: self._end(lambda: self._tell(error)),
            cancelled=lambda: self._end(None),
        )

    def _examine(self, given: tuple[Path, ...], lead: Leadership) -> None:
        expected, told = dict(self._expected), self._told.append
        self._task = self._tasks.run(
            self,
            lambda job: work.examine(given, lead, expected, told, job),
            lambda count: self._end(None if count else self.nothing_found.emit),
            failed=lambda error: self._end(lambda: self._tell(error)),
            progress=self._progress,
            cancelled=lambda: self._end(None),
            store=False,
        )

    def _progress(self, progress: Progress) -> None:
        self._take()
        self.progressed.emit(progress)

    def _take(self) -> None:
        """Take over what the workers have found out since the last time."""
        fresh: dict[Path, LeaderPaper] = {}
        for one in [self._told.popleft() for _n in range(len(self._told))]:
            if isinstance(one, Outcome):
                self.outcomes[one.source] = one
            else:
                fresh[one.path] = one
                self.outcomes.pop(one.path, None)
                self._expected.pop(one.path, None)
        self._examined = [paper for paper in self._examined if paper.path not in fresh] + list(fresh.values())
        self._settle()

    def _settle(self) -> None:
        before = {paper: paper for paper in self.papers}
        # What stands as it did stays the same object, by which tables keep their selection.
        self.papers = tuple(before.get(paper, paper) for paper in settled(self._examined))
        self._keep()
        self.changed.emit()

    def _end(self, tell: Callable[[], None] | None) -> None:
        signed, self._task, self._given = self.busy == "signing", None, ()
        self._take()
        if signed:
            self._run = ()
        self._set_busy("")
        if tell is not None:
            tell()
        self._examine_waiting()
        if self._run and not self.busy:
            self._tell_of_broken_run()

    def _tell_of_broken_run(self) -> None:
        """The list was read anew; the desk was locked or left in the middle of signing it."""
        papers = [paper for paper in self.papers if paper.path in self._run]
        self._run = ()
        self._keep()
        if any(self.can_be_chosen(paper) for paper in papers):
            self._tell(self._stopped(papers))
        else:
            self._finish(papers, self._run_folder)

    @property
    def _written(self) -> dict[Path, Path]:
        """The countersigned files by their sources."""
        return {path: one.written for path, one in self.outcomes.items() if one.written is not None}

    def _keep(self) -> None:
        """Have the list there again when the desk was locked or left."""
        held = [paper.path for paper in self._examined]
        kept = KeptList(
            tuple(dict.fromkeys([*held, *self._given, *self._waiting])),
            frozenset(self._left_out),
            frozenset(self._taken),
            {**self._expected, **self._written},
            self._folder,
            self._run,
            self._run_folder,
        )
        self._lists.keep(self.desk.path, self.desk.expert.id, kept)

    def _set_busy(self, busy: Busy) -> None:
        self.busy = busy
        self._keep()
        self.busy_changed.emit()
