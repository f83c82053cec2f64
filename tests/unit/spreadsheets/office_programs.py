"""LibreOffice as a stranger would run it: what it makes of a workbook when it recalculates everything."""

from __future__ import annotations

import io
import re
import subprocess
import warnings
import zipfile
from pathlib import Path
from typing import Any

import openpyxl


def recalculated(path: Path, folder: Path) -> Any:
    """The workbook as LibreOffice calculates it, opened with values.

    All stored results are taken out first, so that no value can come from us.
    """
    bare = folder / f"bare-{path.name}"
    held = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(held)) as old, zipfile.ZipFile(bare, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename.startswith("xl/worksheets/"):
                data = re.sub(rb"</f><v>[^<]*</v>", b"</f>", data)
            new.writestr(info.filename, data)
    out = folder / "recalculated"
    _convert(bare, "xlsx:Calc MS Excel 2007 XML", out, folder)
    with warnings.catch_warnings():
        # LibreOffice adds extensions of its own that openpyxl does not know.
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(out / bare.name, data_only=True)


def printed(path: Path, folder: Path) -> list[str]:
    """The text of each page of the workbook as LibreOffice prints it."""
    _convert(path, "pdf", folder, folder)
    told = subprocess.run(
        ["pdftotext", "-layout", str(folder / f"{path.stem}.pdf"), "-"], check=True, capture_output=True, timeout=60
    )
    return told.stdout.decode("utf-8").split("\f")[:-1]


def _convert(path: Path, form: str, out: Path, folder: Path) -> None:
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", form, "--outdir", str(out), str(path),
        ],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip


def formulas_and_values(path: Path) -> dict[tuple[str, str], tuple[str, object]]:
    """Every formula of the workbook with the result that we stored."""
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): (str(cell.value), values[sheet.title][cell.coordinate].value)
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
