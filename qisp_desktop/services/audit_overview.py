"""What the desk shows of the audit trail: every event in words, and what its check finds."""

from __future__ import annotations

from dataclasses import dataclass

from qisp_desktop.services.audit_words import action_name, subject_name
from qisp_desktop.services.auditing import AuditReport, audit
from qisp_desktop.store.audit import SEAL_ACTION, AuditEvent, AuditHead
from qisp_desktop.store.round_store import RoundStore


@dataclass(frozen=True)
class TrailLine:
    """An event with its time on the person's clock, and its action and subject in the person's language."""

    event: AuditEvent
    time: str
    action: str
    subject: str


@dataclass(frozen=True)
class Trail:
    """The trail: its lines, the newest first; its head; ``sealed`` is the last event that signed it (0: none)."""

    lines: tuple[TrailLine, ...]
    head: AuditHead
    sealed: int


def trail_of(store: RoundStore) -> Trail:
    """The trail of the open round. UserError when an event cannot even be read; checking it says more."""
    report = audit(store)
    lines = tuple(
        TrailLine(
            event,
            f"{event.time.astimezone():%Y-%m-%d %H:%M:%S}",
            action_name(event.action),
            subject_name(event.subject),
        )
        for event in reversed(report.events)
    )
    sealed = max((event.seq for event in report.events if event.action == SEAL_ACTION), default=0)
    return Trail(lines, report.head, sealed)


def check_trail(store: RoundStore) -> AuditReport:
    """Check every link, every signature and every kept record."""
    return audit(store, verify=True)
