"""What a package that was issued again took over from the one before, said once on the desk."""

from __future__ import annotations

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.panel.desk.presenter import DeskPresenter
from qisp_desktop.gui.widgets.banner import Banner
from qisp_desktop.services.desk_carrying import carried_words


class CarriedOverBanner(Banner):
    """Stays until the person puts it away, through a change of language too; nothing else that is said hides it."""

    def __init__(self, presenter: DeskPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        if presenter.carried is not None:
            what, left = carried_words(presenter.carried)
            self.say("warn" if left else "good", what, "\n".join(left), _("Understood"))

    def put_away(self) -> None:
        """Hide it for good."""
        self._presenter.carried = None
        super().put_away()
