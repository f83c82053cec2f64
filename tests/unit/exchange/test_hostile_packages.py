"""Whatever happens to a package on its way, it is never accepted as other content.

Three attackers: a bad stick (any byte), somebody without keys who knows the format and repairs check sums, and somebody
who knows the recipient's public key and can encrypt anything to it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path

import pytest

from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.errors import UserError
from qisp_desktop.exchange.container import Container, Contents, blob_path, peek, write_container
from qisp_desktop.exchange.errors import ContainerError
from qisp_desktop.exchange.identity import encrypt
from qisp_desktop.exchange.panel_package import open_panel_package
from qisp_desktop.exchange.return_package import check_return, read_return_package
from qisp_desktop.exchange.signatures import sign_detached
from tests.unit.exchange.samples import (
    PASSPHRASE,
    Keys,
    make_archive,
    make_cheap_identity,
    make_panel_manifest,
    make_return_manifest,
    read_members,
    write_panel,
    write_return,
)


@dataclass(frozen=True)
class Read:
    """All that was taken from a package: the signed bytes and every file."""

    manifest: bytes
    blobs: tuple[bytes, ...]


def read_return(path: Path, keys: Keys) -> Read | None:
    """What the office takes from a return; None when it refuses it. Only words for the person may come out."""
    try:
        opened = read_return_package(path, keys.office_identity)
        if check_return(opened, keys.expert.certificate, keys.authority.certificate):
            return None
        blobs = tuple(opened.container.blob(keys.office_identity, blob) for blob in opened.manifest.blobs)
    except ContainerError:
        return None
    return Read(opened.manifest_bytes, blobs)


def read_panel(path: Path) -> Read | None:
    """What the expert takes from a package; None when the program refuses it."""
    try:
        panel = open_panel_package(path, PASSPHRASE)
        blobs = tuple(panel.container.blob(panel.identity, blob) for blob in panel.manifest.blobs)
    except UserError:
        return None
    return Read(panel.manifest_bytes, blobs)


def flipped(data: bytes, step: int = 1, bit: int = 0x01) -> Iterator[tuple[int, bytes]]:
    """``data`` with one bit changed, at every ``step``-th position."""
    for position in range(0, len(data), step):
        changed = bytearray(data)
        changed[position] ^= bit
        yield position, bytes(changed)


@pytest.fixture(scope="module")
def good(keys: Keys, return_file: Path) -> Read:
    """What a good return says."""
    read = read_return(return_file, keys)
    assert read is not None
    return read


# A bad stick ---------------------------------------------------------------------------------------------------------


def test_no_changed_byte_of_a_return_goes_unnoticed(keys: Keys, return_file: Path, path: Path) -> None:
    data = return_file.read_bytes()
    for position, changed in flipped(data):
        path.write_bytes(changed)
        assert read_return(path, keys) is None, position


def test_no_changed_byte_around_the_parts_of_a_panel_gets_past_the_first_look(panel_file: Path, path: Path) -> None:
    data = panel_file.read_bytes()
    inside = {
        offset
        for member in Container.open(panel_file)._members.values()
        for offset in range(member.offset, member.offset + member.size)
    }
    for position in set(range(len(data))) - inside:
        for bit in (0x01, 0x20, 0x80):
            path.write_bytes(data[:position] + bytes([data[position] ^ bit]) + data[position + 1 :])
            with pytest.raises(ContainerError) as caught:
                peek(path)
            assert caught.value.kind == "damaged"


def test_no_changed_byte_of_a_panel_gives_other_content(quick: Keys, path: Path) -> None:
    write_panel(path, quick)
    data, before = path.read_bytes(), read_panel(path)
    assert before is not None
    for position, changed in flipped(data, step=211, bit=0x10):
        path.write_bytes(changed)
        assert read_panel(path) is None, position


def test_a_package_cut_off_anywhere_is_refused_at_the_first_look(
    return_file: Path, panel_file: Path, path: Path
) -> None:
    for data, step in ((return_file.read_bytes(), 1), (panel_file.read_bytes(), 97)):
        for length in range(0, len(data), step):
            path.write_bytes(data[:length])
            with pytest.raises(ContainerError) as caught:
                peek(path)
            assert caught.value.kind == "damaged"


def test_a_package_with_anything_before_or_behind_it_is_refused(return_file: Path, path: Path) -> None:
    data = return_file.read_bytes()
    for changed in (b"\0" + data, data + b"\0", data + data, b"%PDF-1.7\n" + data, data + bytes(100_000)):
        path.write_bytes(changed)
        with pytest.raises(ContainerError):
            peek(path)


# Somebody without keys -----------------------------------------------------------------------------------------------


def test_changed_ciphertext_under_repaired_check_sums_is_refused(keys: Keys, return_file: Path, path: Path) -> None:
    members = read_members(return_file.read_bytes())
    for name, content in members.items():
        for position, changed in flipped(content, step=7, bit=0x04):
            path.write_bytes(make_archive({**members, name: changed}.items()))
            assert read_return(path, keys) is None, (name, position)


def test_cut_off_ciphertext_under_repaired_check_sums_is_refused(keys: Keys, return_file: Path, path: Path) -> None:
    members = read_members(return_file.read_bytes())
    for name, content in members.items():
        for length in [*range(0, len(content), 31), len(content) - 1]:
            path.write_bytes(make_archive({**members, name: content[:length]}.items()))
            assert read_return(path, keys) is None, (name, length)
        path.write_bytes(make_archive({**members, name: content + b"\0"}.items()))
        assert read_return(path, keys) is None


def test_parts_exchanged_within_a_package_are_refused(keys: Keys, return_file: Path, path: Path) -> None:
    members = read_members(return_file.read_bytes())
    names = list(members)
    for first in names:
        for second in names:
            swapped = {**members, first: members[second], second: members[first]}
            path.write_bytes(make_archive(swapped.items()))
            assert (read_return(path, keys) is None) == (first != second)


def test_parts_exchanged_between_two_returns_of_one_expert_are_refused(
    keys: Keys, return_file: Path, path: Path, good: Read
) -> None:
    write_return(path, keys, number=2)
    ours, later = read_members(return_file.read_bytes()), read_members(path.read_bytes())
    later_read = read_return(path, keys)
    for name in ours:
        path.write_bytes(make_archive({**ours, name: later[name]}.items()))
        # The same file encrypted anew is the same file; another manifest is another return, whole and signed.
        assert read_return(path, keys) == (later_read if name == "contents.age" else good)


def test_a_member_left_out_or_named_otherwise_is_refused(keys: Keys, return_file: Path, path: Path) -> None:
    members = list(read_members(return_file.read_bytes()).items())
    for position, (name, content) in enumerate(members):
        path.write_bytes(make_archive(members[:position] + members[position + 1 :]))
        assert read_return(path, keys) is None
        for other in (
            name.upper(),
            f"./{name}",
            f"/{name}",
            f"../{name}",
            name.replace("age", "zip"),
            "CON",
            blob_path(9),
        ):
            path.write_bytes(make_archive([*members[:position], (other, content), *members[position + 1 :]]))
            assert read_return(path, keys) is None, other


def test_a_key_file_from_another_package_opens_nothing(quick: Keys, path: Path) -> None:
    write_panel(path, quick)
    members = read_members(path.read_bytes())
    path.write_bytes(make_archive({**members, "id_ed25519": make_cheap_identity()}.items()))
    with pytest.raises(ContainerError) as caught:
        open_panel_package(path, PASSPHRASE)
    assert caught.value.kind == "not_for_us"


def test_a_zip_bomb_is_refused_without_unpacking_it(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("contents.age", bytes(200 << 20))
    assert path.stat().st_size < 300_000
    with pytest.raises(ContainerError) as caught:
        peek(path)
    assert caught.value.kind == "damaged"


# Somebody who can encrypt to the recipient --------------------------------------------------------------------------


def encrypted_return(keys: Keys, contents: bytes, members: dict[str, bytes]) -> bytes:
    """A return whose ``contents.age`` holds any bytes."""
    sealed = encrypt(contents, [keys.office_identity.recipient])
    return make_archive({**members, "contents.age": sealed}.items())


def test_no_changed_byte_inside_a_return_encrypted_anew_gives_other_content(
    keys: Keys, return_file: Path, path: Path, good: Read
) -> None:
    members = read_members(return_file.read_bytes())
    inner = keys.office_identity.decrypt(members["contents.age"])
    for position, changed in flipped(inner, bit=0x02):
        path.write_bytes(encrypted_return(keys, changed, members))
        assert read_return(path, keys) is None, position


def test_no_changed_byte_of_any_part_under_repaired_check_sums_gives_other_content(
    keys: Keys, return_file: Path, path: Path, good: Read
) -> None:
    members = read_members(return_file.read_bytes())
    parts = read_members(keys.office_identity.decrypt(members["contents.age"]))
    accepted = 0
    for name, content in parts.items():
        for position, changed in flipped(content, step=3):
            inner = make_archive({**parts, name: changed}.items())
            path.write_bytes(encrypted_return(keys, inner, members))
            read = read_return(path, keys)
            # A few bytes of a signature carry no meaning; what was signed is what it was all the same.
            assert read in (None, good), (name, position)
            accepted += read is not None
    assert accepted < 20


def test_a_file_exchanged_for_another_encrypted_to_the_office_is_refused(
    keys: Keys, return_file: Path, path: Path
) -> None:
    members = read_members(return_file.read_bytes())
    for content in (b"", b"another paper", b"%PDF-1.7 signed sheeT"):
        sealed = encrypt(content, [keys.office_identity.recipient])
        path.write_bytes(make_archive({**members, blob_path(1): sealed}.items()))
        opened = read_return_package(path, keys.office_identity)
        with pytest.raises(ContainerError, match="not the file that was packed") as caught:
            opened.container.check_blobs(keys.office_identity, opened.manifest.blobs)
        assert caught.value.kind == "damaged"


def test_parts_of_the_contents_exchanged_between_two_returns_are_refused(
    keys: Keys, other_keys: Keys, return_file: Path, path: Path, good: Read
) -> None:
    ours = Container.open(return_file).contents(keys.office_identity)
    manifest = make_return_manifest(keys)
    for other_manifest, signer, ca_pem in (
        (replace(manifest, number=2), keys.expert, keys.ca_pem),
        (make_return_manifest(other_keys, round_id="round-b"), other_keys.expert, other_keys.ca_pem),
    ):
        data = to_bytes(other_manifest)
        theirs = Contents(data, sign_detached(data, signer), ca_pem, None)
        for field in fields(Contents)[:3]:
            mixed = replace(ours, **{field.name: getattr(theirs, field.name)})
            write_container(
                path,
                mixed,
                recipients=[keys.office_identity.recipient],
                identity_file=None,
                blobs=[
                    (blob, partial(bytes, content)) for blob, content in zip(manifest.blobs, good.blobs, strict=True)
                ],
            )
            assert (read_return(path, keys) is None) == (mixed != ours)


def test_a_panel_made_up_by_somebody_who_only_has_the_package_is_not_signed_by_the_round(
    quick: Keys, other_keys: Keys, path: Path
) -> None:
    # The public half of the expert's key stands in the package for anybody to encrypt to.
    forged = replace(quick, authority=other_keys.authority, office=other_keys.office)
    manifest = make_panel_manifest(quick)
    data = to_bytes(manifest)
    write_panel(path, quick)
    genuine = Container.open(path).contents(quick.expert_identity)
    members = read_members(path.read_bytes())
    for ca_pem, kind in ((quick.ca_pem, "bad_signature"), (forged.ca_pem, "damaged")):
        contents = {
            "manifest.json": data,
            "manifest.p7s": sign_detached(data, forged.office),
            "round-ca.pem": ca_pem,
            "signer.p12": genuine.signer_p12 or b"",
        }
        sealed = encrypt(make_archive(contents.items()), [quick.expert_identity.recipient])
        path.write_bytes(make_archive({**members, "contents.age": sealed}.items()))
        with pytest.raises(ContainerError) as caught:
            open_panel_package(path, PASSPHRASE)
        assert caught.value.kind == kind


def test_contents_with_compressed_members_are_refused_without_unpacking_them(
    keys: Keys, return_file: Path, path: Path
) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("manifest.json", "manifest.p7s", "round-ca.pem"):
            archive.writestr(name, bytes(50 << 20))
    path.write_bytes(encrypted_return(keys, stream.getvalue(), read_members(return_file.read_bytes())))
    with pytest.raises(ContainerError, match="form of a package"):
        read_return_package(path, keys.office_identity)
