"""SHA-256 in lower-case hex, of bytes, values and files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20


def sha256(data: bytes) -> str:
    """64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_stream(stream: BinaryIO) -> str:
    """The digest of what is left in ``stream``, read piece by piece."""
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def sha256_file(path: Path) -> str:
    """The digest of a file's content."""
    with path.open("rb") as stream:
        return sha256_stream(stream)


def is_sha256(text: str) -> bool:
    """Whether ``text`` is written as this module writes digests."""
    return len(text) == 64 and all(c in "0123456789abcdef" for c in text)
