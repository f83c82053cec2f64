"""What the overview shows first, read in the worker; importing this loads nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qisp_desktop.services.overview_values import Board
    from qisp_desktop.store.places import RoundPlace
    from qisp_desktop.store.round_store import RoundStore


def quick_board(place: RoundPlace) -> Board | None:
    """The board of a round that is not open yet, as far as counting tells; None where that cannot be had."""
    from qisp_desktop.services.overview_board import quick_glance

    return quick_glance(place, today())


def first_board(store: RoundStore) -> Board:
    """The same of an open round."""
    from qisp_desktop.services.overview_board import glance

    return glance(store, today())


def whole_board(store: RoundStore) -> Board:
    """The board with everything that waits for the clerk."""
    from qisp_desktop.services.overview_waiting import board

    return board(store, today())


def today() -> date:
    """The office's own calendar day."""
    return date.today()  # noqa: DTZ011
