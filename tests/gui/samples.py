"""A small round and its packages, made by the services as an office would."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qisp_desktop.exchange.authority import issue_credentials, new_authority
from qisp_desktop.exchange.certificates import certificate_to_pem
from qisp_desktop.exchange.key_files import to_p12
from qisp_desktop.services import assigning, importing, issuing, rounds, screening
from qisp_desktop.services.sample import ACCEPTED_ON, YEAR, sample_round

OFFICE_PASSPHRASE = "only for the tests"
CERTIFICATE_SECRET = "own certificate's"
NAME = "2026年度评价"


@dataclass(frozen=True)
class IssuedRound:
    """A round with one package issued: ``package`` opens with ``passphrase`` and holds ``numbers``."""

    round: Path
    package: Path
    passphrase: str
    expert: str
    numbers: tuple[str, ...]


def issued_round(folder: Path, *, applications: int = 4, experts: int = 4) -> IssuedRound:
    """Make the round in ``folder``; every expert who may reads every application."""
    sample = sample_round(applications, experts, folder / "input")
    path = folder / "round.qround"
    rounds.new_round(path, year=YEAR, name=NAME, passphrase=OFFICE_PASSPHRASE)
    importing.import_applications(path, sample.applications_book, materials=sample.materials)
    importing.import_experts(path, sample.experts_book)
    screening.screen_round(path, accepted_on=ACCEPTED_ON)
    report = assigning.assign(path, per_application=max(1, experts - 1))
    expert = report.assignments[0].expert
    (one,) = issuing.issue_packages(
        path, folder / "out", passphrase=OFFICE_PASSPHRASE, only=[expert], plain_letters=True
    )
    letter = one.letter.with_suffix(".txt").read_text("utf-8")
    numbers = tuple(sorted(each.application for each in report.assignments if each.expert == expert))
    return IssuedRound(path, one.package, letter.splitlines()[0], expert, numbers)


def brought_certificates(folder: Path, expert: str) -> tuple[Path, Path]:
    """Two certificates from elsewhere as .p12 (opened with CERTIFICATE_SECRET), each with its .pem beside it: the
    expert's own, and somebody else's."""
    files = []
    for name in ("own", "other"):
        credentials = issue_credentials(new_authority("elsewhere", YEAR), f"{expert} {name}")
        path = folder / f"{name}.p12"
        path.write_bytes(to_p12(credentials, CERTIFICATE_SECRET))
        path.with_suffix(".pem").write_bytes(certificate_to_pem(credentials.certificate))
        files.append(path)
    return files[0], files[1]
