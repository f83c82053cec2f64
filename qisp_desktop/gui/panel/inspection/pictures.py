"""How the photos of a visit look: small ones are kept, a large one is made when it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.inspection import Photo
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.tasks import Tasks
from qisp_desktop.gui.widgets.photo_image import image_of

if TYPE_CHECKING:
    from qisp_desktop.services.photos import Picture

LARGE = 1600
"""Pixels of the longer side of a photo that is looked at."""


class Pictures(QObject):
    """Small pictures by the photo's digest, read out of the workspace once."""

    ready = Signal(str)
    """The digest of a photo whose small picture is there now."""

    def __init__(self, desk: DeskPresenter, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._tasks = tasks
        self._small: dict[str, QImage] = {}
        self._asked: set[str] = set()

    def keep(self, photo: Photo, small: Picture) -> None:
        """Remember a small picture that is there already."""
        self._asked.add(photo.sha256)
        self._small[photo.sha256] = image_of(small)

    def small(self, photo: Photo) -> QImage | None:
        """The small picture; None while it is being read, ``ready`` tells when it is there."""
        from qisp_desktop.services.photos import THUMBNAIL

        if photo.sha256 not in self._asked:
            self._asked.add(photo.sha256)
            self._read(photo, THUMBNAIL, lambda image: self._keep_small(photo, image), lambda _error: None)
        return self._small.get(photo.sha256)

    def large(
        self, photo: Photo, viewer: QObject, show: Callable[[QImage], None], failed: Callable[[UserError], None]
    ) -> None:
        """Call ``show`` with the photo upright, large enough to look at, or ``failed`` with the reason; neither once
        ``viewer`` is gone (these pictures outlive the view)."""

        def show_if_wanted(image: QImage) -> None:
            if shiboken6.isValid(viewer):
                show(image)

        def say_if_wanted(error: UserError) -> None:
            if shiboken6.isValid(viewer):
                failed(error)

        self._read(photo, LARGE, show_if_wanted, say_if_wanted)

    def _keep_small(self, photo: Photo, image: QImage) -> None:
        self._small[photo.sha256] = image
        self.ready.emit(photo.sha256)

    def _read(
        self, photo: Photo, longest: int, show: Callable[[QImage], None], failed: Callable[[UserError], None]
    ) -> None:
        def decode(data: bytes) -> None:
            self._tasks.run(
                self,
                lambda _job: _decoded(photo, data, longest),
                lambda made: show(image_of(made)),
                failed=failed,
                store=False,
            )

        self._desk.run(lambda desk, _job: desk.store.blob(photo.sha256), decode, failed=failed)


def _decoded(photo: Photo, data: bytes, longest: int) -> Picture:
    from qisp_desktop.services.photos import picture

    return picture(photo.name, data, longest)
