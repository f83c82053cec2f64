"""The package as a file: a stored ZIP whose parts are age files, made and read one part at a time in memory.

======================  ==============================================================================
member                  content
======================  ==============================================================================
``id_ed25519``          panel packages only: the expert's key under the passphrase
``contents.age``        a stored ZIP of ``manifest.json``, ``manifest.p7s``, ``round-ca.pem`` and, in panel packages,
                        ``signer.p12`` (absent when the expert signs with a certificate of their own)
``blobs/000001.age`` …  one file each: materials, photos, signed papers
======================  ==============================================================================

Members come in this order and under no other names. See docs/formats.md.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from qisp_desktop.base.atomic import replacing
from qisp_desktop.base.digests import sha256, sha256_stream
from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.base.reading import open_file
from qisp_desktop.base.work import Work
from qisp_desktop.exchange.archive import (
    LARGEST,
    MOST_MEMBERS,
    ArchiveError,
    Member,
    read_directory,
    read_member,
    writing,
)
from qisp_desktop.exchange.errors import damaged
from qisp_desktop.exchange.identity import LARGEST_IDENTITY, Identity, encrypt
from qisp_desktop.exchange.manifests import Blob

Source = Callable[[], bytes] | Path
"""Where the plain content of a blob comes from."""

IDENTITY = "id_ed25519"
CONTENTS = "contents.age"
MANIFEST, SIGNATURE, AUTHORITY, SIGNER = "manifest.json", "manifest.p7s", "round-ca.pem", "signer.p12"
LARGEST_CONTENTS = 128 << 20
LARGEST_BLOB = 512 << 20
"""Bytes of one part, at most: each is decrypted whole in memory."""
_AGE_OVERHEAD = 4096  # its header for a few recipients; each 64 KiB of content adds 16 bytes more


@dataclass(frozen=True)
class Contents:
    """What ``contents.age`` holds, byte by byte; ``signer_p12`` only in panel packages."""

    manifest: bytes
    signature: bytes
    ca_pem: bytes
    signer_p12: bytes | None


@dataclass(frozen=True)
class Peek:
    """What a package shows without a key: its kind, how many blobs it has, its size in bytes."""

    kind: Literal["panel", "return"]
    blobs: int
    size: int


def blob_path(number: int) -> str:
    """Where the ``number``-th blob (from 1) lies in a package."""
    return f"blobs/{number:06d}.age"


def write_container(
    path: Path,
    contents: Contents,
    *,
    recipients: Sequence[str],
    identity_file: bytes | None,
    blobs: Collection[tuple[Blob, Source]],
    work: Work | None = None,
) -> str:
    """Write a package, whole or not at all, read it back, and return its SHA-256.

    ``blobs`` come in the order of their paths; one at a time is in memory. Raises UserError when a source is not what
    its blob says, when the package would be too large or cannot be written, and Cancelled.
    """
    _check_capacity([blob for blob, _source in blobs])
    work = work or Work()
    with replacing(path, read_back=True) as stream:
        with writing(stream) as add:
            if identity_file is not None:
                add(IDENTITY, identity_file)
            add(CONTENTS, encrypt(_pack(contents), recipients))
            for done, (blob, source) in enumerate(blobs):
                work.report(_("Encrypting {name}").format(name=blob.name), done, len(blobs))
                add(blob.path, encrypt(_read_source(blob, source), recipients))
            work.report(_("Writing {name}").format(name=path.name), len(blobs), len(blobs))
        stream.seek(0)
        return sha256_stream(stream)


class Container:
    """A package whose outer form was checked: every member is one that belongs there, whole and in its place.

    What the members hold is only known after decrypting. The file is opened anew for each part, so that a stick can be
    taken out in between; a part that is no longer what it was is found damaged.
    """

    def __init__(self, path: Path, members: Sequence[Member]) -> None:
        self.path = path
        self._members = {member.name: member for member in members}

    @classmethod
    def open(cls, path: Path) -> Container:
        """Check the structure of the file at ``path``, reading its directory and headers only.

        Raises ContainerError for anything that this program would not have written, UserError when there is no
        readable file.
        """
        with _reading(path) as stream:
            size = stream.seek(0, io.SEEK_END)
            try:
                members = read_directory(stream, size)
            except ArchiveError as error:
                raise damaged(
                    _("It is not a whole package: it was cut off or changed, or is another kind of file.")
                ) from error
        names = [member.name for member in members]
        first = [IDENTITY, CONTENTS] if names[:1] == [IDENTITY] else [CONTENTS]
        if names != first + [blob_path(n + 1) for n in range(len(names) - len(first))]:
            raise damaged(_("Its parts are not those of a package."))
        for member in members:
            if member.size > _largest(member.name):
                raise damaged(_("One of its parts is larger than any this program writes."))
        return cls(path, members)

    @property
    def blob_paths(self) -> list[str]:
        """Where its blobs lie, in order."""
        return [name for name in self._members if name.startswith("blobs/")]

    @property
    def identity_file(self) -> bytes | None:
        """The expert's key file of a panel package; None in a return package."""
        return self._read(IDENTITY) if IDENTITY in self._members else None

    def contents(self, identity: Identity) -> Contents:
        """Manifest, signature and certificates; raises ContainerError."""
        return _unpack(identity.decrypt(self._read(CONTENTS)), self.is_panel)

    @property
    def is_panel(self) -> bool:
        """Whether it has the outer form of a panel package, not of a return."""
        return IDENTITY in self._members

    def blob(self, identity: Identity, blob: Blob) -> bytes:
        """The plain content of ``blob``; raises ContainerError unless it is exactly what the manifest names."""
        if blob.path not in self._members:
            raise damaged(_("{name} is missing.").format(name=blob.name))
        content = identity.decrypt(self._read(blob.path))
        if len(content) != blob.size or sha256(content) != blob.sha256:
            raise damaged(_("{name} is not the file that was packed.").format(name=blob.name))
        return content

    def check_blobs(self, identity: Identity, blobs: Collection[Blob], work: Work | None = None) -> None:
        """Decrypt every blob and compare it with the manifest; raises ContainerError at the first that differs."""
        work = work or Work()
        for done, blob in enumerate(blobs):
            work.report(_("Checking {name}").format(name=blob.name), done, len(blobs))
            self.blob(identity, blob)

    def _read(self, name: str) -> bytes:
        with _reading(self.path) as stream:
            try:
                return read_member(stream, self._members[name])
            except ArchiveError as error:
                raise damaged(_("A part of it was changed.")) from error


