"""The bundled fonts and icons.

An icon is a line drawing of 24 × 24 in ``resources/icons/NAME.svg`` whose strokes are ``currentColor``; it is drawn
in the theme's colours here. To add one, put the file there and name it in ``set_icon``.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QColor, QFontDatabase, QIcon, QImageReader, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from qisp_desktop.gui.tokens import LIGHT, Tokens

FONT_FAMILY = "Noto Sans SC"
FONT_FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
ICON_SIZE = 20
"""Pixels of an icon at 100 %."""
_SIZES = (20, 40)
_NAME, _ROLE, _SIZE = "iconName", "iconRole", "iconSize24"

_tokens: Tokens = LIGHT


def resource(*parts: str) -> Path:
    """The file or folder of the bundled resources; it lies on the disk in every way the program is installed."""
    return Path(str(files("qisp_desktop.resources"))).joinpath(*parts)


def icon_folder() -> Path:
    """Where the icons lie."""
    return resource("icons")


def register_fonts() -> None:
    """Make the bundled font known to Qt; a second call for the same application costs nothing."""
    if FONT_FAMILY in _application_families():
        return
    for name in FONT_FILES:
        if QFontDatabase.addApplicationFont(str(resource("fonts", name))) < 0:
            raise RuntimeError(f"the bundled font {name} cannot be used")


def program_icon() -> QIcon:
    """The icon of windows and of the task bar."""
    return QIcon(str(resource("icons", "qisp.svg")))


def picture(name: str, token: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon ``name`` in the colour of ``token``, ``size`` pixels wide, for a screen of ``ratio`` pixels a point."""
    pixmap = _drawn(name, getattr(_tokens, token), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def icon(name: str, token: str = "text") -> QIcon:
    """The icon ``name`` in the colour of ``token``, grey where it is disabled; it keeps its colours."""
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_drawn(name, getattr(_tokens, token), size))
        made.addPixmap(_drawn(name, _tokens.disabled, size), QIcon.Mode.Disabled)
    return made


def set_icon(button: QAbstractButton, name: str, token: str = "text") -> None:
    """Give ``button`` the icon ``name``; a change of theme recolours it."""
    button.setProperty(_NAME, name)
    button.setProperty(_ROLE, token)
    button.setIcon(icon(name, token))


def set_picture(label: QLabel, name: str, token: str, size: int) -> None:
    """Show the icon ``name`` at ``size`` pixels in ``label``; a change of theme recolours it."""
    label.setProperty(_NAME, name)
    label.setProperty(_ROLE, token)
    label.setProperty(_SIZE, size)
    label.setPixmap(picture(name, token, size, label.devicePixelRatioF()))


def recolour(app: QApplication, tokens: Tokens) -> None:
    """Draw every icon that is shown in ``tokens`` from now on."""
    global _tokens
    _tokens = tokens
    for widget in app.allWidgets():
        _recolour_one(widget)


def _recolour_one(widget: QWidget) -> None:
    name = widget.property(_NAME)
    if not name:
        return
    if isinstance(widget, QAbstractButton):
        set_icon(widget, name, widget.property(_ROLE))
    elif isinstance(widget, QLabel):
        set_picture(widget, name, widget.property(_ROLE), widget.property(_SIZE))


def _application_families() -> set[str]:
    # Ids count up from 0 within one application.
    return set(QFontDatabase.applicationFontFamilies(0))


@cache
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def _drawn(name: str, colour: str, size: int) -> QPixmap:
    # Through the image reader rather than QtSvg: the library is loaded by Qt's plugin, not imported.
    data = QByteArray(_source(name).replace("currentColor", QColor(colour).name()).encode())
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(QSize(size, size))
    return QPixmap.fromImageReader(reader)
