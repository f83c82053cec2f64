"""The settings of a round (轮次设置)."""
