"""What kind of file a path is, and which screen opens it.

To open another kind, add a line to ``KINDS`` and a branch to ``screen_for``.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import N_, _
from qisp_desktop.gui.page import Screen, Shell


class FileKind(NamedTuple):
    """A kind of file that the program opens: its suffix, its name (to be translated) and icon."""

    suffix: str
    name: str
    icon: str


PANEL = FileKind(".qpanel", N_("Panel package"), "package")
ROUND = FileKind(".qround", N_("Round"), "round")
KINDS = (PANEL, ROUND)
PHOTOS = (".jpg", ".jpeg", ".png")


def kind_of(path: Path) -> FileKind | None:
    """The kind by the name's suffix, in upper or lower case; None for other files."""
    return next((kind for kind in KINDS if path.suffix.lower() == kind.suffix), None)


def screen_for(path: Path, shell: Shell) -> Screen:
    """The screen that opens ``path``; UserError for a file that is none of ours."""
    kind = kind_of(path)
    if kind is PANEL:
        from qisp_desktop.gui.panel.unlock_page import unlock_screen

        return unlock_screen(shell, path)
    if kind is ROUND:
        from qisp_desktop.gui.secretariat.desk_page import desk_screen

        return desk_screen(shell, path)
    if path.suffix.lower() == ".qscore":
        raise UserError(
            _("{name} is a return package.").format(name=path.name),
            _("It is collected into its round, not opened by itself."),
            _("Open its round, turn to Collecting and drop it there."),
        )
    if path.suffix.lower() in PHOTOS:
        raise UserError(
            _("{name} is a picture.").format(name=path.name),
            _("Photos of a visit belong to its record."),
            _("Open a panel package, turn to the site inspection and drop it there."),
        )
    raise UserError(
        _("{name} cannot be opened here.").format(name=path.name),
        _("It is neither a panel package (.qpanel) nor a round (.qround)."),
        _("Choose a file with one of these endings."),
    )
