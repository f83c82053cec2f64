"""The secretariat's keys: made with the round, kept in its file under the clerk's passphrase."""

from __future__ import annotations

from dataclasses import dataclass

from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.exchange import authority, identity, key_files, signatures
from qisp_desktop.exchange.certificates import certificate_to_pem
from qisp_desktop.services import remark_order
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.store.change import Change
from qisp_desktop.store.round_store import RoundStore

IDENTITY, AUTHORITY, OFFICE = "identity", "authority", "office"
SHORTEST_PASSPHRASE = 8


@dataclass(frozen=True)
class Office:
    """The unlocked keys: ``identity`` reads returns, ``authority`` (the round's CA) certifies experts, ``credentials``
    sign what the office hands out."""

    identity: identity.Identity
    authority: Credentials
    credentials: Credentials

    def seal(self, change: Change) -> None:
        """Sign the head of the audit chain as the last act of ``change``, so that cutting off its end shows."""
        change.seal(lambda data: signatures.sign_detached(data, self.credentials))


@dataclass(frozen=True)
class NewKeys:
    """What a new round starts with: public parts for the round, secrets for its file."""

    authority_pem: str
    recipient: str
    secrets: dict[str, bytes]


def new_keys(round_id: str, year: int, passphrase: str) -> NewKeys:
    """The secretariat's keys of a new round; one slow derivation protects them all."""
    refuse_short(passphrase)
    openssh, unlocked = identity.new_identity(passphrase)
    root = authority.new_authority(round_id, year)
    office = authority.issue_credentials(root, f"QISP office {round_id}", office=True)
    to_self = [unlocked.recipient]
    return NewKeys(
        certificate_to_pem(root.certificate).decode("ascii"),
        unlocked.recipient,
        {
            IDENTITY: openssh,
            remark_order.SECRET: remark_order.new_key(),
            # The age layer protects these; the PKCS #12 passphrase inside it adds nothing and costs no second wait.
            AUTHORITY: identity.encrypt(key_files.to_p12(root, passphrase), to_self),
            OFFICE: identity.encrypt(key_files.to_p12(office, passphrase), to_self),
        },
    )


def refuse_short(passphrase: str) -> None:
    """Raise UserError for a passphrase that is too short to protect the keys of a round."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise UserError(
            _("The passphrase is too short."),
            _("It protects the keys of the whole round."),
            _("Use at least {count} characters.").format(count=SHORTEST_PASSPHRASE),
        )


def change_passphrase(round_at: RoundAt, passphrase: str, another: str) -> None:
    """Put the secretariat's keys under ``another`` passphrase; the keys stay the same, so nothing is issued anew.

    Takes about two seconds. Backups made before still open with the old one. Raises UserError when ``passphrase`` is
    wrong or ``another`` is too short; then nothing is changed.
    """
    refuse_short(another)
    with writing(round_at) as store:
        office = unlock(store, passphrase)
        openssh = identity.under_another_passphrase(_secret(store, IDENTITY), passphrase, another)
        with store.change("passphrase") as change:
            change.put_secret(IDENTITY, openssh)
            for name, credentials in ((AUTHORITY, office.authority), (OFFICE, office.credentials)):
                sealed = identity.encrypt(key_files.to_p12(credentials, another), [office.identity.recipient])
                change.put_secret(name, sealed)


def unlock(store: RoundStore, passphrase: str) -> Office:
    """The keys of an open round; UserError when the passphrase is wrong."""
    try:
        unlocked = identity.unlock_identity(_secret(store, IDENTITY), passphrase)
    except identity.WrongPassphraseError as error:
        advice = _("Type the passphrase that was chosen when this round was made; nobody can recover it.")
        raise UserError(error.what, error.why, advice) from error
    root, office = (
        key_files.from_p12(unlocked.decrypt(_secret(store, name)), passphrase) for name in (AUTHORITY, OFFICE)
    )
    if certificate_to_pem(root.certificate).decode("ascii") != store.round().authority:
        raise UserError(
            _("The keys in {path} are not those of its round.").format(path=store.place),
            _("The file was changed outside the program."),
            _("Open a backup of the round."),
        )
    return Office(unlocked, root, office)


def _secret(store: RoundStore, name: str) -> bytes:
    secret = store.secret(name)
    if secret is None:
        raise UserError(
            _("{path} has no keys.").format(path=store.place),
            _("The file was changed outside the program."),
            _("Open a backup of the round."),
        )
    return secret
