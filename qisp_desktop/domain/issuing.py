"""What was handed out to whom, and what came back, as the round keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from qisp_desktop.base.codec import SPARED


@dataclass(frozen=True)
class Issue:
    """One issuing (分发) of a package to an expert; a later one voids the earlier.

    ``id`` is ``E007-2`` for the second issue; ``recipient`` the expert's age recipient; ``certificate`` the PEM that
    the expert's signatures must come from; ``manifest`` the SHA-256 of the signed manifest. ``scored`` and ``visited``
    are the applications that the package held to score and to inspect, ``at`` when it was made, and ``reason`` why it
    took the place of an earlier one; issues of older programs do not say any of these.
    """

    expert: str
    number: int
    id: str
    recipient: str
    certificate: str
    manifest: str
    scored: tuple[str, ...] = field(default=(), metadata=SPARED)
    visited: tuple[str, ...] = field(default=(), metadata=SPARED)
    at: datetime | None = field(default=None, metadata=SPARED)
    reason: str = field(default="", metadata=SPARED)


@dataclass(frozen=True)
class OwnCertificate:
    """A certificate that an expert brought (PEM), entered by a clerk before issuing."""

    expert: str
    certificate: str


@dataclass(frozen=True)
class Return:
    """A returned file that was merged: digests of the signed manifest, of its signature and of the whole file."""

    expert: str
    number: int
    issue: str
    manifest: str
    signature: str
    file: str
    name: str


@dataclass(frozen=True)
class SignedReturn:
    """A return that the expert's desk has made: its number, its file's name and SHA-256, its manifest's SHA-256.

    ``content`` is the SHA-256 of what it says without the number, so that making it again without a change shows;
    ``inspections`` are the digests of the site inspections that it carries, ``recusals`` the applications from which
    it says that the expert stepped back.
    """

    number: int
    name: str
    manifest: str
    file: str
    content: str
    inspections: tuple[str, ...]
    recusals: tuple[str, ...]


@dataclass(frozen=True)
class SignedPaper:
    """The signed PDF of a score sheet, kept sealed in the workspace: whose paper, its SHA-256, size and file name."""

    application: str
    revision: int
    sheet: str
    sha256: str
    size: int
    name: str


@dataclass(frozen=True)
class Explanation:
    """What was found out about a deviating total (rule 7)."""

    expert: str
    application: str
    text: str
    by: str
