"""The one kind of error that is meant for the person at the screen."""

from __future__ import annotations

import errno

from qisp_desktop.base.i18n import N_, _

_REASONS = {
    errno.ENOENT: N_("There is no such file or folder."),
    errno.EEXIST: N_("It is there already."),
    errno.EISDIR: N_("It is a folder."),
    errno.ENOTDIR: N_("A part of the path is a file, not a folder."),
    errno.EACCES: N_("The system does not allow it."),
    errno.EPERM: N_("The system does not allow it."),
    errno.EBUSY: N_("Another program is using it."),
    errno.ENAMETOOLONG: N_("The name is too long."),
    errno.ENOSPC: N_("The disk is full."),
    errno.EDQUOT: N_("The disk is full."),
    errno.EROFS: N_("The disk or folder may only be read."),
    errno.EIO: N_("The drive or the network gave an error."),
}


class UserError(Exception):
    """Something the person can understand and act on; anything else that is raised is a bug.

    ``what`` went wrong, ``why`` (may be empty) and what to ``do`` next (may be empty); all three are already in
    the person's language. Whoever raises it has changed nothing, or has put back what it changed.
    """

    def __init__(self, what: str, why: str = "", do: str = "") -> None:
        super().__init__(what, why, do)
        self.what = what
        self.why = why
        self.do = do

    def __str__(self) -> str:
        return sentences(self.what, self.why, self.do)


class Cancelled(Exception):
    """The person asked for the running work to stop; nothing of it was kept."""


def sentences(*parts: str) -> str:
    """The ``parts`` that are not empty as running text; a Chinese full stop needs no blank after it."""
    text = ""
    for part in filter(None, parts):
        text += part if not text or text.endswith(("。", "？", "！")) else f" {part}"
    return text


def os_reason(error: OSError) -> str:
    """Why the operating system refused, in the person's language where the reason is one of the usual ones."""
    known = _REASONS.get(error.errno or 0)
    return _(known) if known else error.strerror or str(error)
