"""The summary workbook of a round, and what it showed, kept for the next one to be compared with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from qisp_desktop import __version__
from qisp_desktop.base.bulk import collector_paused
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, using
from qisp_desktop.base.texts import clean_text
from qisp_desktop.base.work import Work
from qisp_desktop.domain.desk_records import Exclusion, PaperConfirmation
from qisp_desktop.domain.exports import Export
from qisp_desktop.domain.issuing import Explanation
from qisp_desktop.domain.panel import Expert, conflicts
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.opened import RoundAt, place_of, reading, writing
from qisp_desktop.services.results import compute, read_round_in, valid_inspections
from qisp_desktop.spreadsheets.summary import write_summary
from qisp_desktop.spreadsheets.summary_data import SummaryData
from qisp_desktop.store.places import RoundPlace
from qisp_desktop.store.round_store import RoundStore


@dataclass(frozen=True)
class ExportedWorkbook:
    """A summary workbook that was written.

    ``differences`` is how many values differ from the export before (None: there was none). ``not_recorded`` says why
    the round does not remember this one, so that the next is compared with the one before; None when it does.
    """

    path: Path
    differences: int | None
    not_recorded: UserError | None


def export_workbook(round_at: RoundAt, out: Path, *, work: Work | None = None) -> ExportedWorkbook:
    """Write the summary workbook of the round to ``out``, whole or not at all, and record what it shows.

    A round that somebody else has open, or that may only be read, gives its workbook all the same. Raises UserError
    when the round cannot be read or ``out`` cannot be written.
    """
    work = work or Work()
    work.report(_("Writing the summary workbook"), 0, 1)
    _refuse_the_round_itself(place_of(round_at), out)  # before the lease is taken: what is refused changes nothing
    with _opened(round_at) as (store, refused), collector_paused():
        exported = export_open(store, out)
    work.report(_("Writing the summary workbook"), 1, 1)
    return ExportedWorkbook(out, exported.differences, refused or exported.not_recorded)


def export_open(store: RoundStore, out: Path) -> ExportedWorkbook:
    """``export_workbook`` of an open round; only a ``store`` that is open for writing records the export."""
    _refuse_the_round_itself(store.place, out)
    with store.snapshot():
        data = summary_data(store)
    digest = write_summary(out, data)
    differences = None if data.previous is None else len(data.differences)
    return ExportedWorkbook(out, differences, _recorded(store, out, data, digest))


def summary_data(store: RoundStore) -> SummaryData:
    """What the workbook shows, in the round's document language."""
    round = store.round()
    data = read_round_in(store, round.language)
    with using(round.language):
        computed = compute(data)
    experts = store.all(Expert)
    return SummaryData(
        round=data.round,
        rubric=data.rubric,
        results=computed.results,
        applications=data.applications,
        experts=tuple(experts),
        sheets=computed.valid,
        screenings=data.screenings,
        inspections=valid_inspections(data),
        explanations=tuple(store.all(Explanation)),
        recusals=data.recusals,
        conflicts=tuple(conflicts(experts, data.applications, data.recusals, store.all(Exclusion))),
        previous=store.get(Export, round.id),
        inputs_digest=data.inputs_digest(),
        audit_head=store.audit_head().digest,
        made_at=datetime.now(UTC).replace(microsecond=0),
        program_version=__version__,
        confirmations=tuple(store.all(PaperConfirmation)),
    )


@contextmanager
def _opened(round_at: RoundAt) -> Iterator[tuple[RoundStore, UserError | None]]:
    """The round open for writing, or for reading and why it cannot be written."""
    with ExitStack() as stack:
        try:
            store, refused = stack.enter_context(writing(round_at)), None
        except UserError as error:
            # Whatever else is wrong with the file, opening it for reading says again.
            store, refused = stack.enter_context(reading(round_at)), error
        yield store, refused


def _refuse_the_round_itself(place: RoundPlace, out: Path) -> None:
    if isinstance(place, Path) and out.exists() and place.exists() and out.samefile(place):
        raise UserError(
            _("{path} was not overwritten.").format(path=out),
            _("It is the round itself."),
            _("Choose another name for the workbook, such as summary.xlsx."),
        )


def _recorded(store: RoundStore, out: Path, data: SummaryData, digest: str) -> UserError | None:
    """Keep what the workbook shows; returns why that was not possible (no right to write, a full disk), or None.

    It comes after the workbook is there: a comparison with a workbook that nobody got would mislead.
    """
    export = Export(
        round=data.round.id,
        at=data.made_at,
        by=current_actor(),
        file=clean_text(out.name),
        workbook=digest,
        inputs=data.inputs_digest,
        audit_head=data.audit_head,
        applications=data.shown,
    )
    if not store.writable:
        return UserError(_("The round was opened for reading only."))
    try:
        with store.change("export workbook") as change:
            change.put(export)
    except UserError as refused:
        return refused
    return None
