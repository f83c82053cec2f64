"""Which format a round file has; here so that looking does not load the database library."""

from __future__ import annotations

from typing import NamedTuple


class Format(NamedTuple):
    """The format of a round file: another major part cannot be read, a newer minor part can be read but not written."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


FORMAT = Format(1, 4)
"""The format that this version of the program writes."""
