"""What can be wrong with a package, in four kinds that a clerk's verdict is made from."""

from __future__ import annotations

from typing import Literal

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _

Kind = Literal["damaged", "not_for_us", "bad_signature", "newer_format"]


class ContainerError(UserError):
    """A package cannot be accepted; nothing of it was used.

    ``kind`` is ``damaged`` (not what this program writes: cut off, changed, contradictory, or no package at all),
    ``not_for_us`` (encrypted to somebody else), ``bad_signature`` or ``newer_format`` (made by a later version of
    this program); ``message`` says in the person's language what was found.
    """

    def __init__(self, kind: Kind, message: str) -> None:
        what, do = _words(kind)
        super().__init__(what, message, do)
        self.kind: Kind = kind
        self.message = message


def damaged(message: str) -> ContainerError:
    """An error of the commonest kind."""
    return ContainerError("damaged", message)


def _words(kind: Kind) -> tuple[str, str]:
    if kind == "damaged":
        return _("The package is damaged or was changed."), _("Ask for the file again.")
    if kind == "not_for_us":
        return _("The package is meant for somebody else."), _("Hand it to its addressee.")
    if kind == "bad_signature":
        return _("The signature of the package is not valid."), _("Ask the sender for a new one.")
    return _("The package comes from a newer version of this program."), _("Install the newer version.")
