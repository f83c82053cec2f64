"""Papers saved instead of printed: single files, one bound file with bookmarks, or an archive of the single files.

Single files, also those in the archive, are the papers as they are signed and checked, without any mark, and can be
signed for the secretariat on the way; the bound file is for reading and printing and looks like the print.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from qisp_desktop.base import atomic
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, using
from qisp_desktop.base.work import Work
from qisp_desktop.documents.binding import Chapter, bind
from qisp_desktop.services.office import Office
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.paper_batches import MadePaper, make_all
from qisp_desktop.services.papers import WrittenPaper, can_be_sealed, sealing, write_papers, write_sealed
from qisp_desktop.services.printing import ListedPaper, Order, PaperStock, kind_name

_SCRATCH = ".qisp-pieces-"
_IN_USE_S = 3600
"""A folder of pieces that changed more recently may belong to a process that is still at it."""
_ZIP_DAY = (2026, 1, 1, 0, 0, 0)
"""The same for every member, so that the same papers make the same archive."""


def save_single(
    stock: PaperStock, papers: Sequence[ListedPaper], folder: Path, work: Work, *, sealed_in: RoundAt | None = None
) -> list[WrittenPaper]:
    """Write each paper into ``folder``, below a folder for its kind; each is whole or absent.

    With ``sealed_in``, the round, score sheets and evaluation reports are signed for the secretariat and that is
    entered into the round's audit trail; ``stock`` must have its originals. Raises PapersMissing, which names those
    that are missing and those that were written, and UserError where nothing was begun.
    """
    plans = [stock.plan(paper) for paper in papers]
    if sealed_in is None:
        return write_papers(plans, folder, work=work)
    with writing(sealed_in) as store:
        return write_sealed(store, _office(stock), plans, folder, work=work)


def save_archive(
    stock: PaperStock, papers: Sequence[ListedPaper], path: Path, work: Work, *, sealed_in: RoundAt | None = None
) -> int:
    """Write the single files into one ZIP, whole or not at all; how many there are. Raises UserError."""
    with (
        _seals(stock, sealed_in) as sealed,
        atomic.replacing(path) as stream,
        ZipFile(stream, "w", ZIP_STORED) as archive,
    ):
        for made in _made(stock, papers, work):
            paper = made.planned
            archive.writestr(ZipInfo(f"{paper.kind.value}/{paper.name}", _ZIP_DAY), sealed(made))
    return len(papers)


@contextmanager
def _seals(stock: PaperStock, sealed_in: RoundAt | None) -> Iterator[Callable[[MadePaper], bytes]]:
    """What seals the papers that can be, and notes at the end how many; without a round, what leaves them alone."""
    if sealed_in is None:
        yield lambda made: made.pdf
        return
    from qisp_desktop.services.countersigning import note_seals

    with writing(sealed_in) as store:
        seal, count = sealing(store, _office(stock)), 0

        def sealed(made: MadePaper) -> bytes:
            nonlocal count
            if not can_be_sealed(made.planned):
                return made.pdf
            count += 1
            return seal(made)

        yield sealed
        note_seals(store, count)


def _office(stock: PaperStock) -> Office:
    if stock.office is None:
        raise UserError(_("Sealing needs the secretariat's passphrase."), "", _("Take the originals first."))
    return stock.office


def save_bound(stock: PaperStock, papers: Sequence[ListedPaper], order: Order, path: Path, work: Work) -> int:
    """Write one PDF with a bookmark for each paper, whole or not at all; its pages. Raises UserError."""
    with _scratch_beside(path) as scratch:
        return bind(path, stock.round.name, _chapters(stock, papers, order, work), scratch)


def _chapters(stock: PaperStock, papers: Sequence[ListedPaper], order: Order, work: Work) -> Iterator[Chapter]:
    for done, made in enumerate(stock.finish_all(papers)):
        work.report(_("Writing papers"), done, len(papers))
        if made.problem is not None:
            raise made.problem
        yield Chapter(_part(stock, made.paper, order), made.paper.name.removesuffix(".pdf"), made.pdf)
    work.report(_("Joining papers"), 0, 0)


def _part(stock: PaperStock, paper: ListedPaper, order: Order) -> str:
    """The bookmark under which the paper's own stands."""
    match order:
        case Order.KIND:
            with using(stock.round.language):
                return kind_name(paper.kind)
        case Order.APPLICATION:
            return f"{paper.application} {paper.applicant}".strip()
        case Order.EXPERT:
            return f"{paper.expert} {paper.expert_name}".strip()


def _made(stock: PaperStock, papers: Sequence[ListedPaper], work: Work) -> Iterator[MadePaper]:
    for done, made in enumerate(make_all([stock.plan(paper) for paper in papers])):
        work.report(_("Writing papers"), done, len(papers))
        if made.problem is not None:
            raise made.problem
        yield made


@contextmanager
def _scratch_beside(path: Path) -> Iterator[Path]:
    """A folder for the pieces of ``path``, beside it, where there is room for it; readable by this person only.

    What killed processes left of theirs is removed: those pieces are papers.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for leftover in path.parent.glob(f"{_SCRATCH}*"):
            if leftover.is_dir() and time.time() - leftover.stat().st_mtime >= _IN_USE_S:
                shutil.rmtree(leftover, ignore_errors=True)
        scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=path.parent))
    except OSError as error:
        raise atomic.disk_error(path, error) from error
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
