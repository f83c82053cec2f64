"""What is held of one expert's hand-signed paper: who entered it, where the entries differ, what was confirmed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from qisp_desktop.domain.desk_records import EntrySource, FormContent, PaperConfirmation, PaperEntry
from qisp_desktop.domain.paper_scores import EntryDifference, entry_differences


@dataclass(frozen=True)
class PaperState:
    """What is held of one expert's paper for one application.

    ``first``, ``second`` and ``form`` are the entries that no confirmation has used yet, ``confirmation`` the newest.
    ``newest`` is the highest revision of the sheets that are held, 0 without any.
    """

    expert: str
    application: str
    first: PaperEntry | None
    second: PaperEntry | None
    form: PaperEntry | None
    confirmation: PaperConfirmation | None
    newest: int

    @property
    def is_open(self) -> bool:
        """Whether something was entered that awaits another entry or a confirmation."""
        return any((self.first, self.second, self.form))

    @property
    def differences(self) -> tuple[EntryDifference, ...]:
        """Where the two typed entries disagree; empty until both are there."""
        if self.first is None or self.second is None:
            return ()
        return entry_differences(self.first.items, self.second.items)

    def role_of(self, clerk: str) -> EntrySource | None:
        """Which entry ``clerk`` would make now; None when two others have made both."""
        if self.first is None or same_clerk(self.first.by, clerk):
            return EntrySource.FIRST
        if self.second is None or same_clerk(self.second.by, clerk):
            return EntrySource.SECOND
        return None


def same_clerk(one: str, other: str) -> bool:
    """Whether two names as they were typed name one person, whatever the case, the width or the blanks."""
    return _folded(one) == _folded(other)


def form_contents(form: PaperEntry) -> list[FormContent]:
    """Every content with which the form came back."""
    return [FormContent(form.file, form.items), *form.others]


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
