"""Workbooks as an office would send them, built cell by cell, and the tools to break them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

VALID_CODES = ("12440300676TY39FYU", "91440300W7418E52D0", "52440300MQF28WD2U9")
HEADINGS = (
    "申报编号", "平台名称", "建设主体", "统一社会信用代码", "主体类型", "运营起始日期", "法定代表人", "注册地址",
    "所在区", "联系人", "联系电话", "企业服务人员数", "服务能力", "重点领域", "2024年服务企业数",
    "2025年服务企业数", "审计意见", "严重失信主体", "场所面积(㎡)", "平台简介",
)  # fmt: skip
PROJECT_HEADINGS = ("申报编号", "项目名称", "服务对象", "年度", "服务类别", "合同金额(万元)", "成效与认可")


def good_row(number: str = "QISP-2026-001", **changes: Any) -> dict[str, Any]:
    """A row without a problem, by heading; ``changes`` replace values."""
    row: dict[str, Any] = dict(
        zip(
            HEADINGS,
            (
                number, "无人机质量基础设施一站式服务平台", "深圳市示例无人机研究院", VALID_CODES[0], "事业单位",
                date(2019, 3, 1), "张三", "深圳市南山区示例路1号", "南山区", "李四", "13800000000", 38,
                "计量、标准、检验检测、认证认可、质量管理", "创新型中小企业", 120, 156, "标准无保留意见", "否", 1200.5,
                "面向无人机产业集群。",
            ),
            strict=True,
        )
    )  # fmt: skip
    return row | changes


def good_project(number: str = "QISP-2026-001", /, **changes: Any) -> dict[str, Any]:
    """A project without a problem, by heading."""
    values = (number, "质量提升项目", "示例客户", 2025, "检验检测", 108.37, "列入示范案例")
    return dict(zip(PROJECT_HEADINGS, values, strict=True)) | changes


def write_book(
    path: Path,
    rows: Sequence[Mapping[str, Any]],
    projects: Sequence[Mapping[str, Any]] = (),
    *,
    headings: Sequence[str] = HEADINGS,
    top: Sequence[Sequence[Any]] = (),
    edit: Callable[[Any], None] | None = None,
) -> Path:
    """Write ``rows`` under ``headings``, below the rows of ``top``; ``edit`` may change the open workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "申报信息"
    for values in top:
        sheet.append(list(values))
    sheet.append(list(headings))
    for row in rows:
        sheet.append([row.get(heading) for heading in headings])
    if projects:
        second = book.create_sheet("项目清单")
        second.append(list(PROJECT_HEADINGS))
        for project in projects:
            second.append([project.get(heading) for heading in PROJECT_HEADINGS])
    if edit is not None:
        edit(book)
    book.save(path)
    return path


def changed_parts(
    path: Path, change: Callable[[str, bytes], bytes], *, added: Mapping[str, bytes] | None = None, packed: bool = False
) -> Path:
    """The workbook with every part run through ``change`` and with parts ``added`` or replaced."""
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    held = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(held)) as old, zipfile.ZipFile(path, "w", method) as new:
        parts = {info.filename: change(info.filename, old.read(info)) for info in old.infolist()} | dict(added or {})
        for name, data in parts.items():
            new.writestr(name, data)
    return path


def with_part(path: Path, name: str, data: bytes, *, packed: bool = False) -> Path:
    """The workbook with one part added or replaced."""
    return changed_parts(path, lambda _name, held: held, added={name: data}, packed=packed)
