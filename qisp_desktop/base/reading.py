"""Reading files that a person names: never more than expected, never waiting, and trouble in words."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

from qisp_desktop.base.digests import CHUNK
from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _


def read_whole(path: Path, *, at_most: int) -> bytes:
    """The content of the file at ``path``; UserError when it cannot be read or has more than ``at_most`` bytes."""
    try:
        # Opening a pipe or a device would wait, perhaps for ever.
        if path.exists() and not path.is_file():
            raise IsADirectoryError(errno.EISDIR, _("It is not a file."))
        with path.open("rb") as stream:
            data = stream.read(at_most + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(data) > at_most:
        raise UserError(
            _("{path} cannot be used.").format(path=path),
            _("It is larger than any file of its kind."),
            _("Choose another file."),
        )
    return data


def pieces_of(path: Path) -> Iterator[bytes]:
    """The content of the file at ``path``, piece by piece; UserError when it cannot be read to its end."""
    try:
        with path.open("rb") as stream:
            while piece := stream.read(CHUNK):
                yield piece
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> UserError:
    """That the file at ``path`` cannot be read."""
    return UserError(
        _("{path} could not be read.").format(path=path),
        os_reason(error),
        _("Check that the file is there and may be read."),
    )
