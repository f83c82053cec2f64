"""What ``qisp collect`` says: a verdict for every returned file and every sheet in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.merging import HARMLESS, Received
from qisp_desktop.services.named_files import Named

_WORST_FIRST = (
    Received.CONFLICT,
    Received.PAPER_MISMATCH,
    Received.DAMAGED,
    Received.NOT_ASSIGNED,
    Received.RECUSED,
    Received.ACCEPTED,
    Received.UNCHANGED,
    Received.SUPERSEDED,
)
"""Of the verdicts on a file's parts, the one that the file is shown with."""
NAMED = 8
"""So many files that were passed over are named; of the rest the number."""


@dataclass(frozen=True)
class SheetVerdict:
    """What one returned sheet is."""

    application: str
    revision: int
    verdict: Received
    message: str = ""


@dataclass(frozen=True)
class Note:
    """What is to be said of another part of a return: a site inspection or a recusal."""

    verdict: Received
    message: str


@dataclass(frozen=True)
class FileVerdict:
    """What one returned file is, why, and what its sheets are.

    ``notes`` say what its other parts are. ``foreign`` is a file that was never a return, such as a signed paper: its
    verdict is ``damaged`` for programs, but nothing of it is broken.
    """

    path: Path
    verdict: Received
    expert: str | None
    sheets: tuple[SheetVerdict, ...]
    message: str
    notes: tuple[Note, ...] = ()
    foreign: bool = False

    @property
    def label(self) -> str:
        """The verdict in words."""
        return _("no return") if self.foreign else self.verdict.label


@dataclass(frozen=True)
class CollectReport:
    """The verdicts in the order in which the files were taken; ``passed_over`` lay in the same folders and are no
    returns by their names."""

    files: tuple[FileVerdict, ...]
    passed_over: tuple[Path, ...] = ()

    @property
    def harmless(self) -> bool:
        """Whether nothing asks for a clerk's attention."""
        return all(
            file.verdict in HARMLESS and all(sheet.verdict in HARMLESS for sheet in file.sheets) for file in self.files
        )

    def to_json(self) -> dict[str, Any]:
        """The documented JSON form."""
        counts = Counter(file.verdict.value for file in self.files)
        return {
            "files": [
                {
                    "path": str(file.path),
                    "verdict": file.verdict.value,
                    "expert": file.expert,
                    "sheets": [
                        {
                            "application": sheet.application,
                            "revision": sheet.revision,
                            "verdict": sheet.verdict.value,
                            "message": sheet.message,
                        }
                        for sheet in file.sheets
                    ],
                    "message": file.message,
                }
                for file in self.files
            ],
            "counts": dict(sorted(counts.items())),
        }


def unread_folders(named: Named, told: Callable[[FileVerdict], None]) -> list[FileVerdict]:
    """A verdict for each folder that could not be looked into, told at once."""
    found = [
        FileVerdict(folder, Received.DAMAGED, None, (), _("It cannot be read: {why}").format(why=why))
        for folder, why in named.closed.items()
    ]
    for verdict in found:
        told(verdict)
    return found


def not_looked_at(names: Sequence[str]) -> str:
    """That the files of these ``names`` lay in a folder and were passed over; the first ones are named."""
    text = ngettext(
        "{count} other file was not looked at: {names}", "{count} other files were not looked at: {names}", len(names)
    )
    rest = _(", …") if len(names) > NAMED else ""
    return text.format(count=len(names), names=_(", ").join(names[:NAMED]) + rest)


def file_verdict(
    path: Path, expert: str, sheets: tuple[SheetVerdict, ...], notes: Sequence[Note], *, new: bool
) -> FileVerdict:
    """The verdict on a merged file: the worst of its parts; of an empty one whether it is ``new``."""
    verdicts = {sheet.verdict for sheet in sheets} | {note.verdict for note in notes}
    verdicts = verdicts or {Received.ACCEPTED if new else Received.UNCHANGED}
    overall = next(one for one in _WORST_FIRST if one in verdicts)
    message = _("; ").join(note.message for note in notes) or overall.label
    return FileVerdict(path, overall, expert, sheets, message, tuple(notes))
