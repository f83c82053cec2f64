"""Whether what was put into the expert's folder is what was signed: every file is read again from the drive."""

from __future__ import annotations

from pathlib import Path

from qisp_desktop.base.digests import sha256, sha256_file
from qisp_desktop.base.errors import UserError, os_reason
from qisp_desktop.base.i18n import _
from qisp_desktop.base.work import Work
from qisp_desktop.domain.issuing import SignedPaper, SignedReturn
from qisp_desktop.domain.score_sheet import ScoreSheet
from qisp_desktop.exchange.certificates import certificate_from_pem
from qisp_desktop.services.desk import Desk
from qisp_desktop.services.desk_signing import SigningReport
from qisp_desktop.services.papers import paper_problem


def check_handed_in(desk: Desk, report: SigningReport, work: Work | None = None) -> None:
    """Read every file of ``report`` again and compare it with what the desk keeps; check the papers' signatures.

    Raises UserError that names the first file which is not as it should be.
    """
    work = work or Work()
    total = len(report.papers) + 1
    work.report(_("Checking {name}").format(name=report.package.name), 0, total)
    made = max(desk.store.all(SignedReturn), key=lambda one: one.number)
    if _digest(report.package) != made.file:
        raise _refusal(report.package, _("Its content is not what was written."))
    papers = {paper.name: paper for paper in desk.store.all(SignedPaper)}
    for done, path in enumerate(report.papers, start=1):
        work.report(_("Checking {name}").format(name=path.name), done, total)
        if problem := _paper_problem(desk, path, papers[path.name]):
            raise _refusal(path, problem)
    work.report(_("Checked"), total, total)


def _paper_problem(desk: Desk, path: Path, paper: SignedPaper) -> str:
    try:
        pdf = path.read_bytes()
    except OSError as error:
        return os_reason(error)
    if sha256(pdf) != paper.sha256:
        return _("Its content is not what was written.")
    sheet = desk.store.get(ScoreSheet, paper.sheet)
    if sheet is None or sheet.issue != desk.manifest.issue:
        return ""  # signed under an earlier issue, with its certificate, and checked then
    return paper_problem(pdf, sheet, certificate_from_pem(desk.manifest.certificate.encode("ascii")))


def _digest(path: Path) -> str:
    try:
        return sha256_file(path)
    except OSError as error:
        raise _refusal(path, os_reason(error)) from error


def _refusal(path: Path, why: str) -> UserError:
    return UserError(
        _("{path} is not as it was signed.").format(path=path),
        why,
        _("Check the stick or choose another folder, and export again; what was signed is kept on the desk."),
    )
