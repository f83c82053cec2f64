"""The catalogue holds every text, keeps translations over changes, and refuses what would break on a screen."""

from __future__ import annotations

import gettext
import json
import re
from pathlib import Path

import catalogue
import pytest

CODE = """
from qisp_desktop.base.i18n import N_, _, ngettext

LABEL = N_("Screening")
def words(count: int) -> list[str]:
    return [_("Open", None), _("{count} of {total} done"), ngettext("{count} file", "{count} files", count)]
"""
VERBS = '''
import typer

desk = typer.Typer(help="What one does.")
def register(app: typer.Typer) -> None:
    """No verb, no help."""
    app.command("freeze")(freeze)

def freeze(reason: str = typer.Option(help="Why it is final.")) -> None:
    """Freeze the result."""

@desk.command("show")
def show() -> None:
    """Show where it stands."""
'''
CHINESE = {
    "Screening": "形式审查",
    "Open": "打开",
    "{count} of {total} done": "已完成 {count}/{total}",
    "{count} files": "{count} 个文件",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "screen.py").write_text(CODE, "utf-8")
    return tmp_path


def run(folder: Path, *options: str) -> int:
    return catalogue.main(["--sources", str(folder / "app"), "--catalogues", str(folder / "i18n"), *options])


def fill(folder: Path, translations: dict[str, str]) -> int:
    (folder / "fill.json").write_text(json.dumps(translations), "utf-8")
    return run(folder, "--fill", str(folder / "fill.json"))


def test_every_marked_text_is_gathered_and_what_is_missing_can_be_listed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "--missing") == 0

    assert json.loads(capsys.readouterr().out) == dict.fromkeys(CHINESE, "")


def test_a_complete_catalogue_passes_and_gettext_reads_it(folder: Path) -> None:
    fill(folder, CHINESE)

    assert run(folder, "--check") == 0
    with (folder / "i18n/zh_CN/LC_MESSAGES/qisp.mo").open("rb") as stream:
        chinese = gettext.GNUTranslations(stream)
    assert chinese.gettext("Screening") == "形式审查"
    assert chinese.ngettext("{count} file", "{count} files", 1) == "{count} 个文件"


def test_the_files_hold_no_dates_and_are_the_same_each_time(folder: Path) -> None:
    fill(folder, CHINESE)
    files = [folder / "i18n/zh_CN.po", folder / "i18n/zh_CN/LC_MESSAGES/qisp.mo"]
    first = [path.read_bytes() for path in files]
    for path in files:
        path.touch()
    run(folder)

    assert [path.read_bytes() for path in files] == first
    assert not any(re.search(rb"Date|Babel|20\d\d-", content) for content in first)


def test_a_text_that_goes_and_comes_back_keeps_its_translation(folder: Path) -> None:
    fill(folder, CHINESE)
    screen = folder / "app" / "screen.py"
    screen.write_text(CODE.replace("Screening", "Checking"), "utf-8")
    run(folder)
    screen.write_text(CODE, "utf-8")
    run(folder)

    assert run(folder, "--check") == 0


def test_pruning_forgets_texts_that_are_gone(folder: Path) -> None:
    fill(folder, CHINESE)
    (folder / "app" / "screen.py").write_text(CODE.replace('N_("Screening")', "None"), "utf-8")
    run(folder)
    assert "形式审查" in (folder / "i18n/zh_CN.po").read_text("utf-8")
    run(folder, "--prune")

    assert "形式审查" not in (folder / "i18n/zh_CN.po").read_text("utf-8")


@pytest.mark.parametrize(
    ("source", "translation", "complaint"),
    [
        ("{count} of {total} done", "已完成 {count}", "other placeholders"),
        ("{count} files", "{number} 个文件", "other placeholders"),
        ("Open", "打开(&O)", "other mnemonics"),
        ("Open", "打开\\n", "other line ends"),
        ("Open", "请打开,然后重试", "half-width punctuation"),
        ("Open", "", "not translated"),
    ],
)
def test_a_translation_that_would_break_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], source: str, translation: str, complaint: str
) -> None:
    translation = translation.replace("\\n", "\n")
    fill(folder, {**CHINESE, source: translation})

    assert run(folder, "--check") == 1
    assert complaint in capsys.readouterr().err


def test_a_fuzzy_translation_a_new_text_and_a_stale_mo_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(folder, CHINESE)
    po = folder / "i18n/zh_CN.po"
    po.write_text(po.read_text("utf-8").replace('msgid "Open"', '#, fuzzy\nmsgid "Open"'), "utf-8")
    screen = folder / "app" / "screen.py"
    screen.write_text(CODE + '\nNEW = N_("Appraisal")\n', "utf-8")

    assert run(folder, "--check") == 1
    complaint = capsys.readouterr().err
    assert "fuzzy: 'Open'" in complaint
    assert "not in the catalogue: 'Appraisal'" in complaint
    assert "qisp.mo is not compiled" in complaint


def test_the_help_of_the_command_line_is_gathered_from_where_typer_takes_it(folder: Path) -> None:
    (folder / "app" / "verbs.py").write_text(VERBS, "utf-8")
    fill(folder, CHINESE)

    gathered = {message.id for message in catalogue.read(folder / "i18n/zh_CN.po") if message.id}
    assert {"Freeze the result.", "Show where it stands.", "Why it is final.", "What one does."} <= gathered
    assert "No verb, no help." not in gathered


@pytest.mark.parametrize("call", ['_(f"{name} is gone")', '_("{name}".format(name=1))', '_("a" + name)'])
def test_a_text_that_is_put_together_first_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], call: str
) -> None:
    fill(folder, CHINESE)
    (folder / "app" / "screen.py").write_text(CODE + f"\ndef late(name: str) -> str:\n    return {call}\n", "utf-8")

    assert run(folder, "--check") == 1
    assert "app/screen.py:9: _() needs a plain string" in capsys.readouterr().err


def test_a_text_inside_an_f_string_is_refused_for_it_would_not_be_gathered(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(folder, CHINESE)
    (folder / "app" / "screen.py").write_text(CODE + "\nTITLE = f\"1 {_('Open')}\"\n", "utf-8")

    assert run(folder, "--check") == 1
    assert "app/screen.py:8: a text inside an f-string" in capsys.readouterr().err
