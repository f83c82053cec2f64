"""From flowables to the bytes of a PDF: pages, header, footer, code, attachments and signature fields.

The same flowables give the same bytes in every process, time zone and locale: no clock, no random identifiers, no
settings of the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import ceil
from threading import Lock
from typing import Any

from reportlab import rl_config
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageTemplate
from reportlab.platypus.doctemplate import LayoutError

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.documents import fonts
from qisp_desktop.documents.archival import (
    ATTACHED_ON,
    declare_archival,
    empty_appearance,
    end_streams_on_a_line_of_their_own,
)
from qisp_desktop.documents.house_style import INK, LINE, MARGIN, PAGE_HEIGHT, PAGE_WIDTH, SMALL, WIDTH
from qisp_desktop.documents.qr_code import qr_code
from qisp_desktop.documents.text import TextStyle, draw_text, width_of

CODE_SIZE = 19 * mm
"""The side of the QR code: at least 0.35 mm for each module of the sheet's, which phones and scanners read."""
_BOTTOM = 30 * mm
_TOP_FIRST = 15 * mm
_TOP_LATER = 23 * mm
_FINE = TextStyle(6.8, 9.5, SMALL.colour)
_TOTAL_FORM = "page-total"
_CODE_FORM = "code"
# reportlab's canvas, its fonts' parsers and its settings are one for the whole process.
_LOCK = Lock()
end_streams_on_a_line_of_their_own()


@dataclass(frozen=True)
class Attachment:
    """A file inside a paper."""

    name: str
    mime: str
    description: str
    data: bytes


@dataclass(frozen=True)
class Furniture:
    """What stands around the text of a paper: on every page the footer, on later pages the header.

    ``code`` is the text of the QR code, empty for none; ``footer`` are short lines beside it. ``archival`` papers
    declare themselves PDF/A-3u (``documents.archival``).
    """

    title: str
    office: str
    header: str
    header_right: str
    footer: tuple[str, ...] = ()
    code: str = ""
    attachments: tuple[Attachment, ...] = ()
    archival: bool = False


def render(story: Sequence[Flowable], furniture: Furniture) -> bytes:
    """The paper as PDF; ``story`` is used up. All its text must be printable (``fonts.unprintable``).

    Raises UserError where a text is so long that its place on the paper does not fit on a page.
    """
    with _LOCK:
        # The environment or a file in the home folder could have set it; plain Flate streams are smaller.
        rl_config.useA85 = 0
        output = BytesIO()
        document = _Document(output, furniture)
        try:
            document.build([NextPageTemplate("later"), *story], canvasmaker=PaperCanvas)
        except LayoutError as error:
            raise UserError(
                _("{paper} cannot be laid out.").format(paper=furniture.title),
                _("A name or another short text in it is longer than a page."),
                _("Shorten it where it was entered."),
            ) from error
        return output.getvalue()


def draw_box(width: float, height: float, draw: Callable[[PaperCanvas], None]) -> bytes:
    """A page of ``width`` × ``height`` points without anything around it, for what is put into another paper."""
    with _LOCK:
        rl_config.useA85 = 0
        output = BytesIO()
        canvas = PaperCanvas(
            output, pagesize=(width, height), invariant=1, pageCompression=1, initialFontName=fonts.regular().name
        )
        draw(canvas)
        canvas.showPage()
        canvas.save()
        return output.getvalue()


