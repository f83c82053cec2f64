"""What was handed out to whom, what came back, and who needs another package: the list of the desk that hands out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.issuing import Issue, Return
from qisp_desktop.domain.panel import Expert
from qisp_desktop.services.panel_board import Due, PanelBoard, read_board
from qisp_desktop.store.round_store import RoundStore


class PackageState(Enum):
    """Where an expert's package stands."""

    NOTHING_DUE = "nothing due"
    NOT_ISSUED = "not issued"
    CURRENT = "current"
    OUTDATED = "outdated"
    LEFT = "left"
    """A package is out, and nothing is assigned any more."""


@dataclass(frozen=True)
class IssueLine:
    """An expert in the list; ``issue`` is the one in force, ``voided`` the ids of the earlier ones."""

    expert: Expert
    due: Due
    state: PackageState
    issue: Issue | None
    at: datetime | None
    """When the issue in force was made; None where nobody noted it."""
    voided: tuple[str, ...]
    returns: int
    answered: bool
    """Whether a return answers the issue in force."""
    certified: bool
    difference: str
    """What the package in hand lacks or has too much, in words; empty unless it is outdated."""

    @property
    def needs_package(self) -> bool:
        """Whether something has to be handed out."""
        return self.state in (PackageState.NOT_ISSUED, PackageState.OUTDATED)


@dataclass(frozen=True)
class IssuingOverview:
    """The list, and whether issuing to all at once is still possible (``returned``: who has handed in already)."""

    lines: tuple[IssueLine, ...]
    returned: tuple[str, ...]

    @property
    def needing(self) -> tuple[str, ...]:
        """Who needs a package: the first one, or another one."""
        return tuple(line.expert.id for line in self.lines if line.needs_package)

    @property
    def due(self) -> tuple[str, ...]:
        """Everybody who has something to do."""
        return tuple(line.expert.id for line in self.lines if line.due)

    @property
    def anything_issued(self) -> bool:
        """Whether any package went out."""
        return any(line.issue is not None for line in self.lines)


def issuing_overview(store: RoundStore) -> IssuingOverview:
    """The list of an open round, in the order of experts' numbers."""
    board = read_board(store)
    issues: dict[str, list[Issue]] = {}
    for issue in store.all(Issue):
        issues.setdefault(issue.expert, []).append(issue)
    returned = store.all(Return)
    counts = Counter(one.expert for one in returned)
    answered = {one.issue for one in returned}
    lines = tuple(
        _line(store, board, expert, issues.get(expert.id, []), counts[expert.id], answered)
        for expert in board.experts.values()
    )
    return IssuingOverview(lines, tuple(sorted(counts)))


def _line(
    store: RoundStore, board: PanelBoard, expert: Expert, issues: Sequence[Issue], returns: int, answered: set[str]
) -> IssueLine:
    current = board.issues.get(expert.id)
    due = board.due.get(expert.id, Due((), ()))
    state = _state(board, expert.id, current, due)
    return IssueLine(
        expert,
        due,
        state,
        current,
        None if current is None else _when(store, current),
        tuple(one.id for one in issues if one != current),
        returns,
        current is not None and current.id in answered,
        expert.id in board.certified,
        _difference(current, due) if current is not None and state is PackageState.OUTDATED else "",
    )


def _state(board: PanelBoard, expert: str, current: Issue | None, due: Due) -> PackageState:
    if current is None:
        return PackageState.NOT_ISSUED if due else PackageState.NOTHING_DUE
    if not due:
        return PackageState.LEFT
    return PackageState.OUTDATED if board.outdated(expert) else PackageState.CURRENT


def _when(store: RoundStore, issue: Issue) -> datetime | None:
    if issue.at is not None:
        return issue.at
    events = store.audit_events_about(f"issue:{issue.expert}/{issue.number}")
    return events[0].time if events else None


def _difference(issue: Issue, due: Due) -> str:
    held = set(issue.scored) | set(issue.visited)
    wanted = set(due.scored) | set(due.visited)
    new, gone = len(wanted - held), len(held - wanted)
    parts = []
    if new:
        parts.append(ngettext("{count} is missing", "{count} are missing", new).format(count=new))
    if gone:
        parts.append(ngettext("{count} is too much", "{count} are too much", gone).format(count=gone))
    return _(", ").join(parts) or _("who inspects has changed")


def apart(packages: Path, letters: Path) -> str:
    """Why packages and letters would not travel apart in these two folders; empty when they would.

    Looks at the drives, so it is not for the UI thread.
    """
    one, other = (Path(os.path.normpath(path.expanduser().absolute())) for path in (packages, letters))
    if one == other:
        return _("Packages and letters would lie in the same folder: whoever finds it can open every package.")
    if other.is_relative_to(one) or one.is_relative_to(other):
        return _("One folder lies inside the other: whoever copies the outer one has packages and letters together.")
    drive = mount_of(one)
    if drive == mount_of(other) and drive not in (mount_of(Path.home()), Path("/")):
        return _("Both folders lie on the same drive ({drive}): whoever finds it can open every package.").format(
            drive=drive
        )
    return ""


def mount_of(path: Path) -> Path:
    """Where the drive that holds ``path``, or is to hold it, begins."""
    while not os.path.ismount(path) and path != path.parent:
        path = path.parent
    return path
