"""Which issue of an expert is in force, and whose certificate must have signed."""

from __future__ import annotations

from cryptography import x509

from qisp_desktop.domain.issuing import Issue
from qisp_desktop.domain.panel import Expert, Role
from qisp_desktop.store.round_store import RoundStore


class Roster:
    """The issues of a round, by expert and by id."""

    def __init__(self, store: RoundStore) -> None:
        self._by_id: dict[str, Issue] = {}
        self._current: dict[str, Issue] = {}
        for issue in sorted(store.all(Issue), key=lambda issue: issue.number):
            self._by_id[issue.id] = issue
            self._current[issue.expert] = issue

    def issue(self, issue_id: str) -> Issue | None:
        """The issue of that id, voided or not."""
        return self._by_id.get(issue_id)

    def current(self, expert: str) -> Issue | None:
        """The issue of ``expert`` that is in force."""
        return self._current.get(expert)

    def is_voided(self, issue: Issue) -> bool:
        """Whether a later issue took the place of ``issue``."""
        return self._current[issue.expert] != issue


def certificate_of(issue: Issue) -> x509.Certificate:
    """The certificate that signatures under ``issue`` must come from."""
    return x509.load_pem_x509_certificate(issue.certificate.encode("ascii"))


def leaders_certificates(store: RoundStore) -> set[x509.Certificate]:
    """The certificates with which the panel's leaders sign, of every issue that was ever made to them."""
    leaders = {expert.id for expert in store.all(Expert) if expert.role is Role.LEADER}
    return {certificate_of(issue) for issue in store.all(Issue) if issue.expert in leaders}
