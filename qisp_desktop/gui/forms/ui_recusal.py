"""Compiled from ui/recusal.ui by build_spec/compile_forms.py: change the form, not this module."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from qisp_desktop.base.i18n import _


class Ui_Recusal:
    def setupUi(self, Recusal: QWidget) -> None:
        if not Recusal.objectName():
            Recusal.setObjectName("Recusal")
        self.column = QVBoxLayout(Recusal)
        self.column.setSpacing(12)
        self.column.setObjectName("column")
        self.column.setContentsMargins(0, 0, 0, 0)
        self.title = QLabel(Recusal)
        self.title.setObjectName("title")
        self.title.setProperty("role", "heading")
        self.column.addWidget(self.title)
        self.hint = QLabel(Recusal)
        self.hint.setObjectName("hint")
        self.hint.setProperty("role", "second")
        self.hint.setWordWrap(True)
        self.column.addWidget(self.hint)
        self.groundLabel = QLabel(Recusal)
        self.groundLabel.setObjectName("groundLabel")
        self.column.addWidget(self.groundLabel)
        self.ground = QComboBox(Recusal)
        self.ground.setObjectName("ground")
        self.column.addWidget(self.ground)
        self.reasonLabel = QLabel(Recusal)
        self.reasonLabel.setObjectName("reasonLabel")
        self.column.addWidget(self.reasonLabel)
        self.reason = QPlainTextEdit(Recusal)
        self.reason.setObjectName("reason")
        self.reason.setTabChangesFocus(True)
        self.reason.setMinimumSize(QSize(0, 56))
        self.reason.setMaximumSize(QSize(16777215, 72))
        self.column.addWidget(self.reason)
        self.wrong = QLabel(Recusal)
        self.wrong.setObjectName("wrong")
        self.wrong.setProperty("role", "warn")
        self.wrong.setWordWrap(True)
        self.column.addWidget(self.wrong)
        self.buttonRow = QHBoxLayout()
        self.buttonRow.setObjectName("buttonRow")
        self.left = QSpacerItem(0, 0, QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.buttonRow.addItem(self.left)
        self.cancel = QPushButton(Recusal)
        self.cancel.setObjectName("cancel")
        self.cancel.setAutoDefault(False)
        self.buttonRow.addWidget(self.cancel)
        self.recuse = QPushButton(Recusal)
        self.recuse.setObjectName("recuse")
        self.recuse.setProperty("role", "primary")
        self.recuse.setAutoDefault(False)
        self.buttonRow.addWidget(self.recuse)
        self.column.addLayout(self.buttonRow)
        self.groundLabel.setBuddy(self.ground)
        self.reasonLabel.setBuddy(self.reason)
        self.retranslateUi(Recusal)

    def retranslateUi(self, Recusal: QWidget) -> None:
        self.title.setText(_("Step back from this application", None))
        self.hint.setText(
            _("Its materials close and your sheet becomes void. Until you sign, this can be undone (Ctrl+Z).", None)
        )
        self.groundLabel.setText(_("&Ground", None))
        self.reasonLabel.setText(_("The interest, in a &sentence", None))
        self.wrong.setText(_("Say in a sentence what the interest is.", None))
        self.cancel.setText(_("Cancel", None))
        self.recuse.setText(_("Step back", None))
        pass
