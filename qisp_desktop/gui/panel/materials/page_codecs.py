"""The kinds of file that have pages to draw: PDF and pictures. Only the process of ``page_server`` opens them.

To add one, write a class with the methods of ``Pages`` and name it in ``CODECS``. Lengths are points (1/72 inch) from
the page's upper left corner, pages count from 0.
"""

from __future__ import annotations

import math
import time
from typing import ClassVar, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QTransform
from PySide6.QtPdf import QPdfDocument, QPdfSelection

from qisp_desktop.gui.panel.materials.drawing import MOST_PIXELS
from qisp_desktop.gui.panel.materials.folding import folded

LARGEST_PICTURE = 120_000_000
"""Pixels of a picture that is opened at all."""
KEPT_PIXELS = 24_000_000
"""Pixels of a picture that are kept; larger ones are read smaller."""
MOST_HITS_ON_PAGE = 200
LONGEST_SIDE = 20_000.0
"""Points; the PDF format itself ends at 14,400."""
_A4 = (595.0, 842.0)

Point = tuple[float, float]
Box = list[float]
"""x, y, width, height."""
Place = tuple[int, int, int]
"""Page, first character on it, how many."""


class Trouble(Exception):
    """Why a document or page cannot be shown: a code that ``troubles`` puts into words, and a detail for it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class Pages(Protocol):
    """An open document."""

    count: int

    def __init__(self, content: bytes) -> None: ...
    def sizes(self, first: int, seconds: float) -> list[Point]: ...
    def draw(self, page: int, width: int, height: int) -> QImage: ...
    def text(self, page: int) -> str: ...
    def selection(self, page: int, start: Point, end: Point) -> tuple[str, list[Box]]: ...
    def find(self, query: str, first: int, seconds: float) -> tuple[list[Place], int]: ...
    def boxes(self, page: int, start: int, length: int) -> list[Box]: ...


class PdfPages:
    """A PDF document, read by PDFium."""

    _TROUBLES: ClassVar = {
        QPdfDocument.Error.IncorrectPassword: "password",
        QPdfDocument.Error.UnsupportedSecurityScheme: "password",
    }

    def __init__(self, content: bytes) -> None:
        self._lines: tuple[int, list[QRectF]] | None = None
        self._data = QByteArray(content)
        self._buffer = QBuffer(self._data)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document = QPdfDocument()
        self._document.load(self._buffer)
        if self._document.status() != QPdfDocument.Status.Ready:
            raise Trouble(self._TROUBLES.get(self._document.error(), "damaged"))
        self.count = self._document.pageCount()
        if self.count < 1:
            raise Trouble("empty")

    def sizes(self, first: int, seconds: float) -> list[Point]:
        """Sizes from page ``first`` on, as many as there is time for and at least one."""
        end = time.perf_counter() + seconds
        found = []
        for page in range(first, self.count):
            size = self._document.pagePointSize(page)
            found.append(_plausible(size.width(), size.height()))
            if time.perf_counter() > end:
                break
        return found

    def draw(self, page: int, width: int, height: int) -> QImage:
        """The page on white paper, ``width`` × ``height`` pixels."""
        drawn = self._document.render(page, QSize(width, height))
        if drawn.isNull():
            raise Trouble("page")
        return _on_paper(drawn)

    def text(self, page: int) -> str:
        """All text of the page."""
        return self._document.getAllText(page).text().replace("\r\n", "\n")

    def selection(self, page: int, start: Point, end: Point) -> tuple[str, list[Box]]:
        """The text between two points in reading order, and where it stands."""
        lines = self._lines_of(page)
        if not lines:
            return "", []
        ends = [_snapped(point, lines) for point in (start, end)]
        # PDFium loses a character when asked from the end to the start.
        ends.sort(key=lambda at: (_line_at(at, lines), at.x()))
        selected = self._document.getSelection(page, *ends)
        return selected.text().replace("\r\n", "\n"), _boxes(selected)

    def _lines_of(self, page: int) -> list[QRectF]:
        if self._lines is None or self._lines[0] != page:
            bounds = self._document.getAllText(page).bounds()
            self._lines = page, [polygon.boundingRect() for polygon in bounds]
        return self._lines[1]

    def find(self, query: str, first: int, seconds: float) -> tuple[list[Place], int]:
        """Where ``query`` stands on the pages from ``first`` on, and the page to go on from (``count``: all done)."""
        end = time.perf_counter() + seconds
        wanted = folded(query).text
        hits: list[Place] = []
        page = first
        while page < self.count and wanted:
            content = folded(self._document.getAllText(page).text())
            hits += [(page, start, length) for start, length in content.places(wanted)[:MOST_HITS_ON_PAGE]]
            page += 1
            if time.perf_counter() > end:
                return hits, page
        return hits, self.count

    def boxes(self, page: int, start: int, length: int) -> list[Box]:
        """Where these characters of the page stand."""
        return _boxes(self._document.getSelectionAtIndex(page, start, length))


class PicturePages:
    """A picture, or several in one file (TIFF); the camera's orientation is applied."""

    def __init__(self, content: bytes) -> None:
        QImageReader.setAllocationLimit(LARGEST_PICTURE * 4 >> 20)
        self._data = QByteArray(content)
        # One for all readers: a reader that outlives its device takes the process with it.
        self._buffer = QBuffer(self._data)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._held: tuple[int, QImage] | None = None
        reader = self._reader(0)
        # Formats without several pictures say 0.
        self.count = max(1, reader.imageCount()) if reader.format() == b"tiff" else 1
        self._image(0)

    def sizes(self, first: int, seconds: float) -> list[Point]:
        """At 100 % a pixel of the picture is one of the screen (96 to the inch)."""
        end = time.perf_counter() + seconds
        found = []
        for page in range(first, self.count):
            reader = self._reader(page)
            size = _turned(reader) if reader.size().isValid() else self._image(page).size()
            found.append(_plausible(size.width() * 0.75, size.height() * 0.75))
            if time.perf_counter() > end:
                break
        return found

    def draw(self, page: int, width: int, height: int) -> QImage:
        """The picture on white, ``width`` × ``height`` pixels."""
        smooth = Qt.TransformationMode.SmoothTransformation
        return self._image(page).scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)

    def text(self, page: int) -> str:
        """A picture has no text."""
        return ""

    def selection(self, page: int, start: Point, end: Point) -> tuple[str, list[Box]]:
        """A picture has no text."""
        return "", []

    def find(self, query: str, first: int, seconds: float) -> tuple[list[Place], int]:
        """A picture has no text."""
        return [], self.count

    def boxes(self, page: int, start: int, length: int) -> list[Box]:
        """A picture has no text."""
        return []

    def _reader(self, page: int) -> QImageReader:
        self._buffer.seek(0)
        reader = QImageReader(self._buffer)
        reader.setDecideFormatFromContent(True)
        reader.setAutoTransform(True)
        if page and not reader.jumpToImage(page):
            raise Trouble("page")
        return reader

    def _image(self, page: int) -> QImage:
        if self._held is None or self._held[0] != page:
            self._held = None  # the one before goes first
            self._held = page, self._read(self._reader(page))
        return self._held[1]

    def _read(self, reader: QImageReader) -> QImage:
        size = reader.size()
        pixels = size.width() * size.height()
        if size.isValid() and pixels > LARGEST_PICTURE:
            raise Trouble("picture_too_large", f"{size.width()} × {size.height()}")
        if size.isValid() and pixels > KEPT_PIXELS:
            reader.setScaledSize(size * math.sqrt(KEPT_PIXELS / pixels))
        image = reader.read()
        if image.isNull():
            raise Trouble("damaged")
        return _on_paper(image)


