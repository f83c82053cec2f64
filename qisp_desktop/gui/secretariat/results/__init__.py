"""The ranking and what it rests on (结果)."""
