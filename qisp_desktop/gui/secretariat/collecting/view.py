"""Collecting (回收): what came back and what it is, who is missing, conflicts, and scores on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QFontMetrics
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QStackedWidget, QWidget

from qisp_desktop.base.errors import sentences
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.collecting.board_pane import BoardPane
from qisp_desktop.gui.secretariat.collecting.conflicts_pane import ConflictsPane
from qisp_desktop.gui.secretariat.collecting.files_pane import FilesPane
from qisp_desktop.gui.secretariat.collecting.papers_pane import PapersPane
from qisp_desktop.gui.secretariat.collecting.presenter import BOARD, CONFLICTS, FILES, PAPERS, CollectingPresenter
from qisp_desktop.gui.secretariat.collecting.watching import FolderWatcher
from qisp_desktop.gui.secretariat.gate import OfficeGate
from qisp_desktop.gui.secretariat.section import AnyPresenter, SectionView, read_only_words
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.segments import Choice, Segments
from qisp_desktop.services.board_data import NOT_DUE, BoardRow, BoardState
from qisp_desktop.services.folder_watch import MOST_FILES


class CollectingView(SectionView):
    """The view of ``CollectingPresenter``: four panes, of which one is shown; most are made when first wanted."""

    def __init__(self, shell: Shell, presenter: AnyPresenter) -> None:
        super().__init__(shell, presenter, _("Collecting"))
        self.presenter = cast(CollectingPresenter, presenter)
        self.gate = OfficeGate(self.presenter.session)
        self.stack = QStackedWidget()
        self._board: BoardPane | None = None
        self._papers: PapersPane | None = None
        self._conflicts: ConflictsPane | None = None
        self.files = FilesPane(shell, self.presenter, self._choose_files)
        self.stack.addWidget(self.files)
        self.tabs = Segments(
            [
                Choice(FILES, _("Returned files")),
                Choice(BOARD, _("Board")),
                Choice(CONFLICTS, _("Conflicts")),
                Choice(PAPERS, _("Scores on paper")),
            ]
        )
        self.tabs.name(_("What to show"))
        self.watching = label("", "second", wrap=True)
        self._make_buttons()
        self._lay_out()
        self._wire()
        self.setAcceptDrops(True)
        self._show_pane(self.presenter.pane)
        self._show_watching()

    @property
    def board(self) -> BoardPane:
        """The board, made when first wanted: all panes at once would hold the window up."""
        if self._board is None:
            self._board = BoardPane(self.shell, self.presenter)
            self._board.matrix.cell_opened.connect(self._open_cell)
            self.stack.addWidget(self._board)
            self._board.refresh()
        return self._board

    @property
    def conflicts(self) -> ConflictsPane:
        """The pane of conflicts, made when first wanted."""
        if self._conflicts is None:
            self._conflicts = ConflictsPane(self.shell, self.presenter)
            self.stack.addWidget(self._conflicts)
            self._conflicts.refresh()
            self._conflicts.comparison.enable()
        return self._conflicts

    @property
    def papers(self) -> PapersPane:
        """The pane of scores on paper, made when first wanted."""
        if self._papers is None:
            self._papers = PapersPane(self.shell, self.presenter)
            self.stack.addWidget(self._papers)
            self._papers.refresh()
            self._papers.enable()
        return self._papers

    def is_spare(self) -> bool:
        """Not once papers were looked at: one may be half entered; nor while a conflict is being decided."""
        deciding = self._conflicts is not None and self._conflicts.comparison.is_begun
        return self._papers is None and not deciding and super().is_spare()

    def asks(self) -> tuple[QWidget, ...]:
        """The passphrase, for which files wait."""
        return (self.gate,)

    def refresh(self) -> None:
        """Show what was read in every pane that there is."""
        data = self.presenter.data
        if data is None:
            return
        for pane in (self._board, self._conflicts, self._papers):
            if pane is not None:
                pane.refresh()
        count = len(data.board.undecided)
        text = _("Conflicts ({count})").format(count=count) if count else _("Conflicts")
        tab = self.tabs.buttons[CONFLICTS]
        tab.setText(text)
        bold = QFontMetrics(theme.current().font(bold=True)).horizontalAdvance(text)
        tab.setMinimumWidth(bold + theme.current().px(24))
        self._enable()

    def take_wish(self) -> None:
        """Go to the application, the expert or the pane that another section names."""
        wish = self.presenter.wish
        data = self.presenter.data
        if data is None or wish is None:
            return
        self.presenter.wish = None
        if wish in (FILES, BOARD, CONFLICTS, PAPERS):
            self._show_pane(str(wish))
        elif any(one.application == wish for one in data.board.undecided):
            self._show_pane(CONFLICTS)
            self.conflicts.show_conflict(str(wish))
        elif any(one.application == wish and one.is_open for one in data.papers):
            self._show_pane(PAPERS)
            self.papers.show_paper(str(wish))
        else:
            self._show_pane(BOARD)
            self.board.show_wish(str(wish))

    def show_busy(self, what: str) -> None:
        """Nothing else can be begun while something is being done, but files can be dropped: they wait."""
        super().show_busy(what)
        self._enable()

    # Dropping -------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders can be dropped anywhere in the section."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """As entering."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Collect what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self._collect(paths)

    # ----------------------------------------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.choose = button(_("Choose files…"), "primary", "plus", "on_accent")
        self.choose.clicked.connect(self._choose_files)
        self.folder = button(_("Collect a folder…"), "", "folder")
        self.folder.clicked.connect(self._choose_folder)
        self.watch = button(_("Watch a folder…"), "", "refresh")
        self.watch.clicked.connect(self._watch)
        self.deep = QCheckBox(_("Compare the papers too"))
        self.deep.setToolTip(
            _("Renders each signed paper anew from the signed data and compares the two; takes much longer.")
        )
        self.deep.setChecked(self.presenter.deep)
        self.deep.toggled.connect(self._set_deep)

    def _lay_out(self) -> None:
        for part in (self.deep, self.watch, self.folder, self.choose):
            self.corner.addWidget(part)
        row = QHBoxLayout()
        row.addWidget(self.tabs)
        row.addWidget(self.watching, 1)
        self.body.addWidget(self.gate)
        self.body.addLayout(row)
        self.body.addWidget(self.stack, 1)

    def _wire(self) -> None:
        presenter = self.presenter
        self.tabs.picked.connect(self._show_pane)
        presenter.keys_wanted.connect(self._ask_for_keys)
        presenter.watcher.changed.connect(self._show_watching)
        self.gate.left.connect(presenter.give_up_waiting)

    def _show_pane(self, key: str) -> None:
        self.presenter.pane = key
        self.tabs.show_key(key)
        self.stack.setCurrentWidget(self._pane(key))

    def _pane(self, key: str) -> QWidget:
        if key in (FILES, BOARD):
            return self.files if key == FILES else self.board
        return self.conflicts if key == CONFLICTS else self.papers

    def _open_cell(self, row: BoardRow, expert: str) -> None:
        """Lead to what can be done with a cell of the board: decide it, confirm its paper, or enter one."""
        data = self.presenter.data
        if data is None or not expert:
            return
        place = next(n for n, one in enumerate(data.board.experts) if one.id == expert)
        state = row.cells[place].state
        if state is BoardState.CONFLICT:
            self._show_pane(CONFLICTS)
            self.conflicts.show_conflict(row.number, expert)
        elif state not in NOT_DUE:
            self._show_pane(PAPERS)
            self.papers.show_paper(row.number, expert)

    def _enable(self) -> None:
        writable = self.presenter.session.writable
        for part in (self.choose, self.folder, self.watch):
            part.setEnabled(writable)
            part.setToolTip("" if writable else read_only_words())
        if self._conflicts is not None:
            self._conflicts.comparison.enable()
        if self._papers is not None:
            self._papers.enable()

    def _ask_for_keys(self, why: str) -> None:
        if self.gate.isVisible():
            self.gate.why.setText(why)  # somebody may be typing
        else:
            self.gate.ask(why, self.presenter.go_on)

    def _collect(self, paths: list[Path]) -> None:
        if paths:
            self.shell.settings.last_folder = str(paths[0].parent)
            self._show_pane(FILES)
            self.presenter.collect(paths)

    def _choose_files(self) -> None:
        pattern = _("Returned files and score forms (*.qscore *.xlsx)")
        chosen, _kind = QFileDialog.getOpenFileNames(
            self, _("Files to collect"), self.shell.settings.last_folder, pattern
        )
        self._collect([Path(one) for one in chosen])

    def _choose_folder(self) -> None:
        self._with_folder(_("Folder to collect"), lambda folder: self._collect([folder]))

    def _watch(self) -> None:
        if self.presenter.watcher.folder is not None:
            self.presenter.watcher.stop()
            return
        self._with_folder(_("Folder to watch"), self._watch_folder, self.shell.settings.watch_folder)

    def _watch_folder(self, folder: Path) -> None:
        self.shell.settings.watch_folder = str(folder)
        self._show_pane(FILES)
        self.presenter.watch(folder)

    def _with_folder(self, title: str, do: Callable[[Path], None], start: str = "") -> None:
        chosen = QFileDialog.getExistingDirectory(self, title, start or self.shell.settings.last_folder)
        if chosen:
            do(Path(chosen))

    def _set_deep(self, on: bool) -> None:
        self.presenter.deep = on

    def _show_watching(self) -> None:
        watcher = self.presenter.watcher
        folder = watcher.folder
        self.watch.setText(_("Watch a folder…") if folder is None else _("Stop watching"))
        if folder is None:
            self.watching.setText("")
        elif watcher.trouble:
            text = _("⚠ {folder} cannot be read now: {why} It is tried again every few seconds.")
            self.watching.setText(text.format(folder=folder, why=watcher.trouble))
        else:
            self.watching.setText(watching_words(folder, watcher))


def watching_words(folder: Path, watcher: FolderWatcher) -> str:
    """What is watched, what is waited for, and what is passed over there."""
    parts = [_("Watching {folder}.").format(folder=folder)]
    if watcher.waiting:
        text = ngettext("{count} file is still being copied.", "{count} files are still being copied.", watcher.waiting)
        parts.append(text.format(count=watcher.waiting))
    if watcher.full:
        text = _("⚠ It holds more than {count} files, the rest is not looked at: watch a smaller folder.")
        parts.append(text.format(count=f"{MOST_FILES:,}"))
    if watcher.closed:
        text = ngettext(
            "⚠ {count} folder in it lies too deep or cannot be read.",
            "⚠ {count} folders in it lie too deep or cannot be read.",
            watcher.closed,
        )
        parts.append(text.format(count=watcher.closed))
    if watcher.others:
        text = ngettext("{count} file of another kind is left alone.", "{count} files of other kinds are left alone.",
            watcher.others,
        )  # fmt: skip
        parts.append(text.format(count=watcher.others))
    return sentences(*parts)
