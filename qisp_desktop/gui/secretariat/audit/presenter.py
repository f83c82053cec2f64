"""The audit trail and its check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.secretariat.section import SectionPresenter
from qisp_desktop.gui.secretariat.session import RoundSession
from qisp_desktop.gui.tasks import Job

if TYPE_CHECKING:
    from qisp_desktop.services.audit_overview import Trail
    from qisp_desktop.services.auditing import AuditReport
    from qisp_desktop.store.round_store import RoundStore


class AuditPresenter(SectionPresenter["Trail"]):
    """Reads the trail; ``report`` is what the last check found, None before one."""

    checked = Signal()

    def __init__(self, session: RoundSession) -> None:
        super().__init__(session)
        self.report: AuditReport | None = None

    def read(self, store: RoundStore, job: Job) -> Trail:
        """The events as they are now."""
        from qisp_desktop.services.audit_overview import trail_of

        return trail_of(store)

    def verify(self) -> None:
        """Check the trail; ends in ``checked``."""

        def work(store: RoundStore, job: Job) -> AuditReport:
            from qisp_desktop.services.audit_overview import check_trail

            return check_trail(store)

        self.look(_("Checking the trail and all that it speaks of…"), work, self._checked)

    def _checked(self, report: AuditReport) -> None:
        self.report = report
        self.checked.emit()
        if not report.problems:
            self.say("good", _("The trail is whole, and every record is as its last event left it."))
