"""What counts of all that was ever received: a pure function of a set, whatever the order or the repetition.

A record's identity is (expert, application); of one identity the highest revision counts. Where that revision
exists with two contents, nothing counts until a clerk decides among exactly the contents known then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from qisp_desktop.domain.regulation import Term


class Received(Term):
    """The verdict on a returned file or sheet (回收结论)."""

    ACCEPTED = "accepted", "已接收", "accepted"
    UNCHANGED = "unchanged", "重复，无变化", "unchanged"
    SUPERSEDED = "superseded", "已被更新版本取代", "superseded"
    CONFLICT = "conflict", "版本冲突，待裁定", "conflict"
    WRONG_ROUND = "wrong_round", "不是本轮次", "wrong round"
    UNKNOWN_EXPERT = "unknown_expert", "专家不在名单", "unknown expert"
    NOT_ASSIGNED = "not_assigned", "未分配给该专家", "not assigned"
    RECUSED = "recused", "已回避", "recused"
    BAD_SIGNATURE = "bad_signature", "签名无效", "bad signature"
    DAMAGED = "damaged", "文件损坏", "damaged"
    NOT_FOR_US = "not_for_us", "无法解密", "not for us"
    PAPER_MISMATCH = "paper_mismatch", "纸质文件不一致", "paper mismatch"
    NEWER_FORMAT = "newer_format", "版本过新", "newer format"


HARMLESS = frozenset({Received.ACCEPTED, Received.UNCHANGED, Received.SUPERSEDED})
"""Verdicts that ask nothing of the clerk."""


class Revised(Protocol):
    """A signed record with a revision and a digest, such as a score sheet or a site inspection."""

    @property
    def identity(self) -> tuple[str, str]: ...
    @property
    def revision(self) -> int: ...
    @property
    def digest(self) -> str: ...


R = TypeVar("R", bound=Revised)


@dataclass(frozen=True)
class Resolution:
    """A clerk's decision of a conflict: of the contents ``among``, the one with ``digest`` counts, and why."""

    expert: str
    application: str
    revision: int
    digest: str
    among: tuple[str, ...]
    decided_by: str
    reason: str


@dataclass(frozen=True)
class Standing(Generic[R]):
    """What holds for one identity: the record that counts, or the contents that await a decision."""

    record: R | None
    rivals: tuple[R, ...]

    @property
    def in_conflict(self) -> bool:
        """Whether a clerk has to decide."""
        return self.record is None


def standing(records: Iterable[R], resolutions: Iterable[Resolution] = ()) -> Standing[R]:
    """The standing of one identity from all its records, in any order and with repetitions; at least one."""
    records = list(records)
    if len(records) == 1:  # nearly always, so that most of a round is spared what follows
        return Standing(records[0], ())
    by_digest = {record.digest: record for record in records}
    newest = max(record.revision for record in by_digest.values())
    rivals = sorted(
        (r for r in by_digest.values() if r.revision == newest),
        key=lambda record: record.digest,
    )
    if len(rivals) == 1:
        return Standing(rivals[0], ())
    known = {record.digest for record in rivals}
    # A decision holds only while nothing has come that the clerk had not seen. Decisions that contradict each other
    # decide nothing: which of them came first is not known here, and must not matter.
    decided = {
        resolution.digest
        for resolution in resolutions
        if resolution.revision == newest and known <= set(resolution.among) and resolution.digest in known
    }
    counts = by_digest[decided.pop()] if len(decided) == 1 else None
    return Standing(counts, tuple(rivals))


def standings(records: Iterable[R], resolutions: Iterable[Resolution] = ()) -> dict[tuple[str, str], Standing[R]]:
    """The standing of every identity among ``records``."""
    groups: dict[tuple[str, str], list[R]] = {}
    for record in records:
        groups.setdefault(record.identity, []).append(record)
    decided: dict[tuple[str, str], list[Resolution]] = {}
    for resolution in resolutions:
        decided.setdefault((resolution.expert, resolution.application), []).append(resolution)
    return {identity: standing(group, decided.get(identity, ())) for identity, group in groups.items()}


def verdict(revision: int, digest: str, held: Mapping[str, int], decided: str = "") -> Received:
    """What a record is beside what is ``held`` of its identity (digest → revision) when it arrives.

    ``decided`` is the digest that a clerk chose where the newest revision held has two contents.
    """
    newest = max(held.values(), default=0)
    if revision > newest:
        return Received.ACCEPTED
    if revision < newest:
        return Received.SUPERSEDED
    if digest not in held:
        return Received.CONFLICT
    if len(held) == 1 or digest == decided or list(held.values()).count(newest) == 1:
        return Received.UNCHANGED
    return Received.SUPERSEDED if decided else Received.CONFLICT
