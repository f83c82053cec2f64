"""Replacing an expert: for one application or all, by somebody chosen or by lot, with a reason."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QRadioButton

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.panel.inspection.fields import ComboBox
from qisp_desktop.gui.secretariat.experts.presenter import ExpertsPresenter
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.segments import Choice, Segments

ONE, ALL = "one", "all"
CHOSEN, LOT = "chosen", "lot"


class ReplaceCard(Card):
    """The form; ``closed`` when it is done with."""

    closed = Signal()

    def __init__(self, presenter: ExpertsPresenter) -> None:
        super().__init__(_("Replace an expert"))
        self._presenter = presenter
        self._leaving, self._number = "", ""
        self.title.setWordWrap(True)
        self.scope = Segments([Choice(ONE, _("This application")), Choice(ALL, _("All of theirs"))])
        self.scope.name(_("What is passed on"))
        self.effect = label("", "second", wrap=True)
        self.chosen, self.lot = QRadioButton(_("Choose")), QRadioButton(_("Draw by lot"))
        self.who = ComboBox()
        self.who.setAccessibleName(_("Who arrives"))
        self.hint = label("", "second", wrap=True)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("Reason, such as: ill since 12 July"))
        self.reason.setAccessibleName(_("Reason of the replacement"))
        self.problem = label("", "bad", wrap=True)
        self.confirm, self.leave = button(_("Replace"), "primary"), button(_("Cancel"))
        self._key = ""
        self._lay_out()
        self._wire()

    def ask(self, leaving: str, number: str, *, by_lot: bool = False, arriving: str = "") -> None:
        """Ask for who takes the place of ``leaving`` for ``number``."""
        self._leaving, self._number, self._key = leaving, number, arriving
        self.title.setText(_("Replace {expert}").format(expert=leaving))
        self.scope.show_key(ONE if number else ALL)
        self.lot.setChecked(by_lot)
        self.chosen.setChecked(not by_lot)
        self.reason.clear()
        self.problem.hide()
        self.refresh()
        self.reason.setFocus()

    def refresh(self) -> None:
        """Show who could take the place now."""
        data = self._presenter.data
        if data is None or not self._leaving:
            return
        numbers = self._numbers()
        found = [data.board.candidates(number) for number in numbers]
        everywhere = [one for one in (found[0] if found else ()) if all(one in each for each in found)]
        keys = [one.expert for one in everywhere]
        if self._key not in keys:
            self._key = keys[0] if keys else ""
        texts = [
            (one.expert, _("{expert} {name} · {load} to read").format(expert=one.expert, name=one.name, load=one.load))
            for one in everywhere
        ]
        self.who.show_choice(texts, self._key)
        self.who.setVisible(self.chosen.isChecked())
        self.who.setEnabled(bool(keys))
        nobody = [number for number, each in zip(numbers, found, strict=True) if not each]
        alone = tuple(number for number, each in zip(numbers, found, strict=True) if len(each) == 1)
        self.effect.setText(self._effect(numbers, nobody, alone))
        self.hint.setText(self._hint(bool(keys)))
        self.confirm.setEnabled(bool(keys) if self.chosen.isChecked() else len(nobody) < len(numbers))

    def _numbers(self) -> tuple[str, ...]:
        data = self._presenter.data
        if data is None:
            return ()
        if self.scope.key == ONE:
            return (self._number,) if (self._leaving, self._number) in data.board.assigned else ()
        return tuple(sorted(number for expert, number in data.board.assigned if expert == self._leaving))

    def _effect(self, numbers: tuple[str, ...], nobody: list[str], alone: tuple[str, ...]) -> str:
        from qisp_desktop.services.panel_words import named

        data = self._presenter.data
        signed = tuple(n for n in numbers if data is not None and (self._leaving, n) in data.board.signed)
        lines = [
            ngettext("{count} application is passed on.", "{count} applications are passed on.", len(numbers)).format(
                count=len(numbers)
            )
        ]
        if signed:
            text = _("Signed sheets for {numbers} stay visible and count no longer.")
            lines.append(text.format(numbers=named(signed)))
        if self.lot.isChecked() and alone:
            text = _("For {numbers} only one expert is left: there the lot has no choice.")
            lines.append(text.format(numbers=named(alone)))
        if nobody:
            lines.append(_("Nobody else can read {numbers}.").format(numbers=named(tuple(nobody))))
        return "\n".join(lines)

    def _hint(self, anybody: bool) -> str:
        if self.lot.isChecked():
            return _(
                "For each application lots are drawn among all who can read it; seed and candidates are recorded, so "
                "that anybody can repeat the draw. It cannot be taken back."
            )
        if anybody:
            return _("Without a conflict and not reading it yet; the lowest load first.")
        return _("Nobody can take over all of it. Replace application by application, or draw by lot.")

    def _lay_out(self) -> None:
        self.body.addWidget(self.scope)
        self.body.addWidget(self.effect)
        row = QHBoxLayout()
        row.addWidget(self.chosen)
        row.addWidget(self.lot)
        row.addStretch(1)
        self.body.addLayout(row)
        for part in (self.who, self.hint, self.reason, self.problem):
            self.body.addWidget(part)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.confirm)
        self.body.addLayout(buttons)

    def _wire(self) -> None:
        self.scope.picked.connect(lambda _key: self.refresh())
        self.lot.toggled.connect(lambda _on: self.refresh())
        self.who.chosen.connect(self._choose)
        self.reason.returnPressed.connect(self._replace)
        self.confirm.clicked.connect(self._replace)
        self.leave.clicked.connect(self.closed)
        self._presenter.refused.connect(self._refused)

    def _choose(self, key: str) -> None:
        self._key = key

    def _replace(self) -> None:
        if not self.confirm.isEnabled():
            return
        self.problem.hide()
        numbers = (self._number,) if self.scope.key == ONE else ()
        arriving = "" if self.lot.isChecked() else self._key
        self._presenter.replace(self._leaving, numbers, arriving, self.reason.text())

    def _refused(self, error: UserError) -> None:
        if self.isVisible():
            self.problem.setText(sentences(error.what, error.why, error.do))
            self.problem.show()
