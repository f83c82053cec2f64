"""The settings of the round, part by part."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.page import Shell
from qisp_desktop.gui.secretariat.section import AnyPresenter, SectionView
from qisp_desktop.gui.secretariat.settings.basics_part import BasicsPart
from qisp_desktop.gui.secretariat.settings.days_part import DaysPart
from qisp_desktop.gui.secretariat.settings.keys_part import KeysPart
from qisp_desktop.gui.secretariat.settings.presenter import SettingsPresenter
from qisp_desktop.gui.secretariat.settings.rule_part import RulePart
from qisp_desktop.gui.secretariat.settings.standard_part import StandardPart
from qisp_desktop.gui.widgets.scrolled import scrolled
from qisp_desktop.gui.widgets.segments import Choice, Segments

Part = BasicsPart | StandardPart | RulePart | DaysPart | KeysPart


class SettingsView(SectionView):
    """The view of ``SettingsPresenter``."""

    def __init__(self, shell: Shell, presenter: AnyPresenter) -> None:
        super().__init__(shell, presenter, _("Settings of the round"))
        if not isinstance(presenter, SettingsPresenter):
            raise TypeError("the settings show their own presenter")
        self.presenter = presenter
        self.basics, self.standard = BasicsPart(presenter), StandardPart(shell, presenter)
        self.rule, self.days = RulePart(presenter), DaysPart(presenter)
        self.keys = KeysPart(shell, presenter)
        self.parts: dict[str, Part] = {
            "basics": self.basics,
            "standard": self.standard,
            "rule": self.rule,
            "days": self.days,
            "keys": self.keys,
        }
        names = (_("The round"), _("Scoring standard"), _("The rule"), _("Working days"), _("Passphrase"))
        self.choice = Segments([Choice(key, name) for key, name in zip(self.parts, names, strict=True)])
        self.choice.name(_("Settings of the round"))
        self.choice.picked.connect(self.show_part)
        self.stack = QStackedWidget()
        self._areas = {key: scrolled(part) for key, part in self.parts.items()}
        for area in self._areas.values():
            self.stack.addWidget(area)
        self.body.addWidget(self.choice)
        self.body.addWidget(self.stack, 1)
        self.show_part(presenter.part)

    def show_part(self, key: str) -> None:
        """Show a part of the settings."""
        self.presenter.part = key
        self.choice.show_key(key)
        self.stack.setCurrentWidget(self._areas[key])

    def is_spare(self) -> bool:
        """Never: what is chosen here, and not kept yet, is in lists and dates too."""
        return False

    def refresh(self) -> None:
        """Show the settings."""
        for part in self.parts.values():
            part.refresh()

    def take_wish(self) -> None:
        """A wish names a part."""
        wish, self.presenter.wish = self.presenter.wish, None
        if isinstance(wish, str) and wish in self.parts:
            self.show_part(wish)
