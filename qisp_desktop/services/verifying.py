"""Checking what was handed in or handed out: score sheets and packages, valid or not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from cryptography import x509

from qisp_desktop.base.errors import UserError, os_reason, sentences
from qisp_desktop.base.i18n import N_, _, labelled
from qisp_desktop.base.reading import is_folder, open_file, read_whole
from qisp_desktop.base.work import Work
from qisp_desktop.documents.revisions import LARGEST_PAPER
from qisp_desktop.domain.inspection import inspection_problem
from qisp_desktop.domain.issuing import Return
from qisp_desktop.domain.papers import printed_groups
from qisp_desktop.domain.rubric import Rubric
from qisp_desktop.domain.score_sheet import ScoreSheet, sheet_problem
from qisp_desktop.exchange.certificates import LARGEST_PEM, authority_from_pem, common_name
from qisp_desktop.exchange.errors import ContainerError
from qisp_desktop.exchange.identity import Identity
from qisp_desktop.exchange.manifests import ReturnManifest
from qisp_desktop.services.opened import RoundAt, reading
from qisp_desktop.services.roster import Roster, certificate_of, leaders_certificates

Kind = Literal["score-sheet", "evaluation-report", "scan", "panel-package", "return-package", "unknown"]
KIND_NAMES: dict[Kind, str] = {
    "score-sheet": N_("score sheet"),
    "evaluation-report": N_("evaluation report"),
    "scan": N_("scanned paper"),
    "panel-package": N_("panel package"),
    "return-package": N_("return package"),
    "unknown": N_("unknown"),
}


@dataclass(frozen=True)
class Checked:
    """A file, what it is, whether it is valid, why not, and who signed it."""

    path: Path
    kind: Kind
    valid: bool
    reasons: tuple[str, ...]
    signers: tuple[str, ...]

    @property
    def kind_name(self) -> str:
        """What it is, in the person's language."""
        return _(KIND_NAMES[self.kind])

    def to_json(self) -> dict[str, Any]:
        """The documented JSON form."""
        return {
            "path": str(self.path),
            "kind": self.kind,
            "valid": self.valid,
            "reasons": list(self.reasons),
            "signers": list(self.signers),
        }


@dataclass(frozen=True)
class Trust:
    """Whom to believe: the round's authority, and where a round is given its roster and rubric. All may be absent.

    ``held`` are the digests of the sheets and manifests that the round took in, ``trail`` those of its audit events,
    ``leaders`` the panel leaders' certificates.
    """

    authority: x509.Certificate | None = None
    roster: Roster | None = None
    round: str = ""
    rubric: Rubric | None = None
    identity: Identity | None = None
    passphrase: str | None = field(default=None, repr=False)
    held: frozenset[str] = frozenset()
    trail: frozenset[str] = frozenset()
    leaders: frozenset[x509.Certificate] = frozenset()


def verify_files(
    files: Sequence[Path],
    *,
    round_at: RoundAt | None = None,
    ca: Path | None = None,
    passphrase: str | None = None,
    work: Work | None = None,
) -> list[Checked]:
    """Check every file of ``files``; folders are searched for sheets and packages.

    ``round_at`` or ``ca`` say whom to trust (given both, they must agree); without either every signer is unknown.
    ``passphrase`` (the addressee's) is only needed to look into a package; without it a package's structure alone is
    checked, which makes it not valid. Raises UserError where there is nothing to check.
    """
    work = work or Work()
    with ExitStack() as stack:
        trust = _trust(stack, round_at, ca, passphrase)
        paths = [path for given in files for path in _expand(given)]
        if not paths:
            raise UserError(
                _("There is nothing to check."),
                _("No sheet and no package was found."),
                _("Name the files, or the folder that holds them."),
            )
        checked = []
        for done, path in enumerate(paths):
            work.report(_("Checking {name}").format(name=path.name), done, len(paths))
            checked.append(check(path, trust))
        return checked


