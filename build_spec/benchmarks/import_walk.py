"""What a clerk does with a large workbook in the import: the steps of ``bench_smooth`` through the wizard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import xlsxwriter
from PySide6.QtCore import QModelIndex

from qisp_desktop.gui.secretariat.applications.view import ApplicationsView
from qisp_desktop.gui.secretariat.import_wizard.presenter import COLUMNS, MATERIALS, PREVIEW
from qisp_desktop.gui.secretariat.import_wizard.wizard import ImportWizard

ROWS, WRONG_EVERY, FOLDERS = 2000, 40, 200
SHEET = "申报信息"
HEADINGS = (
    "申报编号", "平台名称", "建设主体", "统一社会信用代码", "主体类型", "运营起始日期", "法定代表人", "注册地址",
    "所在区", "联系人", "联系电话", "企业服务人员数", "服务能力", "重点领域", "2024年服务企业数",
    "2025年服务企业数", "审计意见", "严重失信主体", "场所面积(㎡)", "平台简介",
)  # fmt: skip
ROW = (
    "无人机质量基础设施一站式服务平台", "深圳市示例无人机研究院", "12440300676TY39FYU", "事业单位", date(2019, 3, 1),
    "林知远", "深圳市南山区示例路1号", "南山区", "何晓岚", "13800000000", 38,
    "计量、标准、检验检测、认证认可、质量管理", "创新型中小企业", 120, 156, "标准无保留意见", "否", 1200.5,
    "面向无人机产业集群。",
)  # fmt: skip
STAFF = HEADINGS.index("企业服务人员数")
Step = tuple[str, Callable[[], object]]


def write_import(folder: Path) -> tuple[Path, Path]:
    """A workbook of new applications, some with a number of persons that is none, and a folder of materials."""
    path, materials = folder / "申报.xlsx", folder / "材料"
    numbers = [f"NEW-2026-{n:04d}" for n in range(1, ROWS + 1)]
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(SHEET)
    sheet.write_row(0, 0, HEADINGS)
    for place, number in enumerate(numbers, start=1):
        sheet.write_row(place, 0, (number, *ROW))
        if place % WRONG_EVERY == 0:
            sheet.write(place, STAFF, "约二十")
    book.close()
    for number in numbers[:FOLDERS]:
        (materials / number).mkdir(parents=True)
        (materials / number / "1_申请书.pdf").write_bytes(b"%PDF-1.4")
        (materials / number / "扫描件.pdf").write_bytes(b"%PDF-1.4")
    return path, materials


def import_steps(view: ApplicationsView, book: Path, materials: Path) -> Iterator[Step]:
    """The steps, each to be taken when the one before it is over."""
    yield "import: begin", view.begin_import
    wizard = view.wizard
    if wizard is None:
        raise RuntimeError("the import did not begin")
    presenter, page = wizard.presenter, wizard.preview
    yield "import: choose the workbook", partial(presenter.choose, book)
    yield "import: mend a cell", lambda: page.model.setData(_cell(wizard, 5), "41")
    yield "import: mend a wrong cell", lambda: page.model.setData(_cell(wizard, WRONG_EVERY), "20")
    yield "import: undo", presenter.undo
    yield "import: redo", presenter.redo
    yield "import: next problem", page.next_problem
    yield "import: leave a row out", page.leave_rows_out
    yield "import: only rows with problems", partial(page.rows.picked.emit, "wrong")
    yield "import: all rows", partial(page.rows.picked.emit, "all")
    yield "import: columns", partial(presenter.go_to, COLUMNS)
    yield "import: a column is not read", partial(presenter.set_column, "applications", STAFF + 2, "")
    yield "import: undo the column", presenter.undo
    yield "import: look through again", partial(presenter.go_to, PREVIEW)
    yield "import: choose the folder", partial(presenter.choose_folder, materials)
    yield "import: materials", partial(presenter.go_to, MATERIALS)
    yield "import: give up", presenter.leave


def _cell(wizard: ImportWizard, row: int) -> QModelIndex:
    return wizard.preview.model.index(row, STAFF)
