"""Experts, what keeps them from an application, and who reads what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from qisp_desktop.domain.application import normalise_organisation
from qisp_desktop.domain.desk_records import Exclusion
from qisp_desktop.domain.regulation import RecusalGround, ServiceCategory, Term

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}")
"""An expert's id (专家编号), such as ``E007``."""


class Role(Term):
    """A seat on the panel (专家组)."""

    LEADER = "leader", "组长", "panel leader"
    MEMBER = "member", "成员", "member"


@dataclass(frozen=True)
class Expert:
    """A member of the panel; ``uscc`` is the code of the organisation (may be empty)."""

    id: str
    name: str
    organisation: str
    uscc: str
    title: str
    fields: tuple[ServiceCategory, ...]
    phone: str
    role: Role


class ConflictGround(Term):
    """Why an expert cannot be given an application (利益关系)."""

    SAME_USCC = "same_uscc", "统一社会信用代码相同", "same credit code"
    SAME_ORGANISATION = (
        "same_organisation",
        "工作单位与建设主体相同",
        "same organisation",
    )
    DECLARED = "declared", "本人申明回避", "declared by the expert"
    EXCLUDED = "excluded", "秘书处排除", "excluded by the office"


@dataclass(frozen=True)
class Conflict:
    """An interest known before assignment."""

    expert: str
    application: str
    ground: ConflictGround


class AssignedBy(Term):
    """How an assignment came about."""

    AUTO = "auto", "自动分配", "assigned automatically"
    HAND = "hand", "人工指定", "assigned by hand"


@dataclass(frozen=True)
class Assignment:
    """An expert reads and scores an application (分配)."""

    expert: str
    application: str
    by: AssignedBy


@dataclass(frozen=True)
class Recusal:
    """An expert's own declaration of an interest (回避): final once signed; voids the expert's sheet."""

    expert: str
    application: str
    ground: RecusalGround
    reason: str


@dataclass(frozen=True)
class Declaration:
    """An expert's word, before reading an application, that no interest is known; ``at`` informs only."""

    application: str
    at: datetime


class Applying(Protocol):
    """What of an application shows an interest: its number, its applicant, the applicant's credit code."""

    @property
    def number(self) -> str: ...
    @property
    def applicant(self) -> str: ...
    @property
    def uscc(self) -> str: ...


def conflict_of(expert: Expert, application: Applying) -> ConflictGround | None:
    """The interest that the records alone show, or None."""
    if expert.uscc and expert.uscc == application.uscc:
        return ConflictGround.SAME_USCC
    own = normalise_organisation(expert.organisation)
    if own and own == normalise_organisation(application.applicant):
        return ConflictGround.SAME_ORGANISATION
    return None


def conflicts(
    experts: Iterable[Expert],
    applications: Iterable[Applying],
    recusals: Iterable[Recusal] = (),
    exclusions: Iterable[Exclusion] = (),
) -> list[Conflict]:
    """All known conflicts: from the records, then those that experts declared, then those that the office saw; ordered
    by application and expert."""
    found = {
        (application.number, expert.id): ground
        for application in applications
        for expert in experts
        if (ground := conflict_of(expert, application))
    }
    for recusal in recusals:
        found.setdefault((recusal.application, recusal.expert), ConflictGround.DECLARED)
    for exclusion in exclusions:
        found.setdefault((exclusion.application, exclusion.expert), ConflictGround.EXCLUDED)
    return [Conflict(expert, number, ground) for (number, expert), ground in sorted(found.items())]
