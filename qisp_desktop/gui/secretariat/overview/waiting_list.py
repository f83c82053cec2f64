"""What waits for the clerk, each a link to where it is done."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, Qt, Signal
from PySide6.QtWidgets import QListView, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.widgets.rows_model import DOT_ROLE, Index
from qisp_desktop.gui.widgets.status_dot import Dot
from qisp_desktop.gui.widgets.two_line_delegate import SECOND_ROLE, SIDE_ROLE, TwoLineDelegate
from qisp_desktop.services.overview_values import Waiting


class WaitingModel(QAbstractListModel):
    """What waits, for the list."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[Waiting, ...] = ()

    def set_rows(self, rows: tuple[Waiting, ...]) -> None:
        """Show ``rows``."""
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many things wait."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What waits, which it is, and how urgent."""
        row = self.rows[index.row()]
        urgent = _("needs a decision") if row.urgent else ""
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.what
            case Qt.ItemDataRole.ToolTipRole:
                return row.which
            case Qt.ItemDataRole.AccessibleTextRole:
                return _("; ").join(part for part in (urgent, row.what, row.which) if part)
            case _ if role == SECOND_ROLE:
                return row.which
            case _ if role == DOT_ROLE:
                return Dot.CONFLICT if row.urgent else Dot.STARTED
            case _ if role == SIDE_ROLE:
                return urgent
        return None


class WaitingList(QListView):
    """The list; a click or Enter goes there."""

    wanted = Signal(str, object)
    """The section's key, and what it should show first."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = WaitingModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(TwoLineDelegate(self))
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(_("What waits for you"))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._go)
        self.activated.connect(self._go)

    def _go(self, index: Index) -> None:
        if index.isValid():
            row = self.rows.rows[index.row()]
            self.wanted.emit(row.section, row.wish)
