"""What is very much goes piece by piece."""

from __future__ import annotations

import sys

from qisp_desktop.base.bulk import collector_is_paused, collector_paused, let_go


def test_lists_and_tables_are_emptied_and_their_values_are_nobodys_any_more() -> None:
    value = object()
    before = sys.getrefcount(value)
    values, table = [value] * 1001, dict.fromkeys(range(1001), value)
    let_go(values)
    let_go(table)
    assert values == []
    assert table == {}
    assert sys.getrefcount(value) == before


def test_the_collector_waits_as_long_as_anybody_makes_objects_in_bulk() -> None:
    with collector_paused():
        with collector_paused():
            assert collector_is_paused()
        assert collector_is_paused()
    assert not collector_is_paused()
