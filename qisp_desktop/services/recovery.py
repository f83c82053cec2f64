"""The recovery sheet of a round: made when its passphrase is chosen or changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cryptography import x509

from qisp_desktop.base import atomic
from qisp_desktop.base.credentials import fingerprint
from qisp_desktop.base.i18n import using
from qisp_desktop.documents.recovery_sheet import LONGEST_PRINTED, RecoverySheet, render_recovery_sheet
from qisp_desktop.domain.round import Round
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.opened import RoundAt, reading
from qisp_desktop.store.places import RoundPlace

PRIVATE = 0o600


def can_be_printed(passphrase: str) -> bool:
    """Whether the sheet can show ``passphrase``; a longer one is written by hand."""
    return len(passphrase) <= LONGEST_PRINTED


def recovery_sheet(value: Round, place: RoundPlace, passphrase: str = "") -> bytes:
    """The sheet as PDF in the round's document language; without ``passphrase`` it has lines to write it on.

    Raises UserError for a character that no font has.
    """
    authority = x509.load_pem_x509_certificate(value.authority.encode("ascii"))
    with using(value.language):
        return render_recovery_sheet(
            RecoverySheet(
                office=value.office,
                round_name=value.name,
                year=value.year,
                round_id=value.id,
                place=place.name,
                ca_fingerprint=fingerprint(authority),
                made_on=date.today(),  # noqa: DTZ011  the office's own calendar day
                made_by=current_actor(),
                passphrase=passphrase if can_be_printed(passphrase) else "",
            )
        )


def save_recovery_sheet(path: Path, value: Round, place: RoundPlace, passphrase: str = "") -> None:
    """Write the sheet to ``path``, readable by its owner only. Raises UserError when it cannot be written."""
    atomic.write_bytes(path, recovery_sheet(value, place, passphrase), mode=PRIVATE)


def write_recovery_sheet(round_at: RoundAt, path: Path, passphrase: str = "") -> None:
    """Write the sheet of the round to ``path``, with ``passphrase`` printed on it, or lines for it where it is empty.

    Raises UserError, and writes nothing, when ``passphrase`` is not the one of the round's keys: a sheet with a wrong
    one would be found out when it is needed.
    """
    from qisp_desktop.services.office import unlock

    with reading(round_at) as store:
        if passphrase:
            unlock(store, passphrase)
        save_recovery_sheet(path, store.round(), store.place, passphrase)