class PaperCanvas(Canvas):
    """A canvas that knows the number of pages at its end, and holds signature fields and attachments."""

    # Parts of reportlab's canvas that its types leave out.
    _doc: Any
    _fillColorObj: Any
    _addAnnotation: Callable[[Any, str], None]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.furniture: Furniture | None = None
        self._fields: list[Any] = []

    def set_fill(self, colour: str) -> None:
        """Fill and write in ``#RRGGBB`` from here on; costs nothing while it stays the same."""
        value = _colour(colour)
        if self._fillColorObj is not value:
            self.setFillColor(value)

    def add_signature_field(self, name: str, x: float, y: float, width: float, height: float) -> None:
        """Prepare the empty signature field ``name`` on the current page, in its present coordinates."""
        left, bottom = self.absolutePosition(x, y)
        entries = {
            "Type": pdfdoc.PDFName("Annot"),
            "Subtype": pdfdoc.PDFName("Widget"),
            "FT": pdfdoc.PDFName("Sig"),
            "T": pdfdoc.PDFString(name),
            "F": 132,  # print; locked
            "Rect": pdfdoc.PDFArray([left, bottom, left + width, bottom + height]),
            "P": self._doc.thisPageRef(),
        }
        if self.furniture is not None and self.furniture.archival:
            entries["AP"] = empty_appearance(self._doc, width, height, name)
        self._addAnnotation(pdfdoc.PDFDictionary(entries), f"Signature.{name}")
        self._fields.append(self._doc.refAnnotation(f"Signature.{name}"))

    def save(self) -> None:
        """Finish the document."""
        if self.furniture is not None:
            self._define_total()
        self._add_fields()
        if self.furniture is not None and self.furniture.attachments:
            self._add_attachments(self.furniture.attachments)
        if self.furniture is not None and self.furniture.archival:
            declare_archival(self._doc, self.furniture.title, self.furniture.office, self.furniture.header)
        self._doc.Catalog.ViewerPreferences = pdfdoc.PDFDictionary({"DisplayDocTitle": "true"})
        super().save()

    def _define_total(self) -> None:
        text = f"共 {self.getPageNumber() - 1} 页 · "
        width = width_of(text, SMALL)
        self.beginForm(_TOTAL_FORM, -ceil(width), -5, 0, 12)
        draw_text(self, text, SMALL, -width, 0)
        self.endForm()

    def _add_fields(self) -> None:
        if self._fields:
            # Signatures exist; only append. Set from the start, so that signing changes nothing here.
            form = {"Fields": pdfdoc.PDFArray(self._fields), "SigFlags": 3}
            self._doc.Catalog.AcroForm = pdfdoc.PDFDictionary(form)

    def _add_attachments(self, attachments: Sequence[Attachment]) -> None:
        names: list[Any] = []
        for attachment in sorted(attachments, key=lambda one: one.name):
            names += [pdfdoc.PDFString(attachment.name), self._filespec(attachment)]
        if self.furniture is not None and self.furniture.archival:
            self._doc.Catalog.AF = pdfdoc.PDFArray(names[1::2])
        tree = pdfdoc.PDFDictionary({"EmbeddedFiles": pdfdoc.PDFDictionary({"Names": pdfdoc.PDFArray(names)})})
        self._doc.Catalog.Names = tree

    def _filespec(self, attachment: Attachment) -> Any:
        stream = pdfdoc.PDFStream(content=attachment.data, filters=[pdfdoc.PDFZCompress])
        stream.dictionary["Type"] = pdfdoc.PDFName("EmbeddedFile")
        stream.dictionary["Subtype"] = "/" + attachment.mime.replace("/", "#2F")  # PDFName leaves the slash as it is
        facts: dict[str, Any] = {"Size": len(attachment.data)}
        if self.furniture is not None and self.furniture.archival:
            facts["ModDate"] = pdfdoc.PDFString(ATTACHED_ON)
        stream.dictionary["Params"] = pdfdoc.PDFDictionary(facts)
        reference = self._doc.Reference(stream, f"embedded:{attachment.name}")
        name = pdfdoc.PDFString(attachment.name)
        filespec = {
            "Type": pdfdoc.PDFName("Filespec"),
            "F": name,
            "UF": name,
            "Desc": pdfdoc.PDFString(attachment.description),
            "AFRelationship": pdfdoc.PDFName("Data"),
            "EF": pdfdoc.PDFDictionary({"F": reference, "UF": reference}),
        }
        return self._doc.Reference(pdfdoc.PDFDictionary(filespec), f"filespec:{attachment.name}")


@cache
def _colour(code: str) -> Color:
    return HexColor(code)


