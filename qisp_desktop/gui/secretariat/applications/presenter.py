"""The applications of a round, and all about the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.secretariat.section import SectionPresenter
from qisp_desktop.gui.secretariat.session import RoundSession
from qisp_desktop.gui.tasks import Job

if TYPE_CHECKING:
    from qisp_desktop.domain.application import Application, Material
    from qisp_desktop.domain.desk_records import Mending
    from qisp_desktop.domain.regulation import MaterialKind
    from qisp_desktop.services.intake import Intake, IntakeDetail
    from qisp_desktop.services.material_giving import Given
    from qisp_desktop.store.round_store import RoundStore


class ApplicationsPresenter(SectionPresenter["Intake"]):
    """Reads the table, and the detail of the chosen application when another one is chosen or the round changed."""

    detail_changed = Signal()
    """``detail`` is there anew, or gone."""

    def __init__(self, session: RoundSession) -> None:
        super().__init__(session)
        self.number = ""
        """The chosen application; empty when none is."""
        self.detail: IntakeDetail | None = None
        self.part = "record"
        """Which part of the detail is shown."""
        self._wanted = ""
        self._reading_detail = False
        self.loaded.connect(self._read_detail)

    def read(self, store: RoundStore, job: Job) -> Intake:
        """The table."""
        from qisp_desktop.services.intake import intake

        return intake(store)

    def choose(self, number: str) -> None:
        """Show all about the application; empty: about none."""
        if number == self.number:
            return
        self.number = number
        if not number:
            self.detail = None
            self.detail_changed.emit()
        self._read_detail()

    # What clerks do -------------------------------------------------------------------------------------------------

    def give(self, number: str, files: Sequence[Path], kind: MaterialKind | None = None) -> None:
        """Add files to an application as ``kind``, or as their names tell."""

        def work(store: RoundStore, job: Job) -> Given:
            from qisp_desktop.services.material_giving import give_materials

            return give_materials(store, number, files, kind, work=job)

        self.act(_("Taking in materials"), work, lambda given: self._given(number, given))

    def take_away(self, number: str, material: Material) -> None:
        """Take a material out of the record; it can be put back at once."""

        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.material_giving import take_material_away

            take_material_away(store, number, material)

        def back() -> None:
            self._put_material_back(number, material)

        what = _("{file} was taken out of {number}.").format(file=material.name, number=number)
        self.act(_("Taking the material out…"), work, lambda _none: self.say("good", what, "", _("Undo"), back))

    def correct(self, number: str, key: str, text: str, reason: str) -> None:
        """Correct a field of the record."""

        def work(store: RoundStore, job: Job) -> Mending:
            from qisp_desktop.services.application_fields import correct

            return correct(store, number, key, text, reason=reason)

        self.act(_("Correcting…"), work, lambda mending: self._corrected(key, mending))

    def remove(self, number: str, reason: str) -> None:
        """Take an application out of the round; it can be put back at once."""

        def work(store: RoundStore, job: Job) -> Application:
            from qisp_desktop.services.application_fields import remove

            return remove(store, number, reason=reason)

        self.act(_("Removing the application…"), work, self._removed)

    # ----------------------------------------------------------------------------------------------------------------

    def _read_detail(self) -> None:
        """Read the detail of the chosen application; whoever runs through the table waits for the last one only."""
        self._wanted = self.number
        if self._reading_detail or not self._wanted:
            return
        number = self._wanted

        def work(store: RoundStore, job: Job) -> IntakeDetail | None:
            from qisp_desktop.services.intake import intake_detail

            return intake_detail(store, number)

        def done(detail: IntakeDetail | None) -> None:
            self._reading_detail = False
            if self._wanted != number:
                self._read_detail()
                return
            self.detail = detail
            self.detail_changed.emit()

        def stopped() -> None:
            self._reading_detail = False

        def failed(error: UserError) -> None:
            stopped()
            self.say_error(error)

        task = self.session.read(self, work, done, failed, None, stopped)
        self._reading_detail = task is not None

    def _given(self, number: str, given: Given) -> None:
        what = ngettext("{count} material added to {number}.", "{count} materials added to {number}.", len(given.added))
        names = _(", ").join(path.name for path in given.unmatched)
        more = _("No kind fits the name; drop the file on its kind: {names}").format(names=names) if names else ""
        self.say("warn" if names else "good", what.format(count=len(given.added), number=number), more)

    def _put_material_back(self, number: str, material: Material) -> None:
        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.material_giving import put_material_back

            put_material_back(store, number, material)

        self.act(_("Putting the material back…"), work)

    def _corrected(self, key: str, mending: Mending) -> None:
        if mending.before == mending.after:
            self.say("info", _("That is what stands there already."))
            return
        self.say(
            "good",
            _("{field} of {number} is corrected.").format(field=mending.column, number=mending.number),
            _("“{before}” became “{after}”; both are kept.").format(before=mending.before, after=mending.after),
            _("Undo"),
            lambda: self.correct(mending.number, key, mending.before, _("The correction was undone.")),
        )

    def _removed(self, application: Application) -> None:
        self.choose("")
        what = _("{number} was removed.").format(number=application.number)
        self.say("good", what, "", _("Undo"), lambda: self._put_back(application))

    def _put_back(self, application: Application) -> None:
        def work(store: RoundStore, job: Job) -> None:
            from qisp_desktop.services.application_fields import put_back

            put_back(store, application)

        self.act(_("Putting the application back…"), work, lambda _none: self.choose(application.number))
