"""What a round holds of its experts' returns, and how a returned sheet is judged beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cryptography import x509

from qisp_desktop.base import canonical
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.inspection import InspectionPlan, SiteInspection
from qisp_desktop.domain.issuing import Return
from qisp_desktop.domain.merging import Received, Resolution, verdict
from qisp_desktop.domain.panel import Assignment, Expert, Recusal
from qisp_desktop.domain.round import Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.exchange.certificates import authority_from_pem
from qisp_desktop.services.roster import Roster
from qisp_desktop.store.round_store import RoundStore

Identity = tuple[str, str]
"""Expert and application."""


@dataclass
class Held:
    """What the round holds, brought up to date while files are taken, so that they are judged one after another."""

    round: Round
    authority: x509.Certificate
    rubric: Rubric
    roster: Roster
    experts: frozenset[str]
    assigned: frozenset[Identity]
    planned: frozenset[Identity]
    recusals: dict[Identity, Recusal]
    resolutions: dict[tuple[str, str, int], Resolution]
    sheets: dict[Identity, dict[str, int]] = field(default_factory=dict)
    """Digests with their revisions."""
    inspections: dict[Identity, dict[str, int]] = field(default_factory=dict)
    returns: dict[str, Return] = field(default_factory=dict)
    """By the SHA-256 of the whole file."""
    manifests: set[str] = field(default_factory=set)

    def judge(self, identity: Identity, revision: int, digest: str) -> Received:
        """The verdict on a sheet of an assigned expert beside what is held."""
        if identity in self.recusals:
            return Received.RECUSED
        held = self.sheets.get(identity, {})
        # Only of several contents one can have been chosen.
        return verdict(revision, digest, held, self._decided(identity, held) if len(held) > 1 else "")

    def rivals(self, identity: Identity, judged: Received) -> str:
        """The contents among which a clerk decides where ``judged`` is a conflict, as ``qisp resolve`` takes them."""
        if judged is not Received.CONFLICT:
            return ""
        held = self.sheets[identity]
        newest = max(held.values())
        return _("contents: {digests}").format(
            digests=_(", ").join(sorted(digest[:12] for digest, revision in held.items() if revision == newest))
        )

    def _decided(self, identity: Identity, held: dict[str, int]) -> str:
        """The digest that a clerk chose among all contents of the newest revision; empty while one is undecided."""
        newest = max(held.values(), default=0)
        resolution = self.resolutions.get((*identity, newest))
        rivals = {digest for digest, revision in held.items() if revision == newest}
        return resolution.digest if resolution and rivals <= set(resolution.among) else ""


def digest_held(held: dict[str, int], record: dict[str, Any]) -> str:
    """The digest of a merged file's record among those held of its identity; empty when it is not among them.

    Of a merged file a record may have been left out (it was not assigned then), and another content be held now.
    """
    own = sha256(canonical.write(record))
    return own if held.get(own) == record["revision"] else ""


def read_held(store: RoundStore) -> Held:
    """What the open round holds."""
    value = store.round()
    held = Held(
        value,
        authority_from_pem(value.authority.encode("ascii")),
        store.rubric(),
        Roster(store),
        frozenset(expert.id for expert in store.all(Expert)),
        frozenset((str(e), str(n)) for e, n in store.listing(Assignment, "expert", "application")),
        frozenset((expert, plan.application) for plan in store.all(InspectionPlan) for expert in plan.experts),
        {(one.expert, one.application): one for one in store.all(Recusal)},
        {(one.expert, one.application, one.revision): one for one in store.all(Resolution)},
    )
    columns = ("expert", "application", "revision", "digest")
    for kind, contents in ((ScoreSheet, held.sheets), (SiteInspection, held.inspections)):
        for expert, application, revision, digest in store.listing(kind, *columns):
            contents.setdefault((str(expert), str(application)), {})[str(digest)] = int(revision)
    for received in store.all(Return):
        held.returns[received.file] = received
        held.manifests.add(received.manifest)
    return held
