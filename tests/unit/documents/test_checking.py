"""A signed sheet is valid only as it was signed, by whom it should be, with pages that are what its data give."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import x509 as asn1_x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pikepdf import Array, Dictionary, Name, String
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from qisp_desktop.base.codec import to_bytes
from qisp_desktop.documents.checking import PaperCheck, check_score_sheet
from qisp_desktop.documents.fonts import forget_fonts
from qisp_desktop.documents.revisions import MalformedPaperError, revisions, signature_value
from qisp_desktop.documents.score_sheet import render_score_sheet
from qisp_desktop.documents.signing import sign_field
from qisp_desktop.domain.papers import SHEET_TEMPLATE, SheetRecord
from tests.unit.documents.samples import PRIVATE, Keys, make_credentials, make_font, make_keys, make_record, with_remark


def check(pdf: bytes, keys: Keys) -> PaperCheck[SheetRecord]:
    """Check with all that the round knows."""
    return check_score_sheet(pdf, signer=keys.expert.certificate, roots=keys.roots)


def sign(pdf: bytes, keys: Keys) -> bytes:
    """The expert's signature on any file."""
    return sign_field(pdf, "Expert", keys.expert, name="欧阳䶮")


def rewritten(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """``pdf`` with a change, written anew in the plain form that the check asks for, so that only content differs."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        change(paper)
        paper.save(output, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False)
    plain = output.getvalue().replace(b"trailer <<", b"trailer\n<<")
    assert len(revisions(plain)) == 1
    return plain


# What is valid -----------------------------------------------------------------------------------------------------


def test_a_signed_sheet_is_valid_and_gives_its_record(signed: bytes, keys: Keys) -> None:
    assert check(signed, keys) == PaperCheck(True, True, (), ("E007 欧阳䶮",), make_record())


def test_a_countersigned_sheet_is_valid_and_names_all_who_signed(countersigned: bytes, keys: Keys) -> None:
    found = check(countersigned, keys)
    assert (found.valid, found.reasons) == (True, ())
    assert found.signers == ("E007 欧阳䶮", "E001 王组长", "深圳市市场监督管理局")


def test_the_rounds_authority_is_enough_to_know_the_expert(countersigned: bytes, keys: Keys) -> None:
    assert check_score_sheet(countersigned, signer=None, roots=keys.roots).valid


def test_an_experts_own_certificate_counts_when_it_is_in_the_roster(unsigned: bytes) -> None:
    own = make_credentials("Ouyang Yan", "anything")
    pdf = sign_field(unsigned, "Expert", own, name="欧阳䶮")
    assert check_score_sheet(pdf, signer=own.certificate, roots=[]).valid
    assert not check_score_sheet(pdf, signer=None, roots=[]).valid


def test_the_secretariat_may_sign_before_the_leader(signed: bytes, keys: Keys) -> None:
    pdf = sign_field(signed, "Secretariat", keys.office, name="秘书处")
    assert check(sign_field(pdf, "PanelLeader", keys.leader, name="王组长"), keys).valid


def test_only_what_bytes_decode_to_counts_not_how_they_are_packed(unsigned: bytes, keys: Keys) -> None:
    # Another order of objects, other white space, other compression: the same paper.
    assert check(sign(rewritten(unsigned, lambda paper: None), keys), keys).valid


# Who signed --------------------------------------------------------------------------------------------------------


def test_another_experts_key_is_refused(unsigned: bytes, keys: Keys) -> None:
    pdf = sign_field(unsigned, "Expert", keys.leader, name="欧阳䶮")
    assert "another certificate" in check(pdf, keys).reasons[0]
    assert "E001 王组长 signed it" in check_score_sheet(pdf, signer=None, roots=keys.roots).reasons[0]


def test_the_office_cannot_sign_for_an_expert_nor_an_expert_for_the_office(
    unsigned: bytes, signed: bytes, keys: Keys
) -> None:
    by_office = sign_field(unsigned, "Expert", keys.office, name="欧阳䶮")
    assert "may not sign" in check_score_sheet(by_office, signer=None, roots=keys.roots).reasons[0]
    by_expert = sign_field(signed, "Secretariat", keys.leader, name="秘书处")
    assert "may not sign in Secretariat" in check(by_expert, keys).reasons[0]


def test_without_a_certificate_of_the_round_the_signer_is_unknown(signed: bytes, keys: Keys) -> None:
    assert check_score_sheet(signed, signer=None, roots=[]).reasons == ("unknown signer: E007 欧阳䶮",)
    strangers = make_keys()
    assert "unknown signer" in check_score_sheet(signed, signer=None, roots=strangers.roots).reasons[0]
    by_stranger = sign_field(signed, "PanelLeader", strangers.leader, name="王组长")
    assert check(by_stranger, keys).reasons == ("unknown signer: E001 王组长",)


# What was signed: the same key, another paper ----------------------------------------------------------------------


def _page(paper: pikepdf.Pdf, extra: bytes) -> None:
    paper.pages[0].Contents.write(paper.pages[0].Contents.read_bytes() + extra)


def _fonts(paper: pikepdf.Pdf) -> pikepdf.Object:
    return paper.pages[0].Resources.Font


def _edit(stream: pikepdf.Object, old: bytes, new: bytes) -> None:
    content = stream.read_bytes()
    assert old in content
    stream.write(content.replace(old, new, 1))


def _attach(paper: pikepdf.Pdf, data: bytes) -> None:
    paper.Root.Names.EmbeddedFiles.Names[1].EF.F.write(data)


def _annotate(paper: pikepdf.Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=[100, 600, 300, 640], Contents=String("90.0"))
    paper.pages[0].Annots = Array([paper.make_indirect(note)])


def _layer(paper: pikepdf.Pdf) -> None:
    layer = paper.make_indirect(Dictionary(Type=Name.OCG, Name=String("hidden")))
    paper.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    paper.pages[0].Resources.Properties = Dictionary(L=layer)
    _page(paper, b"\n/OC /L BDC EMC")


def _second_attachment(paper: pikepdf.Pdf) -> None:
    names = paper.Root.Names.EmbeddedFiles.Names
    names.append(String("z.json"))
    names.append(names[1])


def _move_field(paper: pikepdf.Pdf) -> None:
    paper.Root.AcroForm.Fields[0].Rect = Array([60, 300, 400, 700])


def _drop_field(paper: pikepdf.Pdf) -> None:
    del paper.Root.AcroForm.Fields[2]
    del paper.pages[-1].Annots[2]


def _swap_fonts(paper: pikepdf.Pdf) -> None:
    fonts = _fonts(paper)
    fonts["/F1+0"], fonts["/F2+0"] = fonts["/F2+0"], fonts["/F1+0"]


def _own_fonts(paper: pikepdf.Pdf) -> None:
    """One page has the shared dictionary of fonts written in place, and changed."""
    fonts = Dictionary({name: font for name, font in _fonts(paper).items()})
    fonts["/F2+0"] = fonts["/F1+0"]
    paper.pages[-1].Resources.Font = fonts


def _stamp_empty_field(paper: pikepdf.Pdf) -> None:
    box = paper.make_stream(b"0 0 10 10 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 10, 10])
    paper.Root.AcroForm.Fields[1].AP = Dictionary(N=box)


def _one_page_more(paper: pikepdf.Pdf) -> None:
    paper.add_blank_page()


def _other_form(paper: pikepdf.Pdf) -> None:
    forms = paper.pages[0].Resources.XObject
    next(iter(dict(forms).values())).write(b"0 0 10 10 re f")


CHANGES: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "page content": lambda paper: _page(paper, b"\nq 0 0 1 rg 100 100 200 200 re f Q"),
    "invisible page content": lambda paper: _page(paper, b"\n"),
    "annotation": _annotate,
    "hidden layer": _layer,
    "attachment of another sheet": lambda paper: _attach(paper, to_bytes(with_remark(make_record(), "改过的评语"))),
    "attachment in another spelling": lambda paper: _attach(paper, b" " + to_bytes(make_record())),
    "no JSON attached": lambda paper: _attach(paper, b"\x00"),
    "attachment that grows beyond memory": lambda paper: _attach(paper, b" " * (9 * 1024 * 1024)),
    "second attachment": _second_attachment,
    "no attachment": lambda paper: paper.Root.__delattr__("Names"),
    "ToUnicode": lambda paper: _edit(_fonts(paper)["/F1+0"].ToUnicode, b"endbfchar", b"<FE> <0039>\nendbfchar"),
    "outlines of a font": lambda paper: _edit(_fonts(paper)["/F1+0"].FontDescriptor.FontFile2, b"glyf", b"glyg"),
    "width of a character": lambda paper: _fonts(paper)["/F1+0"].Widths.__setitem__(40, 10),
    "fonts swapped": _swap_fonts,
    "fonts of one page changed": _own_fonts,
    "QR code or page total": _other_form,
    "page turned": lambda paper: setattr(paper.pages[0], "Rotate", 180),
    "page cropped": lambda paper: setattr(paper.pages[0], "CropBox", Array([0, 400, 595, 842])),
    "page added": _one_page_more,
    "page doubled": lambda paper: paper.pages.append(paper.pages[0]),
    "page unit": lambda paper: setattr(paper.pages[0], "UserUnit", 2),
    "script on opening": lambda paper: setattr(
        paper.Root, "OpenAction", Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    ),
    "action on a field": lambda paper: setattr(
        paper.Root.AcroForm.Fields[0], "AA", Dictionary(E=Dictionary(S=Name.JavaScript, JS=String("1")))
    ),
    "title": lambda paper: setattr(paper.docinfo, "Title", String("评分表 99")),
    "signature box moved": _move_field,
    "field removed": _drop_field,
    "empty field stamped": _stamp_empty_field,
    "language": lambda paper: setattr(paper.Root, "Lang", String("en")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_paper_that_is_not_what_its_data_give_is_invalid_though_the_right_key_signed_it(
    change: Callable[[pikepdf.Pdf], None], unsigned: bytes, keys: Keys
) -> None:
    found = check(sign(rewritten(unsigned, change), keys), keys)
    assert not found.valid
    assert found.comparable
    assert len(found.reasons) == 1


def _signed_record(record: SheetRecord, unsigned: bytes, keys: Keys) -> bytes:
    """Today's pages with another record attached, signed: how a later version's sheet looks to this one."""
    return sign(rewritten(unsigned, lambda paper: _attach(paper, to_bytes(record))), keys)


def test_a_layout_that_this_program_lacks_is_not_comparable_never_invalid(unsigned: bytes, keys: Keys) -> None:
    record = make_record(template=SHEET_TEMPLATE + 1)
    found = check(_signed_record(record, unsigned, keys), keys)
    assert (found.valid, found.comparable, found.record) == (False, False, record)
    assert "not comparable" in found.reasons[0]


def test_a_changed_file_is_invalid_even_with_a_layout_that_this_program_lacks(unsigned: bytes, keys: Keys) -> None:
    pdf = _signed_record(make_record(template=SHEET_TEMPLATE + 1), unsigned, keys)
    found = check(pdf.replace(b"/Rotate 0", b"/Rotate 9", 1), keys)
    assert (found.valid, found.comparable) == (False, True)


def test_a_character_that_this_computer_has_no_font_for_is_not_comparable(unsigned: bytes, keys: Keys) -> None:
    forget_fonts()
    found = check(_signed_record(with_remark(make_record(), PRIVATE), unsigned, keys), keys)
    assert (found.valid, found.comparable) == (False, False)
    assert "U+E123" in found.reasons[0]


def test_another_fallback_font_than_the_signers_is_not_comparable(own_font: Path, keys: Keys) -> None:
    pdf = sign(render_score_sheet(with_remark(make_record(), PRIVATE)), keys)
    assert check(pdf, keys).valid
    # On another computer the office has another font for the same character.
    own_font.unlink()
    make_font(own_font.with_name("other.ttf"), width=700)
    forget_fonts()
    found = check(pdf, keys)
    assert (found.valid, found.comparable) == (False, False)
    assert "another font for rare characters" in found.reasons[0]
    # What the bundled fonts print must still be the same, whatever the rare character looks like.
    changed = sign(rewritten(render_score_sheet(with_remark(make_record(), PRIVATE)), CHANGES["page content"]), keys)
    assert check(changed, keys).comparable


def test_a_first_signature_that_does_not_certify_is_refused(unsigned: bytes, keys: Keys) -> None:
    key = keys.expert.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificate = asn1_x509.Certificate.load(keys.expert.certificate.public_bytes(Encoding.DER))
    signer = SimpleSigner(certificate, PrivateKeyInfo.load(key), SimpleCertificateStore())
    metadata = PdfSignatureMetadata(field_name="Expert", subfilter=SigSeedSubFilter.PADES)
    output = sign_pdf(IncrementalPdfFileWriter(io.BytesIO(unsigned)), metadata, signer)
    assert "does not certify" in check(output.getvalue(), keys).reasons[0]


def test_a_record_that_would_take_all_memory_to_print_is_invalid(unsigned: bytes, keys: Keys) -> None:
    assert check(_signed_record(replace(make_record(), decimals=10**12), unsigned, keys), keys).comparable


# Changed after signing ---------------------------------------------------------------------------------------------


def _updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _new_page_content(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 100 100 re f"))
    writer.update_container(page)


def _new_annotation(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/Text"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (10, 10, 50, 50))),
        }
    )
    page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)


def _new_appearance(writer: IncrementalPdfFileWriter) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0]
    field["/AP"] = generic.DictionaryObject()
    writer.update_container(field)


@pytest.mark.parametrize(
    "change",
    [_new_page_content, _new_annotation, _new_appearance, lambda writer: writer.update_root()],
    ids=["page", "annotation", "appearance", "nothing"],
)
def test_an_update_after_the_signature_is_refused_whatever_it_changes(
    change: Callable[[IncrementalPdfFileWriter], None], signed: bytes, keys: Keys
) -> None:
    updated = _updated(signed, change)
    assert updated != signed
    assert not check(updated, keys).valid
    # and a counter-signature over it does not heal it
    assert not check(sign_field(updated, "PanelLeader", keys.leader, name="王组长"), keys).valid


@pytest.mark.parametrize("junk", [b"\n", b" ", b"\x00", b"%", b"junk after the end", b"\n%%EOF\n"])
def test_nothing_may_stand_after_the_end_or_before_the_beginning(junk: bytes, signed: bytes, keys: Keys) -> None:
    assert not check(signed + junk, keys).valid
    assert not check(junk + signed, keys).valid


def test_a_file_that_was_cut_off_anywhere_is_refused(countersigned: bytes, keys: Keys) -> None:
    ends = [section.end for section in revisions(countersigned)]
    # Cut off at the end of an earlier signature, it is the sheet as it was then: only the manifest's digest can tell.
    assert [check(countersigned[:end], keys).valid for end in ends] == [False, True, True, True]
    assert check(countersigned[: ends[0]], keys).reasons == ("it is not signed",)
    for cut in {0, 1, 100, *range(150, len(countersigned), 4111), len(countersigned) - 1} - set(ends):
        assert not check(countersigned[:cut], keys).valid, cut


def _gap(pdf: bytes) -> tuple[int, int]:
    found = list(re.finditer(rb"/ByteRange \[0 (\d+) (\d+) ", pdf))[-1]
    return int(found[1]), int(found[2])


def test_the_signature_has_one_spelling(signed: bytes, keys: Keys) -> None:
    start, end = _gap(signed)
    value = signature_value(signed, start, end)
    digits = value.hex().encode()
    zeros = end - start - 2 - len(digits)
    for spelling in (
        signed[start:end].upper(),
        b"<" + digits + b"0" * (zeros - 2) + b"01>",
        b"<" + digits + b" " * zeros + b">",
        b"<" + digits + b">" + b" " * zeros,
        b"<" + digits[:-2] + b"0" * (zeros + 2) + b">",
        b"< " + digits + b"0" * (zeros - 1) + b">",
        b"<" + digits + digits[: zeros - zeros % 2][: len(digits)].ljust(zeros, b"0") + b">",
    ):
        assert len(spelling) == end - start
        assert not check(signed[:start] + spelling + signed[end:], keys).valid, spelling[:20]


@pytest.mark.parametrize(
    "value",
    ["", "04", "3080020100", "308180", "30810101", "3082000102", "3009020100", "1f8101", "3003028001", "30030a"],
)
def test_a_signature_value_that_is_not_der_is_refused(value: str) -> None:
    gap = b"<" + value.encode() + b"0000>"
    with pytest.raises(MalformedPaperError):
        signature_value(gap, 0, len(gap))


def test_no_flipped_byte_anywhere_is_accepted(signed: bytes, keys: Keys) -> None:
    start, end = _gap(signed)
    positions = {*range(0, len(signed), 173), *range(start - 3, end + 3, 29), *range(len(signed) - 60, len(signed))}
    for position in sorted(positions):
        flipped = bytearray(signed)
        flipped[position] ^= 0x01 if position % 2 else 0x20
        assert not check(bytes(flipped), keys).valid, position


def test_no_flipped_bit_of_the_signature_itself_is_accepted(signed: bytes, keys: Keys) -> None:
    # The one part of the file that no signature covers, each time in its plain form: names, versions, certificates.
    start, end = _gap(signed)
    value = signature_value(signed, start, end)
    for position in range(0, len(value), 3):
        flipped = bytearray(value)
        flipped[position] ^= 0x20 if position % 2 else 1 << (position // 2 % 8)
        digits = flipped.hex().encode()
        pdf = signed[: start + 1] + digits + signed[start + 1 + len(digits) :]
        assert not check(pdf, keys).valid, position


@pytest.mark.parametrize(
    "junk", [b"", b"%PDF-1.4\n", b"PK\x03\x04", b"%PDF-1.4\nxref\n0 1\nstartxref\n9\n%%EOF\n", b"\x00" * 1000]
)
def test_what_is_no_paper_at_all_is_invalid_without_a_fuss(junk: bytes, keys: Keys) -> None:
    found = check(junk, keys)
    assert (found.valid, found.comparable, found.signers, found.record) == (False, True, (), None)
    assert len(found.reasons) == 1


def test_an_unsigned_sheet_says_so(unsigned: bytes, keys: Keys) -> None:
    assert check(unsigned, keys).reasons == ("it is not signed",)
    assert check(unsigned, keys).record == make_record()


def test_the_sheet_of_another_record_stays_its_own(keys: Keys) -> None:
    other = with_remark(make_record(), "另一条评语")
    found = check(sign(render_score_sheet(other), keys), keys)
    assert (found.valid, found.record) == (True, other)
