"""The first page: three large buttons, the recent files beside them, settings and About below."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui import assets
from qisp_desktop.gui.opening import KINDS, PANEL, ROUND, FileKind
from qisp_desktop.gui.page import Page, Screen, Shell
from qisp_desktop.gui.start.presenter import StartPresenter
from qisp_desktop.gui.start.recent_list import RecentList
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.scrolled import scrolled

WIDEST, HIGHEST = 1080, 760
LEFT_WIDTH = 380
LOGO = 64


def start_screen(shell: Shell) -> Screen:
    """The first page, for the window."""
    presenter = StartPresenter(shell.settings, shell.tasks)
    presenter.look_for_files()
    return Screen(lambda: StartPage(shell, presenter), presenter)


class StartPage(Page):
    """The view of ``StartPresenter``."""

    def __init__(self, shell: Shell, presenter: StartPresenter) -> None:
        super().__init__(_("Home"))
        self._shell = shell
        self._presenter = presenter
        middle = QHBoxLayout()
        middle.setSpacing(24)
        middle.addWidget(self._welcome())
        middle.addWidget(self._recent_files(), 1)
        frame = QWidget()
        frame.setMaximumSize(WIDEST, HIGHEST)
        frame.setLayout(middle)
        middle.setContentsMargins(0, 24, 0, 24)
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addWidget(frame, 100)
        centred.addStretch(1)
        self.body.addLayout(centred, 1)
        self.open_panel.setFocus()

    def choose(self, kind: FileKind) -> None:
        """Ask for a file of ``kind`` and open it."""
        from PySide6.QtWidgets import QFileDialog

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

    def _welcome(self) -> QScrollArea:
        welcome = QWidget()
        column = QVBoxLayout(welcome)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addStretch(1)
        logo = QLabel()
        logo.setPixmap(assets.logo(LOGO, self.devicePixelRatioF()))
        column.addWidget(logo)
        column.addWidget(label(_("QISP evaluation workbench"), "display", wrap=True))
        column.addWidget(label(_("Evaluating quality infrastructure one-stop service platforms"), "second", wrap=True))
        column.addSpacing(8)
        self.open_panel = button(_("Open a panel package…"), "big-primary", PANEL.icon, "on_accent")
        self.open_panel.setToolTip(_("The file that the secretariat handed out, ending in .qpanel (Ctrl+O)"))
        self.open_panel.setShortcut("Ctrl+O")
        self.open_panel.clicked.connect(lambda: self.choose(PANEL))
        self.open_round = button(_("Open a round…"), "big", ROUND.icon)
        self.open_round.setToolTip(_("The secretariat's file of a year's evaluation, ending in .qround"))
        self.open_round.clicked.connect(lambda: self.choose(ROUND))
        self.new_round = button(_("New round…"), "big", "plus")
        self.new_round.setToolTip(_("Found the evaluation of a year (Ctrl+N)"))
        self.new_round.setShortcut("Ctrl+N")
        self.new_round.clicked.connect(self._new_round)
        for one in (self.open_panel, self.open_round, self.new_round):
            one.setMinimumWidth(LEFT_WIDTH)
            column.addWidget(one)
        self.open_server = button(_("Open a round on a server…"), "link", "server", "accent_text")
        self.open_server.clicked.connect(self._open_server)
        beside = QHBoxLayout()
        beside.addWidget(self.open_server)
        beside.addStretch(1)
        column.addLayout(beside)
        column.addWidget(label(_("You can also drop a file onto this window."), "second", wrap=True))
        column.addStretch(2)
        column.addLayout(self._footer())
        area = scrolled(welcome)
        area.setMinimumWidth(welcome.minimumSizeHint().width() + area.verticalScrollBar().sizeHint().width())
        return area

    def _recent_files(self) -> Card:
        card = Card(_("Recently opened"))
        self.recent = RecentList(self._shell, self._presenter, self.banner)
        card.body.addWidget(self.recent, 1)
        return card

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

    def _new_round(self) -> None:
        from qisp_desktop.gui.secretariat.new_round.page import new_round_screen

        self._shell.go.show(new_round_screen(self._shell))

    def _open_server(self) -> None:
        from qisp_desktop.gui.start.server_page import server_screen

        self._shell.go.show(server_screen(self._shell))

    def _about(self) -> None:
        from qisp_desktop.gui.start.about import AboutDialog

        AboutDialog(self._shell.tasks, self).open()
