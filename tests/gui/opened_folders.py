"""What the program would let the system open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices


class _Taker(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.paths: list[Path] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.paths.append(Path(url.toLocalFile()))


@contextmanager
def opened_by_the_system() -> Iterator[list[Path]]:
    """The files and folders that are to be opened meanwhile; none is."""
    taker = _Taker()
    QDesktopServices.setUrlHandler("file", taker, "take")  # type: ignore[arg-type]  # as it is really taken
    try:
        yield taker.paths
    finally:
        QDesktopServices.unsetUrlHandler("file")
