"""The verdicts and states of collecting in words and shapes."""

from __future__ import annotations

from typing import NamedTuple

from qisp_desktop.base.i18n import N_, _, ngettext
from qisp_desktop.domain.merging import Received
from qisp_desktop.domain.paper_state import PaperState
from qisp_desktop.gui.widgets.matrix_model import Mark
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.services.board_data import BoardCell, BoardState
from qisp_desktop.services.collected_files import CollectedFile, Keeping

VERDICT_DOTS = {
    Received.ACCEPTED: Dot.SIGNED,
    Received.UNCHANGED: Dot.COMPLETE,
    Received.SUPERSEDED: Dot.RECUSED,
    Received.RECUSED: Dot.RECUSED,
    Received.NOT_ASSIGNED: Dot.STARTED,
}
"""The shape of a verdict; of all others the warning."""


class StateLook(NamedTuple):
    """How a state of the board is shown: in words (to be translated), by a dot or a short text in a meaning."""

    words: str
    dot: Dot | None = None
    text: str = ""
    meaning: str = ""


STATES = {
    BoardState.SIGNED: StateLook(N_("signed and back"), Dot.SIGNED),
    BoardState.PAPER: StateLook(N_("from paper, confirmed"), None, N_("paper ✓"), "good"),
    BoardState.PAPER_WAITING: StateLook(N_("from paper, to be confirmed"), None, N_("paper …"), "warn"),
    BoardState.NOT_IN_RETURN: StateLook(N_("not in what the expert returned"), Dot.STARTED),
    BoardState.NOT_BACK: StateLook(N_("not back"), Dot.NEW),
    BoardState.NOT_ISSUED: StateLook(N_("not handed out"), None, "–", "second"),
    BoardState.RECUSED: StateLook(N_("stepped back"), Dot.RECUSED),
    BoardState.CONFLICT: StateLook(N_("conflict, to be decided"), Dot.CONFLICT),
    BoardState.NOT_ASSIGNED: StateLook(N_("not assigned")),
}


def dot_of(verdict: Received) -> Dot:
    """The shape of a verdict."""
    return VERDICT_DOTS.get(verdict, Dot.CONFLICT)


def file_dot(file: CollectedFile) -> Dot:
    """The shape of a file: its verdict, empty while it is not sure that it is kept."""
    if file.keeping is Keeping.NOT_KEPT:
        return Dot.CONFLICT
    if file.keeping is Keeping.PASSED_OVER:
        return Dot.STARTED if file.wants_attention else Dot.NEW
    if file.is_decided:
        return Dot.SIGNED
    return dot_of(file.file.verdict)


def file_verdict_text(file: CollectedFile) -> str:
    """The verdict in words."""
    if file.keeping is Keeping.NOT_KEPT:
        return _("not taken")
    if file.keeping is Keeping.PASSED_OVER:
        return _("passed over")
    return _("conflict, decided") if file.is_decided else file.file.label


def file_message(file: CollectedFile) -> str:
    """What is to be said of a file; nothing where the verdict says it all."""
    if file.keeping is Keeping.NOT_KEPT:
        return file.why_not
    if file.is_decided:
        return ""
    message = file.file.message
    if message != file.file.verdict.label:
        return message
    return "" if not file.file.sheets else _("; ").join(_sheet_counts(file))


def _sheet_counts(file: CollectedFile) -> list[str]:
    counts: dict[Received, int] = {}
    for sheet in file.file.sheets:
        counts[sheet.verdict] = counts.get(sheet.verdict, 0) + 1
    return [_("{verdict}: {count}").format(verdict=one.label, count=count) for one, count in counts.items()]


def mark_of(cell: BoardCell) -> Mark:
    """A cell of the board."""
    look = STATES[cell.state]
    if cell.state is BoardState.NOT_ASSIGNED:
        return Mark()
    words = _(look.words)
    if cell.revision > 1 and cell.state in (BoardState.SIGNED, BoardState.PAPER, BoardState.CONFLICT):
        words = _("{state}, revision {revision}").format(state=words, revision=cell.revision)
    text = _(look.text) if look.text else (f"r{cell.revision}" if _shows_revision(cell) else "")
    return Mark(text, look.meaning, words, words, dot=look.dot)


def _shows_revision(cell: BoardCell) -> bool:
    return cell.revision > 1 and cell.state in (BoardState.SIGNED, BoardState.CONFLICT)


def paper_state_text(state: PaperState) -> str:
    """What a paper waits for, in words."""
    if state.form is not None:
        count = 1 + len(state.form.others)
        if count > 1:
            return _("score form with {count} contents: choose one").format(count=count)
        return _("score form read: to be confirmed")
    if state.first is not None and state.second is not None:
        count = len(state.differences)
        text = ngettext("{count} difference to be settled", "{count} differences to be settled", count)
        return text.format(count=count) if count else _("entered twice, the same: to be confirmed")
    if state.first is not None:
        return _("entered once: a second clerk enters it")
    if state.second is not None:
        return _("entered once more: a first entry is needed")
    revision = state.confirmation.revision if state.confirmation else 0
    return _("confirmed, revision {revision}").format(revision=revision)
