"""What was printed, when and by whom, for the round's audit trail.

Printing does not wait for the round file: where another clerk has it open for writing, papers are printed all the same
and the note is kept in this person's folder until the round can be written again. So the trail may learn of a print
later than it happened; each note therefore carries its own time. What a run has put out so far is kept there too, so
that a program that is killed while it prints leaves an account of it.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Sequence
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
from qisp_desktop.services.print_runs import Part, PrintReport

UNREADABLE = ".unreadable"
"""The ending of notes that could not be read and are kept for somebody to look at."""
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
    return _notes(report.out, report.printer, when)


def _notes(parts: Iterable[Part], printer: str, when: datetime) -> list[PrintNote]:
    named: dict[PaperKind, list[str]] = {}
    for part in parts:
        pages = f"{part.pages[0]}-{part.pages[-1]}" if len(part.pages) > 1 else f"{part.pages[0]}"
        named.setdefault(part.paper.kind, []).append(f"{part.paper.name.removesuffix('.pdf')} p. {pages}")
    actor = current_actor()
    moment = when.astimezone(UTC).replace(microsecond=0)
    return [PrintNote(kind, moment, actor, printer, tuple(names)) for kind, names in named.items()]


class RunningNotes:
    """What a run has put out so far, in a file until the run's own notes are entered or wait."""

    def __init__(self, round_id: str, printer: str) -> None:
        self._path = _running_file(round_id, os.getpid())
        self._printer = printer
        self._parts: list[Part] = []

    def add(self, parts: Sequence[Part]) -> None:
        """``parts`` are out. A disk that does not take the note does not stop the printing."""
        self._parts += parts
        notes = _notes(self._parts, self._printer, datetime.now(UTC))
        try:
            atomic.write_bytes(self._path, to_bytes(_Waiting(tuple(notes))), mode=0o600)
        except UserError as error:
            _log.warning("what was printed so far cannot be kept: %s", error.why)

    def close(self) -> None:
        """The run is over and noted."""
        _remove(self._path)


def enter_notes(round_at: RoundAt, round_id: str, notes: Sequence[PrintNote] = ()) -> UserError | None:
    """Enter ``notes`` into the trail of the round, with those that wait from earlier runs.

    Those of a run during which the program was killed are among them. Returns why that is not possible now; then all
    of them wait in a file of this person's until the next call. None when nothing waits any more.
    """
    path, broken_off = waiting_file(round_id), _broken_off(round_id)
    waiting = (*_waiting(path), *(note for file in broken_off for note in _waiting(file)), *notes)
    if not waiting:
        return None
    try:
        with writing(round_at) as store, store.change("print") as change:
            for note in waiting:
                change.note("print", note.subject, note.detail)
    except UserError as error:
        atomic.write_bytes(path, to_bytes(_Waiting(waiting)), mode=0o600)
        for file in broken_off:
            _remove(file)
        return error
    for file in (path, *broken_off):
        _remove(file)
    return None


def waiting_file(round_id: str) -> Path:
    """Where notes of the round wait."""
    return data_folder() / "print-notes" / f"{safe_name(round_id)}.json"


def _running_file(round_id: str, process: int) -> Path:
    return waiting_file(round_id).with_suffix(f".{process}.json")


def _broken_off(round_id: str) -> list[Path]:
    """The files of runs that no process goes on with: one program prints at a time for a person."""
    own, pattern = _running_file(round_id, os.getpid()), re.compile(r"\.\d+\.json")
    stem = waiting_file(round_id).stem
    found = own.parent.glob("*.json") if own.parent.is_dir() else ()
    return sorted(
        path
        for path in found
        if path != own and path.name.startswith(stem) and pattern.fullmatch(path.name.removeprefix(stem))
    )


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.unlink()


def _waiting(path: Path) -> tuple[PrintNote, ...]:
    try:
        with path.open("rb") as stream:
            return from_bytes(_Waiting, stream.read(_LARGEST)).notes
    except FileNotFoundError:
        return ()
    except (OSError, CodecError) as error:
        # Nobody could mend it here: it is put aside, so that what was printed since does not take its place.
        _log.warning("waiting print notes cannot be read and are put aside: %s", type(error).__name__)
        with suppress(OSError):
            path.replace(path.with_suffix(UNREADABLE))
        return ()
