"""Where the round file of a new round lies, and all that was decided once more before it is made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import _
from qisp_desktop.gui.opening import ROUND
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.new_round.presenter import NewRoundPresenter
from qisp_desktop.gui.widgets.card import Card, button, label


class PlaceStep(QWidget):
    """The file, and a summary."""

    def __init__(self, shell: Shell, presenter: NewRoundPresenter) -> None:
        super().__init__()
        self._shell = shell
        self._presenter = presenter
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        card = Card(_("Where the round is kept"))
        row = QHBoxLayout()
        self.path = QLineEdit()
        self.path.setReadOnly(True)
        self.path.setPlaceholderText(_("No place is chosen yet"))
        self.path.setAccessibleName(_("Round file"))
        self.choose = button(_("Choose…"), "", "folder")
        self.choose.clicked.connect(self._choose)
        row.addWidget(self.path, 1)
        row.addWidget(self.choose)
        card.body.addLayout(row)
        words = _(
            "The materials and backups are kept in folders beside the file. On a shared folder one clerk works in it "
            "at a time; others can read meanwhile."
        )
        card.body.addWidget(label(words, "second", wrap=True))
        column.addWidget(card)
        self.summary = Card(_("What will be made"))
        form = QFormLayout()
        form.setSpacing(8)
        self._lines = {name: label("", wrap=True) for name in ("round", "rubric", "policy")}
        form.addRow(_("Round"), self._lines["round"])
        form.addRow(_("Scoring standard"), self._lines["rubric"])
        form.addRow(_("The rule"), self._lines["policy"])
        self.summary.body.addLayout(form)
        column.addWidget(self.summary)
        column.addStretch(1)
        presenter.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what the presenter holds."""
        presenter = self._presenter
        self.path.setText("" if presenter.place is None else str(presenter.place))
        self._lines["round"].setText(
            _("{year} · {name} · {office}").format(year=presenter.year, name=presenter.name, office=presenter.office)
        )
        rubric, policy = presenter.rubric, presenter.policy
        if rubric is not None:
            text = _("{name}: {points} points").format(name=rubric.name, points=decimal_text(rubric.maximum))
            self._lines["rubric"].setText(text)
        if policy is not None:
            text = _("{method}, pass score {points}, {days}").format(
                method=policy.aggregate.label, points=decimal_text(policy.pass_score), days=policy.days.label
            )
            self._lines["policy"].setText(text)

    def _choose(self) -> None:
        settings, presenter = self._shell.settings, self._presenter
        proposed = presenter.place or Path(settings.last_folder or Path.home()) / presenter.proposed_file
        kinds = f"{_(ROUND.name)} (*{ROUND.suffix})"
        # What is there already is never overwritten, so there is nothing to ask about.
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Where the round is kept"), str(proposed), kinds,
            options=QFileDialog.Option.DontConfirmOverwrite,
        )  # fmt: skip
        if chosen:
            settings.last_folder = str(Path(chosen).parent)
            presenter.set_place(Path(chosen))
