"""What the applicant stated: the record of an application, which may be read before any interest is declared."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import _, labelled
from qisp_desktop.domain.application import Application, Project
from qisp_desktop.gui import theme
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import Card, label
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.table_view import TableView

TERM_WIDTH = 150
"""Pixels at 100 %."""
MOST_ROWS_SEEN = 10
"""Of the projects; a longer table scrolls by itself."""


class RecordView(QScrollArea):
    """The facts of one application, in groups; every text can be selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_("Record"))
        self._empty = True

    def show_application(self, application: Application | None) -> None:
        """Show the record of ``application``, or nothing."""
        if application is None and self._empty:
            return
        self._empty = application is None
        page = QWidget()
        page.setProperty(*role("page"))
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        if application is not None:
            for title, facts in _groups(application):
                column.addWidget(_facts_card(title, facts))
            column.addWidget(_projects_card(application.projects))
        column.addStretch(1)
        self.setWidget(page)  # the page before is deleted with it


Facts = list[tuple[str, str]]


def _groups(a: Application) -> list[tuple[str, Facts]]:
    unknown = _("not stated")
    served = [(str(one.year), f"{one.count:,}") for one in a.served]
    dishonest = {None: unknown, True: _("listed"), False: _("not listed")}[a.dishonest]
    premises = unknown if a.premises is None else _("{area} m²").format(area=decimal_text(a.premises))
    return [
        (
            f"{a.number} · {a.platform}",
            [
                (_("Applicant"), a.applicant),
                (_("Credit code"), a.uscc),
                (_("Kind of body"), a.body_kind.label),
                (_("Operating since"), a.started_on.isoformat()),
                (_("Address"), a.address),
                (_("District"), a.district),
                (_("Summary"), a.summary),
            ],
        ),
        (
            _("People"),
            [
                (_("Legal representative"), a.legal_representative),
                (_("Contact"), a.contact),
                (_("Telephone"), a.phone),
                (_("Persons serving enterprises"), f"{a.staff:,}"),
            ],
        ),
        (
            _("Services"),
            [
                (_("Service categories"), _listed([one.label for one in a.categories])),
                (_("Key areas"), _listed([one.label for one in a.key_areas])),
                *((_("Enterprises served in {year}").format(year=year), count) for year, count in served),
            ],
        ),
        (
            _("Premises, finances, integrity"),
            [
                (_("Premises"), premises),
                (_("Audit opinion"), a.audit_opinion or unknown),
                (_("List of seriously dishonest entities"), dishonest),
            ],
        ),
    ]


def _listed(words: list[str]) -> str:
    return _(", ").join(words)


def _facts_card(title: str, facts: Facts) -> Card:
    card = Card(title)
    card.title.setWordWrap(True)
    card.corner.setStretchFactor(card.title, 1000)  # wider than the stretch after it
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(facts):
        term = label(name, "second", wrap=True)
        term.setFixedWidth(theme.current().px(TERM_WIDTH))
        stated = _selectable(value or "—")
        stated.setAccessibleName(labelled(name, value))
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(term, row, 0, top)
        grid.addWidget(stated, row, 1, top)
    card.body.addLayout(grid)
    return card


def _projects_card(projects: tuple[Project, ...]) -> Card:
    card = Card(_("Projects of the last three years"))
    if not projects:
        card.body.addWidget(label(_("No project is listed."), "second"))
        return card
    model: RowsModel[Project] = RowsModel(
        [
            Column(_("Project"), lambda one: one.name, hint=lambda one: one.name),
            Column(_("Client"), lambda one: one.client, hint=lambda one: one.client),
            Column(_("Year"), lambda one: str(one.year), number=True),
            Column(_("Category"), lambda one: one.category.label if one.category else "—"),
            Column(
                _("Amount (10,000 yuan)"),
                lambda one: "—" if one.amount is None else decimal_text(one.amount),
                key=lambda one: one.amount,
                number=True,
            ),
            Column(_("Recognition"), lambda one: one.recognition or "—", hint=lambda one: one.recognition),
        ]
    )
    model.set_rows(projects)
    table = TableView(model)
    table.setAccessibleName(_("Projects of the last three years"))
    table.fit_columns()
    rows = min(len(projects), MOST_ROWS_SEEN) + 1.5
    table.setMinimumHeight(round(rows * table.verticalHeader().defaultSectionSize()))
    card.body.addWidget(table)
    return card


def _selectable(text: str) -> QLabel:
    made = label(text, wrap=True)
    flags = Qt.TextInteractionFlag.TextSelectableByMouse
    made.setTextInteractionFlags(flags)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return made
