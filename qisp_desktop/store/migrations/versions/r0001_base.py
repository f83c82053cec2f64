"""Format 1.0: the records of a round, its audit trail, the lease, secrets and signed bytes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def upgrade() -> None:
    """Make the tables of a round file."""
    metadata = sa.MetaData(naming_convention=NAMING)
    _records(metadata)
    _bookkeeping(metadata)
    metadata.create_all(op.get_bind())
    op.execute("INSERT INTO file_format (id, major, minor) VALUES (1, 1, 0)")
    op.execute("INSERT INTO audit_head (id, seq, digest) VALUES (1, 0, '')")
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_event_no_{verb.lower()} BEFORE {verb} ON audit_event "
                "BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END"
            )


def downgrade() -> None:
    """There is nothing before the first format."""
    raise NotImplementedError("1.0 is the first format of a round file")


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String, primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=key, nullable=False, autoincrement=False)


def _reference(name: str, target: str, *, key: bool) -> sa.Column[str]:
    foreign_key = sa.ForeignKey(target, deferrable=True, initially="DEFERRED")
    return sa.Column(name, sa.String, foreign_key, primary_key=key, nullable=False)


def _expert(*, key: bool) -> sa.Column[str]:
    return _reference("expert", "expert.id", key=key)


def _application(*, key: bool) -> sa.Column[str]:
    return _reference("application", "application.number", key=key)


def _records(metadata: sa.MetaData) -> None:
    def table(name: str, *columns: sa.Column[Any], digest_is_key: bool = False) -> sa.Table:
        digest = [] if digest_is_key else [_text("digest")]
        document = sa.Column("document", sa.Text, nullable=False)
        return sa.Table(name, metadata, *columns, *digest, _number("version"), document)

    table("round", _text("id", key=True))
    table("rubric", _text("digest", key=True), digest_is_key=True)
    table("application", _text("number", key=True), _text("uscc"))
    table("expert", _text("id", key=True))
    table("screening_decision", _application(key=True), _text("status"))
    table("assignment", _expert(key=True), _application(key=True))
    table("recusal", _expert(key=True), _application(key=True))
    table("inspection_plan", _application(key=True))
    table("own_certificate", _expert(key=True))
    table("issue", _expert(key=True), _number("number", key=True), _text("id"), _text("manifest"))
    table("returned_file", _text("manifest", key=True), _expert(key=False), _number("number"), _text("file"))
    for name in ("score_sheet", "site_inspection"):
        columns = (_text("digest", key=True), _expert(key=False), _application(key=False), _number("revision"))
        received = table(name, *columns, digest_is_key=True)
        sa.Index(None, received.c.expert, received.c.application)
    table("resolution", _expert(key=True), _application(key=True), _number("revision", key=True))
    table("explanation", _expert(key=True), _application(key=True))
    table("freeze", _text("at", key=True))


def _bookkeeping(metadata: sa.MetaData) -> None:
    sa.Table("file_format", metadata, _number("id", key=True), _number("major"), _number("minor"))
    event_texts = ("time", "actor", "action", "subject", "before", "after", "detail", "previous", "digest")
    events: list[sa.Column[str]] = [
        sa.Column(name, sa.Text if name == "detail" else sa.String, nullable=False) for name in event_texts
    ]
    sa.Table("audit_event", metadata, _number("seq", key=True), *events)
    sa.Table("audit_head", metadata, _number("id", key=True), _number("seq"), _text("digest"))
    sa.Table(
        "lease",
        metadata,
        _number("id", key=True),
        *(_text("token"), _text("actor"), _text("host"), _number("pid"), _text("since"), _text("heartbeat")),
    )
    data = [sa.Column("data", sa.LargeBinary, nullable=False) for _ in range(2)]
    sa.Table("secret", metadata, _text("name", key=True), data[0])
    sa.Table("kept", metadata, _text("sha256", key=True), data[1])
