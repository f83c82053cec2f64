"""The row of the seven kinds of material and the record, at the top of the pane."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from qisp_desktop.base.i18n import N_, _, ngettext
from qisp_desktop.domain.application import Application, Material
from qisp_desktop.domain.regulation import MaterialKind
from qisp_desktop.gui.stylesheet import role

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
        self._files = {kind: [one for one in materials if one.kind == kind] for kind in MaterialKind}
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
        for long in (True, False):
            for kind, button in self.buttons.items():
                self._label(kind, button, long or button.isChecked())
            self.record.setText(_("Record"))
            self.record.setToolTip(_("What the applicant stated: people, services, projects"))
            self._row.invalidate()
            if self._row.sizeHint().width() <= self.width():
                return

    def _label(self, kind: MaterialKind, button: QToolButton, long: bool) -> None:
        files = self._files.get(kind, [])
        text = f"{kind.value} {_(SHORT_NAMES[kind])}" if long else kind.value
        if len(files) > 1:
            text += f" ×{len(files)}"
        elif not files:
            text += " " + (_("missing") if long else "–")
        button.setText(text)
        button.setEnabled(bool(files) and not self._closed)
        button.setToolTip(f"{kind.value} {kind.label}: {self._state(files)}")
        button.setAccessibleName(button.toolTip())

    def _state(self, files: list[Material]) -> str:
        if not files:
            return _("missing")
        if self._closed:
            return _("closed")
        if len(files) == 1:
            return files[0].name
        return ngettext("{count} file", "{count} files", len(files)).format(count=len(files))
