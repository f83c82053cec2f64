"""The formal check (形式审查)."""
