"""The summary workbook of a round."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from qisp_desktop import __version__
from qisp_desktop.base.bulk import collector_paused
from qisp_desktop.base.i18n import using
from qisp_desktop.base.work import Work
from qisp_desktop.domain.issuing import Explanation
from qisp_desktop.domain.panel import Expert, conflicts
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.results import compute, read_round, valid_inspections
from qisp_desktop.spreadsheets.summary import write_summary
from qisp_desktop.spreadsheets.summary_data import SummaryData
from qisp_desktop.store.round_store import RoundStore


def export_workbook(round_path: Path, out: Path, *, work: Work | None = None) -> Path:
    """Write the summary workbook of the round to ``out``, whole or not at all."""
    del work
    with RoundStore.open(round_path, actor=current_actor()) as store, collector_paused():
        write_summary(out, summary_data(store))
    return out


def summary_data(store: RoundStore) -> SummaryData:
    """What the workbook shows, in the round's document language."""
    with using(store.round().language):
        data = read_round(store)
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
        conflicts=tuple(conflicts(experts, data.applications, data.recusals)),
        inputs_digest=data.inputs_digest(),
        audit_head=store.audit_head().digest,
        made_at=datetime.now(UTC).replace(microsecond=0),
        program_version=__version__,
    )
