"""Checking a signed score sheet: stricter than PDF readers, because one plain form is all that this program writes.

A sheet is valid when its signatures are, when the signers are whom the round knows, and when its pages are what this
program renders from the signed record. Three verdicts are possible: valid, invalid, and not comparable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
from cryptography import x509

from qisp_desktop.base.codec import CodecError, from_bytes
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.documents import fonts
from qisp_desktop.documents.comparison import difference, fallback_fonts, inflated
from qisp_desktop.documents.revisions import MalformedPaperError, Revision, revisions, signature_value
from qisp_desktop.documents.score_sheet import (
    ATTACHMENT,
    UnknownTemplateError,
    render_score_sheet,
)
from qisp_desktop.documents.signatures import PaperSignature, SignatureProblem, read_signatures, verify_signature
from qisp_desktop.documents.signing import CERTIFYING_FIELD
from qisp_desktop.domain.papers import SheetRecord

LARGEST_RECORD = 8 * 1024 * 1024
"""Bytes of ``sheet.json``, at most: sixteen remarks of the greatest length fit."""


@dataclass(frozen=True)
class PaperCheck:
    """What a check came to.

    ``valid``: every check held. Not ``valid`` and ``comparable``: invalid. Not ``comparable``: the signatures hold,
    but this program cannot render the record's pages anew (another version of the layout, a font that is not here), so
    that it can say neither. ``reasons`` say why not, in the current language; ``signers`` are the names in the
    certificates, in the order of signing; ``record`` is what the sheet carries, where it could be read.
    """

    valid: bool
    comparable: bool
    reasons: tuple[str, ...]
    signers: tuple[str, ...]
    record: SheetRecord | None


class _Refused(Exception):
    """The paper is invalid; the message is for the person."""


class _NotComparable(Exception):
    """The pages cannot be rendered anew; the message is for the person."""


@dataclass
class _Findings:
    """What is known so far, so that a refusal can still name signers and record."""

    signers: tuple[str, ...] = ()
    record: SheetRecord | None = None

    def check(self, *reasons: str, comparable: bool = True) -> PaperCheck:
        return PaperCheck(not reasons, comparable, reasons, self.signers, self.record)


def check_score_sheet(pdf: bytes, *, signer: x509.Certificate | None, roots: Sequence[x509.Certificate]) -> PaperCheck:
    """Check ``pdf`` against ``signer``, the expert's certificate in the roster, and ``roots``, the round's authorities.

    Without ``signer`` the expert's certificate must come from ``roots`` and name the record's expert.
    Counter-signatures are checked against ``roots``. Never raises: whatever goes wrong during the check makes the
    paper invalid.
    """
    findings = _Findings()
    try:
        _check(pdf, signer, roots, findings)
    except (_Refused, SignatureProblem) as refusal:
        return findings.check(str(refusal))
    except _NotComparable as refusal:
        return findings.check(str(refusal), comparable=False)
    except Exception as error:  # a hostile file can fail anywhere; anything but a clean pass is a refusal
        return findings.check(_("the file cannot be read as a score sheet ({kind})").format(kind=type(error).__name__))
    return findings.check()


def _check(pdf: bytes, signer: x509.Certificate | None, roots: Sequence[x509.Certificate], findings: _Findings) -> None:
    sections = _sections(pdf)
    with _opened(pdf) as paper:
        findings.record = _record(paper)
    signatures = read_signatures(pdf)
    findings.signers = tuple(signature.signer_name for signature in signatures)
    _require_form(pdf, sections, signatures)
    for signature in signatures:
        verify_signature(signature, signer=signer, roots=roots, expert=findings.record.sheet.expert)
    _require_fresh_pages(pdf, sections, signatures, findings.record)


def _sections(pdf: bytes) -> list[Revision]:
    try:
        return revisions(pdf)
    except MalformedPaperError as error:
        raise _Refused(_("the file was changed or is not a signed score sheet")) from error


def _opened(pdf: bytes) -> pikepdf.Pdf:
    # A reader that mends a broken file would not see what other readers see.
    return pikepdf.open(BytesIO(pdf), attempt_recovery=False, suppress_warnings=True)


def _record(paper: pikepdf.Pdf) -> SheetRecord:
    names: Any = paper.Root.Names.EmbeddedFiles.Names
    if len(names) != 2 or str(names[0]) != ATTACHMENT:
        raise _Refused(_("the attachment {name} is missing").format(name=ATTACHMENT))
    data = inflated(names[1].EF.F, LARGEST_RECORD)
    if data is None:
        raise _Refused(_("the attachment {name} cannot be read").format(name=ATTACHMENT))
    try:
        return from_bytes(SheetRecord, data)
    except CodecError as error:
        raise _Refused(_("the attachment {name} is not a record: {why}").format(name=ATTACHMENT, why=error)) from error


def _require_form(pdf: bytes, sections: Sequence[Revision], signatures: Sequence[PaperSignature]) -> None:
    """One revision for each signature after the unsigned paper, each covered whole, the expert's first."""
    if not signatures:
        raise _Refused(_("it is not signed"))
    if signatures[0].field != CERTIFYING_FIELD or not signatures[0].certifies:
        raise _Refused(_("the expert's signature is missing or does not certify the paper"))
    if len(sections) != len(signatures) + 1:
        raise _Refused(_("it was changed after signing"))
    for number, (section, signature) in enumerate(zip(sections[1:], signatures, strict=True), start=1):
        start, gap_start, gap_end, rest = signature.byte_range
        if (start, gap_end + rest) != (0, section.end) or signature.revision != number:
            raise _Refused(_("a signature does not cover the whole file"))
        if signature_value(pdf, gap_start, gap_end) != signature.value:
            raise _Refused(_("a signature is not stored in its plain form"))


