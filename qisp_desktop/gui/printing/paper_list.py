"""The papers that were chosen, in the order of the tray, with their pages and what became of them."""

from __future__ import annotations

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.printing.paper_state import PaperState
from qisp_desktop.gui.printing.presenter import PrintingPresenter
from qisp_desktop.gui.widgets.rows_model import Column
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.services.printing import ListedPaper, kind_name

DOTS = {PaperState.OUT: Dot.SIGNED, PaperState.DOUBTFUL: Dot.STARTED, PaperState.FAILED: Dot.CONFLICT}


def state_text(state: PaperState | None) -> str:
    """What became of a paper, in words."""
    match state:
        case PaperState.OUT:
            return _("printed")
        case PaperState.DOUBTFUL:
            return _("perhaps in part")
        case PaperState.FAILED:
            return _("cannot be printed")
        case None:
            return ""


def list_columns(presenter: PrintingPresenter) -> list[Column]:
    """The columns of the list; pages and states are asked for each time a cell is painted."""

    def place(paper: ListedPaper) -> int | None:
        return presenter.places.get(paper)

    def pages(paper: ListedPaper) -> int | None:
        return presenter.stock.pages(paper) if presenter.stock is not None else None

    def why_a_copy(paper: ListedPaper) -> str:
        lacking = presenter.stock.lacking(paper) if presenter.stock is not None else None
        return "" if lacking is None else str(lacking)

    return [
        Column(_("No."), lambda paper: str(place(paper) or "—"), key=place),
        Column(_("Paper"), lambda paper: kind_name(paper.kind), hint=lambda paper: paper.name),
        Column(
            _("Application"),
            lambda paper: paper.application or "—",
            hint=lambda paper: f"{paper.application} {paper.applicant}".strip(),
        ),
        Column(_("Expert"), lambda paper: f"{paper.expert} {paper.expert_name}".strip() or "—"),
        Column(_("Pages"), lambda paper: _pages_text(pages(paper)), key=pages, number=True),
        Column(_("Mark"), lambda paper: paper.mark or "—", hint=why_a_copy),
        Column(
            _("Printed"),
            lambda paper: state_text(presenter.states.get(paper)),
            dot=lambda paper: DOTS.get(presenter.states[paper]) if paper in presenter.states else None,
        ),
    ]


def _pages_text(count: int | None) -> str:
    if count is None:
        return "…"
    return str(count) if count else "—"
