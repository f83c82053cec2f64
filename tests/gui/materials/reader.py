"""What an expert does at the pane, and what they see."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from qisp_desktop.gui.panel.materials.page_view import PageView
from qisp_desktop.gui.panel.materials.pages_viewer import PagesViewer
from qisp_desktop.gui.panel.materials.pane import MaterialPane
from qisp_desktop.gui.panel.materials.viewer import Viewer
from tests.gui.materials.documents import Papers

PATIENCE = 5_000


class Reader:
    """Drives a MaterialPane by clicks and keys."""

    def __init__(self, qtbot: QtBot, pane: MaterialPane) -> None:
        self.qtbot = qtbot
        self.pane = pane

    def open(self, papers: Papers) -> None:
        """Choose an application and wait until its first material can be cited, or a word says why not."""
        self.pane.show_application(papers.application, papers.read)
        self.wait_for_content()

    def wait_for_content(self) -> None:
        """Until something is shown, or a word says why not."""
        self.qtbot.waitUntil(lambda: self.pane.current_citation() is not None or bool(self.words), timeout=PATIENCE)

    def wait_for_words(self, words: str) -> None:
        """Until ``words`` stand in the place of a material."""
        self.qtbot.waitUntil(lambda: words in self.words, timeout=PATIENCE)

    @property
    def words(self) -> str:
        """What is said in place of a material; what only announces it does not count."""
        shown = self.pane.stack.currentWidget()
        if shown is self.pane.record or isinstance(shown, Viewer) or shown is None:
            return ""
        text = shown.accessibleName()
        return "" if text.startswith("Opening") else text

    @property
    def viewer(self) -> Viewer:
        """The viewer in front."""
        shown = self.pane.stack.currentWidget()
        assert isinstance(shown, Viewer), self.words
        return shown

    @property
    def pages(self) -> PagesViewer:
        """The viewer in front, which shows pages."""
        viewer = self.viewer
        assert isinstance(viewer, PagesViewer)
        return viewer

    @property
    def view(self) -> PageView:
        """The pages in front."""
        return self.pages.view

    def wait_until_painted(self, page: int) -> None:
        """Until ``page`` (from 1) is on the screen, sharp."""
        self.qtbot.waitUntil(lambda: page - 1 in self.view.painted_pages, timeout=PATIENCE)

    def wait_until_idle(self) -> None:
        """Until nothing more is asked of the process."""
        self.qtbot.waitUntil(lambda: not self.pane._process.busy, timeout=PATIENCE)

    def press(self, keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Type a key where the caret is, in the pages at first."""
        focused: QWidget | None = self.pane.focusWidget()
        inside = self.view if focused is None else focused
        self.qtbot.keyClick(inside, keys, modifier)

    def picture(self) -> QImage:
        """What is on the screen in place of the pages."""
        return self.view.viewport().grab().toImage()

    def colours(self) -> set[str]:
        """The colours of a grid of points on the screen."""
        image = self.picture()
        return {
            QColor(image.pixel(x, y)).name() for x in range(0, image.width(), 10) for y in range(0, image.height(), 10)
        }


def texts(widget: QWidget) -> list[str]:
    """All words on a widget."""
    return [part.text() for part in widget.findChildren(QLabel)]
