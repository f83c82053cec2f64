"""Papers as archives want them: the clauses of PDF/A-3u (ISO 19005-3) that a file of ours could break.

No validator of part 3 can be had from a registry; PDFBox Preflight (part 1) finds nothing in these files beyond what
part 3 allows and part 1 does not: attachments, a colour profile of version 4, and the declared part itself.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest

from qisp_desktop.documents.signing import sign_field
from tests.unit.documents.paper_samples import Kind, kinds, make_report
from tests.unit.documents.samples import Keys

KINDS = {kind.name: kind for kind in kinds()}
SIGNED = ("signed sheet", "countersigned sheet", "signed report")
INFO = {"Title": "dc:title", "Subject": "dc:description", "Creator": "xmp:CreatorTool", "Producer": "pdf:Producer"}
PRINTED = 4
HIDDEN = 1 | 2 | 32


@pytest.fixture(params=[*KINDS, "unsigned sheet", *SIGNED])
def paper(request: pytest.FixtureRequest, unsigned: bytes, signed: bytes, countersigned: bytes, keys: Keys) -> bytes:
    """Each paper as it leaves the program, signed and not."""
    kind: Kind | None = KINDS.get(request.param)
    if kind is not None:
        return kind.render()
    if request.param == "signed report":
        return sign_field(KINDS["report"].render(), "PanelLeader", keys.leader, name="王组长")
    return {"unsigned sheet": unsigned, "signed sheet": signed, "countersigned sheet": countersigned}[request.param]


def objects(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream of the file, also those inside others."""
    waiting: list[Any] = [*pdf.objects, pdf.trailer]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += [part for part in one if not getattr(part, "is_indirect", False)]
        elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            yield one
            waiting += [one[key] for key in one.keys() if not getattr(one[key], "is_indirect", False)]  # noqa: SIM118


def test_streams_have_the_length_they_say_and_end_on_a_line_of_their_own(paper: bytes) -> None:  # 6.1.7.1
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        streams = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
        assert streams
        for one in streams:
            assert b"stream\n" + one.read_raw_bytes() + b"\nendstream" in paper
        assert not any("/F" in one or "/FFilter" in one for one in streams)


def test_nothing_is_packed_locked_or_run_in_a_way_that_archives_refuse(paper: bytes) -> None:  # 6.1.3, 6.1.7, 6.6.1
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert "/Encrypt" not in pdf.trailer
        assert len(pdf.trailer.ID) == 2
        assert not {"/AA", "/OpenAction", "/Requirements"} & set(pdf.Root.keys())
        for one in objects(pdf):
            assert not {"/JS", "/JavaScript", "/AA", "/XFA", "/OPI", "/PS"} & set(one.keys())
            assert one.get("/S") not in (pikepdf.Name.Launch, pikepdf.Name.JavaScript)
            assert "LZW" not in str(one.get("/Filter"))


def test_colours_have_a_meaning_and_nothing_is_transparent(paper: bytes) -> None:  # 6.2.3, 6.2.4.3, 6.2.10
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == pikepdf.Name.GTS_PDFA1
        assert intent.DestOutputProfile.N == 3
        profile = intent.DestOutputProfile.read_bytes()
        assert profile[36:40] == b"acsp"
        assert (profile[16:20], profile[8]) == (b"RGB ", 4)
        for one in objects(pdf):
            assert "/SMask" not in one
            assert one.get("/BM", pikepdf.Name.Normal) == pikepdf.Name.Normal
            assert "DeviceCMYK" not in str(one.get("/ColorSpace"))
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") in (None, pikepdf.Name.Form):
                assert not re.search(rb"\s(k|K|ri|sh)\s", one.read_bytes()) or "/Length1" in one or "/N" in one


def test_every_font_is_embedded_and_leads_back_to_unicode(paper: bytes) -> None:  # 6.2.11.4, 6.2.11.7
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        fonts = [one for one in objects(pdf) if one.get("/Type") == pikepdf.Name.Font]
        assert fonts
        for font in fonts:
            assert font.Subtype == pikepdf.Name.TrueType
            assert font.FontDescriptor.FontFile2.read_bytes()
            assert font.ToUnicode.read_bytes()


def test_the_metadata_are_plain_and_say_what_the_properties_say(paper: bytes) -> None:  # 6.6.2, 6.6.4
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert "/Filter" not in pdf.Root.Metadata
        assert pdf.Root.Metadata.Subtype == pikepdf.Name.XML
        assert pdf.Root.Lang == "zh-CN"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "3U"
            for key, name in INFO.items():
                assert metadata[name] == str(pdf.docinfo[f"/{key}"])
            assert metadata["dc:creator"] == [str(pdf.docinfo.Author)]
            assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2000-01-01T00:00:00+00:00"


def test_every_field_shows_something_and_is_printed(paper: bytes) -> None:  # 6.3.2, 6.3.3, 6.4.1
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert "/NeedAppearances" not in pdf.Root.get("/AcroForm", {})
        for page in pdf.pages:
            for annotation in page.get("/Annots", ()):
                assert set(annotation.AP.keys()) == {"/N"}
                assert isinstance(annotation.AP.N, pikepdf.Stream)
                assert int(annotation.F) & (PRINTED | HIDDEN) == PRINTED


def test_attachments_say_what_they_are_and_belong_to_the_paper(paper: bytes) -> None:  # 6.8
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        specs = [one for one in objects(pdf) if one.get("/Type") == pikepdf.Name.Filespec]
        assert {spec.objgen for spec in specs} == {spec.objgen for spec in pdf.Root.get("/AF", ())}
        for spec in specs:
            assert spec.F == spec.UF
            assert spec.AFRelationship == pikepdf.Name.Data
            assert spec.EF.F.Subtype == "/application/json"
            assert str(spec.EF.F.Params.ModDate).startswith("D:2000")
            assert int(spec.EF.F.Params.Size) == len(spec.EF.F.read_bytes())


def test_the_report_and_the_sheet_carry_their_record(unsigned: bytes) -> None:
    assert make_report().canonical_bytes
    for pdf in (unsigned, KINDS["report"].render()):
        with pikepdf.open(io.BytesIO(pdf)) as paper:
            assert len(paper.attachments) == 1
