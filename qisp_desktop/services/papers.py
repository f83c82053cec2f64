"""The papers of a round: written out for staff, and compared with the signed data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from cryptography import x509

from qisp_desktop.base import atomic
from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.base.paths import safe_name
from qisp_desktop.base.work import Work
from qisp_desktop.documents.checking import check_score_sheet
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services.office import Office, unlock
from qisp_desktop.services.opened import RoundAt, reading, writing
from qisp_desktop.services.paper_batches import MadePaper, PlannedPaper, make_all
from qisp_desktop.store.round_store import RoundStore

MOST_NAMED = 30
"""Papers that an error names one by one; of more it says how many."""
MOST_REASONS = 3


class PaperKind(StrEnum):
    """The kinds of paper that can be written out. To add one: its module in ``documents``, a member here, its gathering
    in ``paper_data``, a line in ``paper_plans``."""

    SCORE_SHEET = "score-sheet"
    SUMMARY = "summary"
    INSPECTION = "inspection"
    REPORT = "report"
    ROUND_REPORT = "round-report"
    DEVIATIONS = "deviations"
    ASSIGNMENTS = "assignments"
    SIGN_IN = "sign-in"
    LETTER = "letter"


SEALED_KINDS = (PaperKind.SCORE_SHEET, PaperKind.REPORT)
"""The kinds that have a place for the secretariat's seal in the file."""


@dataclass(frozen=True)
class WrittenPaper:
    """A paper in the output folder; ``signed`` is False for one that carries no signature in the file, ``draft`` True
    where the result it shows may still change, ``lacking`` says why it is a copy though the round had the original."""

    path: Path
    kind: PaperKind
    application: str
    expert: str
    signed: bool
    draft: bool = False
    lacking: UserError | None = None


class PapersMissing(UserError):
    """Some papers could not be made or written; ``missing`` are their names, ``written`` is whole."""

    def __init__(self, missing: Sequence[tuple[str, str]], written: Sequence[WrittenPaper]) -> None:
        self.missing = tuple(name for name, _why in missing)
        self.written = tuple(written)
        count = len(missing)
        what = ngettext(
            "{count} paper is missing; {written} were written.",
            "{count} papers are missing; {written} were written.",
            count,
        ).format(count=count, written=len(written))
        causes = dict.fromkeys(why for _name, why in missing if why)
        do = _("Missing: {names}.").format(names=_named(self.missing))
        copies = copies_only([(one.path.name, one.lacking) for one in written])
        super().__init__(what, sentences(*list(causes)[:MOST_REASONS]), sentences(do, str(copies or "")))


def copies_only(papers: Iterable[tuple[str, UserError | None]], most_named: int = MOST_NAMED) -> UserError | None:
    """What to say of the papers, by their names, whose originals cannot be had (for the reason beside each): how many,
    why, what to do, and which. None where that is none of them."""
    lacking = {name: why for name, why in papers if why is not None}
    if not lacking:
        return None
    what = ngettext(
        "{count} paper is a copy (副本), because its original cannot be had.",
        "{count} papers are copies (副本), because their originals cannot be had.",
        len(lacking),
    ).format(count=len(lacking))
    whys = dict.fromkeys(sentences(why.what, why.why) for why in lacking.values())
    dos = dict.fromkeys(why.do for why in lacking.values())
    which = _("Copies: {names}.").format(names=_named(list(lacking), most_named))
    return UserError(what, sentences(*list(whys)[:MOST_REASONS]), sentences(*list(dos)[:MOST_REASONS], which))


def _named(names: Sequence[str], most: int = MOST_NAMED) -> str:
    named = _(", ").join(names[:most])
    if len(names) > most:
        named = _("{names} and {count} more").format(names=named, count=len(names) - most)
    return named


def paper_name(sheet: ScoreSheet) -> str:
    """The file name of a score sheet's paper."""
    return safe_name(f"{sheet.application}_{sheet.expert}_r{sheet.revision}", longest=120) + ".pdf"


def paper_problem(pdf: bytes, sheet: ScoreSheet, signer: x509.Certificate) -> str:
    """Why ``pdf`` cannot be taken for the valid signed paper of ``sheet``; empty when it can.

    Not comparable is a reason too: whoever made the file can choose a layout or characters that nobody has here.
    """
    check = check_score_sheet(pdf, signer=signer, roots=())
    if check.record is not None and check.record.sheet != sheet:
        return _("the paper shows other data than the signed return")
    return "" if check.valid else _("; ").join(check.reasons)


