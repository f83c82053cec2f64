"""The kinds of viewer. To add one, write a subclass of ``Viewer``, here or in a module, and name it in VIEWERS.

The first that takes a file shows it. A viewer judges by content and name: a file that is named as a PDF and is none
goes to the PDF viewer, which says so.
"""

from __future__ import annotations

from pathlib import PurePath

from qisp_desktop.gui.panel.materials.outside_viewer import OutsideViewer
from qisp_desktop.gui.panel.materials.pages_viewer import PagesViewer
from qisp_desktop.gui.panel.materials.text_viewer import TextViewer
from qisp_desktop.gui.panel.materials.viewer import Tools, Viewer


class PdfViewer(PagesViewer):
    """PDF files."""

    codec = "pdf"

    @classmethod
    def takes(cls, name: str, content: bytes) -> bool:
        """By name, or by the mark that stands within the first kilobyte (ISO 32000-1, implementation note 13)."""
        return PurePath(name).suffix.lower() == ".pdf" or b"%PDF-" in content[:1024]


class PictureViewer(PagesViewer):
    """Photos and scans: JPEG, PNG, WebP, TIFF, BMP, GIF."""

    codec = "picture"
    endings = frozenset([".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".gif"])
    marks = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"GIF8")

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        for part in (self.find_button, self.copy):  # pictures have no text
            part.hide()

    @classmethod
    def takes(cls, name: str, content: bytes) -> bool:
        """By name or by its first bytes."""
        webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
        return PurePath(name).suffix.lower() in cls.endings or webp or content.startswith(cls.marks)


VIEWERS: tuple[type[Viewer], ...] = (PdfViewer, PictureViewer, TextViewer, OutsideViewer)


def viewer_for(name: str, content: bytes) -> type[Viewer]:
    """The viewer of a file."""
    return next(viewer for viewer in VIEWERS if viewer.takes(name, content))
