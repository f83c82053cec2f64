"""What a clerk decides after collecting: conflicts, explanations of deviations, and the freezing of the result."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.texts import clean_text
from qisp_desktop.domain.issuing import Explanation
from qisp_desktop.domain.merging import Resolution
from qisp_desktop.domain.round import Freeze
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.services.actors import current_actor
from qisp_desktop.services.office import Office, unlock
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.results import ResultDigests, compute, read_round

SHORTEST_DIGEST = 8


def resolve(
    round_at: RoundAt,
    expert: str,
    application: str,
    revision: int,
    digest: str,
    *,
    reason: str,
    among: Collection[str] = (),
) -> Resolution:
    """Decide which of the contents of a revision counts; ``digest`` may be shortened to its first 8 digits or more.

    The decision holds among the contents known now; another content that arrives later is a conflict again. ``among``
    are the digests of the contents that the clerk compared: where others are held by now, the decision is refused.
    """
    reason = _sentence(reason)
    with writing(round_at) as store:
        rivals = [
            sheet
            for sheet in store.all(ScoreSheet, expert=expert, application=application)
            if sheet.revision == revision
        ]
        if not rivals:
            raise UserError(
                _("No sheet of {expert} for {application} with revision {revision} is held.").format(
                    expert=expert, application=application, revision=revision
                ),
                "",
                _("Check the names as qisp collect printed them."),
            )
        digests = sorted(sheet.digest for sheet in rivals)
        chosen = [one for one in digests if one.startswith(digest.lower())]
        if len(digest) < SHORTEST_DIGEST or len(chosen) != 1:
            raise UserError(
                _("{digest} names none of the contents.").format(digest=digest),
                "",
                _("Choose one of: {digests}.").format(digests=_(", ").join(digests)),
            )
        if len(rivals) == 1:
            raise UserError(
                _("There is nothing to decide."),
                _("Only one content of this revision was ever received."),
                "",
            )
        if among and set(among) != set(digests):
            raise UserError(
                _("Another content of this sheet has come meanwhile."), "", _("Compare all of them, then decide.")
            )
        resolution = Resolution(expert, application, revision, chosen[0], tuple(digests), current_actor(), reason)
        with store.change("resolve") as change:
            change.put(resolution)
        return resolution


def unresolve(round_at: RoundAt, resolution: Resolution, before: Resolution | None = None) -> None:
    """Take a decision back, to the one ``before`` it or to none; UserError where it is another one by now."""
    with writing(round_at) as store:
        key = (resolution.expert, resolution.application, resolution.revision)
        if store.get(Resolution, *key) != resolution:
            raise UserError(_("This decision is not there any more."), "", _("Read the round again."))
        with store.change("unresolve") as change:
            if before is None:
                change.remove(Resolution, *key)
            else:
                change.put(before)


def explain(round_at: RoundAt, expert: str, application: str, *, text: str) -> Explanation:
    """Record what was found out about a deviating total; the score itself stays as it is."""
    text = _sentence(text)
    with writing(round_at) as store:
        results = {result.number: result for result in compute(read_round(store)).results}
        found = results.get(application)
        if found is None or expert not in [deviation.expert for deviation in found.deviations]:
            raise UserError(
                _("The total of {expert} for {application} does not deviate.").format(
                    expert=expert, application=application
                ),
                "",
                _("qisp results lists the deviations."),
            )
        explanation = Explanation(expert, application, text, current_actor())
        with store.change("explain") as change:
            change.put(explanation)
        return explanation


def freeze(
    round_at: RoundAt,
    *,
    reason: str,
    passphrase: str | None = None,
    office: Office | None = None,
    seen: ResultDigests | None = None,
) -> Freeze:
    """Declare the present result final: keep digests of policy, inputs and result.

    Later changes stay possible and are shown as such. With the clerk's ``passphrase``, or the ``office`` that it
    unlocked, the head of the audit chain is signed too. ``seen`` is the result that the clerk looked at. Raises
    UserError while a conflict awaits its decision, and where the result is not the one ``seen`` any more.
    """
    reason = _sentence(reason)
    with writing(round_at) as store:
        if passphrase is not None:
            office = unlock(store, passphrase)
        with store.snapshot():
            head = store.audit_head()
            computed = compute(read_round(store))
        if seen is not None and seen != computed.digests():
            raise UserError(
                _("The result is another one by now than the one that was looked at."),
                _("The round was changed meanwhile."),
                _("Look at the new result, then freeze it."),
            )
        open_conflicts = [result.number for result in computed.results if result.status.value == "conflict"]
        if open_conflicts:
            raise UserError(
                _("The result cannot be frozen yet."),
                _("Conflicts await a decision: {numbers}.").format(numbers=_(", ").join(open_conflicts)),
                _("Decide them with qisp resolve."),
            )
        if not any(result.final is not None for result in computed.results):
            raise UserError(
                _("The result cannot be frozen yet."),
                _("No application has a final score."),
                _("Collect the returns first."),
            )
        value = Freeze(
            datetime.now(UTC).replace(microsecond=0),
            current_actor(),
            reason,
            *computed.digests(),
        )
        with store.change("freeze") as change:
            change.require_unchanged_since(head)
            change.put(value)
            if office:
                office.seal(change)
        return value


def _sentence(given: str) -> str:
    sentence = clean_text(given)
    if not sentence:
        raise UserError(_("A reason is needed."), "", _("Say in a sentence why; it is kept in the audit trail."))
    return sentence
