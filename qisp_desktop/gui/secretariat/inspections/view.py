"""The visits: who goes where, what came back, what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.inspection import Overall, Photo, SiteInspection
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.gate import OfficeGate
from qisp_desktop.gui.secretariat.inspections.presenter import InspectionsPresenter
from qisp_desktop.gui.secretariat.inspections.visit_card import LargePhoto, PartyCard, RecordCard, cards_of
from qisp_desktop.gui.secretariat.section import AnyPresenter, SectionView
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.data_table import ALL, DataTable, Filter
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.status_dot import Dot

if TYPE_CHECKING:
    from qisp_desktop.services.inspection_view import VisitLine, VisitRecord

SIDE_WIDTH = 420
FIRST_WIDTHS = (134, 264, 116, 120, 100, 80)
DUE, BACK = "due", "back"


class InspectionsView(SectionView):
    """The view of ``InspectionsPresenter``."""

    def __init__(self, shell: Shell, presenter: AnyPresenter) -> None:
        super().__init__(shell, presenter, _("Site inspections"))
        self.presenter = cast(InspectionsPresenter, presenter)
        self.gate = OfficeGate(self.presenter.session)
        self.model: RowsModel[VisitLine] = RowsModel(_columns())
        self.table = self._table()
        self.consequence = label("", wrap=True)
        self.party = PartyCard(self.presenter)
        self.cards: list[RecordCard] = []
        self._shown: tuple[str, tuple[VisitRecord, ...]] = ("", ())
        self.large = LargePhoto()
        self.print = button(_("Print the records…"), "", "print")
        self._lay_out()
        self._wire()
        self._show_line()

    def is_spare(self) -> bool:
        """Never: what is chosen here, and not kept yet, is in lists and dates too."""
        return False

    def refresh(self) -> None:
        """Show the visits as they are now."""
        data = self.presenter.data
        if data is None:
            return
        chosen = self.table.current()
        self.table.set_rows(data.lines)
        if chosen is not None:
            self.table.go_to(lambda line: line.row.number == chosen.row.number)
        self._show_line()

    def take_wish(self) -> None:
        """Go to the application that was wished for."""
        wish = self.presenter.wish
        if wish is not None and self.presenter.data is not None:
            self.presenter.wish = None
            self.table.show_filter(ALL)
            self.table.go_to(lambda line: line.row.number == wish)

    def show_busy(self, what: str) -> None:
        """Nobody can be planned while something is being done."""
        super().show_busy(what)
        if (line := self.table.current()) is not None:
            self.party.show_line(line)

    # ----------------------------------------------------------------------------------------------------------------

    def _table(self) -> DataTable[VisitLine]:
        filters = [
            Filter(ALL, _("All")),
            Filter(DUE, _("Not back"), lambda line: bool(line.planned) and line.overall is None),
            Filter(BACK, _("Record here"), lambda line: bool(line.records)),
        ]
        empty = EmptyState(
            "camera",
            _("Nothing to visit yet"),
            _("Applications appear here once the formal check has accepted them."),
            _("To the formal check"),
            lambda: self.presenter.wanted.emit("screening", None),
        )
        table: DataTable[VisitLine] = DataTable(
            self.shell, self.model, "inspections", _("Site inspections"), filters=filters, empty=empty
        )
        table.first_widths = FIRST_WIDTHS
        return table

    def _lay_out(self) -> None:
        self.corner.addWidget(self.print)
        self.body.addWidget(self.gate)
        inner = QWidget()
        inner.setProperty(*role("page"))
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.about = Card(_("Application"))
        self.about.title.setWordWrap(True)
        self.about.body.addWidget(self.consequence)
        self.column.addWidget(self.about)
        self.column.addWidget(self.party)
        self.column.addStretch(1)
        self.side = QScrollArea()
        self.side.setWidgetResizable(True)
        self.side.setFrameShape(QScrollArea.Shape.NoFrame)
        self.side.setProperty(*role("page"))
        self.side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.side.setWidget(inner)
        self.side.setFixedWidth(theme.current().px(SIDE_WIDTH))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.table)
        self.pages.addWidget(self.large)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.pages, 1)
        row.addWidget(self.side)
        self.body.addLayout(row, 1)

    def _wire(self) -> None:
        presenter = self.presenter
        self.table.selected.connect(self._show_line)
        self.table.exported.connect(
            lambda path: presenter.say("good", _("The table is written: {path}").format(path=path))
        )
        self.table.export_failed.connect(presenter.say_error)
        self.party.planned.connect(self._plan)
        self.party.confirmed.connect(self._plan_all_the_same)
        self.print.clicked.connect(self._print)
        self.large.left.connect(lambda: self.pages.setCurrentWidget(self.table))
        presenter.photos_ready.connect(self._show_photos)
        presenter.photo_ready.connect(self._show_large)

    def _show_line(self) -> None:
        line = self.table.current()
        self.side.setVisible(line is not None)
        self.pages.setCurrentWidget(self.table)
        if line is None:
            return
        self.about.title.setText(f"{line.row.number} {line.row.applicant}")
        self.consequence.setText(line.consequence or _("No visit is planned."))
        self.party.show_line(line)
        if (line.row.number, line.records) != self._shown:
            self._shown = line.row.number, line.records
            self._show_records(line)

    def _show_records(self, line: VisitLine) -> None:
        for card in self.cards:
            self.column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = cards_of(self.presenter, line)
        for place, card in enumerate(self.cards):
            card.photos_wanted.connect(self._open_photos)
            card.photo_wanted.connect(self._open_large)
            self.column.insertWidget(2 + place, card)

    def _plan(self, experts: tuple[str, ...]) -> None:
        line = self.table.current()
        if line is None:
            return
        if set(experts) == set(line.planned):
            self.party.show_line(line)
        elif voided := self.presenter.voided(line.row.number, experts):
            self.party.ask(line, experts, voided)
        else:
            self.presenter.plan(line.row.number, experts, line.planned)

    def _plan_all_the_same(self, experts: tuple[str, ...]) -> None:
        if (line := self.table.current()) is not None:
            self.presenter.plan(line.row.number, experts, line.planned)

    def _open_photos(self, record: SiteInspection) -> None:
        self.gate.ask(_("Photos are encrypted for the secretariat."), lambda: self.presenter.open_photos(record))

    def _open_large(self, record: SiteInspection, photo: Photo) -> None:
        self.gate.ask(_("Photos are encrypted for the secretariat."), lambda: self.presenter.open_large(record, photo))

    def _show_photos(self) -> None:
        for card in self.cards:
            card.show_photos()
        if not self.presenter.session.unlocked:
            self.pages.setCurrentWidget(self.table)

    def _show_large(self, photo: Photo, image: QImage) -> None:
        self.pages.setCurrentWidget(self.large)
        self.large.show_photo(photo, QPixmap.fromImage(image))
        self.large.back.setFocus()

    def _print(self) -> None:
        from qisp_desktop.gui.printing.page import printing_screen
        from qisp_desktop.gui.printing.work import FirstChoice
        from qisp_desktop.services.papers import PaperKind

        numbers = frozenset(line.row.number for line in self.table.selection() if line.records or line.planned)
        first, place = FirstChoice(frozenset({PaperKind.INSPECTION}), numbers), self.presenter.session.place
        self.shell.go.show(printing_screen(self.shell, place, first=first, section="inspections"))


def _columns() -> list[Column]:
    return [
        Column(_("Number"), lambda line: line.row.number),
        Column(_("Applicant"), lambda line: line.row.applicant),
        Column(_("Party"), lambda line: _(", ").join(line.planned)),
        Column(_("Visit"), _state_text, key=lambda line: line.state.value, dot=_state_dot),
        Column(
            _("Outcome"), lambda line: line.overall.label if line.overall is not None else "", dot=_overall_dot,
            hint=lambda line: line.consequence,
        ),
        Column(_("Records"), lambda line: str(_records(line) or ""), key=_records, number=True),
        Column(_("Consequence"), lambda line: line.consequence),
    ]  # fmt: skip


def _records(line: VisitLine) -> int:
    return len(line.records)


def _state_text(line: VisitLine) -> str:
    from qisp_desktop.services.inspection_view import VisitState

    return {
        VisitState.NONE: _("not planned"),
        VisitState.PLANNED: _("planned"),
        VisitState.BACK: _("back"),
        VisitState.RIVALS: _("two versions"),
    }[line.state]


def _state_dot(line: VisitLine) -> Dot | None:
    from qisp_desktop.services.inspection_view import VisitState

    return {VisitState.PLANNED: Dot.NEW, VisitState.BACK: Dot.SIGNED, VisitState.RIVALS: Dot.CONFLICT}.get(line.state)


def _overall_dot(line: VisitLine) -> Dot | None:
    if line.overall is None:
        return None
    return {Overall.PASS: Dot.COMPLETE, Overall.RECTIFY: Dot.STARTED, Overall.FAIL: Dot.CONFLICT}[line.overall]
