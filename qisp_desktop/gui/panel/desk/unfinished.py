"""What the desk keeps while its page is made anew, though nothing of it is entered: no change, and nothing to undo."""

from __future__ import annotations

from typing import NamedTuple

from qisp_desktop.domain.regulation import RecusalGround
from qisp_desktop.services.desk import DeskStatus


class Begun(NamedTuple):
    """What was begun and not entered yet; it outlives the page, as the language may change in the middle."""

    recusals: dict[str, tuple[RecusalGround, str]]
    """Ground and sentence, by the application's number."""
    revisions: dict[str, str]
    """The reason for reopening a signed sheet, by the application's number."""


class Listing(NamedTuple):
    """How the list of applications is searched, filtered (None: all) and sorted."""

    query: str = ""
    status: DeskStatus | None = None
    order: int = 0
