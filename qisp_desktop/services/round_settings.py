"""The settings of a round while it can still be set: its name, its office, its rule, its scoring standard.

Once the result is frozen they stay as they are: what was declared final rests on them (Art. 14).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from qisp_desktop.base.bulk import collector_paused
from qisp_desktop.base.credentials import fingerprint
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.aggregation import Result
from qisp_desktop.domain.calendar import DayOverride
from qisp_desktop.domain.issuing import Issue
from qisp_desktop.domain.policy import Policy, policy_problem
from qisp_desktop.domain.round import Freeze, Round
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services.founding import office_name, round_name
from qisp_desktop.services.opened import RoundAt, reading, writing
from qisp_desktop.services.policy_words import EffectCounts
from qisp_desktop.services.results import compute, read_round
from qisp_desktop.services.round_options import options_of
from qisp_desktop.store.audit import AuditHead
from qisp_desktop.store.round_store import RoundStore


@dataclass(frozen=True)
class RoundSettings:
    """What can be set, and what keeps it from being set.

    ``fingerprint`` is that of the round's certificate, in groups of four. ``issued`` says that packages are out and
    ``scored`` that sheets are held: the scoring standard is fixed then.
    """

    round: Round
    rubric: Rubric
    overrides: tuple[DayOverride, ...]
    photo_positions: bool
    fingerprint: str
    issued: bool
    scored: bool
    frozen: Freeze | None

    @property
    def rubric_fixed(self) -> bool:
        """Whether the scoring standard can no longer be another one."""
        return self.issued or self.scored or self.frozen is not None


def settings_of(round_at: RoundAt) -> RoundSettings:
    """The settings of the round."""
    with reading(round_at) as store:
        freezes = store.all(Freeze)
        return RoundSettings(
            store.round(),
            store.rubric(),
            tuple(store.all(DayOverride)),
            options_of(store).photo_positions,
            _fingerprint(store.round().authority),
            bool(store.distinct(Issue, "expert")),
            bool(store.distinct(ScoreSheet, "expert")),
            freezes[-1] if freezes else None,
        )


def rename(round_at: RoundAt, *, name: str, office: str, seen: Round | None = None) -> Round:
    """Give the round another name or office; papers made from now on carry them.

    ``seen`` is the round as the person saw it: somebody else's change since then is not overwritten. UserError for
    that, and when the result is frozen.
    """
    with writing(round_at) as store:
        value, head = _decided_on(store, seen)
        return _put(store, replace(value, name=round_name(name), office=office_name(office)), head)


def set_policy(round_at: RoundAt, policy: Policy, seen: Round | None = None) -> Round:
    """Give the round another rule; ``seen`` as for ``rename``. UserError when that cannot be, and when somebody else
    has changed the round in the same instant: the result may have been frozen under the rule that was."""
    with writing(round_at) as store:
        value, head = _decided_on(store, seen)
        if problem := policy_problem(policy, store.rubric()):
            raise UserError(_("The rule of the round cannot be carried out."), problem, _("Correct the rule."))
        return _put(store, replace(value, policy=policy), head)


def policy_effect(round_at: RoundAt, policy: Policy) -> EffectCounts:
    """What ``policy`` would change of the results that the round has now; changes nothing."""
    with reading(round_at) as store, collector_paused():
        computed = compute(read_round(store))
    pairs = list(zip(computed.results, computed.under(policy), strict=True))

    def changed(part: str) -> set[str]:
        return {now.number for now, then in pairs if getattr(now, part) != getattr(then, part)}

    finals, ranks, grades, recommended = (changed(part) for part in ("final", "rank", "grade", "recommendation"))
    return EffectCounts(
        sum(_has_result(now) or _has_result(then) for now, then in pairs),
        len(finals),
        len(ranks),
        len(grades),
        len(recommended),
        tuple(sorted(finals | ranks | grades | recommended)),
    )


def set_rubric(round_at: RoundAt, rubric: Rubric, seen: Round | None = None) -> Round:
    """Give the round another scoring standard; the order of ties follows its groups; ``seen`` as for ``rename``.

    UserError once a package was handed out or a sheet is held, or when the round's rule does not fit it; and when
    somebody else has changed the round in the same instant, by handing out with the standard that was, for example.
    """
    with writing(round_at) as store:
        with store.snapshot():
            value, head = _decided_on(store, seen)
            used = bool(store.distinct(Issue, "expert") or store.distinct(ScoreSheet, "expert"))
        if used:
            raise UserError(
                _("The scoring standard can no longer be changed."),
                _("Packages with it were handed out already."),
                _("Make a new round for another standard."),
            )
        policy = fitted(value.policy, rubric)
        if problem := policy_problem(policy, rubric):
            raise UserError(
                _("The rule of the round does not fit this scoring standard."), problem, _("Change the rule first.")
            )
        old, after = value.rubric, replace(value, rubric=rubric.digest, policy=policy)
        if old != rubric.digest:
            with store.change("settings") as change:
                change.require_unchanged_since(head)
                change.put_all((rubric, after))
                change.remove(Rubric, old)
        return after


def fitted(policy: Policy, rubric: Rubric) -> Policy:
    """``policy`` with an order of ties that ``rubric`` has groups for; the same where it has them already."""
    codes = tuple(group.code for group in rubric.groups)
    if set(policy.tie_break) <= set(codes):
        return policy
    kept = tuple(code for code in policy.tie_break if code in codes)
    return replace(policy, tie_break=kept + tuple(code for code in codes if code not in kept))


def _fingerprint(authority: str) -> str:
    from cryptography import x509

    digits = fingerprint(x509.load_pem_x509_certificate(authority.encode("ascii"))).upper()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _has_result(result: Result) -> bool:
    return result.final is not None


def _decided_on(store: RoundStore, seen: Round | None) -> tuple[Round, AuditHead]:
    """The round as it can still be set, and the head of the trail that this was read at."""
    with store.snapshot():
        return _open_round(store, seen), store.audit_head()


def _open_round(store: RoundStore, seen: Round | None) -> Round:
    """The round, for changing what its result rests on."""
    freezes = store.all(Freeze)
    if freezes:
        raise UserError(
            _("The settings can no longer be changed."),
            _("The result was frozen by {actor}: {reason}").format(actor=freezes[-1].by, reason=freezes[-1].reason),
            _("What was declared final rests on them. A new round can have others."),
        )
    value = store.round()
    if seen is not None and seen != value:
        raise UserError(
            _("The settings were changed by somebody else meanwhile."),
            "",
            _("Look at what stands now and change that."),
        )
    return value


def _put(store: RoundStore, after: Round, head: AuditHead) -> Round:
    with store.change("settings") as change:
        change.require_unchanged_since(head)
        change.put(after)
    return after
