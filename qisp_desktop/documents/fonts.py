"""The fonts of papers: the bundled Noto Sans SC, and where to look for what it lacks.

Glyphs are found in the bundled font, then in the fonts of the office's own folder, then in HanaMin where the system
has it. A character that none of them has is never printed as a box or a blank: ``unprintable`` finds it beforehand.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFError, TTFont

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.paths import fonts_folder

_log = logging.getLogger(__name__)
BUNDLED = ("NotoSansSC-Regular", "NotoSansSC-Bold")
"""The PostScript names of the fonts that every installation has."""
_SYSTEM_FONTS = ("HanaMinA.ttf", "HanaMinB.ttf")
_SYSTEM_FOLDERS = (
    Path("/usr/share/fonts/truetype/hanazono"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
_LARGEST_FONT = 100 * 1024 * 1024
_BLOCK = 100
"""Entries of one ``bfchar`` block, at most (PDF 32000-1, 9.7.5.4 by way of Adobe's CMap specification)."""


class PaperFont(TTFont):
    """A TrueType font whose subsets say rightly which characters they hold, also beyond U+FFFF.

    reportlab writes the code point as it is where ToUnicode wants UTF-16BE, so that 𬭚 would be read back as ⲵ, and
    shares objects between two fonts that carry one PostScript name.
    """

    face: Any  # reportlab's own types leave out most of it

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(name, BytesIO(data), asciiReadable=False, shapable=False)
        # reportlab would take two fonts of one PostScript name, such as two releases of Noto Sans SC, for the same.
        self._post_script_name = self.face.name.decode("ascii")
        self.face.name = name.encode("utf-8")
        # Each subset copies the table of all outlines, 10 MB, unless it is kept: a tenth of the time of a paper.
        self.face.get_table = cache(self.face.get_table)

    def addObjects(self, doc: Any) -> None:
        """Add one font object for each subset of up to 255 characters that ``doc`` uses."""
        state: Any = self.state[doc]
        state.frozen = 1
        codes: list[dict[int, int]] = [{} for _subset in state.subsets]
        for character, code in state.assignments.items():
            if character:
                codes[code >> 8][code & 0xFF] = character
        for number, subset in enumerate(state.subsets):
            self._add_subset(doc, number, subset, codes[number])
        del self.state[doc]

    def _add_subset(self, doc: Any, number: int, subset: list[int], codes: dict[int, int]) -> None:
        internal = self.getSubsetInternalName(number, doc)[1:]
        base = f"{SUBSETN(number).decode('ascii')}+{self._post_script_name}"
        to_unicode = pdfdoc.PDFStream(content=_to_unicode(codes), filters=[pdfdoc.PDFZCompress])
        font: Any = pdfdoc.PDFTrueTypeFont()
        font.Name = internal
        font.BaseFont = base
        font.FirstChar = 0
        font.LastChar = len(subset) - 1
        font.Widths = pdfdoc.PDFArray([self.face.getCharWidth(character) for character in subset])
        font.ToUnicode = doc.Reference(to_unicode, f"toUnicode:{internal}")
        font.FontDescriptor = self._descriptor(doc, internal, base, subset)
        doc.Reference(font, internal)
        doc.idToObject["BasicFonts"].dict[internal] = font

    def _descriptor(self, doc: Any, internal: str, base: str, subset: list[int]) -> Any:
        face = self.face
        program = face.makeSubset(subset)
        stream = pdfdoc.PDFStream(content=program, filters=[pdfdoc.PDFZCompress])
        stream.dictionary["Length1"] = len(program)
        entries = {
            "Type": "/FontDescriptor",
            "Ascent": face.ascent,
            "CapHeight": face.capHeight,
            "Descent": face.descent,
            "Flags": 4,  # symbolic: the codes are the subset's own
            "FontBBox": pdfdoc.PDFArray(face.bbox),
            "FontName": pdfdoc.PDFName(base),
            "ItalicAngle": face.italicAngle,
            "StemV": face.stemV,
            "FontFile2": doc.Reference(stream, f"fontFile:{internal}"),
            "MissingWidth": face.defaultWidth,
        }
        return doc.Reference(pdfdoc.PDFDictionary(entries), f"fontDescriptor:{internal}")


def _to_unicode(codes: dict[int, int]) -> bytes:
    entries = [f"<{code:02X}> <{chr(codes[code]).encode('utf-16-be').hex().upper()}>" for code in sorted(codes)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for first in range(0, len(entries), _BLOCK):
        block = entries[first : first + _BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines).encode("ascii")


class Typeface(dict[str, float]):
    """Regular or bold: the advance of each character in 1/1000 of the size, from whichever font has it.

    Asking for a character that no font has raises KeyError.
    """

    def __init__(self, own: PaperFont) -> None:
        super().__init__()
        self._own = own
        self._foreign: dict[str, PaperFont] = {}

    def __missing__(self, character: str) -> float:
        font = self._own if has_glyph(self._own, character) else _fallback(character)
        if font is None:
            raise KeyError(character)
        if font is not self._own:
            self._foreign[character] = font
        advance = float(font.face.getCharWidth(ord(character)))
        self[character] = advance
        return advance

    @property
    def name(self) -> str:
        """The bundled font's registered name."""
        return str(self._own.fontName)

    def runs(self, text: str) -> Iterator[tuple[str, str]]:
        """``text`` in pieces of one font each, as (the font's registered name, piece)."""
        if not self._foreign or self._foreign.keys().isdisjoint(text):
            yield self._own.fontName, text
            return
        start = 0
        for place in range(1, len(text) + 1):
            font = self._foreign.get(text[start], self._own)
            if place == len(text) or self._foreign.get(text[place], self._own) is not font:
                yield font.fontName, text[start:place]
                start = place


@cache
def regular() -> Typeface:
    """Noto Sans SC Regular and what stands in for it."""
    return Typeface(_bundled("QISP-Regular", f"{BUNDLED[0]}.ttf"))


@cache
def bold() -> Typeface:
    """Noto Sans SC Bold and what stands in for it."""
    return Typeface(_bundled("QISP-Bold", f"{BUNDLED[1]}.ttf"))


def forget_fonts() -> None:
    """Look for the office's fonts anew at the next paper."""
    regular.cache_clear()
    bold.cache_clear()
    _fallbacks.cache_clear()


def has_glyph(font: PaperFont, character: str) -> bool:
    """Whether ``font`` itself draws ``character``."""
    return bool(font.face.charToGlyph.get(ord(character)))


# What of a text is printed -----------------------------------------------------------------------------------------

_LINE_ENDS = str.maketrans({"\v": "\n", "\f": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\t": "    "})
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Default-ignorable letters and marks (Unicode, DerivedCoreProperties) besides format characters and selectors."""


def printed(text: str) -> str:
    """``text`` as it is set: line ends unified, tabs widened, and what has no form of its own left out.

    Left out are control and format characters and variation selectors, which Unicode asks to be ignored where they are
    not supported; the attached record keeps them. Text is set in the order in which it is stored.
    """
    if text.isprintable():
        return text.translate(_FOLDED) if not text.isascii() else text
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_LINE_ENDS)
    kept = (c for c in text if c == "\n" or not _ignorable(c))
    return "".join(kept).translate(_FOLDED)


_SELECTORS = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_FOLDED: dict[int, str | None] = {
    **dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F), " "),
    **{selector: None for block in _SELECTORS for selector in block},
}


def _ignorable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf") or character in _INVISIBLE


def unprintable(text: str) -> list[tuple[int, str]]:
    """The characters of ``text`` that papers cannot show, each once, with its place (from 0).

    These are characters that no font has, and letters of scripts that run from right to left, which need more than a
    font.
    """
    known = regular()
    found: dict[str, int] = {}
    for place, character in enumerate(text):
        if character in known or character in found:
            continue
        for shown in printed(character):
            if shown != "\n" and not _can_print(known, shown):
                found[character] = place
    return [(place, character) for character, place in found.items()]


def require_printable(texts: Iterable[tuple[str, str]]) -> None:
    """Raise UserError for the first character that papers cannot show; ``texts`` are pairs of place and text."""
    for place, text in texts:
        for position, character in unprintable(text):
            raise _not_printable(character, place, position + 1)


def _not_printable(character: str, place: str, position: int) -> UserError:
    what = _("The character “{character}” (U+{code}) cannot be printed.").format(
        character=character, code=f"{ord(character):04X}"
    )
    if _runs_leftwards(character):
        return UserError(
            what,
            _("It stands in: {place}, character {position}. Papers show no writing from right to left.").format(
                place=place, position=position
            ),
            _("Write it in Chinese or Latin letters."),
        )
    return UserError(
        what,
        _("It stands in: {place}, character {position}. No font on this computer can show it.").format(
            place=place, position=position
        ),
        _("Replace it, or put a TrueType font that has it into {folder}.").format(folder=fonts_folder()),
    )


def _runs_leftwards(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL", "AN")


def _can_print(typeface: Typeface, character: str) -> bool:
    if _runs_leftwards(character):
        return False
    try:
        typeface[character]
    except KeyError:
        return False
    return True


# Where fonts come from ---------------------------------------------------------------------------------------------


@cache
def _bundled(name: str, file: str) -> PaperFont:
    return _registered(name, files("qisp_desktop.resources").joinpath("fonts", file).read_bytes())


def _registered(name: str, data: bytes) -> PaperFont:
    font = PaperFont(name, data)
    pdfmetrics.registerFont(font)
    return font


def _fallback(character: str) -> PaperFont | None:
    for path in _fallbacks():
        font = _load(path)
        if font is not None and has_glyph(font, character):
            return font
    return None


@cache
def _fallbacks() -> tuple[Path, ...]:
    folder = fonts_folder()
    own = sorted(path for path in folder.glob("*") if path.suffix.lower() == ".ttf") if folder.is_dir() else []
    system = [place / name for name in _SYSTEM_FONTS for place in _SYSTEM_FOLDERS]
    return (*own, *(path for path in system if path.is_file()))


@cache
def _load(path: Path) -> PaperFont | None:
    """The font in ``path``, or None for a file that is no TrueType font or may not be embedded; the log says so."""
    try:
        if path.stat().st_size > _LARGEST_FONT:
            raise TTFError("the file is too large for a font")
        return _registered(str(path), path.read_bytes())
    except Exception as error:  # whatever a broken font makes the parser do, the next font is asked
        _log.warning("The font %s cannot be used on papers: %s", path.name, error)
        return None
