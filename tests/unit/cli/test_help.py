"""The help of the command line speaks the person's language, verb by verb and option by option."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from qisp_desktop.base.i18n import using
from qisp_desktop.cli.app import app, main
from qisp_desktop.cli.help_texts import translated

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def helps(command: Any, name: str = "qisp") -> Iterator[tuple[str, str]]:
    """Every help text under ``command``, with the words that lead to it."""
    yield name, command.help
    for parameter in command.params:
        if parameter.help:
            yield f"{name} {parameter.name}", parameter.help
    for verb, below in getattr(command, "commands", {}).items():
        yield from helps(below, f"{name} {verb}")


def test_every_verb_and_every_option_is_explained_in_chinese() -> None:
    with using("zh_CN"):
        found = dict(helps(translated(get_command(app))))

    assert len(found) > 50
    assert [where for where, text in found.items() if not CHINESE.search(text or "")] == []


def test_in_english_the_help_is_what_stands_in_the_code() -> None:
    with using("en"):
        found = dict(helps(translated(get_command(app))))

    assert found == dict(helps(get_command(app)))
    assert [where for where, text in found.items() if not text or CHINESE.search(text)] == []


def test_the_printed_help_of_a_verb_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with using("zh_CN"):
        assert main(["desk", "open", "--help"]) == 0

    shown = capsys.readouterr().out
    assert "由评审包建立工作区" in shown
    assert "专家的工作区文件夹" in shown
    assert "用法：qisp desk open" in shown
    assert "[必填]" in shown
    for word in ("Usage", "Arguments", "Options", "Commands", "required", "Show this"):
        assert word not in shown


@pytest.mark.parametrize(
    ("arguments", "words", "english"),
    [
        (["results"], "缺少 ROUND", "ROUND is missing"),
        (["no-such-verb"], "没有命令 no-such-verb", "There is no verb no-such-verb"),
        (["results", "a.qround", "--nope"], "没有选项 --nope", "There is no option --nope"),
        (["results", "a.qround", "b"], "多余的参数：b", "More than the verb takes: b"),
        (["assign", "a.qround"], "缺少选项 --per-application", "The option --per-application is missing"),
        (["round", "new", "a.qround", "--year", "soon", "--name", "x"], "--year：应为整数", "a whole number"),
        (["screen", "a.qround", "--accepted-on", "2026-13-40"], "2026-13-40 不是", "2026-13-40 is no date"),
        (["template", "poster", "a.xlsx"], "poster 不在", "poster is none of"),
    ],
)
def test_a_wrong_call_is_told_in_the_persons_language(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str, english: str
) -> None:
    with using("zh_CN"):
        assert main(arguments) == 2
    shown = re.sub(r"[\s│]+", " ", capsys.readouterr().err)
    assert words in shown
    for word in ("Usage", "Error", "Missing", "Invalid", "Try "):
        assert word not in shown
    with using("en"):
        assert main(arguments) == 2
    shown = re.sub(r"[\s│]+", " ", capsys.readouterr().err)
    assert english in shown
    assert CHINESE.search(shown) is None
