"""A photo of a visit as Qt shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from qisp_desktop.domain.inspection import Photo

if TYPE_CHECKING:
    from qisp_desktop.services.photos import Picture


def image_of(made: Picture) -> QImage:
    """``made`` as Qt's image."""
    return QImage(made.pixels, made.width, made.height, 3 * made.width, QImage.Format.Format_RGB888).copy()


def taken_text(photo: Photo) -> str:
    """The camera's time as people write it; empty where the camera noted none."""
    day, _blank, time = photo.taken.partition(" ")
    return f"{day.replace(':', '-')} {time}".strip()
