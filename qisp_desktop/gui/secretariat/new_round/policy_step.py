"""The rule of a new round."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from qisp_desktop.gui.secretariat.new_round.presenter import NewRoundPresenter
from qisp_desktop.gui.secretariat.policy_form import PolicyForm


class PolicyStep(QWidget):
    """The form of the rule, for the scoring standard that is chosen."""

    def __init__(self, presenter: NewRoundPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.form = PolicyForm()
        column.addWidget(self.form, 1)
        self._shown = ""
        self.form.changed.connect(lambda: presenter.set_policy(self.form.policy()))
        presenter.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the rule anew when it is for another scoring standard."""
        presenter = self._presenter
        if presenter.rubric is not None and presenter.policy is not None and presenter.rubric.digest != self._shown:
            self._shown = presenter.rubric.digest
            self.form.show_policy(presenter.policy, presenter.rubric)
