"""Handing out: one encrypted package and one sealed letter for each expert."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from qisp_desktop.base import atomic
from qisp_desktop.base.codec import to_bytes
from qisp_desktop.base.credentials import Credentials, fingerprint
from qisp_desktop.base.digests import sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.base.paths import safe_name
from qisp_desktop.base.reading import read_whole
from qisp_desktop.base.texts import clean_text
from qisp_desktop.base.work import Work
from qisp_desktop.documents.letter import PassphraseLetter, render_letter
from qisp_desktop.domain.application import Application
from qisp_desktop.domain.inspection import InspectionPlan, Photo, SiteInspection
from qisp_desktop.domain.issuing import Issue, OwnCertificate, Return
from qisp_desktop.domain.merging import Resolution, standings
from qisp_desktop.domain.panel import Expert, Recusal
from qisp_desktop.domain.round import Round
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.exchange import authority, identity, key_files
from qisp_desktop.exchange.certificates import (
    LARGEST_PEM,
    certificate_from_pem,
    certificate_to_pem,
    expert_name,
)
from qisp_desktop.exchange.container import Source
from qisp_desktop.exchange.manifests import PANEL_FORMAT, Blob, PanelManifest, PanelRecords
from qisp_desktop.exchange.panel_package import write_panel_package
from qisp_desktop.exchange.passphrases import new_passphrase
from qisp_desktop.services.office import Office, unlock
from qisp_desktop.services.opened import RoundAt, writing
from qisp_desktop.services.panel_board import read_board
from qisp_desktop.services.returned_files import returned_files
from qisp_desktop.services.roster import Roster
from qisp_desktop.services.round_options import options_of
from qisp_desktop.services.unknown import unknown_expert
from qisp_desktop.store.round_store import RoundStore


@dataclass(frozen=True)
class Reading:
    """What goes into an expert's package; ``assigned`` are the numbers to score, the others are only inspected."""

    applications: tuple[Application, ...]
    assigned: tuple[str, ...]


@dataclass(frozen=True)
class Places:
    """Where packages, letters and the certificate of the round's CA go; letters must travel apart from packages."""

    packages: Path
    letters: Path
    authority: Path


@dataclass(frozen=True)
class IssuedPackage:
    """What was handed out to one expert; ``voids`` is the id of the issue that no longer counts, or empty."""

    expert: str
    issue: str
    package: Path
    letter: Path
    applications: int
    voids: str


def issue_packages(
    round_at: RoundAt,
    out: Path,
    *,
    passphrase: str,
    only: Sequence[str] = (),
    plain_letters: bool = False,
    reason: str = "",
    work: Work | None = None,
) -> list[IssuedPackage]:
    """Write ``out/packages/E001.qpanel``, ``out/letters/E001.pdf`` for each assigned expert, and ``out/round-ca.pem``.

    ``only`` names the experts (default: all that are assigned). Whoever had a package before gets a new issue, which
    voids the older one; after returns have come in, that has to be asked for expert by expert. ``reason`` says why and
    is kept with the new issues that void an older one. An expert's package and letter appear together with their entry
    in the round, or not at all; a stop between two experts keeps those done.
    """
    with writing(round_at) as store:
        office = unlock(store, passphrase)
        places = Places(out / "packages", out / "letters", out / "round-ca.pem")
        return issue_open(store, office, places, only=only, plain_letters=plain_letters, reason=reason, work=work)


def issue_open(
    store: RoundStore,
    office: Office,
    places: Places,
    *,
    only: Sequence[str] = (),
    plain_letters: bool = False,
    reason: str = "",
    work: Work | None = None,
    made: Callable[[IssuedPackage], None] | None = None,
) -> list[IssuedPackage]:
    """``issue_packages`` for a round that is open for writing, with its keys unlocked.

    ``made`` is told of each package once it is there, for who wants to know what was done before a stop.
    """
    work = work or Work()
    readings = _readings(store)
    experts = _chosen(store, readings, only)
    atomic.sweep(places.packages)
    atomic.sweep(places.letters)
    atomic.write_text(places.authority, store.round().authority)
    issued = []
    for done, expert in enumerate(experts):
        work.report(_("Issuing {expert}").format(expert=expert.id), done, len(experts))
        issued.append(_issue(store, office, expert, readings[expert.id], places, plain_letters, clean_text(reason)))
        if made is not None:
            made(issued[-1])
    work.report(_("Issued"), len(experts), len(experts))
    return issued


