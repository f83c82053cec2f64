"""Reading the audit trail out of a round file; what it means is ``audit``'s."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.round import Round
from qisp_desktop.store import schema
from qisp_desktop.store.aggregates import ROUND_AGGREGATES, Aggregate
from qisp_desktop.store.audit import AuditEvent, AuditHead, EventRow, Seal, problems
from qisp_desktop.store.change import kept_subject, secret_subject

NOT_AS_PUT = "not as put"
"""Stands for the digest of a record whose columns or document no longer fit each other; equal to no digest."""


def head_of(connection: Connection) -> AuditHead:
    """The head as the file names it."""
    return AuditHead(*connection.execute(select(schema.audit_head.c.seq, schema.audit_head.c.digest)).one())


def events_of(connection: Connection, after: int = 0) -> list[EventRow]:
    """All events ``after`` that number in their order, as their rows hold them."""
    columns = [schema.audit_event.c[name] for name in EventRow._fields]
    query = select(*columns).order_by(schema.audit_event.c.seq)
    if after:
        query = query.where(schema.audit_event.c.seq > after)
    return [EventRow(*row) for row in connection.execute(query)]


def events_about(connection: Connection, subject: str) -> list[EventRow]:
    """The events of one record in their order."""
    columns = [schema.audit_event.c[name] for name in EventRow._fields]
    query = select(*columns).where(schema.audit_event.c.subject == subject).order_by(schema.audit_event.c.seq)
    return [EventRow(*row) for row in connection.execute(query)]


def events_of_action(connection: Connection, action: str) -> list[EventRow]:
    """The events of one verb in their order."""
    columns = [schema.audit_event.c[name] for name in EventRow._fields]
    query = select(*columns).where(schema.audit_event.c.action == action).order_by(schema.audit_event.c.seq)
    return [EventRow(*row) for row in connection.execute(query)]


def event_from(row: EventRow) -> AuditEvent:
    """The event of a row; raises ValueError or TypeError for a time that is none."""
    return AuditEvent(**(row._asdict() | {"time": datetime.fromisoformat(row.time)}))


def verify(
    connection: Connection, check_signature: Callable[[bytes, bytes], str], known_heads: Iterable[AuditHead]
) -> list[str]:
    """All that ``audit.problems`` finds in the file."""
    seal = schema.seal
    seals = connection.execute(select(seal.c.seq, seal.c.digest, seal.c.signature).order_by(seal.c.seq))
    return problems(
        events_of(connection),
        head_of(connection),
        [Seal(*row) for row in seals],
        _records(connection),
        round_id=connection.execute(select(schema.TABLES[Round].c.id)).scalar() or "",
        check_signature=check_signature,
        known_heads=known_heads,
    )


def _records(connection: Connection) -> dict[str, str]:
    found: dict[str, str] = {}
    for aggregate in ROUND_AGGREGATES:
        found |= _records_of(connection, aggregate)
    kept, secret = schema.kept, schema.secret
    for name, data in connection.execute(select(kept.c.sha256, kept.c.data)):
        found[kept_subject(name)] = sha256(data)
    for name, data in connection.execute(select(secret.c.name, secret.c.data)):
        found[secret_subject(name)] = sha256(data)
    return found


def _records_of(connection: Connection, aggregate: Aggregate) -> dict[str, str]:
    table = schema.TABLES[aggregate.cls]
    names = aggregate.key + aggregate.columns
    query = select(table.c.document, table.c.digest, *(table.c[name] for name in names))
    found = {}
    for document, digest, *cells in connection.execute(query):
        key = tuple(cells[: len(aggregate.key)])
        try:
            encoded = aggregate.encoded(aggregate.decoded(document, digest))
            fits = (*encoded.key, *encoded.cells) == tuple(cells)
        except (ValueError, TypeError, AttributeError, UserError):
            fits = False
        found[aggregate.subject(key)] = digest if fits else NOT_AS_PUT
    return found
