"""The site inspection in the desk: the record on the left, photos and signatures on the right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.inspection import Finding, Overall, Photo
from qisp_desktop.gui import theme
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.panel.desk.shortcuts import Shortcuts
from qisp_desktop.gui.panel.inspection.checklist import Checklist
from qisp_desktop.gui.panel.inspection.fields import ComboBox
from qisp_desktop.gui.panel.inspection.findings import FindingRow, Findings
from qisp_desktop.gui.panel.inspection.gallery import Gallery, LargePhoto, PhotoTile
from qisp_desktop.gui.panel.inspection.presenter import InspectionPresenter
from qisp_desktop.gui.panel.inspection.signatures import Signatures
from qisp_desktop.gui.panel.inspection.visit_card import VisitCard
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.tasks import Progress
from qisp_desktop.gui.widgets.banner import Banner
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.gui.widgets.empty_state import EmptyState

TWO_COLUMNS = 1180
"""Pixels at 100 % from which photos and signatures stand beside the record."""
MOST_TOLD = 2
"""Missing things, or refused photos, that are named; the others are counted."""


class InspectionView(QWidget):
    """The view of ``InspectionPresenter``."""

    def __init__(self, shell: Shell, desk: DeskPresenter, back: Callable[[], None]) -> None:
        super().__init__()
        self._shell = shell
        self.presenter = InspectionPresenter.of(desk, shell.tasks)
        self._back = back
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._shortcuts = Shortcuts(self, {"undo": desk.undo, "redo": desk.redo})
        self.choice = ComboBox()
        self.missing = label("", "warn", wrap=True)
        self.banner, self.state = Banner(), Banner()
        self.state.dismiss.hide()
        self.visit = VisitCard()
        self.checklist = Checklist(desk.rubric)
        self.findings = Findings(desk.rubric)
        self.gallery = Gallery(self.presenter.pictures, positions=desk.photo_positions)
        self.signatures = Signatures()
        self.large = LargePhoto()
        self._lay_out()
        self._wire()
        self._guard([self.visit.day.line, self.visit.received_by])
        self._guard([row.note for row in self.checklist.rows.values()])
        self.refresh()
        QTimer.singleShot(0, self, self._show_cited)  # once there is room for the photo

    def refresh(self) -> None:
        """Show the visit as it is written."""
        presenter = self.presenter
        if not presenter.number:
            return
        draft, editable = presenter.draft, presenter.editable
        self._show_choice()
        for part in (self.visit, self.checklist, self.findings, self.gallery):
            part.show_draft(draft, editable=editable)
        missing = presenter.missing
        self.signatures.show_draft(
            draft, presenter.desk.expert.name, signable=presenter.signable, missing=bool(missing) or not draft.started
        )
        self._show_missing(missing)
        self._show_state()

    # Photos ---------------------------------------------------------------------------------------------------------

    def choose_files(self) -> None:
        """Ask for photos."""
        pattern = _("Photos (*.jpg *.jpeg *.png)")
        names, _filter = QFileDialog.getOpenFileNames(self, _("Add photos"), self._shell.settings.last_folder, pattern)
        if names:
            self._shell.settings.last_folder = str(Path(names[0]).parent)
            self.presenter.take_in([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Ask for a folder whose photos are all added."""
        name = QFileDialog.getExistingDirectory(self, _("Add the photos of a folder"), self._shell.settings.last_folder)
        if name:
            self._shell.settings.last_folder = name
            self.take_in([Path(name)])

    def take_in(self, paths: list[Path]) -> None:
        """Take files, and the photos of folders, in; what is wrong is said in place."""
        folders = [path for path in paths if path.is_dir()]
        for folder in folders:
            self.presenter.take_in_folder(folder)
        self.presenter.take_in([path for path in paths if path not in folders])

    def paste(self) -> None:
        """Take in what was copied: files, or a picture."""
        mime = QGuiApplication.clipboard().mimeData()
        paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        image = mime.imageData()
        if paths:
            self.take_in(paths)
        elif isinstance(image, QImage):
            self.presenter.take_in_image(image)
        else:
            self.banner.say("info", _("There is no picture to paste."), _("Copy one first, or add photos from a file."))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Photos and folders are for the record; other files are for the window."""
        from qisp_desktop.services.photos import is_photo_name

        if self.presenter.editable and any(path.is_dir() or is_photo_name(path) for path in _paths(event)):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the photos in."""
        event.acceptProposedAction()
        self.take_in(_paths(event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where there is room for them, else one below the other."""
        super().resizeEvent(event)
        first, second = self._columns
        narrow = event.size().width() < theme.current().px(TWO_COLUMNS)
        if second.isHidden() != narrow:
            (first if narrow else second).take(self.gallery, self.signatures)
            second.setHidden(narrow)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keys on; as a focus proxy, Tab would come here first and leave out the way back."""
        self.choice.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V pastes a picture where no field wants it; Escape leads back."""
        if event.type() == QEvent.Type.KeyPress and event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() == Qt.Key.Key_Escape:
            self._back()
        else:
            super().keyPressEvent(event)

    # ----------------------------------------------------------------------------------------------------------------

    def _wire(self) -> None:
        presenter = self.presenter
        presenter.changed.connect(self.refresh)
        presenter.selected.connect(self._show_other)
        presenter.doubled.connect(self._doubled)
        presenter.refused.connect(self.banner.show_error)
        presenter.intake.progressed.connect(self._show_progress)
        presenter.intake.ended.connect(self._show_refused)
        self.choice.chosen.connect(presenter.select)
        self.visit.day.chosen.connect(presenter.set_date)
        self.visit.received_by.textEdited.connect(presenter.set_received_by)
        self.visit.overall.picked.connect(lambda key: presenter.set_overall(Overall(key)))
        for row in self.checklist.rows.values():
            row.judged.connect(presenter.set_verdict)
            row.noted.connect(presenter.set_note)
            row.finding_wanted.connect(lambda code: self._begin_finding(code, ""))
        self.findings.added.connect(lambda: self._begin_finding("", ""))
        self.findings.changed.connect(self._set_finding)
        self.findings.removed.connect(presenter.remove_finding)
        self.findings.made.connect(lambda row: self._guard_finding(row))
        self.gallery.files_wanted.connect(self.choose_files)
        self.gallery.folder_wanted.connect(self.choose_folder)
        self.gallery.paste_wanted.connect(self.paste)
        self.gallery.captioned.connect(presenter.set_caption)
        self.gallery.finding_wanted.connect(lambda name: self._begin_finding("", name))
        self.gallery.removed.connect(presenter.remove_photo)
        self.gallery.made.connect(self._guard_tile)
        self.gallery.looked_at.connect(self._look_at)
        self.large.cited.connect(presenter.cite)
        self.large.left.connect(lambda: self._stack.setCurrentIndex(0))
        self.signatures.signed.connect(presenter.sign)

    def _doubled(self, name: str) -> None:
        self.banner.say("info", _("{name} is there already.").format(name=name))

    def _lay_out(self) -> None:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._head())
        column.addWidget(self.banner)
        column.addWidget(self.state)
        row = QHBoxLayout()
        row.setSpacing(12)
        self._columns = (_Column(self.visit, self.checklist, self.findings), _Column(self.gallery, self.signatures))
        for part, share in zip(self._columns, (3, 2), strict=True):
            row.addWidget(part, share)
        column.addLayout(row, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(form)
        self._stack.addWidget(self.large)
        nothing = EmptyState("empty", _("Nothing to inspect"), _("This package holds no application."))
        self._stack.addWidget(nothing)
        self._stack.setCurrentIndex(0 if self.presenter.number else 2)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        back = button(_("Back to scoring"), "quiet", "back")
        back.clicked.connect(lambda: self._back())
        self.choice.setAccessibleName(_("Application"))
        row.addWidget(back)
        row.addWidget(label(_("Site inspection of"), "heading"))
        row.addWidget(self.choice, 3)
        row.addWidget(self.missing, 2)
        return row

    def _show_choice(self) -> None:
        sheets = self.presenter.desk.sheets
        self.choice.show_choice([(one, self._name(one)) for one in self.presenter.numbers], self.presenter.number)
        self.choice.setToolTip(self._name(self.presenter.number))
        self.choice.setEnabled(len(sheets.visitable) > 1)

    def _name(self, number: str) -> str:
        application = self.presenter.desk.sheets.application(number)
        name = application.applicant if application is not None else ""
        planned = number in self.presenter.desk.sheets.planned
        text = _("{number} {name} (planned)") if planned else "{number} {name}"
        return text.format(number=number, name=name)

    def _show_missing(self, missing: list[str]) -> None:
        told, more = missing[:MOST_TOLD], len(missing) - MOST_TOLD
        if more > 0:
            told = [*told, ngettext("and {count} more", "and {count} more", more).format(count=more)]
        self.missing.setText(_("Still missing: {what}").format(what=_(", ").join(told)) if missing else "")
        self.missing.setToolTip("\n".join(missing))
        self.missing.setVisible(bool(missing))

    def _show_state(self) -> None:
        presenter, record = self.presenter, self.presenter.record
        if presenter.closed:
            self.state.say("info", _("You stepped back from this application; nothing can be recorded for it."))
        elif record is not None:
            text = _("Handed in, revision {revision}. It can only be read.").format(revision=record.revision)
            self.state.say("info", text, "", _("Change…"), presenter.reopen)
        elif presenter.draft.settled:
            text = _("Signed on site, and closed to changes.")
            self.state.say("info", text, "", _("Take the signatures away and change it"), presenter.unsign)
        else:
            self.state.put_away()
        self.state.dismiss.hide()

    def _show_other(self) -> None:
        self.banner.put_away()
        self.refresh()

    def _begin_finding(self, item: str, photo: str) -> None:
        self.presenter.add_finding(item, photo)
        self.findings.focus_last()

    def _set_finding(self, place: int, finding: Finding) -> None:
        self.presenter.set_finding(place, finding)

    def _look_at(self, photo: Photo) -> None:
        self.large.begin(photo, self.presenter.citing)
        self._stack.setCurrentWidget(self.large)
        large = self.large
        self.presenter.pictures.large(photo, large, large.show_image, lambda error: large.say(str(error)))

    def _show_cited(self) -> None:
        """Show the photo whose citation was followed, if that is what led here."""
        wanted = self.presenter.take_wanted()
        if not wanted:
            return
        photo = next((one for one in self.presenter.draft.photos if one.sha256 == wanted), None)
        if photo is not None:
            self._look_at(photo)
        else:
            self.banner.say("warn", _("The cited photo is no longer in the record of this visit."))

    def _show_progress(self, progress: Progress) -> None:
        if self.gallery.progress.isHidden():
            self.gallery.progress.begin(progress.text, self.presenter.intake.cancel)
        self.gallery.progress.advance(progress)

    def _show_refused(self, refused: list[UserError]) -> None:
        self.gallery.progress.end()
        if len(refused) == 1:
            self.banner.show_error(refused[0])
        elif refused:
            text = ngettext("{count} photo was not taken in.", "{count} photos were not taken in.", len(refused))
            why = "\n".join(f"{error.what} {error.why}" for error in refused[:MOST_TOLD])
            self.banner.say("bad", text.format(count=len(refused)), why)

    def _guard(self, fields: list[QWidget]) -> None:
        self._shortcuts.guard(fields)

    def _guard_finding(self, row: FindingRow) -> None:
        self._guard([row.text])

    def _guard_tile(self, tile: PhotoTile) -> None:
        self._guard([tile.caption])


class _Column(QScrollArea):
    """Cards one below the other, as many as fit; the others are scrolled to."""

    def __init__(self, *cards: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        inner.setProperty(*role("page"))
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(12)
        self._column.addStretch(1)
        self.setWidget(inner)
        self.take(*cards)

    def take(self, *cards: QWidget) -> None:
        """Put ``cards`` below those that are here."""
        for card in cards:
            self._column.insertWidget(self._column.count() - 1, card)


def _paths(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
