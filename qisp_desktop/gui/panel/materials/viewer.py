"""What every viewer of a material is: a widget that shows content from memory and says where the reader stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from qisp_desktop.domain.application import Material
from qisp_desktop.gui.panel.materials.ahead import Ahead
from qisp_desktop.gui.panel.materials.page_process import PageProcess
from qisp_desktop.gui.panel.materials.saved_out import SavedOut
from qisp_desktop.gui.tasks import Tasks


class Tools(NamedTuple):
    """What a viewer may use."""

    tasks: Tasks
    process: PageProcess
    ahead: Ahead
    saved_out: SavedOut


class Viewer(QWidget):
    """Shows one material at a time. Pages count from 1, ``scroll`` is how far down the page (0 to 1) one stands."""

    moved = Signal()
    """``page`` or ``scroll`` is another one."""
    ready = Signal()
    """The content is on its way to the screen; its pages can be cited."""
    failed = Signal(str, str)
    """It cannot be shown: a code of ``troubles`` and a detail."""
    citation_requested = Signal()

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self.tools = tools
        self._commands: dict[str, Callable[[], object]] = {}

    @classmethod
    def takes(cls, name: str, content: bytes) -> bool:
        """Whether this viewer is for a file of that name and content."""
        raise NotImplementedError

    def show_content(self, material: Material, content: bytes, page: int, scroll: float) -> None:
        """Show ``content`` from ``scroll`` down ``page`` on; ``ready`` or ``failed`` follows."""
        raise NotImplementedError

    def clear(self) -> None:
        """Forget the content."""
        raise NotImplementedError

    @property
    def page(self) -> int:
        """The page that is read."""
        return 1

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return 1

    @property
    def top(self) -> tuple[int, float]:
        """The place at the upper edge, as ``go_to`` takes it."""
        return 1, 0.0

    def go_to(self, page: int, scroll: float = 0.0) -> None:
        """Show ``page``."""

    def turn_page(self, by: int) -> None:
        """Scroll by a window's height, on (1) or back (-1)."""

    def add_command(self, keys: str, act: Callable[[], object]) -> None:
        """Call ``act`` for ``keys`` (such as ``Ctrl+F``) while the focus is inside, before any shortcut outside."""
        for key in keys.split():
            self._commands[key] = act

    def event(self, event: QEvent) -> bool:
        """Take the own keys before a shortcut of the window that has the same ones."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._command(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key stands for."""
        act = self._command(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def _command(self, event: QKeyEvent) -> Callable[[], object] | None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        try:
            keys = QKeySequence(modifiers.value | event.key())
        except OverflowError:  # a key that Qt has no number for
            return None
        return self._commands.get(keys.toString(QKeySequence.SequenceFormat.PortableText))
