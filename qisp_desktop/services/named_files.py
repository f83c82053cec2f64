"""Which files are meant when a person names files and folders to collect."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from qisp_desktop.base.errors import os_reason
from qisp_desktop.base.reading import is_folder, unreadable

_OF_THE_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "$recycle.bin", "system volume information", "lost+found"})


@dataclass(frozen=True)
class Named:
    """What lies among the files and folders that a person named, in the order of the names and sorted in a folder.

    ``files`` are those that were meant, ``others`` what lies beside them in the folders, ``closed`` the folders below
    that cannot be read, and why.
    """

    files: tuple[Path, ...]
    others: tuple[Path, ...]
    closed: Mapping[Path, str]


def look_through(paths: Iterable[Path], suffixes: Collection[str]) -> Named:
    """What is meant by ``paths``: each file, and in each folder, at any depth, the files that end in ``suffixes``.

    A file that is named stays in, whatever it is and whether it is there: its verdict says so. UserError where a folder
    that is named cannot be read.
    """
    files: list[Path] = []
    others: list[Path] = []
    closed: dict[Path, str] = {}
    for path in paths:
        if not is_folder(path):
            files.append(path)
            continue
        for one in _below(path, closed):
            # Sticks change the case of names as they like.
            (files if one.suffix.lower() in suffixes else others).append(one)
    return Named(tuple(files), tuple(others), closed)


def is_passed_over(name: str) -> bool:
    """Whether nobody means a file or folder of this ``name``: a hidden one, what an office program puts beside an open
    workbook (``~$name.xlsx``), or what the system leaves on sticks and in folders, such as what was deleted."""
    return name.startswith((".", "~$")) or name.casefold() in _OF_THE_SYSTEM


def is_plain_file(path: Path) -> bool:
    """Whether ``path`` can be opened without waiting for ever, as a pipe or a device would; raises OSError where there
    is nothing."""
    path.stat()
    return path.is_file()


def _below(folder: Path, closed: dict[Path, str]) -> list[Path]:
    """The files below ``folder`` that somebody may mean; folders that cannot be read are noted in ``closed``."""
    found: list[Path] = []

    def note(error: OSError) -> None:
        path = Path(error.filename)
        if path == folder:
            raise unreadable(folder, error) from error
        closed[path] = os_reason(error)

    for place, folders, names in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not is_passed_over(name)]
        found += [Path(place, name) for name in names if not is_passed_over(name)]
    return sorted(found)
