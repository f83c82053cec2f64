"""A look at a workbook's parts before the library reads them: limits first, and facts that its fast mode leaves out.

A workbook is a ZIP of XML parts from a stranger. Every part is run once through a defused parser that keeps no tree;
it stops at entities, at document types and at the limits below. On the way the facts of each worksheet are noted: how
far it reaches, which rows are hidden, which cells hold formulas, which are merged.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import IO, Literal
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from openpyxl.utils.cell import range_boundaries

from qisp_desktop.base.i18n import _

LARGEST_FILE = 50 << 20
"""Bytes of the file itself."""
LARGEST_CONTENT = 100 << 20
"""Bytes of all parts together, unpacked."""
LARGEST_RATIO = 200
"""Unpacked bytes per packed byte of one part; only parts above a megabyte are looked at."""
MOST_PARTS = 2_000
MOST_ROWS = 20_000
MOST_COLUMNS = 256
MOST_ELEMENTS = {"worksheet": 1_000_000, "sst": 500_000}
"""XML elements of a part by its root; what the library reads at once and slowly, such as styles, may have fewer."""
MOST_OTHER_ELEMENTS = 200_000
DEEPEST = 64
MOST_MERGES = 10_000
_CHUNK = 1 << 16
_XML_STARTS = b"<\xef\xff\xfe\x00 \t\r\n"
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class UnfitWorkbook(Exception):
    """The file cannot be read as a workbook at all, or only at too high a price."""

    def __init__(self, code: Literal["not_a_workbook", "too_large"], message: str, sheet: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.sheet = sheet


@dataclass
class SheetFacts:
    """What the first look at a worksheet found; rows and columns count from 1.

    ``formulas`` says of each formula cell whether a result was stored with it. ``beyond`` is the first cell with
    content outside the limits, empty when there is none. ``merges`` are (first column, first row, last column, last
    row).
    """

    last_row: int = 0
    last_column: int = 0
    hidden: set[int] = field(default_factory=set)
    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    beyond: str = ""


def inspect(archive: zipfile.ZipFile) -> dict[str, SheetFacts]:
    """Look at every part; the facts of each worksheet by the part's name.

    Raises UnfitWorkbook at a limit, a document type or an entity. A part that is no XML is left to the library, which
    will not be able to use it either.
    """
    _check_directory(archive)
    facts: dict[str, SheetFacts] = {}
    for info in archive.infolist():
        with archive.open(info) as stream:
            first = stream.read(_CHUNK)
            if first[:1] and first[:1] in _XML_STARTS:
                look = _Look()
                _feed(look, first, stream)
                if look.root == "worksheet":
                    facts[info.filename] = look.facts
    return facts


def _check_directory(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > LARGEST_CONTENT:
        raise UnfitWorkbook("too_large", _("unpacked, the workbook is larger than this program reads"))
    for info in infos:
        if info.flag_bits & 1:
            raise UnfitWorkbook("not_a_workbook", _("the workbook is encrypted; save it without a password"))
        if info.file_size > (1 << 20) and info.file_size > LARGEST_RATIO * max(1, info.compress_size):
            raise UnfitWorkbook(
                "too_large", _("a part of the workbook is packed so tightly that it looks like an attack")
            )
        if info.filename.lower().endswith("vbaproject.bin"):
            raise UnfitWorkbook("not_a_workbook", _("the workbook holds macros; save it as .xlsx without them"))


def _feed(look: _Look, first: bytes, stream: IO[bytes]) -> None:
    parser = DefusedXMLParser(target=look, forbid_dtd=True)
    try:
        chunk = first
        while chunk:
            parser.feed(chunk)
            chunk = stream.read(_CHUNK)
        parser.close()
    except DefusedXmlException as error:
        raise UnfitWorkbook(
            "not_a_workbook", _("the workbook declares a document type or entities, as no office program does")
        ) from error
    except (ParseError, ValueError):
        # No XML. If the library needs this part it will say so.
        return


class _Look:
    """The target of the parser: counts elements and notes facts, keeps nothing else."""

    def __init__(self) -> None:
        self.root = ""
        self.facts = SheetFacts()
        self._elements = 0
        self._limit = MOST_OTHER_ELEMENTS
        self._depth = 0
        self._row = 0
        self._column = 0
        self._in_value = False
        self._has_formula = False
        self._has_value = False
        self._has_result = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        self._elements += 1
        self._depth += 1
        if not self.root:
            self.root = name
            self._limit = MOST_ELEMENTS.get(name, MOST_OTHER_ELEMENTS)
        if self._elements > self._limit or self._depth > DEEPEST:
            raise UnfitWorkbook("too_large", _("the workbook has more cells or formats than this program reads"))
        if self.root != "worksheet":
            return
        if name == "c":
            self._start_cell(attributes)
        elif name == "f":
            self._has_formula = True
        elif name in ("v", "is"):
            self._has_value = self._in_value = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "mergeCell":
            self._merge(attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._in_value = False
        if self.root == "worksheet" and tag.endswith("}c") and (self._has_formula or self._has_value):
            self._end_cell()

    def data(self, text: str) -> None:
        """Note that a value is not empty; the text itself is the library's to read."""
        if self._in_value:
            self._has_result = True

    def close(self) -> None:
        """Nothing is kept back until the end."""

    def _start_row(self, attributes: dict[str, str]) -> None:
        before, self._column = self._row, 0
        written = attributes.get("r", "")
        self._row = int(written) if written.isascii() and written.isdigit() else before + 1
        if self._row <= before:
            raise UnfitWorkbook("not_a_workbook", _("the rows of a worksheet are not in order"))
        if attributes.get("hidden") in ("1", "true") or attributes.get("ht") in ("0", "0.0"):
            self.facts.hidden.add(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._has_formula = self._has_value = False
        # An empty text is a result; a number that is empty was never calculated.
        self._has_result = attributes.get("t") == "str"
        self._column += 1
        if match := _CELL.fullmatch(attributes.get("r", "")):
            self._column = _column_number(match[1])

    def _end_cell(self) -> None:
        facts = self.facts
        if self._row > MOST_ROWS or self._column > MOST_COLUMNS:
            facts.beyond = facts.beyond or f"{_column_letters(self._column)}{self._row}"
            return
        facts.last_row = max(facts.last_row, self._row)
        facts.last_column = max(facts.last_column, self._column)
        if self._has_formula:
            facts.formulas[self._row, self._column] = self._has_value and self._has_result

    def _merge(self, attributes: dict[str, str]) -> None:
        try:
            left, top, right, bottom = range_boundaries(attributes.get("ref", ""))
        except (ValueError, TypeError):
            return
        if None not in (left, top, right, bottom) and len(self.facts.merges) < MOST_MERGES:
            self.facts.merges.append((int(left or 0), int(top or 0), int(right or 0), int(bottom or 0)))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
