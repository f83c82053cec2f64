"""What the sections of the secretariat's desk are made of: a presenter that reads its part of the round, and a view.

To add a section: a presenter that says what it reads (``SectionPresenter.read``), a view (``SectionView``), and a line
in ``sections.SECTIONS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeAlias, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from qisp_desktop.base.errors import UserError, sentences
from qisp_desktop.base.i18n import _
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.presenter import Presenter
from qisp_desktop.gui.secretariat.session import RoundSession
from qisp_desktop.gui.tasks import Job, Progress, Task
from qisp_desktop.gui.widgets.banner import Banner
from qisp_desktop.gui.widgets.card import label
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip

if TYPE_CHECKING:
    from qisp_desktop.store.round_store import RoundStore

T = TypeVar("T")
R = TypeVar("R")


class Saying(NamedTuple):
    """Something to be said in the section's banner: meaning (info, good, warn, bad), words, and a link that acts."""

    meaning: str
    what: str
    more: str = ""
    action: str = ""
    do: Callable[[], None] | None = None


class SectionPresenter(Presenter, Generic[T]):
    """Reads its part of the round when it is shown and the round has changed; runs one long piece of work at a time."""

    loaded = Signal()
    """``data`` is there, or there anew."""
    said = Signal(object)
    """A Saying; None when it is taken back."""
    busy_changed = Signal(str)
    """What is being done, in words; empty when it is over."""
    progressed = Signal(object)
    """The Progress of what is being done."""
    wanted = Signal(str, object)
    """The key of another section that is to be shown, and what it should show first (or None)."""

    def __init__(self, session: RoundSession) -> None:
        super().__init__(session)
        self.session = session
        self.data: T | None = None
        self.busy = ""
        self.saying: Saying | None = None
        self.wish: Any = None
        """What to show first, such as an application's number; the view takes it up (``take_wish``)."""
        self._shown = False
        self._stale = True
        self._task: Task[Any] | None = None
        self._reading: Task[Any] | None = None
        self._read_again = False
        session.opened.connect(self._outdated)
        session.changed.connect(self._outdated)

    def read(self, store: RoundStore, job: Job) -> T:
        """What the section shows, read in the worker; it runs in the language of the person."""
        raise NotImplementedError

    def unfinished(self) -> str:
        """What is begun in one of the section's parts, such as an import."""
        return next((words for part in self.findChildren(Presenter) if (words := part.unfinished())), "")

    def show(self) -> None:
        """The section is what the person sees now."""
        self._shown = True
        if self._stale:
            self.load()

    def hide(self) -> None:
        """Another section is shown: good news was read, and its undo belongs to what stood here then."""
        self._shown = False
        if self.saying is not None and self.saying.meaning == "good":
            self.unsay()

    def load(self) -> None:
        """Read the data again; while that is under way already, once more after it."""
        if self._reading is not None:
            self._read_again = True
            return
        self._stale = False
        self._reading = self.session.read(self, self.read, self._loaded, self._not_loaded, cancelled=self._read_ended)
        self._stale = self._reading is None

    def act(
        self,
        what: str,
        work: Callable[[RoundStore, Job], R],
        done: Callable[[R], None] | None = None,
        failed: Callable[[UserError], None] | None = None,
    ) -> bool:
        """Change the round: ``what`` is said while it is done; False, and nothing happens, while another work runs.

        ``done`` gets the result on the UI thread, before the sections are read again; a failure stands in the banner
        unless ``failed`` takes it.
        """
        return self._run(self.session.act, what, work, done, failed)

    def look(
        self,
        what: str,
        work: Callable[[RoundStore, Job], R],
        done: Callable[[R], None] | None = None,
        failed: Callable[[UserError], None] | None = None,
    ) -> bool:
        """``act`` for long work that changes nothing, which is allowed where the round can only be read."""
        return self._run(self.session.read, what, work, done, failed)

    def cancel(self) -> None:
        """Stop the long work at its next step."""
        if self._task is not None:
            self._task.cancel()

    def say(
        self, meaning: str, what: str, more: str = "", action: str = "", do: Callable[[], None] | None = None
    ) -> None:
        """Say something in the section's banner."""
        self.saying = Saying(meaning, what, more, action, do)
        self.said.emit(self.saying)

    def unsay(self) -> None:
        """Take back what the banner says: it is no longer so."""
        self.saying = None
        self.said.emit(None)

    def say_error(self, error: UserError) -> None:
        """Say why something was refused; what concerns the whole round is said above all sections."""
        if self.session.is_trouble(error):
            return
        self.say("bad", error.what, sentences(error.why, error.do))

    def _run(
        self,
        run: Callable[..., Task[Any] | None],
        what: str,
        work: Callable[[RoundStore, Job], R],
        done: Callable[[R], None] | None,
        failed: Callable[[UserError], None] | None,
    ) -> bool:
        if self.busy or self.session.open_round is None:
            return False
        self._begin(what)

        def finish(result: R) -> None:
            self._end()
            if done is not None:
                done(result)

        def refuse(error: UserError) -> None:
            self._end()
            (failed or self.say_error)(error)

        self._task = run(self, work, finish, refuse, self.progressed.emit, self._end)
        return self._task is not None

    def _begin(self, what: str) -> None:
        self.busy, self.saying = what, None
        self.busy_changed.emit(what)

    def _end(self) -> None:
        self._task = None
        self.busy = ""
        self.busy_changed.emit("")

    def _outdated(self) -> None:
        self._stale = True
        if self._shown:
            self.load()

    def _loaded(self, data: T) -> None:
        self.data = data
        self._read_ended()
        self.loaded.emit()

    def _not_loaded(self, error: UserError) -> None:
        self._stale = True
        self._read_ended()
        self.say_error(error)

    def _read_ended(self) -> None:
        self._reading = None
        if self._read_again:
            self._read_again = False
            self.load()


