"""Where the round file of a new round lies, and all that was decided once more before it is made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import _
from qisp_desktop.gui.opening import ROUND
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.new_round.presenter import NewRoundPresenter
from qisp_desktop.gui.start.server_fields import ServerFields
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.segments import Choice, Segments


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
        self.kind = Segments([Choice("file", _("In a file")), Choice("server", _("On a server"))])
        self.kind.name(_("Where the round is kept"))
        self.kind.picked.connect(self._pick)
        card.body.addWidget(self.kind)
        card.body.addWidget(self._file())
        card.body.addWidget(self._server())
        column.addWidget(card)
        column.addWidget(self._summary())
        column.addStretch(1)
        on_server = presenter.place is not None and not isinstance(presenter.place, Path)
        self.kind.show_key("server" if on_server else "file")
        self._show_kind()
        presenter.changed.connect(self.refresh)
        self.refresh()

    def _file(self) -> QWidget:
        self.file = QWidget()
        column = QVBoxLayout(self.file)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        self.path = QLineEdit()
        self.path.setReadOnly(True)
        self.path.setPlaceholderText(_("No place is chosen yet"))
        self.path.setAccessibleName(_("Round file"))
        self.choose = button(_("Choose…"), "", "folder")
        self.choose.clicked.connect(self._choose)
        row.addWidget(self.path, 1)
        row.addWidget(self.choose)
        column.addLayout(row)
        words = _(
            "The materials and backups are kept in folders beside the file. On a shared folder one clerk works in it "
            "at a time; others can read meanwhile."
        )
        column.addWidget(label(words, "second", wrap=True))
        return self.file

    def _server(self) -> QWidget:
        self.server = QWidget()
        column = QVBoxLayout(self.server)
        column.setContentsMargins(0, 0, 0, 0)
        words = _(
            "An empty PostgreSQL database, which several clerks can work on at once. The address names the shared "
            "folder of the materials too. The password is not remembered."
        )
        column.addWidget(label(words, "second", wrap=True))
        self.fields = ServerFields()
        self.fields.changed.connect(lambda: self._presenter.set_server(self.fields.place(tell=False)))
        column.addWidget(self.fields)
        return self.server

    def _summary(self) -> Card:
        self.summary = Card(_("What will be made"))
        form = QFormLayout()
        form.setSpacing(8)
        self._lines = {name: label("", wrap=True) for name in ("round", "rubric", "policy")}
        form.addRow(_("Round"), self._lines["round"])
        form.addRow(_("Scoring standard"), self._lines["rubric"])
        form.addRow(_("The rule"), self._lines["policy"])
        self.summary.body.addLayout(form)
        return self.summary

    def refresh(self) -> None:
        """Show what the presenter holds."""
        presenter = self._presenter
        self.path.setText(str(presenter.place) if isinstance(presenter.place, Path) else "")
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

    def _pick(self, key: str) -> None:
        self._show_kind()
        if key == "server":
            self._presenter.set_server(self.fields.place(tell=False))
            self.fields.setFocus()
        elif not isinstance(self._presenter.place, Path):
            self._presenter.set_server(None)

    def _show_kind(self) -> None:
        self.file.setVisible(self.kind.key == "file")
        self.server.setVisible(self.kind.key == "server")

    def _choose(self) -> None:
        settings, presenter = self._shell.settings, self._presenter
        held = presenter.place
        proposed = (
            held if isinstance(held, Path) else Path(settings.last_folder or Path.home()) / presenter.proposed_file
        )
        kinds = f"{_(ROUND.name)} (*{ROUND.suffix})"
        # What is there already is never overwritten, so there is nothing to ask about.
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Where the round is kept"), str(proposed), kinds,
            options=QFileDialog.Option.DontConfirmOverwrite,
        )  # fmt: skip
        if chosen:
            settings.last_folder = str(Path(chosen).parent)
            presenter.set_place(Path(chosen))
