"""Signing papers: PAdES B-B by pyHanko, each signature an incremental update that leaves every earlier byte alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import Any, Literal

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.content import AppearanceContent
from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.stamp import BaseStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from qisp_desktop.base.credentials import Credentials
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.documents import fonts
from qisp_desktop.documents.appearance import signature_appearance
from qisp_desktop.documents.signatures import is_issued
from qisp_desktop.domain.handwriting import Handwriting

Field = Literal["Expert", "PanelLeader", "Secretariat"]
CERTIFYING_FIELD = "Expert"
"""Signed first where a paper has it. The first signature certifies: only the other fields may be filled after it."""
_OFFICE_TIME = timezone(timedelta(hours=8))
"""China Standard Time: a laptop with another zone must not date a signature a day earlier than the round report."""
_BYTE_RANGE = re.compile(rb"/ByteRange \[0 (\d+) (\d+) ")
_CMS_ROOM = 1500
"""Bytes of a CMS signature besides its certificates: attributes, names, an RSA-8192 signature at most."""


def sign_field(
    pdf: bytes, field: Field, credentials: Credentials, *, name: str, handwriting: Handwriting | None = None
) -> bytes:
    """``pdf`` with the empty signature field ``field`` signed by ``credentials``; the old bytes are its beginning.

    The box shows ``name`` and the day, and the drawn signature where there is one. Where there is a field for an expert
    it is signed first; the first signature certifies. Raises UserError when the field is taken, when the expert has not
    signed yet, or when ``name`` cannot be printed.
    """
    fonts.require_printable([(_("name of the signer"), name)])
    writer = _Writer(BytesIO(pdf))
    first = _require_turn(writer.prev, field)
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        name=name,
        subfilter=SigSeedSubFilter.PADES,
        certify=first,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        signer_key_usage=set(),
    )
    signer = PdfSigner(metadata, _signer(credentials), stamp_style=_Drawn(name, handwriting))
    output = signer.sign_pdf(writer, existing_fields_only=True, bytes_reserved=_room(credentials), in_place=True)
    return _in_lower_case(bytes(output.getvalue()), len(pdf))


def _in_lower_case(signed: bytes, update: int) -> bytes:
    """``signed`` with the hex digits of its newest signature in the one form that the check takes.

    pyHanko writes capitals. The digits are the one part of the file that no signature covers. ``update`` is where the
    newest revision begins.
    """
    gap = _BYTE_RANGE.search(signed, update)
    if gap is None:
        raise RuntimeError("the signature that was just written cannot be found")
    start, end = int(gap[1]), int(gap[2])
    return signed[:start] + signed[start:end].lower() + signed[end:]


def _require_turn(reader: PdfFileReader, field: str) -> bool:
    """Whether the signature in ``field`` will be the first; raises UserError when it is not its turn."""
    filled = {name: value is not None for name, value, _reference in enumerate_sig_fields(reader)}
    if field not in filled or filled[field]:
        raise UserError(
            _("The paper cannot be signed here."),
            _("Its field {field} is missing or already signed.").format(field=field),
            _("Open the newest copy of the paper."),
        )
    if field != CERTIFYING_FIELD and not filled.get(CERTIFYING_FIELD, True):
        raise UserError(
            _("The paper cannot be countersigned yet."),
            _("The expert has not signed it."),
            _("Ask the expert to sign first."),
        )
    return not any(filled.values())


def _signer(credentials: Credentials) -> SimpleSigner:
    key = credentials.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store: Any = SimpleCertificateStore  # its methods have no types
    others = store.from_certs([_asn1(certificate) for certificate in _verifiable(credentials.chain)])
    return SimpleSigner(_asn1(credentials.certificate), asn1_keys.PrivateKeyInfo.load(key), others)


def _verifiable(chain: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """What of ``chain`` can be verified within it: beside a signature, the check takes nothing on trust."""
    return [one for one in chain if any(is_issued(one, issuer) for issuer in chain)]


def _room(credentials: Credentials) -> int:
    """Hex digits to keep free for the signature: set here, pyHanko would sign twice to find out."""
    certificates = (credentials.certificate, *credentials.chain)
    return 2 * (_CMS_ROOM + sum(len(one.public_bytes(Encoding.DER)) for one in certificates))


def _asn1(certificate: x509.Certificate) -> Any:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


class _Writer(IncrementalPdfFileWriter):
    """A writer that adds the signature and nothing else: no new dates in the document's properties, no XMP."""

    def _update_meta(self) -> None:
        """Leave the properties as they were signed; readers show the time of a signature from the signature."""


class _Drawn(BaseStampStyle):
    """What fills the signature's box: drawn by the same fonts and library as the paper."""

    def __init__(self, name: str, handwriting: Handwriting | None) -> None:
        super().__init__(border_width=0)
        # The base class is a frozen dataclass for configuration files; these two are no configuration.
        object.__setattr__(self, "_signer_name", name)
        object.__setattr__(self, "_handwriting", handwriting)

    def create_stamp(self, writer: Any, box: BoxConstraints, text_params: dict[str, Any]) -> Any:
        """The appearance for a box of this size."""
        name, handwriting = self.__dict__["_signer_name"], self.__dict__["_handwriting"]
        day = datetime.now(_OFFICE_TIME).date()
        return _Appearance(writer, signature_appearance(name, handwriting, day, float(box.width), float(box.height)))


class _Appearance(AppearanceContent):
    def __init__(self, writer: Any, page: bytes) -> None:
        super().__init__(writer)
        self._page = page

    def register(self) -> IndirectObject:
        """The page as a form of the paper."""
        form: IndirectObject = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._page)))
        return form