class _Document(BaseDocTemplate):
    canv: Any  # a PaperCanvas while it is built

    def __init__(self, output: BytesIO, furniture: Furniture) -> None:
        super().__init__(
            output,
            pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
            title=furniture.title,
            author=furniture.office,
            subject=furniture.header,
            creator="QISP Desktop",
            producer="QISP Desktop",
            lang="zh-CN",
            invariant=1,
            pageCompression=1,
            initialFontName=fonts.regular().name,
        )
        self._furniture = furniture
        self.addPageTemplates(
            [
                PageTemplate("first", [_frame(_TOP_FIRST)], onPageEnd=self._draw_footer),
                PageTemplate("later", [_frame(_TOP_LATER)], onPage=self._draw_header, onPageEnd=self._draw_footer),
            ]
        )

    def handle_documentBegin(self) -> None:
        """Hand the canvas what it needs before its first page."""
        self.canv.furniture = self._furniture
        super().handle_documentBegin()

    def _draw_footer(self, canvas: Any, document: Any) -> None:
        furniture = self._furniture
        canvas.setStrokeColor(HexColor(LINE))
        canvas.setLineWidth(0.5)
        canvas.line(MARGIN, _BOTTOM - 3 * mm, MARGIN + WIDTH, _BOTTOM - 3 * mm)
        x = MARGIN
        if furniture.code:
            _draw_code(canvas, furniture.code, MARGIN, _BOTTOM - 4.5 * mm - CODE_SIZE)
            x += CODE_SIZE + 4 * mm
        for number, line in enumerate(furniture.footer):
            draw_text(canvas, fonts.printed(line), _FINE, x, _BOTTOM - 9 * mm - number * _FINE.leading)
        _draw_page_number(canvas)

    def _draw_header(self, canvas: Any, document: Any) -> None:
        right = _fitted(self._furniture.header_right, WIDTH / 2)
        left = _fitted(self._furniture.header, WIDTH - width_of(right, SMALL) - 4 * mm)
        y = PAGE_HEIGHT - 16 * mm
        draw_text(canvas, left, SMALL, MARGIN, y)
        draw_text(canvas, right, SMALL, MARGIN + WIDTH - width_of(right, SMALL), y)
        canvas.setStrokeColor(HexColor(INK))
        canvas.setLineWidth(0.6)
        canvas.line(MARGIN, y - 5, MARGIN + WIDTH, y - 5)


def _fitted(text: str, width: float) -> str:
    """``text`` on one line of a header, shortened where it is longer than ``width`` points."""
    shown = fonts.printed(text).replace("\n", " ")
    if width_of(shown, SMALL) <= width:
        return shown
    while shown and width_of(shown + "…", SMALL) > width:
        shown = shown[:-1]
    return shown + "…"


def _frame(top: float) -> Frame:
    height = PAGE_HEIGHT - top - _BOTTOM
    return Frame(MARGIN, _BOTTOM, WIDTH, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)


def _draw_page_number(canvas: PaperCanvas) -> None:
    text = f"第 {canvas.getPageNumber()} 页"
    x, y = MARGIN + WIDTH - width_of(text, SMALL), _BOTTOM - 9 * mm
    # The total is known at the end only: a form that every page shows to the left of its number, and that is
    # defined then.
    canvas.saveState()
    canvas.translate(x, y)
    canvas.doForm(_TOTAL_FORM)
    canvas.restoreState()
    draw_text(canvas, text, SMALL, x, y)


def _draw_code(canvas: PaperCanvas, text: str, x: float, y: float) -> None:
    if not canvas.hasForm(_CODE_FORM):
        _define_code(canvas, text)
    canvas.saveState()
    canvas.translate(x, y)
    canvas.doForm(_CODE_FORM)
    canvas.restoreState()


def _define_code(canvas: PaperCanvas, text: str) -> None:
    code = qr_code(text)
    module = CODE_SIZE / code.size
    canvas.beginForm(_CODE_FORM, 0, 0, ceil(CODE_SIZE), ceil(CODE_SIZE))
    canvas.setFillColor(HexColor(INK))
    canvas.scale(module, module)
    # Whole modules as they are: reportlab would format each of some 1,500 numbers as a fraction.
    bars = " ".join(f"{bar.x} {code.size - 1 - bar.y} {bar.length} 1 re" for bar in code.bars)
    canvas.addLiteral(f"{bars} f")
    canvas.endForm()
