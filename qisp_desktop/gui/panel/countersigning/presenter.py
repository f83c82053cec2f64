"""Countersigning without its widgets: what is examined and signed in the background, and what came of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, language, ngettext
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.gui.panel.countersigning import work
from qisp_desktop.gui.panel.countersigning.kept import KeptLists, Run
from qisp_desktop.gui.panel.countersigning.paper_list import Looked, PaperList
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.panel.signing.presenter import Proof
from qisp_desktop.gui.tasks import Progress, Task, Tasks
from qisp_desktop.services.leader_papers import Done, LeaderPaper, Outcome

if TYPE_CHECKING:
    from qisp_desktop.services.leader_checking import Leadership
    from qisp_desktop.services.leader_signing import LeadersHand

Busy = Literal["", "checking", "signing"]


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
        self._kept = KeptLists.of(tasks).list_of(desk.path, desk.expert.id)
        self.list = PaperList(self._kept)
        self.drawing: Handwriting | None = None
        self.busy: Busy = ""
        self.left_alone = False
        """Whether nobody is there, and the desk is about to lock: what there is to tell waits for who unlocks it."""
        self._language = language()
        self._told: deque[Looked | Outcome] = deque()
        """What the workers have found out; they append, the UI thread takes."""
        self._task: Task[Leadership] | Task[int] | Task[LeadersHand] | Task[None] | None = None
        self._reading: Task[bytes] | None = None
        self._taken_up = False

    @staticmethod
    def of(desk: DeskPresenter, tasks: Tasks) -> CountersigningPresenter:
        """The presenter that belongs to ``desk``."""
        return desk.findChild(CountersigningPresenter) or CountersigningPresenter(desk, tasks)

    @property
    def folder(self) -> str:
        """As it was typed last; empty until then."""
        return self._kept.folder

    @folder.setter
    def folder(self, folder: str) -> None:
        self._kept.folder = folder

    def take_up(self) -> None:
        """Begin with the list as it was when the desk was locked or left; every file of it is read again."""
        if not self._taken_up:
            self._taken_up, self._language = True, language()
            self._examine_all()

    # Which papers ---------------------------------------------------------------------------------------------------

    def add(self, paths: Sequence[Path]) -> None:
        """Examine files, and the PDFs of folders, after those that are being examined; a file that is there is
        examined anew. While it signs, nothing is added."""
        if self.busy != "signing" and paths:
            self._kept.waiting += paths
            self._examine_waiting()

    def look_again(self) -> None:
        """Examine every file anew; until then it stands as it did."""
        if not self.busy:
            self._examine_all()

    def speak(self) -> None:
        """What was found is told in the language of then: find it out anew where that is another one."""
        if self._language != language():
            self._language = language()
            self._examine_all()

    def remove(self, papers: Sequence[LeaderPaper]) -> None:
        """Take papers out of the list; their files stay."""
        if not self.busy and papers:
            self.list.remove({paper.path for paper in papers})
            self.changed.emit()

    def choose(self, paths: set[Path]) -> None:
        """Sign exactly those at ``paths`` of the papers that can be signed."""
        self.list.choose(paths)
        self.chosen_changed.emit()

    # Looking at one -------------------------------------------------------------------------------------------------

    def preview(self, paper: LeaderPaper) -> None:
        """Read the file of ``paper``, or the signed one; ``previewed`` or ``preview_failed`` follows."""
        if self._reading is not None:
            self._reading.cancel()
        path = self.list.file_of(paper)
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
        papers, drawing = self.list.chosen, self.drawing
        if self.busy or not papers:
            return
        self.left_alone = False
        self._set_busy("signing")
        self._task = self.desk.run(
            lambda desk, _job: work.leaders_hand(desk, proof, drawing),
            lambda hand: self._sign(papers, folder, hand),
            failed=lambda error: self._end(lambda: self.unproven.emit(error)),
            cancelled=lambda: self._end(None),
        )

    def cancel(self) -> None:
        """Stop before the next paper; what was found out or signed stays."""
        self._kept.waiting.clear()
        if self._task is not None:
            self._task.cancel()

    def _sign(self, papers: list[LeaderPaper], folder: Path, hand: LeadersHand) -> None:
        if self._stopping:
            self._end(lambda: self._tell(self._stopped(papers)))
            return
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
        counts = (self.list.count(papers, done) for done in (Done.SIGNED, Done.THERE, Done.FAILED))
        self._tell(Run(folder, *counts))

    def _stopped(self, papers: list[LeaderPaper]) -> UserError:
        signed = self.list.count(papers, Done.SIGNED, Done.THERE)
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
        """What the last run came to, told once; who left the view, or found the desk locked, hears of it then."""
        news, self._kept.news = self._kept.news, None
        return news

    def _tell(self, news: Run | UserError) -> None:
        self._kept.news = news
        self.news_changed.emit()

    # ----------------------------------------------------------------------------------------------------------------

    def _examine_all(self) -> None:
        """Examine what is in the list, and what was being examined, after what is under way."""
        kept = self._kept
        kept.waiting = [*kept.paths, *kept.given, *kept.waiting]
        self._examine_waiting()

    def _examine_waiting(self) -> None:
        if self.busy or not self._kept.waiting:
            return
        given = self._kept.given = tuple(dict.fromkeys(self._kept.waiting))
        self._kept.waiting.clear()
        self._set_busy("checking")
        self._task = self.desk.run(
            lambda desk, _job: work.lead_of(desk),
            lambda lead: self._examine(given, lead),
            failed=lambda error: self._end(lambda: self._tell(error)),
            cancelled=lambda: self._end(None),
        )

    def _examine(self, given: tuple[Path, ...], lead: Leadership) -> None:
        if self._stopping:
            self._end(None)
            return
        written, told = dict(self._kept.written), self._told.append
        self._task = self._tasks.run(
            self,
            lambda job: work.examine(given, lead, written, told, job),
            lambda count: self._end(None if count else self.nothing_found.emit),
            failed=lambda error: self._end(lambda: self._tell(error)),
            progress=self._progress,
            cancelled=lambda: self._end(None),
            store=False,
        )

    @property
    def _stopping(self) -> bool:
        """Whether it was stopped when the first part of the work was through, but not delivered yet."""
        return self._task is not None and self._task.job.is_stopping

    def _progress(self, progress: Progress) -> None:
        self._take()
        self.progressed.emit(progress)

    def _take(self) -> None:
        """Take over what the workers have found out since the last time."""
        found = [self._told.popleft() for _n in range(len(self._told))]
        if found:
            self.list.put(found)
            self.changed.emit()

    def _end(self, tell: Callable[[], None] | None) -> None:
        self._task, self._kept.given = None, ()
        self._take()
        self._set_busy("")
        if tell is not None:
            tell()
        self._examine_waiting()

    def _set_busy(self, busy: Busy) -> None:
        self.busy = busy
        self.busy_changed.emit()
