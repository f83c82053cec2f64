"""The language of the person: followed from the system, chosen, or set for one paper only."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from qisp_desktop.base.errors import Cancelled, UserError, os_reason
from qisp_desktop.base.i18n import N_, _, language, ngettext, set_language, system_language, using
from qisp_desktop.base.work import Work


@pytest.fixture(autouse=True)
def follow_the_system() -> Iterator[None]:
    set_language(None)
    yield
    set_language(None)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "ZH_TW"}, "zh_CN"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_ALL": "C", "QISP_LANGUAGE": "zh_CN"}, "zh_CN"),
        ({"LANGUAGE": "zh_CN:en", "LANG": "C"}, "zh_CN"),
        ({}, "en"),
    ],
)
def test_chinese_is_the_default_where_the_system_is_chinese(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    for name in ("QISP_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert system_language() == language() == expected


def test_a_chosen_language_stands_over_the_system_and_a_papers_over_both() -> None:
    set_language("zh_CN")
    assert language() == "zh_CN"
    with using("en"):
        assert language() == "en"
        with using("zh_CN"):
            assert language() == "zh_CN"
        assert language() == "en"
    assert language() == "zh_CN"


def test_the_language_of_a_paper_is_that_of_its_thread_only() -> None:
    seen: list[str] = []
    with using("zh_CN"):
        thread = threading.Thread(target=lambda: seen.append(language()))
        thread.start()
        thread.join()
    assert seen == ["en"]


def test_an_unknown_language_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="unknown language"):
        set_language("fr")


def test_english_is_the_source_and_nothing_is_the_header_of_the_catalogue() -> None:
    assert (_("No such text."), _("No such text.", "Form"), _(""), N_("marked")) == (
        "No such text.",
        "No such text.",
        "",
        "marked",
    )
    with using("zh_CN"):
        assert _("") == ""
        assert _("No such text.") == "No such text."
    assert [ngettext("{n} page", "{n} pages", n) for n in (1, 2)] == ["{n} page", "{n} pages"]


def test_an_error_for_the_person_reads_as_one_sentence_after_the_other() -> None:
    assert str(UserError("It failed.", "", "Try again.")) == "It failed. Try again."
    assert str(UserError("失败。", "原因不明 (code 5)", "请重试。")) == "失败。原因不明 (code 5) 请重试。"
    assert UserError("It failed.").args == ("It failed.", "", "")


def test_why_the_system_refused_is_said_in_the_language_of_the_person(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as absent:
        (tmp_path / "absent").read_bytes()
    with using("zh_CN"):
        assert os_reason(absent.value) == "没有该文件或文件夹。"
    assert os_reason(absent.value) == "There is no such file or folder."
    assert os_reason(OSError(errno.EXDEV, "Invalid cross-device link")) == "Invalid cross-device link"
    assert os_reason(OSError("the reader is gone")) == "the reader is gone"


def test_work_stops_at_the_next_step_after_it_was_cancelled() -> None:
    shown: list[tuple[str, int, int]] = []

    class Shown(Work):
        def show(self, what: str, done: int, total: int) -> None:
            shown.append((what, done, total))

    work = Shown()
    work.report("pages", 1, 2)
    work.cancel()
    with pytest.raises(Cancelled):
        work.report("pages", 2, 2)
    assert shown == [("pages", 1, 2)]