def _require_fresh_pages(
    pdf: bytes, sections: Sequence[Revision], signatures: Sequence[PaperSignature], record: SheetRecord
) -> None:
    """Every signed state of the file must be the fresh rendering with exactly the signatures up to there filled in."""
    try:
        rendering = render_score_sheet(record)
    except UnknownTemplateError as error:
        raise _NotComparable(
            _("not comparable: it has another version of the layout ({version})").format(version=error)
        ) from error
    except UserError as error:
        raise _NotComparable(_("not comparable: {why}").format(why=error)) from error
    filled: list[str] = []
    with pikepdf.open(BytesIO(rendering)) as fresh:
        for section, signature in zip(sections[1:], signatures, strict=True):
            filled.append(signature.field)
            with _opened(pdf[: section.end]) as paper:
                _require_same(fresh, paper, filled)


def _require_same(fresh: pikepdf.Pdf, paper: pikepdf.Pdf, filled: Sequence[str]) -> None:
    place = difference(fresh, paper, filled)
    strange = fallback_fonts(fresh, fonts.BUNDLED)
    if place and strange and not difference(fresh, paper, filled, passing_over=strange):
        raise _NotComparable(
            _("not comparable: it was printed with another font for rare characters than this computer has")
        )
    place = place or _unusual_signing(paper, filled)
    if place:
        raise _Refused(_("its pages are not what the signed data give (at {place})").format(place=place))


def _unusual_signing(paper: pikepdf.Pdf, filled: Sequence[str]) -> str:
    """Where the signatures added something else than this program's do; empty where they did not."""
    root: Any = paper.Root
    fields = {str(field.T): field for field in root.AcroForm.Fields}
    permissions = root.get("/Perms")
    if (
        permissions is None
        or set(permissions.keys()) != {"/DocMDP"}
        or permissions.DocMDP.objgen != fields[CERTIFYING_FIELD].V.objgen
    ):
        return "Root/Perms"
    for name in filled:
        # A second appearance would show when the pointer is over the box.
        if set(fields[name].AP.keys()) != {"/N"} or not isinstance(fields[name].AP.N, pikepdf.Stream):
            return f"{name}/AP"
    return ""
