"""Whether a scanned or photographed page says what the round holds.

The code ties the page to the data: what it says is compared with the signed record. What is printed beside the code is
for people's eyes; only the signed file can be compared letter by letter.
"""

from __future__ import annotations

from pathlib import Path

from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.errors import os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.documents.paper import CODE_MARK, RecordCode
from qisp_desktop.documents.qr_code import SheetCode
from qisp_desktop.documents.scanning import UnreadableImageError, read_codes
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services.evaluation_reports import evaluation_reports
from qisp_desktop.services.opened import RoundAt, reading
from qisp_desktop.services.paper_data import gather
from qisp_desktop.services.remark_order import known_remark_order
from qisp_desktop.services.results import compute, read_round
from qisp_desktop.services.verifying import Checked
from qisp_desktop.store.round_store import RoundStore

LARGEST_IMAGE = 200 << 20


def verify_images(images: list[Path], round_at: RoundAt) -> list[Checked]:
    """Each image with whether its code matches the round's signed record; never raises for what an image holds."""
    with reading(round_at) as store:
        return [_verify(path, store) for path in images]


def _verify(path: Path, store: RoundStore) -> Checked:
    try:
        texts = read_codes(_read(path))
    except UnreadableImageError as error:
        return Checked(path, "scan", False, (str(error),), ())
    except OSError as error:
        return Checked(path, "scan", False, (os_reason(error),), ())
    ours = [text for text in texts if SheetCode.looks_like(text) or text.startswith(CODE_MARK)]
    if not ours:
        return Checked(path, "scan", False, (_("no code of a paper can be read on it"),), ())
    if len(ours) > 1:
        return Checked(path, "scan", False, (_("it shows the codes of several papers; scan one page at a time"),), ())
    problem, names = _compare(ours[0], store)
    return Checked(path, "scan", not problem, (problem,) if problem else (), names)


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(LARGEST_IMAGE + 1)
    if len(data) > LARGEST_IMAGE:
        raise UnreadableImageError(_("it is larger than any scan"))
    return data


def _compare(text: str, store: RoundStore) -> tuple[str, tuple[str, ...]]:
    """Why the code does not match the round (empty when it does), and whose paper it says it is."""
    if SheetCode.looks_like(text):
        code = SheetCode.parse(text)
        if code is None:
            return _("its code is damaged"), ()
        return _sheet_problem(code, store), (code.expert,)
    record = RecordCode.parse(text)
    return (_("its code is damaged") if record is None else _record_problem(record, store)), ()


def _sheet_problem(code: SheetCode, store: RoundStore) -> str:
    if code.round != store.round().id:
        return _("it belongs to another round")
    held = store.all(ScoreSheet, expert=code.expert, application=code.application)
    same = next((sheet for sheet in held if sheet.digest == code.digest), None)
    if same is None:
        return _not_held(code, held)
    if (decimal_text(same.total), same.revision) != (code.total, code.revision):
        return _("its code says revision {revision} and total {total}, the signed record {held} and {points}").format(
            revision=code.revision, total=code.total, held=same.revision, points=decimal_text(same.total)
        )
    counts = {sheet.identity: sheet for sheet in compute(read_round(store)).valid}.get(same.identity)
    if counts is None:
        return _("it matches a signed sheet that does not count in the round")
    if counts.digest != same.digest:
        return _("it matches revision {revision}, but revision {newer} counts").format(
            revision=same.revision, newer=counts.revision
        )
    return ""


def _not_held(code: SheetCode, held: list[ScoreSheet]) -> str:
    rivals = [sheet for sheet in held if sheet.revision == code.revision]
    if not rivals:
        return _("the round holds no sheet of {expert} for {number} with revision {revision}").format(
            expert=code.expert, number=code.application, revision=code.revision
        )
    return _("the round holds another content of this revision: total {total} instead of {said}").format(
        total=decimal_text(rivals[0].total), said=code.total
    )


def _record_problem(code: RecordCode, store: RoundStore) -> str:
    if code.round != store.round().id:
        return _("it belongs to another round")
    order = known_remark_order(store)
    if code.kind != "report" or order is None:
        return _("only score sheets and evaluation reports are compared with the round")
    report = next((one for one in evaluation_reports(gather(store), order) if one.number == code.subject), None)
    if report is None:
        return _("the round has no report on {number}").format(number=code.subject)
    if report.digest != code.digest:
        return _("the round has changed since this report was made, or it was never made from it")
    return ""
