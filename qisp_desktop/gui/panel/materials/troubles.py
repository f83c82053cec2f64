"""Why a material cannot be shown, in words for the person."""

from __future__ import annotations

from typing import NamedTuple

from qisp_desktop.base.errors import sentences
from qisp_desktop.base.i18n import _


class Trouble(NamedTuple):
    """What is wrong, and what to do."""

    title: str
    hint: str


def trouble(code: str, detail: str = "") -> Trouble:
    """The words for a code that the process of ``page_server`` (or its loss) gives."""
    ask = _("The rest of the desk is not affected. Tell the secretariat if you need this file.")
    match code:
        case "password":
            return Trouble(
                _("This file is protected by a password"),
                _("It cannot be shown without it. Ask the secretariat for an unprotected copy."),
            )
        case "empty":
            return Trouble(_("This file has no pages"), ask)
        case "picture_too_large":
            return Trouble(
                _("This picture is too large to be shown"),
                sentences(_("It has {size} pixels.").format(size=detail), ask),
            )
        case "too_large":
            return Trouble(_("This file needs more memory than may be used for it"), ask)
        case "slow":
            return Trouble(_("This file takes too long to be shown"), sentences(_("Reading it was stopped."), ask))
        case "crashed":
            return Trouble(
                _("This file broke the program that shows it"),
                sentences(_("It runs apart from the desk for this reason."), ask),
            )
    return Trouble(_("This file is damaged, or not what its name says"), ask)
