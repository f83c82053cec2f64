"""What makes a paper an archival one: PDF/A-3u (ISO 19005-3, level U), as far as it is declared and not drawn.

Fonts are embedded with their way back to Unicode and nothing is transparent; what is left is said here: the metadata
in XMP, the colours' meaning (sRGB), the attachments' part in the document, appearances for the empty signature fields,
and how a stream ends. Level A wants a tagged structure, which reportlab cannot write.
"""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from reportlab.pdfbase import pdfdoc

from qisp_desktop.documents import fonts

_CREATED = "2000-01-01T00:00:00+00:00"
"""reportlab's own constant date of papers that must not depend on the clock."""
ATTACHED_ON = "D:20000101000000Z"
"""The same, as the date that an attachment must have (ISO 19005-3, 6.8)."""
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>QISP Desktop</xmp:CreatorTool>
<xmp:CreateDate>{created}</xmp:CreateDate>
<xmp:ModifyDate>{created}</xmp:ModifyDate>
<pdf:Keywords></pdf:Keywords>
<pdf:Producer>QISP Desktop</pdf:Producer>
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>U</pdfaid:conformance>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def declare_archival(document: Any, title: str, author: str, subject: str) -> None:
    """Add to reportlab's ``document``, before it is saved, what PDF/A wants beside the pages."""
    texts = {"title": title, "author": author, "subject": subject}
    shown = {name: escape(fonts.printed(text)) for name, text in texts.items()}
    packet = _XMP.format(created=_CREATED, **shown).encode("utf-8")
    # Packed by nothing: what looks for metadata need not be able to read PDF.
    metadata = pdfdoc.PDFStream(content=packet)
    metadata.dictionary["Type"] = pdfdoc.PDFName("Metadata")
    metadata.dictionary["Subtype"] = pdfdoc.PDFName("XML")
    catalog = document.Catalog
    # Entries that reportlab's catalog does not know are not written.
    catalog.__NoDefault__ = (*catalog.__NoDefault__, "OutputIntents", "AF")
    catalog.Metadata = document.Reference(metadata, "archival:metadata")
    profile = pdfdoc.PDFStream(content=_srgb(), filters=[pdfdoc.PDFZCompress])
    profile.dictionary["N"] = 3
    intent = {
        "Type": pdfdoc.PDFName("OutputIntent"),
        "S": pdfdoc.PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": pdfdoc.PDFString("sRGB"),
        "Info": pdfdoc.PDFString("sRGB IEC61966-2.1"),
        "DestOutputProfile": document.Reference(profile, "archival:srgb"),
    }
    catalog.OutputIntents = pdfdoc.PDFArray([pdfdoc.PDFDictionary(intent)])


def end_streams_on_a_line_of_their_own() -> None:
    """Let reportlab write a line end before each ``endstream``, as ISO 19005-3, 6.1.7.1, wants it; it leaves it out."""
    stream: Any = pdfdoc.PDFStream
    stream.format = _ended_stream


_unended_stream = pdfdoc.PDFStream.format
_END = b"endstream\n"


def _ended_stream(stream: Any, document: Any) -> bytes:
    written: bytes = _unended_stream(stream, document)
    return written.removesuffix(_END) + b"\n" + _END


def empty_appearance(document: Any, width: float, height: float, name: str) -> Any:
    """What an empty field of ``width`` × ``height`` points shows, as its entry ``AP``: nothing."""
    form = pdfdoc.PDFStream(content=b"", filters=[pdfdoc.PDFZCompress])
    form.dictionary["Type"] = pdfdoc.PDFName("XObject")
    form.dictionary["Subtype"] = pdfdoc.PDFName("Form")
    form.dictionary["BBox"] = pdfdoc.PDFArray([0, 0, width, height])
    form.dictionary["Resources"] = pdfdoc.PDFDictionary({})
    return pdfdoc.PDFDictionary({"N": document.Reference(form, f"appearance:{name}")})


@cache
def _srgb() -> bytes:
    """The colour profile that ships: sRGB as Little CMS writes it, with a constant date."""
    return files("qisp_desktop.resources").joinpath("colour", "srgb.icc").read_bytes()
