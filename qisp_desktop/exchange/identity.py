"""Who can read a package: age encryption to an OpenSSH Ed25519 key, and that key under its passphrase.

Not age's own passphrase mode: its cost depends on the machine that made the file. The OpenSSH form (bcrypt, AES-256)
costs the same everywhere and stock ``age`` opens it.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.exchange.errors import ContainerError, damaged
from qisp_desktop.exchange.passphrases import passphrase_bytes

ROUNDS = 64
"""bcrypt rounds of the keys made here: about half a second, and no memory to speak of."""
MOST_ROUNDS = 100
"""A key that asks for more is refused unread: 2**31 rounds would keep the machine busy for months."""
LARGEST_IDENTITY = 4096
"""Bytes of an identity file, at most; those made here have about 460."""

LARGE = 1 << 20
"""Bytes; more is encrypted and decrypted in pieces."""
_AT_ONCE = 256
"""Pieces (of 8 KB) that are given back at once."""

_PEM = re.compile(rb"-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=\n]+)\n-----END OPENSSH PRIVATE KEY-----\n?")
_HEADER = struct.Struct(">15s I10s I6s II16sI I II11sI32s")
"""openssh-key-v1: magic, cipher, key derivation, its salt and rounds, number of keys, public key."""
_RECIPIENT = re.compile(r"ssh-ed25519 [A-Za-z0-9+/]{68}")


class WrongPassphraseError(UserError):
    """The passphrase does not open the key file, or the key file was changed; the advice is that for an expert."""

    def __init__(self) -> None:
        super().__init__(
            _("The passphrase does not open this file."),
            _("It is mistyped, belongs to another file, or the file was changed."),
            _("Compare it with the letter, digit by digit. If it is lost, ask for the package to be issued again."),
        )


@dataclass(frozen=True)
class Identity:
    """An unlocked key, in memory only; ``recipient`` (``ssh-ed25519 …``) is what others encrypt to."""

    recipient: str
    _key: pyrage.ssh.Identity = field(repr=False, compare=False)

    def decrypt(self, data: bytes) -> bytes:
        """The plain content of an age file; raises ContainerError (not_for_us or damaged)."""
        try:
            if len(data) < LARGE:
                return pyrage.decrypt(data, [self._key])
            plain = _Pieces()
            pyrage.decrypt_io(io.BytesIO(data), plain, [self._key])
            return plain.joined()
        except (pyrage.DecryptError, OSError) as error:
            # age finds out by trial whether a file is for a key; the text is the only thing that tells the two apart.
            if str(error) == "No matching keys found":
                raise ContainerError("not_for_us", _("It is encrypted to another key.")) from error
            raise damaged(_("A part of it cannot be decrypted.")) from error


def new_identity(passphrase: str) -> tuple[bytes, Identity]:
    """A new key: its OpenSSH file under ``passphrase`` (normalised first), and the key itself, unlocked.

    Takes about half a second. Raises UserError for a passphrase that cannot be used.
    """
    secret = passphrase_bytes(passphrase)
    key = Ed25519PrivateKey.generate()
    return _protected(key, secret), _identity(key)


def under_another_passphrase(openssh: bytes, passphrase: str, another: str) -> bytes:
    """The same key in an OpenSSH file under ``another`` passphrase; what was encrypted to it stays readable.

    Takes about a second. Raises as ``unlock_identity``, and UserError for another passphrase that cannot be used.
    """
    secret = passphrase_bytes(another)
    return _protected(_unlocked(openssh, passphrase), secret)


def unlock_identity(openssh: bytes, passphrase: str) -> Identity:
    """The key in an OpenSSH file that ``new_identity`` wrote.

    Takes about half a second. Raises ContainerError (damaged) for any other kind of file, before any work is spent
    on it, and plain UserError for a wrong passphrase.
    """
    return _identity(_unlocked(openssh, passphrase))


def _unlocked(openssh: bytes, passphrase: str) -> Ed25519PrivateKey:
    public = _check_form(openssh)
    secret = passphrase_bytes(passphrase)
    try:
        key = load_ssh_private_key(openssh, secret)
    except Exception as error:  # a wrong passphrase makes random bytes of the key, which fail in any way at all
        raise WrongPassphraseError from error
    # The cipher is a stream without a check of its own: a changed byte could otherwise yield another key.
    if not isinstance(key, Ed25519PrivateKey) or key.public_key().public_bytes_raw() != public:
        raise damaged(_("Its key does not belong to what it says of itself."))
    return key


def encrypt(data: bytes, recipients: Sequence[str]) -> bytes:
    """``data`` as an age file that any one of ``recipients`` can read; raises ValueError for a malformed one."""
    keys = []
    for recipient in recipients:
        if not is_recipient(recipient):
            raise ValueError(f"not an age recipient of this program: {recipient[:100]!r}")
        keys.append(pyrage.ssh.Recipient.from_str(recipient))
    if len(data) < LARGE:
        return pyrage.encrypt(data, keys)
    sealed = _Pieces()
    pyrage.encrypt_io(io.BytesIO(data), sealed, keys)
    return sealed.joined()


class _Pieces(io.BufferedIOBase):
    """Takes what pyrage writes piece by piece.

    In one go it would keep Python's lock for a fifth of a second for each 100 MB, and the window would stand still.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def write(self, piece: Any, /) -> int:
        """Take a piece (bytes)."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def joined(self) -> bytes:
        """All of it; asked for once. The pieces are given back little by little, which takes time too."""
        whole = b"".join(self._pieces)
        while self._pieces:
            del self._pieces[-_AT_ONCE:]
        return whole


def is_recipient(text: str) -> bool:
    """Whether ``text`` is an ``ssh-ed25519`` public key in its one written form, without a comment."""
    if not _RECIPIENT.fullmatch(text):
        return False
    try:
        pyrage.ssh.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


def _identity(key: Ed25519PrivateKey) -> Identity:
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    unlocked = pyrage.ssh.Identity.from_buffer(_private_bytes(key, NoEncryption()))
    return Identity(public.decode("ascii"), unlocked)


def _protected(key: Ed25519PrivateKey, secret: bytes) -> bytes:
    return _private_bytes(key, PrivateFormat.OpenSSH.encryption_builder().kdf_rounds(ROUNDS).build(secret))


def _private_bytes(key: Ed25519PrivateKey, protection: KeySerializationEncryption) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, protection)


def _check_form(openssh: bytes) -> bytes:
    """The public key in the file; ContainerError unless cipher, derivation, rounds and kind are those made here."""
    match = _PEM.fullmatch(openssh.replace(b"\r\n", b"\n")) if len(openssh) <= LARGEST_IDENTITY else None
    try:
        blob = base64.b64decode((match[1] if match else b"").replace(b"\n", b""), validate=True)
    except binascii.Error:
        blob = b""
    if len(blob) < _HEADER.size:
        raise damaged(_("Its key file is not an OpenSSH key."))
    (*fields, rounds, keys, blob_size, kind_size, kind, public_size, public) = _HEADER.unpack_from(blob)
    expected = [b"openssh-key-v1\0", 10, b"aes256-ctr", 6, b"bcrypt", 24, 16]
    if fields[:-1] != expected or (keys, blob_size, kind_size, kind, public_size) != (1, 51, 11, b"ssh-ed25519", 32):
        raise damaged(_("Its key file is not an Ed25519 key under a passphrase."))
    if not 1 <= rounds <= MOST_ROUNDS:
        raise damaged(
            _("Its key file asks for {rounds} rounds of key derivation, more than {most}.").format(
                rounds=rounds, most=MOST_ROUNDS
            )
        )
    return bytes(public)
