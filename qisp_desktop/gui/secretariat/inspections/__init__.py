"""Site inspections (现场核查)."""