def check(path: Path, trust: Trust) -> Checked:
    """Check one file under ``trust``; never raises for what is wrong with the file."""
    try:
        with open_file(path) as stream:
            start = stream.read(8)
            pdf = start + stream.read(LARGEST_PAPER) if start.startswith(b"%PDF-") else b""
    except OSError as error:
        return Checked(path, "unknown", False, (os_reason(error),), ())
    if len(pdf) > LARGEST_PAPER:
        return Checked(path, "score-sheet", False, (_("larger than any score sheet"),), ())
    if pdf:
        return _check_paper(path, pdf, trust)
    if path.suffix.lower() == ".qpanel" or path.suffix.lower() == ".qscore" or start.startswith(b"PK"):
        return _check_package(path, trust)
    return Checked(path, "unknown", False, (_("neither a score sheet nor a package"),), ())


def _trust(stack: ExitStack, round_at: RoundAt | None, ca: Path | None, passphrase: str | None) -> Trust:
    if round_at is None:
        return Trust(_read_ca(ca) if ca else None, passphrase=passphrase)
    store = stack.enter_context(reading(round_at))
    value = store.round()
    authority = authority_from_pem(value.authority.encode("ascii"))
    if ca is not None and _read_ca(ca) != authority:
        raise UserError(
            _("{path} is not the certificate of this round.").format(path=ca),
            _("The round has another authority, so one of the two is the wrong one."),
            _("Check the path, or name only one of them."),
        )
    identity = None
    if passphrase is not None:
        from qisp_desktop.services.office import unlock

        try:
            identity = unlock(store, passphrase).identity
        except ContainerError:
            raise
        except UserError:
            # It may be an expert's passphrase, meant for a panel package.
            identity = None
    return Trust(
        authority,
        Roster(store),
        value.id,
        store.rubric(),
        identity,
        passphrase,
        frozenset(str(digest) for (digest,) in store.listing(ScoreSheet, "digest"))
        | frozenset(one.manifest for one in store.all(Return)),
        frozenset(event.digest for event in store.audit_events()),
        frozenset(leaders_certificates(store)),
    )


def _read_ca(path: Path) -> x509.Certificate:
    return authority_from_pem(read_whole(path, at_most=LARGEST_PEM))


def _expand(path: Path) -> list[Path]:
    if not is_folder(path):
        return [path]
    return sorted(p for p in path.rglob("*") if p.suffix.lower() in (".pdf", ".qpanel", ".qscore") and not p.is_dir())


def _check_paper(path: Path, pdf: bytes, trust: Trust) -> Checked:
    from qisp_desktop.documents.checking import carries_nothing, carries_report

    if carries_nothing(pdf):
        reason = _("it carries no signed record; what is printed on it can be compared with the round (--image)")
        return Checked(path, "unknown", False, (reason,), ())
    return _check_report(path, pdf, trust) if carries_report(pdf) else _check_sheet(path, pdf, trust)


def _check_report(path: Path, pdf: bytes, trust: Trust) -> Checked:
    from qisp_desktop.documents.checking import check_evaluation_report

    roots = [trust.authority] if trust.authority else []
    found = check_evaluation_report(pdf, roots=roots, leaders=trust.leaders)
    reasons = list(found.reasons)
    if trust.roster is not None and found.record is not None and found.record.head.round != trust.round:
        reasons.insert(0, _("it belongs to another round"))
    return Checked(path, "evaluation-report", found.valid and not reasons, tuple(reasons), found.signers)


def _check_sheet(path: Path, pdf: bytes, trust: Trust) -> Checked:
    from qisp_desktop.documents.checking import check_score_sheet

    if trust.authority is None:
        found = check_score_sheet(pdf, signer=None, roots=())
        return Checked(path, "score-sheet", False, (_("unknown signer"), *found.reasons), found.signers)
    found = check_score_sheet(pdf, signer=None, roots=[trust.authority], leaders=trust.leaders)
    reasons = list(found.reasons)
    if found.record is not None and trust.roster is not None:
        sheet = found.record.sheet
        issue = trust.roster.issue(sheet.issue)
        if sheet.round != trust.round:
            reasons.insert(0, _("it belongs to another round"))
        elif issue is None or issue.expert != sheet.expert:
            reasons.insert(0, _("unknown signer"))
        else:
            # The roster decides who must have signed; that also admits an expert's own certificate.
            found = check_score_sheet(pdf, signer=certificate_of(issue), roots=[trust.authority], leaders=trust.leaders)
            reasons = list(found.reasons)
            if trust.roster.is_voided(issue) and sheet.digest not in trust.held:
                reasons.append(_("a later issue made it void"))
            if trust.rubric and (found.record is None or found.record.groups != printed_groups(trust.rubric)):
                reasons.append(_("it shows another rubric than the round's"))
    return Checked(path, "score-sheet", found.valid and not reasons, tuple(reasons), found.signers)


