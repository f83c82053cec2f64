"""What a damaged round can be taken up from, and taking it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.store import restoring


@dataclass(frozen=True)
class BackupOffer:
    """A backup and what it lacks: ``missing`` changes, from the one after ``last`` to the one at ``until``.

    ``missing`` is None where the damaged file does not tell, ``last`` where the backup holds no event.
    """

    backup: Path
    last: datetime | None
    missing: int | None
    until: datetime | None


def backup_offer(damaged: Path, backup: Path) -> BackupOffer:
    """What ``backup`` lacks of the ``damaged`` round, as far as that can still be read."""
    held, wanted = restoring.last_event(backup), restoring.last_event(damaged)
    if held is None or wanted is None or wanted.seq < held.seq:
        return BackupOffer(backup, None if held is None else held.at, None, None)
    return BackupOffer(backup, held.at, wanted.seq - held.seq, wanted.at)


def restore_backup(damaged: Path, backup: Path, work: Work | None = None) -> Path:
    """A copy of ``backup`` as a round file beside the ``damaged`` one, which stays as it is; where the copy lies.

    Raises UserError when it cannot be written; then there is no copy.
    """
    work = work or Work()
    target = free_name(damaged)
    restoring.restore(backup, damaged, target, lambda done, total: work.report(_("Taking the materials"), done, total))
    return target


def free_name(damaged: Path) -> Path:
    """A name beside ``damaged`` that says what it is and that nothing has yet."""
    stem = _("{name}-restored").format(name=damaged.stem)
    names = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    places = (damaged.with_name(name + damaged.suffix) for name in names)
    return next(place for place in places if not place.exists())
