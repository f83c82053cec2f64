"""The audit trail (审计)."""
