"""Points as people type them."""

from __future__ import annotations

from decimal import Decimal

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.i18n import _
from qisp_desktop.base.width import halfwidth


def parse_points(typed: str) -> Decimal:
    """Points as typed, full-width digits included; raises ValueError for anything but a plain decimal."""
    text = halfwidth(typed).strip()
    if not text or len(text) > 12 or not all(c in "0123456789." for c in text) or text.count(".") > 1 or text == ".":
        raise ValueError(_("{text} is not a number").format(text=typed[:20]))
    # The one written form, so that "4.0" and "4" are the same record.
    return Decimal(decimal_text(Decimal(text)))
