"""Name, office, and what identifies the round."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import theme
from qisp_desktop.gui.secretariat.section import read_only_words
from qisp_desktop.gui.secretariat.settings.presenter import SettingsPresenter
from qisp_desktop.gui.widgets.card import Card, button, label

LONGEST, WIDEST = 200, 560


class BasicsPart(QWidget):
    """What papers carry, what the sheet in the safe is compared with, and what experts' photos keep."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._shown = ("", "")
        self.name: QLineEdit = QLineEdit()
        self.office: QLineEdit = QLineEdit()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._names())
        column.addWidget(self._identity())
        column.addWidget(self._photos())
        column.addStretch(1)

    def refresh(self) -> None:
        """Show the settings."""
        presenter, data = self._presenter, self._presenter.data
        if data is None:
            return
        value = data.round
        if not self._edited():
            self.name.setText(value.name)
            self.office.setText(value.office)
        self._shown = (value.name, value.office)
        self.year.setText(str(value.year))
        self.round_id.setText(value.id)
        self.fingerprint.setText(data.fingerprint)
        for line in (self.name, self.office):
            line.setReadOnly(bool(presenter.fixed))
            line.setToolTip(presenter.fixed)
        self.note.setText(presenter.fixed or _("Papers that are out already keep the old name."))
        self.photos.blockSignals(True)
        self.photos.setChecked(data.photo_positions)
        self.photos.blockSignals(False)
        self.photos.setEnabled(presenter.session.writable)
        self.photos.setToolTip("" if presenter.session.writable else read_only_words())
        self._enable()

    def _names(self) -> Card:
        card = Card(_("The round"))
        form = QFormLayout()
        form.setSpacing(10)
        for line, text in ((self.name, _("Name of the round")), (self.office, _("Office"))):
            line.setMaxLength(LONGEST)
            line.setMaximumWidth(theme.current().px(WIDEST))
            line.setAccessibleName(text)
            line.textEdited.connect(lambda _text: self._enable())
            line.returnPressed.connect(self._save)
            form.addRow(text, line)
        self.save = button(_("Save"), "primary")
        self.save.clicked.connect(self._save)
        row = QHBoxLayout()
        row.addWidget(self.save)
        self.note = label("", "second", wrap=True)
        row.addWidget(self.note, 1)
        form.addRow("", row)
        card.body.addLayout(form)
        return card

    def _identity(self) -> Card:
        card = Card(_("What identifies it"))
        form = QFormLayout()
        form.setSpacing(6)
        self.year, self.round_id, self.fingerprint = label(""), label(""), label("", wrap=True)
        for one in (self.year, self.round_id, self.fingerprint):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        form.addRow(_("Year"), self.year)
        form.addRow(_("Round id"), self.round_id)
        form.addRow(_("Fingerprint of the certificate"), self.fingerprint)
        card.body.addLayout(form)
        return card

    def _photos(self) -> Card:
        card = Card(_("Photos of site inspections"))
        self.photos = QCheckBox(_("Keep where a photo was taken (never on papers)"))
        self.photos.toggled.connect(self._presenter.set_photo_positions)
        card.body.addWidget(self.photos)
        card.body.addWidget(label(_("Holds for packages that are handed out from now on."), "second"))
        return card

    def _edited(self) -> bool:
        typed = (self.name.text(), self.office.text())
        return self._shown != ("", "") and typed != self._shown

    def _enable(self) -> None:
        self.save.setEnabled(self._edited() and not self._presenter.fixed)

    def _save(self) -> None:
        if self.save.isEnabled():
            self._shown = (self.name.text(), self.office.text())
            self._presenter.rename(*self._shown)
