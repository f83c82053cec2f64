"""What a person names that the round does not have."""

from __future__ import annotations

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Application
from qisp_desktop.store.round_store import RoundStore


def unknown_expert(expert: str) -> UserError:
    """That the round has no ``expert``."""
    return UserError(
        _("There is no expert {expert} in this round.").format(expert=expert), "", _("Check the expert's number.")
    )


def unknown_application(number: str) -> UserError:
    """That the round has no application ``number``."""
    return UserError(
        _("There is no application {number} in this round.").format(number=number), "", _("Check the number.")
    )


def known_application(store: RoundStore, number: str) -> Application:
    """The application ``number``; raises UserError when the round has none."""
    application = store.get(Application, number)
    if application is None:
        raise unknown_application(number)
    return application
