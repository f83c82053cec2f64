"""Countersigning in the leader's desk: the papers and the signing on the left, the chosen paper on the right."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.panel.countersigning.kept import Run
from qisp_desktop.gui.panel.countersigning.paper_reader import PaperReader
from qisp_desktop.gui.panel.countersigning.paper_table import PapersCard
from qisp_desktop.gui.panel.countersigning.presenter import CountersigningPresenter
from qisp_desktop.gui.panel.countersigning.sign_card import SignCard
from qisp_desktop.gui.panel.countersigning.words import why
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.tasks import Progress
from qisp_desktop.gui.widgets.banner import Banner
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.scrolled import scrolled
from qisp_desktop.gui.widgets.segments import Choice, Segments
from qisp_desktop.services.leader_papers import LeaderPaper

SPLITTER = "countersigning-splitter"
FIRST_WIDTHS = (904, 426)
SMALLEST_READER = 280
NARROW = 900
"""Pixels at 100 % below which the paper is a side of its own."""
LIST, PAPER = "list", "paper"


class CountersigningView(QWidget):
    """The view of ``CountersigningPresenter``; ``back`` leads to scoring."""

    def __init__(self, shell: Shell, desk: DeskPresenter, back: Callable[[], None]) -> None:
        super().__init__()
        self._shell = shell
        self._back = back
        self.presenter = CountersigningPresenter.of(desk, shell.tasks)
        self.presenter.take_up()
        self.banner = Banner()
        self.papers = PapersCard(self.presenter, shell.settings)
        self.signing = SignCard(self.presenter, shell.settings)
        self.reader = PaperReader(shell.tasks)
        self.leave = button(_("Back to scoring"), "quiet", "back")
        self.leave.setToolTip(_("Back to scoring (Esc)"))
        self.heading = label(_("Countersign as the panel's leader"), "heading")
        self.sides = Segments([Choice(LIST, _("List")), Choice(PAPER, _("Paper"))])
        self.sides.name(_("What is shown"))
        self.sides.show_key(LIST)
        self.sides.hide()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._narrow = False
        self._lay_out()
        self._wire()
        self._keys()
        self._order_for_tab()
        self.presenter.speak()
        self._show_busy()
        self._show(self.papers.current)
        self._show_news()

    def take_in(self, paths: list[Path]) -> None:
        """Examine what was dropped or chosen."""
        if paths:
            self.banner.put_away()
            self._shell.settings.last_folder = str(paths[0].parent)
            self.presenter.add(paths)

    def choose_files(self) -> None:
        """Ask for papers."""
        pattern = _("Papers (*.pdf)")
        names, _filter = QFileDialog.getOpenFileNames(self, _("Add papers"), self._shell.settings.last_folder, pattern)
        self.take_in([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Ask for a folder whose PDFs are all added."""
        title = _("Add the papers of a folder")
        name = QFileDialog.getExistingDirectory(self, title, self._shell.settings.last_folder)
        self.take_in([Path(name)] if name else [])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back."""
        if event.key() == Qt.Key.Key_Escape:
            self._back()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The paper stands beside the list where there is room for both."""
        super().resizeEvent(event)
        px = theme.current().px
        narrow = event.size().width() < px(NARROW)
        wanted = self.signing.minimumSizeHint().width()
        self.left.setMinimumWidth(0 if narrow else wanted)
        self.reader.setMinimumWidth(0 if narrow else px(SMALLEST_READER))
        if narrow != self._narrow:
            self._narrow = narrow
            self.heading.setVisible(not narrow)
            self.sides.setVisible(narrow)
            self.papers.set_narrow(narrow)
            self._show_side(LIST)

    def _show_side(self, side: str) -> None:
        self.sides.show_key(side)
        self.left.setVisible(not self._narrow or side == LIST)
        self.reader.setVisible(not self._narrow or side == PAPER)

    # ----------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        count, *tools = self.papers.tools
        head.addWidget(self.leave)
        head.addWidget(self.heading)
        head.addWidget(self.sides)
        head.addWidget(count, 1)
        for tool in tools:
            head.addWidget(tool)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.papers, 1)
        column.addWidget(self.signing)
        self.left = scrolled(left)
        self.splitter.setHandleWidth(12)
        self.splitter.setChildrenCollapsible(False)
        for place, part in enumerate((self.left, self.reader)):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(place, 1 - place)
        if not self.splitter.restoreState(self._shell.settings.bytes_of(SPLITTER)):
            self.splitter.setSizes(FIRST_WIDTHS)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addWidget(self.banner)
        whole.addWidget(self.splitter, 1)

    def _wire(self) -> None:
        presenter = self.presenter
        self.leave.clicked.connect(lambda: self._back())
        self.sides.picked.connect(self._show_side)
        self.splitter.splitterMoved.connect(self._remember_widths)
        self.papers.files_wanted.connect(self.choose_files)
        self.papers.folder_wanted.connect(self.choose_folder)
        self.papers.current_changed.connect(self._show)
        presenter.changed.connect(self._show_changed)
        presenter.chosen_changed.connect(self.signing.check)
        presenter.busy_changed.connect(self._show_busy)
        presenter.progressed.connect(self._advance)
        presenter.nothing_found.connect(self._say_nothing_found)
        presenter.previewed.connect(self._paper_there)
        presenter.preview_failed.connect(self._paper_failed)
        presenter.unproven.connect(self.signing.show_unproven)
        presenter.news_changed.connect(self._hear_news)

    def _keys(self) -> None:
        for keys, act in (
            ("Ctrl+O", self.choose_files),
            ("Ctrl+Shift+O", self.choose_folder),
            ("F5", self.presenter.look_again),
            ("Ctrl+Return", self.signing.start),
            ("Ctrl+Enter", self.signing.start),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _order_for_tab(self) -> None:
        """From the top to the bottom, then the paper."""
        # What is made of several parts goes as one: its parts stay behind it.
        _count, *tools = self.papers.tools
        top: list[QWidget] = [self.leave, self.sides, *tools, self.banner.action]
        stops = [*top, *self.papers.stops, *self.signing.stops, self.reader]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _remember_widths(self) -> None:
        self._shell.settings.keep_bytes(SPLITTER, self.splitter.saveState())

    def _show_changed(self) -> None:
        self.signing.check()
        self.setFocusProxy(self.papers.view if self.presenter.list.papers else self.papers.empty.action)

    def _show_busy(self) -> None:
        self.signing.show_busy()
        self.papers.show_busy()
        self._show_changed()

    def _advance(self, progress: Progress) -> None:
        strip = self.papers.progress if self.presenter.busy == "checking" else self.signing.progress
        strip.advance(progress)

    # The paper beside the list --------------------------------------------------------------------------------------

    def _show(self, paper: LeaderPaper | None) -> None:
        if paper is None:
            self.reader.say(_("The paper that is chosen in the list is shown here."))
        elif paper.hidden:
            self.reader.say(_("You stepped back from this application; its papers are closed to you."))
        elif not paper.digest:
            self.reader.say(why(self.presenter.list, paper))
        else:
            self.presenter.preview(paper)

    def _paper_there(self, paper: LeaderPaper, pdf: bytes) -> None:
        if paper is self.papers.current:
            opinion = _("The leader's opinion is written by hand, into its box on the print.")
            self.reader.show_paper(paper.path.name, pdf, opinion if paper.kind == "evaluation-report" else "")

    def _paper_failed(self, paper: LeaderPaper, why: str) -> None:
        if paper is self.papers.current:
            self.reader.say(why)

    # What came of it ------------------------------------------------------------------------------------------------

    def _say_nothing_found(self) -> None:
        self.banner.say("info", _("There is no PDF in what you added."))

    def _hear_news(self) -> None:
        if self.isVisible() and not self.presenter.left_alone:  # else another one will tell
            self._show_news()

    def _show_news(self) -> None:
        news = self.presenter.take_news()
        if isinstance(news, UserError):
            self.banner.show_error(news)
        elif news is not None:
            self._show_finished(news)

    def _show_finished(self, run: Run) -> None:
        self.signing.forget()
        self._show(self.papers.current)
        whole = run.signed + run.there
        what = ngettext(
            "{count} paper is countersigned: it was read again, and every signature in it is valid.",
            "{count} papers are countersigned: each was read again, and every signature in it is valid.",
            whole,
        ).format(count=whole)
        there = ngettext("{count} of them was there already.", "{count} of them were there already.", run.there)
        failed = ngettext(
            "{count} was not signed; the list says why.", "{count} were not signed; the list says why.", run.failed
        )
        more = sentences(
            there.format(count=run.there) if run.there else "", failed.format(count=run.failed) if run.failed else ""
        )
        self._folder = run.folder
        if not whole:
            self.banner.say("bad", _("Nothing was countersigned."), more)
            return
        next_step = _("Hand the folder back to the secretariat, who seals the papers.")
        self.banner.say(
            "warn" if run.failed else "good", what, sentences(more, next_step), _("Open the folder"), self._open_folder
        )
        self.banner.action.setFocus()

    _folder = Path()
    """Where the last run put its papers."""

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
