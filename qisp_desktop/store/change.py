"""One change of a round file: everything in it is kept together with its audit events, or nothing is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, and_, bindparam, delete, insert, or_, select, update

from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.round import Round
from qisp_desktop.store import schema
from qisp_desktop.store.aggregates import DIGEST, Aggregate, Cell, Encoded, Key, Prepared, aggregate_of
from qisp_desktop.store.audit import SEAL_ACTION, AuditHead, EventRow, chained, seal_bytes, seal_subject
from qisp_desktop.store.inserting import Row, insert_rows

FEW = 20
"""Up to so many records are looked up by their keys; for more, all keys of their table are read at once."""

_EVENT_CELLS = itemgetter(*EventRow._fields)
"""The cells of an event in the order of their columns."""


class Version(NamedTuple):
    """How often a record was written, and what its document is now; (0, "") when it is not there."""

    number: int
    digest: str


ABSENT = Version(0, "")
Seen = dict[tuple[str, Key], Version]
"""The versions that this program has read, by table and key."""


class _Effect(NamedTuple):
    subject: str
    before: str
    after: str
    detail: str


@dataclass
class Change:
    """Made by ``RoundStore.change``; its methods write at once, inside the one transaction of the change."""

    connection: Connection
    actor: str
    action: str
    seen: Seen
    """What was read before and outside this change; it is only looked at."""
    read_at: Mapping[str, int] = field(default_factory=dict)
    """The last event when each table was read, where others may write at the same time."""
    learned: Seen = field(default_factory=dict)
    """What this change wrote: joins ``seen`` once it is kept."""

    def __post_init__(self) -> None:
        head = schema.audit_head
        # On a database with several writers this lock puts their changes, and so the chain, in one order.
        row = self.connection.execute(select(head.c.seq, head.c.digest).with_for_update()).one()
        self._head = self._first_head = AuditHead(*row)
        self._time = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        self._sealed = False

    @property
    def head(self) -> AuditHead:
        """The head of the audit trail with what this change has done so far."""
        return self._head

    def require_unchanged_since(self, head: AuditHead) -> None:
        """Raise UserError when somebody changed anything after ``head``: for what rests on the whole round."""
        if self._first_head == head:
            return
        table = schema.audit_event
        last = self.connection.execute(
            select(table.c.actor, table.c.time).where(table.c.seq == self._first_head.seq)
        ).first()
        raise UserError(
            _("The round was changed by somebody else meanwhile."),
            _("{actor} changed it at {time}.").format(actor=last.actor, time=last.time) if last else "",
            _("Your change was not saved. Look at the new state and repeat it."),
        )

    # Records ------------------------------------------------------------------------------------------------------

    def put(self, value: object) -> bool:
        """Insert ``value`` or update the record with its key; returns whether anything changed."""
        return self.put_all((value,)) == 1

    def put_all(self, values: Iterable[object]) -> int:
        """``put`` for many values of any kinds, or what was ``prepared`` of them, at the price of a few statements;
        returns how many changed.

        A record that is the same already is not written and makes no event. Raises UserError when somebody else
        changed a record after this program read it.
        """
        groups: dict[type, list[object]] = {}
        for value in values:
            cls = value.cls if isinstance(value, Prepared) else type(value)
            groups.setdefault(cls, []).append(value)
        return sum(self._write(aggregate_of(cls), group) for cls, group in groups.items())

    def remove(self, cls: type[Any], *key: Cell) -> bool:
        """Remove the record with ``key``; returns whether it was there."""
        aggregate = aggregate_of(cls)
        exact = aggregate.key_from(key)
        held = self._held(aggregate, [exact]).get(exact)
        if held is None:
            return False
        self._refuse_stale(aggregate, exact, held)
        table = schema.TABLES[cls]
        self.connection.execute(delete(table).where(_is(table, aggregate, exact)))
        self.learned[aggregate.table, exact] = ABSENT
        self._record([_Effect(aggregate.subject(exact), held.digest, "", "")])
        return True

    # What is kept as it is ------------------------------------------------------------------------------------------

    def keep(self, data: bytes) -> str:
        """Keep signed bytes as they were received; returns their SHA-256."""
        return self.keep_all((data,))[0]

    def keep_all(self, contents: Sequence[bytes]) -> list[str]:
        """``keep`` for many contents, at the price of a few statements."""
        table, digests = schema.kept, [sha256(data) for data in contents]
        query = select(table.c.sha256)
        if len(digests) <= FEW:
            query = query.where(table.c.sha256.in_(digests))
        held = set(self.connection.execute(query).scalars())
        new = {digest: data for digest, data in zip(digests, contents, strict=True) if digest not in held}
        if new:
            self.connection.execute(insert(table), [{"sha256": digest, "data": data} for digest, data in new.items()])
        self._record(_Effect(kept_subject(digest), "", digest, str(len(data))) for digest, data in new.items())
        return digests

    def put_secret(self, name: str, data: bytes) -> None:
        """Keep key material under ``name``; what must not be read from a stolen file is encrypted already."""
        digest, table = sha256(data), schema.secret
        before = self.connection.execute(select(table.c.data).where(table.c.name == name)).scalar()
        if before == data:
            return
        if before is None:
            self.connection.execute(insert(table).values(name=name, data=data))
        else:
            self.connection.execute(update(table).where(table.c.name == name).values(data=data))
        self._record([_Effect(secret_subject(name), "" if before is None else sha256(before), digest, "")])

    # The trail ------------------------------------------------------------------------------------------------------

    def note(self, action: str, subject: str, detail: str = "") -> None:
        """Enter into the trail what changes no record, such as an export."""
        self._record([_Effect(subject, "", "", detail)], action)

    def seal(self, signature_of: Callable[[bytes], bytes]) -> None:
        """Sign the head of the trail as this change leaves it; the last thing a change does.

        ``signature_of`` gets ``audit.seal_bytes`` of the head. A head that is sealed already stays as it is.
        """
        if self._is_sealed(self._head):
            return
        self._record([_Effect(seal_subject(self._head), "", "", "")], SEAL_ACTION)
        round_id = self.connection.execute(select(schema.TABLES[Round].c.id)).scalar_one()
        signature = signature_of(seal_bytes(round_id, self._head))
        values = {"seq": self._head.seq, "digest": self._head.digest, "signature": signature}
        self.connection.execute(insert(schema.seal).values(values))
        self._sealed = True

    def finish(self) -> None:
        """Write the new head; called by ``RoundStore.change`` before it commits."""
        if self._head != self._first_head:
            values = {"seq": self._head.seq, "digest": self._head.digest}
            self.connection.execute(update(schema.audit_head).values(values))

    # ----------------------------------------------------------------------------------------------------------------

    def _write(self, aggregate: Aggregate, values: Sequence[object]) -> int:
        group, held = self._unlike_held(aggregate, values)
        table = schema.TABLES[aggregate.cls]
        inserts: list[Row] = []
        updates: list[Row] = []
        effects: list[_Effect] = []
        for key, new in group.items():
            old = held.get(key, ABSENT)
            self._refuse_stale(aggregate, key, old)
            digest = () if DIGEST in aggregate.key else (new.digest,)
            row = (*new.key, *new.cells, *digest, old.number + 1, new.document)
            (updates if old.number else inserts).append(row)
            self.learned[aggregate.table, key] = Version(old.number + 1, new.digest)
            detail = " ".join(map(str, new.cells))
            effects.append(_Effect(aggregate.subject(key), old.digest, new.digest, detail))
        if inserts:
            insert_rows(self.connection, table, inserts)
        if updates:
            self._update(table, aggregate, updates)
        self._record(effects)
        return len(effects)

    def _unlike_held(
        self, aggregate: Aggregate, values: Sequence[object]
    ) -> tuple[dict[Key, Encoded], dict[Key, Version]]:
        """What of ``values`` is not held in the same form, by key; and what is held under their keys."""
        known = [aggregate.known_key(value) for value in values]
        held = self._held(aggregate, [key for key in known if key is not None])
        # A key that is the content's digest and is held says all.
        fresh = [value for value, key in zip(values, known, strict=True) if key is None or key not in held]
        group = {encoded.key: encoded for encoded in map(aggregate.encoded, fresh)}
        held |= self._held(aggregate, group.keys() - held.keys() - set(known))
        return {key: new for key, new in group.items() if key not in held or held[key].digest != new.digest}, held

    def _update(self, table: Table, aggregate: Aggregate, rows: Sequence[Row]) -> None:
        # A bound name must not be a column's own name, which SQLAlchemy keeps for the new values.
        same = and_(*(table.c[name] == bindparam(f"key_{name}") for name in aggregate.key))
        named = [dict(zip(table.columns.keys(), row, strict=True)) for row in rows]
        parameters = [row | {f"key_{name}": row[name] for name in aggregate.key} for row in named]
        changed: dict[str, Any] = {name: bindparam(name) for name in named[0]}
        self.connection.execute(update(table).where(same).values(changed), parameters)

    def _held(self, aggregate: Aggregate, keys: Iterable[Key]) -> dict[Key, Version]:
        table = schema.TABLES[aggregate.cls]
        columns = [table.c[name] for name in aggregate.key]
        query = select(*columns, table.c.version, table.c.digest)
        wanted = list(keys)
        if not wanted:
            return {}
        if len(wanted) <= FEW and len(columns) == 1:
            query = query.where(columns[0].in_([part for (part,) in wanted]))
        elif len(wanted) <= FEW:
            query = query.where(or_(*(_is(table, aggregate, key) for key in wanted)))
        rows = self.connection.execute(query)
        return {tuple(row[:-2]): Version(row[-2], row[-1]) for row in rows}

    def _refuse_stale(self, aggregate: Aggregate, key: Key, held: Version) -> None:
        place = (aggregate.table, key)
        seen = self.learned.get(place) or self.seen.get(place)
        read_at = self.read_at.get(aggregate.table)
        if seen == held or (seen is None and (read_at is None or held == ABSENT)):
            return
        table, subject = schema.audit_event, aggregate.subject(key)
        last = self.connection.execute(
            select(table.c.actor, table.c.time, table.c.seq)
            .where(table.c.subject == subject)
            .order_by(table.c.seq.desc())
            .limit(1)
        ).first()
        # What was not among the records that were read may have been there all the same.
        if seen is None and read_at is not None and last is not None and last.seq <= read_at:
            return
        raise UserError(
            _("{subject} was changed by somebody else after it was read here.").format(subject=subject),
            _("{actor} changed it at {time}.").format(actor=last.actor, time=last.time) if last else "",
            _("Your change was not saved. Look at the new state and repeat it."),
        )

    def _record(self, effects: Iterable[_Effect], action: str | None = None) -> None:
        if self._sealed:
            raise ValueError("a sealed change takes nothing more")
        rows = []
        for effect in effects:
            event = {"time": self._time, "actor": self.actor, "action": action or self.action, **effect._asdict()}
            row = chained(self._head, event)
            self._head = AuditHead(self._head.seq + 1, str(row[DIGEST]))
            rows.append(_EVENT_CELLS(row))
        if rows:
            insert_rows(self.connection, schema.audit_event, rows)

    def _is_sealed(self, head: AuditHead) -> bool:
        query = select(schema.seal.c.seq).where(schema.seal.c.seq == head.seq)
        return self.connection.execute(query).first() is not None


def kept_subject(digest: str) -> str:
    """What the audit trail calls signed bytes."""
    return f"kept:{digest}"


def secret_subject(name: str) -> str:
    """What the audit trail calls key material."""
    return f"secret:{name}"


def _is(table: Table, aggregate: Aggregate, key: Key) -> Any:
    return and_(*(table.c[name] == part for name, part in zip(aggregate.key, key, strict=True)))
