"""The sections of the secretariat's desk, in the order of a round. A section's modules are loaded when it is shown."""

from __future__ import annotations

from typing import Any

from qisp_desktop.base.i18n import N_
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.section import SectionKind, SectionPresenter, SectionView
from qisp_desktop.gui.secretariat.session import RoundSession


def _overview(session: RoundSession) -> SectionPresenter[Any]:
    from qisp_desktop.gui.secretariat.overview.presenter import OverviewPresenter

    return OverviewPresenter(session)


def _overview_view(shell: Shell, presenter: SectionPresenter[Any]) -> SectionView:
    from qisp_desktop.gui.secretariat.overview.view import OverviewView

    return OverviewView(shell, presenter)


OVERVIEW = "overview"
SECTIONS = (SectionKind(OVERVIEW, N_("Overview"), "round", _overview, _overview_view),)
