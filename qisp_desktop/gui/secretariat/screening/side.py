"""Why a cell of the formal check is as it is, and what the clerk can do about the application."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.regulation import Condition, MaterialKind
from qisp_desktop.domain.screening import ScreeningStatus
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.screening.day_field import DayField
from qisp_desktop.gui.secretariat.screening.matrix import CONDITION, MATERIAL
from qisp_desktop.gui.secretariat.screening.presenter import ScreeningPresenter
from qisp_desktop.gui.secretariat.section import read_only_words
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.segments import Choice, Segments

if TYPE_CHECKING:
    from qisp_desktop.services.screening_board import ScreeningRow

NARROWEST, MARGINS = 296, 52
MOST_PERCENT = 36
"""Of the section's width."""
_VERDICTS = {True: ("good", "✓"), False: ("bad", "✗"), None: ("warn", "?")}


class ScreeningSide(Card):
    """The side of the formal check: the cell explained, the decision, the letter of supplement."""

    print_wanted = Signal()

    def __init__(self, shell: Shell, presenter: ScreeningPresenter) -> None:
        super().__init__(" ")
        self._shell = shell
        self.presenter = presenter
        self.row: ScreeningRow | None = None
        self.numbers: tuple[str, ...] = ()
        self._key = ""
        self.title.setWordWrap(True)
        self.about, self.why = label("", "heading", wrap=True), label("", wrap=True)
        self.state = label("", wrap=True)
        self.add = button(_("Add files…"), "", "plus")
        self._make_decision()
        self._make_letter()
        self._lay_out()
        self._wire()
        self.fit(theme.current().px(NARROWEST) * 100 // MOST_PERCENT)

    @property
    def is_begun(self) -> bool:
        """Whether a decision or a day was chosen here that is not recorded yet."""
        return bool(self.choices.key) or self.day.is_chosen

    def fit(self, room: int) -> None:
        """Be as narrow as the choices allow, and take a part of ``room`` pixels at most: it is the matrix's."""
        look = theme.current()
        needed = max(look.px(NARROWEST), self.choices.sizeHint().width() + look.px(MARGINS))
        self.setFixedWidth(min(needed, max(room * MOST_PERCENT // 100, look.px(NARROWEST) * 3 // 4)))

    def show_cell(self, row: ScreeningRow, key: str, numbers: tuple[str, ...]) -> None:
        """Explain the cell ``key`` of ``row``; ``numbers`` are the applications that are selected."""
        if self.row is None or self.row.number != row.number:
            self.reason.clear()
            self.choices.show_key("")
            self.day.give_up()
        self.row, self._key, self.numbers = row, key, numbers
        self.title.setText(f"{row.number} {row.applicant}")
        self._explain()
        self._show_state()
        self.show()
        self.enable()

    def decide_now(self) -> None:
        """Let the keyboard choose a decision."""
        if self.choices.isEnabled():
            self.choices.setFocus(Qt.FocusReason.OtherFocusReason)

    def enable(self) -> None:
        """Offer what can be done now."""
        row, presenter = self.row, self.presenter
        if row is None:
            return
        writable, data = presenter.session.writable, presenter.data
        accepted = data is not None and data.accepted_on is not None
        may = writable and not presenter.busy
        self.choices.setEnabled(may and accepted)
        self.reason.setEnabled(may and accepted)
        self.decide.setEnabled(may and accepted and bool(self.choices.key) and bool(self.reason.text().strip()))
        self.computed.setVisible(bool(row.checked.decided_by))
        self.computed.setEnabled(may)
        self.add.setEnabled(may)
        self.ask.setEnabled(may and accepted)
        words = read_only_words() if not writable else "" if accepted else _("Record the day of acceptance first.")
        for part in (self.choices, self.decide, self.ask, self.add):
            part.setToolTip(words)

    def _make_decision(self) -> None:
        decidable = (ScreeningStatus.ACCEPTED, ScreeningStatus.TO_SUPPLEMENT, ScreeningStatus.REFUSED)
        self.choices = Segments([Choice(one.value, one.label) for one in decidable])
        self.choices.name(_("Decide by hand"))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("Why (it is kept)"))
        self.reason.setAccessibleName(_("Reason of the decision"))
        self.decide = button(_("Decide"), "primary")
        self.computed = button(_("Let the computed result stand"), "link")

    def _make_letter(self) -> None:
        self.letter = QWidget()
        self.letter_state = label("", "second", wrap=True)
        self.day = DayField(_("Supplement wanted by"))
        self.ask = button(_("Ask for it"), "primary")
        self.save, self.print = button(_("Save the letter…")), button(_("Print…"), "", "print")

    def _lay_out(self) -> None:
        letter = QVBoxLayout(self.letter)
        letter.setContentsMargins(0, 0, 0, 0)
        letter.addWidget(label(_("Supplement"), "heading"))
        letter.addWidget(self.letter_state)
        row = QHBoxLayout()
        row.addWidget(label(_("by"), "second"))
        row.addWidget(self.day, 1)
        letter.addLayout(row)
        letter.addWidget(self.ask)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addWidget(self.print)
        row.addStretch(1)
        letter.addLayout(row)
        inner = QWidget()
        inner.setProperty(*role("page"))
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        column.addWidget(self.about)
        column.addWidget(self.why)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(8)
        column.addWidget(self.letter)
        column.addWidget(label(_("Result"), "heading"))
        column.addWidget(self.state)
        column.addWidget(self.computed, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(label(_("Decide by hand"), "second"))
        column.addWidget(self.choices, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.addWidget(self.reason, 1)
        row.addWidget(self.decide)
        column.addLayout(row)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        self.body.addWidget(area, 1)

    def _wire(self) -> None:
        self.choices.picked.connect(lambda _key: self._picked())
        self.reason.textChanged.connect(lambda _text: self.enable())
        self.reason.returnPressed.connect(self.decide.click)
        self.decide.clicked.connect(self._decide)
        self.computed.clicked.connect(self._let_computed_stand)
        self.add.clicked.connect(self._choose_files)
        self.ask.clicked.connect(self._ask)
        self.save.clicked.connect(self._save)
        self.print.clicked.connect(self.print_wanted)

    def _explain(self) -> None:
        row, key = self.row, self._key
        if row is None:
            return
        material, condition = _kind_of(key), _condition_of(key)
        self.add.setVisible(material is not None or (condition is None and bool(row.checked.missing)))
        if material is not None:
            files = row.files.get(material, ())
            meaning, symbol = _VERDICTS[bool(files)]
            self.about.setText(f"{symbol} {material.value}. {material.label}")
            self._say_why("\n".join(files) or _("This material is missing (Art. 15)."), meaning)
        elif condition is not None:
            found = row.condition(condition.value)
            meaning, symbol = _VERDICTS[found.met]
            self.about.setText(f"{symbol} ({condition.value}) {condition.label}")
            self._say_why(found.why, meaning)
        else:
            self.about.setText(_("What decides"))
            self._say_why(_open_points(row) or _("All seven materials are there and all seven conditions are met."), "")

    def _say_why(self, text: str, meaning: str) -> None:
        self.why.setText(text)
        self.why.setProperty(*role(meaning))
        self.why.style().unpolish(self.why)
        self.why.style().polish(self.why)

    def _show_state(self) -> None:
        row = self.row
        if row is None:
            return
        checked = row.checked
        lines = [row.status.label]
        if checked.decided_by:
            lines = [
                _("{status}, decided by {who}").format(status=row.status.label, who=checked.decided_by),
                checked.reason,
                _("Computed: {status}").format(status=checked.computed.label),
            ]
        if len(self.numbers) > 1:
            count = len(self.numbers)
            text = ngettext("{count} application is selected.", "{count} applications are selected.", count)
            lines.append(text.format(count=count))
        self.state.setText("\n".join(lines))
        self._show_letter(row)

    def _show_letter(self, row: ScreeningRow) -> None:
        self.letter.setVisible(row.status is ScreeningStatus.TO_SUPPLEMENT or row.notice is not None)
        data, notice = self.presenter.data, row.notice
        self.save.setVisible(notice is not None)
        self.print.setVisible(notice is not None)
        self.ask.setText(_("Ask for it") if notice is None else _("Ask again"))
        meaning = "second"
        if notice is None:
            self.letter_state.setText(
                _("Not asked for yet. The letter names what is missing and by when it is wanted.")
            )
        else:
            words = _("Asked for on {day} by {who}; wanted by {until}.").format(
                day=notice.at.astimezone().strftime("%Y-%m-%d"), who=notice.by, until=notice.reply_by.isoformat()
            )
            if row.overdue:
                meaning, words = "bad", f"{words}\n" + _("The day has passed.")
            if row.awaited:
                names = _(", ").join(kind.label for kind in row.awaited)
                words += "\n" + _("Still missing: {materials}").format(materials=names)
            self.letter_state.setText(words)
        self.letter_state.setProperty(*role(meaning))
        self.letter_state.style().unpolish(self.letter_state)
        self.letter_state.style().polish(self.letter_state)
        if data is not None:
            self.day.show_day(data.reply_by if notice is None or row.overdue else notice.reply_by)

    def _picked(self) -> None:
        condition = _condition_of(self._key)
        if condition is not None and not self.reason.text():
            # The reason says at once which condition it is about.
            self.reason.setText(f"({condition.value}) ")
        self.reason.setFocus()
        self.reason.setCursorPosition(len(self.reason.text()))
        self.enable()

    def _decide(self) -> None:
        if self.row is None or not self.decide.isEnabled():
            return
        status, reason = ScreeningStatus(self.choices.key), self.reason.text()
        self.reason.clear()
        self.choices.show_key("")
        self.presenter.decide(self.numbers or (self.row.number,), status, reason)

    def _let_computed_stand(self) -> None:
        if self.row is not None:
            self.presenter.let_computed_stand(self.row.number)

    def _choose_files(self) -> None:
        if self.row is None:
            return
        settings, kind = self._shell.settings, _kind_of(self._key)
        title = _("Add materials") if kind is None else f"{kind.value}. {kind.label}"
        chosen, _kind = QFileDialog.getOpenFileNames(self, title, settings.last_folder)
        if chosen:
            settings.last_folder = str(Path(chosen[0]).parent)
            self.presenter.give(self.row.number, [Path(one) for one in chosen], kind)

    def _asked_numbers(self) -> tuple[str, ...]:
        """The selected applications that wait for a supplement."""
        data, row = self.presenter.data, self.row
        if data is None or row is None:
            return ()
        waiting = {one.number for one in data.rows if one.status is ScreeningStatus.TO_SUPPLEMENT}
        return tuple(number for number in self.numbers if number in waiting) or (row.number,)

    def _ask(self) -> None:
        self.presenter.ask_for_supplements(self._asked_numbers(), self.day.day)

    def _save(self) -> None:
        data = self.presenter.data
        if data is None:
            return
        with_letter = {one.number for one in data.rows if one.notice is not None}
        numbers = [number for number in self._asked_numbers() if number in with_letter]
        settings = self._shell.settings
        folder = QFileDialog.getExistingDirectory(
            self, _("Save the letter"), settings.export_folder or settings.last_folder
        )
        if folder and numbers:
            settings.export_folder = folder
            self.presenter.save_letters(numbers, Path(folder))


def _kind_of(key: str) -> MaterialKind | None:
    return MaterialKind(key[1:]) if key.startswith(MATERIAL) else None


def _condition_of(key: str) -> Condition | None:
    return Condition(key[1:]) if key.startswith(CONDITION) else None


def _open_points(row: ScreeningRow) -> str:
    lines = [f"✗ {kind.value}. {kind.label}" for kind in row.checked.missing]
    for found in row.checked.conditions:
        if found.met is not True:
            lines.append(f"{_VERDICTS[found.met][1]} ({found.condition.value}) {found.why}")
    return "\n".join(lines)
