"""How the program looks: one set of tokens feeds the palette, the style sheet and whatever paints itself.

The theme is the process's own, like the palette it sets: ``current()`` gives it to delegates and icons at the moment
they paint, so that a change of theme needs no new widgets.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from qisp_desktop.gui import assets
from qisp_desktop.gui.tokens import DARK, LIGHT, Tokens

MODES = ("system", "light", "dark")
SCALES = (100, 110, 125, 150, 175)
"""The sizes of text and controls that can be chosen, in percent."""
HALF_LIGHT = 128
BASE_POINTS = 11.0
"""The smallest text at 100 %."""


class Theme(QObject):
    """The look that is on the screen now; ``changed`` is sent after everything was set."""

    changed = Signal()
    about_to_change = Signal()
    """Qt is about to style every widget anew, seen or not: who has some that nobody sees lets go of them now."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.mode = "system"
        self.scale = 100
        self.tokens = LIGHT
        self._prepared = False
        self._applied: tuple[Tokens, int] | None = None
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    def prepare(self, mode: str, scale: int) -> None:
        """Set colours and font for a window that shows no widgets yet; ``apply`` does the rest."""
        self.mode, self.scale = mode, scale
        self.tokens = DARK if mode == "dark" or (mode == "system" and self._system_is_dark()) else LIGHT
        self._app.setFont(self.font())
        self._app.setPalette(palette(self.tokens))
        self._prepared = True

    def apply(self, mode: str, scale: int) -> None:
        """Show ``mode`` (of MODES) at ``scale`` (percent, 100 to 175); ValueError for anything else."""
        if mode not in MODES or not SCALES[0] <= scale <= SCALES[-1]:
            raise ValueError(f"no such look: {mode} at {scale} %")
        self.mode, self.scale = mode, scale
        if mode != "system" or self._prepared:
            _ask_for_scheme(self._app, mode)
        self._show(DARK if mode == "dark" or (mode == "system" and self._system_is_dark()) else LIGHT)

    def px(self, length: int) -> int:
        """``length`` pixels at 100 % as pixels at the chosen scale."""
        return round(length * self.scale / 100)

    def points(self, size: float) -> float:
        """A text size at 100 % as points at the chosen scale."""
        return size * self.scale / 100

    def font(self, size: float = BASE_POINTS, *, bold: bool = False) -> QFont:
        """The program's font at ``size`` points before scaling."""
        font = QFont(assets.FONT_FAMILY)
        font.setPointSizeF(self.points(size))
        font.setBold(bold)
        return font

    def colour(self, token: str) -> QColor:
        """The token named ``token`` as Qt's colour."""
        return QColor(getattr(self.tokens, token))

    def _system_is_dark(self) -> bool:
        if not self._prepared:
            # Before ours is set, the palette is the system's.
            return self._app.palette().window().color().lightness() < HALF_LIGHT
        return self._app.styleHints().colorScheme().name == "Dark"

    def _follow_system(self) -> None:
        if self.mode == "system":
            self.apply("system", self.scale)

    def _show(self, tokens: Tokens) -> None:
        if self._applied == (tokens, self.scale):
            return
        from qisp_desktop.gui.stylesheet import stylesheet

        assets.register_fonts()
        self.about_to_change.emit()
        self._applied = (tokens, self.scale)
        self._prepared = True
        self.tokens = tokens
        self._app.setFont(self.font())
        self._app.setPalette(palette(tokens))
        self._app.setStyleSheet(stylesheet(tokens, self.px, self.points, assets.icon_folder()))
        assets.recolour(self._app, tokens)
        self.changed.emit()


_theme: Theme | None = None


def application(arguments: list[str]) -> QApplication:
    """The application object, in Fusion. Naming the style here spares all that ``setStyle`` makes PySide load."""
    return QApplication([*arguments[:1], "-style", "fusion", *arguments[1:]])


def install(app: QApplication) -> Theme:
    """Register the bundled font's regular weight and make the theme of ``app``; the look comes with ``apply``."""
    global _theme
    if _theme is not None and shiboken6.isValid(_theme):
        _theme.deleteLater()
    assets.register_font(assets.REGULAR)
    _theme = Theme(app)
    return _theme


def current() -> Theme:
    """The theme of this process; RuntimeError before ``install``."""
    if _theme is None:
        raise RuntimeError("no theme is installed")
    return _theme


def _ask_for_scheme(app: QApplication, mode: str) -> None:
    """Make title bars and native dialogs follow ``mode``."""
    from PySide6.QtCore import Qt

    scheme = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}[mode]
    app.styleHints().setColorScheme(scheme)


def palette(tokens: Tokens) -> QPalette:
    """The Qt palette of ``tokens``."""
    role = QPalette.ColorRole
    roles = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.card,
        role.AlternateBase: tokens.window,
        role.ToolTipBase: tokens.text,
        role.ToolTipText: tokens.card,
        role.Text: tokens.text,
        role.Button: tokens.card,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.bad,
        role.PlaceholderText: tokens.second,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent_text,
        role.LinkVisited: tokens.accent_text,
        role.Light: tokens.card,
        role.Midlight: tokens.hover,
        role.Mid: tokens.edge,
        role.Dark: tokens.edge,
        role.Shadow: tokens.line,
    }
    result = QPalette()
    for name, colour in roles.items():
        result.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.disabled))
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(tokens.line))
    return result
