"""Reading files that a person names: never more than expected, never waiting, and trouble in words."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from qisp_desktop.base.digests import CHUNK
from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _


def open_file(path: Path) -> BinaryIO:
    """The file at ``path``, to be read and closed by the caller.

    Raises OSError, also for a pipe or a device: opening one would wait, perhaps for ever.
    """
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, _("It is not a file."))
    return path.open("rb")


def is_folder(path: Path) -> bool:
    """Whether ``path`` is a folder; not where the system cannot say: opening it tells why."""
    try:
        return path.is_dir()
    except OSError:  # a name that is too long, a share that went away
        return False


def read_whole(path: Path, *, at_most: int) -> bytes:
    """The content of the file at ``path``; UserError when it cannot be read or has more than ``at_most`` bytes."""
    try:
        with open_file(path) as stream:
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
        with open_file(path) as stream:
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
