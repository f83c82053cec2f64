"""Signing without its widgets: what can be signed, the paper as it will be printed, and one run from key to stick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.panel.inspection.presenter import InspectionPresenter
from qisp_desktop.gui.panel.signing.gaps import INSPECTION, Gap, gaps, ready_visits
from qisp_desktop.gui.tasks import Job, Task, Tasks
from qisp_desktop.services.desk import Desk, DeskStatus

if TYPE_CHECKING:
    from qisp_desktop.base.credentials import Credentials
    from qisp_desktop.services.desk_signing import SigningReport


@dataclass(frozen=True)
class Proof:
    """What shows that it is the expert: the package's passphrase, or an own certificate's file and passphrase."""

    passphrase: str = field(repr=False)
    certificate: Path | None = None


class Order(NamedTuple):
    """What is to be done: into which folder, with which drawing (None: on paper), only what is complete or all."""

    folder: Path
    drawing: Handwriting | None
    partial: bool


class SigningPresenter(QObject):
    """Signs for a desk, one run at a time; it outlives the view, because signing goes on when the view is left."""

    changed = Signal()
    """What can be signed, or what was done."""
    previewed = Signal(str, object)
    """An application's number and its paper (bytes, PDF)."""
    preview_failed = Signal(str, UserError)
    """An application's number and why its paper cannot be shown."""
    busy_changed = Signal()
    progressed = Signal(object)
    """How far it is (Progress)."""
    unproven = Signal(UserError)
    """The passphrase or the certificate is not the expert's."""
    failed = Signal(UserError)
    """Nothing was handed in, and why."""

    def __init__(self, desk: DeskPresenter, tasks: Tasks) -> None:
        super().__init__(desk)
        self.desk = desk
        self._tasks = tasks
        self.report: SigningReport | None = None
        """What the last run gave; None while nothing was handed in, or after something has changed."""
        self.drawing: Handwriting | None = None
        self.partial = False
        self.on_paper = False
        self.busy = False
        self._task: Task[SigningReport] | Task[Credentials | None] | None = None
        desk.entry_changed.connect(lambda _number, _code: self._note_change())
        desk.visit_changed.connect(lambda _number: self._note_change())
        desk.reloaded.connect(self.changed)
        desk.save_failed.connect(self._unsaved)

    @staticmethod
    def of(desk: DeskPresenter, tasks: Tasks) -> SigningPresenter:
        """The presenter that belongs to ``desk``."""
        return desk.findChild(SigningPresenter) or SigningPresenter(desk, tasks)

    # What there is to sign ------------------------------------------------------------------------------------------

    @property
    def gaps(self) -> list[Gap]:
        """Everything that is missing."""
        return gaps(self.desk.sheets)

    @property
    def complete(self) -> list[str]:
        """The applications whose sheets are signed by the next run."""
        return [item.number for item in self.desk.sheets.items if item.status is DeskStatus.COMPLETE]

    @property
    def visits(self) -> list[str]:
        """The applications whose site inspection goes with the next run."""
        return ready_visits(self.desk.sheets)

    @property
    def recusals(self) -> list[str]:
        """The applications whose recusal the secretariat has not been told of yet."""
        sheets = self.desk.sheets
        return [number for number in sheets.numbers if sheets.recused(number) and not sheets.settled(number)]

    @property
    def shown(self) -> list[str]:
        """The applications whose paper can be looked at: what is complete or signed."""
        wanted = (DeskStatus.COMPLETE, DeskStatus.SIGNED)
        return [item.number for item in self.desk.sheets.items if item.status in wanted]

    @property
    def anything(self) -> bool:
        """Whether there is anything to hand in, new or again."""
        told = (DeskStatus.COMPLETE, DeskStatus.SIGNED, DeskStatus.RECUSED)
        sheets = self.desk.sheets
        visited = any(sheets.visited(number) is not None for number in sheets.visitable)
        return visited or bool(self.visits) or any(item.status in told for item in sheets.items)

    @property
    def own_certificate(self) -> bool:
        """Whether the package is signed with a certificate that the expert brought."""
        return self.desk.own_certificate

    def go_to(self, gap: Gap) -> None:
        """Turn the desk to what is missing."""
        if gap.view == INSPECTION:
            InspectionPresenter.of(self.desk, self._tasks).select(gap.number)
        else:
            self.desk.select(gap.number)
            if gap.criterion:
                self.desk.select_criterion(gap.criterion)
        self.desk.view_wanted.emit(gap.view)

    def preview(self, number: str) -> None:
        """Lay out the paper of an application; ``previewed`` brings it."""

        def work(desk: Desk, _job: Job) -> bytes:
            from qisp_desktop.services.desk_signing import preview

            return preview(desk, number)

        self.desk.run(
            work,
            lambda pdf: self.previewed.emit(number, pdf),
            failed=lambda error: self.preview_failed.emit(number, error),
        )

    # Signing --------------------------------------------------------------------------------------------------------

    def sign(self, proof: Proof, order: Order) -> None:
        """Sign, export, read again and check; ends in ``changed`` with a ``report``, ``unproven`` or ``failed``."""
        if self.busy:
            return
        if self.desk.save_problem is not None:
            self.failed.emit(self.desk.save_problem)
            return
        self._set_busy(True)
        self.desk.freeze()
        self.desk.when_saved(lambda: self._prove(proof, order))

    def cancel(self) -> None:
        """Stop at the next step."""
        if self._task is not None:
            self._task.cancel()

    def _prove(self, proof: Proof, order: Order) -> None:
        if not self.busy:
            return  # given up while the disk failed
        self._task = self.desk.run(
            lambda desk, _job: _proven(desk, proof),
            lambda credentials: self._sign(credentials, order),
            failed=lambda error: self._give_up(lambda: self.unproven.emit(error)),
            cancelled=lambda: self._give_up(None),
        )

    def _sign(self, credentials: Credentials | None, order: Order) -> None:
        self._task = self.desk.run(
            lambda desk, job: _signed(desk, job, credentials, order),
            self._done,
            failed=lambda error: self._end(lambda: self.failed.emit(error)),
            progress=self.progressed.emit,
            cancelled=lambda: self._end(lambda: self.failed.emit(_stopped())),
        )

    def _done(self, report: SigningReport) -> None:
        self.report = report
        self._end(None)

    def _give_up(self, tell: Callable[[], None] | None) -> None:
        """Nothing was begun: the desk, and what can be undone there, stays as it is."""
        self._task = None
        self.desk.thaw()
        self._set_busy(False)
        if tell is not None:
            tell()

    def _end(self, tell: Callable[[], None] | None) -> None:
        self._task = None
        # Whatever happened, some of it may be signed: what the desk shows is read anew.
        self.desk.reload()
        self._set_busy(False)
        if tell is not None:
            tell()

    def _unsaved(self, error: UserError) -> None:
        if self.busy and self._task is None:
            self._give_up(lambda: self.failed.emit(error))

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        if busy:
            self.report = None
        self.busy_changed.emit()

    def _note_change(self) -> None:
        if not self.busy:
            self.report = None
            self.changed.emit()


def _stopped() -> UserError:
    return UserError(
        _("Signing was stopped."),
        _("Nothing is half-signed: a sheet is either signed and kept on the desk, or still open."),
        _("Sign again when you are ready."),
    )


def _proven(desk: Desk, proof: Proof) -> Credentials | None:
    """The expert's own credentials, or None where the package's are used; UserError for a wrong passphrase."""
    from qisp_desktop.services.desk_signing import confirm, own_credentials

    if proof.certificate is not None:
        return own_credentials(proof.certificate, proof.passphrase)
    confirm(desk, proof.passphrase)
    return None


def _signed(desk: Desk, job: Job, credentials: Credentials | None, order: Order) -> SigningReport:
    from qisp_desktop.services.desk_signing import sign
    from qisp_desktop.services.handing_in import check_handed_in

    report = sign(
        desk,
        order.folder,
        partial=order.partial,
        credentials=credentials,
        handwriting=order.drawing,
        make_folder=False,
        work=job,
    )
    check_handed_in(desk, report, job)
    return report
