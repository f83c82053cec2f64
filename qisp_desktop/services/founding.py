"""Founding a round: what a clerk decides before there is one, and the round with its keys that comes of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.texts import clean_text
from qisp_desktop.domain.policy import Policy, policy_problem
from qisp_desktop.domain.round import EARLIEST_YEAR, LATEST_YEAR, Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.round_defaults import DOCUMENT_LANGUAGE
from qisp_desktop.store.places import RoundPlace
from qisp_desktop.store.round_store import RoundStore

LONGEST_TEXT = 200
"""Characters of a round's name and of its office, at most: papers set them on one or two lines."""


@dataclass(frozen=True)
class RoundPlan:
    """What a new round is to be. ``name`` and ``office`` stand on every paper."""

    year: int
    name: str
    office: str
    rubric: Rubric
    policy: Policy


def found_round(place: RoundPlace, plan: RoundPlan, passphrase: str) -> Round:
    """Make the round at ``place`` as planned, with fresh keys under the secretariat's ``passphrase``.

    Takes about half a second. Raises UserError for a place where something is already, a plan or a passphrase that
    cannot be used; then nothing is made.
    """
    from qisp_desktop.services.office import new_keys

    plan = checked(plan)
    if isinstance(place, Path) and place.exists():
        raise UserError(
            _("{path} is there already.").format(path=place),
            _("A round is never overwritten."),
            _("Choose another name."),
        )
    round_id = secrets.token_hex(8)
    keys = new_keys(round_id, plan.year, passphrase)
    value = Round(
        round_id,
        plan.year,
        plan.name,
        plan.office,
        DOCUMENT_LANGUAGE,
        plan.policy,
        plan.rubric.digest,
        keys.authority_pem,
        keys.recipient,
        None,
    )
    with RoundStore.create(place, value, plan.rubric, actor=current_actor()) as store, store.change("keys") as change:
        for secret, data in keys.secrets.items():
            change.put_secret(secret, data)
    return value


def checked(plan: RoundPlan) -> RoundPlan:
    """``plan`` with its texts cleaned; raises UserError for a year, a text or a rule that cannot be."""
    check_year(plan.year)
    if problem := policy_problem(plan.policy, plan.rubric):
        raise UserError(_("The rule of the round cannot be carried out."), problem, _("Correct the rule."))
    return RoundPlan(plan.year, round_name(plan.name), office_name(plan.office), plan.rubric, plan.policy)


def check_year(year: int) -> None:
    """Raise UserError for a year in which the measures cannot have been in force."""
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise UserError(
            _("{year} is not a year of the measures.").format(year=year),
            _("They are in force since 15 June 2022."),
            _("Give a year from {first} to {last}.").format(first=EARLIEST_YEAR, last=LATEST_YEAR),
        )


def round_name(given: str) -> str:
    """A round's name as it is kept; raises UserError when it is empty or too long."""
    return _text(given, _("The round has no name."), _("Give the name that its papers are to carry."))


def office_name(given: str) -> str:
    """The office's name as it is kept; raises UserError when it is empty or too long."""
    return _text(given, _("The office has no name."), _("Give the office's full name; it heads every paper."))


def _text(given: str, nothing: str, advice: str) -> str:
    # One line: it stands in titles, headers and lists.
    text = " ".join(clean_text(given).splitlines())
    if not text:
        raise UserError(nothing, "", advice)
    if len(text) > LONGEST_TEXT:
        raise UserError(
            _("The name is too long."),
            _("It has {count} characters; papers have room for {most}.").format(count=len(text), most=LONGEST_TEXT),
            _("Shorten it."),
        )
    return text
