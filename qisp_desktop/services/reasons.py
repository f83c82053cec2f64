"""The sentence in which a clerk says why; it is kept beside what was done."""

from __future__ import annotations

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.texts import clean_text


def required_reason(given: str) -> str:
    """``given`` as it is kept; UserError when it says nothing."""
    sentence = clean_text(given)
    if not sentence:
        raise UserError(_("A reason is needed."), "", _("Say in a sentence why; it is kept in the audit trail."))
    return sentence
