"""Founding a round (新建轮次)."""
