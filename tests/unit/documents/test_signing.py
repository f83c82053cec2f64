"""Signatures on papers: what stock tools say, in which order, and what the boxes show."""

from __future__ import annotations

import io
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pikepdf
import pytest

from qisp_desktop.base.errors import UserError
from qisp_desktop.documents.signing import sign_field
from qisp_desktop.domain.handwriting import BOX, MOST_POINTS, Handwriting
from tests.unit.documents.samples import HANDWRITING, Keys, run, text_of


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What ``pdfsig`` says of the signatures; it knows no root of ours."""
    path = folder / "signed.pdf"
    path.write_bytes(pdf)
    return run("pdfsig", "-nocert", path)


def test_the_expert_signs_the_whole_file_after_pades(signed: bytes, tmp_path: Path) -> None:
    said = pdfsig(signed, tmp_path)
    assert said.count("Signature is Valid") == 1
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "SHA-256" in said
    assert "E007 欧阳䶮" in said


def test_counter_signatures_leave_the_earlier_ones_valid(countersigned: bytes, tmp_path: Path) -> None:
    said = pdfsig(countersigned, tmp_path)
    assert said.count("Signature is Valid") == 3
    assert [line.split(": ")[1] for line in said.splitlines() if "Field Name" in line] == [
        "Expert",
        "PanelLeader",
        "Secretariat",
    ]
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", tmp_path / "signed.pdf")


def test_signing_adds_to_the_file_and_changes_nothing_of_it(
    unsigned: bytes, signed: bytes, countersigned: bytes
) -> None:
    assert signed.startswith(unsigned)
    assert countersigned.startswith(signed)


def test_the_first_signature_certifies_and_allows_only_forms_to_be_filled(countersigned: bytes) -> None:
    with pikepdf.open(io.BytesIO(countersigned)) as paper:
        certification = paper.Root.Perms.DocMDP
        assert certification.objgen == paper.Root.AcroForm.Fields[0].V.objgen
        assert certification.Reference[0].TransformParams.P == 2
        assert all("/Reference" not in field.V for field in list(paper.Root.AcroForm.Fields)[1:])


def test_the_box_shows_the_strokes_as_lines_and_who_signed(signed: bytes, tmp_path: Path) -> None:
    assert "欧阳䶮电子签名" in text_of(signed, tmp_path)
    with pikepdf.open(io.BytesIO(signed)) as paper:
        appearance = paper.Root.AcroForm.Fields[0].AP.N
        operators = [str(one.operator) for one in pikepdf.parse_content_stream(appearance)]
        assert operators.count("m") == len(HANDWRITING.strokes)
        assert "/XObject" not in appearance.Resources


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system's zone cannot be set for a process")
def test_the_box_shows_the_day_of_the_office_wherever_the_laptop_thinks_it_is(
    unsigned: bytes, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = datetime.now(timezone(timedelta(hours=8)))
    # Twelve hours behind Greenwich it is yesterday, or fourteen ahead tomorrow.
    monkeypatch.setenv("TZ", "Etc/GMT+12" if office.hour < 20 else "Etc/GMT-14")
    time.tzset()
    try:
        assert datetime.now().astimezone().date() != office.date()
        signed = sign_field(unsigned, "Expert", keys.expert, name="欧阳䶮")
    finally:
        monkeypatch.undo()
        time.tzset()
    day = office.date()
    assert f"电子签名{day.year}年{day.month}月{day.day}日" in text_of(signed, tmp_path)


def test_without_strokes_the_box_shows_the_name(countersigned: bytes, tmp_path: Path) -> None:
    assert "王组长电子签名" in text_of(countersigned, tmp_path)


def test_nobody_signs_before_the_expert_or_twice(unsigned: bytes, signed: bytes, keys: Keys) -> None:
    with pytest.raises(UserError, match="expert has not signed"):
        sign_field(unsigned, "PanelLeader", keys.leader, name="王组长")
    with pytest.raises(UserError, match="already signed"):
        sign_field(signed, "Expert", keys.expert, name="欧阳䶮")


def test_a_name_that_cannot_be_printed_is_named(unsigned: bytes, keys: Keys) -> None:
    with pytest.raises(UserError, match=r"U\+E123"):
        sign_field(unsigned, "Expert", keys.expert, name="李\ue123")


def test_the_longest_name_fits_into_its_box(unsigned: bytes, keys: Keys, tmp_path: Path) -> None:
    name = "阿卜杜热西提" * 12
    assert name in text_of(sign_field(unsigned, "Expert", keys.expert, name=name), tmp_path)


@pytest.mark.parametrize(
    "strokes", [(), ((),), ((1, 2, 3),), ((0, BOX + 1),), ((-1, 0),), ((0, 0) * (MOST_POINTS + 1),)]
)
def test_what_no_hand_draws_is_no_handwriting(strokes: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(ValueError, match=r"stroke|signature"):
        Handwriting(strokes)
