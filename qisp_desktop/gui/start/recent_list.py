"""The recent files: open one, take one off the list, see which are gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QListView, QMenu, QStackedWidget, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.start.presenter import RecentEntry, StartPresenter
from qisp_desktop.gui.widgets.banner import Banner
from qisp_desktop.gui.widgets.empty_state import EmptyState
from qisp_desktop.gui.widgets.rows_model import Index
from qisp_desktop.gui.widgets.two_line_delegate import (
    ABSENT_ROLE,
    ICON_ROLE,
    SECOND_ROLE,
    SIDE_ROLE,
    TwoLineDelegate,
)


def when_text(opened: datetime, now: datetime) -> str:
    """When a file was opened, as people say it; both times with their zone, shown in the zone of ``now``."""
    local = opened.astimezone(now.tzinfo)
    clock = local.strftime("%H:%M")
    if local.date() == now.date():
        return _("today {time}").format(time=clock)
    if local.date() == now.date() - timedelta(days=1):
        return _("yesterday {time}").format(time=clock)
    return local.strftime("%Y-%m-%d")


class RecentModel(QAbstractListModel):
    """The recent files for the list."""

    def __init__(self, entries: list[RecentEntry], parent: QWidget) -> None:
        super().__init__(parent)
        self.entries = entries

    def set_entries(self, entries: list[RecentEntry]) -> None:
        """Show ``entries`` from now on."""
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Files in the list."""
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, place, time and icon of a file, and what a screen reader says."""
        entry = self.entries[index.row()]
        side = _("not found") if entry.missing else when_text(entry.opened, datetime.now(UTC).astimezone())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.path.name
            case Qt.ItemDataRole.ToolTipRole:
                return str(entry.path)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{entry.path.name}, {entry.kind_name}, {side}"
            case _ if role == SECOND_ROLE:
                return f"{entry.kind_name} · {entry.path.parent}"
            case _ if role == ICON_ROLE:
                return entry.kind.icon if entry.kind is not None else "about"
            case _ if role == ABSENT_ROLE:
                return entry.missing
            case _ if role == SIDE_ROLE:
                return side
        return None


class RecentList(QStackedWidget):
    """The list, or what to do where it is empty; what it has to say goes into ``banner``."""

    def __init__(self, shell: Shell, presenter: StartPresenter, banner: Banner) -> None:
        super().__init__()
        self._shell = shell
        self._presenter = presenter
        self._banner = banner
        self.model = RecentModel(presenter.entries, self)
        self.view = self._view()
        self.addWidget(self.view)
        self.addWidget(
            EmptyState(
                "empty",
                _("Nothing opened yet"),
                _("Experts open the panel package from the secretariat; the passphrase is in the sealed letter."),
            )
        )
        presenter.changed.connect(self._refresh)
        self._refresh()

    def _view(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(TwoLineDelegate(view))
        view.setMouseTracking(True)
        view.setAccessibleName(_("Recently opened"))
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._menu)
        view.clicked.connect(self._open_entry)
        for keys in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_key(view, QKeySequence(keys), lambda: self._open_entry(view.currentIndex()))
        self._on_key(view, QKeySequence(QKeySequence.StandardKey.Delete), self._remove_current)
        return view

    @staticmethod
    def _on_key(view: QListView, keys: QKeySequence, do: Callable[[], None]) -> None:
        shortcut = QShortcut(keys, view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(do)

    def _refresh(self) -> None:
        self.model.set_entries(self._presenter.entries)
        self.setCurrentIndex(0 if self.model.entries else 1)

    def _open_entry(self, index: Index) -> None:
        if not index.isValid():
            return
        entry = self.model.entries[index.row()]
        if not entry.missing:
            self._shell.go.open(entry.path)
            return
        self._banner.say(
            "warn",
            _("{name} is not where it was.").format(name=entry.path.name),
            _("Plug in the stick or connect the share it lies on: {folder}").format(folder=entry.path.parent),
            _("Remove from the list"),
            lambda: self._remove(entry.path),
        )
        self._presenter.look_for_files()

    def _menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        if index.isValid():
            path = self.model.entries[index.row()].path
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(_("Open"), lambda: self._open_entry(index))
            menu.addAction(_("Remove from the list"), lambda: self._remove(path))
            menu.popup(self.view.viewport().mapToGlobal(at))

    def _remove_current(self) -> None:
        if self.view.currentIndex().isValid():
            self._remove(self.model.entries[self.view.currentIndex().row()].path)

    def _remove(self, path: Path) -> None:
        self._presenter.remove(path)
        self._banner.say(
            "info",
            _("{name} was taken off the list. The file itself is untouched.").format(name=path.name),
            action=_("Undo"),
            do=self._presenter.undo_remove,
        )
