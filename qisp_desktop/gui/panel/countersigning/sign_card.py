"""Where the leader signs: what was drawn, the folder for the signed papers, what shows that it is the leader."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui import theme
from qisp_desktop.gui.panel.countersigning.presenter import CountersigningPresenter
from qisp_desktop.gui.panel.signing.presenter import Proof
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.passphrase_edit import PassphraseEdit
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip
from qisp_desktop.gui.widgets.signature_pad import RATIO, SignatureField

PAD_WIDTH = 264


class SignCard(Card):
    """The view of the presenter's run: fields, what is still wanted, the button, progress."""

    def __init__(self, presenter: CountersigningPresenter, settings: Settings) -> None:
        super().__init__()
        self._presenter = presenter
        self._settings = settings
        self.draw = button(_("Draw a signature"), "link")
        self.draw.setCheckable(True)
        self.pad = SignatureField()
        self.pad.pad.setFixedSize(theme.current().px(PAD_WIDTH), theme.current().px(PAD_WIDTH) // RATIO)
        self.folder = QLineEdit()
        self.choose = button(_("Choose…"))
        self.proof = label("", "second")
        self.passphrase = PassphraseEdit()
        self.own = QWidget()
        self.certificate, self.secret = QLineEdit(), QLineEdit()
        self.choose_certificate = button(_("Choose…"))
        self.wrong = label("", "bad", wrap=True)
        self.hindrance = label("", "second", wrap=True)
        self.sign = button("", "primary")
        self.progress = ProgressStrip()
        self._lay_out()
        self._name()
        self._fill()
        self._wire()
        self.check()

    def check(self) -> None:
        """Say what has to be done before signing can begin."""
        presenter = self._presenter
        count = len(presenter.list.chosen)
        text = ngettext("Countersign {count} paper", "Countersign {count} papers", count)
        self.sign.setText(text.format(count=count) if count else _("Countersign"))
        hindrance = "" if presenter.busy == "signing" else self._hindrance(count)
        self.hindrance.setText(hindrance)
        self.sign.setEnabled(not hindrance and not presenter.busy)

    def show_busy(self) -> None:
        """While it signs, nothing is changed here."""
        signing = self._presenter.busy == "signing"
        for part in (self.draw, self.pad, self.folder, self.choose, self.passphrase, self.own):
            part.setEnabled(not signing)
        if signing:
            self.progress.begin(_("Checking the passphrase"), self._presenter.cancel)
        else:
            self.progress.end()
        self.check()

    def show_unproven(self, error: UserError) -> None:
        """Say that it was not the leader's passphrase, or not the certificate."""
        self.wrong.setText(sentences(error.what, error.why, error.do))
        self.wrong.show()
        if self._presenter.own_certificate:
            self.secret.setFocus()
        else:
            self.passphrase.set_wrong(True)
            self.passphrase.groups[0].setFocus()
            self.passphrase.groups[0].selectAll()

    def forget(self) -> None:
        """Forget what was typed to prove who it is."""
        self.passphrase.set_text("")
        self.secret.clear()

    def start(self) -> None:
        """Sign, as soon as nothing is in the way."""
        self.check()
        if not self.sign.isEnabled():
            return
        self._settings.countersigned_folder = self.folder.text().strip()
        self.wrong.hide()
        proof = Proof(self.passphrase.text())
        if self._presenter.own_certificate:
            proof = Proof(self.secret.text(), Path(self.certificate.text().strip()))
        self._presenter.sign(proof, Path(self.folder.text().strip()))

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab stops, in order."""
        proof = [self.passphrase, self.certificate, self.choose_certificate, self.secret]
        return [self.folder, self.choose, self.pad, self.draw, *proof, self.sign, self.progress.cancel]

    # ----------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        folder = QHBoxLayout()
        folder.addWidget(self.folder, 1)
        folder.addWidget(self.choose)
        titles = QHBoxLayout()
        titles.addWidget(self.proof, 1)
        titles.addWidget(self.draw)
        grid = QGridLayout(self.own)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(self.certificate, 0, 0)
        grid.addWidget(self.choose_certificate, 0, 1)
        grid.addWidget(self.secret, 1, 0, 1, 2)
        last = QHBoxLayout()
        last.addWidget(self.hindrance, 1)
        last.addWidget(self.sign)
        self.body.addLayout(folder)
        self.body.addWidget(self.pad)
        self.body.addLayout(titles)
        for part in (self.passphrase, self.own, self.wrong):
            self.body.addWidget(part)
        self.body.addLayout(last)
        self.body.addWidget(self.progress)

    def _name(self) -> None:
        self.folder.setPlaceholderText(_("Folder for the countersigned papers"))
        self.folder.setAccessibleName(_("Folder for the countersigned papers"))
        self.folder.setAcceptDrops(False)  # papers that are dropped are for the list
        self.choose.setAccessibleName(_("Choose the folder for the countersigned papers"))
        self.certificate.setPlaceholderText(_("Certificate file (.p12, .pfx)"))
        self.certificate.setAccessibleName(_("Certificate file"))
        self.choose_certificate.setAccessibleName(_("Choose the certificate file"))
        self.secret.setPlaceholderText(_("Passphrase of the certificate"))
        self.secret.setAccessibleName(_("Passphrase of the certificate"))
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.draw.setToolTip(_("Where none is drawn, your name stands there in print"))
        self.sign.setToolTip(_("Countersign what is checked (Ctrl+Enter)"))

    def _fill(self) -> None:
        presenter = self._presenter
        self.pad.set_title(_("Your signature"))
        self.pad.show_drawing(presenter.drawing)
        self.draw.setChecked(presenter.drawing is not None)
        self._show_pad(presenter.drawing is not None)
        self.folder.setText(presenter.folder or self._settings.countersigned_folder)
        own = _("Your package is signed with your own certificate.")
        self.proof.setText(own if presenter.own_certificate else _("Your passphrase once more"))
        self.proof.setBuddy(self.certificate if presenter.own_certificate else self.passphrase)
        self.own.setVisible(presenter.own_certificate)
        self.passphrase.setVisible(not presenter.own_certificate)
        self.passphrase.set_hidden(self._settings.hide_passphrase)
        self.wrong.hide()

    def _wire(self) -> None:
        self.draw.toggled.connect(self._show_pad)
        self.pad.changed.connect(self._draw)
        self.folder.textChanged.connect(self._type_folder)
        self.choose.clicked.connect(self._choose_folder)
        self.choose_certificate.clicked.connect(self._choose_certificate)
        for line in (self.certificate, self.secret):
            line.textChanged.connect(self._type_proof)
            line.returnPressed.connect(self.start)
        self.folder.returnPressed.connect(self.start)
        self.passphrase.changed.connect(self._type_proof)
        self.passphrase.submitted.connect(self.start)
        self.sign.clicked.connect(self.start)

    def _hindrance(self, count: int) -> str:
        presenter = self._presenter
        folder = self.folder.text().strip()
        if not presenter.list.papers:
            return _("Add the papers first.")
        if not count:
            return _("Nothing is checked that can be signed.")
        if not folder:
            return _("Choose a folder for the countersigned papers.")
        if any(paper.path.parent == Path(folder) for paper in presenter.list.chosen):
            return _("Choose another folder than that of the papers: these stay as they are.")
        if presenter.own_certificate:
            given = self.certificate.text().strip() and self.secret.text()
            return "" if given else _("Choose your certificate and type its passphrase.")
        return "" if self.passphrase.complete else _("Type your passphrase.")

    def _show_pad(self, on: bool) -> None:
        self.pad.setVisible(on)
        self.draw.setText(_("Sign without a drawing") if on else _("Draw a signature"))
        if on:
            self.pad.setFocus()
        else:
            self.pad.show_drawing(None)
            self._draw()

    def _draw(self) -> None:
        self._presenter.drawing = self.pad.drawing

    def _type_folder(self, text: str) -> None:
        self._presenter.folder = text
        self.check()

    def _type_proof(self) -> None:
        self.wrong.hide()
        self.check()

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, _("Where to put the countersigned papers"), self.folder.text())
        if name:
            self.folder.setText(name)

    def _choose_certificate(self) -> None:
        pattern = _("Certificates (*.p12 *.pfx)")
        name, _filter = QFileDialog.getOpenFileName(self, _("Your certificate"), "", pattern)
        if name:
            self.certificate.setText(name)
