"""What files are to the panel's leader: papers to sign, papers that are signed, and everything else, in clear words."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.documents.expert_summary import render_expert_summary
from qisp_desktop.documents.score_sheet import render_score_sheet
from qisp_desktop.documents.signing import sign_field
from qisp_desktop.documents.watermark import COPY, DRAFT, watermarked
from qisp_desktop.services.leader_checking import Leadership, examine, examine_file, examine_files, leaders_problem
from qisp_desktop.services.leader_papers import LeaderPaper, PaperSignature, Standing, settled
from qisp_desktop.services.verifying import Trust, check
from tests.unit.documents.paper_samples import make_report, make_summary
from tests.unit.documents.samples import make_credentials, make_record, with_remark
from tests.unit.services.leader_samples import Panel, encrypted, make_panel, of_round, report, written


@pytest.fixture(scope="module")
def panel() -> Panel:
    return make_panel()


@pytest.fixture(scope="module")
def sheet(panel: Panel) -> bytes:
    return panel.sheet()


def seen(pdf: bytes, lead: Leadership) -> tuple[Standing, str]:
    paper = examine(pdf, lead)
    assert leaders_problem(pdf, lead) == (
        "you have countersigned it already" if paper.standing is Standing.SIGNED else paper.why
    )
    return paper.standing, paper.why


# -------------------------------------------------------------------------------------------------- what can be signed


def test_a_signed_sheet_tells_what_it_is_and_waits_for_the_leader(panel: Panel, sheet: bytes) -> None:
    paper = examine(sheet, panel.lead)
    assert (paper.standing, paper.why, paper.kind) == (Standing.READY, "", "score-sheet")
    assert (paper.application, paper.expert, paper.expert_name) == ("QISP-2026-001", "E007", "欧阳䶮")
    assert (paper.revision, paper.points, paper.points_text, paper.own_round) == (1, Decimal("14.0"), "14.0", True)
    assert paper.signatures == (PaperSignature("Expert", "E007 欧阳䶮", ""),)


def test_a_report_may_be_signed_before_or_after_the_secretariat(panel: Panel) -> None:
    unsigned = report()
    paper = examine(unsigned, panel.lead)
    assert (paper.standing, paper.kind, paper.expert, paper.points_text) == (
        Standing.READY,
        "evaluation-report",
        "",
        "15.17",
    )
    assert paper.signatures == ()
    sealed = examine(panel.sealed(unsigned), panel.lead)
    assert sealed.standing is Standing.READY
    assert [(one.field, one.problem) for one in sealed.signatures] == [("Secretariat", "")]


def test_a_report_without_a_result_has_no_score(panel: Panel) -> None:
    record = make_report()
    paper = examine(report(replace(record, result=replace(record.result, final=None))), panel.lead)
    assert (paper.standing, paper.points, paper.points_text) == (Standing.READY, None, "")


# --------------------------------------------------------------------------------------------------- what is signed


def test_what_the_leader_signed_is_told_also_after_the_seal(panel: Panel, sheet: bytes) -> None:
    assert seen(panel.led(sheet), panel.lead)[0] is Standing.SIGNED
    both = examine(panel.sealed(panel.led(sheet)), panel.lead)
    assert both.standing is Standing.SIGNED
    assert [(one.field, one.problem) for one in both.signatures] == [
        ("Expert", ""),
        ("PanelLeader", ""),
        ("Secretariat", ""),
    ]


def test_what_the_leader_signed_under_an_earlier_package_counts_as_signed(panel: Panel, sheet: bytes) -> None:
    anew = make_credentials("E001 王组长", "expert", panel.keys.authority)
    assert seen(panel.led(sheet), replace(panel.lead, certificate=anew.certificate))[0] is Standing.SIGNED


def test_somebody_who_only_has_the_leaders_name_is_unknown(panel: Panel, sheet: bytes) -> None:
    forged = sign_field(sheet, "PanelLeader", make_credentials("E001 王组长", "expert"), name="王组长")
    assert seen(forged, panel.lead) == (Standing.REFUSED, "unknown signer: E001 王组长")


def test_a_field_that_another_leader_signed_is_taken(panel: Panel, sheet: bytes) -> None:
    other = make_credentials("E009 李组长", "expert", panel.keys.authority)
    taken = sign_field(sheet, "PanelLeader", other, name="李组长")
    assert seen(taken, panel.lead) == (
        Standing.REFUSED,
        "E009 李组长 has signed in the leader's field already",
    )


def test_a_leader_with_a_certificate_of_their_own_knows_what_they_signed(panel: Panel) -> None:
    own = make_credentials("Wang", "own")
    lead = replace(panel.lead, certificate=own.certificate)
    sheet = render_score_sheet(make_record(expert="E001"))
    signed = sign_field(sheet, "Expert", own, name="王组长")
    assert seen(signed, lead)[0] is Standing.READY
    assert seen(sign_field(signed, "PanelLeader", own, name="王组长"), lead)[0] is Standing.SIGNED
    assert seen(sign_field(report(), "PanelLeader", own, name="王组长"), lead)[0] is Standing.SIGNED


def test_the_leaders_own_certificate_does_not_vouch_for_the_sheet_of_another(panel: Panel) -> None:
    own = make_credentials("Wang", "own")
    others = sign_field(render_score_sheet(make_record(expert="E007")), "Expert", own, name="王组长")
    assert seen(others, replace(panel.lead, certificate=own.certificate)) == (
        Standing.REFUSED,
        "Wang signed with a certificate that only the secretariat knows: let it seal the sheet first",
    )


def test_the_secretariats_signature_vouches_for_an_experts_own_certificate(panel: Panel) -> None:
    own = make_credentials("Li", "own")
    sheet = sign_field(render_score_sheet(make_record()), "Expert", own, name="欧阳䶮")
    assert seen(sheet, panel.lead)[0] is Standing.REFUSED
    sealed = examine(panel.sealed(sheet), panel.lead)
    assert (sealed.standing, [one.problem for one in sealed.signatures]) == (Standing.READY, ["", ""])
    assert seen(panel.led(panel.sealed(sheet)), panel.lead)[0] is Standing.SIGNED
    forged = sign_field(sheet, "Secretariat", make_credentials("局", "office"), name="秘书处")
    assert seen(forged, panel.lead) == (Standing.REFUSED, "unknown signer: 局")


# ------------------------------------------------------------------------------------------------ what is not signed


def changed(pdf: bytes) -> bytes:
    """One byte of a page is another."""
    place = len(pdf) // 3
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


FOREIGN = "neither a score sheet nor an evaluation report of this program"
DAMAGED = "the file is damaged"
LOCKED = "the file is encrypted: only the original, without a password, can be signed"
MARKED = "it is a draft or a copy: ask the secretariat for the original"
REFUSALS: tuple[tuple[str, Callable[[Panel, bytes], bytes], str], ...] = (
    ("nothing", lambda _panel, _sheet: b"", FOREIGN),
    ("a text", lambda _panel, _sheet: "评分表".encode(), FOREIGN),
    ("another paper", lambda _panel, _sheet: render_expert_summary(make_summary()), FOREIGN),
    ("half a file", lambda _panel, sheet: sheet[: len(sheet) // 2], DAMAGED),
    ("a head", lambda _panel, _sheet: b"%PDF-1.7\n" + b"x" * 5000, DAMAGED),
    ("with a password", lambda _panel, sheet: encrypted(sheet, "secret"), LOCKED),
    ("without the right to change it", lambda _panel, sheet: encrypted(sheet, ""), LOCKED),
    ("a copy", lambda _panel, sheet: watermarked(sheet, COPY), MARKED),
    ("a draft", lambda _panel, _sheet: watermarked(report(), DRAFT), MARKED),
    ("unsigned", lambda _panel, _sheet: render_score_sheet(make_record()), "it is not signed"),
    (
        "of another round",
        lambda panel, _sheet: panel.sheet(of_round(make_record(), "round-b")),
        "it belongs to another round",
    ),
    (
        "a report of another round",
        lambda _panel, _sheet: report(replace(make_report(), head=replace(make_report().head, round="round-b"))),
        "it belongs to another round",
    ),
    (
        "of a stranger",
        lambda _panel, _sheet: sign_field(
            render_score_sheet(make_record()), "Expert", make_credentials("E007 欧阳䶮", "expert"), name="欧阳䶮"
        ),
        "E007 欧阳䶮 signed with a certificate that only the secretariat knows: let it seal the sheet first",
    ),
    (
        "of an expert, signed by another",
        lambda panel, _sheet: panel.sheet(make_record(expert="E003")),
        "it is the sheet of E003, but E007 欧阳䶮 signed it",
    ),
    (
        "with another standard",
        lambda panel, _sheet: panel.sheet(replace(make_record(), sheet=replace(make_record().sheet, rubric="d" * 64))),
        "it shows another rubric than the round's",
    ),
)


@pytest.mark.parametrize(("make", "why"), [one[1:] for one in REFUSALS], ids=[one[0] for one in REFUSALS])
def test_what_cannot_be_signed_says_why(
    panel: Panel, sheet: bytes, make: Callable[[Panel, bytes], bytes], why: str
) -> None:
    assert seen(make(panel, sheet), panel.lead) == (Standing.REFUSED, why)


def test_a_sheet_that_was_changed_names_the_signature_that_does_not_hold(panel: Panel, sheet: bytes) -> None:
    paper = examine(changed(panel.sealed(sheet)), panel.lead)
    assert paper.standing is Standing.REFUSED
    assert paper.why
    assert all(one.problem for one in paper.signatures)


@pytest.mark.parametrize("share", range(1, 12))
def test_whatever_byte_is_changed_it_is_never_offered_for_signing(panel: Panel, sheet: bytes, share: int) -> None:
    place = len(sheet) * share // 12
    broken = sheet[:place] + bytes([sheet[place] ^ 0x20]) + sheet[place + 1 :]
    assert examine(broken, panel.lead).standing is Standing.REFUSED


def test_a_leader_who_stepped_back_sees_nothing_of_the_application(panel: Panel, sheet: bytes) -> None:
    lead = replace(panel.lead, recused=frozenset({"QISP-2026-001"}))
    for pdf in (sheet, report()):
        paper = examine(pdf, lead)
        assert (paper.standing, paper.hidden, paper.application) == (Standing.REFUSED, True, "QISP-2026-001")
        assert (paper.points, paper.points_text, paper.expert, paper.applicant) == (None, "", "", "")
        assert "stepped back" in paper.why


# -------------------------------------------------------------------------------------------------------------- files


def test_the_pdfs_of_a_folder_are_found_whatever_their_depth_and_case(
    panel: Panel, sheet: bytes, tmp_path: Path
) -> None:
    (deep,) = written(tmp_path / "a" / "b", deep=sheet)
    (shouting,) = written(tmp_path, shouting=report())
    shouting = shouting.rename(tmp_path / "SHOUTING.PDF")
    (tmp_path / "note.txt").write_text("no paper", "utf-8")
    found: list[LeaderPaper] = []
    assert examine_files([tmp_path, deep], panel.lead, found.append) == 2
    assert [(paper.path, paper.standing) for paper in found] == [(shouting, Standing.READY), (deep, Standing.READY)]


@pytest.mark.skipif(os.name != "posix", reason="named pipes of POSIX")
def test_what_cannot_be_read_is_told_and_nothing_waits_for_a_pipe(panel: Panel, tmp_path: Path) -> None:
    gone, pipe, large = (tmp_path / f"{name}.pdf" for name in ("gone", "pipe", "large"))
    os.mkfifo(pipe)
    with large.open("wb") as stream:
        stream.truncate((64 << 20) + 1)
    assert [examine_file(path, panel.lead).why for path in (gone, pipe, large)] == [
        "There is no such file or folder.",
        "It is not a file.",
        "larger than any paper of this program",
    ]


def test_what_is_too_large_for_the_leader_is_too_large_for_whoever_checks_papers(panel: Panel, tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as stream:
        stream.write(b"%PDF-1.7\n")
        stream.truncate((64 << 20) + 1)
    assert examine_file(large, panel.lead).why == "larger than any paper of this program"
    assert check(large, Trust(None)).reasons == ("larger than any score sheet",)


def test_a_folder_with_more_papers_than_anybody_signs_is_refused(
    panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qisp_desktop.services.leader_checking.MOST_PAPERS", 2)
    for number in range(3):
        (tmp_path / f"{number}.pdf").touch()
    found: list[LeaderPaper] = []
    with pytest.raises(UserError, match="too many PDFs"):
        examine_files([tmp_path], panel.lead, found.append)
    assert found == []


# ------------------------------------------------------------------------------------------ what papers are to others


def looked_at(panel: Panel, paths: list[Path]) -> list[LeaderPaper]:
    found: list[LeaderPaper] = []
    examine_files(paths, panel.lead, found.append)
    return settled(found)


def test_of_two_revisions_the_newer_one_is_proposed(panel: Panel, sheet: bytes, tmp_path: Path) -> None:
    paths = written(tmp_path, older=sheet, newer=panel.sheet(make_record(revision=2)))
    older, newer = looked_at(panel, paths)
    assert (older.standing, older.signable) == (Standing.OLDER, True)
    assert older.why == "revision 2 of the same sheet is in the list too"
    assert newer.standing is Standing.READY


def test_a_newer_revision_that_is_signed_already_makes_the_other_one_old_too(
    panel: Panel, sheet: bytes, tmp_path: Path
) -> None:
    paths = written(tmp_path, older=sheet, newer=panel.led(panel.sheet(make_record(revision=2))))
    assert [paper.standing for paper in looked_at(panel, paths)] == [Standing.OLDER, Standing.SIGNED]


def test_the_same_paper_is_signed_once_and_two_of_one_name_not_together(
    panel: Panel, sheet: bytes, tmp_path: Path
) -> None:
    (first,) = written(tmp_path / "a", sheet=sheet)
    same = Path(shutil.copy(first, tmp_path / "copy.pdf"))
    (other,) = written(tmp_path / "b", SHEET=panel.sheet(with_remark(make_record(expert="E007"), "另一份")))
    papers = looked_at(panel, [first, same, other])
    assert [paper.standing for paper in papers] == [Standing.READY, Standing.TWICE, Standing.TWICE]
    assert papers[1].why == "the same paper is in the list already"
    assert "the same file name" in papers[2].why
    assert settled(papers[:1])[0] is papers[0]
