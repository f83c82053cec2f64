"""The photos of a visit: small, each with its time, its caption and the way to a finding."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.inspection import Photo
from qisp_desktop.domain.inspection_draft import InspectionDraft
from qisp_desktop.gui import assets, theme
from qisp_desktop.gui.panel.inspection.fields import LineEdit
from qisp_desktop.gui.panel.inspection.pictures import Pictures
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import Card, button, label
from qisp_desktop.gui.widgets.flow_layout import FlowLayout
from qisp_desktop.gui.widgets.photo_image import taken_text
from qisp_desktop.gui.widgets.progress_strip import ProgressStrip

TILE = QSize(208, 140)
"""The picture of a tile at 100 %."""


class PhotoTile(QFrame):
    """One photo."""

    looked_at = Signal()
    captioned = Signal(str)
    finding_wanted = Signal()
    removed = Signal()

    def __init__(self, photo: Photo) -> None:
        super().__init__()
        self.photo = photo
        self.setProperty(*role("criterion"))
        px = theme.current().px
        self.setFixedWidth(px(TILE.width()) + 20)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        self.picture = QPushButton()
        self.picture.setProperty(*role("quiet"))
        self.picture.setFixedHeight(px(TILE.height()) + 12)
        self.picture.setIconSize(QSize(px(TILE.width()) - 12, px(TILE.height())))
        self.picture.setToolTip(_("Look at {name}").format(name=photo.name))
        self.picture.setAccessibleName(_("Look at {name}").format(name=photo.name))
        self.picture.clicked.connect(lambda: self.looked_at.emit())
        column.addWidget(self.picture)
        self.caption = LineEdit()
        self.caption.setPlaceholderText(_("Caption"))
        self.caption.setAccessibleName(_("Caption of {name}").format(name=photo.name))
        self.caption.textEdited.connect(self.captioned)
        column.addWidget(self.caption)
        column.addLayout(self._foot(photo))

    def show_photo(self, photo: Photo, image: QImage | None, *, editable: bool) -> None:
        """Show what is entered; ``image`` is None while it is being read."""
        self.photo = photo
        if image is not None and self.picture.icon().isNull():
            self.picture.setIcon(QIcon(QPixmap.fromImage(image)))
        self.caption.show_text(photo.caption)
        self.caption.setReadOnly(not editable)
        for one in (self.finding, self.remove):
            one.setVisible(editable)

    def _foot(self, photo: Photo) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        self.when = label(taken_text(photo)[5:16] or _("no time noted"), "second")  # the year is the visit's
        camera = _("Camera's file: SHA-256 {digest}").format(digest=photo.original) if photo.original else ""
        lines = (photo.name, taken_text(photo), f"SHA-256 {photo.sha256}", camera)
        self.when.setToolTip("\n".join(line for line in lines if line))
        self.finding = button(_("Finding"), "link")
        self.finding.setToolTip(_("Begin a finding that this photo shows"))
        self.finding.setAccessibleName(_("Begin a finding with {name}").format(name=photo.name))
        self.finding.clicked.connect(lambda: self.finding_wanted.emit())
        self.remove = QToolButton()
        assets.set_icon(self.remove, "close", "second")
        self.remove.setToolTip(_("Leave {name} out").format(name=photo.name))
        self.remove.setAccessibleName(_("Leave {name} out").format(name=photo.name))
        self.remove.clicked.connect(lambda: self.removed.emit())
        row.addWidget(self.when, 1)
        row.addWidget(self.finding)
        row.addWidget(self.remove)
        return row


class Gallery(Card):
    """All photos, and the ways to add some."""

    files_wanted = Signal()
    folder_wanted = Signal()
    paste_wanted = Signal()
    looked_at = Signal(object)
    """A Photo that the person wants to see large."""
    captioned = Signal(str, str)
    """The name of a photo and its caption after each change."""
    finding_wanted = Signal(str)
    """The name of a photo that a new finding is about."""
    removed = Signal(str)
    """The name of a photo to leave out."""
    made = Signal(object)
    """A tile (PhotoTile) that is new."""

    def __init__(self, pictures: Pictures, *, positions: bool) -> None:
        """``positions`` is whether photos keep the place where they were taken."""
        super().__init__(_("Photos"))
        self._pictures = pictures
        self.tiles: dict[str, PhotoTile] = {}
        self.count = label("", "second")
        self.corner.addWidget(self.count)
        row = FlowLayout()
        self.files = button(_("Add photos…"), "", "folder")
        self.folder = button(_("Whole folder…"))
        self.paste = button(_("Paste"))
        self.paste.setToolTip(_("Paste a copied picture or copied files (Ctrl+V)"))
        self.files.clicked.connect(self.files_wanted)
        self.folder.clicked.connect(self.folder_wanted)
        self.paste.clicked.connect(self.paste_wanted)
        for one in (self.files, self.folder, self.paste):
            row.addWidget(one)
        self.body.addLayout(row)
        self.progress = ProgressStrip()
        self.body.addWidget(self.progress)
        self.nothing = label(_("Drag photos here, or add them from the camera's card."), "second", wrap=True)
        self.body.addWidget(self.nothing)
        kept = _("Photos keep the place where they were taken, as this round asks; papers never show it.")
        left_out = _("The place where a photo was taken is left out of the copy that is handed in.")
        self.places = label(kept if positions else left_out, "second", wrap=True)
        self.body.addWidget(self.places)
        self._tiles = QWidget()
        self._flow = FlowLayout(self._tiles)
        self.body.addWidget(self._tiles)
        pictures.ready.connect(self._show_picture)

    def show_draft(self, draft: InspectionDraft, *, editable: bool) -> None:
        """Show what is entered."""
        names = [photo.name for photo in draft.photos]
        for name in [name for name in self.tiles if name not in names]:
            self._drop(name)
        for photo in draft.photos:
            if photo.name in self.tiles and self.tiles[photo.name].photo.sha256 != photo.sha256:
                self._drop(photo.name)
            if photo.name not in self.tiles:
                self._make_tile(photo)
            self.tiles[photo.name].show_photo(photo, self._pictures.small(photo), editable=editable)
        self.count.setText(str(len(names)) if names else "")
        self.nothing.setVisible(not names and editable)
        self.places.setVisible(editable)
        for one in (self.files, self.folder, self.paste):
            one.setVisible(editable)
        self._tiles.updateGeometry()

    def _make_tile(self, photo: Photo) -> None:
        tile, name = PhotoTile(photo), photo.name
        tile.looked_at.connect(lambda: self.looked_at.emit(tile.photo))
        tile.captioned.connect(lambda text: self.captioned.emit(name, text))
        tile.finding_wanted.connect(lambda: self.finding_wanted.emit(name))
        tile.removed.connect(lambda: self.removed.emit(name))
        self.tiles[name] = tile
        self._flow.addWidget(tile)
        self.made.emit(tile)

    def _drop(self, name: str) -> None:
        tile = self.tiles.pop(name)
        self._flow.removeWidget(tile)
        tile.hide()
        tile.deleteLater()

    def _show_picture(self, digest: str) -> None:
        for tile in self.tiles.values():
            if tile.photo.sha256 == digest:
                tile.show_photo(tile.photo, self._pictures.small(tile.photo), editable=not tile.caption.isReadOnly())


class LargePhoto(QWidget):
    """One photo as large as the view, until Esc or a click leads back."""

    left = Signal()
    cited = Signal(object)
    """The Photo that is to be cited as evidence."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        self.back = button(_("Back to the record"), "quiet", "back")
        self.back.setShortcut(Qt.Key.Key_Escape)
        self.back.clicked.connect(lambda: self.left.emit())
        self.name = label("", "second")
        row.addWidget(self.back)
        row.addWidget(self.name, 1)
        self.cite = button("", "link")
        self.cite.setShortcut("Ctrl+E")
        self.cite.clicked.connect(self._cite)
        row.addWidget(self.cite)
        column.addLayout(row)
        self._photo: Photo | None = None
        self.picture = label("")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setMinimumSize(1, 1)
        column.addWidget(self.picture, 1)

    def begin(self, photo: Photo, criterion: str = "") -> None:
        """The photo is being read; it can be cited for ``criterion`` where one is given."""
        self._photo = photo
        self.cite.setText(_("Cite for {code}").format(code=criterion))
        self.cite.setToolTip(_("Cite this photo as evidence (Ctrl+E)"))
        self.cite.setVisible(bool(criterion))
        self.name.setText(" · ".join(part for part in (photo.name, taken_text(photo), photo.caption) if part))
        self.picture.setText(_("Opening…"))
        self.back.setFocus()

    def show_image(self, image: QImage) -> None:
        """Show the photo, as large as fits."""
        room = self.picture.size() * self.devicePixelRatioF()
        pixmap = QPixmap.fromImage(image).scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self.picture.setPixmap(pixmap)

    def _cite(self) -> None:
        if self._photo is not None:
            self.cited.emit(self._photo)
            self.cite.setText(_("Cited"))

    def say(self, text: str) -> None:
        """Say why there is nothing to see."""
        self.picture.setText(text)