def register_certificate(round_at: RoundAt, expert: str, certificate: Path) -> str:
    """Enter an expert's own certificate before issuing; returns its fingerprint. Raises UserError."""
    parsed = certificate_from_pem(read_whole(certificate, at_most=LARGEST_PEM))
    with writing(round_at) as store:
        if store.get(Expert, expert) is None:
            raise unknown_expert(expert)
        pem = certificate_to_pem(parsed).decode("ascii")
        for other in store.all(OwnCertificate):
            if other.certificate == pem and other.expert != expert:
                raise UserError(
                    _("This is the certificate of {expert}.").format(expert=other.expert),
                    _("With one certificate for two, nobody could tell who signed."),
                    _("Choose the certificate that the expert brought."),
                )
        with store.change("expert certificate") as change:
            change.put(OwnCertificate(expert, pem))
    return fingerprint(parsed)


def _readings(store: RoundStore) -> dict[str, Reading]:
    """What each expert scores and inspects: accepted applications only, and none that the expert must not see."""
    due = read_board(store).due
    wanted = {number for one in due.values() for number in one.scored + one.visited}
    held = {application.number: application for application in store.all(Application) if application.number in wanted}
    return {
        expert: Reading(tuple(held[number] for number in sorted({*one.scored, *one.visited})), one.scored)
        for expert, one in due.items()
    }


def _chosen(store: RoundStore, readings: dict[str, Reading], only: Sequence[str]) -> list[Expert]:
    experts = {expert.id: expert for expert in store.all(Expert)}
    for wanted in only:
        if wanted not in experts:
            raise unknown_expert(wanted)
        if wanted not in readings:
            raise UserError(
                _("{expert} has no accepted application to read.").format(expert=wanted),
                "",
                _("Assign applications first (qisp assign)."),
            )
    if not readings:
        raise UserError(_("Nobody is assigned yet."), "", _("Assign applications first (qisp assign)."))
    returned = sorted({received.expert for received in store.all(Return)})
    if not only and returned:
        raise UserError(
            _("Returns have come in already: issuing to all would void packages that are being worked on."),
            _("Returned: {experts}.").format(experts=_(", ").join(returned)),
            _("Issue again for one expert at a time with --expert."),
        )
    return [experts[expert] for expert in sorted(set(only) or readings)]


@dataclass(frozen=True)
class _NewKeys:
    """What only the expert is given: the passphrase, the identity under it, and a signing key where they need one."""

    passphrase: str = field(repr=False)
    identity_file: bytes = field(repr=False)
    recipient: str
    credentials: Credentials | None = field(repr=False)
    certificate: str
    """PEM: with what the expert signs, their own one included."""


def _issue(
    store: RoundStore, office: Office, expert: Expert, reading: Reading, places: Places, plain: bool, reason: str
) -> IssuedPackage:
    value = store.round()
    previous = Roster(store).current(expert.id)
    keys = _new_keys(store, office, expert)
    records = _records(store, expert, reading)
    blobs, sources = _blobs(store, reading.applications, _photos(store, office, records.site_inspections))
    manifest = _manifest(store, keys, records, blobs, previous.number + 1 if previous else 1)
    name = safe_name(expert.id)
    package, letter = places.packages / f"{name}.qpanel", places.letters / f"{name}.pdf"
    # All lie beside their places, written and synced, before the round says that they count.
    with ExitStack() as stack:
        _stage_letters(stack, letter, _letter(value, office, manifest, keys, package.name), plain)
        write_panel_package(
            stack.enter_context(atomic.staged(package)),
            manifest,
            office=office.credentials,
            expert_identity_file=keys.identity_file,
            expert_p12=key_files.to_p12(keys.credentials, keys.passphrase) if keys.credentials else None,
            blob_sources=sources,
        )
        with store.change("issue") as change:
            _refuse_other_rubric(store, value.rubric)
            change.put(_entry(manifest, keys, reason if previous else ""))
            office.seal(change)
    return IssuedPackage(
        expert.id, manifest.issue, package, letter, len(reading.applications), previous.id if previous else ""
    )


def _new_keys(store: RoundStore, office: Office, expert: Expert) -> _NewKeys:
    passphrase = new_passphrase()
    identity_file, unlocked = identity.new_identity(passphrase)
    own = store.get(OwnCertificate, expert.id)
    if own is not None:
        return _NewKeys(passphrase, identity_file, unlocked.recipient, None, own.certificate)
    credentials = authority.issue_credentials(office.authority, expert_name(expert))
    certificate = certificate_to_pem(credentials.certificate).decode("ascii")
    return _NewKeys(passphrase, identity_file, unlocked.recipient, credentials, certificate)


def _manifest(
    store: RoundStore, keys: _NewKeys, records: PanelRecords, blobs: tuple[Blob, ...], number: int
) -> PanelManifest:
    """What the ``number``-th package of an expert says."""
    value, expert = store.round(), records.expert.id
    return PanelManifest(
        PANEL_FORMAT,
        value.id,
        expert,
        f"{expert}-{number}",
        number,
        datetime.now(UTC).replace(microsecond=0),
        (keys.recipient,),
        (value.recipient,),
        keys.certificate,
        value.rubric,
        store.audit_head().digest,
        blobs,
        records,
    )


