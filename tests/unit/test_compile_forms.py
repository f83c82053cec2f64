"""Forms become modules that read and type-check like written code, and drift is noticed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import compile_forms
import pytest

FORM = """<?xml version="1.0" encoding="UTF-8"?>
<ui version="4.0">
 <class>UnlockPage</class>
 <widget class="QWidget" name="UnlockPage">
  <property name="windowTitle"><string>Unlock</string></property>
  <layout class="QVBoxLayout" name="pageLayout">
   <item><widget class="QLabel" name="headingLabel">
    <property name="text"><string>Type the "passphrase"</string></property></widget></item>
   <item><widget class="QTableWidget" name="table">
    <column><property name="text"><string>Expert</string></property></column></widget></item>
   <item><widget class="QPushButton" name="openButton">
    <property name="text"><string notr="true">42</string></property></widget></item>
  </layout>
 </widget>
</ui>
"""


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    folder = tmp_path / "ui"
    folder.mkdir()
    (folder / "unlock_page.ui").write_text(FORM, "utf-8")
    return folder


def run(forms: Path, target: Path, *options: str) -> int:
    return compile_forms.main(["--forms", str(forms), "--target", str(target), *options])


def test_a_form_becomes_an_annotated_module_that_translates_its_texts(forms: Path, tmp_path: Path) -> None:
    target = tmp_path / "forms"

    assert run(forms, target) == 0
    module = (target / "ui_unlock_page.py").read_text("utf-8")

    assert "def setupUi(self, UnlockPage: QWidget) -> None:" in module
    assert "def retranslateUi(self, UnlockPage: QWidget) -> None:" in module
    assert "from qisp_desktop.base.i18n import _" in module
    assert """_('Type the "passphrase"', None)""" in module
    assert "QLinearGradient" not in module, "an import that is not used"
    assert "connectSlotsByName" not in module
    assert (target / "__init__.py").exists()


def test_a_compiled_form_satisfies_the_same_checks_as_written_code(forms: Path, tmp_path: Path) -> None:
    target = tmp_path / "forms"
    run(forms, target)
    module = str(target / "ui_unlock_page.py")
    config = str(compile_forms.ROOT / "pyproject.toml")

    for check in (
        ["mypy", "--config-file", config, "--cache-dir", str(tmp_path / "cache"), "--no-incremental", module],
        ["ruff", "check", "--no-cache", "--config", config, module],
        ["ruff", "format", "--no-cache", "--check", "--config", config, module],
    ):
        done = subprocess.run([sys.executable, "-m", *check], capture_output=True, text=True, cwd=compile_forms.ROOT)
        assert done.returncode == 0, done.stdout + done.stderr


def test_compiling_twice_gives_the_same_and_the_check_agrees(forms: Path, tmp_path: Path) -> None:
    target = tmp_path / "forms"
    run(forms, target)
    first = (target / "ui_unlock_page.py").read_bytes()
    run(forms, target)

    assert (target / "ui_unlock_page.py").read_bytes() == first
    assert run(forms, target, "--check") == 0


def test_the_check_names_what_is_missing_changed_or_orphaned(
    forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "forms"

    assert run(forms, target, "--check") == 1
    assert "ui_unlock_page.py: not compiled" in capsys.readouterr().err

    run(forms, target)
    (target / "ui_unlock_page.py").write_text("# changed by hand\n", "utf-8")
    (target / "ui_gone.py").write_text("", "utf-8")
    assert run(forms, target, "--check") == 1
    complaint = capsys.readouterr().err
    assert "ui_unlock_page.py: differs from its form" in complaint
    assert "ui_gone.py: no form in ui/ belongs to it" in complaint

    run(forms, target)
    assert not (target / "ui_gone.py").exists()


def test_without_any_form_there_is_nothing_to_do(tmp_path: Path) -> None:
    assert run(tmp_path / "no ui", tmp_path / "forms") == 0
    assert run(tmp_path / "no ui", tmp_path / "forms", "--check") == 0
    assert not (tmp_path / "forms").exists()


def test_a_file_that_is_no_form_is_named(forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (forms / "empty.ui").write_text("<ui version='4.0'/>", "utf-8")

    assert run(forms, tmp_path / "forms") == 1
    assert "empty.ui: holds no widget" in capsys.readouterr().err
