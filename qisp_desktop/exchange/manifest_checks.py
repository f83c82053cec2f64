"""What a manifest must satisfy beyond its form: one kind, nothing contradictory, numbers that every table can hold.

Each ``…_problem`` gives the first thing that is wrong in the person's language, or an empty string.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from qisp_desktop.base.codec import CodecError, from_bytes
from qisp_desktop.base.digests import is_sha256
from qisp_desktop.base.errors import UserError
from qisp_desktop.base.i18n import _
from qisp_desktop.domain.application import NUMBER, Application
from qisp_desktop.domain.inspection import SiteInspection
from qisp_desktop.domain.panel import CODE, Recusal
from qisp_desktop.domain.rubric import Rubric, problems
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.exchange.certificates import (
    certificate_from_pem,
    certificate_to_pem,
)
from qisp_desktop.exchange.container import LARGEST_BLOB, Container, blob_path
from qisp_desktop.exchange.errors import ContainerError, damaged
from qisp_desktop.exchange.identity import is_recipient
from qisp_desktop.exchange.manifests import Blob, PanelManifest, ReturnManifest

M = TypeVar("M", PanelManifest, ReturnManifest)

HIGHEST_NUMBER = 999_999
"""Issues, returns and revisions are counted up to here; a real round stays below a hundred."""
LONGEST_ID = 100
MOST_RECIPIENTS = 20


def decode_manifest(cls: type[M], data: bytes, expected_format: str) -> M:
    """A manifest from the exact bytes that were signed.

    Raises ContainerError: newer_format when the bytes say so themselves, damaged when they are not the canonical form
    of a manifest of ``expected_format``. A later version may have fields that are refused here, so that its format is
    looked for even where nothing else can be read.
    """
    try:
        manifest = from_bytes(cls, data)
    except CodecError as error:
        if _is_newer(_written_format(data), expected_format):
            raise _newer() from error
        raise damaged(_("Its manifest is not in the form that this program writes.")) from error
    if _is_newer(manifest.format, expected_format):
        raise _newer()
    if manifest.format != expected_format:
        raise damaged(_("It is another kind of package than expected."))
    return manifest


def panel_problem(manifest: PanelManifest) -> str:
    """What is contradictory in a panel manifest."""
    records = manifest.records
    if manifest.expert != records.expert.id:
        return _("It names two experts.")
    return (
        _identity_problem(manifest)
        or _recipients_problem(manifest.return_to)
        or _certificate_problem(manifest)
        or _rubric_problem(manifest.rubric, records.rubric)
        or _applications_problem(manifest)
        or _own_records_problem(manifest, records.sheets, records.recusals, records.site_inspections)
    )


def return_problem(manifest: ReturnManifest) -> str:
    """What is contradictory in a return manifest; whether the scores fit the rubric is for the round to say."""
    if not is_sha256(manifest.issue_manifest) or not is_sha256(manifest.rubric):
        return _("A digest in it is malformed.")
    return (
        _identity_problem(manifest)
        or _own_records_problem(manifest, manifest.sheets, manifest.recusals, manifest.inspections)
        or _papers_problem(manifest)
        or _photos_problem(manifest)
    )


def check_members(container: Container, blobs: Sequence[Blob]) -> None:
    """Raise ContainerError unless the container's blobs are exactly those that the manifest names."""
    if container.blob_paths != [blob.path for blob in blobs]:
        raise damaged(_("The files in it are not those that its manifest names."))


def check_addressee(recipients: Collection[str], recipient: str) -> None:
    """Raise ContainerError when what was signed is meant for others than whoever could decrypt it: it was passed on."""
    if recipient not in recipients:
        raise ContainerError("not_for_us", _("It was encrypted again by somebody whom its sender did not mean."))


def _written_format(data: bytes) -> str:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    found = document.get("format") if isinstance(document, dict) else None
    return found if isinstance(found, str) else ""


def _is_newer(found: str, expected: str) -> bool:
    kind, _slash, version = expected.partition("/")
    match = re.fullmatch(rf"{kind}/([1-9][0-9]{{0,5}})", found)
    return match is not None and int(match[1]) > int(version)


def _newer() -> ContainerError:
    return ContainerError("newer_format", _("This version cannot read it."))


