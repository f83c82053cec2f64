"""Signing in the desk: on the left, from top to bottom, what is missing, signature, folder, passphrase; on the right
the sheets as they will be printed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui import theme
from qisp_desktop.gui.forms.ui_sign import Ui_Sign
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.panel.signing.gaps import Gap
from qisp_desktop.gui.panel.signing.paper_preview import PaperPreview
from qisp_desktop.gui.panel.signing.presenter import Order, Proof, SigningPresenter
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.banner import Banner
from qisp_desktop.gui.widgets.card import button, label

LEFT_WIDTH = 500
PAPER_WIDTH = 300
"""Pixels at 100 % below which a paper cannot be read."""
LOWEST_STEPS = 120
GUTTER = 8
"""Pixels between the cards and their scroll bar, as in the form."""
MOST_GAPS = 8
"""Missing things that are listed; the others are counted."""


class _Steps(QScrollArea):
    """The steps before signing: as high as they are, lower where the window is, and then they scroll."""

    def sizeHint(self) -> QSize:
        """What the steps ask for."""
        return self.widget().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """A few lines, so that signing stays in sight."""
        return QSize(super().minimumSizeHint().width(), LOWEST_STEPS)


class SigningView(QWidget):
    """The view of ``SigningPresenter``."""

    def __init__(self, shell: Shell, desk: DeskPresenter, back: Callable[[], None]) -> None:
        super().__init__()
        self._shell = shell
        self._back = back
        self.presenter = SigningPresenter.of(desk, shell.tasks)
        self.banner = Banner()
        self.paper = PaperPreview()
        form = QWidget()
        form.setProperty(*role("page"))
        self.ui = Ui_Sign()
        self.ui.setupUi(form)
        self.links: list[QPushButton] = []
        self._number = ""
        self._lay_out(form)
        self._fill()
        self._wire()
        self.refresh()
        if self.presenter.busy:
            self._show_busy()

    def refresh(self) -> None:
        """Show what can be signed now, and what was done."""
        self._show_gaps(self.presenter.gaps)
        self._show_report()
        self._offer_papers()
        self._check()
        self._area.updateGeometry()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keys on; as a focus proxy, Tab would come here first and leave out what is missing."""
        (self.ui.onPaper if self.presenter.on_paper else self.ui.draw).setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back; what was entered here stays."""
        if event.key() == Qt.Key.Key_Escape:
            self._back()
        else:
            super().keyPressEvent(event)

    # ----------------------------------------------------------------------------------------------------------------

    def _lay_out(self, form: QWidget) -> None:
        head = QHBoxLayout()
        back = button(_("Back to scoring"), "quiet", "back")
        back.clicked.connect(lambda: self._back())
        head.addWidget(back)
        self._first = back
        head.addWidget(label(_("Sign and export"), "heading"), 1)
        self.look = button(_("As it will be printed"))
        self.look.setCheckable(True)
        self.look.toggled.connect(self._arrange)
        head.addWidget(self.look)
        area = _Steps()
        area.setWidgetResizable(True)
        area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(form)
        area.setMinimumWidth(max(LEFT_WIDTH, form.minimumSizeHint().width() + 24))
        self._area = area
        # Signing stays in sight on low screens, the steps before it scroll.
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(12)
        left.addWidget(area)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, GUTTER, 0)
        foot.addWidget(self.ui.signCard)
        left.addLayout(foot)
        left.addStretch()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._left, 2)
        row.addWidget(self.paper, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addLayout(row, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The papers stand beside the steps where there is room for both, else in their place when asked for."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < self._area.minimumWidth() + theme.current().px(PAPER_WIDTH)
        self.look.setVisible(narrow)
        self.paper.setVisible(not narrow or self.look.isChecked())
        self._left.setVisible(not narrow or not self.look.isChecked())

    def _fill(self) -> None:
        ui, presenter = self.ui, self.presenter
        ui.pad.set_title(presenter.desk.expert.name)
        ui.pad.show_drawing(presenter.drawing)
        (ui.onPaper if presenter.on_paper else ui.draw).setChecked(True)
        ui.pad.setVisible(not presenter.on_paper)
        ui.partial.setChecked(presenter.partial)
        ui.folder.setText(self._shell.settings.export_folder)
        ui.ownCertificate.setVisible(presenter.own_certificate)
        ui.passphrase.setVisible(not presenter.own_certificate)
        if presenter.own_certificate:
            ui.signTitle.setText(_("4  Your certificate"))
        ui.passphrase.set_hidden(self._shell.settings.hide_passphrase)
        ui.wrong.hide()

    def _wire(self) -> None:
        ui, presenter = self.ui, self.presenter
        ui.partial.toggled.connect(self._set_partial)
        ui.onPaper.toggled.connect(self._set_on_paper)
        ui.pad.changed.connect(self._draw)
        ui.folder.textChanged.connect(lambda _text: self._check())
        ui.choose.clicked.connect(self._choose_folder)
        ui.chooseCertificate.clicked.connect(self._choose_certificate)
        for line in (ui.certificate, ui.certificatePassphrase):
            line.textChanged.connect(lambda _text: ui.wrong.hide())
            line.textChanged.connect(lambda _text: self._check())
        ui.passphrase.changed.connect(ui.wrong.hide)
        ui.passphrase.changed.connect(self._check)
        ui.passphrase.submitted.connect(ui.sign.click)
        ui.sign.clicked.connect(self._sign)
        ui.openFolder.clicked.connect(self._open_folder)
        self.paper.wanted.connect(self._show_paper)
        presenter.changed.connect(self.refresh)
        presenter.previewed.connect(self._paper_there)
        presenter.preview_failed.connect(self._paper_failed)
        presenter.busy_changed.connect(self._show_busy)
        presenter.progressed.connect(ui.progress.advance)
        presenter.unproven.connect(self._show_unproven)
        presenter.failed.connect(self._show_failure)

    # 1 What is missing ----------------------------------------------------------------------------------------------

    def _show_gaps(self, found: list[Gap]) -> None:
        for link in self.links:
            self.ui.gaps.removeWidget(link)
            link.hide()
            link.deleteLater()
        self.links = [self._link(gap) for gap in found[:MOST_GAPS]]
        for link in self.links:
            self.ui.gaps.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        for before, after in itertools.pairwise((self._first, *self.links, self.ui.partial)):
            QWidget.setTabOrder(before, after)
        self.ui.partial.setVisible(bool(found))
        self.ui.standing.setText(self._standing(found))

    def _standing(self, found: list[Gap]) -> str:
        presenter = self.presenter
        sheets, visits, recusals = len(presenter.complete), len(presenter.visits), len(presenter.recusals)
        parts = (
            (sheets, ngettext("{count} sheet is to be signed.", "{count} sheets are to be signed.", sheets)),
            (visits, ngettext("{count} site inspection goes with it.", "{count} site inspections go with it.", visits)),
            (recusals, ngettext("{count} recusal is handed in.", "{count} recusals are handed in.", recusals)),
        )
        counted = [part.format(count=count) for count, part in parts if count]
        if not counted:
            new = _("Nothing new is to be signed; exporting again writes the same files.")
            counted = [new if presenter.anything else _("There is nothing to sign yet.")]
        if found:
            more = len(found) - MOST_GAPS
            told = ngettext("{count} thing is missing:", "{count} things are missing:", len(found))
            counted.append(told.format(count=len(found)))
            if more > 0:
                counted.append(_("(the first {count} are listed)").format(count=MOST_GAPS))
        return sentences(*counted)

    def _link(self, gap: Gap) -> QPushButton:
        made = button(gap.text, "link")
        made.setToolTip(_("Go there"))
        made.clicked.connect(lambda: self.presenter.go_to(gap))
        return made

    def _set_partial(self, on: bool) -> None:
        self.presenter.partial = on
        self._check()

    # 2 Signature ----------------------------------------------------------------------------------------------------

    def _set_on_paper(self, on: bool) -> None:
        self.presenter.on_paper = on
        self.ui.pad.setVisible(not on)
        self._area.updateGeometry()
        self._check()

    def _draw(self) -> None:
        self.presenter.drawing = self.ui.pad.drawing
        self._check()

    # 3 Folder -------------------------------------------------------------------------------------------------------

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, _("Where to put the files"), self.ui.folder.text())
        if name:
            self.ui.folder.setText(name)

    # 4 Sign ---------------------------------------------------------------------------------------------------------

    def _choose_certificate(self) -> None:
        pattern = _("Certificates (*.p12 *.pfx)")
        name, _filter = QFileDialog.getOpenFileName(self, _("Your certificate"), "", pattern)
        if name:
            self.ui.certificate.setText(name)

    def _hindrance(self) -> str:
        """What has to be done before signing can begin; empty when nothing."""
        ui, presenter = self.ui, self.presenter
        if not presenter.anything:
            return _("There is nothing to sign yet.")
        if presenter.gaps and not presenter.partial:
            return _("Something is missing: complete it, or choose to hand in only what is complete.")
        if presenter.complete and not presenter.on_paper and presenter.drawing is None:
            return _("Draw your signature, or choose to sign on paper.")
        if not ui.folder.text().strip():
            return _("Choose where to put the files.")
        if presenter.own_certificate:
            given = ui.certificate.text().strip() and ui.certificatePassphrase.text()
            return "" if given else _("Choose your certificate and type its passphrase.")
        return "" if ui.passphrase.complete else _("Type your passphrase.")

    def _check(self) -> None:
        hindrance = self._hindrance()
        self.ui.hindrance.setText(hindrance)
        self.ui.sign.setEnabled(not hindrance and not self.presenter.busy)

    def _sign(self) -> None:
        ui, presenter = self.ui, self.presenter
        folder = Path(ui.folder.text().strip())
        self._shell.settings.export_folder = str(folder)
        self.banner.put_away()
        proof = Proof(ui.passphrase.text())
        if presenter.own_certificate:
            proof = Proof(ui.certificatePassphrase.text(), Path(ui.certificate.text().strip()))
        drawing = None if presenter.on_paper else presenter.drawing
        presenter.sign(proof, Order(folder, drawing, presenter.partial))

    def _show_busy(self) -> None:
        busy = self.presenter.busy
        for card in (self.ui.missingCard, self.ui.signatureCard, self.ui.folderCard, self.ui.passphrase):
            card.setEnabled(not busy)
        self.ui.ownCertificate.setEnabled(not busy)
        if busy:
            self.ui.progress.begin(_("Checking the passphrase"), self.presenter.cancel)
            self.ui.doneCard.hide()
        else:
            self.ui.progress.end()
        self._check()
        if busy:
            self.ui.hindrance.clear()

    def _show_unproven(self, error: UserError) -> None:
        self.ui.wrong.setText(sentences(error.what, error.why, error.do))
        self.ui.wrong.show()
        if not self.presenter.own_certificate:
            self.ui.passphrase.set_wrong(True)
            self.ui.passphrase.groups[0].setFocus()
            self.ui.passphrase.groups[0].selectAll()

    def _show_failure(self, error: UserError) -> None:
        self.banner.show_error(error)

    # What was done --------------------------------------------------------------------------------------------------

    def _show_report(self) -> None:
        report = self.presenter.report
        self.ui.doneCard.setVisible(report is not None)
        if report is None:
            return
        self.ui.passphrase.set_text("")
        self.ui.certificatePassphrase.clear()
        title = _("Done: every file was read again and is as it was signed.")
        self.ui.doneTitle.setText(title)
        count = len(report.papers)
        papers = ngettext("{count} signed sheet in {folder}", "{count} signed sheets in {folder}", count)
        lines = [
            _("Hand this file to the secretariat: {name}").format(name=report.package.name),
            papers.format(count=count, folder=report.package.parent / "papers") if count else "",
            ngettext(
                "{count} application follows later.", "{count} applications follow later.", len(report.left_out)
            ).format(count=len(report.left_out))
            if report.left_out
            else "",
            _("Print the sheets and sign them by hand.") if self.presenter.on_paper and count else "",
        ]
        self.ui.doneText.setText("\n".join(line for line in lines if line))
        self._area.verticalScrollBar().setValue(0)
        self.ui.openFolder.setFocus()

    def _open_folder(self) -> None:
        report = self.presenter.report
        if report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(report.package.parent)))

    # Papers ---------------------------------------------------------------------------------------------------------

    def _offer_papers(self) -> None:
        numbers = self.presenter.shown
        if self._number not in numbers:
            self._number = next(iter(numbers), "")
        self.paper.show_choice([(number, self._name(number)) for number in numbers], self._number)
        if self._number and not self.presenter.busy:
            self.presenter.preview(self._number)

    def _name(self, number: str) -> str:
        application = self.presenter.desk.sheets.application(number)
        return f"{number} {application.applicant}" if application is not None else number

    def _show_paper(self, number: str) -> None:
        self._number = number
        self.presenter.preview(number)

    def _paper_there(self, number: str, pdf: bytes) -> None:
        if number == self._number:
            self.paper.show_paper(number, pdf)

    def _paper_failed(self, number: str, error: UserError) -> None:
        if number == self._number:
            self.paper.say(str(error))