def peek(path: Path) -> Peek:
    """The structure of a package as far as it shows without a key; raises as ``Container.open``."""
    container = Container.open(path)
    return Peek("panel" if container.is_panel else "return", len(container.blob_paths), path.stat().st_size)


def _largest(name: str) -> int:
    if name == IDENTITY:
        return LARGEST_IDENTITY
    return _encrypted(LARGEST_CONTENTS if name == CONTENTS else LARGEST_BLOB)


def _encrypted(size: int) -> int:
    """At least as many bytes as ``size`` bytes have when encrypted and stored."""
    return size + size // 4096 + _AGE_OVERHEAD


def _check_capacity(blobs: Collection[Blob]) -> None:
    total = LARGEST_CONTENTS + sum(_encrypted(blob.size) for blob in blobs)
    largest = max((blob.size for blob in blobs), default=0)
    if total > LARGEST or largest > LARGEST_BLOB or len(blobs) > MOST_MEMBERS - 2:
        raise UserError(
            _("The files are too large for one package."),
            _("{count} files, {total} MB in all, the largest {largest} MB.").format(
                count=len(blobs), total=total >> 20, largest=largest >> 20
            ),
            _("Assign fewer applications to one expert, or ask for smaller files."),
        )


def _read_source(blob: Blob, source: Source) -> bytes:
    try:
        content = source.read_bytes() if isinstance(source, Path) else source()
    except OSError as error:
        raise UserError(
            _("{name} could not be read.").format(name=blob.name),
            os_reason(error),
            _("Check that the folder with the files is still there."),
        ) from error
    if len(content) != blob.size or sha256(content) != blob.sha256:
        raise UserError(
            _("{name} is no longer the file that was taken in.").format(name=blob.name),
            _("Its content differs from what was recorded then."),
            _("Put the original file back, or take it in again."),
        )
    return content


def _pack(contents: Contents) -> bytes:
    parts = _parts(contents.signer_p12 is not None)
    values = (contents.manifest, contents.signature, contents.ca_pem, contents.signer_p12)
    stream = io.BytesIO()
    with writing(stream) as add:
        for name, value in zip(parts, values, strict=False):
            add(name, value or b"")
    return stream.getvalue()


def _unpack(data: bytes, is_panel: bool) -> Contents:
    stream = io.BytesIO(data)
    try:
        members = read_directory(stream, len(data))
        values = [read_member(stream, member) for member in members]
    except ArchiveError as error:
        raise damaged(_("What it holds is not in the form of a package.")) from error
    with_signer = len(members) == len(_parts(True)) and is_panel
    if [member.name for member in members] != _parts(with_signer):
        raise damaged(_("What it holds is not in the form of a package."))
    return Contents(values[0], values[1], values[2], values[3] if with_signer else None)


def _parts(with_signer: bool) -> list[str]:
    return [MANIFEST, SIGNATURE, AUTHORITY] + [SIGNER] * with_signer


@contextmanager
def _reading(path: Path) -> Iterator[BinaryIO]:
    try:
        with open_file(path) as stream:
            yield stream
    except OSError as error:
        raise UserError(
            _("{path} could not be read.").format(path=path),
            os_reason(error),
            _("Check that the file or stick is still there."),
        ) from error
