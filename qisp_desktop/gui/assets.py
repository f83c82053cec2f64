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
REGULAR, BOLD = "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"
SVG = QByteArray(b"svg")
ICON_SIZE = 20
"""Pixels of an icon at 100 %."""
_NAME, _ROLE, _SIZE = "iconName", "iconRole", "iconPixels"

_tokens: Tokens = LIGHT


def resource(*parts: str) -> Path:
    """The file or folder of the bundled resources; it lies on the disk in every way the program is installed."""
    return Path(str(files("qisp_desktop.resources"))).joinpath(*parts)


def icon_folder() -> Path:
    """Where the icons lie."""
    return resource("icons")


@cache
def register_font(name: str) -> None:
    """Make a bundled font file known to Qt, once for the process."""
    if QFontDatabase.addApplicationFont(str(resource("fonts", name))) < 0:
        raise RuntimeError(f"the bundled font {name} cannot be used")


def register_fonts() -> None:
    """Make both weights of the bundled font known to Qt."""
    for name in (REGULAR, BOLD):
        register_font(name)


def program_icon() -> QIcon:
    """The icon of windows and of the task bar."""
    return QIcon(str(resource("icons", "qisp.svg")))


def logo(size: int, ratio: float = 1.0) -> QPixmap:
    """The program's icon as a picture, ``size`` pixels wide; quicker to make than ``program_icon``."""
    return _pixmap(resource("icons", "qisp.svg").read_bytes(), size, ratio)


def picture(name: str, token: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon ``name`` in the colour of ``token``, ``size`` pixels wide, for a screen of ``ratio`` pixels a point."""
    colour = QColor(getattr(_tokens, token)).name()
    return _pixmap(_source(name).replace("currentColor", colour).encode(), size, ratio)


def icon(name: str, token: str = "text", size: int = ICON_SIZE, ratio: float = 1.0) -> QIcon:
    """The icon ``name`` in the colour of ``token``; it keeps its colours (Qt greys it where it is disabled)."""
    return QIcon(picture(name, token, size, ratio))


def set_icon(button: QAbstractButton, name: str, token: str = "text", size: int = ICON_SIZE) -> None:
    """Give ``button`` the icon ``name`` at ``size`` pixels; a change of theme recolours it."""
    button.setProperty(_NAME, name)
    button.setProperty(_ROLE, token)
    button.setProperty(_SIZE, size)
    button.setIcon(icon(name, token, size, button.devicePixelRatioF()))
    button.setIconSize(QSize(size, size))


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
        set_icon(widget, name, widget.property(_ROLE), widget.property(_SIZE))
    elif isinstance(widget, QLabel):
        set_picture(widget, name, widget.property(_ROLE), widget.property(_SIZE))


@cache
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def _pixmap(svg: bytes, size: int, ratio: float) -> QPixmap:
    # Through the image reader rather than QtSvg or QIcon: one plugin of Qt's, and nothing to import.
    buffer = QBuffer()
    buffer.setData(svg)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, SVG)
    side = round(size * ratio)
    reader.setScaledSize(QSize(side, side))
    pixmap = QPixmap.fromImageReader(reader)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
