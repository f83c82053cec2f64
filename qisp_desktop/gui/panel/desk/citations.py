"""The evidence that a score rests on: a mark for each cited page, which leads there, and a way to cite another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.score_sheet import Evidence
from qisp_desktop.gui import assets
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import button
from qisp_desktop.gui.widgets.flow_layout import FlowLayout


def citation_text(evidence: Evidence, application: Application | None) -> str:
    """A citation as the expert reads it: ``application form p. 3``, or the file's name where it is no material."""
    materials = application.materials if application is not None else ()
    kind = next((one.kind.label for one in materials if one.sha256 == evidence.sha256), evidence.name)
    return _("{name} p. {page}").format(name=kind, page=evidence.page) if evidence.page else kind


class Citations(QWidget):
    """The citations of one criterion in a row, and the button that cites the shown page."""

    followed = Signal(object)
    """The Evidence that the person wants to see."""
    removed = Signal(object)
    """The Evidence to take away."""
    asked = Signal()
    """The shown page is to be cited."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = FlowLayout(self)
        self._shown: Sequence[Evidence] = ()
        self._removable = True
        self.marks: list[QFrame] = []
        self.cite = button(_("Cite this page"), "link")
        self.cite.setToolTip(_("Cite the page that is shown (Ctrl+E)"))
        self.cite.clicked.connect(self.asked)
        self._row.addWidget(self.cite)

    def show_evidence(self, evidence: Sequence[Evidence], application: Application | None, *, editable: bool) -> None:
        """Show ``evidence``; it can be taken away, and added to, where it is ``editable``."""
        self.cite.setVisible(editable)
        if evidence == self._shown and editable == self._removable and len(self.marks) == len(evidence):
            return
        self._shown, self._removable = evidence, editable
        for mark in self.marks:
            self._row.removeWidget(mark)
            mark.hide()
            mark.deleteLater()
        self._row.removeWidget(self.cite)
        self.marks = [self._mark(one, citation_text(one, application), editable) for one in evidence]
        for mark in self.marks:
            self._row.addWidget(mark)
        self._row.addWidget(self.cite)
        self.updateGeometry()

    @property
    def stops(self) -> list[QWidget]:
        """Where the Tab key stops, in the order in which they stand."""
        kinds = (QPushButton, QToolButton)
        return [*(one for mark in self.marks for kind in kinds for one in mark.findChildren(kind)), self.cite]

    def _mark(self, evidence: Evidence, text: str, removable: bool) -> QFrame:
        mark = QFrame()
        mark.setProperty(*role("citation"))
        row = QHBoxLayout(mark)
        row.setContentsMargins(4, 0, 2, 0)
        row.setSpacing(0)
        link = button(text, "link")
        link.setToolTip(_("Show {page}").format(page=text))
        link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        link.clicked.connect(lambda: self.followed.emit(evidence))
        row.addWidget(link)
        if removable:
            cross = QToolButton()
            assets.set_icon(cross, "close", "second")
            name = _("Take away: {page}").format(page=text)
            cross.setToolTip(name)
            cross.setAccessibleName(name)
            cross.clicked.connect(lambda: self.removed.emit(evidence))
            row.addWidget(cross)
        return mark
