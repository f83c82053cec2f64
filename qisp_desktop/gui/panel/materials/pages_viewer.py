"""Files with pages: a bar of tools, the pages, small pictures of them at the side, and a search."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.application import Material
from qisp_desktop.gui import theme
from qisp_desktop.gui.panel.materials.ahead import Key
from qisp_desktop.gui.panel.materials.drawing import FIT_PAGE, FIT_WIDTH
from qisp_desktop.gui.panel.materials.find_bar import FindBar, tool, turn_page
from qisp_desktop.gui.panel.materials.page_view import PageView
from qisp_desktop.gui.panel.materials.paged_document import PagedDocument
from qisp_desktop.gui.panel.materials.thumbnails import Thumbnails
from qisp_desktop.gui.panel.materials.viewer import Tools, Viewer
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import label
from qisp_desktop.gui.widgets.flow_layout import FlowLayout

OFFERED_ZOOMS = (50, 75, 100, 125, 150, 200, 300, 400)


class PagesViewer(Viewer):
    """Shows what a codec of ``page_codecs`` reads. Subclasses name the codec and say which files it takes."""

    codec = ""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self.document = PagedDocument(tools.process, self)
        self.view = PageView(self.document)
        self.thumbnails = Thumbnails(self.document)
        self.thumbnails.hide()
        self.find_bar = FindBar()
        self._hit = -1
        self._start = (0, 0.0)
        self._name = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._toolbar())
        column.addWidget(self.find_bar)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.thumbnails)
        row.addWidget(self.view, 1)
        column.addLayout(row, 1)
        self.setFocusProxy(self.view)
        self._connect()
        self._add_commands()

    def show_content(self, material: Material, content: bytes, page: int, scroll: float) -> None:
        """Open it in the process; the first page comes from there."""
        self._start = page - 1, scroll
        self._name = material.name
        self.find_bar.close_bar()
        self.view.clear()
        look = self.view.first_look(page - 1)
        seen = self.tools.ahead.take(Key(material.sha256, self.codec, look))
        self.document.open(self.codec, content, look, seen)

    def clear(self) -> None:
        """Close the document, here and in the process."""
        self.find_bar.close_bar()
        self.document.close()
        self.view.clear()
        self.thumbnails.reset_pages()
        self.pages.clear()

    @property
    def page(self) -> int:
        """The page that is read."""
        return self.view.page + 1

    @property
    def page_count(self) -> int:
        """Pages, pictures of a TIFF file."""
        return self.document.count

    @property
    def top(self) -> tuple[int, float]:
        """The place at the upper edge."""
        page, fraction = self.view.place
        return page + 1, fraction

    def go_to(self, page: int, scroll: float = 0.0) -> None:
        """Bring that place to the upper edge."""
        self.view.go_to(page - 1, scroll)

    def turn_page(self, by: int) -> None:
        """Scroll by a window's height."""
        turn_page(self.view.verticalScrollBar(), by)

    # Building -------------------------------------------------------------------------------------------------------

    def _toolbar(self) -> QWidget:
        bar = QFrame()
        row = FlowLayout(bar, gap=2)  # a narrow column has the tools in two lines
        row.setContentsMargins(8, 4, 8, 4)
        self.strip = tool("thumbnails", _("Small pictures of the pages"), checkable=True)
        self.find_button = tool("search", _("Find"), hint="Ctrl+F")
        self.page_field = QLineEdit()
        self.page_field.setFixedWidth(theme.current().px(52))
        self.page_field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.page_field.setAccessibleName(_("Page"))
        self.page_field.setToolTip(_("Type a page and press Enter"))
        self.pages = label("", "second")
        self.smaller = tool("zoom-out", _("Smaller"), hint="Ctrl+-")
        self.percent = QToolButton()
        self.percent.setAccessibleName(_("Zoom"))
        self.percent.setToolTip(_("Zoom"))
        self.percent.setMinimumSize(theme.current().px(64), 32)
        self.percent.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.larger = tool("zoom-in", _("Larger"), hint="Ctrl++")
        self.fit_width = tool("fit-width", _("Fit the width"), hint="Ctrl+0", checkable=True)
        self.fit_page = tool("fit-page", _("Fit the whole page"), hint="Ctrl+9", checkable=True)
        self.turn = tool("rotate", _("Turn a quarter to the right"), hint="Ctrl+R")
        self.copy = tool("copy", _("Copy the selected text, or all of the page"), hint="Ctrl+C")
        self.cite = tool("cite", _("Cite this page"), hint="Ctrl+E")
        for part in (self.strip, self.find_button, self.page_field, self.pages):
            row.addWidget(part)
        row.add_stretch()
        zooms = (self.smaller, self.percent, self.larger, self.fit_width, self.fit_page)
        for part in zooms:
            row.addWidget(part)
        row.add_stretch()
        for part in (self.turn, self.copy, self.cite):
            row.addWidget(part)
        frame = QFrame()
        frame.setProperty(*role("rule"))
        outer = QWidget()
        column = QVBoxLayout(outer)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(frame)
        return outer

    def _connect(self) -> None:
        self.document.opened.connect(self._opened)
        self.document.failed.connect(self.failed)
        self.document.found.connect(self._found)
        self.view.moved.connect(self._moved)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._context_menu)
        self.thumbnails.chosen.connect(self.view.go_to)
        self.strip.toggled.connect(self.thumbnails.setVisible)
        self.find_button.clicked.connect(self.find_bar.open)
        self.find_bar.searched.connect(self._search)
        self.find_bar.stepped.connect(self.step)
        self.find_bar.closed.connect(self._end_search)
        self.page_field.returnPressed.connect(self._go_to_typed)
        self.page_field.editingFinished.connect(self._moved)
        self.smaller.clicked.connect(self.view.zoom_out)
        self.larger.clicked.connect(self.view.zoom_in)
        self.percent.clicked.connect(self._zoom_menu)
        self.fit_width.clicked.connect(lambda: self.view.set_fit(FIT_WIDTH))
        self.fit_page.clicked.connect(lambda: self.view.set_fit(FIT_PAGE))
        self.turn.clicked.connect(self.view.rotate)
        self.copy.clicked.connect(self.copy_text)
        self.cite.clicked.connect(self.citation_requested)

    def _add_commands(self) -> None:
        self.add_command("Ctrl+F", self.find_bar.open)
        self.add_command("F3", lambda: self.step(1))
        self.add_command("Shift+F3", lambda: self.step(-1))
        self.add_command("Ctrl++ Ctrl+= Ctrl+Shift++ Ctrl+Shift+=", self.view.zoom_in)
        self.add_command("Ctrl+- Ctrl+_ Ctrl+Shift+_", self.view.zoom_out)
        self.add_command("Ctrl+0", lambda: self.view.set_fit(FIT_WIDTH))
        self.add_command("Ctrl+9", lambda: self.view.set_fit(FIT_PAGE))
        self.add_command("Ctrl+R", self.view.rotate)
        self.add_command("Ctrl+C", self.copy_text)

    # What happens ---------------------------------------------------------------------------------------------------

    def _opened(self) -> None:
        self.thumbnails.reset_pages()
        self.pages.setText(f"/ {self.document.count}")
        count = self.document.count
        name = ngettext("{name}, {count} page", "{name}, {count} pages", count).format(name=self._name, count=count)
        self.view.setAccessibleName(name)
        self.view.start(self._start)
        self.ready.emit()

    def _moved(self) -> None:
        view = self.view
        if not self.page_field.hasFocus() or not self.page_field.isModified():
            self.page_field.setText(str(self.page) if self.document.count else "")
        self.percent.setText(f"{view.zoom * 100:.0f} %")
        self.fit_width.setChecked(view.fit == FIT_WIDTH)
        self.fit_page.setChecked(view.fit == FIT_PAGE)
        if self.document.count:
            self.thumbnails.mark(view.page)
            self.moved.emit()

    def _go_to_typed(self) -> None:
        text = unicodedata.normalize("NFKC", self.page_field.text()).strip()
        self.page_field.setModified(False)
        if text.isdecimal() and len(text) < 9:
            self.go_to(int(text))
        self.view.setFocus()
        self._moved()

    def copy_text(self) -> None:
        """Copy what is selected, or the text of the page."""
        if not self.view.copy_selection():
            self.view.copy_page()

    def _zoom_menu(self) -> None:
        menu = QMenu(self)
        for percent in OFFERED_ZOOMS:
            menu.addAction(f"{percent} %", lambda percent=percent: self.view.set_zoom(percent / 100))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.percent.mapToGlobal(QPoint(0, self.percent.height())))

    def _context_menu(self, position: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        selected: QAction = menu.addAction(_("Copy the selected text"), self.view.copy_selection)
        selected.setEnabled(self.view.selection is not None)
        menu.addAction(_("Copy the text of the page"), self.view.copy_page)
        menu.addSeparator()
        menu.addAction(_("Cite this page"), self.citation_requested.emit)
        menu.popup(self.view.viewport().mapToGlobal(position))

    # Searching ------------------------------------------------------------------------------------------------------

    def _search(self, query: str) -> None:
        self._hit = -1
        self.view.current_hit = None
        self.document.search(query)

    def _end_search(self) -> None:
        self._search("")
        if self.isVisible():
            self.view.setFocus()

    def _found(self) -> None:
        hits = self.document.hits
        if self._hit < 0 and hits:
            here = self.view.page
            following = next((place for place, hit in enumerate(hits) if hit.page >= here), -1)
            # What stands before the page that is read is shown only when nothing comes after it.
            if following >= 0 or not self.document.searching:
                self._show_hit(max(0, following))
        self._show_count()

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) hit, round about."""
        hits = self.document.hits
        if hits:
            self._show_hit((self._hit + by) % len(hits))
            self._show_count()

    def _show_hit(self, hit: int) -> None:
        self._hit = hit
        self.view.show_hit(self.document.hits[hit])

    def _show_count(self) -> None:
        self.find_bar.show_count(self._hit + 1, len(self.document.hits), self.document.searching)
