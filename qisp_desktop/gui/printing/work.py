"""What the printing desk does in a worker; each piece imports what it needs when it runs."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.tasks import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from qisp_desktop.services.papers import PaperKind
    from qisp_desktop.services.print_runs import Place, PrintOrder, PrintReport
    from qisp_desktop.services.printing import ListedPaper, Order, PaperStock
    from qisp_desktop.services.scanning import ScannedPaper
    from qisp_desktop.store.places import RoundPlace


class FirstChoice(NamedTuple):
    """What is chosen when the desk opens: ``kinds`` (none: score sheets) and ``applications`` (none: all)."""

    kinds: frozenset[PaperKind] = frozenset()
    applications: frozenset[str] = frozenset()


USUAL_CHOICE = FirstChoice()


class Saving(Enum):
    """What papers are saved as."""

    SINGLE = "single"
    BOUND = "bound"
    ARCHIVE = "archive"


class Run(NamedTuple):
    """A run at the printer that ended, one way or the other."""

    report: PrintReport
    unnoted: UserError | None
    """Why the audit trail does not have it yet."""


class Saved(NamedTuple):
    """What was saved, in words, and where; ``more`` is what has to be known of it."""

    text: str
    folder: Path
    more: str = ""
    copies: bool = False
    """Whether some are copies only because their originals cannot be had."""


def open_round(place: RoundPlace, passphrase: str | None, job: Job) -> PaperStock:
    """The papers of the round, with the signed originals where ``passphrase`` is given."""
    from qisp_desktop.services.printing import open_stock

    return open_stock(place, passphrase=passphrase, work=job)


def find_printers() -> list[str]:
    """The printers of this system, the default one first."""
    from qisp_desktop.gui.printing.printers import printer_names

    return printer_names()


def print_and_note(
    place: RoundPlace, stock: PaperStock, order: PrintOrder, printer: str, start: Place, job: Job
) -> Run:
    """Print, and note it in the same breath: also when the page was left or the program is ending meanwhile."""
    from qisp_desktop.gui.printing.printers import printer_called
    from qisp_desktop.services.print_notes import RunningNotes, enter_notes, notes_of
    from qisp_desktop.services.print_runs import print_papers

    device = printer_called(printer)
    running = RunningNotes(stock.round.id, device.name)
    report = print_papers(stock, order, device, start=start, work=job, went_out=running.add)
    notes = notes_of(report, datetime.now(UTC))
    unnoted = enter_notes(place, stock.round.id, notes) if notes else None
    running.close()
    return Run(report, unnoted)


def enter_waiting_notes(place: RoundPlace, stock: PaperStock) -> UserError | None:
    """Enter what earlier prints left to be noted; why that is not possible, or None."""
    from qisp_desktop.services.print_notes import enter_notes

    return enter_notes(place, stock.round.id)


def save_papers(
    stock: PaperStock,
    papers: tuple[ListedPaper, ...],
    order: Order,
    saving: Saving,
    path: Path,
    job: Job,
    sealed_in: RoundPlace | None = None,
) -> Saved:
    """Save ``papers`` into the folder or file ``path``; files are sealed if their round is given."""
    from qisp_desktop.services.paper_saving import save_archive, save_bound, save_single

    match saving:
        case Saving.SINGLE:
            count = len(save_single(stock, papers, path, job, sealed_in=sealed_in))
            folder = path
        case Saving.BOUND:
            save_bound(stock, papers, order, path, job)
            count, folder = len(papers), path.parent
        case Saving.ARCHIVE:
            count, folder = save_archive(stock, papers, path, job, sealed_in=sealed_in), path.parent
    text = ngettext("{count} paper saved: {path}", "{count} papers saved: {path}", count).format(count=count, path=path)
    more = []
    if saving is not Saving.BOUND and any(stock.plan(paper).draft for paper in papers):
        more.append(_("The result is not frozen: reports and deviations are drafts, and their files do not say so."))
    if copies := stock.copies_among(papers):
        more.append(str(copies))
    return Saved(text, folder, sentences(*more), copies is not None)


def read_scans(place: RoundPlace, scans: tuple[Path, ...], found: Callable[[ScannedPaper], None], job: Job) -> None:
    """Compare the papers on ``scans`` with the round at ``place``; each is handed to ``found`` at once."""
    from qisp_desktop.services.scanning import check_scans

    check_scans(scans, place, job, found=found)


def saving_stopped(saving: Saving) -> UserError:
    """What to say when the person stopped it."""
    if saving is Saving.SINGLE:
        return UserError(_("Saving was stopped."), _("The papers that were written by then are whole."))
    return UserError(_("Saving was stopped."), _("Nothing was written."))
