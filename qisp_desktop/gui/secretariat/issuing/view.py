"""Who was handed what, and handing out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.base.paths import safe_name
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.gate import OfficeGate
from qisp_desktop.gui.secretariat.issuing.issue_card import AgainCard, FoldersCard
from qisp_desktop.gui.secretariat.issuing.presenter import Folders, IssuingPresenter
from qisp_desktop.gui.secretariat.section import AnyPresenter, SectionView, read_only_words
from qisp_desktop.gui.widgets.card import button
from qisp_desktop.gui.widgets.data_table import ALL, DataTable, Filter
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.status_dot import Dot

if TYPE_CHECKING:
    from qisp_desktop.services.issuing_view import IssueLine

NEEDED, NOT_BACK = "needed", "not back"
FIRST_WIDTHS = (84, 84, 190, 84, 84, 170, 150, 120, 96)


class IssuingView(SectionView):
    """The view of ``IssuingPresenter``."""

    def __init__(self, shell: Shell, presenter: AnyPresenter) -> None:
        super().__init__(shell, presenter, _("Handing out"))
        self.presenter = cast(IssuingPresenter, presenter)
        self.gate = OfficeGate(self.presenter.session)
        self.folders = FoldersCard(shell, self.presenter)
        self.again_card = AgainCard()
        self.model: RowsModel[IssueLine] = RowsModel(_columns())
        self.table = self._table()
        self._make_buttons()
        self._lay_out()
        self._wire()
        self._enable()

    def asks(self) -> tuple[QWidget, ...]:
        """Why somebody is issued to again, and the passphrase."""
        return (self.again_card, self.gate)

    def refresh(self) -> None:
        """Show everybody's package."""
        data = self.presenter.data
        if data is not None:
            self.table.set_rows(data.lines)
            parts = (self.folders, self.again, self.letter, self.form, self.certificate, self.open_folders, self.all)
            for part in parts:
                part.setVisible(bool(data.lines))
            self._enable()

    def take_wish(self) -> None:
        """Choose the experts that were wished for."""
        wish, data = self.presenter.wish, self.presenter.data
        if wish is None or data is None:
            return
        self.presenter.wish = None
        wanted = {wish} if isinstance(wish, str) else set(wish)
        self.table.show_filter(NEEDED if wanted & set(data.needing) else ALL)
        self.table.go_to(lambda line: line.expert.id in wanted)

    def show_busy(self, what: str) -> None:
        """Nothing can be issued while something is being done."""
        super().show_busy(what)
        self._enable()

    # ----------------------------------------------------------------------------------------------------------------

    def _table(self) -> DataTable[IssueLine]:
        filters = [
            Filter(ALL, _("All")),
            Filter(NEEDED, _("Need a package"), lambda line: line.needs_package),
            Filter(NOT_BACK, _("Not back"), lambda line: line.issue is not None and not line.answered),
        ]
        empty = EmptyState(
            "hand-out",
            _("Nobody to hand anything to"),
            _("Import the experts and assign applications first."),
            _("To experts and assignment"),
            lambda: self.presenter.wanted.emit("experts", None),
        )
        table: DataTable[IssueLine] = DataTable(
            self.shell, self.model, "issuing", _("Packages"), filters=filters, empty=empty
        )
        table.first_widths = FIRST_WIDTHS
        return table

    def _make_buttons(self) -> None:
        self.needed, self.all = button(""), button(_("Issue to all"), "primary")
        for part in (self.needed, self.all):
            self.corner.addWidget(part)
        self.again = button(_("Issue again…"))
        self.letter, self.form = button(_("Open the letter")), button(_("Score form…"))
        self.form.setToolTip(_("An Excel score form for an expert without the program"))
        self.certificate = button(_("Own certificate…"))
        self.certificate.setToolTip(_("Enter a certificate that the expert brought, on the panel's list"))
        self.open_folders = button(_("Open the folders"))

    def _lay_out(self) -> None:
        for part in (self.folders, self.gate, self.again_card):
            self.body.addWidget(part)
        self.body.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        for one in (self.again, self.letter, self.form, self.certificate):
            row.addWidget(one)
        row.addStretch(1)
        row.addWidget(self.open_folders)
        self.body.addLayout(row)

    def _wire(self) -> None:
        presenter = self.presenter
        self.folders.changed.connect(self._enable)
        self.table.selected.connect(self._enable)
        self.table.exported.connect(
            lambda path: presenter.say("good", _("The table is written: {path}").format(path=path))
        )
        self.table.export_failed.connect(presenter.say_error)
        self.all.clicked.connect(self._issue_to_all)
        self.needed.clicked.connect(self._issue_needed)
        self.again.clicked.connect(self._again)
        self.again_card.confirmed.connect(self._issue)
        self.letter.clicked.connect(self._open_letter)
        self.form.clicked.connect(self._write_form)
        self.certificate.clicked.connect(self._to_the_panel)
        self.open_folders.clicked.connect(self._open_folders)
        presenter.folders_wanted.connect(self._open_these)

    def _issue(self, only: tuple[str, ...], reason: str = "") -> None:
        folders = self.folders.folders
        if folders is None:
            self.presenter.say("warn", _("Choose where packages and letters go."))
            self.folders.packages.setFocus()
            return
        self.presenter.unsay()
        self.gate.ask(
            _("Packages are signed with the secretariat's keys."), lambda: self.presenter.issue(folders, only, reason)
        )

    def _issue_to_all(self) -> None:
        data = self.presenter.data
        voided = () if data is None else tuple(one.issue.id for one in data.lines if one.issue is not None and one.due)
        if voided:
            self._ask_again((), voided, "")
        else:
            self._issue(())

    def _issue_needed(self) -> None:
        data = self.presenter.data
        if data is None:
            return
        outdated = tuple(line.issue.id for line in data.lines if line.needs_package and line.issue is not None)
        if outdated:
            self._ask_again(data.needing, outdated, _("The assignment has changed."))
        else:
            self._issue(data.needing)

    def _again(self) -> None:
        lines = [line for line in self.table.selection() if line.due]
        voided = tuple(line.issue.id for line in lines if line.issue is not None)
        experts = tuple(line.expert.id for line in lines)
        if voided:
            outdated = any(line.needs_package for line in lines)
            self._ask_again(experts, voided, _("The assignment has changed.") if outdated else "")
        elif experts:
            self._issue(experts)

    def _ask_again(self, experts: tuple[str, ...], voided: tuple[str, ...], reason: str) -> None:
        # News of the issue before takes the room of the question on a small screen.
        self.presenter.unsay()
        self.again_card.ask(experts, voided, reason)

    def _open_letter(self) -> None:
        folders, line = self.folders.folders, self.table.current()
        if folders is None or line is None:
            return
        letter = folders.letters / f"{safe_name(line.expert.id)}.pdf"
        if not letter.is_file() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(letter))):
            what = _("The letter of {expert} is not in {folder}.").format(expert=line.expert.id, folder=folders.letters)
            more = _("A letter is never kept by the program; when it is lost, issue again.")
            self.presenter.say("warn", what, more)

    def _write_form(self) -> None:
        line = self.table.current()
        if line is None:
            return
        folder = Path(self.shell.settings.export_folder or self.shell.settings.last_folder)
        name = _("Score form {expert}").format(expert=line.expert.id)
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Save the score form"), str(folder / f"{safe_name(name)}.xlsx"), _("Workbooks (*.xlsx)")
        )
        if chosen:
            self.shell.settings.export_folder = str(Path(chosen).parent)
            self.presenter.write_form(line.expert.id, Path(chosen))

    def _to_the_panel(self) -> None:
        line = self.table.current()
        self.presenter.wanted.emit("experts", ("panel", line.expert.id if line is not None else ""))

    def _open_folders(self) -> None:
        if (folders := self.folders.folders) is not None:
            _open(folders)

    def _open_these(self, folders: Folders) -> None:
        # A function of its own would stay connected when the view is made anew.
        _open(folders)

    def _enable(self) -> None:
        data, presenter = self.presenter.data, self.presenter
        free = data is not None and not presenter.busy
        writable = free and presenter.session.writable
        needing = () if data is None else data.needing
        fresh = data is None or not data.anything_issued
        may_all = data is not None and bool(data.due) and not data.returned
        self.all.setEnabled(writable and may_all)
        self.all.setText(_("Issue to all") if fresh else _("Issue to all again"))
        self.all.setProperty("role", "primary" if fresh else None)
        self.all.setToolTip(self._why_not_all())
        self.needed.setText(_("Issue what is missing ({count})").format(count=len(needing)))
        self.needed.setVisible(not fresh)
        self.needed.setEnabled(writable and bool(needing))
        for one in (self.all, self.needed):
            one.style().unpolish(one)
            one.style().polish(one)
        line = self.table.current()
        self.again.setEnabled(writable and any(one.due for one in self.table.selection()))
        self.again.setText(_("Issue…") if line is not None and line.issue is None else _("Issue again…"))
        self.letter.setEnabled(line is not None and line.issue is not None)
        self.form.setEnabled(free and line is not None and bool(line.due.scored))
        self.certificate.setEnabled(line is not None)
        self.open_folders.setEnabled(self.folders.folders is not None)

    def _why_not_all(self) -> str:
        data = self.presenter.data
        if not self.presenter.session.writable:
            return read_only_words()
        if data is None or not data.due:
            return _("Nobody is assigned yet.")
        if data.returned:
            return _("Returns have come in already: issuing to all would void packages that are being worked on.")
        return _("A package and a letter for everybody who is assigned or inspects")


