"""The record of a site visit on the expert's desk, with its photos sealed in the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from qisp_desktop.base.codec import CodecError, decode
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.texts import clean_text
from qisp_desktop.domain.inspection import (
    DrawnSignature,
    Finding,
    ItemVerdict,
    Overall,
    Photo,
    SiteInspection,
    Verdict,
    inspection_problem,
)
from qisp_desktop.domain.inspection_draft import InspectionDraft
from qisp_desktop.domain.issuing import SignedReturn
from qisp_desktop.domain.panel import Recusal
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.services.desk import Desk
from qisp_desktop.services.photos import photos_in, read_photo
from qisp_desktop.store.workspace_store import WorkspaceChange

_REQUIRED = {"date", "received_by", "items", "overall"}
_OPTIONAL = {"findings", "signatures"}


def inspect(desk: Desk, number: str, document: object, photos: Path | None = None) -> SiteInspection:
    """Record the visit that ``document`` (the form of INSPECTION.json) describes, with the photos in the folder.

    Every photo in the folder is kept, its digest and the camera's own time with it, and the place where it was taken
    only where the round asks for it. Changing a record that was returned already raises its revision. Raises UserError,
    and changes nothing, when something is wrong.
    """
    _require_open(desk, number)
    positions = desk.records.photo_positions
    paths = photos_in(photos) if photos is not None else []
    taken = [(path, read_photo(path, positions=positions)[0]) for path in paths]
    held = desk.inspection(number)
    try:
        record = _record(desk, number, document, tuple(photo for _path, photo in taken))
    except (ValueError, CodecError) as error:
        raise _refusal(str(error)) from error
    record = revised(desk, record)
    if problem := inspection_problem(record, desk.rubric):
        raise _refusal(problem)
    for path, photo in taken:
        _keep_photo(desk, path, photo)
    with desk.store.change() as change:
        put_record(change, record, held)
    return record


def put_record(change: WorkspaceChange, record: SiteInspection, held: SiteInspection | None) -> None:
    """Keep ``record`` as what ``revised`` made of it, in place of ``held`` and of what was being written."""
    if held is not None and held.revision == record.revision and held.digest != record.digest:
        change.remove(SiteInspection, held.digest)
    change.remove(InspectionDraft, record.application)
    change.put(record)


def _require_open(desk: Desk, number: str) -> None:
    desk.application(number)
    if desk.store.get(Recusal, number) is not None:
        raise UserError(_("You stepped back from {number}; nothing can be recorded for it.").format(number=number))


def _refusal(why: str) -> UserError:
    return UserError(_("The inspection was not taken."), why, _("Correct it and try again; nothing was changed."))


def revised(desk: Desk, record: SiteInspection) -> SiteInspection:
    """``record`` with the revision under which it can be kept: what was returned already is never replaced."""
    held = desk.inspection(record.application)
    if held is None:
        return record
    same = replace(record, revision=held.revision, previous=held.previous)
    returned = {digest for made in desk.store.all(SignedReturn) for digest in made.inspections}
    restored = {inspection.digest for inspection in desk.records.site_inspections}
    if same.digest == held.digest or held.digest not in returned | restored:
        return same
    return replace(record, revision=held.revision + 1, previous=held.digest)


def _record(desk: Desk, number: str, document: object, photos: tuple[Photo, ...]) -> SiteInspection:
    """The record that ``document`` writes; raises ValueError with the place."""
    if not isinstance(document, dict):
        raise ValueError(_("expected an object"))
    if missing := sorted(_REQUIRED - set(document)):
        raise ValueError(_("{key} is missing").format(key=missing[0]))
    if unknown := sorted(set(document) - _REQUIRED - _OPTIONAL):
        raise ValueError(_("unknown key {key}").format(key=unknown[0]))
    return SiteInspection(
        desk.manifest.round,
        desk.manifest.expert,
        number,
        1,
        "",
        decode(date, document["date"]),
        _text(document["received_by"], "received_by"),
        _items(desk.rubric, document["items"]),
        tuple(_finding(one, n) for n, one in enumerate(_list(document.get("findings", []), "findings"))),
        photos,
        decode(Overall, document["overall"]),
        tuple(decode(DrawnSignature, one) for one in _list(document.get("signatures", []), "signatures")),
    )


def _items(rubric: Rubric, items: object) -> tuple[ItemVerdict, ...]:
    if not isinstance(items, dict):
        raise ValueError(_("items: expected an object"))
    codes = [item.code for item in rubric.checklist]
    if unknown := sorted(set(items) - set(codes)):
        raise ValueError(_("items: no such item {code}").format(code=unknown[0]))
    if missing := [code for code in codes if code not in items]:
        raise ValueError(_("items: no verdict on {codes}").format(codes=", ".join(missing)))
    return tuple(_item(code, items[code]) for code in codes)


def _item(code: str, entry: Any) -> ItemVerdict:
    if not isinstance(entry, dict) or not {"verdict"} <= set(entry) <= {"verdict", "note"}:
        raise ValueError(_("items.{code}: expected verdict and note").format(code=code))
    try:
        verdict = decode(Verdict, entry["verdict"])
    except CodecError as error:
        raise ValueError(f"items.{code}.verdict: {error}") from error
    return ItemVerdict(code, verdict, _text(entry.get("note", ""), f"items.{code}.note"))


def _finding(entry: object, n: int) -> Finding:
    place = f"findings[{n}]"
    if not isinstance(entry, dict) or not {"text"} <= set(entry) <= {"text", "item", "photo", "at"}:
        raise ValueError(_("{place}: expected text, item, photo and at").format(place=place))
    optional: Mapping[str, str] = {
        key: _text(entry.get(key) or "", f"{place}.{key}") for key in ("text", "item", "photo")
    }
    at = entry.get("at")
    return Finding(optional["text"], optional["item"], optional["photo"], None if at is None else decode(datetime, at))


def _list(value: object, place: str) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(_("{place}: expected a list").format(place=place))
    return value


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or len(value) > 100_000:
        raise ValueError(_("{place}: expected text").format(place=place))
    return clean_text(value)


def _keep_photo(desk: Desk, path: Path, photo: Photo) -> None:
    """Seal a photo in the workspace; it is read a second time, so that a folder of them need not fit into memory."""
    _again, data = read_photo(path, positions=desk.records.photo_positions)
    if desk.store.add_blob(data) != photo.sha256:
        raise UserError(_("{path} changed while it was read.").format(path=path), "", _("Try again."))