def _entry(manifest: PanelManifest, keys: _NewKeys, reason: str) -> Issue:
    """What the round keeps of a package."""
    return Issue(
        manifest.expert,
        manifest.number,
        manifest.issue,
        keys.recipient,
        keys.certificate,
        sha256(to_bytes(manifest)),
        scored=manifest.records.assigned,
        visited=tuple(plan.application for plan in manifest.records.inspections),
        at=manifest.issued_at,
        reason=reason,
    )


def _letter(
    value: Round, office: Office, manifest: PanelManifest, keys: _NewKeys, package_name: str
) -> PassphraseLetter:
    expert = manifest.records.expert
    return PassphraseLetter(
        office=value.office,
        round_name=value.name,
        year=value.year,
        expert_id=expert.id,
        expert_name=expert.name,
        organisation=expert.organisation,
        issue=manifest.issue,
        passphrase=keys.passphrase,
        ca_fingerprint=fingerprint(office.authority.certificate),
        package_name=package_name,
    )


def _refuse_other_rubric(store: RoundStore, rubric: str) -> None:
    """Asked inside the change: on a server the standard may be set anew while the package is written."""
    if store.round().rubric != rubric:
        raise UserError(
            _("The scoring standard was changed by somebody else meanwhile."),
            _("The package was made with the one that was."),
            _("Nothing was handed out. Issue again."),
        )


def _stage_letters(stack: ExitStack, letter: Path, words: PassphraseLetter, plain: bool) -> None:
    """Write the letter, and with ``plain`` the passphrase alone, to appear when ``stack`` is left without an error."""
    if plain:
        text = stack.enter_context(atomic.staged(letter.with_suffix(".txt")))
        atomic.write_text(text, words.passphrase + "\n", mode=0o600)
    atomic.write_bytes(stack.enter_context(atomic.staged(letter)), render_letter(words), mode=0o600)


def _records(store: RoundStore, expert: Expert, reading: Reading) -> PanelRecords:
    value = store.round()
    # A recused expert sees nothing of that application, not even in a package issued anew.
    readable = {application.number for application in reading.applications}
    held = standings(store.all(ScoreSheet, expert=expert.id), store.all(Resolution))
    inspected = standings(store.all(SiteInspection, expert=expert.id))
    return PanelRecords(
        year=value.year,
        round_name=value.name,
        office=value.office,
        language=value.language,
        expert=expert,
        rubric=store.rubric(),
        applications=reading.applications,
        assigned=reading.assigned,
        inspections=tuple(
            plan for plan in store.all(InspectionPlan) if expert.id in plan.experts and plan.application in readable
        ),
        sheets=tuple(s.record for (_e, n), s in sorted(held.items()) if s.record and n in readable),
        recusals=tuple(store.all(Recusal, expert=expert.id)),
        site_inspections=tuple(s.record for (_e, n), s in sorted(inspected.items()) if s.record and n in readable),
        returned=max((one.number for one in store.all(Return) if one.expert == expert.id), default=0),
        photo_positions=options_of(store).photo_positions,
    )


def _photos(
    store: RoundStore, office: Office, inspections: Sequence[SiteInspection]
) -> list[tuple[Photo, Callable[[], bytes]]]:
    """The photos of records that the expert has returned, so that a lost laptop loses none and they can be revised.

    Raises UserError where one lay in a return that can no longer be opened.
    """
    photos = {photo.sha256: photo for inspection in inspections for photo in inspection.photos}
    if not photos:
        return []
    returned = returned_files(store, office, Work())
    held = returned.files
    for inspection in inspections:
        if inspection.expert in returned.lost and any(photo.sha256 not in held for photo in inspection.photos):
            raise returned.lost[inspection.expert]
    return [(photo, held[digest]) for digest, photo in sorted(photos.items()) if digest in held]


def _blobs(
    store: RoundStore, applications: Sequence[Application], photos: Sequence[tuple[Photo, Callable[[], bytes]]]
) -> tuple[tuple[Blob, ...], dict[str, Source]]:
    """Each distinct file once, whatever applications submit it: materials, then photos."""
    materials = {m.sha256: m for application in applications for m in application.materials}
    files: dict[str, tuple[str, int, Source]] = {
        digest: (material.name, material.size, store.file(digest)) for digest, material in sorted(materials.items())
    }
    for photo, read in photos:
        files.setdefault(photo.sha256, (photo.name, photo.size, read))
    blobs = tuple(
        Blob(name, digest, size, f"blobs/{n:06d}.age") for n, (digest, (name, size, _s)) in enumerate(files.items(), 1)
    )
    return blobs, {blob.path: files[blob.sha256][2] for blob in blobs}
