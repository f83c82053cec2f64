"""What Alembic runs: the migrations on the connection, and in the transaction, that ``store.migrating`` opened."""

from __future__ import annotations

from alembic import context

from qisp_desktop.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most of a table: it is made anew and its rows are copied.
    render_as_batch=True,
)
context.run_migrations()
