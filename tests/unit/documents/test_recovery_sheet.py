"""The recovery sheet names the round and its keys, and holds the passphrase only where that was asked for."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.documents.recovery_sheet import RecoverySheet, render_recovery_sheet

FINGERPRINT = "3b3b" * 16


def sheet(passphrase: str, name: str = "2026年度评价") -> RecoverySheet:
    return RecoverySheet(
        "某市局", name, 2026, "cdc264fd38c1b1bc", "round.qround", FINGERPRINT, date(2026, 7, 1), "li", passphrase
    )


def text_of(pdf: bytes, folder: Path) -> str:
    file = folder / "sheet.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True).stdout


def test_the_sheet_to_write_on_holds_all_but_the_passphrase(tmp_path: Path) -> None:
    text = text_of(render_recovery_sheet(sheet("")), tmp_path)

    assert "cdc264fd38c1b1bc" in text
    assert "3B3B" in text
    assert "手写" in text
    assert text.count("\f") == 1


def test_the_printed_sheet_shows_the_passphrase_as_it_is_typed(tmp_path: Path) -> None:
    text = text_of(render_recovery_sheet(sheet("4821-0937-5526-1204-7788")), tmp_path)

    assert "4821-0937-5526-1204-7788" in text
    assert "手写" not in text


def test_a_name_that_no_font_can_show_is_refused_with_its_place() -> None:
    with pytest.raises(UserError, match="round name"):
        render_recovery_sheet(sheet("", name="2026 \ue123"))
