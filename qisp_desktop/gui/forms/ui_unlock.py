"""Compiled from ui/unlock.ui by build_spec/compile_forms.py: change the form, not this module."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.widgets.passphrase_edit import PassphraseEdit
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip


class Ui_Unlock:
    def setupUi(self, Unlock: QWidget) -> None:
        if not Unlock.objectName():
            Unlock.setObjectName("Unlock")
        self.column = QVBoxLayout(Unlock)
        self.column.setObjectName("column")
        self.above = QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
        self.column.addItem(self.above)
        self.middle = QHBoxLayout()
        self.middle.setObjectName("middle")
        self.before = QSpacerItem(0, 0, QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.middle.addItem(self.before)
        self.card = QFrame(Unlock)
        self.card.setObjectName("card")
        self.card.setMaximumSize(QSize(760, 16777215))
        self.card.setProperty("role", "card")
        self.cardColumn = QVBoxLayout(self.card)
        self.cardColumn.setSpacing(12)
        self.cardColumn.setObjectName("cardColumn")
        self.cardColumn.setContentsMargins(32, 32, 32, 24)
        self.headRow = QHBoxLayout()
        self.headRow.setSpacing(12)
        self.headRow.setObjectName("headRow")
        self.icon = QLabel(self.card)
        self.icon.setObjectName("icon")
        self.headRow.addWidget(self.icon)
        self.title = QLabel(self.card)
        self.title.setObjectName("title")
        self.title.setProperty("role", "title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.headRow.addWidget(self.title)
        self.headRow.setStretch(1, 1)
        self.cardColumn.addLayout(self.headRow)
        self.place = QLabel(self.card)
        self.place.setObjectName("place")
        self.place.setProperty("role", "second")
        self.place.setTextFormat(Qt.TextFormat.PlainText)
        self.cardColumn.addWidget(self.place)
        self.hint = QLabel(self.card)
        self.hint.setObjectName("hint")
        self.hint.setWordWrap(True)
        self.cardColumn.addWidget(self.hint)
        self.passphrase = PassphraseEdit(self.card)
        self.passphrase.setObjectName("passphrase")
        self.cardColumn.addWidget(self.passphrase)
        self.earlierHint = QLabel(self.card)
        self.earlierHint.setObjectName("earlierHint")
        self.earlierHint.setTextFormat(Qt.TextFormat.PlainText)
        self.earlierHint.setWordWrap(True)
        self.cardColumn.addWidget(self.earlierHint)
        self.earlier = PassphraseEdit(self.card)
        self.earlier.setObjectName("earlier")
        self.cardColumn.addWidget(self.earlier)
        self.leave = QCheckBox(self.card)
        self.leave.setObjectName("leave")
        self.cardColumn.addWidget(self.leave)
        self.wrong = QLabel(self.card)
        self.wrong.setObjectName("wrong")
        self.wrong.setProperty("role", "bad")
        self.wrong.setTextFormat(Qt.TextFormat.PlainText)
        self.wrong.setWordWrap(True)
        self.cardColumn.addWidget(self.wrong)
        self.hide = QCheckBox(self.card)
        self.hide.setObjectName("hide")
        self.cardColumn.addWidget(self.hide)
        self.progress = ProgressStrip(self.card)
        self.progress.setObjectName("progress")
        self.cardColumn.addWidget(self.progress)
        self.buttonRow = QHBoxLayout()
        self.buttonRow.setObjectName("buttonRow")
        self.left = QSpacerItem(0, 0, QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.buttonRow.addItem(self.left)
        self.unlock = QPushButton(self.card)
        self.unlock.setObjectName("unlock")
        self.unlock.setProperty("role", "primary")
        self.buttonRow.addWidget(self.unlock)
        self.buttonRow.setStretch(0, 1)
        self.cardColumn.addLayout(self.buttonRow)
        self.middle.addWidget(self.card)
        self.after = QSpacerItem(0, 0, QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.middle.addItem(self.after)
        self.middle.setStretch(0, 1)
        self.middle.setStretch(1, 100)
        self.middle.setStretch(2, 1)
        self.column.addLayout(self.middle)
        self.below = QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
        self.column.addItem(self.below)
        self.column.setStretch(0, 1)
        self.column.setStretch(2, 2)
        self.retranslateUi(Unlock)
        self.unlock.setDefault(True)

    def retranslateUi(self, Unlock: QWidget) -> None:
        self.hint.setText(_("Type or paste the passphrase from the sealed letter: 20 digits in 5 groups.", None))
        self.leave.setText(_("The earlier passphrase is lost: &leave the drafts behind", None))
        self.hide.setText(_("&Hide the digits", None))
        self.unlock.setText(_("&Unlock", None))
        pass
