"""The photos of a visit, out of the return that brought them: decrypted into memory when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.domain.inspection import Photo, SiteInspection
from qisp_desktop.domain.issuing import Return
from qisp_desktop.exchange.errors import ContainerError
from qisp_desktop.exchange.return_package import read_return_package
from qisp_desktop.services.office import Office
from qisp_desktop.services.photos import THUMBNAIL, Picture, picture
from qisp_desktop.store.round_store import RoundStore

Reader = Callable[[], bytes]


@dataclass(frozen=True)
class ShownPhoto:
    """A photo ready to be shown, or why it cannot be."""

    photo: Photo
    picture: Picture | None
    problem: str


def visit_photos(
    store: RoundStore,
    office: Office,
    record: SiteInspection,
    photos: Sequence[Photo] = (),
    *,
    longest: int = THUMBNAIL,
    work: Work | None = None,
) -> tuple[ShownPhoto, ...]:
    """``photos`` of ``record`` (none given: all), the longer side at most ``longest`` pixels.

    Only the returns of the record's expert are opened, the newest first. What cannot be read says so in its place.
    """
    work = work or Work()
    wanted = tuple(photos) or record.photos
    readers = _readers(store, office, record.expert, {photo.sha256 for photo in wanted})
    shown = []
    for done, photo in enumerate(wanted):
        work.report(_("Opening photos"), done, len(wanted))
        shown.append(_shown(photo, readers.get(photo.sha256), longest))
    return tuple(shown)


def _shown(photo: Photo, read: Reader | None, longest: int) -> ShownPhoto:
    if read is None:
        return ShownPhoto(photo, None, _("The return that brought it is not here any more."))
    try:
        return ShownPhoto(photo, picture(photo.name, read(), longest), "")
    except (UserError, ContainerError) as error:
        return ShownPhoto(photo, None, str(error))


def _readers(store: RoundStore, office: Office, expert: str, wanted: set[str]) -> dict[str, Reader]:
    found: dict[str, Reader] = {}
    returns = sorted(store.all(Return, expert=expert), key=lambda one: -one.number)
    for received in returns:
        missing = wanted - found.keys()
        if not missing:
            break
        try:
            opened = read_return_package(store.file(received.file), office.identity)
        except (UserError, ContainerError):
            # Another return may hold the same photos; what is left without any says so in its place.
            continue
        container = opened.container
        for blob in opened.manifest.blobs:
            if blob.sha256 in missing:
                found[blob.sha256] = partial(container.blob, office.identity, blob)
    return found
