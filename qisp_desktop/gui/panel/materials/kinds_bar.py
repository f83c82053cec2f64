"""The row of the seven kinds of material and the record, at the top of the pane."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from qisp_desktop.base.i18n import N_, _, labelled, ngettext
from qisp_desktop.domain.application import Application, Material
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.gui.panel.materials.find_bar import tool
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import label
from qisp_desktop.gui.widgets.elided_label import ElidedLabel

SHORT_NAMES = {
    MaterialKind.APPLICATION_FORM: N_("Form"),
    MaterialKind.REGISTRATION: N_("Certificate"),
    MaterialKind.RULES: N_("Rules"),
    MaterialKind.AUDIT_REPORT: N_("Audit"),
    MaterialKind.CAPABILITY: N_("Capability"),
    MaterialKind.PROJECT_LIST: N_("Projects"),
    MaterialKind.DECLARATION: N_("Declaration"),
}
"""What fits on a button; the full name is in its tooltip."""


class FilesRow(QWidget):
    """Where a kind has several files: which one is shown, and the ones before and after it."""

    material_chosen = Signal(object)
    """A Material."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._files: list[Material] = []
        self._place = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 4)
        self.name = ElidedLabel(middle=True)  # the end of a name holds its kind
        row.addWidget(self.name, 1)
        self.count = label("", "second")
        row.addWidget(self.count)
        self.before = tool("chevron-up", _("Previous file"))
        self.after = tool("chevron-down", _("Next file"))
        for button, by in ((self.before, -1), (self.after, 1)):
            button.clicked.connect(partial(self._go, by))
            row.addWidget(button)
        self.hide()

    def mark(self, application: Application | None, shown: Material | None) -> None:
        """Show the place of ``shown`` among the files of its kind; hidden where it is the only one."""
        materials = application.materials if application is not None else ()
        self._files = [one for one in materials if shown is not None and one.kind == shown.kind]
        self.setVisible(len(self._files) > 1)
        if shown is None or len(self._files) < 2:
            return
        self._place = self._files.index(shown)
        self.name.setText(shown.name)
        self.count.setText(f"{self._place + 1} / {len(self._files)}")
        self.before.setEnabled(self._place > 0)
        self.after.setEnabled(self._place + 1 < len(self._files))

    def _go(self, by: int) -> None:
        self.material_chosen.emit(self._files[self._place + by])


class KindsBar(QWidget):
    """A button for each kind, greyed where it is missing, and one for the record; several files make a menu."""

    material_chosen = Signal(object)
    """A Material."""
    record_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._files: dict[MaterialKind, list[Material]] = {}
        self._shown: Material | None = None
        self._closed = True
        self._labelled: object = None
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 8, 8, 4)
        self._row.setSpacing(2)
        self.buttons = {kind: self._button(partial(self._choose, kind)) for kind in MaterialKind}
        self._row.addStretch(1)
        self.record = self._button(self.record_chosen.emit)
        # Squeezed by a narrow window, the names go and the numbers stay.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._label_all()

    def show_application(self, application: Application | None) -> None:
        """Offer the files of ``application``."""
        materials = application.materials if application is not None else ()
        given = {kind: [one for one in materials if one.kind == kind] for kind in MaterialKind}
        self._files = given if application is not None else {}
        self._shown = None
        self.record.setEnabled(application is not None)
        self._label_all()

    def close_files(self, closed: bool) -> None:
        """While ``closed``, no material can be chosen, only the record."""
        self._closed = closed
        self._label_all()

    def mark(self, shown: Material | None, *, record: bool = False) -> None:
        """Show what is being read: a material, the record, or nothing."""
        self._shown = shown
        chosen = self.record if record else self.buttons[shown.kind] if shown is not None else None
        self._group.setExclusive(False)
        for button in (*self.buttons.values(), self.record):
            button.setChecked(button is chosen)
        self._group.setExclusive(True)
        self._label_all()

    def choose(self, place: int) -> None:
        """Choose the kind at ``place`` (from 0), or behind the kinds the record, as a click does."""
        (*self.buttons.values(), self.record)[place].click()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the numbers alone."""
        return QSize(0, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the names where there is room."""
        super().resizeEvent(event)
        self._label_all()

    def _button(self, act: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setProperty(*role("segment"))
        button.setCheckable(True)
        button.setMinimumSize(32, 32)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: act())
        self._group.addButton(button)
        self._row.addWidget(button)
        return button

    def _choose(self, kind: MaterialKind) -> None:
        files = self._files.get(kind, [])
        self.mark(self._shown, record=self.record.isChecked())  # until it is shown, nothing else is chosen
        if len(files) == 1:
            self.material_chosen.emit(files[0])
        elif files:
            self._menu(kind, files)

    def _menu(self, kind: MaterialKind, files: list[Material]) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for material in files:
            action = menu.addAction(material.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(material == self._shown)
            action.triggered.connect(lambda _checked, material=material: self.material_chosen.emit(material))
        button = self.buttons[kind]
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _label_all(self) -> None:
        shown = [button.isChecked() for button in self.buttons.values()]
        state = self._files, self._closed, shown, self.width()
        if state == self._labelled:
            return
        self._labelled = state
        self.record.setText(_("Record"))
        self.record.setToolTip(_("What the applicant stated: people, services, projects"))
        for named, own, word in (
            (True, True, _("missing")),
            (True, True, "–"),
            (False, True, "–"),
            (False, False, "–"),
        ):
            for kind, button in self.buttons.items():
                self._label(kind, button, named or (own and button.isChecked()), word)
            self._row.invalidate()
            if self._row.sizeHint().width() <= self.width():
                return

    def _label(self, kind: MaterialKind, button: QToolButton, named: bool, missing: str) -> None:
        files = self._files.get(kind, [])
        text = f"{kind.value} {_(SHORT_NAMES[kind])}" if named else kind.value
        if len(files) > 1:
            text += f" ×{len(files)}"
        elif not files and self._files:  # where there is no application to speak of, nothing is missing either
            text += " " + missing
        button.setText(text)
        button.setEnabled(bool(files) and not self._closed)
        button.setToolTip(labelled(f"{kind.value} {kind.label}", self._state(files)))
        button.setAccessibleName(button.toolTip())

    def _state(self, files: list[Material]) -> str:
        if not files and self._files:
            return _("missing")
        if self._closed:
            return _("closed")
        if len(files) == 1:
            return files[0].name
        return ngettext("{count} file", "{count} files", len(files)).format(count=len(files))
