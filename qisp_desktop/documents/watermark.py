"""A word across each page of a paper that is not to be taken for the signed original: 草稿, 副本.

Drawn as text (vector, searchable) that darkens the page (blend mode Multiply, PDF 32000-1, 11.3.5.2): pale enough that
everything stays readable in black and white, and seen across tinted tables too.
"""

from __future__ import annotations

from functools import lru_cache, partial
from io import BytesIO

import pikepdf

from qisp_desktop.documents.rendering import PaperCanvas, draw_box
from qisp_desktop.documents.text import TextStyle, draw_text, width_of

DRAFT, COPY = "草稿", "副本"
_COLOUR = "#DCE0E6"
"""Seen at a glance, and still paler than the lines of a table when printed in grey."""
_ANGLE = 45
_PART = 0.55
"""Of the page's shorter side that the word takes."""


def watermarked(pdf: bytes, word: str) -> bytes:
    """``pdf`` with ``word`` across every page; whatever signature it carried holds no more.

    Raises ValueError for a file that is no PDF.
    """
    try:
        with pikepdf.open(BytesIO(pdf)) as paper:
            _mark(paper, word)
            output = BytesIO()
            paper.save(output, deterministic_id=True)
            return output.getvalue()
    except pikepdf.PdfError as error:
        raise ValueError("not a PDF") from error


def _mark(paper: pikepdf.Pdf, word: str) -> None:
    stamps: dict[tuple[int, int], pikepdf.Object] = {}
    for page in paper.pages:
        left, bottom, right, top = (float(side) for side in page.mediabox)
        size = round(right - left), round(top - bottom)
        if size not in stamps:
            with pikepdf.open(BytesIO(_stamp(word, *size))) as stamp:
                stamps[size] = paper.copy_foreign(stamp.pages[0].as_form_xobject())
        # Drawn by hand: Page.add_overlay would put the whole page into a form, its fields left behind.
        own = pikepdf.Name(f"/Mark{size[0]}x{size[1]}")  # a chosen name, so that the same paper gives the same bytes
        form = page.add_resource(stamps[size], pikepdf.Name.XObject, own)
        darkening = pikepdf.Dictionary(BM=pikepdf.Name.Multiply)
        blend = page.add_resource(darkening, pikepdf.Name.ExtGState, pikepdf.Name("/MarkBlend"))
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(f"\nQ q {blend} gs 1 0 0 1 {left:.2f} {bottom:.2f} cm {form} Do Q".encode("ascii"))


@lru_cache(maxsize=8)
def _stamp(word: str, width: int, height: int) -> bytes:
    return draw_box(width, height, partial(_draw, word, width, height))


def _draw(word: str, width: int, height: int, canvas: PaperCanvas) -> None:
    size = min(width, height) * _PART / max(len(word), 1)
    style = TextStyle(size, size, _COLOUR, bold=True)
    canvas.translate(width / 2, height / 2)
    canvas.rotate(_ANGLE)
    draw_text(canvas, word, style, -width_of(word, style) / 2, -0.36 * size)
