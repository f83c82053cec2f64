"""All about one application: its record, its materials, its projects, what was mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import _, labelled, ngettext
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.applications.materials_table import MaterialsTable
from qisp_desktop.gui.secretariat.applications.presenter import ApplicationsPresenter
from qisp_desktop.gui.secretariat.section import read_only_words
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.rows_model import Column, RowsModel
from qisp_desktop.gui.widgets.segments import Choice, Segments
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.gui.widgets.table_view import TableView

if TYPE_CHECKING:
    from qisp_desktop.domain.application import Project
    from qisp_desktop.domain.desk_records import Mending
    from qisp_desktop.services.application_fields import Field
    from qisp_desktop.services.intake import IntakeDetail

WIDTH = 420
MOST_PERCENT = 42
"""Of the section's width: with large letters the table must not be squeezed."""
FEW = 2
"""Missing kinds that are named; more are counted, the list of materials names them."""
RECORD, MATERIALS, PROJECTS = "record", "materials", "projects"


class ReasonLine(QWidget):
    """A line in which something is typed with the reason for it; hidden until it is asked for."""

    def __init__(self, done_text: str) -> None:
        super().__init__()
        self.what = label("", "second", wrap=True)
        self.value, self.reason = QLineEdit(), QLineEdit()
        self.reason.setPlaceholderText(_("Why (it is kept)"))
        self.reason.setAccessibleName(_("Reason"))
        self.done = button(done_text, "primary")
        self.leave = button(_("Cancel"))
        row = QHBoxLayout()
        row.addWidget(self.reason, 1)
        row.addWidget(self.done)
        row.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.what)
        column.addWidget(self.value)
        column.addLayout(row)
        self.leave.clicked.connect(self.hide)
        self.reason.textChanged.connect(lambda _text: self._enable())
        self.value.returnPressed.connect(self.reason.setFocus)
        self.reason.returnPressed.connect(self.done.click)
        self._enable()
        self.hide()

    def ask(self, what: str, value: str | None) -> None:
        """Ask for a new value (None: for the reason only)."""
        self.what.setText(what)
        self.value.setVisible(value is not None)
        self.value.setText(value or "")
        self.value.setAccessibleName(what)
        self.reason.clear()
        self.show()
        first = self.reason if value is None else self.value
        first.setFocus()
        first.selectAll()

    def _enable(self) -> None:
        self.done.setEnabled(bool(self.reason.text().strip()))


