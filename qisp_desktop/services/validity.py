"""Whether the measures still hold in a round's year."""

from __future__ import annotations

from datetime import date

from qisp_desktop.base.i18n import _
from qisp_desktop.domain.regulation import out_of_force


def validity_warning(year: int) -> str:
    """A warning for a round whose year runs past the validity of the measures (Art. 21); empty otherwise."""
    if out_of_force(date(year, 12, 31)) and year >= 2027:
        return _("The measures are valid until 14 June 2027 (Art. 21); this round is dated {year}.").format(year=year)
    return ""
