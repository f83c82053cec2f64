"""Checking a signed paper: stricter than PDF readers, because one plain form is all that this program writes.

Score sheets and evaluation reports carry the record that they print. Such a paper is valid when its signatures are,
when the signers are whom the round knows, and when its pages are what this program renders from the signed record.
Three verdicts are possible: valid, invalid, and not comparable.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any, Generic, TypeVar

import pikepdf
from cryptography import x509

from qisp_desktop.base.codec import CodecError, from_bytes
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import N_, _
from qisp_desktop.documents import fonts
from qisp_desktop.documents.comparison import difference, fallback_fonts, inflated
from qisp_desktop.documents.evaluation_report import FIELDS as REPORT_FIELDS
from qisp_desktop.documents.evaluation_report import render_evaluation_report
from qisp_desktop.documents.paper import RECORD_NAME
from qisp_desktop.documents.report_record import EvaluationReport
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


R = TypeVar("R")


@dataclass(frozen=True)
class PaperCheck(Generic[R]):
    """What a check came to.

    ``valid``: every check held. Not ``valid`` and ``comparable``: invalid. Not ``comparable``: the signatures hold,
    but this program cannot render the record's pages anew (another version of the layout, a font that is not here), so
    that it can say neither. ``reasons`` say why not, in the current language; ``signers`` are the names in the
    certificates, in the order of signing; ``record`` is what the paper carries, where it could be read.
    """

    valid: bool
    comparable: bool
    reasons: tuple[str, ...]
    signers: tuple[str, ...]
    record: R | None


@dataclass(frozen=True)
class _Form(Generic[R]):
    """What makes a kind of signed paper: its attachment, how it is drawn, and the fields that can be signed first."""

    attachment: str
    record: type[R]
    render: Callable[[R], bytes]
    expert: Callable[[R], str]
    first: frozenset[str]
    wrong_first: str
    unreadable: str


_SHEET = _Form(
    ATTACHMENT,
    SheetRecord,
    render_score_sheet,
    lambda record: record.sheet.expert,
    frozenset({CERTIFYING_FIELD}),
    N_("the expert's signature is missing or does not certify the paper"),
    N_("the file cannot be read as a score sheet ({kind})"),
)
_REPORT = _Form(
    RECORD_NAME,
    EvaluationReport,
    render_evaluation_report,
    lambda record: "",
    frozenset(REPORT_FIELDS),
    N_("its first signature does not certify the paper"),
    N_("the file cannot be read as an evaluation report ({kind})"),
)


class _Refused(Exception):
    """The paper is invalid; the message is for the person."""


class _NotComparable(Exception):
    """The pages cannot be rendered anew; the message is for the person."""


@dataclass
class _Findings(Generic[R]):
    """What is known so far, so that a refusal can still name signers and record."""

    signers: tuple[str, ...] = ()
    record: R | None = None

    def check(self, *reasons: str, comparable: bool = True) -> PaperCheck[R]:
        return PaperCheck(not reasons, comparable, reasons, self.signers, self.record)


def check_score_sheet(
    pdf: bytes,
    *,
    signer: x509.Certificate | None,
    roots: Sequence[x509.Certificate],
    leaders: Collection[x509.Certificate] = (),
) -> PaperCheck[SheetRecord]:
    """Check ``pdf`` against ``signer``, the expert's certificate in the roster, and ``roots``, the round's authorities.

    Without ``signer`` the expert's certificate must come from ``roots`` and name the record's expert.
    Counter-signatures are checked against ``roots``; the panel leader's must come from one of ``leaders`` where these
    are known. Never raises: whatever goes wrong during the check makes the paper invalid.
    """
    return _checked(pdf, _SHEET, signer, roots, leaders)


def check_evaluation_report(
    pdf: bytes, *, roots: Sequence[x509.Certificate], leaders: Collection[x509.Certificate] = ()
) -> PaperCheck[EvaluationReport]:
    """Check an evaluation report as ``check_score_sheet`` does; panel leader and secretariat may sign in either
    order, and one of them must have."""
    return _checked(pdf, _REPORT, None, roots, leaders)


def check_unsigned_report(pdf: bytes) -> PaperCheck[EvaluationReport]:
    """Whether a report that nobody has signed yet shows what its record says: what a signer may rely on."""
    findings: _Findings[EvaluationReport] = _Findings()
    try:
        with _opened(pdf) as paper:
            record = findings.record = _record(paper, _REPORT)
            if len(_sections(pdf)) != 1 or read_signatures(pdf):
                raise _Refused(_("it was changed after it was made"))
            with pikepdf.open(BytesIO(_rendered(partial(render_evaluation_report, record)))) as fresh:
                _require_same(fresh, paper, ())
    except _Refused as refusal:
        return findings.check(str(refusal))
    except _NotComparable as refusal:
        return findings.check(str(refusal), comparable=False)
    except Exception as error:  # as for signed papers
        return findings.check(_(_REPORT.unreadable).format(kind=type(error).__name__))
    return findings.check()


def carries_report(pdf: bytes) -> bool:
    """Whether ``pdf`` looks like an evaluation report, so that it is to be checked as one."""
    try:
        with _opened(pdf) as paper:
            names: Any = paper.Root.Names.EmbeddedFiles.Names
            return str(names[0]) == RECORD_NAME
    except Exception:  # whatever it is, it is no report
        return False


def _checked(
    pdf: bytes,
    form: _Form[R],
    signer: x509.Certificate | None,
    roots: Sequence[x509.Certificate],
    leaders: Collection[x509.Certificate],
) -> PaperCheck[R]:
    findings: _Findings[R] = _Findings()
    try:
        _check(pdf, form, findings, partial(verify_signature, signer=signer, roots=roots, leaders=leaders))
    except (_Refused, SignatureProblem) as refusal:
        return findings.check(str(refusal))
    except _NotComparable as refusal:
        return findings.check(str(refusal), comparable=False)
    except Exception as error:  # a hostile file can fail anywhere; anything but a clean pass is a refusal
        return findings.check(_(form.unreadable).format(kind=type(error).__name__))
    return findings.check()


def _check(pdf: bytes, form: _Form[R], findings: _Findings[R], verify: Callable[..., None]) -> None:
    sections = _sections(pdf)
    with _opened(pdf) as paper:
        record = findings.record = _record(paper, form)
    signatures = read_signatures(pdf)
    findings.signers = tuple(signature.signer_name for signature in signatures)
    _require_form(pdf, sections, signatures, form)
    for signature in signatures:
        verify(signature, expert=form.expert(record))
    _require_fresh_pages(pdf, sections, signatures, partial(form.render, record))


def _sections(pdf: bytes) -> list[Revision]:
    try:
        return revisions(pdf)
    except MalformedPaperError as error:
        raise _Refused(_("the file was changed or is not a signed score sheet")) from error


def _opened(pdf: bytes) -> pikepdf.Pdf:
    # A reader that mends a broken file would not see what other readers see.
    return pikepdf.open(BytesIO(pdf), attempt_recovery=False, suppress_warnings=True)


def carries_nothing(pdf: bytes) -> bool:
    """Whether ``pdf`` is a whole file with neither a record nor fields to sign: none of the papers checked here."""
    try:
        with _opened(pdf) as paper:
            return not paper.attachments and "/AcroForm" not in paper.Root
    except Exception:  # what cannot be read is not known to carry nothing
        return False


def _record(paper: pikepdf.Pdf, form: _Form[R]) -> R:
    if not paper.attachments:
        raise _Refused(_("the attachment {name} is missing").format(name=form.attachment))
    names: Any = paper.Root.Names.EmbeddedFiles.Names
    if len(names) != 2 or str(names[0]) != form.attachment:
        raise _Refused(_("the attachment {name} is missing").format(name=form.attachment))
    data = inflated(names[1].EF.F, LARGEST_RECORD)
    if data is None:
        raise _Refused(_("the attachment {name} cannot be read").format(name=form.attachment))
    try:
        return from_bytes(form.record, data)
    except CodecError as error:
        raise _Refused(
            _("the attachment {name} is not a record: {why}").format(name=form.attachment, why=error)
        ) from error


def _require_form(
    pdf: bytes, sections: Sequence[Revision], signatures: Sequence[PaperSignature], form: _Form[R]
) -> None:
    """One revision for each signature after the unsigned paper, each covered whole, the certifying one first."""
    if not signatures:
        raise _Refused(_("it is not signed"))
    if signatures[0].field not in form.first or not signatures[0].certifies:
        raise _Refused(_(form.wrong_first))
    if len(sections) != len(signatures) + 1:
        raise _Refused(_("it was changed after signing"))
    for number, (section, signature) in enumerate(zip(sections[1:], signatures, strict=True), start=1):
        start, gap_start, gap_end, rest = signature.byte_range
        if (start, gap_end + rest) != (0, section.end) or signature.revision != number:
            raise _Refused(_("a signature does not cover the whole file"))
        if signature_value(pdf, gap_start, gap_end) != signature.value:
            raise _Refused(_("a signature is not stored in its plain form"))


def _require_fresh_pages(
    pdf: bytes, sections: Sequence[Revision], signatures: Sequence[PaperSignature], render: Callable[[], bytes]
) -> None:
    """Every signed state of the file must be the fresh rendering with exactly the signatures up to there filled in."""
    rendering = _rendered(render)
    filled: list[str] = []
    with pikepdf.open(BytesIO(rendering)) as fresh:
        for section, signature in zip(sections[1:], signatures, strict=True):
            filled.append(signature.field)
            with _opened(pdf[: section.end]) as paper:
                _require_same(fresh, paper, filled)


def _rendered(render: Callable[[], bytes]) -> bytes:
    try:
        return render()
    except UnknownTemplateError as error:
        raise _NotComparable(
            _("not comparable: it has another version of the layout ({version})").format(version=error)
        ) from error
    except UserError as error:
        raise _NotComparable(_("not comparable: {why}").format(why=error)) from error


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
    if not filled:
        return "" if permissions is None else "Root/Perms"
    if (
        permissions is None
        or set(permissions.keys()) != {"/DocMDP"}
        or permissions.DocMDP.objgen != fields[filled[0]].V.objgen
    ):
        return "Root/Perms"
    for name in filled:
        # A second appearance would show when the pointer is over the box.
        if set(fields[name].AP.keys()) != {"/N"} or not isinstance(fields[name].AP.N, pikepdf.Stream):
            return f"{name}/AP"
    return ""
