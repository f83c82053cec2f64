"""The site inspection without its widgets: which visit is written, what is entered, and what it still misses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePath

from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal
from PySide6.QtGui import QImage

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.handwriting import Handwriting
from qisp_desktop.domain.inspection import DrawnSignature, Finding, Overall, Photo, Side, SiteInspection, Verdict
from qisp_desktop.domain.inspection_draft import (
    LONGEST_NOTE,
    DraftVerdict,
    InspectionDraft,
    empty_inspection,
    missing_in_inspection,
    reopened_inspection,
    shown_inspection,
)
from qisp_desktop.domain.score_sheet import Evidence
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.panel.inspection.photo_intake import PhotoIntake, Source, Taken
from qisp_desktop.gui.panel.inspection.pictures import Pictures
from qisp_desktop.gui.tasks import Tasks
from qisp_desktop.services.desk_scoring import clean_text


class InspectionPresenter(QObject):
    """One visit at a time is written; every change goes through the desk, which keeps it and can undo it."""

    changed = Signal()
    """What is written of the visit that is shown."""
    selected = Signal()
    """Another application's visit is shown."""
    doubled = Signal(str)
    """The name of a photo that is there already and was not taken in again."""
    refused = Signal(UserError)
    """A folder whose photos cannot be taken in."""

    def __init__(self, desk: DeskPresenter, tasks: Tasks) -> None:
        super().__init__(desk)
        self.desk = desk
        self._tasks = tasks
        self.number = ""
        self._adding = False
        self.intake = PhotoIntake(desk, tasks, self)
        self.pictures = Pictures(desk, tasks, self)
        self.intake.taken.connect(self._add_photo)
        desk.visit_changed.connect(self._visit_changed)
        desk.reloaded.connect(self.changed)
        desk.entry_changed.connect(self._entry_changed)
        self.select(self._first())

    @staticmethod
    def of(desk: DeskPresenter, tasks: Tasks) -> InspectionPresenter:
        """The presenter that belongs to ``desk``: it outlives the view, as photos may be on their way in."""
        return desk.findChild(InspectionPresenter) or InspectionPresenter(desk, tasks)

    # What is shown --------------------------------------------------------------------------------------------------

    @property
    def numbers(self) -> tuple[str, ...]:
        """The applications that can be visited, the planned ones first."""
        return self.desk.sheets.visitable

    def select(self, number: str) -> None:
        """Show the visit of an application."""
        if number != self.number and number in self.numbers:
            self.number = number
            self.selected.emit()

    @property
    def draft(self) -> InspectionDraft:
        """What is shown: what is being written, else the finished record, else an empty form."""
        return self.draft_of(self.number)

    def draft_of(self, number: str) -> InspectionDraft:
        """As ``draft``, of any application."""
        written, record = self.desk.sheets.entry(number).visit, self.desk.sheets.visited(number)
        if written is not None:
            return written
        return shown_inspection(record) if record is not None else empty_inspection(number, self.desk.rubric)

    @property
    def record(self) -> SiteInspection | None:
        """The finished record, where it is what is shown; it is changed only after ``reopen``."""
        written = self.desk.sheets.entry(self.number).visit
        return self.desk.sheets.visited(self.number) if written is None else None

    @property
    def closed(self) -> bool:
        """Whether the expert has stepped back from the application."""
        return self.desk.sheets.recused(self.number)

    @property
    def editable(self) -> bool:
        """Whether anything can be entered: nobody has signed it, and it is neither finished nor closed."""
        return self.signable and not self.draft.settled

    @property
    def signable(self) -> bool:
        """Whether it can be signed on site."""
        return bool(self.number) and not self.closed and self.record is None and not self.desk.frozen

    @property
    def missing(self) -> list[str]:
        """What the visit that is shown still misses; nothing for one that was not begun."""
        return missing_in_inspection(self.draft, self.desk.rubric) if self.draft.started else []

    @property
    def citing(self) -> str:
        """The criterion for which a photo would be cited: the current one, where its sheet is of this application."""
        same = self.number == self.desk.number and self.desk.editable
        return self.desk.criterion if same else ""

    def cite(self, photo: Photo) -> None:
        """Cite ``photo`` for the current criterion of the application's sheet."""
        if self.citing:
            self.desk.cite(self.citing, Evidence(photo.sha256, photo.name, 0))

    def take_wanted(self) -> str:
        """The SHA-256 of the cited photo that is to be shown, of the application being scored; empty when there is
        none. It is asked for once."""
        wanted, self.desk.photo_wanted = self.desk.photo_wanted, ""
        if wanted:
            self.select(self.desk.number)
        return wanted

    # What the expert enters -----------------------------------------------------------------------------------------

    def set_date(self, day: date | None) -> None:
        """The day of the visit."""
        self._edit(replace(self.draft, date=day), _("the day of the visit"), "day")

    def set_received_by(self, name: str) -> None:
        """Who received the expert; one line."""
        name = " ".join(clean_text(name[:LONGEST_NOTE]).split())
        self._edit(replace(self.draft, received_by=name), _("who received you"), "received")

    def set_verdict(self, code: str, verdict: Verdict) -> None:
        """What a checklist item was found to be."""
        self._edit_item(replace(self._item(code), verdict=verdict), "")

    def set_note(self, code: str, text: str) -> None:
        """The note on a checklist item."""
        self._edit_item(replace(self._item(code), note=clean_text(text)[:LONGEST_NOTE]), f"note {code}")

    def set_overall(self, overall: Overall) -> None:
        """What the visit comes to."""
        self._edit(replace(self.draft, overall=overall), _("the overall verdict"))

    def add_finding(self, item: str = "", photo: str = "") -> None:
        """Begin a finding, with the time at which it was begun."""
        finding = Finding("", item, photo, datetime.now(UTC).replace(microsecond=0))
        self._edit(replace(self.draft, findings=(*self.draft.findings, finding)), _("a finding"))

    def set_finding(self, place: int, finding: Finding) -> None:
        """Replace the finding at ``place`` (from 0)."""
        findings = list(self.draft.findings)
        text = clean_text(finding.text)[:LONGEST_NOTE]
        series = f"finding {place}" if text != findings[place].text else ""
        findings[place] = replace(finding, text=text)
        self._edit(replace(self.draft, findings=tuple(findings)), _("a finding"), series)

    def remove_finding(self, place: int) -> None:
        """Take the finding at ``place`` (from 0) away."""
        findings = self.draft.findings
        self._edit(replace(self.draft, findings=findings[:place] + findings[place + 1 :]), _("a finding"))

    def set_caption(self, name: str, text: str) -> None:
        """What the photo of that name shows."""
        caption = " ".join(clean_text(text[:LONGEST_NOTE]).split())
        photos = tuple(replace(one, caption=caption) if one.name == name else one for one in self.draft.photos)
        self._edit(replace(self.draft, photos=photos), _("the caption of {name}").format(name=name), f"caption {name}")

    def remove_photo(self, name: str) -> None:
        """Leave a photo out; findings that name it stay, without it."""
        photos = tuple(photo for photo in self.draft.photos if photo.name != name)
        findings = tuple(
            replace(finding, photo="") if finding.photo == name else finding for finding in self.draft.findings
        )
        self._edit(replace(self.draft, photos=photos, findings=findings), _("the photo {name}").format(name=name))

    def sign(self, side: Side, drawing: Handwriting | None) -> None:
        """What ``side`` has drawn; None takes the signature away. While there is one, nothing else can be changed."""
        if not self.signable or (drawing is not None and self.missing):
            return
        draft = self.draft
        others = tuple(one for one in draft.signatures if one.side != side)
        name = self.desk.expert.name if side is Side.EXPERT else draft.received_by
        own = () if drawing is None else (DrawnSignature(side, name, drawing),)
        signatures = tuple(sorted((*others, *own), key=lambda one: list(Side).index(one.side)))
        self.desk.change_visit(replace(draft, signatures=signatures), _("a signature"))

    def unsign(self) -> None:
        """Take all signatures away, so that the record can be changed; undo brings them back."""
        if self.signable:
            self.desk.change_visit(replace(self.draft, signatures=()), _("the signatures"))

    def reopen(self) -> None:
        """Begin to change a finished record; it is signed anew."""
        record = self.record
        if record is not None and not self.closed:
            self.desk.change_visit(reopened_inspection(record), _("reopening the record"))

    def take_in(self, paths: list[Path]) -> None:
        """Take photos in from files."""
        self._take_in([_file_source(path, self.desk.photo_positions) for path in paths])

    def take_in_folder(self, folder: Path) -> None:
        """Take all photos of a folder in; ``refused`` tells when it cannot be read or holds none."""
        self._tasks.run(self, lambda _job: _photos_of(folder), self.take_in, failed=self.refused.emit, store=False)

    def take_in_image(self, image: QImage) -> None:
        """Take a picture in that was copied."""
        now = datetime.now().astimezone()
        self._take_in([_image_source(_("clipboard {time}").format(time=now.strftime("%Y-%m-%d %H.%M.%S")), image)])

    # ----------------------------------------------------------------------------------------------------------------

    def _first(self) -> str:
        """The application being scored if it can be visited and is planned, else the first planned one, else any."""
        own, sheets = self.desk.number, self.desk.sheets
        open_ones = [number for number in self.numbers if not sheets.recused(number)]
        if own in open_ones and (own in sheets.planned or not sheets.planned):
            return own
        return next(iter(open_ones or self.numbers), "")

    def _take_in(self, sources: list[Source]) -> None:
        if self.editable:
            self.intake.add(self.number, sources)

    def _add_photo(self, taken: Taken) -> None:
        draft = self.draft_of(taken.number)
        self.pictures.keep(taken.photo, taken.small)
        if any(photo.sha256 == taken.photo.sha256 for photo in draft.photos):
            self.doubled.emit(taken.photo.name)
            return
        photo = replace(taken.photo, name=unique_name(taken.photo.name, [one.name for one in draft.photos]))
        # Signed or stepped back from while the photo was on its way: it stays out, as anything else would.
        if not draft.settled and not self.desk.sheets.recused(taken.number):
            changed = replace(draft, photos=(*draft.photos, photo))
            self._adding = True
            self.desk.change_visit(changed, _("the photo {name}").format(name=photo.name), "photos")
            self._adding = False

    def _item(self, code: str) -> DraftVerdict:
        return next(item for item in self.draft.items if item.item == code)

    def _edit_item(self, changed: DraftVerdict, series: str) -> None:
        items = tuple(changed if item.item == changed.item else item for item in self.draft.items)
        self._edit(replace(self.draft, items=items), _("the verdict on {code}").format(code=changed.item), series)

    def _edit(self, draft: InspectionDraft, text: str, series: str = "") -> None:
        if self.editable and draft != self.draft:
            self.desk.change_visit(draft, text, series)

    def _entry_changed(self, number: str, _criterion: str) -> None:
        if number == self.number:
            self.changed.emit()  # it may have been recused

    def _visit_changed(self, number: str) -> None:
        if number == self.number:
            self.changed.emit()
        elif not self._adding:
            self.select(number)  # undone elsewhere: what changes is shown


def unique_name(name: str, taken: list[str]) -> str:
    """``name``, or with a number before its suffix where it is ``taken`` (two cameras count alike)."""
    path, number, unique = PurePath(name), 2, name
    while unique in taken:
        unique, number = f"{path.stem} ({number}){path.suffix}", number + 1
    return unique


def _photos_of(folder: Path) -> list[Path]:
    from qisp_desktop.services.photos import photos_in

    paths = photos_in(folder)
    if not paths:
        raise UserError(
            _("There are no photos in {path}.").format(path=folder),
            _("Photos are JPEG or PNG files."),
            _("Choose the folder that holds them."),
        )
    return paths


def _file_source(path: Path, positions: bool) -> Source:
    def read() -> tuple[Photo, bytes]:
        from qisp_desktop.services.photos import read_photo

        return read_photo(path, positions=positions)

    return read


def _image_source(name: str, image: QImage) -> Source:
    def read() -> tuple[Photo, bytes]:
        from qisp_desktop.services.photos import photo_of

        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub asks for bytes, Qt for text
        data = bytes(buffer.data().data())
        return photo_of(f"{name}.png", data)

    return read
