"""Whoever reads the audit trail reads it in their language; the trail itself stays as it was written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from qisp_desktop.base.i18n import using
from qisp_desktop.services.audit_words import ACTIONS, KINDS, action_name, subject_name
from qisp_desktop.store.aggregates import ROUND_AGGREGATES
from qisp_desktop.store.audit import SEAL_ACTION
from qisp_desktop.store.change import kept_subject, secret_subject


def actions_in_the_code() -> Iterator[str]:
    """Every action that some use case writes into the trail."""
    for path in Path(str(files("qisp_desktop.services"))).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="change" | "note"), args=[ast.Constant(value=str(action)), *_]):
                    yield action


def test_every_action_that_is_written_has_a_name() -> None:
    written = set(actions_in_the_code())

    assert {"issue", "collect", "import"} <= written
    assert written - set(ACTIONS) == set()
    assert SEAL_ACTION in ACTIONS


def test_every_kind_of_record_has_a_name() -> None:
    kinds = {aggregate.table for aggregate in ROUND_AGGREGATES}
    kinds |= {subject.partition(":")[0] for subject in (kept_subject("0" * 64), secret_subject("office"))}

    assert kinds - set(KINDS) == set()


def test_the_trail_is_read_in_chinese_and_what_is_unknown_stays_as_written() -> None:
    with using("zh_CN"):
        assert action_name("issue") == "分发评审包"
        assert subject_name("application:QISP-2026-001") == "申报：QISP-2026-001"
        assert subject_name("moon:1") == "moon:1"
        assert subject_name("申报 2026.xlsx") == "申报 2026.xlsx"
    with using("en"):
        assert action_name("collect") == "collect returns"
        assert action_name("land") == "land"
