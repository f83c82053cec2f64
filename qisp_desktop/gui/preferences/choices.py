"""How the program can look, in words; the keys are the values of ``Settings``."""

from __future__ import annotations

from qisp_desktop.base.i18n import _
from qisp_desktop.gui.theme import SCALES


def language_names() -> dict[str, str]:
    """The languages to choose from; each names itself, so that anybody finds their own."""
    return {"system": _("As the system"), "zh_CN": "简体中文", "en": "English"}


def theme_names() -> dict[str, str]:
    """The themes."""
    return {"system": _("As the system"), "light": _("Light"), "dark": _("Dark")}


def scale_names() -> dict[str, str]:
    """The sizes of text and controls."""
    return {str(scale): f"{scale} %" for scale in SCALES}
