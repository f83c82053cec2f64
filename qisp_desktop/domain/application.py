"""An applicant's request in a round, as its record and materials say it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache

from qisp_desktop.domain.regulation import (
    BodyKind,
    KeyArea,
    MaterialKind,
    ServiceCategory,
)

NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
"""An application's number (申报编号): ASCII letters, digits, ``-`` and ``_``, such as ``QISP-2026-001``."""


@dataclass(frozen=True)
class Project:
    """A project of the last three years (Art. 15 (6)); ``amount`` in 10,000 yuan; ``recognition`` may be empty."""

    name: str
    client: str
    year: int
    category: ServiceCategory | None
    amount: Decimal | None
    recognition: str


@dataclass(frozen=True)
class Material:
    """A submitted file (申请材料): its kind (Art. 15), file name, SHA-256 and size in bytes."""

    kind: MaterialKind
    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class ServedEnterprises:
    """How many enterprises were served in a year (Art. 13 (7))."""

    year: int
    count: int


@dataclass(frozen=True)
class Application:
    """A request (申报) of an applicant (建设主体) for its platform (服务平台).

    ``staff`` are the persons serving enterprises; ``dishonest`` is None when the record does not say; ``premises`` is
    the area in square metres. ``served`` is in the order of years, ``materials`` in the order of kinds and names.
    """

    number: str
    platform: str
    summary: str
    applicant: str
    uscc: str
    body_kind: BodyKind
    started_on: date
    legal_representative: str
    address: str
    district: str
    contact: str
    phone: str
    staff: int
    categories: tuple[ServiceCategory, ...]
    key_areas: tuple[KeyArea, ...]
    served: tuple[ServedEnterprises, ...]
    audit_opinion: str
    dishonest: bool | None
    premises: Decimal | None
    projects: tuple[Project, ...]
    materials: tuple[Material, ...]

    @cached_property
    def material_kinds(self) -> frozenset[MaterialKind]:
        """The kinds of Art. 15 that are present."""
        return frozenset(material.kind for material in self.materials)

    @property
    def missing_materials(self) -> tuple[MaterialKind, ...]:
        """The kinds of Art. 15 that are missing, in their order."""
        return tuple(kind for kind in MaterialKind if kind not in self.material_kinds)


@lru_cache(maxsize=4096)  # each applicant is compared with every expert
def normalise_organisation(name: str) -> str:
    """``name`` folded so that two spellings of one organisation are equal: width, case, blanks, punctuation.

    What stands in brackets stays, because it tells branches apart. Characters that Python does not know yet stay too:
    rare ones of names.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    # Composed once more: what was dropped may have kept a letter and its accent apart.
    return unicodedata.normalize("NFKC", "".join(c for c in folded if not _is_ornament(c)))


def _is_ornament(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "PZ" or category in ("Cc", "Cf")
