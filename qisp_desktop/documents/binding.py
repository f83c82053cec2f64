"""Several papers in one file: what a printer gets, and what is kept as one document with bookmarks.

Signatures and form fields become part of the page: they are seen and printed as in the single file, but only that one
can still be checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pikepdf

from qisp_desktop.base import atomic
from qisp_desktop.base.errors import UserError

VOLUME = 40
"""Papers that are joined in memory."""


class Leaves(NamedTuple):
    """The pages of a paper that are wanted, counted from 0 in their order."""

    pdf: bytes
    pages: Sequence[int]


class Chapter(NamedTuple):
    """A paper in a bound file, under the bookmark ``title`` below that of ``part`` (may be empty)."""

    part: str
    title: str
    pdf: bytes


def page_count(pdf: bytes) -> int:
    """How many pages ``pdf`` has; ValueError for a file that is no PDF."""
    with _opened(pdf) as paper:
        return len(paper.pages)


def bound_for_printing(papers: Iterable[Leaves], *, from_front: bool) -> bytes:
    """The wanted pages one after the other; with ``from_front`` a blank page fills up each paper with an odd number,
    so that on a duplex printer every paper begins on the front of a sheet."""
    with ExitStack() as stack, pikepdf.new() as bound:
        for paper in papers:
            source = stack.enter_context(_opened(paper.pdf))
            _flatten(source)
            for page in paper.pages:
                bound.pages.append(source.pages[page])
            if from_front and len(paper.pages) % 2:
                _add_blank_like_last(bound)
        output = BytesIO()
        bound.save(output, deterministic_id=True)
        return output.getvalue()


def bind(path: Path, title: str, chapters: Iterable[Chapter], scratch: Path) -> int:
    """Write ``chapters`` as one PDF with a bookmark for each into ``path``; returns the number of its pages.

    Of the contents a few dozen papers are in memory at a time: they are first joined into files in ``scratch``, a
    folder that is the caller's to remove. Only the skeletons of all pages, 0.14 MB each, are there at the end. Raises
    UserError when the disk refuses one of the files; ``path`` is then as it was.
    """
    volumes: list[Path] = []
    marks: list[tuple[str, str, int]] = []
    pages = 0
    for volume in _volumes(chapters):
        volumes.append(scratch / f"{len(volumes):05d}.pdf")
        with _told_of(path):
            counts = _bind_volume(volumes[-1], volume)
        for chapter, count in zip(volume, counts, strict=True):
            marks.append((chapter.part, chapter.title, pages))
            pages += count
    with _told_of(path), ExitStack() as stack, pikepdf.new() as bound:
        for one in volumes:
            bound.pages.extend(stack.enter_context(pikepdf.open(one)).pages)
        _add_bookmarks(bound, marks)
        _describe(bound, title)
        with atomic.replacing(path) as stream:
            bound.save(stream, deterministic_id=True)
    return pages


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """Say of ``path``, which the person has chosen, what the disk refuses of the pieces beside it."""
    try:
        yield
    except OSError as error:
        raise atomic.disk_error(path, error) from error
    except UserError as error:
        if isinstance(error.__cause__, OSError):
            raise atomic.disk_error(path, error.__cause__) from error.__cause__
        raise


def _volumes(chapters: Iterable[Chapter]) -> Iterator[list[Chapter]]:
    volume: list[Chapter] = []
    for chapter in chapters:
        volume.append(chapter)
        if len(volume) == VOLUME:
            yield volume
            volume = []
    if volume:
        yield volume


def _bind_volume(path: Path, chapters: Sequence[Chapter]) -> list[int]:
    """Join ``chapters`` in ``path``; the pages of each."""
    counts = []
    with ExitStack() as stack, pikepdf.new() as bound:
        for chapter in chapters:
            source = stack.enter_context(_opened(chapter.pdf))
            _flatten(source)
            bound.pages.extend(source.pages)
            counts.append(len(source.pages))
        with atomic.replacing(path, mode=0o600) as stream:
            bound.save(stream)
    return counts


def _add_bookmarks(bound: pikepdf.Pdf, marks: Iterable[tuple[str, str, int]]) -> None:
    parts: dict[str, pikepdf.OutlineItem] = {}
    with bound.open_outline() as outline:
        for part, title, page in marks:
            item = pikepdf.OutlineItem(title, page)
            if part and part not in parts:
                parts[part] = pikepdf.OutlineItem(part, page)
                outline.root.append(parts[part])
            (parts[part].children if part else outline.root).append(item)


def _flatten(paper: pikepdf.Pdf) -> None:
    """Make what fields and signatures show a part of the page, and take the fields away: also those still empty."""
    paper.flatten_annotations("all")
    for page in paper.pages:
        if "/Annots" in page:
            left = [one for one in page.Annots if one.get("/Subtype") != pikepdf.Name.Widget]
            page.Annots = pikepdf.Array(left)
    if "/AcroForm" in paper.Root:
        del paper.Root.AcroForm


def _describe(bound: pikepdf.Pdf, title: str) -> None:
    bound.docinfo["/Title"] = title
    bound.Root.Lang = pikepdf.String("zh-CN")
    bound.Root.PageMode = pikepdf.Name.UseOutlines
    bound.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)


def _add_blank_like_last(bound: pikepdf.Pdf) -> None:
    left, bottom, right, top = (float(side) for side in bound.pages[-1].mediabox)
    bound.add_blank_page(page_size=(right - left, top - bottom))


@contextmanager
def _opened(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    try:
        paper = pikepdf.open(BytesIO(pdf))
    except pikepdf.PdfError as error:
        raise ValueError("not a PDF") from error
    with paper:
        yield paper
