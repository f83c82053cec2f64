"""A year's evaluation (评价轮次): what identifies it, and what was frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from qisp_desktop.domain.policy import Policy

EARLIEST_YEAR = 2022
LATEST_YEAR = 2100


@dataclass(frozen=True)
class Round:
    """A year's round.

    ``id`` is random and never reused; ``office`` the bureau as papers name it; ``accepted_on`` the day on which
    screening judged and the 30 days of Art. 14 (2) began, None before. ``authority`` is the round CA's certificate
    (PEM) and ``recipient`` the secretariat's age recipient; the keys to both lie in the round file under a passphrase.
    ``rubric`` is the digest of the scoring standard.
    """

    id: str
    year: int
    name: str
    office: str
    language: str
    policy: Policy
    rubric: str
    authority: str
    recipient: str
    accepted_on: date | None


@dataclass(frozen=True)
class Freeze:
    """What stood when the result was declared final: SHA-256 of policy, inputs and result, and why and by whom."""

    at: datetime
    by: str
    reason: str
    policy: str
    inputs: str
    result: str
