"""Only the addressee reads, and an identity file cannot be made to hang the program."""

from __future__ import annotations

import base64
import struct
import time

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_ssh_private_key,
)

from qisp_desktop.base.errors import UserError
from qisp_desktop.exchange.errors import ContainerError
from qisp_desktop.exchange.identity import (
    LARGE,
    LARGEST_IDENTITY,
    WrongPassphraseError,
    encrypt,
    is_recipient,
    new_identity,
    under_another_passphrase,
    unlock_identity,
)
from tests.unit.exchange.samples import PASSPHRASE, Keys, make_cheap_identity

ROUNDS_AT = 15 + 4 + 10 + 4 + 6 + 4 + 4 + 16  # magic, cipher, derivation, their lengths, salt


def blob_of(pem: bytes) -> bytes:
    """What an OpenSSH file holds."""
    return base64.b64decode(b"".join(pem.splitlines()[1:-1]))


def pem_of(blob: bytes) -> bytes:
    """An OpenSSH file that holds ``blob``."""
    body = base64.encodebytes(blob)
    return b"-----BEGIN OPENSSH PRIVATE KEY-----\n" + body + b"-----END OPENSSH PRIVATE KEY-----\n"


def with_rounds(pem: bytes, rounds: int) -> bytes:
    """The file, asking for another number of bcrypt rounds."""
    blob = bytearray(blob_of(pem))
    struct.pack_into(">I", blob, ROUNDS_AT, rounds)
    return pem_of(bytes(blob))


def test_a_new_identity_opens_with_its_passphrase_however_it_is_typed() -> None:
    file, made = new_identity(PASSPHRASE)
    unlocked = unlock_identity(file, "４８２１ 0937 5526 1204 7788\n")
    assert unlocked == made
    assert is_recipient(made.recipient)
    assert unlocked.decrypt(encrypt(b"papers", [made.recipient])) == b"papers"
    assert struct.unpack_from(">I", blob_of(file), ROUNDS_AT) == (64,)
    assert "decrypt" not in repr(made)
    assert PASSPHRASE not in repr(made)


def test_an_identity_survives_windows_line_ends() -> None:
    file = make_cheap_identity()
    assert unlock_identity(file.replace(b"\n", b"\r\n"), PASSPHRASE) == unlock_identity(file, PASSPHRASE)


@pytest.mark.parametrize("typed", ["4821-0937-5526-1204-7789", "something else", "4821"])
def test_a_wrong_passphrase_is_said_in_words(typed: str) -> None:
    with pytest.raises(UserError, match="does not open") as caught:
        unlock_identity(make_cheap_identity(), typed)
    assert not isinstance(caught.value, ContainerError)
    assert typed not in str(caught.value)


@pytest.mark.parametrize("rounds", [0, 101, 10_000, 2**31, 2**32 - 1])
def test_a_hostile_number_of_rounds_is_refused_at_once(rounds: int) -> None:
    started = time.process_time()
    with pytest.raises(ContainerError, match="rounds") as caught:
        unlock_identity(with_rounds(make_cheap_identity(), rounds), PASSPHRASE)
    assert caught.value.kind == "damaged"
    assert time.process_time() - started < 3


def test_up_to_a_hundred_rounds_are_worked_through() -> None:
    assert is_recipient(unlock_identity(make_cheap_identity(rounds=2), PASSPHRASE).recipient)


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"no key at all",
        Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),
        Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")),
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            Encoding.PEM,
            PrivateFormat.OpenSSH,
            PrivateFormat.OpenSSH.encryption_builder().kdf_rounds(1).build(PASSPHRASE.encode()),
        ),
        b"-----BEGIN OPENSSH PRIVATE KEY-----\n=AAA\n-----END OPENSSH PRIVATE KEY-----\n",
        b"-----BEGIN OPENSSH PRIVATE KEY-----\n" + b"A" * LARGEST_IDENTITY + b"\n-----END OPENSSH PRIVATE KEY-----\n",
    ],
    ids=["empty", "text", "without passphrase", "other container", "other kind", "bad base64", "too large"],
)
def test_only_an_ed25519_key_under_a_passphrase_is_taken(file: bytes) -> None:
    with pytest.raises(ContainerError) as caught:
        unlock_identity(file, PASSPHRASE)
    assert caught.value.kind == "damaged"


def test_a_key_under_another_passphrase_is_the_same_key_and_the_old_passphrase_opens_it_no_more() -> None:
    file = make_cheap_identity()
    letter = encrypt("密件".encode(), [unlock_identity(file, PASSPHRASE).recipient])

    changed = under_another_passphrase(file, PASSPHRASE, "another and long")

    assert unlock_identity(changed, "another and long").decrypt(letter) == "密件".encode()
    with pytest.raises(WrongPassphraseError):
        unlock_identity(changed, PASSPHRASE)


def test_who_does_not_know_the_old_passphrase_sets_no_other() -> None:
    with pytest.raises(WrongPassphraseError):
        under_another_passphrase(make_cheap_identity(), "wrong and long", "another and long")


