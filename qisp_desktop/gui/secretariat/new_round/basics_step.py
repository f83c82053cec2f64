"""The first step of a new round: its year, its name, whose it is."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.round import EARLIEST_YEAR, LATEST_YEAR
from qisp_desktop.gui import theme
from qisp_desktop.gui.secretariat.new_round.presenter import NewRoundPresenter
from qisp_desktop.gui.widgets.card import Card, label
from qisp_desktop.services.round_defaults import validity_warning

LONGEST, WIDEST = 200, 560


class BasicsStep(QWidget):
    """Year, name and office; the name is proposed from the year until it is written anew."""

    def __init__(self, presenter: NewRoundPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card(_("The round"))
        form = QFormLayout()
        form.setSpacing(12)
        self.year = QSpinBox()
        self.year.setRange(EARLIEST_YEAR, LATEST_YEAR)
        self.year.setFixedWidth(theme.current().px(110))
        self.year.setAccessibleName(_("Year"))
        self.name, self.office = QLineEdit(), QLineEdit()
        for line, text in ((self.name, _("Name of the round")), (self.office, _("Office"))):
            line.setMaxLength(LONGEST)
            line.setMaximumWidth(theme.current().px(WIDEST))
            line.setAccessibleName(text)
        self.warning = label("", "warn", wrap=True)
        form.addRow(_("Year"), self.year)
        form.addRow("", self.warning)
        form.addRow(_("Name of the round"), self.name)
        form.addRow("", label(_("Papers, letters and the summary workbook carry it."), "second"))
        form.addRow(_("Office"), self.office)
        form.addRow("", label(_("The bureau's full name; it heads every paper."), "second"))
        card.body.addLayout(form)
        column.addWidget(card)
        column.addStretch(1)
        self.refresh()
        self.year.valueChanged.connect(presenter.set_year)
        self.name.textEdited.connect(presenter.set_name)
        self.office.textEdited.connect(presenter.set_office)
        presenter.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show what the presenter holds; what is being typed stays as it is."""
        presenter = self._presenter
        self.year.setValue(presenter.year)
        for line, text in ((self.name, presenter.name), (self.office, presenter.office)):
            if line.text() != text:
                line.setText(text)
        warning = validity_warning(presenter.year)
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
