"""A new round, and where a round stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qisp_desktop.base.codec import CodecError
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.issuing import Issue, Return
from qisp_desktop.domain.panel import Assignment, Expert
from qisp_desktop.domain.policy import Policy, policy_from
from qisp_desktop.domain.round import Freeze, Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services.founding import RoundPlan, found_round
from qisp_desktop.services.input_files import read_document
from qisp_desktop.services.opened import RoundAt, reading
from qisp_desktop.services.round_defaults import OFFICE, validity_warning
from qisp_desktop.services.rubrics import default_rubric, read_rubric
from qisp_desktop.store.links import write_link
from qisp_desktop.store.places import RoundPlace


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
    scoring = default_rubric() if rubric is None else read_rubric(rubric)
    return found_round(place, RoundPlan(year, name, OFFICE, scoring, _read_policy(policy, scoring)), passphrase)


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
            len(store.listing(Assignment, "expert")),
            len({issue.expert for issue in issues}),
            len({received.expert for received in store.all(Return)}),
            len(store.listing(ScoreSheet, "digest")),
            bool(store.all(Freeze)),
            validity_warning(value.year),
        )


def copy_round(round_at: RoundAt, place: RoundPlace) -> None:
    """Copy the round with its trail and its materials to ``place``; UserError when something is there already."""
    with reading(round_at) as store:
        store.copy_to(place)


def link_round(place: RoundPlace, path: Path) -> None:
    """Write at ``path`` a link to the round on a server, to be opened as the round; UserError for a round in a file."""
    if isinstance(place, Path):
        raise UserError(
            _("{path} needs no link.").format(path=place),
            _("It is a file already."),
            _("Give the address of a round on a server."),
        )
    with reading(place) as store:
        write_link(path, place, store.files)


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
