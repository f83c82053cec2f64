"""The address of a round on a server, and the password for it, which nothing remembers."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.gui.widgets.card import label
from qisp_desktop.store.places import FILES, SCHEME, ServerPlace, parse_place

LONGEST = 1000
EXAMPLE = f"{SCHEME}://clerk@server/round2026?{FILES}=/share/round2026"


class ServerFields(QWidget):
    """Two lines; below them what is wrong with the address, once it is asked for."""

    changed = Signal()
    submitted = Signal()
    """Enter was pressed."""

    def __init__(self, address: str = "") -> None:
        super().__init__()
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(10)
        self.address, self.password = QLineEdit(address), QLineEdit()
        self.address.setPlaceholderText(EXAMPLE)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        for line, name in ((self.address, _("Server address")), (self.password, _("Password"))):
            line.setMaxLength(LONGEST)
            line.setAccessibleName(name)
            line.textEdited.connect(lambda _text: self._edited())
            line.returnPressed.connect(self.submitted)
            form.addRow(name, line)
        self.hint = label(_("Such as {example}").format(example=EXAMPLE), "second", wrap=True)
        form.insertRow(1, "", self.hint)
        self.problem = label("", "bad", wrap=True)
        self.problem.hide()
        form.addRow("", self.problem)
        self.setFocusProxy(self.address)

    def place(self, *, tell: bool) -> ServerPlace | None:
        """Where the round lies, with the password; None for what is no address, with ``tell`` saying why."""
        try:
            found = _server(self.address.text())
        except UserError as error:
            self.problem.setText(sentences(error.what, error.why, error.do))
            self.problem.setVisible(tell)
            return None
        self.problem.hide()
        return found.with_password(self.password.text() or found.password)

    def _edited(self) -> None:
        self.problem.hide()
        self.changed.emit()


def _server(text: str) -> ServerPlace:
    found = parse_place(text)
    if isinstance(found, ServerPlace):
        return found
    raise UserError(
        _("This is not the address of a round on a server."),
        "",
        _("Give an address such as {example}.").format(example=EXAMPLE),
    )
