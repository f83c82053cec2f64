"""Writing files so that what was there before stays whole until the new file is whole.

The only module of the program that opens files for writing. A new file is written beside its place under a
``.part`` name with its permissions set first, synced to the disk, moved over the old one in one step, and the folder is
synced. What goes to a stick is read back and compared.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from qisp_desktop.base.digests import sha256_file, sha256_stream
from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.base.reading import pieces_of

PART = ".part"
REPLACE_TRIES = 20
REPLACE_PAUSE_S = 0.1


@contextmanager
def replacing(path: Path, *, mode: int = 0o644, read_back: bool = False) -> Iterator[BinaryIO]:
    """Open a stream whose content becomes ``path`` when the block ends without an error.

    ``mode`` are the permissions from the first byte on. With ``read_back`` the finished file is read from the drive
    and compared with what was written before it takes its place. Any error, and any exception in the block, leaves
    ``path`` as it was; trouble of the disk (full, read-only, gone) comes out as UserError.
    """
    with staged(path) as temporary:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(temporary, flags, mode), "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            written = _digest_of_open(stream) if read_back else ""
        if read_back:
            check_written(temporary, written, path)


@contextmanager
def staged(path: Path) -> Iterator[Path]:
    """A name beside ``path`` for a file that the block makes and that becomes ``path`` when it ends without an error.

    For a file that must appear together with something else, such as the commit of a database at the end of the
    block. Errors as ``replacing``.
    """
    # Short, because a name may already be as long as the file system takes.
    temporary = path.with_name(f".{secrets.token_hex(8)}{PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield temporary
            _move(temporary, path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise disk_error(path, error) from error


def check_written(file: Path, digest: str, path: Path) -> None:
    """Raise UserError about ``path`` unless ``file``, read again, has the SHA-256 ``digest`` of what was written."""
    if sha256_file(file) != digest:
        raise UserError(
            _("{path} was not written correctly.").format(path=path),
            _("Reading it back gave other content: the drive is faulty."),
            _("Use another drive and try again."),
        )


def write_bytes(path: Path, data: bytes, *, mode: int = 0o644, read_back: bool = False) -> None:
    """Put ``data`` into ``path``, whole or not at all; errors as ``replacing``."""
    with replacing(path, mode=mode, read_back=read_back) as stream:
        stream.write(data)


def copy(source: Path, path: Path, *, mode: int = 0o644, read_back: bool = False) -> None:
    """Put the content of ``source`` into ``path`` piece by piece, whole or not at all; errors as ``replacing``, and
    UserError about ``source`` when that cannot be read."""
    with replacing(path, mode=mode, read_back=read_back) as target:
        for piece in pieces_of(source):
            target.write(piece)


def write_text(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Put ``text`` as UTF-8 with plain line feeds into ``path``, whole or not at all."""
    write_bytes(path, text.encode("utf-8"), mode=mode)


def sweep(folder: Path, *, older_than_s: int = 3600) -> list[Path]:
    """Remove ``.part`` leftovers of killed processes in ``folder`` and return them; young ones may be in use."""
    removed: list[Path] = []
    if not folder.is_dir():
        return removed
    for path in folder.glob(f".*{PART}"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime >= older_than_s:
                path.unlink()
                removed.append(path)
    return removed


def sync_folder(folder: Path) -> None:
    """Make names in ``folder`` durable where the system offers it."""
    if os.name != "posix":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return  # a folder that may be written to but not listed
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network and FUSE file systems cannot sync folders; the file itself is synced.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EACCES):
            raise
    finally:
        os.close(descriptor)


def disk_error(path: Path, error: OSError) -> UserError:
    """What to tell the person about an error of the file system at ``path``."""
    remedies = {
        errno.ENOSPC: _("Free some space or choose another place, then try again."),
        errno.EDQUOT: _("Free some space or choose another place, then try again."),
        errno.EROFS: _("Choose a place that can be written to."),
        errno.EACCES: _("Choose a place where you may write."),
        errno.EPERM: _("Choose a place where you may write."),
        errno.ENOENT: _("Check that the folder or stick is still there."),
        errno.EIO: _("Check that the stick is still there, or use another one."),
    }
    if isinstance(error, FileExistsError) and any(parent.is_file() for parent in path.parents):
        # What making a folder says where a file of its name stands.
        error = NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    return UserError(
        _("{path} could not be written.").format(path=path),
        os_reason(error),
        remedies.get(error.errno or 0, _("Choose another place and try again.")),
    )


def _digest_of_open(stream: BinaryIO) -> str:
    stream.seek(0)
    digest = sha256_stream(stream)
    if hasattr(os, "posix_fadvise"):
        # Out of the system's memory, so that reading the file again asks the drive.
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return digest


def _move(temporary: Path, path: Path) -> None:
    for left in reversed(range(REPLACE_TRIES)):
        try:
            os.replace(temporary, path)
        except PermissionError:
            # A virus scanner on Windows holds new files for a moment.
            if os.name == "posix" or not left:
                raise
            time.sleep(REPLACE_PAUSE_S)
        else:
            return
