"""Materials that another program must open: copies in a folder of their own that does not last."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path, PurePath

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from qisp_desktop.base import atomic
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.paths import cache_folder, safe_name

FOLDER = "opened-materials"
DOCUMENTS = frozenset(
    [
        ".pdf",
        ".txt",
        ".csv",
        ".rtf",
        ".doc",
        ".docx",
        ".wps",
        ".odt",
        ".xls",
        ".xlsx",
        ".et",
        ".ods",
        ".ppt",
        ".pptx",
        ".dps",
        ".odp",
        ".ofd",
        ".jpg",
        ".jpeg",
        ".png",
        ".gif",
        ".bmp",
        ".tif",
        ".tiff",
        ".webp",
        ".heic",
        ".mp4",
        ".mov",
        ".avi",
        ".mp3",
        ".wav",
    ]
)
"""Endings that the system may be asked to open. Never a program, a script, a link, an archive or a web page."""


class SavedOut:
    """The folder, readable by the person only; ``wipe`` it at start, when the desk locks and when it closes."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or cache_folder() / FOLDER

    @staticmethod
    def allows(name: str) -> bool:
        """Whether a file of that name may be handed to the system."""
        return PurePath(name).suffix.lower() in DOCUMENTS

    def save(self, name: str, content: bytes) -> Path:
        """A copy of ``content`` under a harmless form of ``name``; UserError when it cannot be written."""
        ending = PurePath(name).suffix.lower()
        if ending not in DOCUMENTS:
            raise ValueError(f"not a document: {ending!r}")
        # A folder for each copy, so that two files of one name do not meet.
        path = self.folder / secrets.token_hex(4) / (safe_name(PurePath(name).stem) + ending)
        try:
            for folder in (self.folder, path.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)  # ours from before may have been made by hand
        except OSError as error:
            raise atomic.disk_error(path, error) from error
        atomic.write_bytes(path, content, mode=0o600)
        return path

    @staticmethod
    def open(path: Path) -> None:
        """Let the system open ``path``; UserError when it knows no program for it."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            raise UserError(
                _("{name} could not be opened.").format(name=path.name),
                _("The system knows no program for this kind of file."),
                _("Ask for the file as PDF."),
            )

    def wipe(self) -> list[Path]:
        """Remove all copies; returns those that could not be removed because a program still holds them."""
        if self.folder.is_dir():
            shutil.rmtree(self.folder, ignore_errors=True)
        return [path for path in self.folder.rglob("*") if path.is_file()] if self.folder.exists() else []
