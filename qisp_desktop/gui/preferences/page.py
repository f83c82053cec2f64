"""The settings page: each choice takes effect at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QWidget

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.gui.forms.ui_settings import Ui_Settings
from qisp_desktop.gui.page import Page, Screen, Shell
from qisp_desktop.gui.preferences.choices import language_names, scale_names, theme_names
from qisp_desktop.gui.settings import AUTO_LOCK_MINUTES, Settings


def preferences_screen(shell: Shell) -> Screen:
    """The settings page, for the window."""
    return Screen(lambda: PreferencesPage(shell))


class PreferencesPage(Page):
    """Shows and changes ``Settings``; there is nothing to confirm."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(_("Settings"), back=shell.go.home)
        self._settings = shell.settings
        form = QWidget()
        self.ui = Ui_Settings()
        self.ui.setupUi(form)
        self.body.addWidget(form)
        self.body.addStretch(1)
        settings = shell.settings
        self._offer(self.ui.language, language_names(), settings.language, self._set_language)
        self._offer(self.ui.theme, theme_names(), settings.theme, self._set_theme)
        self._offer(self.ui.scale, scale_names(), str(settings.scale), self._set_scale)
        minutes = {str(count): minutes_text(count) for count in AUTO_LOCK_MINUTES}
        self._offer(self.ui.autoLock, minutes, str(settings.auto_lock_minutes), self._set_auto_lock)
        self.ui.hidePassphrase.setChecked(settings.hide_passphrase)
        self.ui.hidePassphrase.toggled.connect(lambda on: _set(settings, "hide_passphrase", on))
        self.ui.language.setFocus()

    @staticmethod
    def _offer(box: QComboBox, choices: dict[str, str], chosen: str, take: Callable[[str], None]) -> None:
        for value, text in choices.items():
            box.addItem(text, value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.activated.connect(lambda index: take(str(box.itemData(index))))

    def _set_language(self, value: str) -> None:
        self._settings.language = value

    def _set_theme(self, value: str) -> None:
        self._settings.theme = value

    def _set_scale(self, value: str) -> None:
        self._settings.scale = int(value)

    def _set_auto_lock(self, value: str) -> None:
        self._settings.auto_lock_minutes = int(value)


def minutes_text(count: int) -> str:
    """How long the desk waits before it locks."""
    if not count:
        return _("Never")
    return ngettext("After {count} minute", "After {count} minutes", count).format(count=count)


def _set(settings: Settings, name: str, value: bool) -> None:
    setattr(settings, name, value)
