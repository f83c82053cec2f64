"""A number that the round does not have is said back, with what to do, by whatever takes one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.services.application_fields import remove
from qisp_desktop.services.assigning import change_by_hand, plan_inspection
from qisp_desktop.services.excluding import exclude
from qisp_desktop.services.expert_records import remove_expert
from qisp_desktop.services.replacing import replace_expert
from qisp_desktop.services.screening import screen_round
from qisp_desktop.store.round_store import RoundStore
from tests.unit.services.panel_rounds import APPLICATIONS

NOBODY, NOTHING = "E999", "QISP-2026-999"


@pytest.mark.parametrize(
    ("unknown", "act"),
    [
        (NOBODY, lambda store: exclude(store, NOBODY, APPLICATIONS[0], reason="有往来")),
        (NOTHING, lambda store: exclude(store, "E001", NOTHING, reason="有往来")),
        (NOBODY, lambda store: plan_inspection(store, APPLICATIONS[0], [NOBODY])),
        (NOTHING, lambda store: plan_inspection(store, NOTHING, ["E001"])),
        (NOBODY, lambda store: change_by_hand(store, give=[(NOBODY, APPLICATIONS[0])])),
        (NOTHING, lambda store: change_by_hand(store, give=[("E001", NOTHING)])),
        (NOBODY, lambda store: replace_expert(store, NOBODY, reason="退出")),
        (NOBODY, lambda store: replace_expert(store, "E001", arriving=NOBODY, reason="退出")),
        (NOBODY, lambda store: remove_expert(store, NOBODY)),
        (NOTHING, lambda store: remove(store, NOTHING, reason="重复")),
        (NOTHING, lambda store: screen_round(store, decide=(NOTHING, "accepted"), reason="齐全")),
    ],
)
def test_what_the_round_does_not_have_is_named_with_what_to_do(
    store: RoundStore, unknown: str, act: Callable[[RoundStore], object]
) -> None:
    before = store.audit_head()

    with pytest.raises(UserError) as refused:
        act(store)

    assert unknown in refused.value.what
    assert "Check the" in refused.value.do
    assert store.audit_head() == before
