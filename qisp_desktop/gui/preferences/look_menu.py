"""Size of text, theme and language at hand where leaving for the settings would mean unlocking again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.preferences.choices import language_names, scale_names, theme_names
from qisp_desktop.gui.settings import Settings
from qisp_desktop.gui.widgets.card import button


class LookMenu(QMenu):
    """Each choice takes effect at once."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._settings = settings
        self._offer(_("Size of text"), scale_names(), str(settings.scale), self._set_scale)
        self._offer(_("Theme"), theme_names(), settings.theme, self._set_theme)
        self._offer(_("Language"), language_names(), settings.language, self._set_language)

    def _offer(self, title: str, names: Mapping[str, str], chosen: str, take: Callable[[str], None]) -> None:
        group = QActionGroup(self)
        self.addSeparator()
        self.addAction(title).setEnabled(False)
        for value, name in names.items():
            action = QAction(name, self)
            action.setCheckable(True)
            action.setChecked(value == chosen)
            action.triggered.connect(lambda _on, value=value: take(value))
            group.addAction(action)
            self.addAction(action)

    def _set_scale(self, value: str) -> None:
        self._settings.scale = int(value)

    def _set_theme(self, value: str) -> None:
        self._settings.theme = value

    def _set_language(self, value: str) -> None:
        self._settings.language = value


def look_button(settings: Settings, explain_keys: Callable[[], None]) -> QPushButton:
    """A quiet button that opens the menu below it; the last entry of the menu shows the keys of the screen."""
    made = button("", "quiet", "settings")
    made.setShortcut("Ctrl+,")
    made.setToolTip(_("Size of text, theme, language (Ctrl+,)"))
    made.setAccessibleName(_("Size of text, theme, language"))

    def open_menu() -> None:
        menu = LookMenu(settings, made)
        menu.addSeparator()
        menu.addAction(_("Keyboard shortcuts (F1)"), explain_keys)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(made.mapToGlobal(QPoint(0, made.height())))

    made.clicked.connect(open_menu)
    return made
