"""Format 1.4: what clerks record at their desk: mended cells, letters of supplement, replacements, paper scores."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None

REFERENCES = {"expert": "expert.id", "application": "application.number"}
TABLES = (
    ("mending", ("book", "sheet", "row", "column"), ("number",)),
    ("supplement_notice", ("application",), ()),
    ("exclusion", ("expert", "application"), ()),
    ("replacement", ("application", "leaving"), ("arriving",)),
    ("paper_entry", ("expert", "application", "source"), ()),
    ("paper_confirmation", ("expert", "application", "revision"), ("sheet",)),
    ("round_options", ("round",), ()),
)
"""Each table with its key and its searched columns."""
NUMBERS = {"row", "revision"}


def _column(table: str, name: str) -> sa.Column[str] | sa.Column[int]:
    if name in NUMBERS:
        return sa.Column(name, sa.Integer, nullable=False, autoincrement=False)
    if name in REFERENCES:
        reference = sa.ForeignKey(
            REFERENCES[name],
            name=op.f(f"fk_{table}_{name}_{name}"),
            deferrable=True,
            initially="DEFERRED",
        )
        return sa.Column(name, sa.String, reference, nullable=False)
    return sa.Column(name, sa.String, nullable=False)


def upgrade() -> None:
    """Add the tables."""
    for table, key, searched in TABLES:
        op.create_table(
            table,
            *(_column(table, name) for name in key + searched),
            sa.Column("digest", sa.String, nullable=False),
            sa.Column("version", sa.Integer, nullable=False),
            sa.Column("document", sa.Text, nullable=False),
            sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
        )
    op.execute("UPDATE file_format SET major = 1, minor = 4")


def downgrade() -> None:
    """Drop the tables, which only 1.4 knows; sheets that were confirmed from paper stay among the others."""
    for table, _key, _searched in TABLES:
        op.drop_table(table)
    op.execute("UPDATE file_format SET major = 1, minor = 3")
