"""A document with pages as the desk sees it: what is known of it, and pictures of its pages as they come.

Nothing here waits. What the screen wants drawn is said anew at each paint, so that what scrolled away is never drawn;
the most urgent is asked for first: what a person did, pages in sight, sizes, small pictures, the search.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, QTimer, Signal
from PySide6.QtGui import QImage

from qisp_desktop.gui.panel.materials.drawing import FirstLook, Tile
from qisp_desktop.gui.panel.materials.page_process import PageProcess, Reply, Request

KEPT_BYTES = 64 << 20
"""Of pages in sight and around."""
KEPT_SMALL_BYTES = 12 << 20
"""Of small pictures."""
CLOSE_AFTER_MS = 100
PAINT_MS = 40
"""By then a first page that was there already is painted."""
MOST_HITS = 10_000
NO_PAGE = -1
"""A first look at nothing."""
SMALL, LARGE = "small", "large"


class Selection(NamedTuple):
    """Selected text and where it stands on its page."""

    page: int
    text: str
    rectangles: Boxes


class Hit(NamedTuple):
    """A place where the search found what was looked for: a page and characters on it."""

    page: int
    start: int
    length: int


Boxes = tuple[QRectF, ...]
"""Where something stands on its page: a box for each line of it."""


class PagedDocument(QObject):
    """At most one open document of ``process``, shared with others of its kind: who opened last has it."""

    opened = Signal()
    failed = Signal(str, str)
    """A code of ``troubles`` and its detail; nothing of the document is shown any more."""
    sizes_changed = Signal()
    drawn = Signal(str)
    """A picture came: SMALL or LARGE."""
    found = Signal()
    """The search has more hits, or has ended."""
    marked = Signal(int)
    """It is known where the hits on that page stand."""

    def __init__(self, process: PageProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process = process
        self._visit = 0
        self._sent = False
        self._painting = False
        self._forget()

    def _forget(self) -> None:
        self._visit += 1  # replies to what was asked before count no more
        self.count = 0
        self.sizes: list[QSizeF] = []
        self.hits: list[Hit] = []
        self.query = ""
        self.unreadable: set[int] = set()
        self._marks: dict[int, dict[Hit, Boxes]] = {}
        self._unmarked: list[int] = []
        self._hit_pages: set[int] = set()
        self._known = 0
        self._search_from = -1
        self._acts: deque[Request] = deque()
        self._wanted: dict[str, list[Tile]] = {}
        self._pictures = {LARGE: _Pictures(KEPT_BYTES), SMALL: _Pictures(KEPT_SMALL_BYTES)}

    def open(self, codec: str, content: bytes, look: FirstLook, seen: Reply | None = None) -> None:
        """Open ``content`` with the codec of that name; ``opened`` or ``failed`` follows. ``look`` is what will be
        looked at first: its picture comes along, which saves a second question.

        ``seen`` is what opening it so gave before: then ``opened`` comes at once, and it is opened behind that.
        """
        self._forget()
        self._sent = True
        self._painting = seen is not None
        self._process.serve(self)
        fields: dict[str, object] = {"do": "open", "codec": codec}
        if seen is None:
            self._act({**fields, "look": look._asdict()}, self._opened, content)
        else:
            fields["look"] = look._replace(page=NO_PAGE)._asdict()
            self._acts.append(self._request(fields, self._opened_behind, content))
            # Handing the document over at once would get in the way of the first paint.
            QTimer.singleShot(PAINT_MS, self, self._end_painting)
            self._opened(seen)

    def close(self) -> None:
        """Forget the document, here and in the process."""
        self._forget()
        if self._sent:
            self._sent = False
            self._acts.append(self._request({"do": "close"}, lambda _reply: None))
            # The next document drives this one out at once; it need not wait for an answer.
            QTimer.singleShot(CLOSE_AFTER_MS, self, self._process.wake)

    @property
    def searching(self) -> bool:
        """Whether pages are left to search."""
        return self._search_from >= 0

    @property
    def complete(self) -> bool:
        """Whether all came that was asked for, and nothing is left to find out."""
        waiting = self._acts or self._unmarked or any(self._wanted.values()) or self.searching
        return not waiting and self._known >= self.count and not self._process.busy

    def picture(self, tile: Tile, group: str = LARGE) -> QImage | None:
        """The picture of ``tile`` if it has come; ask for it with ``want``."""
        return self._pictures[group].get(tile)

    def stand_in(self, page: int, rotation: int) -> QImage | None:
        """Any whole picture of ``page``, to be stretched until the right one comes."""
        return self._pictures[LARGE].whole(page, rotation) or self._pictures[SMALL].whole(page, rotation)

    def want(self, tiles: Sequence[Tile], group: str = LARGE) -> None:
        """Have these drawn, the first one first, and no others of the group any more."""
        pictures = self._pictures[group]
        self._wanted[group] = [tile for tile in tiles if tile not in pictures and tile.page not in self.unreadable]
        if self._wanted[group]:
            self._process.wake()

    def select(self, page: int, start: QPointF, end: QPointF, done: Callable[[Selection], None]) -> None:
        """Find the text between two points of ``page``; a later call takes the place of one that waits."""
        self._acts = deque(act for act in self._acts if act.fields["do"] != "select")
        points = {"start": [start.x(), start.y()], "end": [end.x(), end.y()]}
        self._act(
            {"do": "select", "page": page, **points},
            lambda reply: done(Selection(page, reply.fields["text"], _rectangles(reply.fields["rectangles"]))),
        )

    def read_text(self, page: int, done: Callable[[str], None]) -> None:
        """Find all text of ``page``."""
        self._act({"do": "text", "page": page}, lambda reply: done(reply.fields["text"]))

    def search(self, query: str) -> None:
        """Look for ``query`` on every page; ``hits`` grows, in the order of pages. Empty: nothing is looked for."""
        self.query, self.hits = query, []
        self._marks, self._unmarked, self._hit_pages = {}, [], set()
        self._search_from = 0 if query.strip() and self.count else -1
        self.found.emit()
        if self.searching:
            self._process.wake()

    def marks(self, page: int) -> dict[Hit, Boxes]:
        """Where the hits on ``page`` stand; empty at first where there are some, and then ``marked`` follows."""
        if page in self._hit_pages:
            self._hit_pages.discard(page)
            self._unmarked.append(page)
            self._process.wake()
        return self._marks.get(page, {})

    # Asking the process ---------------------------------------------------------------------------------------------

    def _end_painting(self) -> None:
        self._painting = False
        self._process.wake()

    def next_request(self) -> Request | None:
        """What is most urgent now."""
        if self._painting:
            return None
        if self._acts:
            return self._acts.popleft()
        if not self.count:
            return None
        return (
            self._next_picture(LARGE)
            or self._next_marks()
            or self._next_sizes()
            or self._next_picture(SMALL)
            or self._next_pages_to_search()
        )

    def _next_picture(self, group: str) -> Request | None:
        wanted = self._wanted.get(group)
        if not wanted:
            return None
        tile = wanted.pop(0)
        fields = {"do": "draw", **tile._asdict()}
        return self._request(fields, lambda reply: self._drawn(group, tile, reply))

    def _next_sizes(self) -> Request | None:
        if self._known >= self.count:
            return None
        return self._request({"do": "sizes", "first": self._known}, self._sizes_came)

    def _next_marks(self) -> Request | None:
        if not self._unmarked:
            return None
        page = self._unmarked.pop(0)
        query, hits = self.query, [hit for hit in self.hits if hit.page == page]
        places = [(hit.start, hit.length) for hit in hits]
        fields: dict[str, object] = {"do": "boxes", "page": page, "places": places}
        return self._request(fields, lambda reply: self._marks_came(query, page, hits, reply))

    def _next_pages_to_search(self) -> Request | None:
        if not self.searching:
            return None
        query = self.query
        fields = {"do": "find", "query": query, "first": self._search_from}
        return self._request(fields, lambda reply: self._hits_came(query, reply))

    def _act(self, fields: dict[str, object], done: Callable[[Reply], None], payload: bytes = b"") -> None:
        self._acts.append(self._request(fields, done, payload))
        self._process.wake()

    def _request(self, fields: dict[str, object], done: Callable[[Reply], None], payload: bytes = b"") -> Request:
        visit = self._visit
        return Request(fields, payload, lambda reply: self._receive(visit, done, reply))

    def _receive(self, visit: int, done: Callable[[Reply], None], reply: Reply) -> None:
        if visit != self._visit:
            return
        if not reply.trouble or reply.trouble == "page":
            done(reply)
            return
        self._forget()
        self.failed.emit(reply.trouble, reply.fields.get("detail", ""))

    # What came back -------------------------------------------------------------------------------------------------

    def _opened(self, reply: Reply) -> None:
        if reply.trouble:
            self._forget()
            self.failed.emit("damaged", "")
            return
        self.count = reply.fields["count"]
        known = [QSizeF(*size) for size in reply.fields["sizes"]]
        # Most documents have pages of one size; those that have not move a little when their sizes come.
        self.sizes = known + [known[0]] * (self.count - len(known))
        self._known = len(known)
        if reply.payload:
            self._keep(LARGE, Tile(*map(_hashable, reply.fields["tile"])), reply)
        self.opened.emit()

    def _opened_behind(self, reply: Reply) -> None:
        if reply.trouble:
            self._opened(reply)

    def _sizes_came(self, reply: Reply) -> None:
        sizes = [QSizeF(*size) for size in reply.fields.get("sizes", ())] or [self.sizes[self._known]]
        sizes = [self.sizes[0] if size == self.sizes[0] else size for size in sizes]  # one object for all of one size
        place = slice(self._known, self._known + len(sizes))
        differ = self.sizes[place] != sizes
        self.sizes[place] = sizes
        self._known += len(sizes)
        if differ:
            self.sizes_changed.emit()

    def _drawn(self, group: str, tile: Tile, reply: Reply) -> None:
        if reply.trouble:
            self.unreadable.add(tile.page)
        else:
            self._keep(group, tile, reply)
        self.drawn.emit(group)

    def _keep(self, group: str, tile: Tile, reply: Reply) -> None:
        width, height = reply.fields["width"], reply.fields["height"]
        # A copy, because the image would otherwise stand on bytes that nobody holds.
        image = QImage(reply.payload, width, height, width * 4, QImage.Format.Format_RGB32).copy()
        self._pictures[group].put(tile, image)

    def _hits_came(self, query: str, reply: Reply) -> None:
        if query != self.query:
            return
        if reply.trouble:
            self._search_from += 1
        else:
            found = [Hit(*place) for place in reply.fields["hits"]]
            self.hits += found
            self._hit_pages.update(hit.page for hit in found)
            self._search_from = reply.fields["next"]
        if self._search_from >= self.count or len(self.hits) >= MOST_HITS:
            self._search_from = -1
        self.found.emit()

    def _marks_came(self, query: str, page: int, hits: list[Hit], reply: Reply) -> None:
        boxes = reply.fields.get("boxes", ())
        if query == self.query:
            self._marks[page] = {hit: _rectangles(one) for hit, one in zip(hits, boxes, strict=False)}
            self.marked.emit(page)


class _Pictures:
    """Pictures up to ``most_bytes``, those used last."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._held: OrderedDict[Tile, QImage] = OrderedDict()

    def __contains__(self, tile: Tile) -> bool:
        return tile in self._held

    def get(self, tile: Tile) -> QImage | None:
        image = self._held.get(tile)
        if image is not None:
            self._held.move_to_end(tile)
        return image

    def put(self, tile: Tile, image: QImage) -> None:
        self._held[tile] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > self._most_bytes and len(self._held) > 1:
            self._bytes -= self._held.popitem(last=False)[1].sizeInBytes()

    def whole(self, page: int, rotation: int) -> QImage | None:
        for tile, image in reversed(self._held.items()):
            if (tile.page, tile.rotation) == (page, rotation) and tile.clip[2:] == tile.size:
                return image
        return None


def _hashable(part: Any) -> Any:
    return tuple(part) if isinstance(part, list) else part


def _rectangles(boxes: list[list[float]]) -> Boxes:
    return tuple(QRectF(*box) for box in boxes)
