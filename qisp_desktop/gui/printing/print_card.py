"""How to print or save the list, and where to continue a run that stopped."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from qisp_desktop.base.i18n import _, labelled, ngettext
from qisp_desktop.gui import theme
from qisp_desktop.gui.panel.inspection.fields import ComboBox
from qisp_desktop.gui.printing.presenter import PrintingPresenter
from qisp_desktop.gui.printing.work import Saving
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.services.print_runs import MOST_COPIES, Duplex, Place, PrintReport

MOST_PAGES = 9999


class PrintCard(Card):
    """The bar below the list. Its fields write into the presenter at once."""

    save_wanted = Signal(object)
    """As what (Saving) the person wants the list saved."""

    def __init__(self, presenter: PrintingPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self.printer = ComboBox()
        self.printer.setMinimumContentsLength(16)
        self.copies = QSpinBox()
        self.copies.setRange(1, MOST_COPIES)
        self.copies.setToolTip(_("Whole sets, one after the other"))
        self.sides = ComboBox()
        self.pages = QLineEdit()
        self.pages.setPlaceholderText(_("all, or 1-2, 5"))
        self.pages.setToolTip(_("Which pages of each paper, such as 1-2, 5; empty for all"))
        self.refresh_printers = button("", "quiet", "refresh")
        self.refresh_printers.setToolTip(_("Look for printers again"))
        self.refresh_printers.setAccessibleName(_("Look for printers again"))
        self.print = button(_("Print"), "primary")
        self.print.setShortcut("Ctrl+P")
        self.print.setToolTip(_("Print the list (Ctrl+P)"))
        self.hindrance = label("", "second", wrap=True)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setPlaceholderText(_("The secretariat's passphrase"))
        self.passphrase.setAccessibleName(_("The secretariat's passphrase"))
        self.unlock = button(_("Take the originals"), "", "lock")
        self.originals = label("", "second", wrap=True)
        self.seal = QCheckBox(_("Seal files"))
        self.saves = {
            Saving.SINGLE: button(_("Save files…")),
            Saving.BOUND: button(_("Save one PDF…")),
            Saving.ARCHIVE: button(_("Save ZIP…")),
        }
        self._lay_out()
        self._fill()
        self._wire()

    def show_printers(self) -> None:
        """Offer the printers that were found."""
        presenter = self._presenter
        names = presenter.printers or []
        self.printer.show_choice([(name, name) for name in names], presenter.printer)
        self.printer.setPlaceholderText(self._no_printer())
        self.check()

    def _no_printer(self) -> str:
        if self._presenter.printers is None:
            return _("Looking for printers…")
        return _("No printer here; papers can be saved.")

    def check(self) -> None:
        """Allow what can be done now, and say what stands in the way of the rest."""
        presenter = self._presenter
        listed, busy = bool(presenter.wanted), bool(presenter.busy)
        hindrance = ""
        if not listed:
            hindrance = _("Nothing is chosen.")
        self.hindrance.setText(hindrance)
        self.hindrance.setVisible(bool(hindrance))
        self.print.setEnabled(listed and bool(presenter.printer) and not busy)
        for one in self.saves.values():
            one.setEnabled(listed and not busy)
        for field in (self.printer, self.copies, self.sides, self.pages, self.refresh_printers):
            field.setEnabled(not busy)
        self.printer.setEnabled(not busy and bool(presenter.printers))
        originals = presenter.stock is not None and presenter.stock.originals
        self.passphrase.setVisible(not originals)
        self.unlock.setVisible(not originals)
        self.passphrase.setEnabled(not busy)
        self.unlock.setEnabled(not busy and bool(self.passphrase.text()))
        self._say_originals(originals)
        self._offer_seal(originals, busy)

    def set_narrow(self, narrow: bool) -> None:
        """Put the halves of each row below each other where they do not fit beside each other."""
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        for halves in self._halves:
            halves.setDirection(direction)

    def show_wrong(self, text: str) -> None:
        """The returns stay closed: ``text`` says so beside the passphrase, in one sentence."""
        self._mark_wrong(True)
        self.originals.setText(text)
        self.passphrase.setFocus()
        self.passphrase.selectAll()

    # ----------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        first: tuple[list[tuple[str, QWidget, int]], ...] = (
            [
                (_("Printer"), self.printer, 2),
                ("", self.refresh_printers, 0),
                (_("Copies"), self.copies, 0),
            ],
            [(_("Sides"), self.sides, 1), (_("Pages of each"), self.pages, 1), ("", self.print, 0)],
        )
        second: tuple[list[tuple[str, QWidget, int]], ...] = (
            [
                ("", self.passphrase, 0),
                ("", self.unlock, 0),
                ("", self.originals, 1),
                ("", self.hindrance, 1),
            ],
            [("", self.seal, 0), *(("", one, 0) for one in self.saves.values())],
        )
        self._halves = [_side_by_side(*map(_row, first)), _side_by_side(*map(_row, second))]
        for halves in self._halves:
            self.body.addLayout(halves)
        self.passphrase.setFixedWidth(theme.current().px(200))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _fill(self) -> None:
        presenter = self._presenter
        sides = [
            (Duplex.OFF.value, _("One side")),
            (Duplex.LONG_EDGE.value, _("Both sides, long edge")),
            (Duplex.SHORT_EDGE.value, _("Both sides, short edge")),
        ]
        self.sides.show_choice(sides, presenter.duplex)
        self.sides.setToolTip(_("On both sides each paper begins on the front of a sheet"))
        self.copies.setValue(presenter.copies)
        self.pages.setText(presenter.pages_text)
        self.show_printers()

    def _wire(self) -> None:
        presenter = self._presenter
        self.printer.chosen.connect(self._choose_printer)
        self.refresh_printers.clicked.connect(presenter.look_for_printers)
        self.copies.valueChanged.connect(lambda count: setattr(presenter, "copies", count))
        self.sides.chosen.connect(lambda key: setattr(presenter, "duplex", key))
        self.pages.textChanged.connect(lambda text: setattr(presenter, "pages_text", text))
        self.seal.toggled.connect(self._choose_seal)
        self.print.clicked.connect(presenter.print)
        self.passphrase.textChanged.connect(lambda _text: self._typed())
        self.passphrase.returnPressed.connect(self._unlock)
        self.unlock.clicked.connect(self._unlock)
        for saving, one in self.saves.items():
            one.clicked.connect(lambda _on=False, saving=saving: self.save_wanted.emit(saving))

    def _offer_seal(self, originals: bool, busy: bool) -> None:
        """Sealing needs the keys, and a file of its own for each signature."""
        presenter = self._presenter
        self.seal.setEnabled(originals and not busy)
        with QSignalBlocker(self.seal):
            self.seal.setChecked(presenter.sealed and originals)
        self.seal.setToolTip(
            _("Files and the ZIP: score sheets and reports are signed for the secretariat; the audit trail says so")
            if originals
            else _("Take the originals first: sealing needs the secretariat's passphrase")
        )
        bound = self.saves[Saving.BOUND]
        sealed = self.seal.isChecked()
        bound.setEnabled(bound.isEnabled() and not sealed)
        bound.setToolTip(_("Papers bound in one file carry no signature") if sealed else "")

    def _choose_seal(self, on: bool) -> None:
        self._presenter.sealed = on
        self.check()

    def _choose_printer(self, name: str) -> None:
        self._presenter.printer = name
        self.check()

    def _typed(self) -> None:
        self._mark_wrong(False)
        self.check()

    def _unlock(self) -> None:
        text = self.passphrase.text()
        if text and not self._presenter.busy:
            self._presenter.unlock(text)

    def _mark_wrong(self, wrong: bool) -> None:
        if bool(self.passphrase.property("wrong")) != wrong:
            self.passphrase.setProperty("wrong", wrong)
            self.passphrase.style().unpolish(self.passphrase)
            self.passphrase.style().polish(self.passphrase)

    def _say_originals(self, originals: bool) -> None:
        if self.passphrase.property("wrong"):
            return
        if self._presenter.stock is None:
            text = ""
        elif originals and self._presenter.lacking:
            count = self._presenter.lacking
            text = ngettext(
                "{count} original cannot be had: its copy (副本) stands for it.",
                "{count} originals cannot be had: copies (副本) stand for them.",
                count,
            ).format(count=count)
        elif originals:
            text = _("Score sheets are the signed originals.")
        else:
            text = _("Otherwise score sheets are copies (副本).")
        self.originals.setText(text)


class ResumeCard(Card):
    """What a run came to, and where the next one continues; hidden while there is nothing to say."""

    def __init__(self, presenter: PrintingPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self.what = label("", "heading", wrap=True)
        self.more = label("", wrap=True)
        self.paper, self.page = QSpinBox(), QSpinBox()
        self.page.setRange(1, MOST_PAGES)
        self.resume = button(_("Continue printing"), "primary")
        self.resume.clicked.connect(lambda: presenter.resume(Place(self.paper.value(), self.page.value())))
        self.close_it = button(_("Close"))
        self.close_it.clicked.connect(self.hide)
        self.paper.valueChanged.connect(self._paper_changed)
        column = QVBoxLayout()
        column.addWidget(self.what)
        column.addWidget(self.more)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._places: list[QWidget] = [
            _named(_("Continue at paper"), self.paper),
            self.paper,
            _named(_("page"), self.page),
            self.page,
            self.resume,
        ]
        for widget in self._places:
            row.addWidget(widget)
        self.name = label("", "second")
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self.name, 1)
        row.addWidget(self.close_it)
        self.body.addLayout(column)
        self.body.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def show_report(self, report: PrintReport) -> None:
        """Say what is out, what perhaps, and what not."""
        papers, pages = len({part.line for part in report.out}), report.pages
        out = ngettext(
            "{papers} paper is printed ({pages} pages) on {printer}.",
            "{papers} papers are printed ({pages} pages) on {printer}.",
            papers,
        )
        out = out.format(papers=papers, pages=pages, printer=report.printer)
        stopped = report.stopped
        self.setProperty(*role("banner-good" if stopped is None and report.copies is None else "banner-warn"))
        self.style().unpolish(self)
        self.style().polish(self)
        self.what.setText(out if stopped is None else stopped.what)
        lines = [stopped.why, out] if stopped is not None else []
        copies = str(report.copies or "")
        lines += [self._doubt(report), self._failures(report), copies, stopped.do if stopped is not None else ""]
        self.more.setText("\n".join(line for line in lines if line))
        self.more.setVisible(bool(self.more.text()))
        for widget in (*self._places, self.name):
            widget.setVisible(report.resume is not None)
        if report.resume is not None:
            with QSignalBlocker(self.paper):
                self.paper.setRange(1, len(report.order.lines))
                self.paper.setValue(min(report.resume.paper, len(report.order.lines)))
            self.page.setValue(report.resume.page)
            self._say_name()
        self.show()

    @staticmethod
    def _doubt(report: PrintReport) -> str:
        if not report.doubtful:
            return ""
        first, last = report.doubtful[0].line, report.doubtful[-1].line
        return _("Papers {first} to {last} were at the printer: see in its tray what of them came out.").format(
            first=first, last=last
        )

    @staticmethod
    def _failures(report: PrintReport) -> str:
        if not report.failed:
            return ""
        count = len(report.failed)
        text = ngettext("{count} paper cannot be printed: {first}", "{count} papers cannot be printed: {first}", count)
        made = report.failed[0]
        return text.format(count=count, first=labelled(made.paper.name, made.problem))

    def _paper_changed(self, _paper: int) -> None:
        self.page.setValue(1)
        self._say_name()

    def _say_name(self) -> None:
        report = self._presenter.report
        if report is not None and report.order.lines:
            paper = report.order.lines[self.paper.value() - 1]
            self.name.setText(paper.name)
            self.name.setToolTip(paper.name)


def _named(text: str, field: QWidget) -> QLabel:
    """A label that names ``field`` also to who cannot see it."""
    made = label(text, "second")
    made.setBuddy(field)
    field.setAccessibleName(text)
    return made


def _row(fields: Sequence[tuple[str, QWidget, int]]) -> QHBoxLayout:
    """Fields beside each other, each with its name (if any) and the share of the room that it takes."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for text, field, stretch in fields:
        if text:
            row.addWidget(_named(text, field))
        row.addWidget(field, stretch)
    return row


def _side_by_side(left: QHBoxLayout, right: QHBoxLayout) -> QBoxLayout:
    halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
    halves.setSpacing(8)
    halves.addLayout(left, 1)
    halves.addLayout(right, 1 if right.stretch(1) else 0)
    return halves