def _open(folders: Folders) -> None:
    for folder in folders:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _columns() -> list[Column]:
    return [
        Column(_("Expert no."), lambda line: line.expert.id),
        Column(_("Person"), lambda line: line.expert.name),
        Column(_("Organisation"), lambda line: line.expert.organisation),
        Column(_("To score"), lambda line: str(_scored(line)), key=_scored, number=True),
        Column(_("To visit"), lambda line: str(_visited(line) or ""), key=_visited, number=True),
        Column(_("Panel package"), _state_text, dot=_state_dot, hint=_state_hint),
        Column(_("Handed out on"), _when_text, key=lambda line: line.at),
        Column(_("Returns"), _returns_text, key=lambda line: line.returns, dot=_returns_dot),
        Column(_("Signing certificate"), lambda line: _("own") if line.certified else _("by the round")),
    ]  # fmt: skip


def _scored(line: IssueLine) -> int:
    return len(line.due.scored)


def _visited(line: IssueLine) -> int:
    return len(line.due.visited)


def _state_text(line: IssueLine) -> str:
    from qisp_desktop.services.issuing_view import PackageState

    number = line.issue.number if line.issue is not None else 0
    return {
        PackageState.NOTHING_DUE: _("nothing to hand out"),
        PackageState.NOT_ISSUED: _("not issued"),
        PackageState.CURRENT: _("no. {number}").format(number=number),
        PackageState.OUTDATED: _("no. {number}, outdated").format(number=number),
        PackageState.LEFT: _("no. {number}, not needed any more").format(number=number),
    }[line.state]


def _state_dot(line: IssueLine) -> Dot | None:
    from qisp_desktop.services.issuing_view import PackageState

    return {
        PackageState.NOT_ISSUED: Dot.NEW,
        PackageState.CURRENT: Dot.COMPLETE,
        PackageState.OUTDATED: Dot.CONFLICT,
        PackageState.LEFT: Dot.RECUSED,
    }.get(line.state)


def _state_hint(line: IssueLine) -> str:
    lines = [line.difference]
    if line.voided:
        lines.append(_("No longer valid: {issues}.").format(issues=_(", ").join(line.voided)))
    if line.issue is not None and line.issue.reason:
        lines.append(_("Issued again: {reason}").format(reason=line.issue.reason))
    return "\n".join(filter(None, lines))


def _when_text(line: IssueLine) -> str:
    return line.at.astimezone().strftime("%Y-%m-%d %H:%M") if line.at is not None else ""


def _returns_text(line: IssueLine) -> str:
    if not line.returns:
        return _("not back") if line.issue is not None else ""
    return _("{count} back").format(count=line.returns)


def _returns_dot(line: IssueLine) -> Dot | None:
    if line.issue is None:
        return None
    return Dot.SIGNED if line.answered else Dot.STARTED if line.returns else Dot.NEW
