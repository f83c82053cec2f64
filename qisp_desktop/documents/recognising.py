"""What a file of unknown origin is, before it is checked: so that a refusal can say it in a word."""

from __future__ import annotations

import re
from enum import Enum
from io import BytesIO
from typing import Any

import pikepdf

from qisp_desktop.documents.paper import RECORD_NAME
from qisp_desktop.documents.score_sheet import ATTACHMENT

_WATERMARK = re.compile(r"/Mark\d+x\d+")


class PaperForm(Enum):
    """What a file looks like; whether it is that is for the checks to say."""

    SHEET = "sheet"
    REPORT = "report"
    MARKED = "marked"
    """A sheet or a report with a word across its pages: a draft or a copy."""
    LOCKED = "locked"
    """Encrypted."""
    DAMAGED = "damaged"
    """A PDF that cannot be read."""
    FOREIGN = "foreign"
    """Another PDF, or none."""


def form_of(data: bytes) -> PaperForm:
    """What ``data`` looks like; never raises."""
    if not data.startswith(b"%PDF-"):
        return PaperForm.FOREIGN
    try:
        # A reader that mends a broken file would not see what other readers see.
        with pikepdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True) as paper:
            return PaperForm.LOCKED if paper.is_encrypted else _form_of(paper)
    except pikepdf.PasswordError:
        return PaperForm.LOCKED
    except Exception:  # a hostile file can fail anywhere
        return PaperForm.DAMAGED


def _form_of(paper: pikepdf.Pdf) -> PaperForm:
    form = {ATTACHMENT: PaperForm.SHEET, RECORD_NAME: PaperForm.REPORT}.get(_attachment(paper), PaperForm.FOREIGN)
    drawn: Any = paper.pages[0].resources.get("/XObject", {})
    if form is not PaperForm.FOREIGN and any(_WATERMARK.fullmatch(name) for name in drawn.keys()):  # noqa: SIM118
        return PaperForm.MARKED
    return form


def _attachment(paper: pikepdf.Pdf) -> str:
    """The name of the first attached file; empty without one."""
    names: Any = paper.Root
    for key in ("/Names", "/EmbeddedFiles", "/Names"):
        names = names.get(key)
        if names is None:
            return ""
    return str(names[0]) if len(names) else ""
