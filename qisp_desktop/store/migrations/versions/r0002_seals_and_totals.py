"""Format 1.1: the head of the audit trail can be sealed, and sheets are found by their total."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None

SHEETS = sa.table("score_sheet", sa.column("digest"), sa.column("document"), sa.column("total"))


def upgrade() -> None:
    """Add the table of seals, and the column ``total`` filled from the documents."""
    op.create_table(
        "seal",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_seal")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER seal_no_{verb.lower()} BEFORE {verb} ON seal "
                "BEGIN SELECT RAISE(ABORT, 'seal is append-only'); END"
            )
    else:
        op.execute(
            "CREATE OR REPLACE FUNCTION seal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'seal is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER seal_fence BEFORE UPDATE OR DELETE OR TRUNCATE ON seal "
            "FOR EACH STATEMENT EXECUTE FUNCTION seal_refuse()"
        )
    with op.batch_alter_table("score_sheet", recreate="always") as sheets:
        sheets.add_column(sa.Column("total", sa.String, nullable=False, server_default=""), insert_after="revision")
    _fill_totals()
    with op.batch_alter_table("score_sheet") as sheets:
        sheets.alter_column("total", server_default=None)
    op.execute("UPDATE file_format SET major = 1, minor = 1")


def downgrade() -> None:
    """Drop the seals, which only 1.1 knows, and the column, which the documents hold anyway."""
    with op.batch_alter_table("score_sheet") as sheets:
        sheets.drop_column("total")
    op.drop_table("seal")
    op.execute("UPDATE file_format SET major = 1, minor = 0")


def _fill_totals() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.select(SHEETS.c.digest, SHEETS.c.document)).all()
    totals = [{"sheet": digest, "points": _total_in(document)} for digest, document in rows]
    if totals:
        statement = sa.update(SHEETS).where(SHEETS.c.digest == sa.bindparam("sheet"))
        connection.execute(statement.values(total=sa.bindparam("points")), totals)


def _total_in(document: str) -> str:
    try:
        return str(json.loads(document)["total"])
    except (ValueError, TypeError, KeyError):
        # Changed past the program: reading the sheet and verifying the trail say so; the others must not suffer.
        return ""
