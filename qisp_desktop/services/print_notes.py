"""What was printed, when and by whom, for the round's audit trail.

Printing does not wait for the round file: where another clerk has it open for writing, papers are printed all the same
and the note is kept in this person's folder until the round can be written again. So the trail may learn of a print
later than it happened; each note therefore carries its own time.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from qisp_desktop.base import atomic
from qisp_desktop.base.codec import CodecError, from_bytes, to_bytes
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.paths import data_folder, safe_name
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.papers import PaperKind
from qisp_desktop.services.print_runs import PrintReport

_LARGEST = 16 << 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PrintNote:
    """One kind of paper out of one run; ``papers`` name each with the pages that went out."""

    kind: PaperKind
    printed_at: datetime
    printed_by: str
    printer: str
    papers: tuple[str, ...]

    @property
    def subject(self) -> str:
        """What the audit trail calls it."""
        return f"paper:{self.kind.value}"

    @property
    def detail(self) -> str:
        """The note as it stands in the trail."""
        when = self.printed_at.isoformat(timespec="seconds").replace("+00:00", "Z")
        return f"{when} {self.printed_by} → {self.printer}: {len(self.papers)} × {'; '.join(self.papers)}"


@dataclass(frozen=True)
class _Waiting:
    notes: tuple[PrintNote, ...]


def notes_of(report: PrintReport, when: datetime) -> list[PrintNote]:
    """The notes of what surely went out in a run that ended at ``when``."""
    named: dict[PaperKind, list[str]] = {}
    for part in report.out:
        pages = f"{part.pages[0]}-{part.pages[-1]}" if len(part.pages) > 1 else f"{part.pages[0]}"
        named.setdefault(part.paper.kind, []).append(f"{part.paper.name.removesuffix('.pdf')} p. {pages}")
    actor = current_actor()
    moment = when.astimezone(UTC).replace(microsecond=0)
    return [PrintNote(kind, moment, actor, report.printer, tuple(names)) for kind, names in named.items()]


def enter_notes(round_at: RoundAt, round_id: str, notes: Sequence[PrintNote] = ()) -> UserError | None:
    """Enter ``notes`` into the trail of the round, with those that wait from earlier runs.

    Returns why that is not possible now; then all of them wait in a file of this person's until the next call. None
    when nothing waits any more.
    """
    path = waiting_file(round_id)
    waiting = (*_waiting(path), *notes)
    if not waiting:
        return None
    try:
        with writing(round_at) as store, store.change("print") as change:
            for note in waiting:
                change.note("print", note.subject, note.detail)
    except UserError as error:
        atomic.write_bytes(path, to_bytes(_Waiting(waiting)), mode=0o600)
        return error
    with suppress(FileNotFoundError):
        path.unlink()
    return None


def waiting_file(round_id: str) -> Path:
    """Where notes of the round wait."""
    return data_folder() / "print-notes" / f"{safe_name(round_id)}.json"


def _waiting(path: Path) -> tuple[PrintNote, ...]:
    try:
        with path.open("rb") as stream:
            return from_bytes(_Waiting, stream.read(_LARGEST)).notes
    except FileNotFoundError:
        return ()
    except (OSError, CodecError):
        # Nobody could mend it here; what was printed since must not be lost for it.
        _log.warning("waiting print notes cannot be read", exc_info=True)
        return ()
