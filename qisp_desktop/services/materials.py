"""Finding the seven materials of each application in a folder as an office sends it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.paths import safe_name
from qisp_desktop.domain.regulation import MaterialKind

LARGEST_FILE = 512 << 20
"""Bytes of one material, at most: each is decrypted whole in memory on the desk."""
MOST_FILES = 100_000
NO_PLACES: Mapping[str, tuple[str, MaterialKind]] = MappingProxyType({})
_PREFIXES = (
    re.compile(r"\s*(?:附件|材料)?\s*\(?\s*([1-7一二三四五六七])\s*[\s._、,:)\-—]"),
    re.compile(r"\s*(?:附件|材料)\s*([1-7一二三四五六七])(?![0-9十])"),
    # "4审计报告" is numbered, "3年审计报告" and "2025审计报告" are not.
    re.compile(r"\s*([1-7])(?![年月日季期次份个项])(?=[\u4e00-\u9fff])"),
)
"""The number that a name begins with, as offices write it."""
_CHINESE_DIGITS = {digit: str(n) for n, digit in enumerate("一二三四五六七", start=1)}
_KEYWORDS: Mapping[MaterialKind, tuple[str, ...]] = {
    MaterialKind.APPLICATION_FORM: ("申请书", "申报书"),
    MaterialKind.REGISTRATION: ("证书副本", "营业执照", "登记证", "注册登记", "法人证书"),
    MaterialKind.RULES: ("管理制度", "程序文件"),
    MaterialKind.AUDIT_REPORT: ("审计报告", "审计"),
    MaterialKind.CAPABILITY: ("服务能力", "能力证明"),
    MaterialKind.PROJECT_LIST: ("项目清单",),
    MaterialKind.DECLARATION: ("真实性声明", "声明", "承诺书"),
}
_IGNORED = {"thumbs.db", "desktop.ini", ".ds_store"}


@dataclass(frozen=True)
class MaterialFile:
    """A file that belongs to an application as one of the seven kinds; ``name`` is the one to show."""

    application: str
    kind: MaterialKind
    name: str
    path: Path
    size: int


@dataclass(frozen=True)
class MaterialsFound:
    """What a folder holds: matched files, files of nobody or of no kind (also pipes and devices), folders of unknown
    applications, files beyond the limit, and links, which are not followed: they could lead out of the folder that the
    clerk chose."""

    matched: tuple[MaterialFile, ...]
    unmatched: tuple[str, ...]
    unknown_folders: tuple[str, ...]
    too_large: tuple[str, ...]
    links: tuple[str, ...] = ()


def find_materials(
    folder: Path, numbers: set[str], by_hand: Mapping[str, tuple[str, MaterialKind]] = NO_PLACES
) -> MaterialsFound:
    """Match the files below ``folder`` (one folder an application, named by its number) to the kinds of Art. 15.

    The kind comes from the number that a name begins with, else from the words in it. Nothing is guessed: a name
    whose number and words disagree, or whose words fit none or several kinds, is left unmatched. ``by_hand`` names
    application and kind of such files, by what stands in ``unmatched``. Raises UserError when the folder is not there.
    """
    if not folder.is_dir():
        raise UserError(
            _("The materials folder {path} is not there.").format(path=folder),
            "",
            _("Check the path, or import without materials first."),
        )
    by_name = {folded_name(number): number for number in numbers}
    matched: list[MaterialFile] = []
    unmatched: list[str] = []
    unknown: list[str] = []
    too_large: list[str] = []
    links: list[str] = []
    for entry in sorted(folder.iterdir()):
        if _ignored(entry):
            continue
        if entry.is_symlink():
            links.append(entry.name)
            continue
        number = by_name.get(folded_name(entry.name)) if entry.is_dir() else None
        if number is None:
            (unknown if entry.is_dir() else unmatched).append(entry.name)
            continue
        for path in _files(entry):
            shown = path.relative_to(folder).as_posix()
            kind = kind_of(path.name)
            if path.is_symlink():
                links.append(shown)
            elif kind is None or not path.is_file():
                unmatched.append(shown)
            elif (size := path.stat().st_size) > LARGEST_FILE:
                too_large.append(shown)
            else:
                matched.append(MaterialFile(number, kind, safe_name(path.name, longest=120), path, size))
    found = MaterialsFound(tuple(matched), tuple(unmatched), tuple(unknown), tuple(too_large), tuple(links))
    return _placed(folder, found, numbers, by_hand)


def material_file(path: Path, application: str, kind: MaterialKind) -> MaterialFile:
    """A file that a person gave to ``application`` as ``kind``; UserError for what is no file or too large."""
    if path.is_symlink() or not path.is_file():
        raise UserError(
            _("{path} is not a file.").format(path=path),
            _("A folder or a link cannot be a material."),
            _("Choose the files themselves."),
        )
    if (size := path.stat().st_size) > LARGEST_FILE:
        raise UserError(
            _("{path} is too large.").format(path=path), _("The file is larger than 512 MB."), _("Split the file.")
        )
    return MaterialFile(application, kind, safe_name(path.name, longest=120), path, size)


def _placed(
    folder: Path, found: MaterialsFound, numbers: set[str], by_hand: Mapping[str, tuple[str, MaterialKind]]
) -> MaterialsFound:
    """``found`` with the unmatched files at the places that a person gave them."""
    placed = [
        material_file(folder / name, *by_hand[name])
        for name in found.unmatched
        if name in by_hand and by_hand[name][0] in numbers
    ]
    if not placed:
        return found
    done = {one.path for one in placed}
    return replace(
        found,
        matched=(*found.matched, *placed),
        unmatched=tuple(name for name in found.unmatched if folder / name not in done),
    )


def kind_of(name: str) -> MaterialKind | None:
    """The kind of Art. 15 that a file name tells, or None."""
    folded = unicodedata.normalize("NFKC", name)
    told = [kind for kind, words in _KEYWORDS.items() if any(word in folded for word in words)]
    if prefix := next(filter(None, (form.match(folded) for form in _PREFIXES)), None):
        numbered = MaterialKind(_CHINESE_DIGITS.get(prefix[1], prefix[1]))
        return numbered if not told or numbered in told else None
    return told[0] if len(told) == 1 else None


def _files(folder: Path) -> Iterator[Path]:
    count = 0
    for path in sorted(folder.rglob("*")):
        if _ignored(path) or (path.is_dir() and not path.is_symlink()):
            continue
        count += 1
        if count > MOST_FILES:
            raise UserError(
                _("{path} holds more than {count} files.").format(path=folder, count=MOST_FILES),
                "",
                _("Choose the folder that holds the applications' materials only."),
            )
        yield path


def _ignored(path: Path) -> bool:
    return path.name.casefold() in _IGNORED or path.name.startswith((".", "~$"))


def folded_name(name: str) -> str:
    """A folder's name or an application's number, folded so that two spellings of one number are equal."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
