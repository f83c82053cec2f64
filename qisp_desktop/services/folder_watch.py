"""Watching a folder for what comes back: a file is handed over once, when it is whole.

A file that is still being copied grows, or lacks the end by which a ZIP is known. It is waited for; one that stays
incomplete for long although nobody writes to it is handed over all the same, so that it is told as damaged.
"""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from qisp_desktop.base.errors import os_reason
from qisp_desktop.services.named_files import is_passed_over

SUFFIXES = (".qscore", ".xlsx")
CALM_S = 1.0
"""A file that nobody has changed for so long is taken to be copied, if it is complete."""
GIVEN_UP_S = 30.0
"""An incomplete file that nobody has changed for so long will not become complete by itself."""
DEEPEST = 4
"""Folders below the watched one that are looked into: a stick's copy has one or two."""
MOST_FILES = 5_000
"""Returns and forms in the folder, at most: the rest is not looked at, which is said."""


@dataclass(frozen=True)
class Looked:
    """What a look found: files that are ``ready`` now, files that are ``waiting`` to become whole, and why the folder
    cannot be read (``gone``, else empty).

    What it passed over: ``others`` files that are neither returns nor forms, ``closed`` folders that lie too deep or
    cannot be read, and whether there are more than MOST_FILES (``full``).
    """

    ready: tuple[Path, ...]
    waiting: tuple[Path, ...]
    gone: str
    others: int = 0
    closed: int = 0
    full: bool = False


class _State(NamedTuple):
    size: int
    changed_ns: int


class _Seen(NamedTuple):
    state: _State
    since: float


@dataclass
class _Found:
    files: dict[Path, _State] = field(default_factory=dict)
    others: int = 0
    closed: int = 0
    full: bool = False


class FolderWatch:
    """Remembers what was seen in ``folder``; ``look`` from time to time, one thread at a time.

    ``clock`` tells seconds. File times are only compared with each other: a share's clock may be wrong. ``most`` files
    are looked at.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic, *, most: int = MOST_FILES) -> None:
        self.folder = folder
        self._clock = clock
        self._most = most
        self._seen: dict[Path, _Seen] = {}
        self._handed_over: dict[Path, _State] = {}

    def look(self) -> Looked:
        """Look once. A file is ready again when it was changed after it had been handed over."""
        now = self._clock()
        try:
            all_found = self._found()
        except OSError as error:
            # What was known stays known: a share that comes back holds the same files.
            return Looked((), (), os_reason(error))
        found = all_found.files
        self._seen = {path: seen for path, seen in self._seen.items() if path in found}
        ready: list[Path] = []
        waiting: list[Path] = []
        for path, state in sorted(found.items()):
            if self._handed_over.get(path) == state:
                continue
            (ready if self._is_ready(path, state, now) else waiting).append(path)
        for path in ready:
            self._handed_over[path] = found[path]
        return Looked(tuple(ready), tuple(waiting), "", all_found.others, all_found.closed, all_found.full)

    def forget(self, path: Path) -> None:
        """Hand ``path`` over again: what was to be done with it was not done."""
        self._handed_over.pop(path, None)

    def _is_ready(self, path: Path, state: _State, now: float) -> bool:
        seen = self._seen.get(path)
        if seen is None or seen.state != state:
            self._seen[path] = _Seen(state, now)
            return False
        calm = now - seen.since
        return calm >= GIVEN_UP_S or (calm >= CALM_S and _is_complete(path))

    def _found(self) -> _Found:
        """All that lies in the folder, up to the limit."""
        found = _Found()
        folders = [(self.folder, 0)]
        while folders:
            folder, depth = folders.pop()
            try:
                entries = list(os.scandir(folder))
            except OSError:
                if folder == self.folder:
                    raise
                found.closed += 1
                continue
            for entry in entries:
                if len(found.files) >= self._most and _is_wanted(Path(entry.path)):
                    found.full = True
                elif not _is_folder(entry):
                    _note(found, entry)
                elif depth < DEEPEST:
                    folders.append((Path(entry.path), depth + 1))
                else:
                    found.closed += 1
        return found


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False  # what it is could not be had from the share: the rest of the folder is there all the same


def _note(found: _Found, entry: os.DirEntry[str]) -> None:
    path = Path(entry.path)
    try:
        if not entry.is_file():
            return
        if _is_wanted(path):
            details = entry.stat()
            found.files[path] = _State(details.st_size, details.st_mtime_ns)
        elif not is_passed_over(path.name):
            found.others += 1
    except OSError:
        return  # it went away between two glances


def _is_wanted(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not is_passed_over(path.name)


def _is_complete(path: Path) -> bool:
    """Whether the end of the ZIP is there, and the beginning too."""
    try:
        with path.open("rb") as stream:
            return stream.read(2) == b"PK" and zipfile.is_zipfile(stream)
    except OSError:
        return False  # locked by who copies it
