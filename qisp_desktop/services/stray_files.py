"""What a file is that was collected and is no return: said by what is in it, not by its name alone."""

from __future__ import annotations

from pathlib import Path

from qisp_desktop.base.i18n import _
from qisp_desktop.documents.revisions import LARGEST_PAPER

RETURN, PACKAGE = ".qscore", ".qpanel"
PDF_HEAD, ZIP_HEAD = b"%PDF-", b"PK"
HEAD_WITHIN = 1024
"""Bytes among which readers look for the head of a PDF."""
_NAMES = {
    ".doc": "Word",
    ".docx": "Word",
    ".xls": "Excel",
    ".xlsx": "Excel",
    ".et": "WPS",
    ".wps": "WPS",
    ".ofd": "OFD",
    ".txt": "TXT",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".png": "PNG",
    ".zip": "ZIP",
    ".rar": "RAR",
    ".7z": "7-Zip",
}


def what_it_is(path: Path) -> str:
    """What the file at ``path`` is, in words, when it is surely not a return that was damaged; empty when it may be.

    Reads a signed paper, to name its sheet. Never raises.
    """
    suffix = path.suffix.lower()
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_WITHIN)
        if PDF_HEAD in head:
            return _paper_words(path)
    except OSError:
        return ""
    if suffix == PACKAGE:
        return _("It is a package that the office hands out, not what an expert hands in.")
    if suffix in _NAMES:
        return _("It is a file of another kind ({kind}), not what an expert's desk hands in.").format(
            kind=_NAMES[suffix]
        )
    if suffix == RETURN or head.startswith(ZIP_HEAD):
        return ""
    return _("It is no file that an expert's desk hands in.")


def _paper_words(path: Path) -> str:
    if path.stat().st_size <= LARGEST_PAPER:
        from qisp_desktop.documents.checking import check_score_sheet

        record = check_score_sheet(path.read_bytes(), signer=None, roots=()).record
        if record is not None:
            text = _(
                "It is the paper of a score sheet, as PDF: {expert} for {application}, revision {revision}. The scores "
                "themselves come in the .qscore file."
            )
            sheet = record.sheet
            return text.format(expert=sheet.expert, application=sheet.application, revision=sheet.revision)
    return _("It is a PDF, such as a paper or its scan. Scores come in the .qscore file.")
