"""The left column of the desk: the applications, how each stands, search and filter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QListView, QProgressBar, QStackedWidget, QVBoxLayout

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.panel.desk.statuses import DOTS, ORDER
from qisp_desktop.gui.panel.desk.unfinished import Listing
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import label
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.flow_layout import FlowLayout
from qisp_desktop.gui.widgets.rows_model import DOT_ROLE, Column, Index, RowsModel
from qisp_desktop.gui.widgets.search_field import SearchField
from qisp_desktop.gui.widgets.two_line_delegate import SECOND_ROLE, SIDE_ROLE, TwoLineDelegate
from qisp_desktop.services.desk import DeskItem, DeskStatus

BY_NUMBER, BY_TOTAL, BY_STATUS = range(3)


class ApplicationsModel(RowsModel[DeskItem]):
    """The applications for the list; the columns are what is searched and sorted by, one of them is painted."""

    def __init__(self, presenter: DeskPresenter) -> None:
        self._points_text = presenter.sheets.points_text
        super().__init__(
            [
                Column(_("Number"), lambda item: item.number),
                Column(_("Total"), lambda item: "", key=lambda item: None if item.total is None else -item.total),
                Column(_("Status"), lambda item: "", key=lambda item: ORDER[item.status]),
                Column(_("Platform"), lambda item: item.platform),
                Column(_("Applicant"), lambda item: item.applicant),
            ]
        )
        self.set_rows(presenter.sheets.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The two lines of an application, its dot, its total, and what a screen reader says."""
        if not index.isValid():
            return None
        item = self.row(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return item.platform or item.number
            case _ if role == SECOND_ROLE:
                return f"{item.number} · {status_text(item)}"
            case _ if role == DOT_ROLE:
                return DOTS[item.status]
            case _ if role == SIDE_ROLE:
                return "" if item.total is None else self._points_text(item.total)
            case Qt.ItemDataRole.ToolTipRole:
                return f"{item.platform}\n{item.applicant}\n{item.number} · {item.status.label}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{item.number}, {item.platform}, {item.status.label}, {self._points_text(item.total)}"
        return None


class RowsList(QListView):
    """A list whose rows are all of one size: a changed row is painted anew, and nothing is laid out for it."""

    browsed = False
    """Whether the keyboard chose last here, and will go on choosing; a click goes to work on what it chose."""

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Qt would lay out and paint the whole list, for each key that changes a score."""
        for place in range(first.row(), last.row() + 1):
            self.update(self.model().index(place, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose; a digit is the beginning of a score, as everywhere on the desk."""
        self.browsed = True
        if event.text().isdecimal():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose."""
        self.browsed = False
        super().mousePressEvent(event)


def status_text(item: DeskItem) -> str:
    """The status in words; of what was begun, how much is left."""
    if item.status is DeskStatus.DRAFT:
        count = len(item.missing)
        return ngettext("{count} left", "{count} left", count).format(count=count)
    return item.status.label


class ApplicationList(QFrame):
    """The view of all applications; choosing one makes it the current one."""

    left = Signal()
    """Enter was pressed on an application, or Escape in the empty search: the score column has the word."""

    def __init__(self, presenter: DeskPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self.setProperty(*role("card"))
        self.model = ApplicationsModel(presenter)
        self.model.setParent(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 8, 8)
        column.setSpacing(8)
        column.addLayout(self._head())
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        column.addWidget(self.bar)
        self.search = SearchField(_("Search (Ctrl+F)"))
        self.search.setToolTip(_("By number, platform, applicant or the initials of their pinyin"))
        self.search.searched.connect(self._search)
        self.search.installEventFilter(self)
        column.addWidget(self.search)
        column.addLayout(self._choices())
        self.stack = QStackedWidget()
        self.list = self._list()
        self.stack.addWidget(self.list)
        self.stack.addWidget(EmptyState("search", _("Nothing found"), _("Try another part of the name or number.")))
        self.stack.addWidget(EmptyState("empty", _("No application to score"), _("Ask the secretariat.")))
        column.addWidget(self.stack, 1)
        presenter.entry_changed.connect(self._refresh_row)
        presenter.application_changed.connect(self._show_current)
        presenter.reloaded.connect(self._reload)
        self._count()
        self._take_up(presenter.listing)
        self._show_stack()
        self._show_current()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the current application in sight, as when a banner takes some of the room."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, lambda: self.list.scrollTo(self.list.currentIndex()))

    @property
    def browsing(self) -> bool:
        """Whether the person goes through the list by keyboard, and the keys are to stay there."""
        return self.list.hasFocus() and self.list.browsed

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search, Down and Enter lead to what was found; Escape, where nothing is sought, to the sheet."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        match event.key():
            case Qt.Key.Key_Down:
                self._go_to_found()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._search(self.search.text())
                self._go_to_found()
            case Qt.Key.Key_Escape if not self.search.text():
                self.left.emit()
            case _:
                return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads to the sheet."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _go_to_found(self) -> None:
        if not self.model.rows:
            return
        self.list.browsed = True
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.list.selectionModel().hasSelection():
            self.list.setCurrentIndex(self.model.index(0, 0))

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(_("Applications"), "heading"))
        row.addStretch(1)
        self.counted = label("", "second")
        row.addWidget(self.counted)
        return row

    def _choices(self) -> FlowLayout:
        row = FlowLayout()
        self.filter = QComboBox()
        self.filter.setAccessibleName(_("Which applications"))
        self.filter.addItem(_("All"), None)
        for status in ORDER:
            self.filter.addItem(status.label, status)
        self.filter.currentIndexChanged.connect(self._filter)
        self.order = QComboBox()
        self.order.setAccessibleName(_("In which order"))
        for place, name in ((BY_NUMBER, _("By number")), (BY_TOTAL, _("By total")), (BY_STATUS, _("By status"))):
            self.order.addItem(name, place)
        self.order.currentIndexChanged.connect(self._sort)
        row.addWidget(self.filter)
        row.add_stretch()
        row.addWidget(self.order)
        return row

    def _list(self) -> RowsList:
        view = RowsList()
        view.setModel(self.model)
        view.setItemDelegate(TwoLineDelegate(view))
        view.setMouseTracking(True)
        view.setUniformItemSizes(True)
        view.setAccessibleName(_("Applications"))
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.selectionModel().currentChanged.connect(self._chosen)
        view.activated.connect(lambda _index: self.left.emit())
        return view

    def _take_up(self, listing: Listing) -> None:
        """Search, filter and sort as the page before this one did."""
        self.search.setText(listing.query)
        self.model.search(listing.query)
        self.filter.setCurrentIndex(self.filter.findData(listing.status))
        self.order.setCurrentIndex(self.order.findData(listing.order))

    def _keep_listing(self) -> None:
        status, order = self.filter.currentData(), int(self.order.currentData())
        self._presenter.listing = Listing(self.search.text(), status, order)

    def _search(self, query: str) -> None:
        self.model.search(query)
        self._keep_listing()
        self._show_stack()
        self._show_current()

    def _filter(self) -> None:
        status = self.filter.currentData()
        self.model.only(None if status is None else lambda item: item.status == status)
        self._keep_listing()
        self._show_stack()
        self._show_current()

    def _sort(self) -> None:
        self.model.sort(int(self.order.currentData()))
        self._keep_listing()
        self._show_current()

    def _show_stack(self) -> None:
        self.stack.setCurrentIndex(0 if self.model.rows else 1 if self.model.total else 2)

    def _chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            self._presenter.select(self.model.row(index).number)

    def _refresh_row(self, number: str, _code: str) -> None:
        held = self._held.get(number)
        if held is not None:
            item = self._presenter.sheets.item(number)
            self.model.replace_row(held, item)
            self._held[number] = item
            if held.status is not item.status:
                self._count()

    def _reload(self) -> None:
        self.model.set_rows(self._presenter.sheets.items)
        self._count()
        self._show_stack()

    def _count(self) -> None:
        items = self._presenter.sheets.items
        self._held = {item.number: item for item in items}
        done = self._presenter.sheets.done
        text = _("{done} of {total} done").format(done=done, total=len(items))
        self.counted.setText(text)
        self.bar.setRange(0, max(1, len(items)))
        self.bar.setValue(done)
        self.bar.setAccessibleName(text)

    def _show_current(self) -> None:
        """Select the current application where the list shows it."""
        number = self._presenter.number
        selection = self.list.selectionModel()
        current = self.list.currentIndex()
        if current.isValid() and self.model.row(current).number == number:
            return
        place = next((place for place, item in enumerate(self.model.rows) if item.number == number), -1)
        if place < 0:
            selection.clear()
            return
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        selection.setCurrentIndex(self.model.index(place, 0), flag)
        self.list.scrollTo(self.model.index(place, 0))
