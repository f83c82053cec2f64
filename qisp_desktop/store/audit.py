"""The audit trail: who changed what, each event chained to the one before by its digest.

The order is that of ``seq``; times inform and order nothing. What the chain shows and what it does not: any change,
removal or swap of a row, and any edit of a record past the program, come out in ``problems``. Who can rewrite the
whole file can also rewrite the whole chain; that shows against the signed seals, and against the heads that papers
and packages carry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from qisp_desktop.base import canonical
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.i18n import _

SEAL_FORMAT = "qisp-seal/1"
SEAL_ACTION = "seal"


class AuditHead(NamedTuple):
    """The last event: its number (0: none yet) and its digest."""

    seq: int
    digest: str


EMPTY = AuditHead(0, "")


@dataclass(frozen=True)
class AuditEvent:
    """One thing that was done. ``before`` and ``after`` are digests of the record's document, empty where it was not
    there; both are empty where no record changed. ``previous`` is the digest of the event before, empty for the
    first."""

    seq: int
    time: datetime
    actor: str
    action: str
    subject: str
    before: str
    after: str
    detail: str
    previous: str
    digest: str


class Seal(NamedTuple):
    """A signature over the head of the chain as it was."""

    seq: int
    digest: str
    signature: bytes


class EventRow(NamedTuple):
    """An event as its row holds it; nothing is taken for granted about the cells."""

    seq: Any
    time: Any
    actor: Any
    action: Any
    subject: Any
    before: Any
    after: Any
    detail: Any
    previous: Any
    digest: Any


def chained(head: AuditHead, event: Mapping[str, str]) -> dict[str, str | int]:
    """The row that follows ``head``; ``event`` has the fields from ``time`` to ``detail``."""
    row: dict[str, str | int] = {**event, "seq": head.seq + 1, "previous": head.digest}
    row["digest"] = sha256(canonical.write(row))
    return row


def seal_bytes(round_id: str, head: AuditHead) -> bytes:
    """What a seal signs: the round and the head of its chain."""
    return canonical.dumps({"format": SEAL_FORMAT, "round": round_id, "seq": head.seq, "digest": head.digest})


def seal_subject(head: AuditHead) -> str:
    """The subject of the event that announces the seal of the head that this event itself becomes."""
    return f"{SEAL_ACTION}:{head.seq + 1}"


def problems(
    events: Sequence[EventRow],
    head: AuditHead,
    seals: Sequence[Seal],
    records: Mapping[str, str],
    *,
    round_id: str,
    check_signature: Callable[[bytes, bytes], str],
    known_heads: Iterable[AuditHead] = (),
) -> list[str]:
    """What is wrong with the trail, in the order of the file; empty when nothing is.

    ``records`` are the subjects of all that is stored with the digests computed from the content; ``known_heads`` come
    from papers and packages.
    """
    return [
        *_chain_problems(events, head),
        *_seal_problems(events, seals, round_id, check_signature),
        *_known_head_problems(events, known_heads),
        *_record_problems(events, records),
    ]


def _chain_problems(events: Sequence[EventRow], head: AuditHead) -> list[str]:
    found = []
    last = EMPTY
    for row in events:
        if row.seq != last.seq + 1:
            text = _("Event {seq} follows event {last}: events in between were removed.")
            found.append(text.format(seq=row.seq, last=last.seq))
        elif row.previous != last.digest:
            found.append(_("Event {seq} does not follow from the one before it.").format(seq=row.seq))
        if not _own_digest_holds(row):
            found.append(_("Event {seq} was changed.").format(seq=row.seq))
        last = AuditHead(row.seq if isinstance(row.seq, int) else last.seq + 1, row.digest)
    if last != head:
        found.append(
            _("The trail ends at event {last}, but its head is event {head}: its end was cut off or changed.").format(
                last=last.seq, head=head.seq
            )
        )
    return found


def _own_digest_holds(row: EventRow) -> bool:
    content = row._asdict()
    digest = content.pop("digest")
    try:
        return bool(digest == sha256(canonical.dumps(content)))
    except canonical.CanonicalError:
        return False


def _seal_problems(
    events: Sequence[EventRow],
    seals: Sequence[Seal],
    round_id: str,
    check_signature: Callable[[bytes, bytes], str],
) -> list[str]:
    found = []
    digests = {row.seq: row.digest for row in events}
    for seal in seals:
        head = AuditHead(seal.seq, seal.digest)
        if reason := check_signature(seal_bytes(round_id, head), seal.signature):
            found.append(_("The seal at event {seq} is not valid: {reason}").format(seq=seal.seq, reason=reason))
        if seal.seq not in digests:
            found.append(_("Event {seq} was sealed but is no longer there.").format(seq=seal.seq))
        elif digests[seal.seq] != seal.digest:
            found.append(_("Event {seq} is not the one that was sealed.").format(seq=seal.seq))
    sealed = {seal.seq for seal in seals}
    found += [
        _("The seal at event {seq} was removed.").format(seq=row.seq)
        for row in events
        if row.action == SEAL_ACTION and row.seq not in sealed
    ]
    return found


def _known_head_problems(events: Sequence[EventRow], known_heads: Iterable[AuditHead]) -> list[str]:
    digests = {row.seq: row.digest for row in events}
    return [
        _("Event {seq} is not the one that was printed or handed out as the head of the trail.").format(seq=head.seq)
        for head in known_heads
        if head != EMPTY and digests.get(head.seq) != head.digest
    ]


def _record_problems(events: Sequence[EventRow], records: Mapping[str, str]) -> list[str]:
    last: dict[Any, Any] = {row.subject: row.after for row in events if row.before or row.after}
    found = []
    for subject, digest in records.items():
        after = last.get(subject, "")
        if not after:
            found.append(_("{subject} is stored, but no event put it there.").format(subject=subject))
        elif after != digest:
            found.append(_("{subject} is not as its last event left it.").format(subject=subject))
    found += [
        _("{subject} is no longer there, and no event removed it.").format(subject=subject)
        for subject, after in last.items()
        if after and subject not in records
    ]
    return found
