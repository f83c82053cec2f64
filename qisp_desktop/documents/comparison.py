"""Whether a signed paper is the fresh rendering of its record: every object that a reader could reach, compared.

Raw bytes may differ, because builds of zlib differ; what the bytes decode to may not. All pages, fonts, forms,
annotations, names and the attachment are reached from the document's root, so that nothing shown can be added, removed
or changed unseen. Only what a signature itself brings is let through.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from typing import Any

import pikepdf

_BY_SIGNING = frozenset({"/Perms", "/Version", "/Extensions"})
"""What the first signature adds to the catalog."""
_FILLED = frozenset({"/V", "/AP"})
"""What a signature adds to its own field."""
_ENCODING = frozenset({"/Length", "/Filter", "/DecodeParms"})
_Pair = tuple[Any, Any, str]


def difference(
    fresh: pikepdf.Pdf, paper: pikepdf.Pdf, signed: Collection[str], *, passing_over: Collection[str] = ()
) -> str:
    """The first place where ``paper`` differs from ``fresh``; empty if it does not.

    It is a path such as ``Root/Pages/Kids[1]/Contents``. The fields named in ``signed`` may be filled. Of the fonts
    whose PostScript names are in ``passing_over`` only the use is compared, not what they look like.
    """
    open_pairs: list[_Pair] = [(fresh.Root, paper.Root, "Root"), (fresh.trailer.Info, paper.trailer.Info, "Info")]
    seen: set[tuple[Any, Any]] = set()
    while open_pairs:
        expected, found, path = open_pairs.pop()
        indirect = getattr(expected, "is_indirect", False)
        if indirect != getattr(found, "is_indirect", False):
            return path
        if indirect:
            key = (expected.objgen, found.objgen)
            if key in seen:
                continue
            seen.add(key)
        if _font_name(expected) in passing_over:
            continue
        children = _children(expected, found, path, signed)
        if children is None:
            return path
        open_pairs.extend(children)
    return ""


def _children(expected: Any, found: Any, path: str, signed: Collection[str]) -> list[_Pair] | None:
    """What is left to compare below two objects that are alike in themselves; None when they differ."""
    if type(expected) is not type(found):
        return None
    if not isinstance(expected, pikepdf.Object):
        return [] if expected == found else None
    if expected._type_code != found._type_code:
        return None
    if isinstance(expected, pikepdf.Array):
        if len(expected) != len(found):
            return None
        return [(one, found[place], f"{path}[{place}]") for place, one in enumerate(_items(expected))]
    if isinstance(expected, pikepdf.Stream):
        return _entries(expected, found, path, _ENCODING) if _same_stream(expected, found) else None
    if isinstance(expected, pikepdf.Dictionary):
        return _entries(expected, found, path, _may_differ(expected, signed))
    return [] if bytes(expected) == bytes(found) else None


def _font_name(value: Any) -> str | None:
    """The PostScript name of a font, without the subset's tag; None for anything else."""
    if not isinstance(value, pikepdf.Dictionary) or value.get("/Type") != pikepdf.Name.Font:
        return None
    return str(value.BaseFont).rpartition("+")[2]


def fallback_fonts(fresh: pikepdf.Pdf, bundled: Collection[str]) -> set[str]:
    """The PostScript names of the fonts that ``fresh`` shows besides the ``bundled`` ones."""
    names = {_font_name(font) for page in fresh.pages for font in dict(page.Resources.Font).values()}
    return {name for name in names if name is not None} - set(bundled)


def _items(array: Any) -> Iterator[Any]:
    return (array[place] for place in range(len(array)))


def _may_differ(expected: Any, signed: Collection[str]) -> frozenset[str]:
    if expected.get("/Type") == pikepdf.Name.Catalog:
        return _BY_SIGNING
    if expected.get("/FT") == pikepdf.Name.Sig and str(expected.T) in signed:
        return _FILLED
    return frozenset()


def _entries(expected: Any, found: Any, path: str, free: frozenset[str]) -> list[_Pair] | None:
    keys = set(expected.keys()) - free
    if keys != set(found.keys()) - free:
        return None
    return [(expected[key], found[key], path + key) for key in sorted(keys)]


def _same_stream(expected: Any, found: Any) -> bool:
    content: bytes = expected.read_bytes()
    return inflated(found, len(content)) == content


def inflated(stream: Any, most: int) -> bytes | None:
    """The content of a stream that is packed as papers are, or not at all; None if longer than ``most`` or packed
    otherwise."""
    filters = stream.get("/Filter")
    if filters is None:
        plain: bytes = stream.read_raw_bytes()
        return plain if len(plain) <= most else None
    if isinstance(filters, pikepdf.Array) and len(filters) == 1:
        filters = filters[0]
    if filters != pikepdf.Name.FlateDecode or "/DecodeParms" in stream:
        return None
    raw = stream.read_raw_bytes()
    if not raw:
        return b""  # as qpdf packs nothing
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(raw, most + 1)
    except zlib.error:
        return None
    # reportlab ends the data with a line feed that belongs to the stream but not to the packed data.
    complete = unpacker.eof and unpacker.unused_data in (b"", b"\n", b"\r\n")
    return content if complete and len(content) <= most else None
