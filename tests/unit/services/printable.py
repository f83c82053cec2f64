"""A stock of papers for tests of printing: real plans and real PDF, without a round file behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

import pikepdf

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.policy import Policy
from qisp_desktop.domain.round import Round
from qisp_desktop.services.paper_batches import PlannedPaper
from qisp_desktop.services.papers import PaperKind
from qisp_desktop.services.printing import ListedPaper, PaperStock

ROUND = Round("printround", 2026, "2026年度评价", "", "zh_CN", Policy(), "", "", "", None)


def blank_pdf(pages: int) -> bytes:
    """A paper of so many A4 pages; their heights tell them apart: 842.01 is the first page."""
    with pikepdf.new() as pdf:
        for page in range(1, pages + 1):
            pdf.add_blank_page(page_size=(595, 842 + page / 100))
        output = BytesIO()
        pdf.save(output)
        return output.getvalue()


def page_marks(pdf: bytes) -> list[int]:
    """Which page of its paper each page of ``pdf`` is; a page that fills up repeats the one before."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return [round((float(page.mediabox[3]) - 842) * 100) for page in opened.pages]


def listed(
    number: int, *, kind: PaperKind = PaperKind.SCORE_SHEET, expert: str = "E001", mark: str = ""
) -> ListedPaper:
    """A paper of application ``number``; 0 for one of no application."""
    application = f"QISP-2026-{number:03}" if number else ""
    name = f"{application}_{expert}_{kind}.pdf"
    return ListedPaper(kind, application, expert, name, f"申报单位{number}" if number else "", f"专家{expert}", mark)


def made_stock(papers: Sequence[tuple[ListedPaper, Callable[[], bytes]]]) -> PaperStock:
    """A stock of these papers."""
    return PaperStock(ROUND, {paper: _plan(paper, make) for paper, make in papers}, office=None)


def stock_of(*pages: int) -> PaperStock:
    """A stock of score sheets with so many pages each; 0 for one that cannot be made."""
    return made_stock(
        [(listed(number), partial(blank_pdf, count) if count else unprintable) for number, count in enumerate(pages, 1)]
    )


def unprintable() -> bytes:
    """What a paper does whose text no font has."""
    raise UserError("The paper cannot be printed.")


def _plan(paper: ListedPaper, make: Callable[[], bytes]) -> PlannedPaper:
    return PlannedPaper(paper.kind, paper.application, paper.expert, paper.name, partial(_same, make))


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Sent:
    """A portion as a printer got it."""

    pdf: bytes
    title: str
    sides: str
