"""The first page: two large buttons, the recent files beside them, settings and About below."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QListView, QMenu, QStackedWidget, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import assets
from qisp_desktop.gui.opening import KINDS, PANEL, ROUND, FileKind
from qisp_desktop.gui.page import Page, Screen, Shell
from qisp_desktop.gui.start.presenter import RecentEntry, StartPresenter, when_text
from qisp_desktop.gui.widgets.card import Card, EmptyState, button, label
from qisp_desktop.gui.widgets.rows_model import Index
from qisp_desktop.gui.widgets.two_line_delegate import (
    ABSENT_ROLE,
    ICON_ROLE,
    SECOND_ROLE,
    SIDE_ROLE,
    TwoLineDelegate,
)

WIDEST = 1080
LEFT_WIDTH = 380
LOGO = 64


def start_screen(shell: Shell) -> Screen:
    """The first page, for the window."""
    presenter = StartPresenter(shell.settings, shell.tasks)
    return Screen(lambda: StartPage(shell, presenter), presenter)


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


class StartPage(Page):
    """The view of ``StartPresenter``."""

    def __init__(self, shell: Shell, presenter: StartPresenter) -> None:
        super().__init__(_("Home"))
        self._shell = shell
        self._presenter = presenter
        self.recent = RecentModel(presenter.entries, self)
        middle = QHBoxLayout()
        middle.setSpacing(24)
        middle.addLayout(self._welcome())
        middle.addWidget(self._recent_card(), 1)
        frame = QWidget()
        frame.setMaximumWidth(WIDEST)
        frame.setLayout(middle)
        middle.setContentsMargins(0, 24, 0, 24)
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addWidget(frame, 100)
        centred.addStretch(1)
        self.body.addLayout(centred, 1)
        presenter.changed.connect(self._refresh)
        self._refresh()
        self.open_panel.setFocus()

    def choose(self, kind: FileKind) -> None:
        """Ask for a file of ``kind`` and open it."""
        every = " ".join(f"*{one.suffix}" for one in KINDS)
        filters = [
            f"{_(kind.name)} (*{kind.suffix})",
            _("All files of this program ({patterns})").format(patterns=every),
        ]
        name, _chosen = QFileDialog.getOpenFileName(
            self, _("Open"), self._shell.settings.last_folder, ";;".join(filters)
        )
        if name:
            path = Path(name)
            self._shell.settings.last_folder = str(path.parent)
            self._shell.go.open(path)

    def _welcome(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addStretch(1)
        logo = QLabel()
        logo.setPixmap(assets.program_icon().pixmap(LOGO, LOGO))
        column.addWidget(logo)
        column.addWidget(label(_("QISP evaluation workbench"), "display", wrap=True))
        column.addWidget(label(_("Evaluating quality infrastructure one-stop service platforms"), "second", wrap=True))
        column.addSpacing(16)
        self.open_panel = button(_("Open a panel package…"), "big-primary", PANEL.icon, "on_accent")
        self.open_panel.setToolTip(_("The file that the secretariat handed out, ending in .qpanel (Ctrl+O)"))
        self.open_panel.clicked.connect(lambda: self.choose(PANEL))
        QShortcut(QKeySequence.StandardKey.Open, self, lambda: self.choose(PANEL))
        self.open_round = button(_("Open a round…"), "big", ROUND.icon)
        self.open_round.setToolTip(_("The secretariat's file of a year's evaluation, ending in .qround"))
        self.open_round.clicked.connect(lambda: self.choose(ROUND))
        for one in (self.open_panel, self.open_round):
            one.setMinimumWidth(LEFT_WIDTH)
            column.addWidget(one)
        column.addWidget(label(_("You can also drop a file onto this window."), "second", wrap=True))
        column.addStretch(2)
        column.addLayout(self._footer())
        return column

    def _footer(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.settings_button = button(_("Settings"), "quiet", "settings")
        self.settings_button.clicked.connect(self._shell.go.preferences)
        self.about_button = button(_("About"), "quiet", "about")
        self.about_button.clicked.connect(self._about)
        row.addWidget(self.settings_button)
        row.addWidget(self.about_button)
        row.addStretch(1)
        return row

    def _recent_card(self) -> Card:
        card = Card(_("Recently opened"))
        self.list = QListView()
        self.list.setModel(self.recent)
        self.list.setItemDelegate(TwoLineDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(_("Recently opened"))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.clicked.connect(self._open_entry)
        self.list.activated.connect(self._open_entry)
        QShortcut(
            QKeySequence.StandardKey.Delete, self.list, self._remove_current, context=Qt.ShortcutContext.WidgetShortcut
        )
        empty = EmptyState(
            "empty",
            _("Nothing opened yet"),
            _("Experts open the panel package from the secretariat; the passphrase is in the sealed letter."),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(empty)
        card.body.addWidget(self.stack, 1)
        return card

    def _refresh(self) -> None:
        self.recent.set_entries(self._presenter.entries)
        self.stack.setCurrentIndex(0 if self.recent.entries else 1)

    def _open_entry(self, index: Index) -> None:
        entry = self.recent.entries[index.row()]
        if entry.missing:
            self.banner.say(
                "warn",
                _("{name} is not where it was.").format(name=entry.path.name),
                _("Plug in the stick or connect the share it lies on: {folder}").format(folder=entry.path.parent),
                _("Remove from the list"),
                lambda: self._remove(entry.path),
            )
            self._presenter.look_for_files()
            return
        self._shell.go.open(entry.path)

    def _menu(self, at: QPoint) -> None:
        index = self.list.indexAt(at)
        if index.isValid():
            path = self.recent.entries[index.row()].path
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(_("Open"), lambda: self._open_entry(index))
            menu.addAction(_("Remove from the list"), lambda: self._remove(path))
            menu.popup(self.list.viewport().mapToGlobal(at))

    def _remove_current(self) -> None:
        if self.list.currentIndex().isValid():
            self._remove(self.recent.entries[self.list.currentIndex().row()].path)

    def _remove(self, path: Path) -> None:
        self._presenter.remove(path)
        self.banner.say(
            "info",
            _("{name} was taken off the list. The file itself is untouched.").format(name=path.name),
            action=_("Undo"),
            do=self._presenter.undo_remove,
        )

    def _about(self) -> None:
        from qisp_desktop.gui.start.about import AboutDialog

        AboutDialog(self._shell.tasks, self).open()