AnyPresenter: TypeAlias = SectionPresenter[Any]


class SectionView(QWidget):
    """The view of a section: its title with ``corner`` for what can be done, a banner, the progress, and ``body``.

    A view is made anew when the language changes; what must last belongs to its presenter.
    """

    def __init__(self, shell: Shell, presenter: AnyPresenter, title: str) -> None:
        super().__init__()
        self.shell = shell
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.corner = QHBoxLayout()
        self.corner.setSpacing(8)
        self.heading = label(title, "title")
        self.corner.addWidget(self.heading)
        self.corner.addStretch(1)
        column.addLayout(self.corner)
        self.banner = Banner(self)
        column.addWidget(self.banner)
        self.progress = ProgressStrip()
        column.addWidget(self.progress)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        column.addLayout(self.body, 1)
        self._presenter = presenter
        presenter.said.connect(self._say)
        presenter.busy_changed.connect(self.show_busy)
        presenter.progressed.connect(self._advance)

    def is_spare(self) -> bool:
        """Whether the view, which nobody sees, can be made anew later without losing what somebody typed or chose in
        it.

        What is typed is seen in every field for text, and what is chosen in a card while that is among those that
        ``asks``; a section that lets something be chosen elsewhere says no itself while it is not kept.
        """
        lines = (line.isModified() and bool(line.text()) for line in self.findChildren(QLineEdit))
        texts = (one.document().isModified() for one in self.findChildren(QPlainTextEdit))
        return not any(lines) and not any(texts) and all(card.isHidden() for card in self.asks())

    def asks(self) -> Iterable[QWidget]:
        """The parts of the view that are hidden except while they ask for something."""
        return ()

    def start(self) -> None:
        """Show what the presenter holds already; called once, when the view is whole."""
        presenter = self._presenter
        presenter.loaded.connect(self._loaded)
        if presenter.data is not None:
            self.refresh()
            self.take_wish()
        if presenter.busy:
            self.show_busy(presenter.busy)
        if presenter.saying is not None:
            self._say(presenter.saying)

    def refresh(self) -> None:
        """Show ``presenter.data``, which is there."""
        raise NotImplementedError

    def take_wish(self) -> None:
        """Go to what ``presenter.wish`` names, once the data are there, and clear it; nothing for who has no places."""

    def show_busy(self, what: str) -> None:
        """Show that ``what`` is being done (empty: nothing is); a view also disables here what must wait."""
        if what:
            self.banner.put_away()
            self.progress.begin(what, self._presenter.cancel)
        else:
            self.progress.end()

    def _loaded(self) -> None:
        self.refresh()
        self.take_wish()

    def _advance(self, progress: Progress) -> None:
        self.progress.advance(progress)

    def _say(self, saying: Saying | None) -> None:
        if saying is None:
            self.banner.put_away()
        else:
            self.banner.say(*saying)


class SectionKind(NamedTuple):
    """A section of the desk: its key, its name (to be translated), its icon, and how its two halves are made."""

    key: str
    name: str
    icon: str
    make_presenter: Callable[[RoundSession], AnyPresenter]
    make_view: Callable[[Shell, AnyPresenter], SectionView]


def read_only_words() -> str:
    """What stands on a control that is disabled because the round can only be read."""
    return _("The round is open for reading only.")
