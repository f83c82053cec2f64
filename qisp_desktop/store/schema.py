"""The tables of the round file, as this version of the program writes them (the head of the migrations)."""

from __future__ import annotations

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text, event

from qisp_desktop.store.aggregates import DIGEST, ROUND_AGGREGATES, Aggregate
from qisp_desktop.store.formats import FORMAT as FORMAT
from qisp_desktop.store.formats import Format as Format

REVISION = "r0005"
"""The migration that leads to these tables; a test compares the two."""

# Names that are the same on every database, so that a migration can drop what another one made.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

REFERENCES = {"expert": "expert.id", "application": "application.number"}


def _column(aggregate: Aggregate, name: str) -> Column[str] | Column[int]:
    is_key = name in aggregate.key
    if name in aggregate.integers:
        return Column(name, Integer, primary_key=is_key, nullable=False, autoincrement=False)
    if name in REFERENCES:
        # Deferred: what belongs together is put in any order within one change.
        reference = ForeignKey(REFERENCES[name], deferrable=True, initially="DEFERRED")
        return Column(name, String, reference, primary_key=is_key, nullable=False)
    return Column(name, String, primary_key=is_key, nullable=False)


def _table(aggregate: Aggregate) -> Table:
    columns = [_column(aggregate, name) for name in aggregate.key + aggregate.columns]
    if DIGEST not in aggregate.key:
        columns.append(Column(DIGEST, String, nullable=False))
    table = Table(
        aggregate.table,
        metadata,
        *columns,
        Column("version", Integer, nullable=False),  # counts the writings of a record, for optimistic locking
        Column("document", Text, nullable=False),
    )
    if aggregate.columns[:2] == ("expert", "application"):
        Index(None, table.c.expert, table.c.application)
    return table


TABLES = {aggregate.cls: _table(aggregate) for aggregate in ROUND_AGGREGATES}

file_format = Table(
    "file_format",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row: 1
    Column("major", Integer, nullable=False),
    Column("minor", Integer, nullable=False),
)

alembic_version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
"""Alembic's own table, written here when a file is new, so that making one does not load Alembic."""

audit_event = Table(
    "audit_event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("time", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("before", String, nullable=False),
    Column("after", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String, nullable=False),
    Column("digest", String, nullable=False),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row: 1
    Column("seq", Integer, nullable=False),
    Column("digest", String, nullable=False),
)

seal = Table(
    "seal",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("digest", String, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row, or none: 1
    Column("token", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("host", String, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("since", String, nullable=False),
    Column("heartbeat", String, nullable=False),
)

secret = Table(
    "secret",
    metadata,
    Column("name", String, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

kept = Table(
    "kept",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)


server_metadata = MetaData(naming_convention=metadata.naming_convention)
"""What only a round on a server has."""

server_files = Table(
    "server_files",
    server_metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row: 1
    Column("folder", Text, nullable=False),  # where the materials lie, as the computer sees it that made the round
)


def refuse_changes(table: str, dialect: str) -> tuple[str, ...]:
    """SQL that keeps the rows of ``table`` from being changed or removed by accident (a fence, not a proof)."""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        )
    return (
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_fence BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    )


@event.listens_for(audit_event, "after_create")
@event.listens_for(seal, "after_create")
def _put_up_fence(table: Table, connection: Connection, **_: object) -> None:
    for statement in refuse_changes(table.name, connection.dialect.name):
        connection.exec_driver_sql(statement)
