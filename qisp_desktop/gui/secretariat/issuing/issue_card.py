"""Where packages and letters go, and the question before somebody is issued to again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy

from qisp_desktop.base.i18n import _, labelled, ngettext
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.issuing.presenter import Folders, IssuingPresenter
from qisp_desktop.gui.widgets.card import Card, button, label

MOST_NAMED = 8


class FoldersCard(Card):
    """Two folders that are remembered; packages on a stick, letters by another way."""

    changed = Signal()

    def __init__(self, shell: Shell, presenter: IssuingPresenter) -> None:
        super().__init__()
        self._settings, self._tasks = shell.settings, shell.tasks
        self.packages, self.letters = (
            QLineEdit(self._settings.packages_folder),
            QLineEdit(self._settings.letters_folder),
        )
        self.warning = label("", "warn", wrap=True)
        self.plain = QCheckBox(_("Also write the passphrases as plain text (for trials only)"))
        self.plain.setChecked(presenter.plain_letters)
        self.plain.toggled.connect(lambda on: setattr(presenter, "plain_letters", on))
        self.plain.toggled.connect(lambda _on: self._check())
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for row, (text, hint, field) in enumerate(
            (
                (_("Packages to"), _("a stick, say"), self.packages),
                (_("Letters to"), _("to be printed; never on the same stick"), self.letters),
            )
        ):
            field.setPlaceholderText(hint)
            field.setAccessibleName(text)
            field.textChanged.connect(self._edited)
            choose = button(_("Choose…"))
            choose.setAccessibleName(labelled(text, _("Choose…")))
            choose.clicked.connect(lambda _on=False, field=field: self._choose(field))
            name = label(text)
            name.setBuddy(field)
            grid.addWidget(name, row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(choose, row, 2)
        self.body.addLayout(grid)
        self.body.addWidget(self.plain)
        self.body.addWidget(self.warning)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._check()

    @property
    def folders(self) -> Folders | None:
        """The two folders; None while one is missing."""
        packages, letters = self.packages.text().strip(), self.letters.text().strip()
        if not packages or not letters:
            return None
        return Folders(Path(packages).expanduser(), Path(letters).expanduser())

    def _choose(self, field: QLineEdit) -> None:
        start = field.text() or self._settings.export_folder or self._settings.last_folder
        chosen = QFileDialog.getExistingDirectory(self, field.accessibleName(), start)
        if chosen:
            field.setText(chosen)

    def _edited(self) -> None:
        self._settings.packages_folder = self.packages.text().strip()
        self._settings.letters_folder = self.letters.text().strip()
        self._check()
        self.changed.emit()

    def _check(self) -> None:
        folders = self.folders
        if folders is None:
            self._warn(folders, "")
            return

        def look(_job: object) -> str:
            from qisp_desktop.services.issuing_view import apart

            return apart(*folders)

        self._tasks.run(self, look, lambda text: self._warn(folders, text), store=False)

    def _warn(self, folders: Folders | None, together: str) -> None:
        if folders != self.folders:
            return  # typed on meanwhile
        warnings = [together]
        if self.plain.isChecked():
            warnings.append(_("Plain passphrases are for trials: whoever reads the file opens the package."))
        text = "\n".join(filter(None, warnings))
        self.warning.setText(text)
        self.warning.setVisible(bool(text))


class AgainCard(Card):
    """Asks why somebody is issued to again, and says what that does to the package in hand."""

    confirmed = Signal(object, str)
    """The experts' ids, and the reason."""

    def __init__(self) -> None:
        super().__init__(_("Issue again"))
        self._experts: tuple[str, ...] = ()
        self.effect = label("", wrap=True)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("Reason, such as: the letter was lost"))
        self.reason.setAccessibleName(_("Reason for issuing again"))
        self.confirm, self.leave = button(_("Issue again"), "primary"), button(_("Cancel"))
        self.body.addWidget(self.effect)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.reason, 1)
        row.addWidget(self.leave)
        row.addWidget(self.confirm)
        self.body.addLayout(row)
        self.reason.textChanged.connect(lambda text: self.confirm.setEnabled(bool(text.strip())))
        self.reason.returnPressed.connect(self._confirm)
        self.confirm.clicked.connect(self._confirm)
        self.leave.clicked.connect(self.hide)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def ask(self, experts: tuple[str, ...], voided: tuple[str, ...], reason: str) -> None:
        """Ask before ``experts`` are issued to again, which voids ``voided``; ``reason`` is proposed."""
        self._experts = experts
        names = _(", ").join(voided[:MOST_NAMED])
        if len(voided) > MOST_NAMED:
            names = _("{shown} and {count} more").format(shown=names, count=len(voided) - MOST_NAMED)
        text = ngettext(
            "{names} becomes void: what is returned with it is no longer accepted. What came back already stays. "
            "Where the old package was open on the same computer, its drafts are carried over.",
            "{names} become void: what is returned with them is no longer accepted. What came back already stays. "
            "Where the old packages were open on the same computer, their drafts are carried over.",
            len(voided),
        )
        self.effect.setText(text.format(names=names))
        self.reason.setText(reason)
        self.confirm.setEnabled(bool(reason.strip()))
        self.show()
        self.reason.setFocus()

    def _confirm(self) -> None:
        if self.reason.text().strip():
            self.hide()
            self.confirmed.emit(self._experts, self.reason.text())
