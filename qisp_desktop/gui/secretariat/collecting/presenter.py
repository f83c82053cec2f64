"""Collecting: files with their verdicts, the board, conflicts, papers; and the folder that is watched."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import shiboken6
from PySide6.QtCore import QTimer, Signal

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.secretariat.collecting.watching import FolderWatcher
from qisp_desktop.gui.secretariat.section import SectionPresenter
from qisp_desktop.gui.secretariat.session import RoundSession
from qisp_desktop.gui.tasks import Job

if TYPE_CHECKING:
    from qisp_desktop.domain.merging import Resolution
    from qisp_desktop.services.board_data import ContestedSheet
    from qisp_desktop.services.collect_report import FileVerdict
    from qisp_desktop.services.collected_files import CollectedFile, CollectingData
    from qisp_desktop.services.compared_sheets import Comparison, HeldOf
    from qisp_desktop.store.round_store import RoundStore

YIELD_S = 0.01
"""After each verdict the worker lets the window have the interpreter, which one thread at a time runs."""
FILES, BOARD, CONFLICTS, PAPERS = "files", "board", "conflicts", "papers"


class Call(NamedTuple):
    """Files that are collected together; ``deep`` also compares the papers inside."""

    paths: tuple[Path, ...]
    deep: bool
    watched: bool


class CollectingPresenter(SectionPresenter["CollectingData"]):
    """Collects what is dropped, chosen or found in the watched folder, one call after another."""

    files_changed = Signal()
    """``files`` has more verdicts, or other ones."""
    keys_wanted = Signal(str)
    """What the secretariat's keys are needed for; ``go_on`` afterwards."""
    compared = Signal(object)
    """The Comparison of the conflict that was asked for."""
    cell_read = Signal(object)
    """The HeldOf of the board's cell that was asked for."""

    def __init__(self, session: RoundSession) -> None:
        super().__init__(session)
        self.files: list[CollectedFile] = []
        """The newest call first, in each the order of the files."""
        self.pane = FILES
        self.deep = False
        self.clerk = ""
        """Who enters and confirms papers, as last typed."""
        self.comparison: Comparison | None = None
        self.cell: HeldOf | None = None
        self._calls: list[Call] = []
        self._running: Call | None = None
        self._number = 0
        self._place = 0
        self.watcher = FolderWatcher(session.tasks, self)
        self.watcher.found.connect(self._found)
        session.office_changed.connect(self._office_changed)
        session.opened.connect(self._found_again)
        self.busy_changed.connect(self._calm)
        self.loaded.connect(self._note_decisions)

    def read(self, store: RoundStore, job: Job) -> CollectingData:
        """How the round stands."""
        from qisp_desktop.services.collected_files import collecting_data

        return collecting_data(store)

    def close(self) -> None:
        """Watch no longer."""
        self.watcher.stop()

    # Collecting -----------------------------------------------------------------------------------------------------

    def collect(self, paths: Sequence[Path], *, watched: bool = False) -> None:
        """Collect ``paths`` (files and folders) after whatever is being collected; the keys are asked for first."""
        if not paths:
            return
        if not self.session.writable:
            held = self.session.open_round
            if held is not None and held.read_only is not None:
                self.say_error(held.read_only)
            return
        self._calls.append(Call(tuple(paths), self.deep, watched))
        self.go_on()

    @property
    def waiting(self) -> int:
        """How many files and folders wait to be collected."""
        return sum(len(call.paths) for call in self._calls)

    def go_on(self) -> None:
        """Begin the next call, if one waits and nothing else is being done."""
        if not self._calls or self.busy:
            return
        if not self.session.unlocked:
            text = ngettext("{count} file or folder waits.", "{count} files or folders wait.", self.waiting)
            self.keys_wanted.emit(_("Returns are encrypted to the secretariat. {waiting}").format(
                waiting=text.format(count=self.waiting)
            ))  # fmt: skip
            return
        call = self._calls.pop(0)
        self._number += 1
        self._place, self._running = 0, call
        self.act(_("Collecting…"), lambda store, job: self._collect(store, job, call), self._collected, self._failed)

    def give_up_waiting(self) -> None:
        """Collect nothing of what waits for the keys; a folder that asks for them again and again is let go."""
        if self._let_waiting_go():
            self.say("info", _("The folder is watched no longer: what comes in needs the keys."))

    def _collect(self, store: RoundStore, job: Job, call: Call) -> int:
        """In the worker: collect returns, then read score forms; how many files there were."""
        from qisp_desktop.services.collect_report import unread_folders
        from qisp_desktop.services.collected_files import SUFFIXES, passed_over, returns_and_forms
        from qisp_desktop.services.collecting import collect_open
        from qisp_desktop.services.named_files import look_through
        from qisp_desktop.services.score_forms import read_forms

        post, number = self.session.tasks.post, self._number

        def told(file: FileVerdict) -> None:
            post(lambda: self._judged(file, number))
            time.sleep(YIELD_S)

        # Folders are walked once, before anything is taken: each walk of a share takes its time.
        named = look_through(call.paths, SUFFIXES)
        returns, forms = returns_and_forms(named.files)
        count = len(unread_folders(named, told))
        if count:
            post(lambda: self._all_kept(number))
        if returns:
            report = collect_open(store, self.session.office(), returns, deep=call.deep, work=job, told=told)
            count += len(report.files)
            post(lambda: self._all_kept(number))
        if forms:
            count += len(read_forms(store, forms, work=job, told=told).files)
            post(lambda: self._all_kept(number))
        for one in passed_over(call.paths, named.others, number):
            post(partial(self._add, one))
        return count

    def _judged(self, file: FileVerdict, call: int) -> None:
        from qisp_desktop.services.collected_files import CollectedFile

        self._add(CollectedFile(file, call))

    def _add(self, file: CollectedFile) -> None:
        if shiboken6.isValid(self):
            self.files.insert(self._place, file)
            self._place += 1
            self.files_changed.emit()

    def _all_kept(self, call: int) -> None:
        from qisp_desktop.services.collected_files import Keeping

        if shiboken6.isValid(self):
            self._mark(call, Keeping.KEPT, "")

    def _mark(self, call: int, keeping: str, why: str) -> None:
        from qisp_desktop.services.collected_files import Keeping

        self.files = [
            replace(one, keeping=Keeping(keeping), why_not=why)
            if one.call == call and one.keeping is Keeping.JUDGED
            else one
            for one in self.files
        ]
        self.files_changed.emit()

    def _collected(self, count: int) -> None:
        from qisp_desktop.services.collected_files import Keeping

        self._running = None
        own = [one for one in self.files if one.call == self._number]
        over = [one for one in own if one.keeping is Keeping.PASSED_OVER]
        wanting = sum(one.wants_attention for one in own if one not in over)
        passed = _("; ").join(one.why_not.replace("\n", _("; ")) for one in over if one.wants_attention)
        count -= sum(one.file.foreign for one in own if one not in over)
        if not count and not wanting:
            nothing = _("No file ending in .qscore and no score form was found.")
            self.say("warn", _("There is nothing to collect."), sentences(nothing, passed))
        elif wanting or passed:
            text = ngettext("{count} file needs a look.", "{count} files need a look.", wanting)
            self.say("warn", self._counted(count), sentences(text.format(count=wanting) if wanting else "", passed))
        else:
            self.say("good", self._counted(count))
        self._next()

    def _failed(self, error: UserError) -> None:
        from qisp_desktop.services.collected_files import Keeping
        from qisp_desktop.store.errors import Unreachable

        self._mark(self._number, Keeping.NOT_KEPT, error.what)
        self._hand_back(self._running)
        if self._running is not None and not self._running.watched and isinstance(error, Unreachable):
            # Nothing of it was kept; it is collected as soon as the round is found again.
            self._calls.insert(0, self._running)
        self._running = None
        self.say_error(error)

    def _calm(self, busy: str) -> None:
        """When work has ended and neither its result nor a failure follows, it was stopped."""
        if not busy and self._running is not None:
            QTimer.singleShot(0, self, self._stopped)

    def _stopped(self) -> None:
        from qisp_desktop.services.collected_files import Keeping

        if self._running is None or self.busy:
            return
        self._mark(self._number, Keeping.NOT_KEPT, _("It was stopped."))
        self._calls.append(self._running)
        self._running = None
        more = _("The folder is watched no longer.") if self._let_waiting_go() else ""
        self.say("info", _("Stopped: nothing of the files that were still being read is in the round."), more)

    def _note_decisions(self) -> None:
        """Of files that brought a conflict: whether it is decided by now."""
        if self.data is None:
            return
        undecided = {(one.expert, one.application) for one in self.data.board.undecided}
        files = [one.with_decisions(undecided) for one in self.files]
        if any(new is not old for new, old in zip(files, self.files, strict=True)):
            self.files = files
            self.files_changed.emit()

    def _let_waiting_go(self) -> bool:
        """Forget the calls that wait; whether with them a watched folder was let go, which would bring them again."""
        watched = any(call.watched for call in self._calls)
        self._calls.clear()
        if watched:
            self.watcher.stop()
        return watched

    def _hand_back(self, call: Call | None) -> None:
        if call is not None and call.watched:
            self.watcher.forget(call.paths)

    def _found_again(self) -> None:
        if self.session.writable:
            self._next()

    def _next(self) -> None:
        QTimer.singleShot(0, self, self.go_on)

    @staticmethod
    def _counted(count: int) -> str:
        return ngettext("{count} file was collected.", "{count} files were collected.", count).format(count=count)

    def _office_changed(self) -> None:
        if self.session.unlocked:
            self._next()

    # The watched folder ---------------------------------------------------------------------------------------------

    def watch(self, folder: Path) -> None:
        """Collect what comes into ``folder`` from now on."""
        self.watcher.watch(folder)

    def _found(self, paths: list[Path]) -> None:
        self.collect(paths, watched=True)

    # The board and conflicts ----------------------------------------------------------------------------------------

    def ask_cell(self, expert: str, application: str) -> None:
        """Read what is held of a cell of the board; ``cell_read`` follows."""

        def work(store: RoundStore, job: Job) -> HeldOf:
            from qisp_desktop.services.compared_sheets import held_of

            return held_of(store, expert, application)

        self.session.read(self, work, self._cell_read, self.say_error)

    def _cell_read(self, held: HeldOf) -> None:
        self.cell = held
        self.cell_read.emit(held)

    def ask_comparison(self, contested: ContestedSheet) -> None:
        """Read the contents of a conflict; ``compared`` follows."""

        def work(store: RoundStore, job: Job) -> Comparison:
            from qisp_desktop.services.compared_sheets import compare

            return compare(store, contested.expert, contested.application, contested.revision)

        self.session.read(self, work, self._compared, self.say_error)

    def _compared(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.compared.emit(comparison)

    def decide(self, comparison: Comparison, digest: str, reason: str) -> None:
        """Let the content ``digest`` count, with a reason; what is said afterwards can take it back."""
        before = comparison.decided

        def work(store: RoundStore, job: Job) -> Resolution:
            from qisp_desktop.services.deciding import resolve

            return resolve(
                store,
                comparison.expert,
                comparison.application,
                comparison.revision,
                digest,
                reason=reason,
                among=[content.digest for content in comparison.contents],
            )

        def done(made: Resolution) -> None:
            text = _("Decided: {expert} × {application}.").format(expert=made.expert, application=made.application)
            self.say("good", text, made.reason, _("Undo"), lambda: self._take_back(made, before))

        self.act(_("Deciding…"), work, done)

    def _take_back(self, made: Resolution, before: Resolution | None) -> None:
        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.deciding import unresolve

            unresolve(store, made, before)

        self.act(_("Taking back…"), work)
