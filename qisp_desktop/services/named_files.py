"""Which files are meant when a person names files and folders to collect."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _

_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})


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
            raise _unreadable(path, error) from error
    return found


def others_among(paths: Iterable[Path], suffixes: Collection[str]) -> list[Path]:
    """The files in the folders among ``paths`` that end in none of ``suffixes``: what collecting passes over, which is
    to be said. Raises as ``files_among``."""
    found: list[Path] = []
    for path in paths:
        try:
            if path.is_dir():
                found += sorted(
                    one
                    for one in path.rglob("*")
                    if one.suffix.lower() not in suffixes and not is_passed_over(one.name) and one.is_file()
                )
        except OSError as error:
            raise _unreadable(path, error) from error
    return found


def is_passed_over(name: str) -> bool:
    """Whether nobody means a file of this ``name``: a hidden one, what an office program puts beside an open workbook
    (``~$name.xlsx``), or what the system leaves in folders."""
    return name.startswith((".", "~$")) or name.casefold() in _SYSTEM_FILES


def is_plain_file(path: Path) -> bool:
    """Whether ``path`` can be opened without waiting for ever, as a pipe or a device would; raises OSError where there
    is nothing."""
    path.stat()
    return path.is_file()


def _below(folder: Path, suffix: str) -> list[Path]:
    # Sticks change the case of names as they like.
    named = (path for path in folder.rglob("*") if path.suffix.lower() == suffix)
    return sorted(path for path in named if not is_passed_over(path.name) and path.is_file())


def _unreadable(path: Path, error: OSError) -> UserError:
    return UserError(
        _("{path} could not be read.").format(path=path),
        os_reason(error),
        _("Check that the file or stick is still there."),
    )
