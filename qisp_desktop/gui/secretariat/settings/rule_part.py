"""The rule of the round: changed only after what that does has been seen."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from qisp_desktop.base.i18n import _, ngettext
from qisp_desktop.domain.policy import Policy
from qisp_desktop.gui.secretariat.policy_form import PolicyForm
from qisp_desktop.gui.secretariat.settings.presenter import SettingsPresenter
from qisp_desktop.gui.stylesheet import role
from qisp_desktop.gui.widgets.card import button, label
from qisp_desktop.services.policy_words import EffectCounts

NAMED = 6


class RulePart(QWidget):
    """The form; below it what the changed rule would do to the results there are."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._shown: Policy | None = None
        self._wanted: Policy | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.form = PolicyForm()
        column.addWidget(self.form, 1)
        column.addWidget(self._effect())
        row = QHBoxLayout()
        self.why = label("", "second", wrap=True)
        row.addWidget(self.why, 1)
        self.restore = button(_("As it was"))
        self.restore.clicked.connect(self._restore)
        self.save = button(_("Save the rule…"), "primary")
        self.save.clicked.connect(self._look)
        row.addWidget(self.restore)
        row.addWidget(self.save)
        column.addLayout(row)
        self.form.changed.connect(self._changed)
        presenter.effect_found.connect(self._show_effect)

    def refresh(self) -> None:
        """Show the rule, unless it is being changed."""
        data = self._presenter.data
        if data is None:
            return
        if self._shown is None or self.form.policy() == self._shown or data.round.policy != self._shown:
            self.form.show_policy(data.round.policy, data.rubric)
            self.effect.hide()
        self._shown = data.round.policy
        self.form.set_read_only(self._presenter.fixed)
        self.why.setText(self._presenter.fixed)
        self._enable()

    def _effect(self) -> QFrame:
        self.effect = QFrame()
        self.effect.setProperty(*role("banner-warn"))
        row = QHBoxLayout(self.effect)
        row.setContentsMargins(12, 8, 12, 8)
        self.words = label("", wrap=True)
        row.addWidget(self.words, 1)
        self.take = button(_("Change the rule"), "primary")
        self.take.clicked.connect(self._take)
        row.addWidget(self.take)
        self.effect.hide()
        return self.effect

    def _changed(self) -> None:
        self.effect.hide()
        self._enable()

    def _enable(self) -> None:
        typed = self.form.policy()
        other = typed is not None and typed != self._shown
        self.save.setEnabled(other and not self._presenter.fixed)
        self.restore.setEnabled(typed != self._shown and not self._presenter.fixed)

    def _restore(self) -> None:
        data = self._presenter.data
        if data is not None:
            self.form.show_policy(data.round.policy, data.rubric)
            self._changed()

    def _look(self) -> None:
        policy = self.form.policy()
        if policy is not None:
            self._presenter.look_at_policy(policy)

    def _show_effect(self, effect: EffectCounts, policy: Policy) -> None:
        self._wanted = policy
        self.words.setText(effect_text(effect))
        self.effect.show()
        self.take.setFocus()

    def _take(self) -> None:
        self.effect.hide()
        if self._wanted is not None:
            self._presenter.set_policy(self._wanted)


def effect_text(effect: EffectCounts) -> str:
    """What another rule changes, in a sentence."""
    if not effect.changed:
        return _("No result changes with this rule.")
    parts = [
        text.format(count=count)
        for count, text in (
            (effect.finals, ngettext("{count} final score", "{count} final scores", effect.finals)),
            (effect.ranks, ngettext("{count} rank", "{count} ranks", effect.ranks)),
            (effect.grades, ngettext("{count} grade", "{count} grades", effect.grades)),
            (
                effect.recommendations,
                ngettext("{count} recommendation", "{count} recommendations", effect.recommendations),
            ),
        )
        if count
    ]
    shown = _(", ").join(effect.changed[:NAMED])
    if len(effect.changed) > NAMED:
        shown = _("{names} …").format(names=shown)
    return _("With this rule change, of {total} results: {parts} ({names}).").format(
        total=effect.applications, parts=_(", ").join(parts), names=shown
    )