def test_no_changed_byte_of_an_identity_file_yields_another_key() -> None:
    file = make_cheap_identity()
    good = unlock_identity(file, PASSPHRASE)
    refused = 0
    for position in range(len(file)):
        changed = bytearray(file)
        changed[position] ^= 0x01
        try:
            assert unlock_identity(bytes(changed), PASSPHRASE) == good
        except UserError:
            refused += 1
    # Only the name of the key and the line ends say nothing.
    assert refused > 0.9 * len(file)


def test_a_key_whose_secret_was_exchanged_is_refused() -> None:
    # The cipher is a stream: whoever knows where the secret half lies can flip its bits without the passphrase.
    file = make_cheap_identity()
    secret_at = ROUNDS_AT + 4 + 4 + 4 + 51 + 4 + (4 + 4) + (4 + 11) + (4 + 32) + 4
    for position in (secret_at, secret_at + 32):
        blob = bytearray(blob_of(file))
        blob[position] ^= 0x01
        with pytest.raises(UserError):
            unlock_identity(pem_of(bytes(blob)), PASSPHRASE)


def test_a_file_that_names_one_public_key_outside_and_another_inside_is_refused() -> None:
    ours, theirs = make_cheap_identity(), make_cheap_identity()
    key = load_ssh_private_key(ours, PASSPHRASE.encode())
    assert isinstance(key, Ed25519PrivateKey)
    public_at = ROUNDS_AT + 4 + 4 + 4 + 4 + 11 + 4
    blob = bytearray(blob_of(ours))
    blob[public_at : public_at + 32] = blob_of(theirs)[public_at : public_at + 32]
    with pytest.raises(UserError):
        unlock_identity(pem_of(bytes(blob)), PASSPHRASE)


def test_a_file_for_somebody_else_is_told_from_a_damaged_one(keys: Keys, other_keys: Keys) -> None:
    sealed = encrypt(b"papers" * 1000, [keys.office_identity.recipient])
    with pytest.raises(ContainerError) as caught:
        other_keys.office_identity.decrypt(sealed)
    assert caught.value.kind == "not_for_us"
    for broken in (b"", sealed[:50], sealed[:-1], sealed + b"x", sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(ContainerError) as caught:
            keys.office_identity.decrypt(broken)
        assert caught.value.kind == "damaged"


def test_a_file_under_age_s_own_passphrase_is_not_for_us(keys: Keys) -> None:
    started = time.process_time()
    sealed = b"age-encryption.org/v1\n-> scrypt bBjlhJVYZeE4aqUdmtRHfw 30\n" + b"A" * 43 + b"\n--- " + b"A" * 43 + b"\n"
    with pytest.raises(ContainerError):
        keys.office_identity.decrypt(sealed)
    assert time.process_time() - started < 3


def test_every_recipient_can_read_alone(keys: Keys, other_keys: Keys) -> None:
    sealed = encrypt(b"papers", [keys.office_identity.recipient, other_keys.office_identity.recipient])
    assert keys.office_identity.decrypt(sealed) == other_keys.office_identity.decrypt(sealed) == b"papers"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ssh-ed25519",
        "ssh-ed25519 " + "A" * 68,
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ",
        pytest.param(str(pyrage.x25519.Identity.generate().to_public()), id="age's own kind"),
    ],
)
def test_only_ed25519_recipients_in_their_one_form_are_taken(text: str) -> None:
    assert not is_recipient(text)
    with pytest.raises(ValueError, match="recipient"):
        encrypt(b"papers", [text])


def test_a_comment_behind_a_recipient_is_refused(keys: Keys) -> None:
    assert not is_recipient(keys.office_identity.recipient + " office")


def test_what_is_large_goes_in_pieces_and_is_the_same_to_any_age(keys: Keys) -> None:
    for size in (LARGE - 1, LARGE, LARGE + 70_000):
        content = bytes(range(256)) * (size // 256 + 1)
        sealed = encrypt(content[:size], [keys.expert_identity.recipient])
        assert keys.expert_identity.decrypt(sealed) == content[:size]
        assert pyrage.decrypt(sealed, [keys.expert_identity._key]) == content[:size]


@pytest.mark.parametrize("change", ["first", "middle", "last", "cut", "longer"])
def test_a_large_file_that_was_changed_anywhere_is_damaged(keys: Keys, change: str) -> None:
    sealed = bytearray(encrypt(bytes(3 * LARGE), [keys.expert_identity.recipient]))
    at = {"first": 300, "middle": len(sealed) // 2, "last": len(sealed) - 1}.get(change, 0)
    if at:
        sealed[at] ^= 1
    hurt = {"cut": bytes(sealed[: 2 * LARGE]), "longer": bytes(sealed) + b"\0"}.get(change, bytes(sealed))

    with pytest.raises(ContainerError) as caught:
        keys.expert_identity.decrypt(hurt)
    assert caught.value.kind == "damaged"


def test_a_large_file_for_somebody_else_is_told_from_a_damaged_one(keys: Keys, other_keys: Keys) -> None:
    sealed = encrypt(bytes(2 * LARGE), [other_keys.expert_identity.recipient])

    with pytest.raises(ContainerError) as caught:
        keys.expert_identity.decrypt(sealed)
    assert caught.value.kind == "not_for_us"