class ApplicationDetail(Card):
    """The detail side of the applications."""

    def __init__(self, shell: Shell, presenter: ApplicationsPresenter) -> None:
        super().__init__(" ")
        self.presenter = presenter
        self.fit(theme.current().px(WIDTH) * 100 // MOST_PERCENT)
        self.title.setWordWrap(True)
        self.status = label("", "second", wrap=True)
        self.parts = Segments(
            [Choice(RECORD, _("Record")), Choice(MATERIALS, _("Materials")), Choice(PROJECTS, _("Projects"))]
        )
        self.parts.name(_("Show"))
        self.materials = MaterialsTable(shell, presenter)
        self.record_model: RowsModel[Field] = RowsModel(
            [
                Column(_("Field"), lambda f: f.heading),
                Column(_("Value"), lambda f: f.text or "—", dot=self._mended_dot, hint=self._mended_words),
            ]
        )
        self.record = TableView(self.record_model)
        self.record.setAccessibleName(_("Record"))
        self.projects_model: RowsModel[Project] = RowsModel(_project_columns())
        self.projects = TableView(self.projects_model)
        self.projects.setAccessibleName(_("Projects"))
        self.correction = ReasonLine(_("Correct"))
        self.removal = ReasonLine(_("Remove"))
        self.correct, self.remove = button(_("Correct…")), button(_("Remove…"), "quiet")
        self.screening = button(_("Formal check"), "link")
        self._key = ""
        self._lay_out()
        self._wire()
        self.parts.show_key(presenter.part)
        self._show_part(presenter.part)

    def fit(self, room: int) -> None:
        """Take a part of ``room`` pixels, as much as is needed at most."""
        self.setFixedWidth(min(theme.current().px(WIDTH), room * MOST_PERCENT // 100))

    def refresh(self) -> None:
        """Show the detail that the presenter holds."""
        detail = self.presenter.detail
        self.setVisible(detail is not None)
        if detail is None:
            return
        application = detail.application
        if self.property("number") != application.number:
            self.setProperty("number", application.number)
            self.correction.hide()
            self.removal.hide()
        self.title.setText(f"{application.number} {application.applicant}")
        self.status.setText(self._status_words(detail))
        self.status.setToolTip("\n".join(labelled(one.column, _mending_words(one)) for one in detail.mended))
        self.record_model.set_rows(detail.fields)
        self.record.setColumnWidth(0, theme.current().px(132))
        self.projects_model.set_rows(application.projects)
        self.materials.show_detail(detail)
        self.enable()

    def enable(self) -> None:
        """Offer what can be done now."""
        detail, presenter = self.presenter.detail, self.presenter
        idle, writable = not presenter.busy, presenter.session.writable
        if detail is None:
            return
        self.correct.setEnabled(idle and writable and not detail.fixed)
        self.correct.setToolTip(detail.fixed or ("" if writable else read_only_words()))
        self.remove.setEnabled(idle and writable and not detail.kept)
        kept = _("On it rest: {what}").format(what=detail.kept) if detail.kept else ""
        self.remove.setToolTip(kept or ("" if writable else read_only_words()))
        self.correction.setEnabled(idle)
        self.removal.setEnabled(idle)
        self.materials.enable(idle and writable)

    def ask_correction(self) -> None:
        """Ask for the new value of the field that is chosen."""
        index = self.record.currentIndex()
        if not self.correct.isEnabled():
            return
        if not index.isValid():
            index = self.record_model.index(0, 0)
            self.record.setCurrentIndex(index)
        field = self.record_model.row(index)
        self._key = field.key
        self.correction.ask(_("{field}: what it should be").format(field=field.heading), field.text)

    def _lay_out(self) -> None:
        self.body.addWidget(self.status)
        self.body.addWidget(self.screening, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.parts)
        self.stack = QStackedWidget()
        record = QWidget()
        column = QVBoxLayout(record)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.record, 1)
        column.addWidget(self.correction)
        column.addWidget(self.removal)
        row = QHBoxLayout()
        row.addWidget(self.correct)
        row.addStretch(1)
        row.addWidget(self.remove)
        column.addLayout(row)
        for part in (record, self.materials, self.projects):
            self.stack.addWidget(part)
        self.body.addWidget(self.stack, 1)

    def _wire(self) -> None:
        presenter = self.presenter
        self.parts.picked.connect(self._show_part)
        self.record.opened.connect(lambda _field: self.ask_correction())
        self.correct.clicked.connect(self.ask_correction)
        self.remove.clicked.connect(
            lambda: self.removal.ask(_("Remove {number} from the round").format(number=presenter.number), None)
        )
        self.correction.done.clicked.connect(self._correct)
        self.removal.done.clicked.connect(self._remove)
        self.screening.clicked.connect(lambda: presenter.wanted.emit("screening", presenter.number))

    def _show_part(self, part: str) -> None:
        self.presenter.part = part
        self.stack.setCurrentIndex((RECORD, MATERIALS, PROJECTS).index(part))

    def _correct(self) -> None:
        self.correction.hide()
        self.presenter.correct(
            self.presenter.number, self._key, self.correction.value.text(), self.correction.reason.text()
        )

    def _remove(self) -> None:
        self.removal.hide()
        self.presenter.remove(self.presenter.number, self.removal.reason.text())

    def _status_words(self, detail: IntakeDetail) -> str:
        checked = detail.screening
        lines = [_("Not checked yet") if checked is None else checked.status.label]
        missing = detail.application.missing_materials
        if missing:
            names = _(", ").join(kind.label for kind in missing)
            count = len(missing)
            text = ngettext("{count} kind of material missing", "{count} kinds of materials missing", count)
            few = _("Missing: {materials}").format(materials=names)
            lines.append(few if count <= FEW else text.format(count=count))
        if detail.mended:
            count = len(detail.mended)
            lines.append(ngettext("{count} value mended", "{count} values mended", count).format(count=count))
        if detail.notice is not None:
            lines.append(_("Supplement wanted by {day}").format(day=detail.notice.reply_by.isoformat()))
        return " · ".join(lines)

    def _mended_dot(self, field: Field) -> Dot | None:
        return Dot.STARTED if self._mended_words(field) else None

    def _mended_words(self, field: Field) -> str:
        detail = self.presenter.detail
        mended = detail.mended if detail is not None else ()
        return "\n".join(_mending_words(one) for one in mended if one.column.rstrip("* ").startswith(field.heading))


def _mending_words(mending: Mending) -> str:
    words = _("“{before}” became “{after}” by {who}").format(before=mending.before, after=mending.after, who=mending.by)
    return f"{words}: {mending.reason}" if mending.reason else words


def _project_columns() -> list[Column]:
    return [
        Column(_("Year"), lambda p: str(p.year), key=lambda p: p.year, number=True),
        Column(_("Project"), lambda p: p.name),
        Column(_("Served"), lambda p: p.client),
        Column(_("Category"), lambda p: "" if p.category is None else p.category.label),
        Column(
            _("Amount (10,000 yuan)"),
            lambda p: "" if p.amount is None else decimal_text(p.amount),
            key=lambda p: p.amount,
            number=True,
        ),
        Column(_("Recognition"), lambda p: p.recognition),
    ]
