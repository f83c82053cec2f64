"""Who visits what, and what came back from the visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.inspection import Photo, SiteInspection
from qisp_desktop.gui.secretariat.section import SectionPresenter
from qisp_desktop.gui.secretariat.session import RoundSession
from qisp_desktop.gui.tasks import Job
from qisp_desktop.gui.widgets.photo_image import image_of

if TYPE_CHECKING:
    from qisp_desktop.services.assigning import HandChange
    from qisp_desktop.services.inspection_photos import ShownPhoto
    from qisp_desktop.services.inspection_view import VisitOverview
    from qisp_desktop.services.steps import Step
    from qisp_desktop.store.round_store import RoundStore

LARGE = 1600
"""Pixels of the longer side of a photo that is looked at."""


class InspectionsPresenter(SectionPresenter["VisitOverview"]):
    """Plans visits; opens photos with the unlocked keys and keeps the small ones for as long as the keys stay."""

    photos_ready = Signal()
    """Small pictures are there that were not."""
    photo_ready = Signal(object, object)
    """A Photo, and the QImage of it that is large enough to look at."""

    def __init__(self, session: RoundSession) -> None:
        super().__init__(session)
        self.small: dict[str, QImage] = {}
        """Small pictures by the photo's SHA-256."""
        self.problems: dict[str, str] = {}
        """Why a photo cannot be shown."""
        session.office_changed.connect(self._keys_changed)

    def read(self, store: RoundStore, job: Job) -> VisitOverview:
        """All visits."""
        from qisp_desktop.services.inspection_view import visit_overview

        return visit_overview(store)

    def voided(self, number: str, experts: tuple[str, ...]) -> tuple[str, ...]:
        """Whose records of the visit would count no longer if ``experts`` were the party."""
        return () if self.data is None else self.data.board.unvisited(number, experts)

    def plan(self, number: str, experts: tuple[str, ...], before: tuple[str, ...]) -> None:
        """Have ``experts`` inspect the application instead of those ``before``.

        Refused when it would void records that had not come in when the person was asked (``voided``).
        """
        voided = self.voided(number, experts)

        def work(store: RoundStore, job: Job) -> HandChange:
            from qisp_desktop.services.assigning import change_visit

            return change_visit(store, number, experts, before=before, voided=voided)

        def done(change: HandChange) -> None:
            names = _(", ").join(experts) or _("nobody")
            what = _("{experts} will visit {number}.").format(experts=names, number=number)
            if not experts:
                what = _("Nobody will visit {number}.").format(number=number)
            more = ""
            if change.to_reissue:
                more = _("Issue again for {experts}: the packages handed out do not fit any more.").format(
                    experts=_(", ").join(change.to_reissue)
                )
            self.say("good", what, more, _("Undo"), lambda: self._undo(change.step))

        self.act(_("Planning the visit…"), work, done)

    def open_photos(self, record: SiteInspection) -> None:
        """Decrypt the photos of ``record`` and keep them small; the keys must be unlocked."""

        def work(store: RoundStore, job: Job) -> tuple[ShownPhoto, ...]:
            from qisp_desktop.services.inspection_photos import visit_photos

            return visit_photos(store, self.session.office(), record, work=job)

        self.look(_("Opening photos…"), work, self._take)

    def open_large(self, record: SiteInspection, photo: Photo) -> None:
        """Decrypt one photo to look at it."""

        def work(store: RoundStore, job: Job) -> tuple[ShownPhoto, ...]:
            from qisp_desktop.services.inspection_photos import visit_photos

            return visit_photos(store, self.session.office(), record, (photo,), longest=LARGE, work=job)

        self.look(_("Opening the photo…"), work, self._take_large)

    def _take(self, shown: tuple[ShownPhoto, ...]) -> None:
        for one in shown:
            if one.picture is not None:
                self.small[one.photo.sha256] = image_of(one.picture)
            else:
                self.problems[one.photo.sha256] = one.problem
        self.photos_ready.emit()

    def _take_large(self, shown: tuple[ShownPhoto, ...]) -> None:
        for one in shown:
            if one.picture is not None:
                self.photo_ready.emit(one.photo, image_of(one.picture))
            else:
                self.say_error(UserError(_("{name} cannot be shown.").format(name=one.photo.name), one.problem))

    def _undo(self, step: Step) -> None:
        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.steps import take

            take(store, step.reversed)

        self.act(_("Undoing…"), work)

    def _keys_changed(self) -> None:
        if not self.session.unlocked and (self.small or self.problems):
            # What was decrypted does not lie open beside an empty chair either.
            self.small.clear()
            self.problems.clear()
            self.photos_ready.emit()