def _check_package(path: Path, trust: Trust) -> Checked:
    from qisp_desktop.exchange.container import peek

    kind: Kind = "unknown"
    try:
        kind = "panel-package" if peek(path).kind == "panel" else "return-package"
        if trust.authority is None:
            return Checked(path, kind, False, (_("unknown signer"),), ())
        if trust.passphrase is None:
            return Checked(path, kind, False, (_("only its structure was checked: no passphrase was given"),), ())
        return _check_panel(path, trust) if kind == "panel-package" else _check_return(path, trust)
    except UserError as error:
        return Checked(path, kind, False, (sentences(error.what, error.why),), ())


def _check_panel(path: Path, trust: Trust) -> Checked:
    from qisp_desktop.exchange.panel_package import open_panel_package

    panel = open_panel_package(path, trust.passphrase or "")
    reasons = []
    if panel.authority != trust.authority:
        reasons.append(_("unknown signer"))
    if trust.roster is not None:
        issue = trust.roster.issue(panel.manifest.issue)
        if issue is None or issue.manifest != panel.manifest_digest:
            reasons.append(_("the round never issued it"))
        elif trust.roster.is_voided(issue):
            reasons.append(_("a later issue made it void"))
        if panel.manifest.audit_head not in trust.trail:
            reasons.append(_("the round's audit trail no longer holds the event at which it was issued"))
    panel.container.check_blobs(panel.identity, panel.manifest.blobs)
    return Checked(path, "panel-package", not reasons, tuple(reasons), (common_name(panel.authority),))


def _check_return(path: Path, trust: Trust) -> Checked:
    from qisp_desktop.exchange.return_package import check_return, read_return_package

    if trust.identity is None or trust.roster is None or trust.authority is None:
        reason = _("only the secretariat can look into a return: give its round and its passphrase")
        return Checked(path, "return-package", False, (reason,), ())
    opened = read_return_package(path, trust.identity)
    issue = trust.roster.issue(opened.manifest.issue)
    if opened.manifest.round != trust.round:
        return Checked(path, "return-package", False, (_("it belongs to another round"),), ())
    if issue is None or issue.expert != opened.manifest.expert:
        return Checked(path, "return-package", False, (_("unknown signer"),), ())
    certificate = certificate_of(issue)
    problem = check_return(opened, certificate, trust.authority)
    reasons = [problem] if problem else _content_problems(opened.manifest, trust.rubric)
    if opened.manifest.issue_manifest != issue.manifest:
        reasons.append(_("it answers another package than the one that was issued"))
    if trust.roster.is_voided(issue) and opened.manifest_digest not in trust.held:
        reasons.append(_("a later issue made it void"))
    opened.container.check_blobs(trust.identity, opened.manifest.blobs)
    return Checked(path, "return-package", not reasons, tuple(reasons), (common_name(certificate),))


def _content_problems(manifest: ReturnManifest, rubric: Rubric | None) -> list[str]:
    """What in a return does not fit the round's rubric."""
    if rubric is None:
        return []
    if manifest.rubric != rubric.digest:
        return [_("it was scored with another rubric")]
    sheets = ((sheet.application, sheet_problem(sheet, rubric)) for sheet in manifest.sheets)
    visits = ((visit.application, inspection_problem(visit, rubric)) for visit in manifest.inspections)
    return [labelled(number, problem) for number, problem in (*sheets, *visits) if problem]
