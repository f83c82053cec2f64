"""The applications and how they are imported (申报)."""