CODECS: dict[str, type[Pages]] = {"pdf": PdfPages, "picture": PicturePages}


class Pictures:
    """Pages as pictures, cut into tiles; the page drawn last is kept, because its tiles are asked for one by one."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._key: tuple[int, Point, int] | None = None
        self._image = QImage()

    def tile(self, page: int, size: tuple[int, int], rotation: int, clip: tuple[int, int, int, int]) -> QImage:
        """The part ``clip`` (x, y, width, height) of the page, turned by ``rotation`` degrees, ``size`` large."""
        if self._key != (page, size, rotation):
            self._key, self._image = None, QImage()
            self._image = self._draw(page, size, rotation)
            self._key = page, size, rotation
        return self._image if clip == (0, 0, *size) else self._image.copy(QRect(*clip))

    def _draw(self, page: int, size: tuple[int, int], rotation: int) -> QImage:
        width, height = size if rotation % 180 == 0 else size[::-1]
        if width < 1 or height < 1 or width * height > MOST_PIXELS:
            raise Trouble("page")
        image = self._pages.draw(page, width, height)
        turned = image.transformed(QTransform().rotate(rotation)) if rotation else image
        return turned.convertToFormat(QImage.Format.Format_RGB32)


def _on_paper(image: QImage) -> QImage:
    """``image`` without transparency, on white."""
    if not image.hasAlphaChannel():
        return image.convertToFormat(QImage.Format.Format_RGB32)
    paper = QImage(image.size(), QImage.Format.Format_RGB32)
    paper.fill(QColor(Qt.GlobalColor.white))
    painter = QPainter(paper)
    painter.drawImage(0, 0, image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied))  # four times as fast
    painter.end()
    return paper


def _turned(reader: QImageReader) -> QSize:
    size = reader.size()
    # A quarter turn is among the EXIF transformations.
    return size.transposed() if reader.transformation().value & 4 else size


def _plausible(width: float, height: float) -> Point:
    if not (math.isfinite(width) and math.isfinite(height)) or width < 1 or height < 1:
        return _A4
    return min(width, LONGEST_SIDE), min(height, LONGEST_SIDE)


def _snapped(point: Point, lines: list[QRectF]) -> QPointF:
    """The nearest point that lies on text: PDFium selects nothing from or to a margin."""

    def onto(line: QRectF) -> QPointF:
        inner = line.adjusted(0.5, 0.5, -0.5, -0.5)
        return QPointF(
            min(max(inner.left(), point[0]), max(inner.left(), inner.right())),
            min(max(inner.top(), point[1]), max(inner.top(), inner.bottom())),
        )

    # A line beside the point is meant rather than a nearer one above or below.
    return min((onto(line) for line in lines), key=lambda at: abs(at.x() - point[0]) + 8 * abs(at.y() - point[1]))


def _line_at(point: QPointF, lines: list[QRectF]) -> int:
    return next((place for place, line in enumerate(lines) if line.contains(point)), 0)


def _boxes(selection: QPdfSelection) -> list[Box]:
    rectangles: list[QRectF] = [polygon.boundingRect() for polygon in selection.bounds()]
    return [[box.x(), box.y(), box.width(), box.height()] for box in rectangles]
