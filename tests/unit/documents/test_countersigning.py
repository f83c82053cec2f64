"""Counter-signatures: each over all before it, by whom the field is meant for, on what the record says."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.documents.checking import (
    PaperCheck,
    carries_report,
    check_evaluation_report,
    check_score_sheet,
    check_unsigned_report,
)
from qisp_desktop.documents.evaluation_report import render_evaluation_report
from qisp_desktop.documents.report_record import EvaluationReport
from qisp_desktop.documents.signing import Field, sign_field
from tests.unit.documents.paper_samples import make_report
from tests.unit.documents.samples import HANDWRITING, Keys, make_credentials, run

ORDERS: tuple[tuple[Field, Field], ...] = (("PanelLeader", "Secretariat"), ("Secretariat", "PanelLeader"))


@pytest.fixture(scope="module")
def report() -> bytes:
    return render_evaluation_report(make_report())


@pytest.fixture(scope="module")
def led(report: bytes, keys: Keys) -> bytes:
    return sign_field(report, "PanelLeader", keys.leader, name="王组长", handwriting=HANDWRITING)


def check(pdf: bytes, keys: Keys) -> PaperCheck[EvaluationReport]:
    """Against the round's authority, with its leader known."""
    return check_evaluation_report(pdf, roots=keys.roots, leaders={keys.leader.certificate})


def signed_in_order(pdf: bytes, keys: Keys, order: tuple[Field, Field]) -> bytes:
    signers = {"PanelLeader": (keys.leader, "王组长"), "Secretariat": (keys.office, "秘书处")}
    for field in order:
        credentials, name = signers[field]
        pdf = sign_field(pdf, field, credentials, name=name)
    return pdf


@pytest.mark.parametrize("order", ORDERS)
def test_leader_and_secretariat_sign_a_report_in_either_order_and_both_stay_valid(
    order: tuple[Field, Field], report: bytes, keys: Keys, tmp_path: Path
) -> None:
    pdf = signed_in_order(report, keys, order)
    assert pdf.startswith(report)
    found = check(pdf, keys)
    assert found.valid, found.reasons
    assert found.record == make_report()
    assert len(found.signers) == 2
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf)
    assert run("pdfsig", "-nocert", path).count("Signature is Valid") == 2


def test_one_signature_is_enough_and_none_is_not(report: bytes, led: bytes, keys: Keys) -> None:
    assert check(led, keys).valid
    assert check(report, keys).reasons == ("it is not signed",)


def test_only_the_panels_leader_signs_as_its_leader(report: bytes, keys: Keys) -> None:
    by_member = sign_field(report, "PanelLeader", keys.expert, name="欧阳䶮")
    assert "does not lead the panel" in check(by_member, keys).reasons[0]
    # Who leads is in the roster; the authority alone tells only experts and office apart.
    assert check_evaluation_report(by_member, roots=keys.roots).valid
    by_office = sign_field(report, "PanelLeader", keys.office, name="秘书处")
    assert "may not sign" in check(by_office, keys).reasons[0]


def test_a_leader_signs_with_an_own_certificate_that_the_roster_knows(report: bytes, keys: Keys) -> None:
    own = make_credentials("Wang", "own")
    pdf = sign_field(report, "PanelLeader", own, name="王组长")
    assert check_evaluation_report(pdf, roots=keys.roots, leaders={own.certificate}).valid
    assert not check(pdf, keys).valid


def test_a_leader_of_a_score_sheet_is_held_to_the_roster_too(countersigned: bytes, keys: Keys) -> None:
    one = check_score_sheet(countersigned, signer=None, roots=keys.roots, leaders={keys.leader.certificate})
    assert one.valid, one.reasons
    other = check_score_sheet(countersigned, signer=None, roots=keys.roots, leaders={keys.expert.certificate})
    assert "does not lead the panel" in other.reasons[0]


def test_a_field_is_signed_once(led: bytes, keys: Keys) -> None:
    with pytest.raises(UserError, match="cannot be signed here"):
        sign_field(led, "PanelLeader", keys.leader, name="王组长")


@pytest.mark.parametrize("share", range(1, 20))
def test_a_changed_byte_anywhere_makes_a_signed_report_invalid(share: int, led: bytes, keys: Keys) -> None:
    place = len(led) * share // 20
    changed = led[:place] + bytes([led[place] ^ 1]) + led[place + 1 :]
    assert not check(changed, keys).valid


def test_a_report_whose_pages_say_more_than_its_record_is_not_signed_and_not_valid(keys: Keys, report: bytes) -> None:
    with pikepdf.open(io.BytesIO(report)) as paper:
        stream = paper.pages[0].Contents
        stream.write(stream.read_bytes() + b"\n0 0 10 10 re f\n")
        output = io.BytesIO()
        paper.save(output, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert not check_unsigned_report(output.getvalue()).valid
    assert not check(sign_field(output.getvalue(), "Secretariat", keys.office, name="秘书处"), keys).valid


def test_an_unsigned_report_is_sound_and_a_signed_one_is_not_unsigned(report: bytes, led: bytes) -> None:
    assert check_unsigned_report(report) == PaperCheck(True, True, (), (), make_report())
    assert not check_unsigned_report(led).valid


def test_reports_and_sheets_are_told_apart(report: bytes, signed: bytes, keys: Keys) -> None:
    assert carries_report(report)
    assert not carries_report(signed)
    assert not carries_report(b"%PDF-1.4 nothing")
    assert not check(signed, keys).valid
    assert not check_score_sheet(report, signer=None, roots=keys.roots).valid


def test_a_report_of_another_layout_is_not_comparable(monkeypatch: pytest.MonkeyPatch, led: bytes, keys: Keys) -> None:
    monkeypatch.setattr("qisp_desktop.documents.evaluation_report.REPORT_TEMPLATE", 99)
    found = check(led, keys)
    assert not found.valid
    assert not found.comparable
