"""One application's visit: who goes, and every record that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from qisp_desktop.base.i18n import _, labelled, ngettext
from qisp_desktop.domain.inspection import Overall, Photo, Verdict
from qisp_desktop.gui import theme
from qisp_desktop.gui.secretariat.inspections.presenter import InspectionsPresenter
from qisp_desktop.gui.secretariat.section import read_only_words
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.flow_layout import FlowLayout
from qisp_desktop.gui.widgets.photo_image import taken_text
from qisp_desktop.gui.widgets.signature_pad import SignatureField
from qisp_desktop.gui.widgets.status_dot import Dot, StatusDot

if TYPE_CHECKING:
    from qisp_desktop.services.inspection_view import VisitLine, VisitRecord

TILE = QSize(132, 92)
MEANINGS = {Overall.PASS: "good", Overall.RECTIFY: "warn", Overall.FAIL: "bad"}
DOTS = {Verdict.CONFORM: Dot.SIGNED, Verdict.OBSERVATION: Dot.STARTED, Verdict.NONCONFORM: Dot.CONFLICT}


class PartyCard(Card):
    """Who visits: a box for each expert, those who score the application first."""

    planned = Signal(object)
    """The ids that are checked now."""
    confirmed = Signal(object)
    """The ids that are to visit although records of others count no longer then."""

    def __init__(self, presenter: InspectionsPresenter) -> None:
        super().__init__(_("Who visits"))
        self._presenter = presenter
        self._line: VisitLine | None = None
        self._asked: tuple[str, ...] = ()
        self.boxes: dict[str, QCheckBox] = {}
        self.hint = label(
            _("The record of one speaks for the whole party. Hand the packages out afterwards."), "second", wrap=True
        )
        self.flow = FlowLayout()
        self.body.addLayout(self.flow)
        self.body.addWidget(self._question())
        self.body.addWidget(self.hint)

    def ask(self, line: VisitLine, experts: tuple[str, ...], voided: tuple[str, ...]) -> None:
        """Say what it voids to have ``experts`` visit, and let the person go on or leave it."""
        from qisp_desktop.services.assigning import records_out_words
        from qisp_desktop.services.inspection_view import RecordStanding

        self._asked = experts
        lines = [records_out_words(voided)]
        counting = {one.record.expert for one in line.records if one.standing is RecordStanding.COUNTS}
        if counting and counting <= set(voided):
            lines.append(_("No record of the visit counts then."))
        self.effect.setText("\n".join(lines))
        self.question.show()
        self.leave.setFocus()

    def show_line(self, line: VisitLine) -> None:
        """Show the party of ``line``, and who cannot go; what was asked and not answered is left as it was."""
        self._line = line
        self.question.hide()
        data = self._presenter.data
        if data is None:
            return
        board, number = data.board, line.row.number
        readers = board.readers.get(number, ())
        order = sorted(board.experts, key=lambda one: (one not in line.planned, one not in readers, one))
        if set(order) != set(self.boxes):
            self._make_boxes(order)
        writable = self._presenter.session.writable and not self._presenter.busy
        for expert, box in self.boxes.items():
            ground = board.conflicts.get((expert, number))
            against = ground.label if ground is not None else ""
            if expert in board.withdrawn:
                against = _("has left the panel")
            with QSignalBlocker(box):
                box.setChecked(expert in line.planned)
            box.setEnabled(writable and (not against or expert in line.planned))
            why = against or (_("scores it too") if expert in readers else "")
            box.setToolTip(why if self._presenter.session.writable else read_only_words())
            name = f"{expert} {board.experts[expert].name}"
            box.setText(f"{name} ({against})" if against else name)

    def _make_boxes(self, order: list[str]) -> None:
        while (item := self.flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.boxes = {}
        for expert in order:
            box = QCheckBox(expert)
            box.toggled.connect(lambda _on: self._toggled())
            self.boxes[expert] = box
            self.flow.addWidget(box)

    def _question(self) -> QFrame:
        self.question = QFrame()
        column = QVBoxLayout(self.question)
        column.setContentsMargins(0, 0, 0, 0)
        self.effect = label("", "warn", wrap=True)
        self.confirm, self.leave = button(_("Change the party all the same")), button(_("Leave it as it is"))
        self.confirm.clicked.connect(lambda: self.confirmed.emit(self._asked))
        self.leave.clicked.connect(self._leave_it)
        buttons = FlowLayout()
        buttons.addWidget(self.leave)
        buttons.addWidget(self.confirm)
        column.addWidget(self.effect)
        column.addLayout(buttons)
        self.question.hide()
        return self.question

    def _leave_it(self) -> None:
        if self._line is not None:
            changed = [one for one in self.boxes if (one in self._asked) != (one in self._line.planned)]
            self.show_line(self._line)
            if changed:
                self.boxes[changed[0]].setFocus()

    def _toggled(self) -> None:
        self.planned.emit(tuple(sorted(expert for expert, box in self.boxes.items() if box.isChecked())))


class RecordCard(Card):
    """A record that came back: checklist, findings, photos, signatures."""

    photos_wanted = Signal(object)
    """The record (SiteInspection) whose photos are to be opened."""
    photo_wanted = Signal(object, object)
    """The record, and a Photo of it to be seen large."""

    def __init__(self, presenter: InspectionsPresenter, one: VisitRecord) -> None:
        from qisp_desktop.services.inspection_view import RecordStanding, findings_words, standing_words

        record, data = one.record, presenter.data
        expert = None if data is None else data.board.experts.get(record.expert)
        super().__init__(record.expert if expert is None else f"{record.expert} {expert.name}")
        self._presenter, self.record = presenter, record
        verdict = label(record.overall.label, MEANINGS[record.overall])
        self.corner.addWidget(verdict)
        lines = [
            _("{date}, received by {who}").format(date=record.date.isoformat(), who=record.received_by or "—"),
            _("Revision {revision}: {standing}").format(
                revision=record.revision, standing=standing_words(one.standing)
            ),
        ]
        self.body.addWidget(label("\n".join(lines), "second", wrap=True))
        self.counts = one.standing is RecordStanding.COUNTS
        self._add_checklist()
        findings = findings_words(record)
        if findings:
            self.body.addWidget(label(_("Findings"), "heading"))
            self.body.addWidget(label("\n".join(f"· {text}" for text in findings), wrap=True))
        self._add_photos()
        self._add_signatures()

    def show_photos(self) -> None:
        """Show the small pictures that are there."""
        shown = [photo for photo in self.record.photos if photo.sha256 in self._presenter.small]
        for photo, tile in self.tiles.items():
            image = self._presenter.small.get(photo)
            problem = self._presenter.problems.get(photo, "")
            tile.setIcon(QIcon() if image is None else QIcon(QPixmap.fromImage(image)))
            tile.setText(_("cannot be shown") if problem else "")
            if problem:
                tile.setToolTip(problem)
        self.gallery.setVisible(bool(shown) or any(one in self._presenter.problems for one in self.tiles))
        self.open.setVisible(bool(self.record.photos) and not self.gallery.isVisibleTo(self))

    def _add_checklist(self) -> None:
        data = self._presenter.data
        names = {} if data is None else {item.code: item.label for item in data.checklist}
        open_items = [item for item in self.record.items if item.verdict is not Verdict.CONFORM or item.note]
        conform = sum(item.verdict is Verdict.CONFORM for item in self.record.items)
        text = _("Checklist: {conform} of {count} conform").format(conform=conform, count=len(self.record.items))
        self.body.addWidget(label(text, "heading"))
        for item in open_items:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(StatusDot(DOTS[item.verdict], item.verdict.label))
            words = labelled(f"{item.item} {names.get(item.item, '')}".strip(), item.verdict.label)
            row.addWidget(label("\n".join(filter(None, (words, item.note))), wrap=True), 1)
            self.body.addLayout(row)

    def _add_photos(self) -> None:
        self.tiles: dict[str, QPushButton] = {}
        count = len(self.record.photos)
        self.open = button(
            ngettext("Show {count} photo", "Show {count} photos", count).format(count=count), "", "camera"
        )
        self.open.clicked.connect(lambda: self.photos_wanted.emit(self.record))
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addStretch(1)
        self.body.addLayout(row)
        self.gallery = QFrame()
        flow = FlowLayout(self.gallery)
        px = theme.current().px
        for photo in self.record.photos:
            tile = QPushButton()
            tile.setProperty(*role("quiet"))
            tile.setIconSize(QSize(px(TILE.width()), px(TILE.height())))
            tile.setFixedSize(px(TILE.width()) + 12, px(TILE.height()) + 12)
            tile.setAccessibleName(_("Look at {name}").format(name=photo.name))
            tile.setToolTip("\n".join(filter(None, (photo.name, photo.caption, taken_text(photo)))))
            tile.clicked.connect(lambda _on=False, photo=photo: self.photo_wanted.emit(self.record, photo))
            self.tiles[photo.sha256] = tile
            flow.addWidget(tile)
        self.body.addWidget(self.gallery)
        self.show_photos()

    def _add_signatures(self) -> None:
        if not self.record.signatures:
            self.body.addWidget(
                label(_("Not signed on the screen: the printed record is signed."), "second", wrap=True)
            )
        for one in self.record.signatures:
            field = SignatureField()
            field.set_title(labelled(one.side.label, one.name))
            field.show_drawing(one.drawing, read_only=True)
            self.body.addWidget(field)


class LargePhoto(QFrame):
    """A photo as large as there is room; a click or Escape goes back."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.caption = label("", "second", wrap=True)
        self.back = button(_("Back"), "", "back")
        self.back.setShortcut("Escape")
        self.back.clicked.connect(self.left)
        top = QHBoxLayout()
        top.addWidget(self.back)
        top.addWidget(self.caption, 1)
        column.addLayout(top)
        self.picture = QLabel()
        self.picture.setMinimumSize(1, 1)
        column.addWidget(self.picture, 1)
        self._pixmap = QPixmap()

    def show_photo(self, photo: Photo, pixmap: QPixmap) -> None:
        """Show ``photo``."""
        self._pixmap = pixmap
        self.caption.setText(" · ".join(filter(None, (photo.name, photo.caption, taken_text(photo)))))
        self.picture.setAccessibleName(self.caption.text())
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the picture into the new room."""
        self._fit()

    def _fit(self) -> None:
        if not self._pixmap.isNull():
            ways = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            self.picture.setPixmap(self._pixmap.scaled(self.picture.size(), *ways))


def cards_of(presenter: InspectionsPresenter, line: VisitLine) -> list[RecordCard]:
    """A card for each record of ``line``, those that count first."""
    from qisp_desktop.services.inspection_view import RecordStanding

    order = sorted(line.records, key=lambda one: one.standing is not RecordStanding.COUNTS)
    return [RecordCard(presenter, one) for one in order]
