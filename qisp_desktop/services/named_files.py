"""Which files are meant when a person names files and folders to collect."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _


def files_among(paths: Iterable[Path], suffix: str) -> list[Path]:
    """The files among ``paths``, and those that end in ``suffix`` in the folders among them, at any depth.

    Hidden files, and those that office programs put beside an open workbook (``~$name.xlsx``), are none. A file that is
    named stays in, whatever it is and whether it is there: its verdict says so. UserError where a folder cannot be
    read.
    """
    found: list[Path] = []
    for path in paths:
        try:
            found += _below(path, suffix) if path.is_dir() else [path]
        except OSError as error:
            raise UserError(
                _("{path} could not be read.").format(path=path),
                os_reason(error),
                _("Check that the file or stick is still there."),
            ) from error
    return found


def is_plain_file(path: Path) -> bool:
    """Whether ``path`` can be opened without waiting for ever, as a pipe or a device would; raises OSError where there
    is nothing."""
    path.stat()
    return path.is_file()


def _below(folder: Path, suffix: str) -> list[Path]:
    # Sticks change the case of names as they like.
    named = (path for path in folder.rglob("*") if path.suffix.lower() == suffix)
    return sorted(path for path in named if not path.name.startswith((".", "~$")) and path.is_file())
