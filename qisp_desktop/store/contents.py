"""Files named by their content (SHA-256): ``ab/abcdef…`` under one folder. Writing one twice writes it once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from qisp_desktop.base.atomic import replacing, sweep, write_bytes
from qisp_desktop.base.digests import is_sha256, sha256, sha256_file
from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.base.reading import pieces_of, unreadable

SMALL = 4 << 20
"""Files up to so many bytes are read once, into memory; larger ones once for the digest and once for the copy."""
AT_A_TIME = 8


def place_of(folder: Path, digest: str) -> Path:
    """Where the content with ``digest`` lies; raises ValueError for what is no digest (it could lead out of the
    folder)."""
    if not is_sha256(digest):
        raise ValueError(f"{digest[:80]!r} is not a SHA-256")
    return folder / digest[:2] / digest


def add(folder: Path, source: Path | bytes) -> str:
    """Keep the content of ``source`` and return its digest. UserError when it cannot be read or written."""
    if isinstance(source, bytes):
        digest = sha256(source)
        if not is_whole(place_of(folder, digest), len(source)):
            write_bytes(place_of(folder, digest), source)
        return digest
    try:
        size = source.stat().st_size
        if size <= SMALL:
            return add(folder, source.read_bytes())
        digest = sha256_file(source)
    except OSError as error:
        raise unreadable(source, error) from error
    if not is_whole(place_of(folder, digest), size):
        _copy(source, place_of(folder, digest), digest)
    return digest


def add_all(folder: Path, sources: Iterable[Path]) -> Iterator[str]:
    """``add`` for many files; the digests come in the order of ``sources``, as far as they are safe on the disk.

    Several at a time, because most of the time goes into waiting for the disk to confirm.
    """
    with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="taking-in") as pool:
        yield from pool.map(partial(add, folder), sources)


def checked(folder: Path, digest: str) -> Path:
    """The path of the content with ``digest``, after reading it through; UserError when it is missing or damaged."""
    path = place_of(folder, digest)
    try:
        sound = sha256_file(path) == digest
    except OSError as error:
        raise UserError(
            _("The file {path} is missing.").format(path=path),
            os_reason(error),
            _("Put the folder {folder} back from a copy, or import the materials again.").format(folder=folder),
        ) from error
    if not sound:
        raise _damaged(path)
    return path


def _damaged(path: Path) -> UserError:
    return UserError(
        _("The file {path} is damaged.").format(path=path),
        _("Its content is not the one it was kept for."),
        _("Remove it and import the materials again."),
    )


def kept_in(folder: Path) -> list[Path]:
    """All that is kept in ``folder``, by its names."""
    return sorted(path for path in folder.glob("??/*") if is_sha256(path.name)) if folder.is_dir() else []


def copy_all(source: Path, folder: Path) -> None:
    """Keep in ``folder`` too what is kept in ``source``. UserError when it cannot be read or written."""
    for path, digest in zip(found := kept_in(source), add_all(folder, found), strict=True):
        if path.name != digest:
            raise _damaged(path)


def is_whole(path: Path, size: int) -> bool:
    """Whether a kept file is there, with its size."""
    # Written in one step, so what has its name and size is whole; ``checked`` notices what a failing disk did later.
    return path.is_file() and path.stat().st_size == size


def _copy(source: Path, target: Path, digest: str) -> None:
    copied = hashlib.sha256()
    with replacing(target) as stream:
        for piece in pieces_of(source):
            copied.update(piece)
            stream.write(piece)
        if copied.hexdigest() != digest:
            raise UserError(
                _("{path} changed while it was copied.").format(path=source),
                "",
                _("Wait until nothing writes to it, then try again."),
            )


def sweep_leftovers(folder: Path) -> None:
    """Remove what killed processes left half written below ``folder``."""
    if folder.is_dir():
        for part in folder.iterdir():
            sweep(part)
