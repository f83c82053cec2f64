"""Where a round stands: its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QLabel

from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.section import AnyPresenter, SectionView
from qisp_desktop.gui.widgets.card import Card, label

if TYPE_CHECKING:
    from qisp_desktop.services.rounds import RoundOverview


class OverviewView(SectionView):
    """The view of ``OverviewPresenter``."""

    def __init__(self, shell: Shell, presenter: AnyPresenter) -> None:
        super().__init__(shell, presenter, _("Overview"))
        self.presenter = presenter
        self.card: Card | None = None
        self.numbers: list[QLabel] = []
        self.body.addStretch(1)

    def refresh(self) -> None:
        """Show the numbers."""
        overview: RoundOverview | None = self.presenter.data
        if overview is None:
            return
        if self.card is not None:
            self.card.hide()
            self.card.deleteLater()
        self.card = self._numbers(overview)
        self.body.insertWidget(0, self.card)
        if overview.warning:
            self.banner.say("warn", overview.warning)

    def _numbers(self, overview: RoundOverview) -> Card:
        card = Card(_("Where the round stands"))
        about = _("{year} · {office} · scoring standard: {rubric}").format(
            year=overview.round.year, office=overview.round.office, rubric=overview.rubric_name
        )
        card.body.addWidget(label(about, "second", wrap=True))
        if overview.frozen:
            card.corner.addWidget(label(_("The result is frozen"), "good"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        texts = (
            (_("Applications"), str(overview.applications)),
            (_("Materials"), str(overview.materials)),
            (_("Experts"), str(overview.experts)),
            (_("Assignments"), str(overview.assignments)),
            (_("Packages issued"), f"{overview.issued} / {overview.experts}"),
            (_("Experts returned"), f"{overview.returned} / {overview.issued}"),
            (_("Score sheets"), f"{overview.sheets}"),
        )
        self.numbers = []
        for place, (name, value) in enumerate(texts):
            number, caption = label(value, "number"), label(name, "second")
            number.setAccessibleName(labelled(name, value))
            self.numbers.append(number)
            grid.addWidget(number, 0, place)
            grid.addWidget(caption, 1, place)
            grid.setColumnStretch(place, 1)
        card.body.addLayout(grid)
        return card