def export_papers(
    round_at: RoundAt,
    out: Path,
    *,
    kinds: Sequence[PaperKind] = tuple(PaperKind),
    passphrase: str | None = None,
    seal: bool = False,
    reply_by: date | None = None,
    workers: int | None = None,
    work: Work | None = None,
) -> list[WrittenPaper]:
    """Write the papers of ``kinds`` into ``out``, a folder for each kind; kinds of which there is nothing are left out.

    With the secretariat's ``passphrase`` score sheets are the signed originals out of the returns and inspection
    records show their photos; without it, and where a return can no longer be opened (``WrittenPaper.lacking`` says
    so), the same pages are rendered anew from the signed data, unsigned. ``seal``
    signs score sheets and evaluation reports for the secretariat. ``reply_by`` is the day by which supplements are
    wanted where the round has no notice that says one. Each file is whole or absent; raises PapersMissing, after all
    others are written, for those that could not be made, and at once when the disk refuses one.
    """
    from qisp_desktop.services.paper_plans import plan_papers

    work = work or Work()
    if seal and passphrase is None:
        raise UserError(_("Sealing needs the secretariat's passphrase."), "", _("Give it with --passphrase-file."))
    with (writing if seal else reading)(round_at) as store:
        office = unlock(store, passphrase) if passphrase is not None else None
        with store.snapshot():
            planned = plan_papers(store, office, kinds, reply_by=lambda: reply_by, work=work)
        if seal and office:
            return write_sealed(store, office, planned, out, workers=workers, work=work)
        return write_papers(planned, out, workers=workers, work=work)


def write_sealed(
    store: RoundStore,
    office: Office,
    planned: Sequence[PlannedPaper],
    out: Path,
    *,
    workers: int | None = None,
    work: Work,
) -> list[WrittenPaper]:
    """As ``write_papers``, score sheets and evaluation reports signed for the secretariat; ``store`` is written to."""
    from qisp_desktop.services.countersigning import note_seals

    written: Sequence[WrittenPaper] = ()
    try:
        written = found = write_papers(planned, out, sealing=sealing(store, office), workers=workers, work=work)
    except PapersMissing as error:
        written = error.written
        raise
    finally:
        note_seals(store, sum(one.signed and one.kind in SEALED_KINDS for one in written))
    return found


def write_papers(
    planned: Sequence[PlannedPaper],
    out: Path,
    *,
    sealing: Callable[[MadePaper], bytes] | None = None,
    workers: int | None = None,
    work: Work,
) -> list[WrittenPaper]:
    """Make and write ``planned`` into ``out``, a folder for each kind; files and errors as ``export_papers``."""
    written: list[WrittenPaper] = []
    missing: list[tuple[str, str]] = []
    for done, made in enumerate(make_all(planned, workers)):
        work.report(_("Writing papers"), done, len(planned))
        paper = made.planned
        if made.problem is not None:
            missing.append((paper.name, str(made.problem)))
            continue
        sealed = sealing is not None and can_be_sealed(paper)
        pdf = sealing(made) if sealed and sealing else made.pdf
        path = out / paper.kind.value / paper.name
        try:
            atomic.write_bytes(path, pdf)
        except UserError as error:
            # A disk that refuses one paper will hardly take the next.
            left = [(one.name, "") for one in planned[done + 1 :]]
            raise PapersMissing([*missing, (paper.name, str(error)), *left], written) from error
        signed = sealed or paper.original is not None
        written.append(
            WrittenPaper(path, paper.kind, paper.application, paper.expert, signed, paper.draft, paper.lacking)
        )
    work.report(_("Writing papers"), len(planned), len(planned))
    if missing:
        raise PapersMissing(missing, written)
    return written


def can_be_sealed(paper: PlannedPaper) -> bool:
    """Whether the secretariat can sign the file; a score sheet only over the expert's own signature."""
    return paper.kind in SEALED_KINDS and (paper.kind is not PaperKind.SCORE_SHEET or paper.original is not None)


def sealing(store: RoundStore, office: Office) -> Callable[[MadePaper], bytes]:
    """What signs a paper that ``can_be_sealed`` for the secretariat."""
    from qisp_desktop.services.countersigning import sealed

    name = store.round().office
    return lambda made: sealed(made.pdf, office.credentials, name=name)
