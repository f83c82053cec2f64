"""The sample round that ships: invented applications, materials, experts and photos, in any size, always the same.

``qisp demo`` walks through it; trainers and tests use it too. Its base lies in ``resources/sample`` (made by
``build_spec/make_sample.py``); a larger round repeats the base's bodies under new names, numbers and credit codes.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from qisp_desktop.base import atomic
from qisp_desktop.base.codec import decimal_text
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.domain.rubric import Criterion, Rubric

YEAR = 2026
ACCEPTED_ON = date(2026, 7, 1)
MOST_APPLICATIONS = 2000
MOST_EXPERTS = 200

_UNREADY = frozenset({"QISP-2026-005", "QISP-2026-009"})
"""Of the base: without an audit report, and with too few persons; a larger round repeats the others only."""
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = ("文博", "雅琴", "思齐", "明远", "海燕", "国强", "晓彤", "子墨")
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class SampleRound:
    """Where a sample round was put: two workbooks, a folder per application, a folder of site photos."""

    applications_book: Path
    experts_book: Path
    materials: Path
    photos: Path


def sample_round(applications: int, experts: int, folder: Path, work: Work | None = None) -> SampleRound:
    """Put a sample round of that many applications and experts into ``folder``, replacing files of the same names.

    Raises UserError for numbers out of bounds and for trouble with the disk.
    """
    _check("applications", applications, MOST_APPLICATIONS)
    _check("experts", experts, MOST_EXPERTS)
    base = files("qisp_desktop.resources").joinpath("sample")
    placed = SampleRound(folder / "applications.xlsx", folder / "experts.xlsx", folder / "materials", folder / "photos")
    sources = _write_applications(base, applications, placed.applications_book)
    _write_experts(base, experts, placed.experts_book)
    progress = work or Work()
    for done, (number, source) in enumerate(sources.items(), start=1):
        _copy(base.joinpath("materials", source), placed.materials / number)
        progress.report(_("sample materials"), done, len(sources))
    _copy(base.joinpath("photos"), placed.photos)
    return placed


def example_code(prefix: str, seed: str) -> str:
    """A credit code (GB 32100) for an invented body: eight digits ``prefix``, the rest from ``seed``, checks right."""
    from stdnum.cn.uscc import calc_check_digit

    digest = hashlib.sha256(seed.encode()).digest()
    body = "".join(_CODE_ALPHABET[byte % len(_CODE_ALPHABET)] for byte in digest[:8])
    first = prefix + body + _organisation_check(body)
    return first + calc_check_digit(first)


def _organisation_check(body: str) -> str:
    """The check character of an organisation code (GB 11714) for its eight characters."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(int(c, 36) * w for c, w in zip(body, weights, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def _check(what: str, count: int, most: int) -> None:
    if not 1 <= count <= most:
        raise UserError(
            _("{count} is not a number of {what} for a sample round.").format(count=count, what=what),
            "",
            _("Choose 1 to {most}.").format(most=most),
        )


# Workbooks --------------------------------------------------------------------------------------------------------

_Rows = list[tuple[Any, ...]]


def _write_applications(base: Traversable, count: int, path: Path) -> dict[str, str]:
    """Write the book; for each application of it the one of the base whose materials it repeats."""
    sheets = _read_book(base.joinpath("applications.xlsx"))
    (record_head, *records), (project_head, *projects) = sheets["申报信息"], sheets["项目清单"]
    repeated = [row for row in records if row[0] not in _UNREADY]
    sources = {row[0]: row[0] for row in records[:count]}
    rows = records[:count]
    for position, row in enumerate(islice(cycle(repeated), max(0, count - len(records))), start=len(records) + 1):
        number = f"QISP-{YEAR}-{position:03d}"
        sources[number] = row[0]
        rows.append(_repeated(row, number, position))
    own = [(number, *project[1:]) for number, source in sources.items() for project in projects if project[0] == source]
    write_book(path, {"申报信息": [record_head, *rows], "项目清单": [project_head, *own]})
    return sources


def _repeated(row: tuple[Any, ...], number: str, position: int) -> tuple[Any, ...]:
    platform, applicant, code = row[1:4]
    new_code = example_code(code[:8], f"application {position}")
    return (number, f"{platform}（{position}号）", f"{applicant}（{position}号）", new_code, *row[4:])


