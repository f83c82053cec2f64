"""Alembic's scripts for the round file; ``store.migrating`` runs them."""
