"""The import as a clerk goes through it: choose, columns, look through, materials, import."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.import_wizard.choose_page import ChoosePage
from qisp_desktop.gui.secretariat.import_wizard.columns_page import ColumnsPage
from qisp_desktop.gui.secretariat.import_wizard.materials_page import MaterialsPage
from qisp_desktop.gui.secretariat.import_wizard.presenter import (
    CHOOSE,
    COLUMNS,
    MATERIALS,
    PREVIEW,
    ImportPresenter,
    Kind,
)
from qisp_desktop.gui.secretariat.import_wizard.preview_page import PreviewPage
from qisp_desktop.gui.secretariat.section import AnyPresenter, read_only_words
from qisp_desktop.gui.widgets.banner import Banner
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip
from qisp_desktop.gui.widgets.segments import Choice, Segments


def open_import(section: AnyPresenter) -> ImportPresenter | None:
    """The import that is under way in a section, if one is: a view that is made anew shows it again."""
    found = section.findChildren(ImportPresenter)
    return found[-1] if found else None


def import_wizard(shell: Shell, section: AnyPresenter, kind: Kind) -> ImportWizard:
    """The import of applications or experts in a section: the one that is under way, or a new one.

    The wizard is shown in the place of the section's body until it sends ``closed``.
    """
    memory = Path(shell.settings.store.fileName()).parent
    return ImportWizard(shell, open_import(section) or ImportPresenter(section, kind, memory))


class ImportWizard(QWidget):
    """The view of ``ImportPresenter``."""

    closed = Signal()
    """The import is done or given up."""

    def __init__(self, shell: Shell, presenter: ImportPresenter) -> None:
        super().__init__()
        self._shell = shell
        self.presenter = presenter
        self.choose = ChoosePage(shell, presenter)
        self.columns = ColumnsPage(presenter)
        self.preview = PreviewPage(presenter)
        self.materials = MaterialsPage(presenter, self.choose.choose_folder)
        self.pages: dict[str, ChoosePage | ColumnsPage | PreviewPage | MaterialsPage] = {
            CHOOSE: self.choose,
            COLUMNS: self.columns,
            PREVIEW: self.preview,
            MATERIALS: self.materials,
        }
        self.banner = Banner(self)
        self.progress = ProgressStrip()
        self.stack = QStackedWidget()
        for page in self.pages.values():
            self.stack.addWidget(page)
        self.steps = self._make_steps()
        self.name = label("", "second")
        self.leave = button(_("Cancel"))
        self.back, self.forward = button(_("Back")), button(_("Next"))
        self.import_now = button(_("Import"), "primary")
        self._lay_out()
        self._wire()
        self._show_step(presenter.step)
        self.refresh()

    def take(self, paths: list[Path]) -> None:
        """Begin with a workbook or folder that was dropped; to an import that is under way only a folder can come."""
        folder = next((path for path in paths if path.is_dir()), None)
        if self.presenter.step != CHOOSE and folder is not None and self.presenter.kind == "applications":
            self.presenter.choose_folder(folder)
            self.presenter.go_to(MATERIALS)
            return
        if self.presenter.step != CHOOSE:
            self.banner.say(
                "info",
                _("Another workbook is being looked through."),
                _("Import it, or cancel, before you begin with the next one."),
            )
            return
        for path in paths[:2]:
            self.presenter.choose(path)

    def refresh(self) -> None:
        """Show what the presenter holds."""
        presenter = self.presenter
        self.pages[presenter.step].refresh()
        look = presenter.look
        self.name.setText("" if presenter.book is None else presenter.book.name)
        for key, one in self.steps.buttons.items():
            one.setEnabled(key == CHOOSE or look is not None)
        if presenter.kind == "experts":
            self.steps.buttons[MATERIALS].hide()
        self._enable()

    def _make_steps(self) -> Segments:
        names = (_("1 Choose"), _("2 Columns"), _("3 Look through"), _("4 Materials"))
        steps = Segments([Choice(key, name) for key, name in zip(self.pages, names, strict=True)])
        steps.name(_("Steps of the import"))
        return steps

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.steps)
        top.addWidget(self.name, 1)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self.leave)
        bottom.addStretch(1)
        for part in (self.back, self.forward, self.import_now):
            bottom.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self.banner)
        column.addWidget(self.progress)
        column.addWidget(self.stack, 1)
        column.addLayout(bottom)

    def _wire(self) -> None:
        presenter = self.presenter
        presenter.step_changed.connect(self._show_step)
        presenter.looked.connect(self.refresh)
        presenter.busy_changed.connect(self._show_busy)
        presenter.refused.connect(self._refuse)
        presenter.closed.connect(self.closed)
        presenter.section.busy_changed.connect(self._busy_changed)
        self.steps.picked.connect(self._pick_step)
        self.leave.clicked.connect(presenter.leave)
        self.back.clicked.connect(lambda: self._turn(-1))
        self.forward.clicked.connect(lambda: self._turn(1))
        self.import_now.clicked.connect(presenter.import_now)
        self.choose.template_wanted.connect(self._save_template)

    def _busy_changed(self, _what: str) -> None:
        self._enable()

    def _steps_there(self) -> list[str]:
        return [key for key, one in self.steps.buttons.items() if one.isEnabled() and not one.isHidden()]

    def _turn(self, by: int) -> None:
        there = self._steps_there()
        place = there.index(self.presenter.step) + by if self.presenter.step in there else 0
        if 0 <= place < len(there):
            self.presenter.go_to(there[place])

    def _pick_step(self, step: str) -> None:
        self.presenter.go_to(step)
        self.steps.show_key(self.presenter.step)

    def _show_step(self, step: str) -> None:
        self.steps.show_key(step)
        page = self.pages[step]
        page.refresh()
        self.stack.setCurrentWidget(page)
        if step == PREVIEW:
            self.preview.table.setFocus()
            place = self.presenter.problem_after(None, forward=True)
            if place is not None and not self.preview.table.currentIndex().isValid():
                self.preview.go_to(place)
        self._enable()

    def _show_busy(self) -> None:
        if self.presenter.reading:
            self.banner.put_away()
            self.progress.begin(_("Reading the workbook…"))
        else:
            self.progress.end()
        self.refresh()

    def _refuse(self, error: UserError) -> None:
        self.banner.show_error(error)
        self._enable()

    def _enable(self) -> None:
        presenter = self.presenter
        look, busy = presenter.look, presenter.importing or presenter.reading
        ready = 0 if look is None else look.checked.ready
        there, step = self._steps_there(), presenter.step
        self.back.setEnabled(step in there and there.index(step) > 0)
        self.forward.setEnabled(step in there and there.index(step) < len(there) - 1)
        self.leave.setEnabled(not presenter.importing)
        self.import_now.setVisible(step in (PREVIEW, MATERIALS))
        writable = presenter.section.session.writable
        self.import_now.setEnabled(bool(ready) and not busy and writable)
        self.import_now.setToolTip("" if writable else read_only_words())
        if presenter.kind == "experts":
            text = ngettext("Import {count} expert", "Import {count} experts", ready)
        else:
            text = ngettext("Import {count} application", "Import {count} applications", ready)
        self.import_now.setText(text.format(count=ready))

    def _save_template(self) -> None:
        settings, kind = self._shell.settings, self.presenter.kind
        name = _("experts") if kind == "experts" else _("applications")
        proposed = Path(settings.export_folder or settings.last_folder) / f"{name}.xlsx"
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Save the empty workbook"), str(proposed), _("Workbooks (*.xlsx)")
        )
        if not chosen:
            return
        path = Path(chosen)
        settings.export_folder = str(path.parent)

        def write(_job: object) -> None:
            from qisp_desktop.services.templates import write

            write(kind, path)

        self._shell.tasks.run(
            self, write, lambda _none: self._template_written(path), failed=self.banner.show_error, store=False
        )

    def _template_written(self, path: Path) -> None:
        self.banner.say("good", _("The empty workbook is written: {path}").format(path=path))
