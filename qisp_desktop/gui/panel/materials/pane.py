"""The pane beside the score sheet: choose a material, read it, cite it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QStackedWidget, QVBoxLayout, QWidget

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Application, Material
from qisp_desktop.domain.score_sheet import Evidence
from qisp_desktop.gui.panel.materials.ahead import Ahead, Key, Next
from qisp_desktop.gui.panel.materials.kinds_bar import FilesRow, KindsBar
from qisp_desktop.gui.panel.materials.outside_viewer import OutsideViewer
from qisp_desktop.gui.panel.materials.page_process import PageProcess
from qisp_desktop.gui.panel.materials.pages_viewer import PagesViewer
from qisp_desktop.gui.panel.materials.recent_contents import RecentContents
from qisp_desktop.gui.panel.materials.record_view import RecordView
from qisp_desktop.gui.panel.materials.saved_out import SavedOut
from qisp_desktop.gui.panel.materials.troubles import trouble
from qisp_desktop.gui.panel.materials.viewer import Tools, Viewer
from qisp_desktop.gui.panel.materials.viewers import viewer_for
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.tasks import Task, Tasks
from qisp_desktop.gui.widgets.empty_state import EmptyState

RECORD = "record"
"""Stands for the record in a Position."""
PATIENCE_MS = 200
"""A material that takes longer is announced; before, a word would only flicker."""

RESTART_MS = 400
"""A pane that is closed for good is gone by then."""

Read = Callable[[Material], bytes]


@dataclass(frozen=True)
class Position:
    """Where the reader stands: the material (or RECORD, or empty: nowhere), the page at the upper edge from 1, and how
    far down it the edge is, from 0 to 1."""

    sha256: str = ""
    page: int = 1
    scroll: float = 0.0


class _Wanted(NamedTuple):
    material: Material
    page: int
    scroll: float
    viewer: type[Viewer] | None = None


class MaterialPane(QFrame):
    """Shows the materials of one application. What is not shown, nor expected to be next, stays encrypted; what is
    decrypted is so in memory only."""

    position_changed = Signal()
    citation_requested = Signal()
    """The person wants to cite what is shown: take ``current_citation``."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty(*role("card"))
        self._tasks = tasks
        self._process = PageProcess(tasks, self)
        self._saved_out = SavedOut()
        self._saved_out.wipe()  # a killed process may have left copies
        self.destroyed.connect(self._saved_out.wipe)
        self._contents = RecentContents()
        self.ahead = Ahead(tasks, self._contents, self._plan, self)
        self._viewers: dict[type[Viewer], Viewer] = {}
        self._left_at: dict[str, Position] = {}
        self._application: Application | None = None
        self._read: Read | None = None
        self._shown: Material | None = None
        self._viewer: Viewer | None = None
        self._wanted: _Wanted | None = None
        self._task: Task[bytes] | None = None
        self._on_record = False
        self._build()
        self.set_placeholder(_("No application is chosen"), _("Choose one in the list."))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self.kinds = KindsBar()
        self.kinds.material_chosen.connect(self._choose)
        self.kinds.record_chosen.connect(self.show_record)
        column.addWidget(self.kinds)
        self.files = FilesRow()
        self.files.material_chosen.connect(self._choose)
        column.addWidget(self.files)
        rule = QFrame()
        rule.setProperty(*role("rule"))
        column.addWidget(rule)
        self.stack = QStackedWidget()
        self.record = RecordView()
        self.stack.addWidget(self.record)
        self._message, self._blank = QWidget(), QWidget()
        self.stack.addWidget(self._message)
        self.stack.addWidget(self._blank)
        column.addWidget(self.stack, 1)
        # What is asked for within one turn of the event loop is read once: an application and then a page of it.
        self._soon = self._timer(0, self._open_wanted)
        self._restart = self._timer(RESTART_MS, self._process.start)
        self._late = self._timer(PATIENCE_MS, self._say_that_it_takes_time)

    def _timer(self, milliseconds: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer

    # What a screen calls --------------------------------------------------------------------------------------------

    def show_application(self, application: Application | None, read: Read) -> None:
        """Offer the materials of ``application``, from where the reader left it last, else from its first one.

        ``read`` gives the content of a material or raises UserError; it is called in a worker.
        """
        self._remember()
        self._leave()
        self._application, self._read = application, read
        self.kinds.show_application(application)
        self.record.show_application(None)
        if application is None:
            self.set_placeholder(_("No application is chosen"), _("Choose one in the list."))
            return
        self._process.start()
        self.set_placeholder("", "")

    def expect(self, expected: Sequence[tuple[Application, Read]]) -> None:
        """These applications will probably be shown next, the first one most; ``read`` as for ``show_application``.

        While the person reads, what they would see first is opened ahead.
        """
        following = ((self._first_of(application), read) for application, read in expected)
        self.ahead.expect(
            [Next(wanted.material, read, wanted.page) for wanted, read in following if wanted is not None]
        )

    def show_material(self, sha256: str, page: int = 1) -> None:
        """Show ``page`` (from 1) of a material, as a click on a citation asks for; nothing while they are closed."""
        material = self._material(sha256)
        if self._closed or self._application is None:
            return
        if material is None:
            self._leave()
            self._mark(None)
            self._say("warning", _("The cited file is not among the materials"), _("It may be a photo of a visit."))
        elif self._shown == material and self._viewer is not None:
            self._viewer.go_to(page)
        else:
            self._want(_Wanted(material, page, 0.0))

    def turn_page(self, by: int) -> None:
        """Scroll what is shown by a window's height, on (1) or back (-1)."""
        if self._viewer is not None:
            self._viewer.turn_page(by)

    def show_record(self) -> None:
        """Show what the applicant stated; open also before a declaration."""
        if self._application is None:
            return
        self._leave()
        self.record.show_application(self._application)
        self._bring_forward(self.record)
        self._mark(None, record=True)
        self._on_record = True
        self.position_changed.emit()

    def close_materials(self) -> None:
        """Forget all content, here, in the process that draws, and outside: for a recusal, and when the desk locks."""
        self._leave()
        self._left_at.clear()
        self._contents.forget()
        self._process.stop()
        self.ahead.forget()
        self._restart.start()  # an empty one, ahead of the next application
        self._saved_out.wipe()
        self._application = self._read = None
        self.kinds.show_application(None)
        self.record.show_application(None)
        self.set_placeholder(_("The materials are closed"), "")

    def set_placeholder(self, title: str, text: str) -> None:
        """Say ``title`` and ``text`` in place of the materials, which cannot be opened while it stands there; the
        record can. An empty title opens them again."""
        self._closed = bool(title)
        self.kinds.close_files(self._closed)
        if self._closed:
            self._leave()
            self._mark(None)
            self._say("lock" if self._application is not None else "empty", title, text)
        elif self._application is not None:
            self.restore(self._left_at.get(self._application.number, Position()))
            if self._wanted is None and not self._on_record:
                self._begin()

    def position(self) -> Position:
        """Where the reader stands, to be given to ``restore`` later."""
        if self._on_record:
            return Position(RECORD)
        if self._wanted is not None:
            return Position(self._wanted.material.sha256, self._wanted.page, self._wanted.scroll)
        if self._shown is None or self._viewer is None:
            return Position()
        return Position(self._shown.sha256, *self._viewer.top)

    def restore(self, position: Position) -> None:
        """Go where ``position`` says; nothing when its material is not there or they are closed."""
        material = self._material(position.sha256)
        if position.sha256 == RECORD:
            self.show_record()
        elif material is not None and not self._closed:
            if self._shown == material and self._viewer is not None:
                self._viewer.go_to(position.page, position.scroll)
            else:
                self._want(_Wanted(material, position.page, position.scroll))

    def current_citation(self) -> Evidence | None:
        """The page that is read, as evidence; None while no material is shown."""
        if self._shown is None or self._viewer is None:
            return None
        return Evidence(self._shown.sha256, self._shown.name, self._viewer.page)

    # Reading --------------------------------------------------------------------------------------------------------

    def _material(self, sha256: str) -> Material | None:
        materials = self._application.materials if self._application is not None else ()
        return next((one for one in materials if one.sha256 == sha256), None)

    def _choose(self, material: Material) -> None:
        if material != self._shown:
            self._want(_Wanted(material, 1, 0.0))

    def _begin(self) -> None:
        materials = self._application.materials if self._application is not None else ()
        if materials:
            self._want(_Wanted(materials[0], 1, 0.0))
        else:
            self._say("empty", _("No material was handed in"), _("The record says what the applicant stated."))

    def _first_of(self, application: Application) -> _Wanted | None:
        """What an application shows first: where the reader left it, else its first material."""
        left = self._left_at.get(application.number, Position())
        found = next((one for one in application.materials if one.sha256 == left.sha256), None)
        if found is not None:
            return _Wanted(found, left.page, left.scroll)
        return _Wanted(application.materials[0], 1, 0.0) if application.materials and not left.sha256 else None

    def _plan(self, following: Next, content: bytes) -> Key | None:
        """How a material would be looked at, by a viewer that is there already and knows its size."""
        viewer = self._viewers.get(viewer_for(following.material.name, content))
        if not isinstance(viewer, PagesViewer) or viewer is not self._viewer:
            return None
        return Key(following.material.sha256, viewer.codec, viewer.view.first_look(following.page - 1))

    def _want(self, wanted: _Wanted) -> None:
        self.ahead.hurry()
        self._leave()
        self._wanted = wanted
        self._mark(wanted.material)
        # What was said before is not so any more; a viewer, empty now, may stay, so that nothing flickers.
        if not isinstance(self.stack.currentWidget(), Viewer):
            self._bring_forward(self._blank)
        self._soon.start()
        self._late.start()

    def _open_wanted(self) -> None:
        wanted, read = self._wanted, self._read
        if wanted is None or read is None:
            return
        content = self._contents.get(wanted.material.sha256)
        if content is not None:
            self._show(wanted, content)
            return
        self._task = self._tasks.run(
            self,
            lambda _job: read(wanted.material),
            lambda content: self._arrived(wanted, content),
            failed=lambda error: self._unreadable(wanted, error),
            cancelled=lambda: self._unreadable(wanted, None),
            store=False,  # a large material must not keep what is typed from being saved
        )

    def _arrived(self, wanted: _Wanted, content: bytes) -> None:
        if wanted is self._wanted:
            self._contents.keep(wanted.material.sha256, content)
            self._show(wanted, content)

    def _unreadable(self, wanted: _Wanted, error: UserError | None) -> None:
        if wanted is not self._wanted:
            return
        self._leave()
        self._mark(wanted.material)
        if error is None:
            self._say("bad", _("{name} could not be read.").format(name=wanted.material.name), "")
        else:
            self._say("bad", error.what, sentences(error.why, error.do))

    def _show(self, wanted: _Wanted, content: bytes) -> None:
        viewer = self._viewer_of(wanted.viewer or viewer_for(wanted.material.name, content))
        self._viewer = viewer
        self._bring_forward(viewer)
        viewer.show_content(wanted.material, content, wanted.page, wanted.scroll)

    def _viewer_of(self, kind: type[Viewer]) -> Viewer:
        if kind not in self._viewers:
            viewer = kind(Tools(self._tasks, self._process, self.ahead, self._saved_out))
            viewer.ready.connect(lambda: self._ready(viewer))
            viewer.failed.connect(lambda code, detail: self._failed(viewer, code, detail))
            viewer.moved.connect(lambda: self._moved(viewer))
            viewer.citation_requested.connect(self.citation_requested)
            self._viewers[kind] = viewer
            self.stack.addWidget(viewer)
        return self._viewers[kind]

    # What viewers say -----------------------------------------------------------------------------------------------

    def _ready(self, viewer: Viewer) -> None:
        if viewer is self._viewer and self._wanted is not None:
            self._late.stop()
            self._shown, self._wanted = self._wanted.material, None
            self._bring_forward(viewer)
            self.ahead.settle()
            self.position_changed.emit()

    def _failed(self, viewer: Viewer, code: str, detail: str) -> None:
        material = self._wanted.material if self._wanted is not None else self._shown
        if viewer is not self._viewer or material is None:
            return
        self._leave()
        self._mark(material)
        words = trouble(code, detail)
        if SavedOut.allows(material.name):
            outside = _Wanted(material, 1, 0.0, OutsideViewer)
            self._say("bad", words.title, words.hint, _("Open with another program …"), lambda: self._want(outside))
        else:
            self._say("bad", words.title, words.hint)

    def _moved(self, viewer: Viewer) -> None:
        if viewer is self._viewer and self._shown is not None:
            self.position_changed.emit()

    # Leaving and saying ---------------------------------------------------------------------------------------------

    def _remember(self) -> None:
        position = self.position()
        if self._application is not None and position.sha256:
            self._left_at[self._application.number] = position

    def _leave(self) -> None:
        """Stop showing and reading whatever it is."""
        viewer, task = self._viewer, self._task
        self._shown = self._viewer = self._wanted = self._task = None
        self._on_record = False
        self._soon.stop()
        self._late.stop()
        if task is not None:
            task.cancel()
        if viewer is not None:
            viewer.clear()

    def _mark(self, material: Material | None, *, record: bool = False) -> None:
        self.kinds.mark(material, record=record)
        self.files.mark(self._application, material)

    def _bring_forward(self, widget: QWidget) -> None:
        # The caret stays in the remark while an expert cites and looks; it goes along only from inside the pane.
        focus = QApplication.focusWidget()
        inside = focus is not None and self.stack.isAncestorOf(focus)
        self.stack.setCurrentWidget(widget)
        if inside:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_that_it_takes_time(self) -> None:
        if self._wanted is not None:
            self._say("", _("Opening {name} …").format(name=self._wanted.material.name), "")

    def _say(self, icon: str, title: str, text: str, action: str = "", do: Callable[[], None] | None = None) -> None:
        before, self._message = self._message, EmptyState(icon or "round", title, text, action, do)
        self._message.setAccessibleName(f"{title} {text}".strip())
        self.stack.addWidget(self._message)
        self._bring_forward(self._message)
        self.stack.removeWidget(before)
        before.deleteLater()
