"""Format 1.3: what the last exported workbook showed, so that the next can be compared with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of exports."""
    op.create_table(
        "export",
        sa.Column("round", sa.String, nullable=False),
        sa.Column("file", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("round", name=op.f("pk_export")),
    )
    op.execute("UPDATE file_format SET major = 1, minor = 3")


def downgrade() -> None:
    """Drop the exports, which only 1.3 knows; the next export is then a first one again."""
    op.drop_table("export")
    op.execute("UPDATE file_format SET major = 1, minor = 2")
