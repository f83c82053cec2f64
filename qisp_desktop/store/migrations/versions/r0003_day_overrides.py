"""Format 1.2: the office's own working days and days off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of overrides."""
    op.create_table(
        "day_override",
        sa.Column("day", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_override")),
    )
    op.execute("UPDATE file_format SET major = 1, minor = 2")


def downgrade() -> None:
    """Drop the overrides, which only 1.2 knows."""
    op.drop_table("day_override")
    op.execute("UPDATE file_format SET major = 1, minor = 1")
