"""The process that opens what strangers sent; it knows nothing of the desk and is killed when it does not answer.

One request, one reply, each a JSON header and a payload of bytes: never pickles, which a hostile file that got hold
of this process could turn against the desk. ``page_process`` is the other end.
"""

from __future__ import annotations

import json
import signal
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from qisp_desktop.gui.panel.materials.drawing import FirstLook, first_tile

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from qisp_desktop.gui.panel.materials.page_codecs import Pages, Pictures

MEMORY_LIMIT = 3 << 30
"""Bytes that the process may fill, where the system can limit it."""
FIND_SECONDS = 0.04
"""A search answers this often, so that a page that is asked for meanwhile does not wait."""
SIZE_SECONDS = 0.015
"""So much time may sizes of pages take before something else is done."""

Answer = tuple[dict[str, Any], bytes | bytearray | memoryview]


def serve(connection: Connection) -> None:
    """Answer requests until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for the desk
    _limit_memory()
    from PySide6.QtCore import QCoreApplication, qInstallMessageHandler

    qInstallMessageHandler(lambda *_message: None)  # libraries complain of broken files on stderr
    app = QCoreApplication.instance() or QCoreApplication([])  # a script that starts us may have made one
    reader = Reader()
    while True:
        try:
            request = json.loads(connection.recv_bytes())
            # Not kept in a name: what was opened may be large, and the wait for the next request long.
            header, content = reader.answer(request, connection.recv_bytes() if request["payload"] else b"")
            connection.send_bytes(json.dumps({**header, "payload": bool(content)}).encode())
            if content:
                connection.send_bytes(content)
        except (EOFError, OSError):
            break
    del app


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    # What is written to, not address space: PDFium's allocator reserves more of that than it ever uses.
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    limit = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


class Reader:
    """Holds the one document that is open, and the page that was drawn last."""

    def __init__(self) -> None:
        self._pages: Pages | None = None
        self._pictures: Pictures | None = None
        self._drawn: QImage | None = None

    def answer(self, request: dict[str, Any], payload: bytes) -> Answer:
        """The reply to ``request``; what is wrong with the document comes as ``{"trouble": code}``."""
        from qisp_desktop.gui.panel.materials.page_codecs import Trouble

        try:
            if request["do"] == "open":
                return self._open(request, payload)
            if self._pages is None or self._pictures is None:
                return {"trouble": "closed"}, b""
            if request["do"] == "draw":
                return self._draw(request, self._pictures)
            return getattr(self, f"_{request['do']}")(request, self._pages), b""
        except Trouble as trouble:
            return {"trouble": trouble.code, "detail": trouble.detail}, b""
        except MemoryError:
            return {"trouble": "too_large"}, b""

    def _open(self, request: dict[str, Any], payload: bytes) -> Answer:
        from qisp_desktop.gui.panel.materials.page_codecs import CODECS, Pictures, Trouble

        self._pages = self._pictures = self._drawn = None  # first: two at once would double the memory
        pages = CODECS[request["codec"]](payload)
        self._pages, self._pictures = pages, Pictures(pages)
        header = {"count": pages.count, "sizes": pages.sizes(0, 0)}
        look = FirstLook(**request["look"])
        if not 0 <= look.page < pages.count:
            return header, b""
        tile = first_tile(look, pages.sizes(look.page, 0)[0])
        try:
            drawn, picture = self._draw(tile._asdict(), self._pictures)
        except Trouble:
            return header, b""  # the page, not the document; the desk finds out when it asks for it
        return {**header, **drawn, "tile": tile}, picture

    def _close(self, _request: dict[str, Any], _pages: Pages) -> dict[str, Any]:
        self._pages = self._pictures = self._drawn = None
        return {}

    def _sizes(self, request: dict[str, Any], pages: Pages) -> dict[str, Any]:
        return {"sizes": pages.sizes(request["first"], SIZE_SECONDS)}

    def _draw(self, request: dict[str, Any], pictures: Pictures) -> Answer:
        image = pictures.tile(request["page"], tuple(request["size"]), request["rotation"], tuple(request["clip"]))
        self._drawn = image  # its bytes are sent without a copy, and must not go before
        return {"width": image.width(), "height": image.height()}, image.constBits()

    def _text(self, request: dict[str, Any], pages: Pages) -> dict[str, Any]:
        return {"text": pages.text(request["page"])}

    def _select(self, request: dict[str, Any], pages: Pages) -> dict[str, Any]:
        text, rectangles = pages.selection(request["page"], tuple(request["start"]), tuple(request["end"]))
        return {"text": text, "rectangles": rectangles}

    def _find(self, request: dict[str, Any], pages: Pages) -> dict[str, Any]:
        hits, following = pages.find(request["query"], request["first"], FIND_SECONDS)
        return {"hits": hits, "next": following}

    def _boxes(self, request: dict[str, Any], pages: Pages) -> dict[str, Any]:
        return {"boxes": [pages.boxes(request["page"], *place) for place in request["places"]]}
