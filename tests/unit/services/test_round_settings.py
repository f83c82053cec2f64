"""Settings of a round: changed until the result is frozen, and told beforehand what a change does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.domain.policy import Aggregate, policy_from
from qisp_desktop.services import deciding, office, round_settings
from qisp_desktop.services.founding import RoundPlan, found_round
from qisp_desktop.services.round_defaults import proposed_name
from qisp_desktop.services.rubrics import default_rubric
from qisp_desktop.store.round_store import RoundStore
from tests.unit.services.paper_rounds import NUMBERS, make_round

PASSPHRASE = "right and long"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A new round."""
    rubric = default_rubric()
    path = tmp_path / "round.qround"
    found_round(path, RoundPlan(2026, proposed_name(2026), "某市局", rubric, policy_from({}, rubric)), PASSPHRASE)
    return path


def round_in(path: Path) -> object:
    with RoundStore.open(path, actor="test") as store:
        return store.round()


def test_a_round_gets_another_name_and_office_and_the_trail_says_so(path: Path) -> None:
    changed = round_settings.rename(path, name=" 新名称 ", office="某区局")

    assert (changed.name, changed.office) == ("新名称", "某区局")
    assert round_in(path) == changed
    with RoundStore.open(path, actor="test") as store:
        assert store.audit_events()[-1].action == "settings"


@pytest.mark.parametrize(("name", "office"), [("", "某局"), ("名称", " "), ("长" * 201, "某局")])
def test_a_name_that_papers_cannot_carry_is_refused_and_nothing_changes(path: Path, name: str, office: str) -> None:
    before = round_in(path)

    with pytest.raises(UserError):
        round_settings.rename(path, name=name, office=office)

    assert round_in(path) == before


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(path: Path) -> None:
    seen = round_settings.settings_of(path).round
    theirs = round_settings.rename(path, name="同事改的名", office="某市局")

    with pytest.raises(UserError, match="somebody else"):
        round_settings.rename(path, name="我改的名", office="某市局", seen=seen)
    with pytest.raises(UserError, match="somebody else"):
        round_settings.set_policy(path, replace(seen.policy, quorum=2), seen)

    assert round_in(path) == theirs


def test_a_rule_that_cannot_be_carried_out_is_refused(path: Path) -> None:
    policy = policy_from({}, default_rubric())

    with pytest.raises(UserError, match="pass_score"):
        round_settings.set_policy(path, replace(policy, pass_score=Decimal(101)))


def test_the_scoring_standard_can_be_another_one_and_ties_follow_its_groups(path: Path) -> None:
    rubric = default_rubric()
    smaller = replace(rubric, name="较小的标准", groups=rubric.groups[:2])

    with pytest.raises(UserError, match="does not fit"):  # grades from 80 points on, of 55
        round_settings.set_rubric(path, smaller)
    policy = policy_from({"pass_score": "30", "grades": {"A": "50", "B": "40"}}, rubric)
    round_settings.set_policy(path, policy)
    changed = round_settings.set_rubric(path, smaller)

    assert changed.policy.tie_break == ("C", "Q")
    with RoundStore.open(path, actor="test") as store:
        assert store.rubric() == smaller
        assert store.verify_audit(lambda _data, _signature: "") == []


def test_the_scoring_standard_stays_once_a_package_is_out(tmp_path: Path) -> None:
    path = make_round(tmp_path)
    rubric = default_rubric()

    with pytest.raises(UserError, match="can no longer"):
        round_settings.set_rubric(path, replace(rubric, name="另一标准"))
    assert round_settings.settings_of(path).rubric_fixed


def test_what_another_rule_would_change_is_told_before_it_is_taken(tmp_path: Path) -> None:
    path = make_round(tmp_path)
    policy = round_settings.settings_of(path).round.policy

    same = round_settings.policy_effect(path, policy)
    # The first application has the sheets 0, 100, 100 and 100: too few to drop any of them.
    other = round_settings.policy_effect(path, replace(policy, aggregate=Aggregate.TRIMMED, trim_min=4))

    assert (same.applications, same.changed) == (3, ())
    assert (other.finals, other.grades, other.recommendations) == (1, 1, 0)
    assert other.changed == NUMBERS[:1]
    assert round_settings.settings_of(path).round.policy == policy


def test_nothing_can_be_set_any_more_once_the_result_is_frozen(tmp_path: Path) -> None:
    path = make_round(tmp_path)
    deciding.freeze(path, reason="评审会议通过")
    settings = round_settings.settings_of(path)
    assert settings.frozen is not None

    with pytest.raises(UserError, match="frozen by"):
        round_settings.rename(path, name="新", office="新")
    with pytest.raises(UserError, match="frozen by"):
        round_settings.set_policy(path, replace(settings.round.policy, quorum=1))
    with pytest.raises(UserError, match="frozen by"):
        round_settings.set_rubric(path, replace(settings.rubric, name="新"))
    assert round_settings.settings_of(path) == settings


def test_another_passphrase_opens_the_same_keys_and_the_old_one_none(path: Path) -> None:
    with RoundStore.open(path, actor="test") as store:
        before = office.unlock(store, PASSPHRASE)

    office.change_passphrase(path, PASSPHRASE, "another and long")

    with RoundStore.open(path, actor="test") as store:
        after = office.unlock(store, "another and long")
        assert after.identity.recipient == before.identity.recipient == store.round().recipient
        assert after.credentials.certificate == before.credentials.certificate
        with pytest.raises(UserError, match="when this round was made"):
            office.unlock(store, PASSPHRASE)
        assert store.audit_events()[-1].action == "passphrase"


@pytest.mark.parametrize(("old", "new"), [("wrong and long", "another and long"), (PASSPHRASE, "short")])
def test_the_passphrase_stays_when_the_old_one_is_wrong_or_the_new_one_too_short(
    path: Path, old: str, new: str
) -> None:
    with pytest.raises(UserError):
        office.change_passphrase(path, old, new)

    with RoundStore.open(path, actor="test") as store:
        office.unlock(store, PASSPHRASE)
        assert store.audit_events()[-1].action == "keys"
