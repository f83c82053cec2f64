"""How each status of an application is shown: a shape with a colour, and a word."""

from __future__ import annotations

from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.services.desk import DeskStatus

DOTS = {
    DeskStatus.NEW: Dot.NEW,
    DeskStatus.DRAFT: Dot.STARTED,
    DeskStatus.COMPLETE: Dot.COMPLETE,
    DeskStatus.RECUSED: Dot.RECUSED,
    DeskStatus.SIGNED: Dot.SIGNED,
}
ORDER = {status: place for place, status in enumerate(DOTS)}
"""In which order statuses are sorted and offered."""