def _identity_problem(manifest: PanelManifest | ReturnManifest) -> str:
    if not CODE.fullmatch(manifest.expert) or not 0 < len(manifest.round) <= LONGEST_ID:
        return _("The round or the expert it names is malformed.")
    if not _is_count(manifest.number):
        return _("A number in it is out of range.")
    # The n-th issue for E007 is "E007-n"; a return names the issue it answers and counts on its own.
    issue = re.fullmatch(rf"{re.escape(manifest.expert)}-([1-9][0-9]{{0,5}})", manifest.issue)
    if not issue or (isinstance(manifest, PanelManifest) and int(issue[1]) != manifest.number):
        return _("The issue it names is not the expert's.")
    return _recipients_problem(manifest.recipients) or _blobs_problem(manifest.blobs)


def _recipients_problem(recipients: Sequence[str]) -> str:
    if not 0 < len(set(recipients)) == len(recipients) <= MOST_RECIPIENTS or not all(map(is_recipient, recipients)):
        return _("The recipients it names are malformed.")
    return ""


def _blobs_problem(blobs: Sequence[Blob]) -> str:
    for number, blob in enumerate(blobs, start=1):
        if blob.path != blob_path(number) or not is_sha256(blob.sha256) or not 0 <= blob.size <= LARGEST_BLOB:
            return _("Its list of files is malformed.")
    return ""


def _certificate_problem(manifest: PanelManifest) -> str:
    data = manifest.certificate.encode("utf-8")
    try:
        canonical = certificate_to_pem(certificate_from_pem(data)) == data
    except UserError:
        canonical = False
    return "" if canonical else _("The expert's certificate is malformed.")


def _rubric_problem(digest: str, rubric: Rubric) -> str:
    if rubric.digest != digest:
        return _("Its rubric is not the one it names.")
    return _("Its rubric is unfit for scoring.") if problems(rubric) else ""


def _applications_problem(manifest: PanelManifest) -> str:
    applications = manifest.records.applications
    numbers = {application.number for application in applications}
    well_formed = len(numbers) == len(applications) and all(map(NUMBER.fullmatch, numbers))
    if not well_formed or not numbers.issuperset(manifest.records.assigned):
        return _("Its applications are listed wrongly.")
    if not 0 <= manifest.records.returned <= HIGHEST_NUMBER:
        return _("A number in it is out of range.")
    packed = {(blob.sha256, blob.size) for blob in manifest.blobs}
    if not all(packed.issuperset(_materials(application)) for application in applications):
        return _("A material that it lists is not in it.")
    return ""


def _materials(application: Application) -> Iterable[tuple[str, int]]:
    return ((material.sha256, material.size) for material in application.materials)


def _own_records_problem(
    manifest: PanelManifest | ReturnManifest,
    sheets: Sequence[ScoreSheet],
    recusals: Sequence[Recusal],
    inspections: Sequence[SiteInspection],
) -> str:
    """Every record is the named expert's own and of the named round, one for each application."""
    for kind in (sheets, inspections):
        for record in kind:
            if (record.round, record.expert) != (manifest.round, manifest.expert):
                return _("It holds records of another round or another expert.")
            if not _is_count(record.revision):
                return _("A number in it is out of range.")
    if any(recusal.expert != manifest.expert for recusal in recusals):
        return _("It holds records of another round or another expert.")
    if any(sheet.rubric != manifest.rubric for sheet in sheets):
        return _("It holds a sheet that was scored with another rubric.")
    for records in (sheets, recusals, inspections):
        numbers = [record.application for record in records]
        if len(set(numbers)) != len(numbers) or not all(map(NUMBER.fullmatch, numbers)):
            return _("It holds two records of one application.")
    return ""


def _papers_problem(manifest: ReturnManifest) -> str:
    sheets = {(sheet.application, sheet.revision) for sheet in manifest.sheets}
    papers = [(paper.application, paper.revision) for paper in manifest.papers]
    paths = {paper.path for paper in manifest.papers}
    if len(set(papers)) != len(papers) or len(paths) != len(papers) or not sheets.issuperset(papers):
        return _("Its papers do not belong to its sheets.")
    if not paths <= {blob.path for blob in manifest.blobs}:
        return _("A paper that it lists is not in it.")
    return ""


def _photos_problem(manifest: ReturnManifest) -> str:
    packed = {(blob.sha256, blob.size) for blob in manifest.blobs}
    for inspection in manifest.inspections:
        if not packed.issuperset((photo.sha256, photo.size) for photo in inspection.photos):
            return _("A photo that it lists is not in it.")
        if not all(photo.original == "" or is_sha256(photo.original) for photo in inspection.photos):
            return _("A digest in it is malformed.")
    return ""


def _is_count(number: int) -> bool:
    return 1 <= number <= HIGHEST_NUMBER