def _write_experts(base: Traversable, count: int, path: Path) -> None:
    head, *people = _read_book(base.joinpath("experts.xlsx"))["专家名单"]
    rows = people[:count]
    for position in range(len(people) + 1, count + 1):
        name = _SURNAMES[position % len(_SURNAMES)] + _GIVEN[position // len(_SURNAMES) % len(_GIVEN)]
        code = example_code("12440300", f"expert {position}")
        fields = people[position % len(people)][5]
        phone = f"1390000{position:04d}"
        rows.append(
            (f"E{position:03d}", name, f"示例理工大学第{position}研究室", code, "研究员", fields, phone, "成员")
        )
    write_book(path, {"专家名单": [head, *rows]})


def _read_book(source: Traversable) -> dict[str, _Rows]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(source.read_bytes()), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def write_book(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> None:
    """Write ``sheets`` (their first rows are headings) as an office would send them; the same rows, the same bytes."""
    import xlsxwriter

    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": datetime(YEAR, 1, 1)})  # noqa: DTZ001  a workbook's times have no zone
    bold = book.add_format({"bold": True})
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(rows[0]) - 1, 18)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                sheet.write(r, c, value, bold if r == 0 else None)
    book.close()
    atomic.write_bytes(path, data.getvalue())


def _copy(source: Traversable, folder: Path) -> None:
    for file in sorted(source.iterdir(), key=lambda file: file.name):
        atomic.write_bytes(folder / file.name, file.read_bytes())


# Scores -----------------------------------------------------------------------------------------------------------

_RECUSAL = {"ground": "adviser", "reason": "去年曾为该单位提供技术咨询。"}


def sample_scores(
    rubric: Rubric, assigned: Mapping[str, Sequence[str]], seed: int = YEAR
) -> dict[str, dict[str, dict[str, Any]]]:
    """What each expert scores: expert → the document that ``qisp desk score`` takes.

    ``assigned`` names the application numbers of each expert. The scores are plausible and always the same for a
    seed; remarks stand where the rubric asks for them. Among them are one recusal and, where three or more score
    the same application, one total that lies far below the others.
    """
    readers: dict[str, list[str]] = {}
    for expert in sorted(assigned):
        for number in assigned[expert]:
            readers.setdefault(number, []).append(expert)
    by_most_readers = sorted(readers, key=lambda number: (-len(readers[number]), number))
    recused = _pair(readers, by_most_readers[1:2])
    severe = _pair(readers, [number for number in by_most_readers[:1] if len(readers[number]) >= 3])
    return {
        expert: {
            number: {"scores": {}, "remarks": {}, "recuse": dict(_RECUSAL)}
            if (expert, number) == recused
            else _sheet(rubric, expert, number, seed, severe=(expert, number) == severe)
            for number in assigned[expert]
        }
        for expert in assigned
    }


def _pair(readers: Mapping[str, Sequence[str]], numbers: Sequence[str]) -> tuple[str, str] | None:
    return (readers[numbers[0]][-1], numbers[0]) if numbers else None


def _sheet(rubric: Rubric, expert: str, number: str, seed: int, *, severe: bool) -> dict[str, Any]:
    """One sheet: the application's quality, the expert's habit and chance, all in thousandths of the maximum."""
    quality = 660 + _draw(seed, number, 0, 290)
    habit = _draw(seed, expert, -25, 25)
    scores: dict[str, str] = {}
    remarks: dict[str, str] = {}
    for criterion in rubric.criteria:
        share = quality + habit + _draw(seed, f"{expert} {number} {criterion.code}", -90, 90) - 280 * severe
        points = _points(rubric, criterion, share)
        scores[criterion.code] = decimal_text(points)
        level = criterion.level_of(points)
        if rubric.remark_required(criterion, points):
            remarks[criterion.code] = f"评为“{level.name}”：{level.sentence}" if level else "证明材料不足。"
    return {"scores": scores, "remarks": remarks, "recuse": None}


def _points(rubric: Rubric, criterion: Criterion, share: int) -> Decimal:
    steps = int(criterion.maximum / rubric.step)
    taken = (steps * max(0, min(share, 1000)) + 500) // 1000
    return rubric.step * taken


def _draw(seed: int, name: str, lowest: int, highest: int) -> int:
    """A number between the bounds that depends on ``seed`` and ``name`` only, on every machine."""
    digest = hashlib.sha256(f"{seed} {name}".encode()).digest()
    return lowest + int.from_bytes(digest[:8], "big") % (highest - lowest + 1)


def sample_inspection(rubric: Rubric) -> dict[str, Any]:
    """The document that ``qisp desk inspect`` takes, with findings on two of the sample's photos."""
    codes = [item.code for item in rubric.checklist]
    items = {code: {"verdict": "conform", "note": ""} for code in codes}
    findings = [
        {"text": "受理窗口已公示服务目录、收费和时限。", "item": codes[1] if codes[1:] else "", "photo": "IMG_0001.jpg"}
    ]
    if codes[2:]:
        items[codes[2]] = {"verdict": "observation", "note": "1台设备的校准证书将在下月到期。"}
        findings.append({"text": "设备标签与清单一致，1台校准即将到期。", "item": codes[2], "photo": "IMG_0002.jpg"})
    return {
        "date": "2026-07-03",
        "received_by": "示例联系人",
        "items": items,
        "findings": findings,
        "overall": "pass",
    }
