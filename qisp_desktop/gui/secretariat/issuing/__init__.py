"""Handing out packages (分发)."""
