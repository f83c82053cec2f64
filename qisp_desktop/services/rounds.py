"""A new round, and where a round stands."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qisp_desktop.base.codec import CodecError
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.texts import clean_text
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.issuing import Issue, Return
from qisp_desktop.domain.panel import Assignment, Expert
from qisp_desktop.domain.policy import Policy, policy_from
from qisp_desktop.domain.regulation import out_of_force
from qisp_desktop.domain.round import EARLIEST_YEAR, LATEST_YEAR, Freeze, Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.input_files import read_document
from qisp_desktop.services.opened import RoundAt, reading
from qisp_desktop.services.rubrics import default_rubric, read_rubric
from qisp_desktop.store.places import RoundPlace
from qisp_desktop.store.round_store import RoundStore

OFFICE = "深圳市市场监督管理局"
DOCUMENT_LANGUAGE = "zh_CN"


@dataclass(frozen=True)
class RoundOverview:
    """Where a round stands, in numbers; ``warning`` is empty unless the measures are not in force in its year."""

    round: Round
    rubric_name: str
    applications: int
    materials: int
    experts: int
    assignments: int
    issued: int
    returned: int
    sheets: int
    frozen: bool
    warning: str


def new_round(
    place: RoundPlace,
    *,
    year: int,
    name: str,
    passphrase: str,
    rubric: Path | None = None,
    policy: Path | None = None,
) -> Round:
    """Create the round at ``place`` with fresh keys under the clerk's ``passphrase``.

    Raises UserError for a place where something is, a year or name out of bounds, a rubric or policy that cannot be
    carried out; then nothing is created.
    """
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise UserError(
            _("{year} is not a year of the measures.").format(year=year),
            _("They are in force since 15 June 2022."),
            _("Give a year from {first} to {last}.").format(first=EARLIEST_YEAR, last=LATEST_YEAR),
        )
    name = clean_text(name)
    if not name:
        raise UserError(_("The round has no name."), "", _("Give the name that its papers are to carry."))
    scoring = default_rubric() if rubric is None else read_rubric(rubric)
    rule = _read_policy(policy, scoring)
    from qisp_desktop.services.office import new_keys

    round_id = secrets.token_hex(8)
    if isinstance(place, Path) and place.exists():
        raise UserError(_("{path} exists already.").format(path=place), "", _("Choose another name for the new round."))
    keys = new_keys(round_id, year, passphrase)
    value = Round(
        round_id,
        year,
        name,
        OFFICE,
        DOCUMENT_LANGUAGE,
        rule,
        scoring.digest,
        keys.authority_pem,
        keys.recipient,
        None,
    )
    with RoundStore.create(place, value, scoring, actor=current_actor()) as store, store.change("keys") as change:
        for secret, data in keys.secrets.items():
            change.put_secret(secret, data)
    return value


def overview(round_at: RoundAt) -> RoundOverview:
    """Where the round stands."""
    with reading(round_at) as store:
        value = store.round()
        applications = store.all(Application)
        issues = store.all(Issue)
        return RoundOverview(
            value,
            store.rubric().name,
            len(applications),
            sum(len(application.materials) for application in applications),
            len(store.all(Expert)),
            len(store.all(Assignment)),
            len({issue.expert for issue in issues}),
            len({received.expert for received in store.all(Return)}),
            len(store.all(ScoreSheet)),
            bool(store.all(Freeze)),
            validity_warning(value.year),
        )


def copy_round(round_at: RoundAt, place: RoundPlace) -> None:
    """Copy the round with its trail and its materials to ``place``; UserError when something is there already."""
    with reading(round_at) as store:
        store.copy_to(place)


def validity_warning(year: int) -> str:
    """A warning for a round whose year runs past the validity of the measures (Art. 21); empty otherwise."""
    if out_of_force(date(year, 12, 31)) and year >= 2027:
        return _("The measures are valid until 14 June 2027 (Art. 21); this round is dated {year}.").format(year=year)
    return ""


def returns_by_expert(store: RoundStore) -> Counter[str]:
    """How many returns are held of each expert."""
    return Counter(received.expert for received in store.all(Return))


def _read_policy(path: Path | None, rubric: Rubric) -> Policy:
    if path is None:
        return policy_from({}, rubric)
    try:
        return policy_from(read_document(path), rubric)
    except CodecError as error:
        raise UserError(
            _("The policy {path} cannot be used.").format(path=path),
            str(error),
            _("Correct the file; every key may also be left out."),
        ) from error
