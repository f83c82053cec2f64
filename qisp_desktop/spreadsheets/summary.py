"""The summary workbook of a round: every derived number a live formula, with our exact value as its stored result."""

from __future__ import annotations

from pathlib import Path

from qisp_desktop.spreadsheets.summary_changes import write_changes
from qisp_desktop.spreadsheets.summary_checks import write_check, write_notes
from qisp_desktop.spreadsheets.summary_data import SummaryData
from qisp_desktop.spreadsheets.summary_layout import Layout
from qisp_desktop.spreadsheets.summary_ranking import write_ranking
from qisp_desktop.spreadsheets.summary_records import write_deviations, write_inspections, write_screening
from qisp_desktop.spreadsheets.summary_scores import write_details, write_matrix, write_parts
from qisp_desktop.spreadsheets.writing import Publication, published


def write_summary(path: Path, data: SummaryData) -> str:
    """Write the workbook of ``data`` to ``path``, whole or not at all; returns its SHA-256.

    The same data give the same bytes. Raises UserError where the place cannot be written.
    """

    def build(book: Publication) -> None:
        layout = Layout(data)
        write_ranking(book, layout)
        write_matrix(book, layout)
        write_parts(book, layout)
        write_details(book, layout)
        write_inspections(book, layout)
        write_screening(book, layout)
        write_deviations(book, layout)
        write_changes(book, layout)
        write_check(book, layout)
        write_notes(book, layout)

    return published(path, build, title=f"{data.round.name} 评审结果汇总", at=data.made_at)
